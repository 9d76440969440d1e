"""Print a document or write it to a file."""

from pathlib import Path

from generator.report.terminal import say
from generator.report.words import relative


def deliver(content: str, file: Path | None) -> None:
    """Print a document, or write it to a file in one step and name the file."""
    from generator.files import write_whole

    if file is None:
        for line in content.removesuffix("\n").split("\n"):
            say(line)
    else:
        write_whole(file, content.encode())
        say(relative(file), err=True)
