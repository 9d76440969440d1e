"""The calibration sheet, which shows how far a printer shifts and turns the back of a sheet.

In two corners, the front has a scale across and one down with strokes every 1 mm, and the back the same every 0.9 mm.
Held against the light, the zero of the back shows the millimetres, and the pair of strokes that line up shows the
tenths, as on a vernier scale. In the middle of each edge, a ladder shows how much the printer leaves blank there.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import degrees

from generator.cards.phrases import fill
from generator.model.stock import Stock
from generator.print.engine import Engine
from generator.print.finish import Binding, finish
from generator.print.order import OrderError, Printer
from generator.print.placements import Flip, behind, turns_sideways

INSET = 35.0
"""Distance of the crosses from the edges of the sheet, in mm."""
_REACH = 12
_STROKE = 0.15
_LADDER = 15
_ROOM, _INDENT = (140, 180), 30.0
"""The smallest sheet with room for instructions, and their distance from its sides, in mm."""
_COMMAND = "aetia print --calibrate --measured X,Y,X2,Y2 --blank TOP,RIGHT,BOTTOM,LEFT --save NAME"

Corner = tuple[tuple[float, float], tuple[float, float]]
"""The zero of the scale across and that of the scale down."""


def print_calibration(stock: Stock, flip: Flip, engine: Engine, words: Mapping[str, str]) -> bytes:
    """Return a PDF of two pages, for the two sides of one sheet, with instructions in a deck's language."""
    width, height = stock.page
    point = stock.model_copy(update={"card": (0.0, 0.0)})
    fronts = scales(stock)
    backs = [(behind(point, flip, *across), behind(point, flip, *down)) for across, down in fronts]
    pages = (
        "".join(_corner(corner, 1.0, labels=True) for corner in fronts)
        + "".join(_ladders(width, height))
        + _legend(width, height, flip, words),
        "".join(_corner(corner, 0.9, labels=False) for corner in backs),
    )
    html = "".join(
        f'<div class="page" style="width:{width:g}mm;height:{height - 0.05:g}mm">{inside}</div>' for inside in pages
    )
    binding = Binding("Aetia", "en", labels=("1F", "1B"), flip=flip)
    return finish(engine.paint([html], stock.page), binding)


def printer_from(measured: Sequence[float], stock: Stock, flip: Flip) -> Printer:
    """Return the printer that was measured in the first corner or in both: right and down, as seen from the front.

    What is too far right seen from the front is too far left on the back, and the other way round if the sheet is
    flipped on its other edge. Raise OrderError unless there are two or four numbers.
    """
    if len(measured) not in (2, 4):
        raise OrderError("--measured takes X,Y of the first corner, or X,Y,X2,Y2 of both.")
    x1, y1, x2, y2 = (*measured, *measured)[:4]
    ((_, top), (left, _)), ((_, bottom), (right, _)) = scales(stock)
    across, down = right - left, bottom - top
    turn = ((y2 - y1) * across - (x2 - x1) * down) / (across**2 + down**2)
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    offset = (x, -y) if turns_sideways(stock, flip) else (-x, y)
    shift = (round(offset[0], 3) + 0.0, round(offset[1], 3) + 0.0)  # no -0.0
    return Printer(shift, round(degrees(turn), 4) + 0.0)


def scales(stock: Stock) -> tuple[Corner, Corner]:
    """Return the zeros of the scales on the front, at the same distance from the middle of the sheet."""
    width, height = stock.page
    x, y = min(INSET, width / 5), min(INSET, height / 4)
    beside = min(2.0 * _REACH, width / 4)
    return ((x, y), (x + beside, y)), ((width - x, height - y), (width - x - beside, height - y))


def _corner(corner: Corner, step: float, labels: bool) -> str:
    across, down = corner
    return "".join((*_scale(*across, step, labels, 0), *_scale(*down, step, labels, 1)))


def _scale(x: float, y: float, step: float, labels: bool, axis: int) -> Iterator[str]:
    """Return strokes along one axis: on one side of the line in front, on both sides of it on the back."""
    for i in range(-_REACH, _REACH + 1):
        length = 9.0 if i == 0 else 5.0 if i % 5 == 0 else 3.0
        centre = i * step - _STROKE / 2
        if axis == 0:
            yield _stroke(x + centre, y - length, _STROKE, length if labels else 2 * length)
        else:
            yield _stroke(x - length, y + centre, length if labels else 2 * length, _STROKE)
        if labels and i % 5 == 0 and i:
            left, top = (x + centre - 1.5, y - length - 3) if axis == 0 else (x - length - 5, y + centre - 1.4)
            yield f'<div class="sheet-name" style="left:{left:.3f}mm;top:{top:.3f}mm">{i:+d}</div>'


def _ladders(width: float, height: float) -> Iterator[str]:
    """Return a ladder for each edge, with a step every mm and a number at every fifth step."""
    for i in range(1, _LADDER + 1):
        at, length = i - _STROKE / 2, 8.0 if i % 5 == 0 else 5.0
        for left, top in ((width / 2, at), (width / 2, height - at - _STROKE)):
            yield _stroke(left, top, length, _STROKE)
            yield _name(left + length + 0.5, top - 1.4, i) if i % 5 == 0 else ""
        for left, top in ((at, height / 2), (width - at - _STROKE, height / 2)):
            yield _stroke(left, top, _STROKE, length)
            yield _name(left - 1, top + length, i) if i % 5 == 0 else ""


def _name(left: float, top: float, number: int) -> str:
    return f'<div class="sheet-name" style="left:{left:.3f}mm;top:{top:.3f}mm">{number}</div>'


def _stroke(left: float, top: float, width: float, height: float) -> str:
    box = f"left:{left:.3f}mm;top:{top:.3f}mm;width:{width:.3f}mm;height:{height:.3f}mm"
    return f'<div class="mark" style="{box}"></div>'


def _legend(width: float, height: float, flip: Flip, words: Mapping[str, str]) -> str:
    """Return instructions, or signs for the scales and the flip if the sheet has no room for instructions."""
    if width < _ROOM[0] or height < _ROOM[1]:
        left, top = width / 2 - 12, height / 2 - 6
        return (
            f'<div class="sheet-name" style="left:{left:g}mm;top:{top:g}mm">X,Y ↖ &nbsp; X2,Y2 ↘</div>'
            f'<div class="sheet-name" style="left:{left:g}mm;top:{top + 5:g}mm">100 % · {flip} · → + ↓ +</div>'
        )
    steps = [words[f"paper-calibrate-{number}"] for number in range(1, 7)]
    steps[0] = fill(steps[0], edge=words[f"paper-{flip}"])
    items = [f"<li>{escape(step)}</li>" for step in steps]
    items[4] = f"<li>{escape(steps[4])}<br><code>{_COMMAND}</code></li>"
    return (
        f'<div class="instructions" style="left:{_INDENT:g}mm;top:{height / 3:g}mm;width:{width - 2 * _INDENT:g}mm">'
        f"<h1>{escape(words['paper-calibrate'])}</h1><ol>{''.join(items)}</ol></div>"
    )
