"""Load the file of a reader's marks. It comes from outside, so it is checked like a deck, and must be small."""

from collections import Counter
from pathlib import Path

from generator.diagnostics import Diagnostic, Place
from generator.load.schema import read_model
from generator.model.marks import ReviewFile

MAX_BYTES = 2 * 1024 * 1024
"""The largest file of marks that is read. A remark on each of ten thousand cards fits."""


def read_marks(file: Path) -> tuple[ReviewFile | None, tuple[Diagnostic, ...]]:
    """Return the marks, or None and what is wrong with the file. The JSON is parsed as YAML."""
    if file.is_file() and file.stat().st_size > MAX_BYTES:
        message = f"this file has {file.stat().st_size / 2**20:.0f} MB; the marks of a reader have at most 2 MB"
        return None, (Diagnostic("file-too-large", message, Place(file, line=1, column=1, closed=True)),)
    marks, faults = read_model(ReviewFile, file)
    twice = Counter(mark.card for mark in marks.marks) if marks else {}
    for index, mark in enumerate(marks.marks if marks else ()):
        if twice[mark.card] > 1:
            place = Place(file, ("marks", index, "card"))
            return None, (Diagnostic("duplicate-key", f"`{mark.card}` is marked more than once", place),)
    return marks, faults
