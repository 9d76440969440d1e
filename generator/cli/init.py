"""`aetia init`."""

from pathlib import Path

import rich_click as click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".", metavar="[DIR]")
def init(folder: Path) -> None:
    """Start a project: a small deck that works at once, and what git and an editor need.

    Files that are there already stay as they are.

    \b
    Example:
      aetia init my-decks
    """
    from generator.project.start import write_project

    try:
        written, kept = write_project(folder)
    except OSError as error:
        raise click.FileError(str(error.filename or folder), error.strerror) from error
    for file in written:
        click.echo(f"  {file}")
    for file in kept:
        click.echo(f"  {file}  (was there, left alone)")
    here = "" if folder == Path() else f"cd {folder} && "
    click.echo(f"Next: {here}aetia preview")
