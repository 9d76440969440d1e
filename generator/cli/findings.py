"""The options of commands that say what is wrong."""

import rich_click as click

from generator import report

format_option = click.option(
    "--format", "format_", type=click.Choice(list(report.FORMATS)), default="full", show_default=True,
    help="How to show what is wrong: json is one object a line, github is for GitHub Actions.",
)  # fmt: skip
strict_option = click.option("--strict", is_flag=True, help="Let warnings fail too.")
