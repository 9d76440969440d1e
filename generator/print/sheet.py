"""The HTML of pages: one absolutely positioned box for each side of a card, the same for every engine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from math import sqrt
from typing import Literal

from generator.cards.phrases import fill
from generator.model.stock import Stock
from generator.print.faces import Face
from generator.print.lines import Setter
from generator.print.placements import Placement, Scheme, Side, fold_line

Marks = Literal["none", "crop", "outline", "dots"]
Ink = Literal["colour", "grey"]
Edges = tuple[float, float, float, float]
"""Lengths at the top, right, bottom and left, in mm."""

EDGE = 3.1
"""Height of the line with the key and number, and of the line with the category, in mm."""
GAP = 1.2
HEAD = 1.4
"""how far the stroke of the category extends outside the safe margin, in mm."""
_TYPE: Mapping[Side, tuple[float, float]] = {"front": (11.0, 18.0), "back": (11.0, 14.0)}
"""Type sizes on a card of 95 by 69 mm, in points: the size that is easy to read, and the largest."""
_GROWTH = 1.35
"""The factor by which the type of larger cards may be larger."""
_MARK_LENGTH, _MARK_GAP, _MARK_WIDTH = 5.0, 1.0, 0.2
_COLOURS = ("#1d5c86", "#a3480f", "#3f6b21", "#7a3b86", "#8a6a00", "#9c2b3a", "#2b7a78", "#5a5a5a")
_NUMBER, _FOOT = 13.0, 7.5 * 25.4 / 72
"""The width of the number, and the type size of its line, in mm."""
_DASHES = ("", "4 1", "1.2 1.2", "7 1.5", "4 1 1 1", "2.4 0.8", "4 1 1 1 1 1", "0.6 1.8")
"""Lengths of strokes and gaps, which distinguish categories without colour."""


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a sheet. Lengths are in mm, `offset` moves backs right and down, `rotation` is in degrees.

    An `accent` is the colour of all categories, which differ by the pattern of their strokes.
    """

    safe: float = 4.0
    bleed: float = 0.0
    marks: Marks = "none"
    ink: Ink = "colour"
    details: bool = False
    title: str = ""
    offset: tuple[float, float] = (0.0, 0.0)
    rotation: float = 0.0
    accent: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """The room for a face: `width` and `height` in mm, the type size in points that reads easily, and the largest."""

    width: float
    height: float
    size: float
    largest: float


@dataclass(frozen=True)
class Job:
    """What to print and how. `floor` is the smallest type size allowed, in points."""

    faces: tuple[Face, ...]
    stock: Stock
    stock_name: str
    scheme: Scheme
    look: Look
    floor: float
    language: str
    title: str
    setter: Setter
    words: Mapping[str, str]
    sets: int = 1

    def sheet_name(self, place: Placement) -> str:
        """Return the name of a placement's sheet: its set, if there are several, and its number."""
        name = fill(self.words["paper-sheet"], number=str(place.leaf + 1))
        return name if self.sets == 1 else f"{fill(self.words['paper-set'], number=str(place.set + 1))}, {name}"


def small_lines(face: Face, side: Side) -> int:
    """Return the number of lines of small print round a face: one below it, and the category above a back."""
    return 2 if side == "back" and face.category else 1


def text_box(stock: Stock, look: Look, side: Side, lines: int) -> Box:
    """Return the room for a side on a card of the stock, beside its lines of small print."""
    width, height = stock.card
    scale = sqrt(width * height / (95 * 69))
    usual, largest = _TYPE[side]
    return Box(
        width - 2 * look.safe,
        height - 2 * look.safe - lines * (EDGE + GAP),
        round(max(8.0, usual * min(1.0, scale))),
        round(largest * min(_GROWTH, max(1.0, scale))),
    )


def make_pages(job: Job, places: Iterable[Placement], texts: Mapping[tuple[int, Side], str]) -> Iterator[str]:
    """Yield the HTML of each page. A page without cards is empty. `texts` are the sides as they are set."""
    stock, look = job.stock, job.look
    last = -1
    for index, group in groupby(places, key=lambda place: place.page):
        yield from (_page(stock, "", "") for _ in range(last + 1, index))
        last, cards = index, list(group)
        back = job.scheme.sides == "backs" or (job.scheme.sides == "duplex" and index % 2 == 1)
        inside = "".join(_card(job.faces[p.card], p, job, texts[p.card, p.side], _bleed(p, cards, job)) for p in cards)
        if not back:
            inside += "".join(_marks(stock, job.scheme, look, cards))
        inside += _sheet_label(job, cards[0], back)
        shift = ""
        if back and (look.rotation or any(look.offset)):
            x, y = look.offset
            shift = f"left:{x:.3f}mm;top:{y:.3f}mm;transform:rotate({look.rotation:.4f}deg)"
        yield _page(stock, inside, shift)


def _page(stock: Stock, inside: str, shift: str) -> str:
    width, height = stock.page
    style = f' style="{shift}"' if shift else ""
    return (
        f'<div class="page" style="width:{width:g}mm;height:{height - 0.05:g}mm">'
        f'<div class="sheet"{style}>{inside}</div></div>\n'
    )


def _card(face: Face, place: Placement, job: Job, text: str, bleed: Edges) -> str:
    stock, look = job.stock, job.look
    width, height = stock.card
    lines, safe, front = small_lines(face, place.side), look.safe, place.side == "front"
    box = text_box(stock, look, place.side, lines)
    top = safe + (lines - 1) * (EDGE + GAP)
    part = f"{fill(job.words['paper-part'], number=face.part, count=str(face.parts))} · " if face.part else ""
    foot = escape(face.label if front else _name(face, job, box.width, part))
    sign = face.sign if job.sets == 1 else f"{fill(job.words['paper-set'], number=str(place.set + 1))} {face.sign}"
    return (
        f'<div class="card{" turned" if place.turned else ""}" '
        f'style="left:{place.x:.3f}mm;top:{place.y:.3f}mm;width:{width:g}mm;height:{height:g}mm">'
        f"{'' if front else _head(face, stock, look, bleed)}"
        f'<div class="body" style="left:{safe:g}mm;top:{top:g}mm;width:{box.width:.3f}mm;height:{box.height:.3f}mm">'
        f"{text}</div>"
        f'<div class="card-foot" style="left:{safe:g}mm;top:{height - safe - EDGE:.3f}mm;width:{box.width:.3f}mm">'
        f'<span class="name"><b>{escape(part)}</b>{foot}</span><span>{sign}</span></div></div>'
    )


def _name(face: Face, job: Job, width: float, before: str) -> str:
    """Return the subject of a card, its kind and its state of review, without what there is no room for.

    The kind goes first, since the front has it. The state of review stays. `before` is text before it in the same line.
    """
    title, room = face.title or job.look.title, (width - _NUMBER) / _FOOT
    tries = [" · ".join(filter(None, (*some, face.review))) for some in ((title, face.label), (title,), (face.label,))]
    return next((text for text in tries if job.setter.length(before + text) <= room), face.review)


def fragment(html: str, side: Side, size: float, usual: float) -> str:
    """Return a face at a type size in points, as it is measured and as it is printed.

    If type is smaller than usual, pictures are smaller too, so that type need not become even smaller.
    """
    small = " small" if size < usual else ""
    return f'<div class="face {side}{small}" style="font-size:{size:g}pt">{html}</div>'


def _bleed(place: Placement, cards: Sequence[Placement], job: Job) -> Edges:
    """Return how far colour runs over the top, right, bottom and left edge of a card, but not onto another card."""
    stock, full = job.stock, job.look.bleed
    across, down = stock.pitch or stock.card
    taken = {(round(card.x, 2), round(card.y, 2)) for card in cards}
    edges = tuple(
        min(full, gap / 2) if (round(place.x + dx, 2), round(place.y + dy, 2)) in taken else full
        for dx, dy, gap in (
            (0, -down, down - stock.card[1]),
            (across, 0, across - stock.card[0]),
            (0, down, down - stock.card[1]),
            (-across, 0, across - stock.card[0]),
        )
    )
    top, right, bottom, left = edges
    return (bottom, left, top, right) if place.turned else (top, right, bottom, left)


def _head(face: Face, stock: Stock, look: Look, bleed: Edges) -> str:
    """Return the category as name, colour and pattern of strokes, which with a bleed runs over the card's edge."""
    if not face.category:
        return ""
    width, safe = stock.card[0], look.safe
    colour = "#555555" if look.ink == "grey" else look.accent or _COLOURS[face.shade % len(_COLOURS)]
    dash = _DASHES[face.shade % len(_DASHES)]
    name = (
        f'<div class="card-head" style="left:{safe:g}mm;top:{safe:g}mm;width:{width - 2 * safe:g}mm">'
        f"{escape(face.category)}</div>"
    )
    left, length, top, thick = safe, width - 2 * safe, safe - HEAD, 0.9
    if look.bleed:
        above, right, _, over = bleed
        left, length, top, thick = -over, over + width + right, -above, above + 1.5
    strokes = f' stroke-dasharray="{dash}"' if dash else ""
    return name + (
        f'<svg style="position:absolute;left:{left:g}mm;top:{top:g}mm;width:{length:g}mm;height:{thick:g}mm" '
        f'viewBox="0 0 {length:g} {thick:g}"><line x1="0" y1="{thick / 2:g}" x2="{length:g}" y2="{thick / 2:g}" '
        f'stroke="{colour}" stroke-width="{thick:g}"{strokes}/></svg>'
    )


def _marks(stock: Stock, scheme: Scheme, look: Look, cards: Sequence[Placement]) -> Iterator[str]:
    fold = fold_line(stock, scheme)
    if fold:
        yield _fold(stock, *fold)
    if look.marks == "none":
        return
    width, height = stock.card
    if look.marks == "outline":
        for p in cards:
            yield f'<div class="outline" style="{_box(p.x, p.y, width, height)}"></div>'
        return
    columns = sorted({round(edge, 3) for x, _ in stock.slots for edge in (x, x + width)} - set(fold[:1]))
    rows = sorted({round(edge, 3) for _, y in stock.slots for edge in (y, y + height)} - set(fold[1:]))
    if look.marks == "dots":
        for x in columns:
            for y in rows:
                yield f'<div class="dot" style="left:{x - 0.2:.3f}mm;top:{y - 0.2:.3f}mm"></div>'
        return
    top, right, bottom, left = stock.margins
    for x in columns:
        for start, length in _strokes(top, stock.page[1] - bottom, bottom, look.bleed):
            yield f'<div class="mark" style="{_box(x - _MARK_WIDTH / 2, start, _MARK_WIDTH, length)}"></div>'
    for y in rows:
        for start, length in _strokes(left, stock.page[0] - right, right, look.bleed):
            yield f'<div class="mark" style="{_box(start, y - _MARK_WIDTH / 2, length, _MARK_WIDTH)}"></div>'


def _fold(stock: Stock, across: float, down: float) -> str:
    """Return a dashed line along the fold, from edge to edge. Marks for cuts are short, solid strokes."""
    width, height = stock.page
    x, y, x2, y2 = (across, 0, across, height) if across else (0, down, width, down)
    return (
        f'<svg class="sheet" viewBox="0 0 {width:g} {height:g}"><line x1="{x:g}" y1="{y:g}" x2="{x2:g}" y2="{y2:g}" '
        'stroke="#888" stroke-width="0.15" stroke-dasharray="1.5 1.5"/></svg>'
    )


def _strokes(before: float, end: float, after: float, bleed: float) -> Iterator[tuple[float, float]]:
    """Return start and length of the marks in the two margins, clear of cards and their bleed."""
    gap = _MARK_GAP + bleed
    if before > gap + 1:
        length = min(_MARK_LENGTH, before - gap)
        yield before - gap - length, length
    if after > gap + 1:
        yield end + gap, min(_MARK_LENGTH, after - gap)


def _sheet_label(job: Job, place: Placement, back: bool) -> str:
    """Return deck, set, sheet and side for the bottom margin, if there is room."""
    stock, look = job.stock, job.look
    if stock.margins[2] < 8 or not look.title:
        return ""
    side = job.words["paper-back" if back else "paper-front"]
    text = escape(f"{look.title} · {job.sheet_name(place)}" + (f", {side}" if job.scheme.sides != "fold" else ""))
    return f'<div class="sheet-name" style="left:{stock.first[0] + 3:g}mm;top:{stock.page[1] - 7.5:g}mm">{text}</div>'


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"left:{x:.3f}mm;top:{y:.3f}mm;width:{width:.3f}mm;height:{height:.3f}mm"
