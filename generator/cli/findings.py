"""The options of commands that report findings."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.report.findings import FORMATS, show_findings

if TYPE_CHECKING:
    from generator.workflows.prepare import Findings

format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="full",
    show_default=True,
    help="How to show findings: json is one array, github is for GitHub Actions.",
)
strict_option = click.option("--strict", is_flag=True, help="Treat warnings as failures too.")


def show_in(format_: str) -> Callable[["Findings"], None]:
    """Return the function that shows findings in a format. GitHub wants paths from the top of its checkout."""
    top = os.environ.get("GITHUB_WORKSPACE")
    return partial(show_findings, format_=format_, top=Path(top) if top else None)
