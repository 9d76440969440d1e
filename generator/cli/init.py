"""`aetia init`."""

from pathlib import Path

import click

from generator.cli.groups import Command
from generator.report.author import show_started


@click.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".", metavar="[DIR]")
def init(folder: Path) -> None:
    """Start a project: a small deck that works at once, and what git and an editor need.

    Files that are there already stay as they are.

    \b
    Example:
      aetia init my-decks
    """
    from generator.workflows.author import start_project

    show_started(start_project(folder), folder)
