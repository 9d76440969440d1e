"""`aetia review`: show a reader's marks on cards as diagnostics at the entries, and sign entries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from generator.check.texts import unsourced
from generator.diagnostics import Diagnostic, KeyPath, Place, WrongUseError
from generator.files import write_whole
from generator.load.marks import read_marks
from generator.model.deck import Deck
from generator.model.entries import Review
from generator.model.marks import MAX_LINE, Mark, ReviewFile
from generator.model.notes import Card, EntryRef, NoteId, NoteSet, card_id
from generator.model.reviewed import fingerprint
from generator.project.edit import CannotEditError, InBraces, change_values, edit_bytes
from generator.text.words import in_one_line
from generator.workflows.prepare import Findings, day_of, locate, prepare


@dataclass(frozen=True)
class Reviewed:
    """The result of a review of a deck.

    `marks` counts the cards by their mark. Of the entries that were read, `ready` can be signed, `doubted` have a card
    that is wrong or unclear, `partly` have cards without a mark, and `others` are signed by somebody else. `signed` are
    those that were signed now. `unsourced` are those that can be signed and name no source. All are names of entries.
    """

    deck: str
    reader: str | None
    cards: int
    marks: Mapping[str, int]
    ready: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    unsourced: tuple[str, ...] = ()


@dataclass
class _Reading:
    """The marks on an entry's cards, and the number of its cards without a mark."""

    marks: list[tuple[Card, Mark]] = field(default_factory=list)
    unread: int = 0


def review(
    file: Path, folders: Iterable[Path], now: int, sign: bool, by: str | None = None
) -> tuple[Reviewed | None, Findings]:
    """Return what a file of marks says about its deck, one of `folders`, and sign what can be signed if `sign` is set.

    `now`, in seconds since 1970, is the day of the review. `by` names the reader if the file does not. An entry
    is signed if each of its cards is marked right and its text is still the one that was read.
    """
    if file.suffix.casefold() in (".html", ".htm"):
        raise WrongUseError(f"{file.name} is a page. Name the file that it saves when a reader has marked its cards.")
    marks, faults = read_marks(file)
    if marks is None:
        return None, locate(faults)
    marks = _with_reader(marks, by)
    if sign and marks.reader is None:
        raise WrongUseError('This file names no reader, so nothing can be signed. Name the reader: --by "NAME".')
    folder = _folder_of(marks, tuple(folders))
    prepared, diagnostics = prepare(folder, now)
    if prepared is None:
        return None, locate(diagnostics)
    deck, notes = prepared.deck, prepared.release.notes
    readings, lost = _readings(marks, notes, file)
    today = day_of(now)
    texts = {ref: fingerprint(deck, ref) for ref in readings}
    ready, others = _ready(deck, readings, texts, marks.reader, today)
    said = [*lost, *(d for ref in readings for d in _said(deck, ref, readings[ref], texts[ref], marks.reader))]
    signed: tuple[EntryRef, ...] = ()
    if sign:
        signed, unsigned = _sign(deck, {ref: _written(marks, texts[ref], today) for ref in ready})
        said += unsigned
    names = partial(_names, deck)
    reviewed = Reviewed(
        folder.name,
        marks.reader,
        sum(len(note.cards) for note in notes.notes),
        Counter(mark.mark for reading in readings.values() for _, mark in reading.marks),
        names(ready),
        names(ref for ref, reading in readings.items() if any(mark.mark != "right" for _, mark in reading.marks)),
        names(ref for ref, reading in readings.items() if reading.unread),
        names(others),
        names(signed),
        tuple(key for kind, key, _ in unsourced(deck) if (kind, key) in ready),
    )
    return reviewed, locate(tuple(said))


def _name(deck: Deck, ref: EntryRef) -> str:
    return ref.key or deck.settings.finding.name


def _names(deck: Deck, refs: Iterable[EntryRef]) -> tuple[str, ...]:
    return tuple(_name(deck, ref) for ref in refs)


def _with_reader(marks: ReviewFile, by: str | None) -> ReviewFile:
    """Return the marks with the name of their reader, if the author gives one."""
    name = in_one_line(by or "")[:MAX_LINE]
    if name and marks.reader not in (None, name):
        raise WrongUseError(f"This file is the review of {marks.reader}; --by is for a file that names no reader.")
    return marks.model_copy(update={"reader": name}) if name else marks


def _folder_of(marks: ReviewFile, folders: tuple[Path, ...]) -> Path:
    """Return the deck that was read: the one with that name, or the only one."""
    named = [folder for folder in folders if folder.resolve().name == marks.deck]
    if not named and len(folders) != 1:
        raise WrongUseError(f"This is a review of the deck `{marks.deck}`, which is not here; name its folder.")
    return (named or folders)[0]


def _readings(marks: ReviewFile, notes: NoteSet, file: Path) -> tuple[dict[EntryRef, _Reading], list[Diagnostic]]:
    """Return the marks by entry, in the order of the cards, and the marks whose card is gone.

    A card whose note has another key now has the marks on its former ones.
    """
    by_card = {mark.card: mark for mark in marks.marks}
    places = {mark.card: Place(file, ("marks", index, "card")) for index, mark in enumerate(marks.marks)}
    readings: dict[EntryRef, _Reading] = defaultdict(_Reading)
    for note in notes.notes:
        for card in note.cards:
            names = (note.key, *notes.renamed.get(note.id, ()))
            found = (by_card.pop(card_id(NoteId(note.note_type, key), card.ordinal), None) for key in names)
            mark = next(filter(None, found), None)
            readings[card.entry].marks += [(card, mark)] if mark else []
            readings[card.entry].unread += mark is None
    if marks.marks and not any(reading.marks for reading in readings.values()):
        raise WrongUseError(f"No card of this review is in this deck; it is of the deck `{marks.deck}`.")
    lost = [
        Diagnostic(
            "unknown-card",
            f"the card `{name}`, marked {mark.mark}, no longer exists",
            places[name],
            hint=in_one_line(mark.remark) or None,
        )
        for name, mark in by_card.items()
    ]
    return {ref: reading for ref, reading in readings.items() if reading.marks}, lost


def _ready(
    deck: Deck, readings: Mapping[EntryRef, _Reading], texts: Mapping[EntryRef, str], reader: str | None, today: date
) -> tuple[tuple[EntryRef, ...], tuple[EntryRef, ...]]:
    """Return the entries that can be signed, and those that cannot only because somebody else's review is valid."""
    right = [
        ref
        for ref, reading in readings.items()
        if not reading.unread and all((m.mark, m.fingerprint) == ("right", texts[ref]) for _, m in reading.marks)
    ]
    others = tuple(ref for ref in right if _is_others(deck.entry(ref).review, reader, today))
    return tuple(ref for ref in right if ref not in others), others


def _is_others(review: Review, reader: str | None, today: date) -> bool:
    return review.holds(today) and review.by != reader


def _said(deck: Deck, ref: EntryRef, reading: _Reading, text: str, reader: str | None) -> Iterator[Diagnostic]:
    """Yield a reader's marks on an entry, each remark at the longer of the card's question and answer."""
    name, who = _name(deck, ref), reader or "the reader"
    edited = any(mark.fingerprint != text for _, mark in reading.marks)
    for card, mark in reading.marks:
        keys: KeyPath = card.cue_at if len(card.cue) > len(card.answer) else card.answer_at
        message = f"{who} marks the {card.kind} of `{name}` {mark.mark}"
        message += f": {in_one_line(mark.remark)}" if mark.remark else ""
        hint = "the text was edited since" if mark.fingerprint != text else None
        place = deck.entry_place(ref, *keys)
        if mark.mark == "wrong":
            yield Diagnostic("marked-wrong", message, place, hint=hint)
        elif mark.mark == "unclear":
            yield Diagnostic("marked-unclear", message, place, hint=hint)
    if edited and all(mark.mark == "right" for _, mark in reading.marks):
        message = f"`{name}` was edited since {who} read it, so it cannot be signed"
        hint = "send a new page; it keeps the marks on unchanged texts"
        yield Diagnostic("read-before-edit", message, deck.entry_place(ref), hint=hint)


def _written(marks: ReviewFile, text: str, today: date) -> InBraces:
    """Return a review as it is written into an entry."""
    who = {key: value for key, value in (("by", marks.reader), ("role", marks.role)) if value}
    return InBraces({"state": "reviewed", **who, "on": str(today), "fingerprint": text})


def _sign(deck: Deck, reviews: Mapping[EntryRef, InBraces]) -> tuple[tuple[EntryRef, ...], list[Diagnostic]]:
    """Write reviews into the author's files. An entry that cannot take its review stays as it is, and is reported."""
    by_file: dict[Path, dict[KeyPath, InBraces]] = defaultdict(dict)
    for ref, written in reviews.items():
        place = deck.entry_place(ref)
        by_file[place.file][*place.keys, "review"] = written
    refused: dict[Place, str] = {}
    for file, inside in by_file.items():
        old = file.read_bytes()
        new, reasons = _with_reviews(old, inside)
        if new != old:
            write_whole(file, new)
        refused |= {Place(file, keys[:-1], on_key=True): reason for keys, reason in reasons.items()}
    said = [Diagnostic("cannot-sign", reason, place, hint="write it by hand") for place, reason in refused.items()]
    return tuple(ref for ref in reviews if deck.entry_place(ref) not in refused), said


def _with_reviews(content: bytes, reviews: Mapping[KeyPath, InBraces]) -> tuple[bytes, Mapping[KeyPath, str]]:
    """Return a file with all reviews set or, if one fails, those that can be set; and why others cannot."""

    def with_some(some: Mapping[KeyPath, InBraces]) -> bytes:
        return edit_bytes(content, lambda text: change_values(text, some, short_for="name"))

    try:
        return with_some(reviews), {}
    except CannotEditError:
        refused = {}
    for path, written in reviews.items():
        try:
            content = with_some({path: written})
        except CannotEditError as error:
            refused[path] = str(error)
    return content, refused
