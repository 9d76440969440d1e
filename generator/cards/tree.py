"""The category tree as a picture: where a card stands in it, and the same tree with its branches to hide.

Pictures are SVG in one ink on no ground, so that a style sheet can turn them for the night. Only the path to a branch
is drawn, with the siblings along it: a change elsewhere in the tree leaves the picture, and the note, as they were.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from markupsafe import escape

from generator.deck import Branch

ROW, STEP, TEXT = 21, 17, 13
"""Height of a row, indent of a level and size of the letters, in units of the picture."""
_LETTER = 0.56 * TEXT
"""Width of a letter; a wide one takes two."""


@dataclass(frozen=True)
class Picture:
    """A picture that was drawn. Its name in Anki changes with its content."""

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
    on_path: bool
    here: bool


@dataclass(frozen=True)
class Mask:
    """The place of a branch's name in a picture, in fractions of its width and height."""

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


def draw_path(tree: Mapping[str, Branch], path: str) -> Picture:
    """Draw the way from the root to a branch, with the siblings along it; the branch is bold with a full disc."""
    rows = list(_rows_along(tree[""], path))
    trail = (branch.category.name for branch in (tree[""], *tree[path].trail))
    return Picture(" / ".join(trail), _draw(rows, ground=False))


def draw_to_hide(tree: Mapping[str, Branch]) -> tuple[Picture, tuple[Mask, ...]]:
    """Draw the two top levels of the tree, and tell where the names of the top branches stand."""
    rows = [_row(tree[""], 0), *(row for top in _children(tree[""]) for row in (_row(top, 1), *_below(top)))]
    width, height = _size(rows)
    masks = tuple(
        Mask(row.path, (STEP + 8) / width, (index * ROW + 3) / height, 1 - (STEP + 12) / width, (ROW - 4) / height)
        for index, row in enumerate(rows)
        if row.depth == 1
    )
    return Picture(tree[""].category.name, _draw(rows, ground=True)), masks


def _below(branch: Branch) -> Iterator[_Row]:
    return (_row(child, 2) for child in _children(branch))


def _row(branch: Branch, depth: int) -> _Row:
    return _Row(branch.category.name, depth, branch.path, on_path=False, here=False)


def _children(branch: Branch) -> Iterator[Branch]:
    for key, child in branch.category.children.items():
        yield Branch(f"{branch.path}/{key}".lstrip("/"), child, branch)


def _rows_along(branch: Branch, path: str, depth: int = 0) -> Iterator[_Row]:
    on_path = not branch.path or f"{path}/".startswith(f"{branch.path}/")
    here = branch.path == path
    yield _Row(branch.category.name, depth, branch.path, on_path, here)
    if on_path and not here:
        for child in _children(branch):
            yield from _rows_along(child, path, depth + 1)


def _size(rows: Iterable[_Row]) -> tuple[int, int]:
    rows = list(rows)
    return int(max(row.depth * STEP + 14 + _letters(row.name) * _LETTER for row in rows)) + 16, len(rows) * ROW + 4


def _draw(rows: list[_Row], ground: bool) -> str:
    width, height = _size(rows)
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="{TEXT}">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>' if ground else "",
    ]
    for index, row in enumerate(rows):
        x, y = row.depth * STEP + 7, index * ROW + 12
        if row.depth:
            above = next(i for i in range(index - 1, -1, -1) if rows[i].depth == row.depth - 1)
            line = f"M{x - STEP} {above * ROW + 17}V{y}H{x - 5}"
            parts.append(f'<path d="{line}" fill="none" stroke="#000" stroke-opacity="{1 if row.on_path else 0.4}"/>')
        fill = "#000" if row.here else "none"
        weight = ' font-weight="bold"' if row.here else ""
        parts.append(f'<circle cx="{x}" cy="{y}" r="{4.5 if row.here else 3}" fill="{fill}" stroke="#000"/>')
        parts.append(f'<text x="{x + 9}" y="{y + 4.5}"{weight}>{escape(row.name)}</text>')
    return "".join((*parts, "</svg>"))


def _letters(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
