"""The names of the files that HTML or CSS shows or plays: find and replace them."""

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import quote, unquote

_REFERENCE = re.compile(
    r"""(?P<before>\b(?:src|data)\s*=\s*(?P<quote>["']?))(?P<name>(?<=")[^"]*|(?<=')[^']*|(?<==)[^\s>"']+)"""
    r"""|(?P<sound>\[sound:)(?P<played>[^\]]*)"""
    r"""|(?P<url>url\(\s*["']?)(?P<linked>[^)"']+)""",
    re.IGNORECASE,
)


def map_files(text: str, rename: Callable[[str], str | None]) -> str:
    """Return a text with the names of its files replaced by what `rename` returns. If it returns None, a name stays.

    A name that stays is kept character by character.
    """

    def replace(match: re.Match[str]) -> str:
        if match["sound"]:
            return match["sound"] + (_renamed(match["played"], rename, unescape) or match["played"])
        start, written = (match["before"], match["name"]) if match["before"] else (match["url"], match["linked"])
        name = _renamed(written, rename, lambda name: unquote(unescape(name.strip())))
        return start + (escape(quote(name, safe="()!*~,;:@&=+$ ")) if name else written)

    return _REFERENCE.sub(replace, text)


def files_in(text: str) -> list[str]:
    """Return the names of the files that a text shows or plays."""
    found: list[str] = []

    def note(name: str) -> None:
        found.append(name)

    map_files(text, note)
    return found


def _renamed(written: str, rename: Callable[[str], str | None], read: Callable[[str], str]) -> str | None:
    """Return the new name, or None if the name stays."""
    name = read(written)
    new = rename(name)
    return None if new in (None, name) else new
