"""Carry out a print order, from the cards of a deck to a finished, checked PDF."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.diagnostics import Diagnostic
from generator.files import write_whole
from generator.model.deck import Deck
from generator.model.notes import NoteSet
from generator.model.stock import Stock, find_stock
from generator.print.calibration import print_calibration, printer_from
from generator.print.engine import Engine, Resources, installed_engine, read_styles
from generator.print.faces import DRAWN, REFERENCES, SMALL_PRINT, Face, make_faces, number_faces, select, sort_faces
from generator.print.faults import glyph_faults, maths_faults, overflow_faults
from generator.print.fonts import Fonts, covered_characters
from generator.print.job import SIDES, Sizes, fit_faces, fit_one, open_engine, print_cards
from generator.print.lines import Setter
from generator.print.lists import print_list
from generator.print.memory import OnPaper, read_printed, remember_made
from generator.print.order import READABLE, Order, OrderError, Printed, Printer, Sets, Suits
from generator.print.placements import Flip, Side, fold_line, turn_margins, usable_slots
from generator.print.sheet import HEAD, Edges, Job, Look
from generator.print.split import split
from generator.print.style import choose_fonts, deck_styles, own_colours
from generator.print.verify import find_strays, require_reader
from generator.resources import bundled
from generator.text.html import without_classes

Progress = Callable[[Iterable[Any], int], Iterable[Any]]

_TOUCHING = 0.5
"""How near to a fold, in mm, two cards must be to hold together there."""
_ALIKE = 120
"""The similarity, out of 200, from which a name may have been meant."""


class Press:
    """The cards of one deck, the stocks they can be printed on, and an engine.

    `record` is the file that says which cards are on paper.
    """

    def __init__(
        self,
        deck: Deck,
        notes: NoteSet,
        words: Mapping[str, str],
        stocks: Mapping[str, Stock],
        order: Order,
        record: Path,
    ) -> None:
        templates = bundled("templates") / "print"
        self._deck, self._notes, self._words = deck, notes, words
        self._stocks, self._order, self._record = stocks, order, record
        self._printed = read_printed(record)
        self._name, self._stock = _stock(stocks, replace(order, stock=self._wanted()))
        self._engine_name = installed_engine(order.engine)
        self._title = notes.deck.rpartition("::")[2]
        self._language = deck.settings.language
        self._details = order.details or (order.changed and any(card.details for card in self._printed.values()))
        self._made = self._make(self._details)
        fonts, self._told = choose_fonts(self._made, order, deck.settings.style.font, self._language)
        styles = deck_styles(read_styles(templates), deck.settings.style, fonts, order.ink)
        damaged = {media.file for media in deck.media.values() if media.damage}  # engines would complain of them
        self._setter = Setter(fonts, styles.faces)
        self._covered = covered_characters(fonts)
        resources = Resources(
            fonts=fonts,
            styles=styles,
            pictures={item.name: item.read() for item in notes.media if item.source not in damaged},
            title=self._title,
            language=self._language,
            accessible=order.accessible,
        )
        self._engine: Engine = open_engine(self._engine_name, resources)

    def _wanted(self) -> str | Stock:
        """Return the stock that was asked for. Otherwise changed cards get that of the last sheets on paper."""
        if self._order.usual and self._order.changed:
            last = next((card.stock for card in reversed(list(self._printed.values())) if card.hash), "")
            if isinstance(last, Stock) or last in self._stocks:
                return last
        return self._order.stock

    def _make(self, details: bool) -> tuple[Face, ...]:
        """Return all cards of the deck, with or without their details."""
        faces = make_faces(self._notes, self._deck, self._words, () if details else SMALL_PRINT)
        return number_faces(faces, {name: card.number for name, card in self._printed.items()})

    def print(self, file: Path, progress: Progress) -> tuple[Printed | None, tuple[Diagnostic, ...]]:
        """Write the PDF, or return what is wrong with the cards and write nothing. Raise OrderError on wrong use."""
        order = self._order
        if order.report:
            return self._report(progress), ()
        if order.check:
            if order.layout != "cards":
                raise OrderError(f"--check is for cards on sheets, not for --layout {order.layout}.")
            require_reader()  # fail before the work
        faces = self._faces()
        if not faces:
            return Printed(None, self._name, 0, 0, 0, 0, self._engine_name, old=self._old(())), ()
        faults = tuple(glyph_faults(self._deck, faces, self._covered))
        told = tuple(maths_faults(self._deck, faces))
        job = self._job(faces)
        if order.layout != "cards":
            if faults:
                return None, faults + told
            pdf, pages = print_list(job, order.layout, self._engine)
            write_whole(file, pdf)
            return Printed(file, self._name, len(faces), 0, pages, len(pdf), self._engine_name), told
        job, sizes, left_out = self._fit(job, progress)
        faults += tuple(overflow_faults(self._deck, job, sizes, order.fit == "strict", self._stocks_that_fit))
        if faults:
            return None, faults + told
        pdf, places = print_cards(job, sizes, self._engine, progress)
        strays = find_strays(pdf, job, places) if order.check else None
        write_whole(file, pdf)
        if not strays:
            made = self._on_paper(face for face in faces if face not in left_out)
            remember_made(made, self._gone(), file, self._record)
        warnings = (
            *self._told, *self._fewer_sets(), *_measured_otherwise(job, order.printer),
            *blank_edges(job, order.printer.blank), *_loose_halves(job), *_named_left_out(left_out, self._name),
        )  # fmt: skip
        on_sheets = Counter(sheet for sheet, _ in {(place.sheet, place.slot) for place in places})
        last = on_sheets[max(on_sheets)]
        return Printed(
            file, self._name, len(job.faces) * job.sets, len(on_sheets), places[-1].page + 1, len(pdf),
            self._engine_name, tuple(sizes.values()), strays, sum(face.part > "1" for face in job.faces), warnings,
            folded=() if self._details else tuple(face.number for face in faces if face.folds),
            smaller=_numbers(job.faces[index] for (index, _), fitted in sizes.items() if fitted.shrunk),
            continued=_numbers(face for face in job.faces if face.part > "1"), old=self._old(faces),
            as_before=self._details and not order.details, same_stock=self._wanted() != order.stock,
            last=last if len(on_sheets) > 1 < len(usable_slots(job.stock, job.scheme)) else 0, sets=_sets(job),
            duplex=order.sides == "duplex",
        ), told  # fmt: skip

    def _fit(self, job: Job, progress: Progress) -> tuple[Job, Sizes, tuple[Face, ...]]:
        """Return the job as it can be printed, how its sides fit, and the drawings that do not fit.

        Text that would be too small to read easily continues on another card. What cannot continue is set as small as
        the order allows.
        """
        readable = replace(job, floor=max(job.floor, READABLE) if self._order.fit == "split" else job.floor)
        sizes = fit_faces(readable, self._engine, progress)
        if all(fitted.fits for fitted in sizes.values()):
            return job, sizes, ()
        if self._order.fit == "split":
            job = replace(job, faces=tuple(self._continued(readable, sizes)))
            sizes = self._refit(job, readable, sizes, progress)
        unfit = {index for (index, _), fitted in sizes.items() if not fitted.fits}
        left_out = tuple(job.faces[index] for index in unfit if job.faces[index].note_type == DRAWN)
        if left_out:
            before, job = job, replace(job, faces=tuple(face for face in job.faces if face not in left_out))
            sizes = self._refit(job, before, sizes, progress)
        return job, sizes, left_out

    def _refit(self, job: Job, before: Job, sizes: Sizes, progress: Progress) -> Sizes:
        """Return how the sides of a job fit. The cards that did fit in the job before stay as they were there."""
        pairs = {face: {side: sizes[index, side] for side in SIDES} for index, face in enumerate(before.faces)}
        known = {face: pair for face, pair in pairs.items() if all(fitted.fits for fitted in pair.values())}
        others = tuple(face for face in job.faces if face not in known)
        fitted = fit_faces(replace(job, faces=others), self._engine, progress)
        known |= {face: {side: fitted[index, side] for side in SIDES} for index, face in enumerate(others)}
        return {(index, side): known[face][side] for side in SIDES for index, face in enumerate(job.faces)}

    def _continued(self, job: Job, sizes: Sizes) -> Iterator[Face]:
        """Return the job's cards. A back that does not fit continues on more cards with the same front.

        References get no card of their own: they are left out if there is no room.
        """
        for index, face in enumerate(job.faces):
            back = sizes.get((index, "back"))
            if back is None or back.fits:
                yield face
                continue
            bare = without_classes(face.back, REFERENCES)
            pieces = split(bare, lambda html, face=face: self._fits(job, replace(face, back=html), "back"))  # type: ignore[misc]
            for number, piece in enumerate(pieces, 1):
                yield replace(face, back=piece, part=str(number) if len(pieces) > 1 else "", parts=len(pieces))

    def _fits(self, job: Job, face: Face, side: Side) -> bool:
        return fit_one(replace(job, faces=(face,)), side, self._engine).fits

    def _report(self, progress: Progress) -> Printed:
        """Return how the cards fit on every stock."""
        faces = self._faces()
        report = {}
        for name, stock in progress(self._stocks.items(), len(self._stocks)):
            job, sizes, left_out = self._fit(replace(self._job(faces), stock=stock), lambda items, _: items)
            slots = len(stock.slots)
            plain = slots > 1 and not stock.perforated
            sheets = -(-len(job.faces) // slots)
            report[name] = Suits(tuple(sizes.values()), sheets, stock.paper, plain, len(left_out))
        return Printed(None, self._name, len(faces), 0, 0, 0, self._engine_name, report=report)

    def _faces(self) -> tuple[Face, ...]:
        order = self._order
        faces = self._made
        for term in (*order.only, *order.without):
            if not any(face.is_called(term) for face in faces):
                names = {name for face in faces for name in face.names}
                raise OrderError(
                    f"Nothing is called `{term}`.{_meant(term, names)} "
                    "Name an entry's key, a category path, a tag, a kind of card or a number."
                )
        faces = select(faces, order.only, order.without)
        if not faces:
            raise OrderError("--without leaves no card to print." if self._made else "This deck has no cards yet.")
        if order.changed:
            faces = self._changed(faces)
        return sort_faces(faces, order.sort or ("number" if order.layout == "key" else None))

    def _changed(self, faces: Iterable[Face]) -> tuple[Face, ...]:
        """Return the cards that are not on paper as they are now, compared as printed, with or without details."""
        printed = self._printed
        now = {
            details: {face.name: face.hash for face in self._make(details)}
            for details in {card.details for card in printed.values()}
        }
        return tuple(
            face for face in faces
            if not (there := printed.get(face.name)) or there.hash != now[there.details][face.name]
        )  # fmt: skip

    def _on_paper(self, faces: Iterable[Face]) -> dict[str, OnPaper]:
        """Return cards as this order prints them, by name."""
        stock = self._name if self._name in self._stocks else self._stock
        copies = self._order.copies
        return {face.name: OnPaper(face.number, self._details, face.hash, stock, copies=copies) for face in faces}

    def _fewer_sets(self) -> Iterator[str]:
        """Yield a message if changed cards are printed for fewer sets than are on paper."""
        sets = max((card.copies for card in self._printed.values() if card.hash), default=1)
        if self._order.changed and self._order.copies < sets:
            yield f"{sets} sets are on paper; --copies {sets} prints these cards for each"

    def _gone(self) -> dict[str, OnPaper]:
        """Return the cards on paper that the deck no longer has, if the order is to follow its changes."""
        names = {face.name for face in self._made}
        return {n: card for n, card in self._printed.items() if self._order.changed and card.hash and n not in names}

    def _old(self, faces: Iterable[Face]) -> tuple[int, ...]:
        """Return the numbers of the cards on paper that these changed ones replace, and of those that are gone."""
        known = (self._printed.get(face.name) for face in faces) if self._order.changed else ()
        return tuple(sorted(card.number for card in (*self._gone().values(), *known) if card and card.hash))

    def _job(self, faces: tuple[Face, ...]) -> Job:
        order = self._order
        marks = order.marks or ("none" if self._stock.perforated else "crop")
        look = Look(
            safe=order.safe, bleed=order.bleed, marks=marks, ink=order.ink, details=self._details, title=self._title,
            offset=order.printer.offset, rotation=order.printer.rotation,
            accent=own_colours(self._deck.settings.style)[1],
        )  # fmt: skip
        return Job(
            faces, self._stock, self._name, order.scheme, look, order.floor, self._language, self._title, self._setter,
            self._words, order.copies,
        )  # fmt: skip

    def _stocks_that_fit(self, face: Face, side: Side) -> tuple[str, ...]:
        job = self._job((face,))
        return tuple(name for name, stock in self._stocks.items() if self._fits(replace(job, stock=stock), face, side))


def _sets(job: Job) -> Sets | None:
    """Return how the sets of a job lie on sheets, if there are several."""
    slots = len(usable_slots(job.stock, job.scheme))
    sheets, last = divmod(len(job.faces) - 1, slots)
    apart = job.scheme.start > 1 or bool(job.scheme.skip)
    return Sets(job.sets, sheets + 1, last + 1, slots, apart) if job.sets > 1 else None


def _numbers(faces: Iterable[Face]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(face.number for face in faces))


def _named_left_out(faces: Sequence[Face], stock: str) -> Iterator[str]:
    """Yield a message about drawings that are too large for a stock."""
    if faces:
        kinds = ", ".join(sorted({face.label for face in faces}))
        yield f"left out, because the drawing is too large for {stock}: {kinds} ({len(faces)})"


def _loose_halves(job: Job) -> Iterator[str]:
    """Yield a warning if an already cut sheet is folded in a gap between cards, so that front and back come apart."""
    fold = fold_line(job.stock, job.scheme)
    if not (fold and job.stock.perforated):
        return
    axis = 0 if fold[0] else 1
    edges = {edge for slot in job.stock.slots for edge in (slot[axis], slot[axis] + job.stock.card[axis])}
    gap = 2 * min(abs(edge - fold[axis]) for edge in edges)
    if gap > _TOUCHING:
        yield (
            f"the fold is in a gap of {gap:g} mm: on {job.stock_name} front and back come off as two loose cards; "
            "print on both sides instead, or fold a sheet to cut"
        )


def _stock(stocks: Mapping[str, Stock], order: Order) -> tuple[str, Stock]:
    """Return the stock that was ordered. Raise OrderError if no stock has that name, or if it has no slot left."""
    if isinstance(order.stock, Stock):
        name, stock = order.stock.stock, order.stock
    else:
        found = find_stock(stocks, order.stock)
        if found is None:
            bare = (name.partition("-")[2] for name in stocks)
            numbers = {alias for stock in stocks.values() for alias in stock.aliases}
            numbers |= {number for number in bare if len(number) > 1 and find_stock(stocks, number)}
            meant = _meant(order.stock, {*stocks, *numbers})
            raise OrderError(f"There is no stock `{order.stock}`.{meant} `aetia print stocks` lists them.")
        name, stock = found, stocks[found]
    if order.reverse and order.sides not in ("fronts", "backs"):
        raise OrderError("--reverse goes with --sides fronts or --sides backs.")
    slots = usable_slots(stock, order.scheme)
    if not slots:
        raise OrderError(f"{name} cannot be folded: no card lies wholly on one side of the middle.")
    if beyond := [slot for slot in order.skip if not 0 < slot <= len(stock.slots)]:
        raise OrderError(f"There is no slot {min(beyond)}: {name} has slots 1 to {len(stock.slots)}, row by row.")
    if not [slot for slot in slots if slot + 1 >= order.start and slot + 1 not in order.skip]:
        raise OrderError(f"No slot of the first sheet is left: {name} has {len(stock.slots)}.")
    if 2 * order.safe > min(stock.card) - 15:
        raise OrderError(
            f"A safe margin of {order.safe:g} mm leaves no room on cards of {stock.card[0]:g} by {stock.card[1]:g} mm."
        )
    return name, stock


def _meant(asked: str, known: Iterable[str]) -> str:
    from rapidfuzz import fuzz

    pairs = ((asked.casefold(), name.casefold(), name) for name in known)
    alike, name = max((fuzz.WRatio(one, other) + fuzz.ratio(one, other), name) for one, other, name in pairs)
    return f" Did you mean `{name}`?" if alike >= _ALIKE else ""


def blank_edges(job: Job, blank: Edges) -> Iterator[str]:
    """Yield a warning for each edge of the sheet where the printer's blank margin reaches into cards."""
    fronts = job.stock.margins
    right, down = job.look.offset
    moved = (down, -right, -down, right)
    turned = turn_margins(fronts, job.stock, job.scheme.flip)
    backs = tuple(edge + by for edge, by in zip(turned, moved, strict=True))
    sides = {"fronts": (fronts,), "backs": (backs,), "fold": (fronts,)}.get(job.scheme.sides, (fronts, backs))
    inset = job.look.safe - HEAD if job.look.bleed == 0 else -job.look.bleed
    for index, edge in enumerate(("top", "right", "bottom", "left")):
        reach = blank[index] - min(side[index] for side in sides)
        if blank[index] and reach > inset:
            kept = "" if job.look.bleed else f": --safe {round(reach + HEAD, 1):g} keeps the text clear of it"
            lost = f"{reach - inset:.1f} mm of cards are lost"
            yield f"the printer leaves {blank[index]:g} mm blank at the {edge}, so {lost}{kept}"


def calibrate(order: Order, stocks: Mapping[str, Stock], words: Mapping[str, str], file: Path) -> None:
    """Write the calibration sheet, with instructions in a deck's language."""
    templates = bundled("templates") / "print"
    _, stock = _stock(stocks, order)
    resources = Resources(Fonts(templates / "fonts"), read_styles(templates), {}, "Aetia", "en")
    engine = open_engine(installed_engine(order.engine), resources)
    write_whole(file, print_calibration(stock, order.flip, engine, words))


def measure_printer(measured: Sequence[float], order: Order, stocks: Mapping[str, Stock]) -> Printer:
    """Return the printer whose shift was read from the calibration sheet."""
    stock = _stock(stocks, order)[1]
    return replace(printer_from(measured, stock, order.flip), measured=_way(stock, order.flip))


def _way(stock: Stock, flip: Flip) -> str:
    """Return how a sheet goes through a printer, in words."""
    return f"--flip {flip} on {'upright' if stock.page[1] >= stock.page[0] else 'wide'} paper"


def _measured_otherwise(job: Job, printer: Printer) -> Iterator[str]:
    """Yield a warning if the backs go through the printer in another way than when it was measured."""
    way = _way(job.stock, job.scheme.flip)
    if printer.measured not in ("", way) and job.scheme.sides in ("duplex", "backs"):
        yield f"the printer was measured with {printer.measured}; measure it with {way} too, or backs may be shifted"
