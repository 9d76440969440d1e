"""Trace a card to what it rests on (entry, texts, sources, claims, corrections, review), and a source to its cards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.cards.references import format_source
from generator.diagnostics import KeyPath
from generator.model.deck import Deck, Entry
from generator.model.entries import Category, Cause, OwnNote, Question, Review
from generator.model.notes import EntryRef, NoteSet
from generator.model.texts import SILENT, texts_in
from generator.text.citations import citations_in, split_citation

_NO_CLAIM = SILENT | {"aka", "facets", "image", "children", "deck"}
_NAMES: frozenset[KeyPath] = frozenset([("cause",), ("name",)])
"""The keys of an entry that are not statements and need no source."""


@dataclass(frozen=True)
class Statement:
    """A text of an entry and the sources that it cites, each as key and line. Without any, the entry's count."""

    where: str
    text: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Trace:
    """All that an entry's cards rest on. `cards` are the kinds of its cards with their number.

    `owner` is the cause that a question belongs to, and whose sources count for it too.
    """

    key: str
    name: str
    cards: Mapping[str, int]
    statements: tuple[Statement, ...]
    sources: tuple[tuple[str, str], ...]
    claims: tuple[tuple[str, str], ...]
    correction: tuple[str, str, str] | None
    review: Review
    owner: str | None = None

    @property
    def sourced(self) -> bool:
        """Whether the entry itself names a source."""
        return bool(self.sources) or any(said.sources for said in self.statements)


def names_of(deck: Deck, notes: NoteSet, asked: str) -> tuple[EntryRef, ...]:
    """Return the entries with this key or category path, or of the note with this key."""
    kinds = (("causes", deck.causes), ("questions", deck.questions), ("notes", deck.notes), ("categories", deck.tree))
    for kind, known in kinds:
        if asked in known:
            return (EntryRef(kind, asked),)
    return next((note.entries for note in notes.notes if note.key == asked), ())


def known_keys(deck: Deck, notes: NoteSet) -> tuple[str, ...]:
    """Return everything that `names_of` knows."""
    return tuple(
        dict.fromkeys(
            (*deck.causes, *deck.questions, *deck.notes, *filter(None, deck.tree), *(n.key for n in notes.notes))
        )
    )


def trace(deck: Deck, notes: NoteSet, name: EntryRef) -> Trace:
    """Return what the cards of an entry rest on."""
    entry = deck.entry(name)
    claims = deck.syllabus.claims
    covers = () if isinstance(entry, Category) else entry.covers
    correction = None if isinstance(entry, Category) else entry.correction
    said = deck.syllabus.corrections[correction] if correction else None
    return Trace(
        key=name[1] or "/",
        name=_title(entry, name),
        cards=_cards(notes, name),
        statements=tuple(
            Statement(where, text, tuple(_line(deck, *citation) for citation in citations_in(text)))
            for where, text in _texts(entry)
        ),
        sources=tuple(_line(deck, *split_citation(text)) for text in getattr(entry, "sources", ())),
        claims=tuple((claim, claims[claim].claim) for claim in covers),
        correction=(correction, said.says, said.correct) if correction and said else None,
        review=entry.review,
        owner=deck.owners.get(name.key) if name.kind == "questions" else None,
    )


def resting_on(
    deck: Deck, notes: NoteSet, source: str
) -> tuple[tuple[EntryRef, tuple[str, ...], Mapping[str, int]], ...]:
    """Return each entry that cites a source, with the places of the citations and its cards."""
    found = []
    for name in (
        *(EntryRef(kind, key) for kind, key, _ in deck.entries),
        *(EntryRef("categories", path) for path in deck.tree),
    ):
        entry = deck.entry(name)
        where = [place for place, text in _texts(entry) if source in (key for key, _ in citations_in(text))]
        where += ["sources" for text in getattr(entry, "sources", ()) if split_citation(text)[0] == source]
        correction = getattr(entry, "correction", None)
        if correction and source in (key for key, _ in citations_in(deck.syllabus.corrections[correction].correct)):
            where.append(f"correction {correction}")
        if where:
            found.append((name, tuple(where), _cards(notes, name)))
    return tuple(found)


def _title(entry: Entry, name: EntryRef) -> str:
    match entry:
        case Cause():
            return entry.cause
        case Question():
            return entry.ask
        case Category():
            return entry.name
        case _:
            return name.key


def _cards(notes: NoteSet, name: EntryRef) -> dict[str, int]:
    cards: dict[str, int] = {}
    for note in notes.notes:
        if name in note.entries:
            for card in note.cards:
                cards[card.kind] = cards.get(card.kind, 0) + 1
    return cards


def _line(deck: Deck, key: str, locator: str) -> tuple[str, str]:
    source = deck.sources[key]
    mark = " (general knowledge)" if source.custom.seen == "general-knowledge" else ""
    return key, format_source(source, locator).striptags() + mark


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the statements of an entry, each with its place."""
    own = entry.fields_ if isinstance(entry, OwnNote) else None
    for keys, text in texts_in(own or entry, but=_NO_CLAIM):
        if own or keys not in _NAMES:
            yield _where(keys), text


def _where(keys: KeyPath) -> str:
    """Return `mechanism.steps 2` for the keys of a text."""
    named = (f" {key + 1}" if isinstance(key, int) else f".{key}" for key in keys if key != "")
    return "".join(named).lstrip(".")
