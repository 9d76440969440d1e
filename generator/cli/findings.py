"""The options of commands that say what is wrong."""

import click

from generator.report.findings import FORMATS

format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="full",
    show_default=True,
    help="How to show what is wrong: json is one object a line, github is for GitHub Actions.",
)
strict_option = click.option("--strict", is_flag=True, help="Let warnings fail too.")
