"""The results of a rehearsal: by note for the learner who marked everything, and for each learner with one habit."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoteOutcome:
    """What the new release does to one note of the learner.

    `outcome` is Anki's word for the note (new, updated, untouched, conflicting), or `retired` if the release left it
    out. `missed` means that the author's change did not arrive. Cards are counts; `media` are names of files.
    """

    note_type: str
    key: str
    outcome: str
    text_overwritten: bool
    tags_lost: bool
    missed: bool
    new_cards: int
    blank_cards: int
    cards_in_old_deck: int
    media_not_delivered: tuple[str, ...]

    @property
    def harm(self) -> bool:
        """Whether the learner loses something, or does not get the change."""
        return bool(
            self.text_overwritten
            or self.tags_lost
            or self.missed
            or self.blank_cards
            or self.cards_in_old_deck
            or self.media_not_delivered
            or self.outcome == "conflicting"
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """What the new release does to a learner with one habit, as counts of notes.

    `missed` notes keep the old text although the author changed it. `merged` is the number still missed if a learner
    who added to a note type lets Anki merge note types, and None for all other learners.
    """

    habit: str
    updated: int
    conflicting: int
    missed: int
    cards_changed: int
    merged: int | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the new release does to a learner of the old one, by note, and what the learner had done.

    `deeds` counts the learner's actions, `cards` the learner's cards, `cards_changed` the cards of which anything
    changed (Anki should change none). `styles_overwritten` names the note types whose css the learner had changed in
    vain.
    """

    effects: tuple[NoteOutcome, ...]
    deeds: Mapping[str, int]
    cards: int
    cards_changed: int
    styles_overwritten: tuple[str, ...]
    visits: tuple[Visit, ...] = ()

    @property
    def overwritten(self) -> int:
        """The number of notes on which the learner's text or tags are lost."""
        return sum(effect.text_overwritten or effect.tags_lost for effect in self.effects)

    @property
    def missed(self) -> int:
        """The number of notes of which the author's change does not arrive."""
        return sum(effect.missed for effect in self.effects)

    @property
    def conflicting(self) -> int:
        """The number of notes that Anki does not take from the new release."""
        return sum(effect.outcome == "conflicting" for effect in self.effects)
