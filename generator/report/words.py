"""Small pieces of what is said: counts, file names, names that lead nowhere."""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from generator.text.suggest import closest


def unknown(asked: str, what: str, known: Sequence[str]) -> str:
    """Return what to say of a name that leads nowhere."""
    if what == "source" and asked in known:
        return f"No card rests on the source `{asked}`."
    meant = closest(asked, known)
    return f"There is no {what} `{asked}`." + (f" Did you mean `{meant}`?" if meant else "")


def plural(count: int, noun: str) -> str:
    """Return `1 note` or `2 notes`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def relative(file: Path) -> str:
    """A file as seen from here or, if that is shorter, from the root; on one line whatever its name."""
    name = os.path.normpath(file.absolute())
    with contextlib.suppress(ValueError):  # on another drive
        name = min(os.path.relpath(name), name, key=len)
    return name if name.isprintable() else repr(name)[1:-1]
