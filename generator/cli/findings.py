"""The options of commands that report findings."""

import click

from generator.report.findings import FORMATS

format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="full",
    show_default=True,
    help="How to show findings: json is one array, github is for GitHub Actions.",
)
strict_option = click.option("--strict", is_flag=True, help="Treat warnings as failures too.")
