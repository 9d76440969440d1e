"""Continue on another card what is too long for one: cut at the end of a block or sentence, or else of a word."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

_TOKEN = re.compile(r"<[^>]+>|[^<\s]+\s*|\s+")
_TAG = re.compile(r"<(/?)(\w+)")
_VOID = frozenset(("br", "hr", "img", "wbr", "col"))
_BLOCKS = frozenset(("div", "p", "li", "tr", "ol", "ul", "table"))
_WHOLE = frozenset(("thead", "tr"))
"""Parts of a table that are not cut: a cell without its row, and a row without the head, say something else."""
_FULL = 0.6
"""A better place to cut is used if the card is then at least this full."""


def split(html: str, fits: Callable[[str], bool]) -> tuple[str, ...]:
    """Return HTML in pieces that each fit a card, or in one piece if it fits or if no cuts make it fit."""
    text = _Text(html)
    pieces: list[str] = []
    start = 0
    while start < text.end:
        if fits(text.piece(start, text.end)):
            return (*pieces, text.piece(start, text.end))
        cuts = text.cuts[bisect_right(text.cuts, start) :]
        longest = _longest(cuts, lambda cut, start=start: fits(text.piece(start, cut)))  # type: ignore[misc]
        if longest is None:
            return (html,)
        cut = text.best(start, longest)
        pieces.append(text.piece(start, cut))
        start = cut
    return tuple(pieces)


def _longest(cuts: Sequence[int], fits: Callable[[int], bool]) -> int | None:
    """Return the last cut before which everything fits, assuming that longer pieces are higher."""
    low, high = 0, len(cuts)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if fits(cuts[middle]) else (low, middle)
    return cuts[low - 1] if low else None


class _Text:
    """HTML as words and tags. `cuts` are the indices before which it may be cut."""

    def __init__(self, html: str) -> None:
        self._tokens: list[str] = _TOKEN.findall(html)
        self.end = len(self._tokens)
        self._open: list[tuple[int, ...]] = []
        open_: tuple[int, ...] = ()
        for index, token in enumerate(self._tokens):
            self._open.append(open_)
            if (tag := _TAG.match(token)) and tag[2] not in _VOID:
                open_ = open_[:-1] if tag[1] else (*open_, index)
        self._open.append(open_)
        self.cuts = [i for i in range(1, self.end) if self._rank(i) is not None]

    def _rank(self, index: int) -> int | None:
        """Return the rank of a cut: 0 after a block, 1 after a sentence, 2 after a word, None if there can be none."""
        before = self._tokens[index - 1]
        if before == "</thead>" or any(self._name(open_) in _WHOLE for open_ in self._open[index]):
            return None
        if tag := _TAG.match(before):
            return 0 if tag[1] and tag[2] in _BLOCKS else None
        if not before.strip() or not before[-1].isspace():
            return None
        return 1 if before.rstrip()[-1:] in ".;:!?" else 2

    def best(self, start: int, longest: int) -> int:
        """Return the best cut of those that leave a card well filled."""
        least = start + (longest - start) * _FULL
        good = [cut for cut in self.cuts if least <= cut <= longest]
        return min(good, key=lambda cut: (self._rank(cut) or 0, -cut))

    def piece(self, start: int, end: int) -> str:
        """Return a part as well-formed HTML: reopen the tags open before it, and close those open at its end."""
        opening = (self._reopened(index, start) for index in self._open[start])
        closing = (f"</{self._name(index)}>" for index in reversed(self._open[end]))
        return "".join((*opening, *self._tokens[start:end], *closing))

    def _reopened(self, index: int, start: int) -> str:
        """Return a tag again. A numbered list continues its numbers, and a table repeats its head."""
        if self._name(index) == "table":
            head = [i for i in range(index, start) if self._tokens[i] in ("<thead>", "</thead>")][:2]
            return self._tokens[index] + "".join(self._tokens[head[0] : head[-1] + 1] if head else ())
        if self._name(index) != "ol":
            return self._tokens[index]
        items = [i for i in range(index, start) if self._name(i) == "li" and self._open[i][-1:] == (index,)]
        within = bool(items) and items[-1] in self._open[start]
        return f'<ol start="{len(items) + (not within)}">'

    def _name(self, index: int) -> str:
        tag = _TAG.match(self._tokens[index])
        return tag[2] if tag and not tag[1] else ""
