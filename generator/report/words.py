"""Pieces of messages: counts, file names, names that do not exist."""

import contextlib
import re
from collections.abc import Sequence
from pathlib import Path

from generator.text.suggest import there_is_no


def unknown(asked: str, what: str, known: Sequence[str]) -> str:
    """Return the message for a name that does not exist."""
    if what == "source" and asked in known:
        return f"No card rests on the source `{asked}`."
    return there_is_no(what, asked, known)


def plural(count: int, noun: str) -> str:
    """Return `1 note` or `2 notes`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def in_shell(word: str) -> str:
    """A word of a command as a shell takes it for one, on Windows too."""
    return word if re.fullmatch(r"[\w./~@%+=:,-]+", word) else f'"{word}"'


def relative(file: Path) -> str:
    """Return a file's path relative to the current folder, on one line whatever its name."""
    name = str(file)
    with contextlib.suppress(ValueError):
        name = str(file.absolute().relative_to(Path.cwd()))
    return name if name.isprintable() else repr(name)[1:-1]
