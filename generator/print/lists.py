"""Cards as lists to read: a study list in two columns, and an answer key."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from generator.print.engine import Engine
from generator.print.faces import Face
from generator.print.finish import Binding, count_pages, finish
from generator.print.order import Layout
from generator.print.sheet import Job

MARGIN = 14
"""Margin of the pages, in mm."""
_SMALL = re.compile(r'<div class="(?:ask|topic)">.*?</div>', re.DOTALL)
_IMAGE = re.compile(r'<div class="image">.*?</div>', re.DOTALL)


def print_list(job: Job, layout: Layout, engine: Engine) -> tuple[bytes, int]:
    """Return the PDF of a `list` or `key` on the stock's paper, and how many pages it has."""
    tables = _rows(job.faces) if layout == "list" else [("", _key(job.faces))]
    width, height = job.stock.page
    widths = ("6%", "38%", "56%") if layout == "list" else ("6%", "26%", "68%")
    columns = "<colgroup>" + "".join(f'<col style="width:{width}">' for width in widths) + "</colgroup>"
    opening = f'<table class="{layout}">{columns}'
    html = (
        f"<style>@page {{ size: {width:g}mm {height:g}mm; margin: {MARGIN}mm; "
        f'@bottom-center {{ content: counter(page) " / " counter(pages); font-size: 7pt; }} }}</style>'
        f'<div class="running"><h1>{escape(job.title)}</h1>'
        f"{''.join(_table(head, rows, opening) for head, rows in tables)}</div>"
    )
    pdf = engine.paint([html], None)
    return finish(pdf, Binding(job.title, job.language)), count_pages(pdf)


def _table(head: str, rows: Iterable[str], opening: str) -> str:
    """Return rows under a heading, which is never alone at the foot of a page."""
    first, *others = rows
    rest = f"{opening}{''.join(others)}</table>" if others else ""
    return f'<div class="together">{head}{opening}{first}</table></div>{rest}'


def _rows(faces: Iterable[Face]) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield the name of each category with the rows of all its cards: number, question and answer."""
    groups: dict[str, list[Face]] = {"": []}
    for face in faces:
        groups.setdefault(face.category, []).append(face)
    for category, group in groups.items():
        said: set[str] = set()
        if group:
            yield f"<h2>{escape(category)}</h2>" if category else "", (_row(face, said) for face in group)


def _row(face: Face, said: set[str]) -> str:
    named = all(f">{escape(name)}<" in face.front + face.back for name in face.title.split(" / "))
    note = " · ".join(filter(None, ("" if named else face.title, face.review)))
    below = f'<div class="note">{escape(note)}</div>' if note else ""
    return (
        f'<tr><td class="number">{face.number}</td><td class="face front">{_say_once(face.front, _SMALL, said)}</td>'
        f'<td class="face back">{_say_once(face.back, _IMAGE, said)}{below}</td></tr>'
    )


def _say_once(side: str, parts: re.Pattern[str], said: set[str]) -> str:
    """Return a side without those parts that earlier rows have, such as the question of each clue, or a picture."""
    found = set(parts.findall(side))
    for part in found & said:
        side = side.replace(part, "")
    said |= found
    return side


def _key(faces: Iterable[Face]) -> Iterator[str]:
    """Return rows with the number, the name and the kind of each card, and its answer."""
    for face in faces:
        names = "<br>".join(escape(name) for name in (face.title, face.label) if name)
        yield (
            f'<tr><td class="number">{face.number}</td><td class="entry">{names}</td>'
            f'<td class="face back">{face.back}</td></tr>'
        )
