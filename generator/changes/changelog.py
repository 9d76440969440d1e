"""What changed between two releases of a deck, as plain data. Made by `compare`, shown beside it and by `report`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from generator.model.notes import Note


class Kind(StrEnum):
    """What happened to an entry; one that several things happened to counts under the first."""

    ADDED = "new"
    RETURNED = "returned"
    RETIRED = "retired"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"


Mark = Literal["=", "-", "+"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of a text: in both versions (`=`), in the old one only (`-`) or in the new one only (`+`)."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its values in HTML before and after, and the words of it, those that differ marked."""

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

    `was` is its former key, `moved` the former and the present place in the category tree. `before` or `after` is None
    where there is no such version, or where only the lock remembers it.
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


@dataclass(frozen=True, slots=True)
class NoteTypeChange:
    """A note type that differs, and in what. Anki takes no notes of one whose fields or card templates do not match."""

    name: str
    parts: tuple[str, ...]
    matches: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What an import of the release does to the copies of a learner who has the old one, in notes but for the last.

    `undelivered` differ, but Anki would not take them because their time is not newer; `conflicting` have a note type
    that does not match. `emptied` are cards that learners have and that show nothing any more.
    """

    new: int
    updated: int
    untouched: int
    undelivered: int = 0
    conflicting: int = 0
    emptied: int = 0


@dataclass(frozen=True, slots=True)
class Changelog:
    """Everything that differs between two releases, in the order to learn them, and how many notes do not.

    `since` says in words what the deck was compared with; it is empty for the first release.
    """

    deck: str
    deck_was: str
    since: str
    entries: tuple[EntryChange, ...]
    note_types: tuple[NoteTypeChange, ...]
    unchanged: int
    effect: Effect

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many entries there are of each kind, in the order of the kinds; kinds without entries are left out."""
        kinds = [entry.kind for entry in self.entries]
        return {kind: kinds.count(kind) for kind in Kind if kind in kinds}

    @property
    def summary(self) -> str:
        """Return `3 changed, 1 new, 1 retired, 66 untouched`."""
        parts = [f"{count} {kind}" for kind, count in sorted(self.counts.items(), key=_summary_order)]
        return ", ".join((*parts, *([f"{self.unchanged} untouched"] if self.unchanged or not parts else [])))

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.entries or self.note_types) and self.deck == self.deck_was

    def of(self, kinds: Iterable[Kind]) -> tuple[EntryChange, ...]:
        """Return the entries of some kinds."""
        wanted = frozenset(kinds)
        return tuple(entry for entry in self.entries if entry.kind in wanted)


def _summary_order(item: tuple[Kind, int]) -> int:
    order = (Kind.CHANGED, Kind.ADDED, Kind.RENAMED, Kind.MOVED, Kind.RETURNED, Kind.RETIRED)
    return order.index(item[0])
