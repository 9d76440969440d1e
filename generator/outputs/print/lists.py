"""Cards as running text: a study list in two columns, and an answer key. Paper to read, not to cut."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from generator.outputs.print.engine import Engine
from generator.outputs.print.faces import Face
from generator.outputs.print.finish import Binding, count_pages, finish
from generator.outputs.print.order import Order
from generator.stock import Stock

MARGIN = 14
"""Margin of the pages, in mm."""


def print_list(  # noqa: PLR0913, PLR0917
    faces: Sequence[Face], order: Order, stock: Stock, engine: Engine, title: str, language: str
) -> tuple[bytes, int]:
    """Return the PDF of a `list` or `key` on the stock's paper, and how many pages it has."""
    rows = "".join(_rows(faces) if order.layout == "list" else _key(faces))
    width, height = stock.page
    widths = ("42%", "58%") if order.layout == "list" else ("6%", "26%", "68%")
    columns = "<colgroup>" + "".join(f'<col style="width:{width}">' for width in widths) + "</colgroup>"
    grey = " grey" if order.ink == "grey" else ""
    html = (
        f"<style>@page {{ size: {width:g}mm {height:g}mm; margin: {MARGIN}mm; "
        f'@bottom-center {{ content: counter(page) " / " counter(pages); font-size: 7pt; }} }}</style>'
        f'<div class="running{grey}"><h1>{escape(title)}</h1>'
        f'<table class="{order.layout}">{columns}{rows}</table></div>'
    )
    pdf = engine.paint([html], None)
    return finish(pdf, Binding(title, language)), count_pages(pdf)


def _rows(faces: Iterable[Face]) -> Iterator[str]:
    """A question on the left, its answer on the right, under the name of the category."""
    for category, group in groupby(faces, key=lambda face: face.category):
        if category:
            yield f'<tr class="category"><th colspan="2">{escape(category)}</th></tr>'
        for face in group:
            note = " · ".join(filter(None, (face.key, face.review)))
            yield (
                f'<tr><td class="face front">{face.front}</td>'
                f'<td class="face back">{face.back}<div class="note">{escape(note)}</div></td></tr>'
            )


def _key(faces: Iterable[Face]) -> Iterator[str]:
    """Number, key and kind of each card, and its answer."""
    for number, face in enumerate(faces, 1):
        yield (
            f'<tr><td class="number">{number}</td><td class="entry">{escape(face.key)}<br>{escape(face.kind)}</td>'
            f'<td class="face back">{face.back}</td></tr>'
        )
