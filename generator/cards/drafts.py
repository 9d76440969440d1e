"""A note before its fields are written, and what is needed to decide which notes and cards a deck gets."""

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
"""Writes the fields of a note, by name, of what the note is about."""

_COMMON_FROM, _COMMON_SHARE = 2, 0.03
"""A word in the names of more causes than this, in number and as a share of all, gives nothing away."""


@dataclass(frozen=True)
class Draft:
    """A note before its fields are written: what names it, what it is about, where it stands, what its cards ask.

    `write` makes the fields of `subject`. `numbers` are the cloze numbers or slots of its parts.
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
    """A deck on its way to notes. Decides what the author wants, and keeps what could not be made."""

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
        self._remembered = remembered
        self._ordinary = ordinary
        self.slots: dict[str, Mapping[str, int]] = dict(remembered.slots)
        self.skipped = skipped_kinds(deck)

    @cached_property
    def common(self) -> frozenset[str]:
        """Stems of words that give nothing away: ordinary ones, those of the finding, of many names, of the author."""
        held: Counter[str] = Counter()
        for cause in self.deck.causes.values():
            held.update({word for name in (cause.cause, *cause.aka) for word in words_of(name)})
        many = max(_COMMON_FROM, _COMMON_SHARE * len(self.deck.causes))
        words = {*self._ordinary, *(word for text in self.deck.settings.common for word in words_of(text))}
        return frozenset(map(self.deck.stems.stem, words | {word for word, count in held.items() if count > many}))

    def wants(self, kind: str, choice: CardChoice, review: Review) -> bool:
        """Whether the author wants cards of a kind of an entry, by the entry's own word or else by the deck's."""
        cards = self.deck.settings.cards
        if kind in cards.if_reviewed and review.state != "reviewed":
            return False
        if choice.only:
            return kind in choice.only
        usual = (BY_NAME[kind].default or kind in cards.add) and kind not in cards.skip
        return (usual or kind in choice.add) and kind not in choice.skip

    def holds(self, kind: str, choice: CardChoice, review: Review) -> bool:
        """Whether a note holds what a card of a kind needs: also if the whole deck does without the kind.

        Then its card template is empty, and no learner's note changes with the author's mind.
        """
        return self.wants(kind, choice, review) or (kind in self.skipped and self._usual(kind, choice, review))

    def _usual(self, kind: str, choice: CardChoice, review: Review) -> bool:
        """Whether cards of a kind would be made if the deck did not do without it."""
        held_back = kind in self.deck.settings.cards.if_reviewed and review.state != "reviewed"
        return BY_NAME[kind].default and not (held_back or choice.only or kind in choice.skip)

    def withhold(self, kind: str, entry: EntryRef, at: KeyPath, reason: str, word: str | None = None) -> None:
        """Keep that a card which the author wants is not made."""
        if kind not in self.skipped:
            self.withheld.append(Withheld(kind, entry, at, reason, word))

    def missing(self, kind: str, entry: EntryRef, choice: CardChoice, what: str) -> None:
        """Keep that an entry asks by itself for a kind of card for which it has not what it needs."""
        for key, names in (("add", choice.add), ("only", choice.only)):
            if kind in names:
                self.withhold(kind, entry, ("cards", key, names.index(kind)), f"there is no {what}")

    def ordinal(self, note_type: str, template: str) -> int:
        """Return the place of a card template in its note type, from 0: the order of `notetype.yaml`."""
        return self._ordinals[note_type][template]

    def existing(self, id_: NoteId, was: Iterable[str] = ()) -> frozenset[int]:
        """Return the ordinals of the cards that a note has since an earlier build, under this or a former key.

        A card that is there stays until its own words go, whatever rule would withhold it if it were new.
        """
        cards = self._remembered.cards
        return frozenset(ordinal for key in (id_.key, *was) for ordinal in cards.get(NoteId(id_.note_type, key), ()))

    def exists(self, id_: NoteId, template: str, was: Iterable[str] = ()) -> bool:
        """Whether a card is there since an earlier build."""
        return self.ordinal(id_.note_type, template) in self.existing(id_, was)

    def known_numbers(self, id_: NoteId, was: Iterable[str] = ()) -> Mapping[str, int]:
        """Return the cloze numbers that the parts of a note have had, under this or a former key."""
        keys = (NoteId(id_.note_type, key) for key in (id_.key, *was))
        return next((known for key in keys if (known := self._remembered.numbers.get(key))), {})

    def branch_of(self, category: str | None) -> Branch | None:
        """Return the branch of an entry."""
        return self.deck.tree[category] if category else None


def skipped_kinds(deck: Deck) -> frozenset[str]:
    """Return the kinds that the whole deck does without: no entry asks for one of them by itself."""
    choices = [entry.cards for _, _, entry in deck.entries if isinstance(entry, Cause | Question)]
    asked = {kind for choice in choices for kind in (*choice.add, *choice.only)}
    return frozenset(deck.settings.cards.skip) - asked


Maker = Callable[[Making], Iterator[Draft]]
"""Makes the drafts of one note type."""


def place_of(branch: Branch | None) -> tuple[str, ...]:
    """Return the names of the branches above a note, from the top."""
    return branch.names if branch else ()


def weaker(*reviews: Review) -> Review:
    """Return the review of what rests on several entries: that of the least reviewed."""
    return min(reviews, key=lambda review: ("retracted", "draft", "checked", "reviewed").index(review.state))
