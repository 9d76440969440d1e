"""Imposition: on which page and where each side of each card goes. Pure geometry in millimetres, no typesetting.

The printer flips a sheet about an axis of the *page*. So the place of a back is mirrored about that axis, not within
the grid of cards. This is right also for sheets with different margins left and right, or top and bottom.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from generator.model.stock import Stock

Sides = Literal["duplex", "fronts", "backs", "fold"]
Flip = Literal["long-edge", "short-edge"]
Turn = Literal["side", "top"]
Side = Literal["front", "back"]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How cards are placed on sheets.

    `flip` is the edge about which the printer turns the sheet; `turn` is how a reader turns a card over, sideways or
    from top to bottom. `start` is the first free slot of the first sheet, from 1; `skip` are further slots of that
    sheet that are used already. With `reverse` the last page comes first.
    """

    sides: Sides = "duplex"
    flip: Flip = "long-edge"
    turn: Turn = "side"
    start: int = 1
    skip: frozenset[int] = frozenset()
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """The place of one side of a card on a page. All count from 0, `leaf` within its set. `turned` is upside down."""

    card: int
    side: Side
    page: int
    sheet: int
    slot: int
    x: float
    y: float
    turned: bool = False
    set: int = 0
    leaf: int = 0


def impose(count: int, stock: Stock, scheme: Scheme, sets: int = 1) -> tuple[Placement, ...]:
    """Return the place of each side of `count` cards, page by page. Each set begins on a new sheet.

    Raise ValueError if no slot is left.
    """
    places = tuple(_places(count, stock, scheme, sets))
    if scheme.reverse:
        last = max((place.page for place in places), default=0)
        places = tuple(replace(place, page=last - place.page) for place in places)
    return tuple(sorted(places, key=lambda place: (place.page, place.slot)))


def _places(count: int, stock: Stock, scheme: Scheme, sets: int) -> Iterator[Placement]:
    slots = usable_slots(stock, scheme)
    taken = {*range(scheme.start - 1), *(slot - 1 for slot in scheme.skip)}
    first = [slot for slot in slots if slot not in taken]
    if not first:
        raise ValueError("no slot of the first sheet is left for a card")
    sheet, leaf, free = 0, 0, first
    for set_, card in product(range(sets), range(count)):
        if not free or (set_ and not card):
            sheet, leaf, free = sheet + 1, leaf + 1 if card else 0, list(slots)
        slot = free.pop(0)
        x, y = stock.slots[slot]
        behind_x, behind_y = behind(stock, scheme.flip, x, y)
        turned = turns_backs(stock, scheme)
        page = sheet * 2 if scheme.sides == "duplex" else sheet
        if scheme.sides != "backs":
            yield Placement(card, "front", page, sheet, slot, x, y, False, set_, leaf)
        if scheme.sides != "fronts":
            back_page = page + 1 if scheme.sides == "duplex" else page
            yield Placement(card, "back", back_page, sheet, slot, behind_x, behind_y, turned, set_, leaf)


def usable_slots(stock: Stock, scheme: Scheme) -> tuple[int, ...]:
    """Return the slots for fronts: all, or with `fold` those that lie wholly before the fold."""
    if scheme.sides != "fold":
        return tuple(range(len(stock.slots)))
    across, down = fold_line(stock, scheme) or (0.0, 0.0)
    axis, middle = (0, across) if across else (1, down)
    return tuple(i for i, place in enumerate(stock.slots) if place[axis] + stock.card[axis] <= middle + 0.01)


def fold_line(stock: Stock, scheme: Scheme) -> tuple[float, float] | tuple[()]:
    """Return where a sheet is folded, as the distance from the left or from the top, or nothing if it is not folded."""
    if scheme.sides != "fold":
        return ()
    return (stock.page[0] / 2, 0.0) if turns_sideways(stock, scheme.flip) else (0.0, stock.page[1] / 2)


def turns_sideways(stock: Stock, flip: Flip) -> bool:
    """Return whether the sheet flips about a vertical axis. The long edge of a landscape sheet is horizontal."""
    return (flip == "long-edge") == (stock.page[1] >= stock.page[0])


def behind(stock: Stock, flip: Flip, x: float, y: float) -> tuple[float, float]:
    """Return where on the flipped sheet the card at `x`, `y` has its back."""
    if turns_sideways(stock, flip):
        return stock.page[0] - x - stock.card[0], y
    return x, stock.page[1] - y - stock.card[1]


def turn_margins(
    margins: tuple[float, float, float, float], stock: Stock, flip: Flip
) -> tuple[float, float, float, float]:
    """Return the margins of the backs: top, right, bottom and left."""
    top, right, bottom, left = margins
    return (top, left, bottom, right) if turns_sideways(stock, flip) else (bottom, right, top, left)


def turns_backs(stock: Stock, scheme: Scheme) -> bool:
    """Return whether backs are printed upside down, so that they are upright after the card is turned over."""
    return (not turns_sideways(stock, scheme.flip)) != (scheme.turn == "top")
