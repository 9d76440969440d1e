"""From a card to what it rests on, and from a source to its cards."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.cards.provenance import Trace, known_keys, names_of, resting_on, trace
from generator.ledger.identity import ID_STEP
from generator.model.notes import Card
from generator.text.keys import fold_name
from generator.workflows.prepare import Findings, Prepared, locate, prepare
from generator.workflows.print_ import key_on_paper

_ON_PAPER = re.compile(r"(?:№ ?)?(\d{1,6})(?:·\d+)?")
"""The number on a printed card, and which part of it it is."""


@dataclass(frozen=True)
class Why:
    """The answer about a deck's cards: entries and what they rest on, or what rests on a source; all known names.

    `asked` are the cards with the key that was asked for, if that is not the key of an entry. `reviews` says whether
    the deck tells how far it is reviewed. `retired` is the time, in seconds since 1970, at which a build gave up the
    note that was asked for.
    """

    deck: str
    traces: tuple[Trace, ...]
    resting: tuple[tuple[tuple[str, str], tuple[str, ...], Mapping[str, int]], ...]
    known: tuple[str, ...]
    asked: tuple[Card, ...] = ()
    reviews: bool = True
    retired: int | None = None


def trace_cards(folder: Path, card: str | None, source: str | None, user_data: Path) -> tuple[Why | None, Findings]:
    """Trace a card to what it rests on, or a source to the cards that rest on it.

    `user_data` is the folder with the record of printed cards.
    """
    prepared, diagnostics = prepare(folder, now=0)
    if prepared is None:
        return None, locate(diagnostics)
    deck, notes = prepared.deck, prepared.release.notes
    if source:
        return Why(folder.name, (), resting_on(deck, notes, source), tuple(deck.sources)), locate(())
    key = _key_of(prepared, card or "", user_data)
    traces = tuple(trace(deck, notes, name) for name in names_of(deck, notes, key))
    own = [trace.key for trace in traces] == [key]
    asked = () if own else tuple(card for note in notes.notes if note.key == key for card in note.cards)
    records = prepared.before.notes.items() if prepared.before and not traces else ()
    retired = next((record.retired for name, record in records if name.key == key), None)
    return Why(folder.name, traces, (), known_keys(deck, notes), asked, deck.tells_reviews, retired), locate(())


def _key_of(prepared: Prepared, asked: str, user_data: Path) -> str:
    """Return the key of what has this name, or of the note that has this number in Anki or on paper."""
    deck, notes, lock = prepared.deck, prepared.release.notes, prepared.before
    if asked in known_keys(deck, notes):
        return asked
    if on_paper := _ON_PAPER.fullmatch(asked):
        return key_on_paper(int(on_paper[1]), prepared, user_data) or asked
    if lock and asked.isdecimal():
        number = int(asked)
        return next((key for (_, key), r in lock.notes.items() if r.id <= number < r.id + ID_STEP), asked)
    name = fold_name(asked)
    return next((key for key, cause in deck.causes.items() if fold_name(cause.cause) == name), asked)
