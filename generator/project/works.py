"""What the cells of a column of sources name: works of the deck, new works, and places in them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from generator.load.templates import load_words
from generator.resources import bundled
from generator.text.citations import WELL_FORMED, citations_in
from generator.text.keys import make_key

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s;,]+")
_URL = re.compile(r"https?://[^\s;]+")
_PAGE = re.compile(r"(?!(?:1[5-9]|20)\d\d$)\d+(?:\s*[-\u2013]\s*\d+)?(?:\s*ff?\.?)?", re.IGNORECASE)
"""The number of a page, or of several, but no year."""
_DEEP = 3
"""So many places can stand in one another, such as a figure in a chapter of a volume."""


class Works:
    """Finds works by what a cell calls them: their title, or their key in any case. Collects those that are new.

    `titles` are the titles of the deck's works by their keys, `parts` what the whole table calls works. What stands
    before a page is a work if the deck has it, or if it is so called in another part.
    """

    def __init__(self, titles: Mapping[str, str | None], parts: Iterable[str]) -> None:
        self.new: dict[str, dict[str, object]] = {}
        self._taken = set(titles)
        self._exact = {title: key for key, title in titles.items() if title}
        self._named = {_plain(name): key for name, key in (*self._exact.items(), *zip(titles, titles, strict=True))}
        parts = dict.fromkeys(parts)
        paged = Counter(_plain(name) for part in parts for name, place in _places_in(part) if _marked(place))
        self._written = {_plain(part) for part in parts} | {name for name, count in paged.items() if count > 1}

    def cite(self, part: str) -> list[str]:
        """Return the sources that a part of a cell names, in the form of the deck's files."""
        if WELL_FORMED.fullmatch(part):
            return [", ".join(filter(None, citation)) for citation in citations_in(part)]
        if key := self._find(part):
            return [key]
        for name, place in _places_in(part):
            if (key := self._find(name)) or _plain(name) in self._written:
                return [f"{key or self._make(name)}, {place}"]
        return [self._make(part)]

    def _find(self, name: str) -> str | None:
        return self._exact.get(name) or self._named.get(_plain(name))

    def _make(self, title: str) -> str:
        key = make_key(title, self._taken, f"source-{len(self._taken) + 1}")
        doi, url = _DOI.search(title), _URL.search(title)
        self.new[key] = {"id": key, "type": "document", "title": title}
        self.new[key] |= {"DOI": doi[0]} if doi else {"URL": url[0]} if url else {}
        self._taken.add(key)
        self._exact[title] = self._named[_plain(title)] = key
        return key


def _plain(name: str) -> str:
    """Return a name for comparison: `brandt-1993` for `Brandt 1993`."""
    return "-".join(name.casefold().split())


def _places_in(part: str) -> Iterator[tuple[str, str]]:
    """Yield each way to read a part as a work with a place in it, such as a page, behind a comma."""
    pieces = [piece.strip() for piece in part.split(",")]
    for end in range(len(pieces) - 1, max(0, len(pieces) - 1 - _DEEP), -1):
        if not (_marked(pieces[end]) or _PAGE.fullmatch(pieces[end])):
            return
        yield ", ".join(pieces[:end]), ", ".join(pieces[end:])


def _marked(place: str) -> bool:
    """Return whether a text is a place by its first word, such as `p. 12`."""
    return _marks().match(place) is not None


@cache
def _marks() -> re.Pattern[str]:
    words = sorted(map(re.escape, load_words(bundled("templates"), "places")))
    return re.compile(rf"(?:{'|'.join(words)})(?:\.\s*|\s+|(?=\d))(?:\d|[ivxlc]+\b)", re.IGNORECASE)
