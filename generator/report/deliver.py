"""A document, to the screen or into a file."""

from pathlib import Path

import click

from generator.report.words import relative


def deliver(content: str, file: Path | None) -> None:
    """Print a document, or write it to a file in one step and name the file."""
    from generator.files import write_whole

    if file is None:
        click.echo(content, nl=False)
    else:
        write_whole(file, content.encode())
        click.echo(relative(file), err=True)
