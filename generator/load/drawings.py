"""Measure SVG drawings before any engine draws them: a small file can expand to more than can be drawn."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from xml.parsers import expat

MAX_DEPTH = 200
MAX_ELEMENTS = 200_000
"""The most elements of a drawing after every reference in it is expanded."""
MAX_ENTITY = 500
"""The most characters of an entity. It must not contain another entity."""
_REFERENCE = re.compile(r"\s*#(.+)|.*?url\(\s*[\"']?#([^\"')]+)", re.DOTALL)


class _TooMuchError(ValueError):
    """A drawing is too large; the message says why."""


def drawing_fault(content: bytes) -> str | None:
    """Return why a drawing cannot be drawn within limits, or None. A file that is not SVG has no fault."""
    if b"<svg" not in content and b"<\0s\0v\0g" not in content and b"\0<\0s\0v\0g" not in content:
        return None
    reader = _Reader()
    try:
        reader.read(content)
    except _TooMuchError as error:
        return str(error)
    except expat.ExpatError:
        return None  # nothing shows such a file
    return None if reader.drawn() <= MAX_ELEMENTS else f"this drawing expands to more than {MAX_ELEMENTS} elements"


class _Reader:
    """Counts elements, and for each element with an id what it contains and refers to."""

    def __init__(self) -> None:
        self._open: list[str | None] = []
        self._count = 0
        self._held: Counter[str] = Counter()
        self._refers: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def read(self, content: bytes) -> None:
        """Read a drawing. Raise _TooMuchError, or ExpatError if it is not XML."""
        parser = expat.ParserCreate()
        parser.EntityDeclHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda _: self._open.pop()
        parser.Parse(content, True)

    def drawn(self) -> int:
        """Return the number of elements after each reference is expanded. A circular reference is expanded once."""
        totals: dict[str, int] = {}
        pending, entered = list(self._refers), set[str]()
        while pending:
            name = pending[-1]
            unknown = [other for other in self._refers.get(name, ()) if other not in totals and other not in entered]
            entered.add(name)
            if name in totals or not unknown:
                totals.setdefault(pending.pop(), min(MAX_ELEMENTS + 1, self._total(name, totals)))
            else:
                pending += unknown
        return totals.get("", self._count)

    def _total(self, name: str, totals: Mapping[str, int]) -> int:
        return self._held[name] + sum(times * totals.get(other, 0) for other, times in self._refers[name].items())

    def _entity(self, name: str, _: bool, value: str | None, *__: object) -> None:
        if value is None or "&" in value or len(value) > MAX_ENTITY:  # drawing programs write short ones for addresses
            raise _TooMuchError(f"this drawing declares the entity `{name[:30]}`, which can expand to any size")

    def _start(self, _: str, attributes: Mapping[str, str]) -> None:
        self._open.append(attributes.get("id"))
        self._count += 1
        if len(self._open) > MAX_DEPTH:
            raise _TooMuchError(f"this drawing is nested more than {MAX_DEPTH} levels deep")
        if self._count > MAX_ELEMENTS:
            raise _TooMuchError(f"this drawing has more than {MAX_ELEMENTS} elements")
        holders = ["", *filter(None, self._open)]  # the empty name is the whole drawing
        self._held.update(holders)
        for value in attributes.values():
            if "#" in value and (found := _REFERENCE.match(value)):
                for holder in holders:
                    self._refers[holder][found[1] or found[2]] += 1
