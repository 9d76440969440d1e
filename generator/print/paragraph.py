"""Text between two breaks, and its lines at a width."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil, inf
from typing import NamedTuple

_SLACK = 0.985
"""The share of the width that a line may take. Kerning is not counted, but seldom makes a line longer."""
_LINE, _TOO_WIDE = 0.35, 100.0
"""The cost of a line, and of one that is too wide. The squares of the empty widths are added to these."""
LEADING = 1.25


class Style(NamedTuple):
    """The style of text: its size, indent and margin in em of the face, its share of the width, its weight."""

    size: float = 1.0
    leading: float = LEADING
    indent: float = 0.0
    share: float = 1.0
    margin: float = 0.0
    bold: bool = False
    slanted: bool = False
    drawn: bool = False


class Piece(NamedTuple):
    """A piece of text in which no line ends: its width in em of the face, and that of the space and hyphen after it.

    A line that ends here has a break in place of the characters from `start` to `end` of a token.
    """

    width: float
    space: float
    hyphen: float
    token: int
    start: int
    end: int
    cost: float


@dataclass
class Paragraph:
    """Text between two breaks, in pieces. `broken` says whether its lines are broken here or by the engine.

    `length` is the length of all pieces on one line, `widest` the width of the widest piece.
    """

    style: Style
    pieces: list[Piece] = field(default_factory=list)
    broken: bool = True
    length: float = 0.0
    widest: float = 0.0

    @property
    def line(self) -> float:
        """The height of a line in em of the face. Two columns share a line, so each counts for its share."""
        return self.style.size * self.style.leading * self.style.share

    def room(self, width: float) -> float:
        """Return the room for a line in a face of this width, both in em of the face."""
        return (width * self.style.share - self.style.indent) * _SLACK

    def count_lines(self, width: float) -> int:
        """Return the least number of lines that it takes. A word that is too wide counts as one more."""
        room, lines, used = self.room(width), 1, 0.0
        if self.length <= room:
            return 1
        if not self.broken:
            return ceil(self.length / max(room, 0.1))
        for piece in self.pieces:
            if used and used + piece.width > room:
                lines, used = lines + 1, 0.0
            used += piece.width + piece.space
        return lines

    def breaks(self, width: float) -> Iterator[Piece]:
        """Yield the pieces after which a line ends, so that lines are even."""
        room, pieces = self.room(width), self.pieces
        cost, last = [0.0], [0]
        for end in range(1, len(pieces) + 1):
            tail = pieces[end - 1]
            length, least, best = tail.hyphen - tail.space, inf, end - 1
            extra = _LINE + tail.cost
            for begin in range(end - 1, -1, -1):
                length += pieces[begin].width + pieces[begin].space
                if length > room and begin < end - 1:
                    break
                empty = _TOO_WIDE if length > room else (1 - length / room) ** 2
                if (sum_ := cost[begin] + empty + extra) < least:
                    least, best = sum_, begin
            cost.append(least)
            last.append(best)
        end = last[-1]
        while end:
            yield pieces[end - 1]
            end = last[end]
