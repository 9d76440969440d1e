"""What a user asks of a print job, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from generator.outputs.print.fit import Fitted
from generator.outputs.print.placements import Flip, Scheme, Sides, Turn
from generator.outputs.print.sheet import Ink, Marks
from generator.stock import Stock

Layout = Literal["cards", "list", "key"]


class OrderError(ValueError):
    """An order that cannot be carried out: a name that names nothing, or an option at odds with another."""


@dataclass(frozen=True)
class Printer:
    """Where a printer puts the back of a sheet: so many mm too far left and up, turned by so many degrees."""

    offset: tuple[float, float] = (0.0, 0.0)
    rotation: float = 0.0


@dataclass(frozen=True)
class Order:
    """Which cards to print, on what and how. Lengths are in mm, `floor` in points; `marks` of None suit the stock."""

    stock: str | Stock = "a4-8"
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
    strict: bool = False
    only: tuple[str, ...] = ()
    changed: bool = False
    copies: int = 1
    start: int = 1
    skip: frozenset[int] = frozenset()
    sort: str | None = None
    printer: Printer = field(default_factory=Printer)
    engine: str = "auto"
    accessible: bool = False
    check: bool = False

    @property
    def scheme(self) -> Scheme:
        """How the cards go onto sheets."""
        return Scheme(self.sides, self.flip, self.turn, self.start, self.skip)


@dataclass(frozen=True)
class Printed:
    """A PDF that was written, or None for `file` when nothing had to be printed.

    `fitted` has one item for each side of each card. `strays` are what the check of the finished PDF found.
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
    report: Mapping[str, tuple[Fitted, ...]] = field(default_factory=dict)
