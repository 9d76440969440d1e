"""Drafts of notes, and the decisions on which notes and cards a deck gets."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generator.cards.writer import Writer
from generator.diagnostics import KeyPath
from generator.model.choice import CardChoice
from generator.model.deck import Branch, Deck
from generator.model.entries import Cause, Question, Review
from generator.model.kinds import BY_NAME
from generator.model.notes import Card, EntryRef, NoteId, Remembered, Withheld
from generator.model.templates import NoteTypeFile
from generator.text.words import words_of

Write = Callable[[Writer, Any], Mapping[str, str]]
"""Writes the fields of a note, by name, from its subject."""

_COMMON_FROM, _COMMON_SHARE = 2, 0.03
"""A word in the names of more causes than this number, and more than this share of all, gives nothing away."""


@dataclass(frozen=True)
class Draft:
    """A note before its fields are written: its name, its subject, its place, and what its cards ask.

    `write` makes the fields from `subject`. `numbers` are the cloze numbers or slots of its parts.
    """

    id: NoteId
    write: Write
    subject: Any
    entries: tuple[EntryRef, ...]
    review: Review
    cards: tuple[Card, ...]
    branch: Branch | None = None
    tags: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    was: tuple[str, ...] = ()
    subdeck: str = ""


class Making:
    """A deck whose notes are being made. It decides what the author wants, and collects what could not be made."""

    def __init__(
        self,
        deck: Deck,
        remembered: Remembered,
        words: Mapping[str, str],
        ordinary: frozenset[str],
        note_types: Mapping[str, NoteTypeFile],
    ) -> None:
        self.deck = deck
        self.words = words
        self._ordinals = {
            key: {slot.name: number for number, slot in enumerate(note_type.card_slots)}
            for key, note_type in note_types.items()
        }
        self.withheld: list[Withheld] = []
        self.doubted: list[Withheld] = []
        self.waiting: Counter[str] = Counter()
        self._remembered = remembered
        self._ordinary = ordinary
        self.slots: dict[str, Mapping[str, int]] = dict(remembered.slots)
        self.skipped = skipped_kinds(deck)

    @cached_property
    def common(self) -> frozenset[str]:
        """Stems of words that give nothing away: ordinary ones, those of the finding, of many names, the author's."""
        names = ((cause.cause, *cause.aka) for cause in self.deck.causes.values())
        held = Counter(word for some in names for word in {word for name in some for word in words_of(name)})
        many = max(_COMMON_FROM, _COMMON_SHARE * len(self.deck.causes))
        words = {*self._ordinary, *(word for text in self.deck.settings.common for word in words_of(text))}
        return frozenset(map(self.deck.stems.stem, words | {word for word, count in held.items() if count > many}))

    def asks(self, kind: str, choice: CardChoice) -> bool:
        """Return whether the author asks for cards of a kind from an entry, by its `cards` or else the deck's."""
        cards = self.deck.settings.cards
        if choice.only:
            return kind in choice.only
        usual = (BY_NAME[kind].default or kind in cards.add) and kind not in cards.skip
        return (usual or kind in choice.add) and kind not in choice.skip

    def wants(self, kind: str, choice: CardChoice, review: Review) -> bool:
        """Return whether the author wants cards of a kind from an entry as far as it is reviewed. Count what waits."""
        asked = self.asks(kind, choice)
        if asked and self._waits(kind, review):
            self.waiting[kind] += 1
            return False
        return asked

    def _waits(self, kind: str, review: Review) -> bool:
        return kind in self.deck.settings.cards.if_reviewed and review.state != "reviewed"

    def holds(self, kind: str, choice: CardChoice, review: Review) -> bool:
        """Return whether a note holds what a card of a kind needs, even if the whole deck does without the kind.

        In that case its card template is empty. So no learner's note changes if the author changes the choice.
        """
        return self.wants(kind, choice, review) or (kind in self.skipped and self._usual(kind, choice, review))

    def _usual(self, kind: str, choice: CardChoice, review: Review) -> bool:
        """Return whether cards of a kind would be made if the deck did not skip it."""
        return BY_NAME[kind].default and not (self._waits(kind, review) or choice.only or kind in choice.skip)

    def withhold(
        self,
        kind: str,
        entry: EntryRef,
        at: KeyPath,
        reason: str,
        mend: str,
        *,
        word: str | None = None,
        known: bool = False,
    ) -> bool:
        """Record why a card that the author wants should not be made, and what to do about it.

        Return whether it is made all the same, because learners have it.
        """
        if kind not in self.skipped:
            (self.doubted if known else self.withheld).append(Withheld(kind, entry, at, reason, mend, word))
        return known

    def missing(self, kind: str, entry: EntryRef, choice: CardChoice, what: str) -> None:
        """Record that an entry itself asks for a kind of card but lacks what it needs."""
        for key, names in (("add", choice.add), ("only", choice.only)):
            if kind in names:
                at, mend = ("cards", key, names.index(kind)), f"add one, or take `{kind}` out of `{key}`"
                self.withhold(kind, entry, at, f"there is no {what}", mend)

    def ordinal(self, note_type: str, template: str) -> int:
        """Return the position of a card template in its note type, from 0, as in `notetype.yaml`."""
        return self._ordinals[note_type][template]

    def existing(self, id_: NoteId, was: Iterable[str] = ()) -> frozenset[int]:
        """Return the ordinals of the cards that a note had at earlier builds, under this or a former key.

        An existing card stays until its own words are gone, even if a rule would withhold it as a new card.
        """
        cards = self._remembered.cards
        return frozenset(ordinal for key in (id_.key, *was) for ordinal in cards.get(NoteId(id_.note_type, key), ()))

    def exists(self, id_: NoteId, template: str, was: Iterable[str] = ()) -> bool:
        """Return whether an earlier build made a card."""
        return self.ordinal(id_.note_type, template) in self.existing(id_, was)

    def known_numbers(self, id_: NoteId, was: Iterable[str] = ()) -> Mapping[str, int]:
        """Return the cloze numbers that the parts of a note have had, under this or a former key."""
        keys = (NoteId(id_.note_type, key) for key in (id_.key, *was))
        return next((known for key in keys if (known := self._remembered.numbers.get(key))), {})

    def branch_of(self, category: str | None) -> Branch | None:
        """Return the branch of an entry."""
        return self.deck.tree[category] if category else None


def or_skip(mend: str, kind: str) -> str:
    """Return what to do about a card of a cause that should not be made, or how to leave it out."""
    return f"{mend}, or leave the card out with `cards: {{skip: [{kind}]}}`"


def skipped_kinds(deck: Deck) -> frozenset[str]:
    """Return the kinds that the whole deck does without, because no entry asks for them either."""
    choices = [entry.cards for _, _, entry in deck.entries if isinstance(entry, Cause | Question)]
    asked = {kind for choice in choices for kind in (*choice.add, *choice.only)}
    return frozenset(deck.settings.cards.skip) - asked


Maker = Callable[[Making], Iterator[Draft]]
"""Makes the drafts of a note type."""


def place_of(branch: Branch | None) -> tuple[str, ...]:
    """Return the names of the branches above a note, from the top."""
    return branch.names if branch else ()


def weaker(*reviews: Review) -> Review:
    """Return the review of what rests on several entries: the weakest of theirs."""
    return min(reviews, key=lambda review: ("retracted", "draft", "checked", "reviewed").index(review.state))
