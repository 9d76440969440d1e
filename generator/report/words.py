"""Pieces of messages: counts, file names, names that do not exist."""

import contextlib
import os
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


def relative(file: Path) -> str:
    """Return a file's path relative to the current folder, or absolute if that is shorter, on one line."""
    name = os.path.normpath(file.absolute())
    with contextlib.suppress(ValueError):  # on another drive
        name = min(os.path.relpath(name), name, key=len)
    return name if name.isprintable() else repr(name)[1:-1]
