"""What changed between two releases of a deck, as plain data. `compare` makes it; the other modules here write it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from generator.model.kinds import BY_NAME, kind_of_template
from generator.model.notes import EntryRef, Note


class Kind(StrEnum):
    """What happened to an entry. If several things happened, the first of these counts."""

    ADDED = "new"
    RETURNED = "returned"
    RETIRED = "retired"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"


Mark = Literal["=", "-", "+"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text that is in both versions (`=`), only in the old one (`-`) or only in the new one (`+`)."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its HTML before and after, and its words with those that differ marked."""

    name: str
    before: str
    after: str
    words: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction of the syllabus that an entry carries, in Markdown."""

    id: str
    says: str
    correct: str


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry that differs.

    `was` is its former key, `moved` its former and its present place in the category tree. `before` or `after` is None
    if there is no such version, or if only the lock remembers it.
    """

    kind: Kind
    note_type: str
    key: str
    title: str
    guid: str
    was: str | None = None
    moved: tuple[str, str] | None = None
    fields: tuple[FieldChange, ...] = ()
    tags_gone: tuple[str, ...] = ()
    tags_new: tuple[str, ...] = ()
    cards_gone: tuple[str, ...] = ()
    cards_new: tuple[str, ...] = ()
    correction: Corrected | None = None
    before: Note | None = None
    after: Note | None = None

    @property
    def heading(self) -> str:
        """The title and, if other notes of the entry have it too, the kind of card."""
        note = self.after or self.before
        _, slash, last = self.key.rpartition("/")
        if note is None or not slash or EntryRef("categories", self.key) in note.entries:
            return self.title
        kind = kind_of_template(note.note_type, last)
        return f"{self.title}, {kind} card" if BY_NAME.get(kind) and kind != note.note_type else self.title


@dataclass(frozen=True, slots=True)
class NoteTypeChange:
    """A note type that differs, and how. If its fields or card templates do not match, Anki takes none of its notes."""

    name: str
    parts: tuple[str, ...]
    matches: bool


@dataclass(frozen=True, slots=True)
class DeckChange:
    """Notes that are in another subdeck, of which learners have cards. Anki leaves these cards where they are."""

    was: str
    deck: str
    cards: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What an import of the release does to a learner who has the old one. All but `emptied` count notes.

    `undelivered` notes differ, but Anki does not take them because their time is not newer. `conflicting` notes have a
    note type that does not match. `emptied` are cards that learners have and that no longer show anything.
    """

    new: int
    updated: int
    untouched: int
    undelivered: int = 0
    conflicting: int = 0
    emptied: int = 0


@dataclass(frozen=True, slots=True)
class Changelog:
    """Everything that differs between two releases, in the order of learning, and how many notes do not differ.

    `since` says in words what the deck was compared with; it is empty for the first release.
    """

    deck: str
    deck_was: str
    since: str
    entries: tuple[EntryChange, ...]
    note_types: tuple[NoteTypeChange, ...]
    unchanged: int
    effect: Effect
    decks: tuple[DeckChange, ...] = ()

    @property
    def counts(self) -> Mapping[Kind, int]:
        """The number of entries of each kind that occurs, in the order of the kinds."""
        kinds = [entry.kind for entry in self.entries]
        return {kind: kinds.count(kind) for kind in Kind if kind in kinds}

    @property
    def told(self) -> Mapping[str, int]:
        """What a summary tells: the numbers of entries, what concerns most learners first, and of untouched notes."""
        counts = {str(kind): count for kind, count in sorted(self.counts.items(), key=_summary_order)}
        return {**counts, **({"untouched": self.unchanged} if self.unchanged or not counts else {})}

    @property
    def summary(self) -> str:
        """Return `3 changed, 1 new, 1 retired, 66 untouched`."""
        return ", ".join(f"{count} {what}" for what, count in self.told.items())

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.entries or self.note_types or self.decks) and self.deck == self.deck_was

    def of(self, kinds: Iterable[Kind]) -> tuple[EntryChange, ...]:
        """Return the entries of some kinds."""
        wanted = frozenset(kinds)
        return tuple(entry for entry in self.entries if entry.kind in wanted)


def _summary_order(item: tuple[Kind, int]) -> int:
    order = (Kind.CHANGED, Kind.ADDED, Kind.RENAMED, Kind.MOVED, Kind.RETURNED, Kind.RETIRED)
    return order.index(item[0])
