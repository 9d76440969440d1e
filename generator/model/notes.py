"""Note types, notes and their cards. `cards` makes them, `ledger` remembers them, `package` writes them.

Plain data; nothing here knows YAML, Jinja, genanki or the disk.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from generator.diagnostics import KeyPath

KEY_FIELD = "Key"
"""The field that holds the key of a note."""


class NoteId(NamedTuple):
    """The permanent name of a note in its deck: the key of its note type, and its own key."""

    note_type: str
    key: str


def card_id(note: NoteId, ordinal: int) -> str:
    """Return the id of a card in the preview and in a review: note type and key of its note, and its number."""
    return f"{note.note_type}/{note.key}/{ordinal + 1}"


class EntryRef(NamedTuple):
    """What an author wrote: `causes`, `questions`, `categories` or `notes`, and the key or path there.

    The path of the whole tree is empty, and the key of a note of an own note type begins with that: `quote/first`.
    """

    kind: str
    key: str


def _lasting(id_: int | None, name: str) -> int:
    """Return a number that any JSON parser keeps exactly. Anki's own ids take all 64 bits."""
    return zlib.crc32(name.encode()) if id_ is None else id_ % 2**53


@dataclass(frozen=True, slots=True)
class NoteField:
    """A field of a note type. `id` is permanent. A spare field is kept for later use.

    A field without an id, as in adopted note types, is identified by its name. `folded` fields are collapsed in Anki's
    editor. `tag` is Anki's own number for the content of the field, in a note type that its editor knows. `stored` is
    everything else that Anki stores of it, by Anki's names.
    """

    name: str
    id: int | None
    spare: bool = False
    folded: bool = False
    tag: int | None = None
    stored: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lasting_id(self) -> int:
        """The field's number in the lock: its id, or a number derived from its name."""
        return _lasting(self.id, self.name)


@dataclass(frozen=True, slots=True)
class CardTemplate:
    """A card template in Anki's own syntax. `name` is what learners see in the card list.

    `id` is permanent. A template without one is identified by its name. `stored` is everything else that Anki stores.
    """

    name: str
    id: int | None
    front: str
    back: str
    stored: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lasting_id(self) -> int:
        """The template's number in the lock: its id, or a number derived from its name."""
        return _lasting(self.id, self.name)


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type as Anki stores it.

    `key` is the name of its folder of templates. `stock_kind` is Anki's own number for a note type that its editor
    knows. `stored` is everything else that Anki stores of it, by Anki's names. A `foreign` note type has templates in
    Anki's own language; its fields hold what their author wrote, and no key.
    """

    key: str
    name: str
    id: int
    cloze: bool
    fields: tuple[NoteField, ...]
    templates: tuple[CardTemplate, ...]
    css: str
    sort_field: int
    stock_kind: int | None = None
    stored: Mapping[str, Any] = field(default_factory=dict)
    foreign: bool = False

    @property
    def keyed(self) -> bool:
        """Whether a field of its notes holds their keys."""
        return not self.foreign and any(field.name == KEY_FIELD for field in self.fields)


@dataclass(frozen=True, slots=True)
class Card:
    """What one card asks and answers, as the author wrote it in Markdown.

    `ask` is the question, `cue` what else it is about, such as a clue. `cue_at` and `answer_at` are the keys, below
    `entry`, of the cue (or question) and of the answer.
    """

    ordinal: int
    kind: str
    ask: str
    cue: str
    answer: str
    entry: EntryRef
    cue_at: KeyPath = ()
    answer_at: KeyPath = ()


@dataclass(frozen=True, slots=True)
class Note:
    """One note with its field values in HTML.

    `key` and `note_type` together are its permanent name. `card_ordinals` are those of the cards that Anki makes of it,
    from 0. `cloze_numbers` gives the cloze number, from 1, of each part of a list. `entries` names the entries that it
    rests on, `branch` its branches of the tree, from the top. `unreviewed` says that what it rests on has no valid
    review. `cards` says what each card asks; a note from a package has none. `subdeck` is the deck of its cards below
    the deck.
    """

    key: str
    note_type: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    card_ordinals: tuple[int, ...]
    cloze_numbers: Mapping[str, int]
    media: tuple[str, ...] = ()
    entries: tuple[EntryRef, ...] = ()
    branch: tuple[str, ...] = ()
    unreviewed: bool = False
    cards: tuple[Card, ...] = ()
    subdeck: str = ""

    @property
    def id(self) -> NoteId:
        """The permanent name of the note."""
        return NoteId(self.note_type, self.key)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A card that the author asked for but that should not be made: why, where, and what the author can do about it.

    `word` is the word that is the reason.
    """

    kind: str
    entry: EntryRef
    at: KeyPath
    reason: str
    mend: str
    word: str | None = None


@dataclass(frozen=True)
class Remembered:
    """What earlier builds assigned to the notes of a deck.

    `numbers` are cloze numbers by part, `cards` the ordinals of a note's cards, `slots` the numbers of what belongs to
    the whole deck. `files` are the files that learners have under their own names, each with the name that would be
    derived from its content.
    """

    numbers: Mapping[NoteId, Mapping[str, int]] = field(default_factory=dict)
    cards: Mapping[NoteId, tuple[int, ...]] = field(default_factory=dict)
    slots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Media:
    """A file to pack, under a name that changes with its content: a file of the deck, or a drawing."""

    name: str
    source: Path | bytes

    def read(self) -> bytes:
        """Return the content."""
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()


class Faces(NamedTuple):
    """Front and back of a card as Anki shows them, in HTML. `answer` is the back without the repeated front.

    `visible_text` gives the plain text of a side.
    """

    front: str
    back: str
    answer: str


@dataclass(frozen=True, slots=True)
class NoteSet:
    """All notes of a deck in the order of learning, with the note types and media that they need.

    `tree` gives the name of every branch of the category tree by its tag, parents first. `renamed` gives the former
    keys of renamed notes, the latest first. `slots` are permanent numbers of what belongs to the deck and not to a
    note. `draft` is the phrase for a note that has not been reviewed. `show` makes the faces of a card, by its ordinal.
    `withheld` cards are not made; `doubted` cards are made in spite of their fault, because learners have them.
    `waiting` counts by kind the cards that are made once their entries are reviewed.
    """

    deck: str
    description: str
    note_types: Mapping[str, NoteType]
    notes: tuple[Note, ...]
    media: tuple[Media, ...]
    withheld: tuple[Withheld, ...]
    tree: Mapping[str, str]
    renamed: Mapping[NoteId, tuple[str, ...]]
    show: Callable[[Note, int], Faces]
    slots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    draft: str = ""
    doubted: tuple[Withheld, ...] = ()
    waiting: Mapping[str, int] = field(default_factory=dict)

    def home(self, note: Note) -> str:
        """Return the deck of the cards of a note."""
        return f"{self.deck}::{note.subdeck}" if note.subdeck else self.deck

    def template_of(self, note: Note, ordinal: int) -> CardTemplate:
        """Return the card template of one card of a note."""
        note_type = self.note_types[note.note_type]
        return note_type.templates[0 if note_type.cloze else ordinal]


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of a note in Anki. `id` is in milliseconds, `modified` in seconds since 1970.

    `numbers` are the cloze numbers of all parts that the note has or had.
    """

    guid: str
    id: int
    modified: int
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Release:
    """Notes with their identities: all that an output needs.

    `identities` is by note type and key. `note_type_times` says, by note type, when it last changed, in seconds since
    1970. `namespace` is that of the deck's guids, or None if it is not known. `slots` are all numbers of the deck,
    including those of parts that are gone. `files` are those that learners have under their own names.
    """

    notes: NoteSet
    identities: Mapping[NoteId, Identity]
    note_type_times: Mapping[str, int]
    namespace: str | None = None
    slots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EarlierRelease:
    """An earlier release to compare with, and the guids of the notes that were retired then.

    `since` names it in words. If `timed` is not set, its times are not known.
    """

    release: Release
    since: str
    retired: frozenset[str] = frozenset()
    timed: bool = True
