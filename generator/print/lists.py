"""Cards as lists to read: a study list in two columns, and an answer key."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from generator.print.engine import Engine
from generator.print.faces import Face
from generator.print.finish import Binding, count_pages, finish
from generator.print.order import Layout
from generator.print.sheet import Job

MARGIN = 14
"""Margin of the pages, in mm."""


def print_list(job: Job, layout: Layout, engine: Engine) -> tuple[bytes, int]:
    """Return the PDF of a `list` or `key` on the stock's paper, and how many pages it has."""
    rows = "".join(_rows(job.faces) if layout == "list" else _key(job.faces))
    width, height = job.stock.page
    widths = ("6%", "38%", "56%") if layout == "list" else ("6%", "26%", "68%")
    columns = "<colgroup>" + "".join(f'<col style="width:{width}">' for width in widths) + "</colgroup>"
    grey = " grey" if job.look.ink == "grey" else ""
    html = (
        f"<style>@page {{ size: {width:g}mm {height:g}mm; margin: {MARGIN}mm; "
        f'@bottom-center {{ content: counter(page) " / " counter(pages); font-size: 7pt; }} }}</style>'
        f'<div class="running{grey}"><h1>{escape(job.title)}</h1>'
        f'<table class="{layout}">{columns}{rows}</table></div>'
    )
    pdf = engine.paint([html], None)
    return finish(pdf, Binding(job.title, job.language)), count_pages(pdf)


def _rows(faces: Iterable[Face]) -> Iterator[str]:
    """Return rows with the number of a card, its question and its answer, under the name of the category."""
    for category, group in groupby(faces, key=lambda face: face.category):
        if category:
            yield f'<tr class="category"><th colspan="3">{escape(category)}</th></tr>'
        for face in group:
            note = " · ".join(filter(None, (face.title, face.review)))
            yield (
                f'<tr><td class="number">{face.number}</td><td class="face front">{face.front}</td>'
                f'<td class="face back">{face.back}<div class="note">{escape(note)}</div></td></tr>'
            )


def _key(faces: Iterable[Face]) -> Iterator[str]:
    """Return rows with the number, the name and the kind of each card, and its answer."""
    for face in faces:
        names = "<br>".join(escape(name) for name in (face.title, face.label) if name)
        yield (
            f'<tr><td class="number">{face.number}</td><td class="entry">{names}</td>'
            f'<td class="face back">{face.back}</td></tr>'
        )
