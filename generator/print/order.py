"""What a user orders from a print job, and the result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from generator.diagnostics import WrongUseError
from generator.model.stock import Stock
from generator.print.fit import Fitted
from generator.print.placements import Flip, Scheme, Sides, Turn
from generator.print.sheet import Edges, Ink, Marks

Layout = Literal["cards", "list", "key"]
Fit = Literal["shrink", "split", "strict"]
READABLE = 8.0
"""Type in points below which a text is continued on a further card rather than set smaller."""


class OrderError(WrongUseError):
    """An order that is not possible: a name that does not exist, or options that contradict each other."""


@dataclass(frozen=True)
class Printer:
    """A printer: how many mm it shifts the back of a sheet left and up, and by how many degrees it turns it.

    `blank` is the width in mm that it cannot print on at the top, right, bottom and left edge. `measured` says on which
    paper and flipped how this was measured.
    """

    offset: tuple[float, float] = (0.0, 0.0)
    rotation: float = 0.0
    blank: Edges = (0.0, 0.0, 0.0, 0.0)
    measured: str = ""


@dataclass(frozen=True)
class Order:
    """Which cards to print, on what, and how. Lengths are in mm, `floor` in points. With None, `marks` suit the stock.

    `fonts` are files to set all text in. Characters that these and the bundled ones lack come from `font_folders`.
    `usual` says that nobody asked for this stock, so changed cards follow those on paper. `report` asks only how the
    cards would fit.
    """

    stock: str | Stock = "a4-8"
    usual: bool = False
    layout: Layout = "cards"
    sides: Sides = "duplex"
    flip: Flip = "long-edge"
    turn: Turn = "side"
    marks: Marks | None = None
    bleed: float = 0.0
    safe: float = 4.0
    ink: Ink = "colour"
    details: bool = False
    floor: float = 6.0
    fit: Fit = "split"
    report: bool = False
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    changed: bool = False
    copies: int = 1
    start: int = 1
    skip: frozenset[int] = frozenset()
    reverse: bool = False
    sort: str | None = None
    printer: Printer = field(default_factory=Printer)
    engine: str = "auto"
    accessible: bool = False
    fonts: tuple[Path, ...] = ()
    font_folders: tuple[Path, ...] = ()
    check: bool = False

    @property
    def scheme(self) -> Scheme:
        """The scheme by which cards are placed on sheets."""
        return Scheme(self.sides, self.flip, self.turn, self.start, self.skip, self.reverse)


class Suits(NamedTuple):
    """How a stock suits a deck: how each side of each card fits, how many sheets they take, and of which paper.

    `plain` says that the cards are to be cut out of plain paper. `left_out` is the number of drawings too large for it.
    """

    fitted: tuple[Fitted, ...]
    sheets: int
    paper: str
    plain: bool
    left_out: int


class Sets(NamedTuple):
    """Several sets: how many, and for each but the first its sheets, the cards on its last sheet, and a sheet's slots.

    `apart` says that the first begins on a part-used sheet.
    """

    number: int
    sheets: int
    last: int
    slots: int
    apart: bool


@dataclass(frozen=True)
class Printed:
    """The result of an order. `file` is None if there was nothing to print.

    `fitted` has one item for each side of each card, and `split` cards were continued on another. `strays` are what the
    check of the finished PDF found; `warnings` say what this printer may not print. `as_before` says that details
    are printed because the cards on paper have theirs, `same_stock` that the stock is theirs. `last` is the number of
    cards on the last sheet, if that is one of several. `sets` are there if there are several. `duplex` says that both
    sides of a sheet are pages of the PDF. The others are numbers of
    cards: `folded` with details that are not printed, `smaller` with a side in smaller type, `continued` on another
    card, and `old` on paper that no longer count.
    """

    file: Path | None
    stock: str
    cards: int
    sheets: int
    pages: int
    size: int
    engine: str
    fitted: tuple[Fitted, ...] = ()
    strays: tuple[str, ...] | None = None
    split: int = 0
    warnings: tuple[str, ...] = ()
    report: Mapping[str, Suits] = field(default_factory=dict)
    folded: tuple[int, ...] = ()
    smaller: tuple[int, ...] = ()
    continued: tuple[int, ...] = ()
    as_before: bool = False
    same_stock: bool = False
    last: int = 0
    sets: Sets | None = None
    duplex: bool = False
    old: tuple[int, ...] = ()
