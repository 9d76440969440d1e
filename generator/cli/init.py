"""`aetia init`."""

from pathlib import Path

import click

from generator.report.author import show_started


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".", metavar="[DIR]")
def init(folder: Path) -> None:
    """DIR also gets files for git and for an editor. Files that already exist stay as they are.

    A workflow for GitHub and a hook for pre-commit are written too, unless DIR is a subfolder of a git repository,
    where neither would work.

    \b
    Example:
      aetia init my-decks
    """
    from generator.workflows.author import start_project

    show_started(start_project(folder), folder)
