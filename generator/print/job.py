"""A print job, from cards to PDF: choose the type size of each face, lay the cards out, typeset and finish."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import groupby, islice, product
from math import inf
from typing import Any

from generator.print.engine import ENGINES, Engine, EngineMissingError, Resources
from generator.print.finish import Binding, finish
from generator.print.fit import AIR, Fitted, fit
from generator.print.placements import Placement, Side, impose
from generator.print.sheet import Job, fragment, make_pages, small_lines, text_box

Progress = Callable[[Iterable[Any], int], Iterable[Any]]

BATCH = 160
"""The number of cards that are typeset as one document. More take longer each, fewer share less."""
SIDES: tuple[Side, Side] = ("front", "back")
_PT = 25.4 / 72
_SPARE = 1.25
"""If this much room in em (a line) is left, a face fits and need not be measured."""


Sizes = Mapping[tuple[int, Side], Fitted]


def open_engine(name: str, resources: Resources) -> Engine:
    """Return a typesetter. Raise EngineMissingError if it lacks a library of the system."""
    try:
        module = import_module(ENGINES[name])
    except OSError as error:
        raise EngineMissingError(
            f"{name} lacks a library of the system; on Linux install libpango-1.0-0 and libpangoft2-1.0-0. It says: "
            f"{str(error).splitlines()[0]}"
        ) from error
    engine: Engine = module.make(resources)
    return engine


def fit_faces(job: Job, engine: Engine, progress: Progress) -> Sizes:
    """Return how each side of each card fits, also if one side is printed: the other has as many cards."""
    sizes: dict[tuple[int, Side], Fitted] = {}
    numbered = progress(enumerate(job.faces), len(job.faces))
    for batch in _batches(numbered, BATCH):
        for side, lines in product(SIDES, (1, 2)):
            group = [(index, face) for index, face in batch if small_lines(face, side) == lines]
            done = _fit_sides(job, side, lines, [face.side(side) for _, face in group], engine)
            sizes |= {(index, side): fitted for (index, _), fitted in zip(group, done, strict=True)}
    return sizes


def fit_one(job: Job, side: Side, engine: Engine) -> Fitted:
    """Return how one side of the job's first card fits."""
    face = job.faces[0]
    return _fit_sides(job, side, small_lines(face, side), [face.side(side)], engine)[0]


def _fit_sides(job: Job, side: Side, lines: int, sides: Sequence[str], engine: Engine) -> tuple[Fitted, ...]:
    """Return how each of some sides with the same room fits."""
    box = text_box(job.stock, job.look, side, lines)
    texts = [job.setter.read(html) for html in sides]
    made: dict[tuple[int, float], str] = {}

    def guess(index: int, size: float) -> float:
        em = size * _PT
        if size > box.size and texts[index].is_narrow(box.width / em):
            return inf
        return texts[index].guess(box.width / em) * em

    def measure(tries: Sequence[tuple[int, float]]) -> Sequence[float]:
        known: dict[tuple[int, float], float] = {}
        for index, size in tries:
            em = size * _PT
            html, height = texts[index].set(box.width / em)
            made[index, size] = fragment(html, side, size, box.size)
            if texts[index].is_sure(box.width / em) and (height + _SPARE) * em < box.height * (1 - AIR):
                known[index, size] = height * em
        unknown = [which for which in tries if which not in known]
        heights = engine.measure([(made[i, size], size) for i, size in unknown], box.width)
        known |= zip(unknown, heights, strict=True)
        return [known[which] for which in tries]

    fitted = fit(len(sides), box, job.floor, guess, measure)
    return tuple(replace(item, html=made[index, item.size]) for index, item in enumerate(fitted))


def print_cards(job: Job, sizes: Sizes, engine: Engine, progress: Progress) -> tuple[bytes, tuple[Placement, ...]]:
    """Return the finished PDF and the place of each side of each card in it."""
    places = impose(len(job.faces), job.stock, job.scheme, job.sets)
    texts = {which: fitted.html for which, fitted in sizes.items()}
    pages = progress(make_pages(job, places, texts), places[-1].page + 1 if places else 0)
    each = max(2, 2 * (BATCH // len(job.stock.slots)))
    pdf = engine.paint(map("".join, _batches(pages, each)), job.stock.page)
    return finish(pdf, _binding(job, places)), places


def _binding(job: Job, places: Sequence[Placement]) -> Binding:
    sides = job.scheme.sides
    outline = []
    for _, group in groupby(sorted(places, key=lambda place: place.sheet), key=lambda place: place.sheet):
        cards = list(group)
        names = dict.fromkeys(filter(None, (job.faces[place.card].category for place in cards)))
        name = job.sheet_name(cards[0])
        outline.append((f"{name}: {', '.join(names)}" if names else name, min(place.page for place in cards)))
    front, back = (f" {job.words[f'paper-{side}']}" for side in SIDES)
    letters = {"duplex": (front, back), "fronts": (front,), "backs": (back,), "fold": ("",)}[sides]
    pages = max((place.page for place in places), default=-1) + 1
    labels = [f"{index // len(letters) + 1}{letters[index % len(letters)]}" for index in range(pages)]
    return Binding(
        title=job.title,
        language=job.language,
        labels=labels[::-1] if job.scheme.reverse else labels,
        outline=outline,
        flip=job.scheme.flip if sides == "duplex" else None,
    )


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch
