"""A deck of another program, which `aetia import` takes over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.model.notes import NoteType


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
