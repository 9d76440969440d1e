"""The names of the files that HTML or CSS shows or plays: find and replace them."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from html import escape, unescape
from urllib.parse import unquote

_REFERENCE = re.compile(
    r"""(?P<before>\b(?:src|data)\s*=\s*(?P<quote>["']?))(?P<name>(?<=")[^"]*|(?<=')[^']*|(?<==)[^\s>"']+)"""
    r"""|(?P<sound>\[sound:)(?P<played>[^\]]*)"""
    r"""|(?P<url>url\(\s*["']?)(?P<linked>[^)"']+)""",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//|#)|\{\{", re.IGNORECASE)
"""An address, a part of the same page, or what a field fills in."""


def map_files(text: str, rename: Callable[[str], str | None]) -> str:
    """Return a text with the names of its files replaced by what `rename` returns. If it returns None, a name stays.

    A name that stays is kept character by character. A new one is written without percent signs: Anki compares what a
    field says with the names in a package, and undoes only entities.
    """

    def replace(match: re.Match[str]) -> str:
        for name in _readings(match):
            if (new := rename(name)) is not None:
                return match[0] if new == name else match[0].removesuffix(_written(match)) + escape(new)
        return match[0]

    return _REFERENCE.sub(replace, text)


def files_in(text: str) -> list[str]:
    """Return the names of the files that a text shows or plays, in each reading."""
    return [name for match in _REFERENCE.finditer(text) for name in _readings(match)]


def files_lacking(text: str, there: Callable[[str], bool]) -> Iterator[tuple[str, int]]:
    """Yield each name of a file that is not there, as it is written, and where in the text it begins."""
    for match in _REFERENCE.finditer(text):
        written = _written(match)
        if written.strip() and not _ELSEWHERE.search(written) and not any(map(there, _readings(match))):
            yield written, match.end() - len(written)


def _written(match: re.Match[str]) -> str:
    return match["name"] or match["played"] or match["linked"] or ""


def _readings(match: re.Match[str]) -> list[str]:
    """Return the name of a file as Anki reads it in a package and, of a sound not so, as a browser reads it."""
    name = unescape(_written(match))
    names = [name] if match["sound"] else [name.strip(), unquote(name.strip())]
    return list(dict.fromkeys(unicodedata.normalize("NFC", name) for name in names))
