"""The names of the files that HTML or CSS shows or plays: find and replace them."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from html import escape, unescape
from urllib.parse import unquote

_REFERENCE = re.compile(
    r"""(?P<before>\b(?:src|data)\s*=\s*(?P<quote>["']?))(?P<name>(?<=")[^"]*|(?<=')[^']*|(?<==)[^\s>"']+)"""
    r"""|(?P<sound>\[sound:)(?P<played>[^\]]*)"""
    r"""|(?P<url>url\(\s*["']?)(?P<linked>[^)"']+)""",
    re.IGNORECASE,
)


def map_files(text: str, rename: Callable[[str], str | None]) -> str:
    """Return a text with the names of its files replaced by what `rename` returns. If it returns None, a name stays.

    A name that stays is kept character by character. A new one is written without percent signs: Anki compares what a
    field says with the names in a package, and undoes only entities.
    """

    def replace(match: re.Match[str]) -> str:
        if match["sound"]:
            return match["sound"] + (_renamed([unescape(match["played"])], rename) or match["played"])
        start, written = (match["before"], match["name"]) if match["before"] else (match["url"], match["linked"])
        name = unescape(written.strip())
        return start + (escape(_renamed([name, unquote(name)], rename) or "") or written)

    return _REFERENCE.sub(replace, text)


def files_in(text: str) -> list[str]:
    """Return the names of the files that a text shows or plays."""
    found: list[str] = []

    def note(name: str) -> None:
        found.append(name)

    map_files(text, note)
    return found


def _renamed(readings: Iterable[str], rename: Callable[[str], str | None]) -> str | None:
    """Return the new name of a file by the first reading of its name that has one, or None if the name stays."""
    for name in dict.fromkeys(unicodedata.normalize("NFC", reading) for reading in readings):
        if (new := rename(name)) is not None:
            return None if new == name else new
    return None
