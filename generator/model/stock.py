"""A stock: the sheet that cards are printed on, and the places of the cards. All lengths are in millimetres."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from generator.model.entry import Entry
from generator.model.values import Key, Name, Names

_PAPERS = {"A4": (210, 297), "Letter": (215.9, 279.4), "A5": (148, 210), "A6": (105, 148), "A7": (74, 105)}
_MOST = 200
"""As many of the smallest cards as the largest sheet has side by side."""
_SLACK = 0.02
"""What is lost when makers round inches."""


class Stock(Entry):
    """A sheet with a grid of cards of one size."""

    stock: Name = Field(description="What it is: `Avery 5371, business cards`.")
    page: tuple[float, float] = Field(description="Width and height of the sheet, as it goes through the printer.")
    card: tuple[float, float] = Field(description="Width and height of one card.")
    grid: tuple[int, int] = Field((1, 1), description="Columns and rows.")
    first: tuple[float, float] = Field((0, 0), description="The left and the top edge of the first card.")
    pitch: tuple[float, float] | None = Field(
        None, description="From one card's edge to the same edge of the next, across and down. [default: no gaps]"
    )
    perforated: bool = Field(False, description="Whether the sheet is already cut, so that no marks are printed.")
    aliases: Names = Field((), description="Other part numbers of the same sheet.")
    source: Name | None = Field(None, description="Where the sizes come from.")

    @property
    def slots(self) -> tuple[tuple[float, float], ...]:
        """The left and top edge of every card, row by row."""
        (across, down), (left, top), (columns, rows) = self.pitch or self.card, self.first, self.grid
        return tuple((left + c * across, top + r * down) for r in range(rows) for c in range(columns))

    @property
    def margins(self) -> tuple[float, float, float, float]:
        """The margins round the cards: top, right, bottom and left."""
        (width, height), (last_x, last_y), (left, top) = self.page, self.slots[-1], self.first
        return top, width - last_x - self.card[0], height - last_y - self.card[1], left

    @property
    def paper(self) -> str:
        """The name of the sheet in either orientation: A4, Letter, or its size."""
        sheet = tuple(sorted(self.page))
        named = (name for name, size in _PAPERS.items() if size == sheet)
        return next(named, f"{self.page[0]:g} x {self.page[1]:g} mm")

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield the key and a description of each size that is not possible."""
        across, down = self.pitch or self.card
        for key, size in (("page", self.page), ("card", self.card)):
            if min(size) < 10 or max(size) > 2000:
                yield key, f"{size[0]:g} by {size[1]:g} mm is not a possible {key}: sizes are from 10 to 2000 mm"
                return
        if min(self.grid) < 1 or max(self.grid) > _MOST:
            yield "grid", f"a grid has from 1 to {_MOST} columns and rows"
            return
        if self.grid[0] > 1 and across < self.card[0] - _SLACK:
            yield "pitch", f"cards of {self.card[0]:g} mm overlap when the next begins after {across:g} mm"
        if self.grid[1] > 1 and down < self.card[1] - _SLACK:
            yield "pitch", f"cards of {self.card[1]:g} mm overlap when the next begins after {down:g} mm"
        for side, margin in zip(("top", "right", "bottom", "left"), self.margins, strict=True):
            if margin < -_SLACK:
                yield "first", f"the cards reach {-margin:.2f} mm over the {side} edge of the sheet"


def find_stock(stocks: Mapping[Key, Stock], wanted: str) -> Key | None:
    """Return the name of a stock by its name, a part number, or its description or the beginning of that.

    The maker may be left out of a part number. Case, spaces and punctuation do not matter.
    """
    wanted = wanted.casefold()
    for name, stock in stocks.items():
        maker = name.partition("-")[0]
        if wanted == name or wanted in {n for a in stock.aliases for n in (a.casefold(), f"{maker}-{a.casefold()}")}:
            return name
    bare = [name for name in stocks if name.partition("-")[2] == wanted]
    plain = _plain(wanted)
    described = [name for name, stock in stocks.items() if plain and _plain(stock.stock).startswith(plain)]
    return next((found[0] for found in (bare, described) if len(found) == 1), None)


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
