"""Read one file as text, and refuse what cannot be one: its size, encoding, characters, or marks of a git conflict."""

import re
import unicodedata
from pathlib import Path

from generator.diagnostics import Diagnostic, Place
from generator.files import is_inside

MAX_BYTES = 32 * 1024 * 1024
"""The largest file that is read. A hundred thousand entries fit."""

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""Characters that no text may contain. Nobody sees them; Anki refuses some and SVG the others.

U+0085, U+2028 and U+2029 end a line in some programs only, so that line numbers would differ.
"""
_UNSEEN_IN_FILE = re.compile(UNSEEN.pattern.replace("\x0b-", "\x0b\x0c\x0e-"))
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?=\s|$)", re.MULTILINE)
"""The marks with which git shows both sides of a conflict."""


def read_text(file: Path, folder: Path | None = None) -> str | Diagnostic:
    """Return the text of a UTF-8 file without its byte order mark, or what is wrong with it.

    A file that is not inside `folder` after links are followed is not opened.
    """
    if folder and not is_inside(folder, file):
        return outside(folder, file)
    try:
        if not file.is_file() and file.exists():
            return Diagnostic("unreadable-file", "this is not a file", Place(file, closed=True))
        if (size := file.stat().st_size) > MAX_BYTES:
            return Diagnostic(
                "file-too-large",
                f"this file has {size / 2**20:.0f} MB; the limit is {MAX_BYTES // 2**20} MB",
                Place(file, line=1, column=1, closed=True),
                hint="split it into several files under `causes/`",
            )
        raw = file.read_bytes()
    except FileNotFoundError:
        return Diagnostic("missing-file", f"there is no `{file.name}` here", Place(file))
    except OSError as error:
        return Diagnostic("unreadable-file", f"this file cannot be read: {error.strerror}", Place(file, closed=True))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(file, raw, error.start)
    if found := _UNSEEN_IN_FILE.search(text):
        at = found.start()
        place = Place(file, line=text.count("\n", 0, at) + 1, column=at - text.rfind("\n", 0, at))
        return bad_character(found[0], place)
    if found := _CONFLICT.search(text):
        message, hint = "this file contains the marks of a git conflict", "keep what is right of both sides"
        place = Place(file, line=text.count("\n", 0, found.start()) + 1, column=1, width=len(found[0]))
        return Diagnostic("conflict-in-file", message, place, hint=f"{hint}, and delete the lines with the marks")
    if not text.strip():
        return Diagnostic("empty-file", "this file is empty", Place(file, line=1, column=1))
    return unicodedata.normalize("NFC", text)


def bad_character(character: str, place: Place) -> Diagnostic:
    """Return the diagnostic for an invisible character."""
    message = f"the invisible character U+{ord(character):04X} is not allowed in text"
    return Diagnostic("bad-character", message, place, hint="delete it, or write a space")


def outside(folder: Path, file: Path) -> Diagnostic:
    """Return the diagnostic for a link that leads out of a folder."""
    message = f"this link leads out of the folder `{folder.resolve().name}`"
    return Diagnostic("outside-deck", message, Place(file, closed=True), hint="put a copy of the file in its place")


def _not_utf8(file: Path, raw: bytes, start: int) -> Diagnostic:
    line = raw.count(b"\n", 0, start) + 1
    column = len(raw[raw.rfind(b"\n", 0, start) + 1 : start].decode("utf-8", "replace")) + 1
    utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    return Diagnostic(
        "wrong-encoding",
        "this file is UTF-16; UTF-8 is needed" if utf16 else f"byte 0x{raw[start]:02x} is not UTF-8",
        Place(file, line=line, column=column, closed=utf16),
        hint="save the file as UTF-8 in your editor",
    )
