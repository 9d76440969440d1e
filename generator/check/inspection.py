"""The cards of a deck as lints read them: their words, their limits, and where an author wrote them."""

import re
from dataclasses import dataclass
from functools import cached_property

from generator.check.settings import Settings
from generator.diagnostics import Place
from generator.model.deck import Deck
from generator.model.kinds import BY_NAME, OWN, CardKind
from generator.model.lint_words import LintWords
from generator.model.notes import Card, NoteSet
from generator.text.words import words_of

_CLAUSE_END = re.compile(r"[,.:;]")


@dataclass(frozen=True)
class Asked:
    """One card as words."""

    card: Card

    @property
    def kind(self) -> CardKind:
        """The row of the table of kinds that says how to judge the card."""
        return BY_NAME.get(self.card.kind, OWN)

    @cached_property
    def cue(self) -> tuple[str, ...]:
        """The words of the cue, or of the question if there is no cue."""
        return words_of(self.card.cue or self.card.ask)

    @cached_property
    def answer(self) -> tuple[str, ...]:
        """The words of the answer."""
        return words_of(self.card.answer)

    @property
    def clause(self) -> tuple[str, ...]:
        """The words of the answer before its first comma or stop."""
        return words_of(_CLAUSE_END.split(self.card.answer, maxsplit=1)[0])


@dataclass(frozen=True)
class Inspection:
    """What lints on cards need."""

    deck: Deck
    notes: NoteSet
    cards: tuple[Asked, ...]
    words: LintWords
    settings: Settings

    @cached_property
    def common(self) -> frozenset[str]:
        """Stems of words that give nothing away."""
        texts = (*self.words.function_words, *self.deck.settings.common)
        return frozenset(self.deck.stems.stem(word) for text in texts for word in words_of(text))

    def limit(self, kind: CardKind, part: str) -> float:
        """Return the most words of a question or answer: the limit of its kind of card, or else the general one."""
        own = f"{kind.name}-words"
        known = part == kind.longer and own in self.settings.limits("too-long")
        return self.settings.limit("too-long", own if known else f"{part}-words")

    def offers(self, asked: Asked) -> bool:
        """Return whether a question names its answer as one of two options."""
        shown = {*words_of(asked.card.ask), *asked.cue}
        joints = {word for text in self.words.alternatives for word in words_of(text)}
        return bool(asked.clause) and not joints.isdisjoint(shown) and shown.issuperset(asked.clause)

    def at_cue(self, asked: Asked) -> Place:
        """Return where the author wrote the cue of a card."""
        return self.deck.entry_place(asked.card.entry, *asked.card.cue_at)

    def at_answer(self, asked: Asked) -> Place:
        """Return where the author wrote the answer of a card."""
        return self.deck.entry_place(asked.card.entry, *asked.card.answer_at)


def inspect(deck: Deck, notes: NoteSet, words: LintWords, settings: Settings) -> Inspection:
    """Read the cards of a deck for the lints."""
    return Inspection(deck, notes, tuple(Asked(card) for note in notes.notes for card in note.cards), words, settings)
