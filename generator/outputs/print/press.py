"""Carrying out a print order: from the cards of a deck to a finished, checked PDF."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.deck import Deck
from generator.diagnostics import Diagnostic
from generator.files import write_whole
from generator.notes import NoteSet
from generator.outputs.print.calibration import print_calibration, printer_from
from generator.outputs.print.engine import Engine, Resources, installed_engine
from generator.outputs.print.faces import SMALL_PRINT, Face, make_faces, select, sort_faces
from generator.outputs.print.faults import glyph_faults, maths_faults, overflow_faults
from generator.outputs.print.fonts import covered_characters
from generator.outputs.print.job import Job, fit_faces, fit_one, open_engine, print_cards, style_of
from generator.outputs.print.lists import print_list
from generator.outputs.print.memory import changed_since, remember_printed
from generator.outputs.print.order import Order, OrderError, Printed, Printer
from generator.outputs.print.placements import Side, usable_slots
from generator.outputs.print.sheet import Look
from generator.outputs.print.verify import find_strays
from generator.stock import Stock, find_stock

Progress = Callable[[Iterable[Any], int], Iterable[Any]]


class Press:
    """The cards of one deck, the stocks they can be printed on, and an engine.

    `templates` is the folder of print templates; `record` is the file that says what is on paper already.
    """

    def __init__(  # noqa: PLR0913, PLR0917
        self, deck: Deck, notes: NoteSet, stocks: Mapping[str, Stock], order: Order, templates: Path, record: Path
    ) -> None:
        self._deck, self._notes, self._stocks, self._order, self._record = deck, notes, stocks, order, record
        self._name, self._stock = _stock(stocks, order)
        self._engine_name = installed_engine(order.engine)
        self._title = notes.deck.rpartition("::")[2]
        self._language = deck.settings.language
        resources = Resources(
            fonts=templates / "fonts",
            style=style_of(templates, order.details),
            pictures={item.name: item.read() for item in notes.media},
            title=self._title,
            language=self._language,
            accessible=order.accessible,
        )
        self._engine: Engine = open_engine(self._engine_name, resources)
        self._covered = covered_characters(templates / "fonts")

    def print(self, file: Path, progress: Progress) -> tuple[Printed | None, tuple[Diagnostic, ...]]:
        """Write the PDF, or say what is wrong with the cards and write nothing. Raises OrderError on wrong use."""
        order = self._order
        faces = self._faces()
        if not faces:
            return Printed(None, self._name, 0, 0, 0, 0, self._engine_name), ()
        hidden = () if order.details else SMALL_PRINT
        faults = tuple(glyph_faults(self._deck, faces, self._covered, hidden))
        told = tuple(maths_faults(self._deck, faces))
        if order.layout != "cards":
            if faults:
                return None, faults + told
            pdf, pages = print_list(faces, order, self._stock, self._engine, self._title, self._language)
            write_whole(file, pdf)
            return Printed(file, self._name, len(faces), 0, pages, len(pdf), self._engine_name), told
        job = self._job(faces)
        sizes = fit_faces(job, self._engine, progress)
        fitting = self._stocks_that_fit
        faults += tuple(overflow_faults(self._deck, job, self._name, sizes, order.strict, fitting))
        if faults:
            return None, faults + told
        pdf, places = print_cards(job, sizes, self._engine, progress)
        strays = find_strays(pdf, job, places) if order.check else None
        write_whole(file, pdf)
        if not strays:
            remember_printed(faces, self._record)
        pages = places[-1].page + 1
        sheets = places[-1].sheet + 1
        return Printed(
            file, self._name, len(job.faces), sheets, pages, len(pdf), self._engine_name, tuple(sizes.values()), strays
        ), told

    def report(self, progress: Progress) -> Printed:
        """Return how the cards fit on every stock; write nothing."""
        faces = self._faces()
        report = {}
        for name, stock in progress(self._stocks.items(), len(self._stocks) * len(faces)):
            job = replace(self._job(faces), stock=stock)
            report[name] = tuple(fit_faces(job, self._engine, lambda items, _: items).values())
        return Printed(None, self._name, len(faces), 0, 0, 0, self._engine_name, report=report)

    def _faces(self) -> tuple[Face, ...]:
        order = self._order
        faces, unknown = select(make_faces(self._notes), order.only)
        if unknown:
            raise OrderError(
                f"Nothing is called {', '.join(f'`{term}`' for term in unknown)}: "
                "name an entry's key, a category path, a tag or a kind of card."
            )
        if order.changed:
            faces = changed_since(faces, self._record)
        return sort_faces(faces, order.sort) * order.copies

    def _job(self, faces: tuple[Face, ...]) -> Job:
        order = self._order
        marks = order.marks or ("none" if self._stock.perforated else "crop")
        look = Look(
            safe=order.safe, bleed=order.bleed, marks=marks, ink=order.ink, details=order.details, title=self._title,
            offset=order.printer.offset, rotation=order.printer.rotation,
        )  # fmt: skip
        return Job(faces, self._stock, order.scheme, look, order.floor, self._language, self._title)

    def _stocks_that_fit(self, face: Face, side: Side) -> tuple[str, ...]:
        job = self._job((face,))
        return tuple(
            name for name, stock in self._stocks.items()
            if fit_one(replace(job, stock=stock), side, self._engine).fits
        )  # fmt: skip


def _stock(stocks: Mapping[str, Stock], order: Order) -> tuple[str, Stock]:
    """The stock that was ordered. Raises OrderError if there is none of that name or it has no slot left."""
    if isinstance(order.stock, Stock):
        name, stock = order.stock.stock, order.stock
    else:
        found = find_stock(stocks, order.stock)
        if found is None:
            raise OrderError(f"There is no stock `{order.stock}`. `aetia print stocks` lists them.")
        name, stock = found, stocks[found]
    slots = usable_slots(stock, order.scheme)
    if not slots:
        raise OrderError(f"{name} cannot be folded: no card lies wholly on one side of the middle.")
    if not [slot for slot in slots if slot + 1 >= order.start and slot + 1 not in order.skip]:
        raise OrderError(f"No slot of the first sheet is left: {name} has {len(stock.slots)}.")
    if 2 * order.safe > min(stock.card) - 15:
        raise OrderError(
            f"A safe margin of {order.safe:g} mm leaves no room on cards of {stock.card[0]:g} by {stock.card[1]:g} mm."
        )
    return name, stock


def calibrate(order: Order, stocks: Mapping[str, Stock], templates: Path, file: Path) -> None:
    """Write the sheet that shows how a printer shifts backs."""
    _, stock = _stock(stocks, order)
    resources = Resources(templates / "fonts", style_of(templates, details=False), {}, "Aetia", "en")
    engine = open_engine(installed_engine(order.engine), resources)
    write_whole(file, print_calibration(stock, order.flip, engine))


def measure_printer(measured: Sequence[float], order: Order, stocks: Mapping[str, Stock]) -> Printer:
    """Return the printer whose shift was read from the calibration sheet."""
    return printer_from(measured, _stock(stocks, order)[1], order.flip)
