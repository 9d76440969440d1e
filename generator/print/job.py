"""A print job from cards to PDF: choose the type size of each face, lay the cards out, typeset, finish."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import islice, product
from pathlib import Path
from typing import Any

from generator.print.engine import ENGINES, Engine, EngineMissingError, Resources
from generator.print.faces import SMALL_PRINT
from generator.print.finish import Binding, finish
from generator.print.fit import Fitted, fit
from generator.print.placements import Placement, Side, impose
from generator.print.sheet import Job, fragment, make_pages, small_lines, text_box

Progress = Callable[[Iterable[Any], int], Iterable[Any]]

BATCH = 160
"""Cards that are typeset as one document; more take longer each, fewer share less."""
SIDES: tuple[Side, Side] = ("front", "back")


Sizes = Mapping[tuple[int, Side], Fitted]


def open_engine(name: str, resources: Resources) -> Engine:
    """Return a typesetter. Raises EngineMissingError if it lacks a library of the system."""
    try:
        module = import_module(ENGINES[name])
    except OSError as error:
        raise EngineMissingError(
            f"{name} lacks a library of the system; on Linux install libpango-1.0-0 and libpangoft2-1.0-0. It says: "
            f"{str(error).splitlines()[0]}"
        ) from error
    engine: Engine = module.make(resources)
    return engine


def style_of(folder: Path, details: bool) -> str:
    """Return the style of printed cards from the print templates in a folder."""
    hidden = "" if details else ", ".join(f".face .{name}" for name in SMALL_PRINT) + " { display: none; }\n"
    return (folder / "cards.css").read_text("utf-8") + hidden


def fit_faces(job: Job, engine: Engine, progress: Progress) -> Sizes:
    """Return how each side of each card fits."""
    sizes: dict[tuple[int, Side], Fitted] = {}
    wanted: tuple[Side, ...] = {"fronts": ("front",), "backs": ("back",)}.get(job.scheme.sides, SIDES)  # type: ignore[assignment]
    numbered = progress(enumerate(job.faces), len(job.faces))
    for batch in _batches(numbered, BATCH):
        for side, lines in product(wanted, (1, 2)):
            group = [(index, face) for index, face in batch if small_lines(face, side) == lines]
            box = text_box(job.stock, job.look, lines)
            done = fit([face.side(side) for _, face in group], box, job.floor, _measure(engine, side))
            sizes |= {(index, side): fitted for (index, _), fitted in zip(group, done, strict=True)}
    return sizes


def fit_one(job: Job, side: Side, engine: Engine) -> Fitted:
    """Return how one side of the job's first card fits."""
    box = text_box(job.stock, job.look, small_lines(job.faces[0], side))
    return fit([job.faces[0].side(side)], box, job.floor, _measure(engine, side))[0]


def print_cards(job: Job, sizes: Sizes, engine: Engine, progress: Progress) -> tuple[bytes, tuple[Placement, ...]]:
    """Return the finished PDF and where each side of each card stands in it."""
    places = impose(len(job.faces), job.stock, job.scheme)
    points = {which: fitted.size for which, fitted in sizes.items()}
    pages = progress(make_pages(job, places, points), places[-1].page + 1 if places else 0)
    each = max(2, 2 * (BATCH // len(job.stock.slots)))
    pdf = engine.paint(map("".join, _batches(pages, each)), job.stock.page)
    return finish(pdf, _binding(job, places)), places


def _measure(engine: Engine, side: Side) -> Callable[[Sequence[tuple[str, float]], float], Sequence[float]]:
    def measure(faces: Sequence[tuple[str, float]], width: float) -> Sequence[float]:
        return engine.measure([(fragment(html, side, size), size) for html, size in faces], width)

    return measure


def _binding(job: Job, places: Sequence[Placement]) -> Binding:
    sides = job.scheme.sides
    first = {place.sheet: place.page for place in reversed(places)}
    categories: dict[int, dict[str, None]] = {}
    for place in places:
        if category := job.faces[place.card].category:
            categories.setdefault(place.sheet, {})[category] = None
    outline = [
        (f"{sheet + 1}" + "".join(f" · {name}" for name in categories.get(sheet, ())), page)
        for sheet, page in sorted(first.items())
    ]
    letters = {"duplex": ("F", "B"), "fronts": ("F",), "backs": ("B",), "fold": ("",)}[sides]
    pages = max((place.page for place in places), default=-1) + 1
    return Binding(
        title=job.title,
        language=job.language,
        labels=[f"{index // len(letters) + 1}{letters[index % len(letters)]}" for index in range(pages)],
        outline=outline,
        flip=job.scheme.flip if sides == "duplex" else None,
    )


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch
