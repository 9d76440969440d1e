"""A deck of another program, which `aetia import` takes over."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.model.notes import NoteType

_OWN_TAGS = frozenset(("leech", "marked"))
"""Tags with which Anki notes what became of a card for one person. It takes them from no one else's package."""


@dataclass(frozen=True, slots=True)
class ForeignNote:
    """A note with its identity in Anki. `id` and `modified` are 0 if the file does not say.

    `deck` is the full name of the deck of its cards, and `cards` are their ordinals, or None if the file does not say.
    """

    guid: str
    id: int
    modified: int
    note_type: int
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str
    cards: tuple[int, ...] | None = None


@dataclass(frozen=True)
class ForeignDeck:
    """Notes in the order of learning, with their note types and files.

    `note_types` are by id; `times` say when they last changed, in seconds since 1970, and are empty if the file
    does not say what learners have. `descriptions` are by the full name of a deck. `left` says in words what is not
    imported, `refused` which notes are not, and why.
    """

    note_types: Mapping[int, NoteType]
    times: Mapping[int, int]
    notes: tuple[ForeignNote, ...]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, Path] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    def without_own_tags(self) -> "ForeignDeck":
        """Return the deck without the tags that are about its owner, as learners have it."""
        notes = tuple(_without_own_tags(note) for note in self.notes)
        tagged = sum(len(note.tags) < len(had.tags) for note, had in zip(notes, self.notes, strict=True))
        said = f"the tags `leech` and `marked` of {tagged} {'note' if tagged == 1 else 'notes'}, which are your own"
        return replace(self, notes=notes, left=(*self.left, said)) if tagged else self


def _without_own_tags(note: ForeignNote) -> ForeignNote:
    return replace(note, tags=tuple(tag for tag in note.tags if tag.casefold() not in _OWN_TAGS))
