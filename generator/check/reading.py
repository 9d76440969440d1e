"""The entries of a deck as lints read them: every text that learners may see."""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from generator.check.settings import Settings
from generator.diagnostics import KeyPath, Place
from generator.model.deck import Deck
from generator.model.lint_words import LintWords
from generator.model.texts import SILENT

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Reading:
    """What lints on entries need. `today` is None if the date must not matter."""

    deck: Deck
    words: LintWords
    settings: Settings
    today: date | None

    @cached_property
    def texts(self) -> tuple[tuple[KeyPath, str], ...]:
        """Every text that learners may see, with its keys, without editors' notes and names of things."""
        return tuple(self.deck.texts(but=SILENT))

    @cached_property
    def numbers(self) -> tuple[tuple[KeyPath, str], ...]:
        """The texts that contain a digit."""
        return tuple((keys, text) for keys, text in self.texts if _DIGIT.search(text))

    def within(self, keys: KeyPath, piece: str) -> Place:
        """Return the place of a piece of a text."""
        return replace(self.deck.place(*keys), within=piece)
