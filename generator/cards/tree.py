"""The category tree as a picture with branches to hide: SVG in black on white."""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import ceil

from markupsafe import escape

from generator.model.deck import Branch

ROW, LINE, STEP, TEXT = 21, 16, 17, 13
"""The height of a row and of each further line in it, the indent of a level, and the type size, in picture units."""
WIDEST = 350
"""The greatest width of a picture: that of text on a phone, so that it need not shrink. Long names are broken."""
_LETTERS = (("fijlrtI|!.,:;'()[]/- ", 0.4), ("mwMW@%", 1.0))
"""Widths of narrow and of wide letters as shares of the type size, as in the widest common typefaces."""


@dataclass(frozen=True)
class Picture:
    """A drawn picture. Its name in Anki changes with its content."""

    alt: str
    svg: str

    @cached_property
    def name(self) -> str:
        """The file name."""
        return f"tree-{hashlib.sha256(self.svg.encode()).hexdigest()[:12]}.svg"


@dataclass(frozen=True)
class _Row:
    name: str
    depth: int
    path: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The name, broken between words to keep the picture narrow."""
        lines: list[str] = []
        for word in self.name.split():
            if lines and self.indent + _width(f"{lines[-1]} {word}") <= WIDEST:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return tuple(lines)

    @property
    def indent(self) -> int:
        """Where the name begins."""
        return self.depth * STEP + 16

    @property
    def width(self) -> float:
        """Where the name ends."""
        return self.indent + max(map(_width, self.lines))

    @property
    def height(self) -> int:
        """How much of the picture's height it takes."""
        return ROW + LINE * (len(self.lines) - 1)


@dataclass(frozen=True)
class Mask:
    """The place of a branch's name in a picture, as fractions of its width and height."""

    path: str
    left: float
    top: float
    width: float
    height: float

    @property
    def shape(self) -> str:
        """The rectangle as Anki's image occlusion writes it."""
        sides = (("left", self.left), ("top", self.top), ("width", self.width), ("height", self.height))
        return "image-occlusion:rect:" + ":".join(f"{side}={value:.4f}" for side, value in sides)


def draw_to_hide(tree: Mapping[str, Branch]) -> tuple[Picture, tuple[Mask, ...]]:
    """Draw the two top levels of the tree. Return the picture and the places of the top branches' names."""
    rows = [_row(tree[""], 0), *(row for top in _children(tree[""]) for row in (_row(top, 1), *_below(top)))]
    width, height = _size(rows)
    masks = tuple(
        Mask(row.path, (row.indent - 3) / width, (top + 3) / height, 1 - row.indent / width, (row.height - 4) / height)
        for row, top in zip(rows, _tops(rows), strict=True)
        if row.depth == 1
    )
    return Picture(tree[""].category.name, _draw(rows)), masks


def _below(branch: Branch) -> Iterator[_Row]:
    return (_row(child, 2) for child in _children(branch))


def _row(branch: Branch, depth: int) -> _Row:
    return _Row(branch.category.name, depth, branch.path)


def _children(branch: Branch) -> Iterator[Branch]:
    for key, child in branch.category.children.items():
        yield Branch(f"{branch.path}/{key}".lstrip("/"), child, branch)


def _tops(rows: list[_Row]) -> list[int]:
    """Return how far down each row begins."""
    return list(accumulate((row.height for row in rows[:-1]), initial=0))


def _size(rows: list[_Row]) -> tuple[int, int]:
    return ceil(max(row.width for row in rows)), sum(row.height for row in rows) + 4


def _draw(rows: list[_Row]) -> str:
    width, height = _size(rows)
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="{TEXT}">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    joint = [0] * (1 + max(row.depth for row in rows))  # by level, where the line down from the last row begins
    for row, top in zip(rows, _tops(rows), strict=True):
        x, y = row.depth * STEP + 7, top + 12
        joint[row.depth] = y + 5
        if row.depth:
            line = f"M{x - STEP} {joint[row.depth - 1]}V{y}H{x - 5}"
            parts.append(f'<path d="{line}" fill="none" stroke="#000" stroke-opacity="0.4"/>')
        parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="none" stroke="#000"/>')
        for number, text in enumerate(row.lines):
            parts.append(f'<text x="{row.indent}" y="{y + 4.5 + number * LINE}">{escape(text)}</text>')
    return "".join((*parts, "</svg>"))


def _width(text: str) -> float:
    """Return the greatest width of a text in common typefaces."""
    return TEXT * sum(map(_width_of_letter, text))


def _width_of_letter(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    return next((width for letters, width in _LETTERS if letter in letters), 0.75 if letter.isupper() else 0.64)
