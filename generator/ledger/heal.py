"""Heal a lock after merges and renames, so that every note of a deck finds its own memory."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from generator.ledger.identity import derive_guid, free_ids
from generator.ledger.lock import Lock, newer
from generator.ledger.sketch import likeness
from generator.model.notes import NoteId, NoteSet

if TYPE_CHECKING:
    from generator.ledger.lines import Record

_ALIKE = 0.5
"""From this similarity on, two notes that learners have are one note that was renamed without `was:`."""


@dataclass(frozen=True)
class Healed:
    """A lock in which the notes of a deck have their present names, and their former names."""

    lock: Lock
    renamed: Mapping[NoteId, NoteId]


def heal(lock: Lock, notes: NoteSet) -> Healed:
    """Return a lock in which each note has its own memory, and every guid and note id appears once."""
    names = dict.fromkeys(note.id for note in notes.notes)
    formers = {
        name: tuple(NoteId(name.note_type, key) for key in keys)
        for name, keys in notes.renamed.items()
        if name in names
    }
    renamed = dict(_find_carried_on(formers, lock, names))
    late = dict(_find_late(formers, lock, names, renamed))
    back = dict(_find_taken_back(formers, lock, names, {**renamed, **late}))
    moved = {**renamed, **back}
    lock = _join(lock, {*(moved.get(name, name) for name in names), *late.values()})
    records = dict(lock.notes)
    moved = {name: former for name, former in moved.items() if former in records}
    late = {name: former for name, former in late.items() if name in records and former in records}
    for name, former in moved.items():
        records[name] = records.pop(former)
    for name, former in late.items():
        records[name], records[former] = records[former], records[name]
    return Healed(replace(lock, notes=records), {**moved, **late})


def gave_way(lock: Lock, name: NoteId, former: NoteId) -> bool:
    """Return whether the memory under a former name is of the short-lived note that this note replaced."""
    return former in lock.notes and lock.notes[former].guid == derive_guid(lock.namespace, name)


def _find_carried_on(
    formers: Mapping[NoteId, tuple[NoteId, ...]], lock: Lock, names: Collection[NoteId]
) -> Iterator[tuple[NoteId, NoteId]]:
    """Return which notes take over the identity of a former one, if it is free. Only one note can."""
    claimed: set[NoteId] = set()
    for name, older in formers.items():
        own = lock.notes.get(name)
        if own and own.retired is None:
            continue
        for former in older:
            old = lock.notes.get(former)
            if old and former not in names and former not in claimed and not (own and old.retired is not None):
                claimed.add(former)
                yield name, former
                break


def _find_late(
    formers: Mapping[NoteId, tuple[NoteId, ...]],
    lock: Lock,
    names: Collection[NoteId],
    taken: Mapping[NoteId, NoteId],
) -> Iterator[tuple[NoteId, NoteId]]:
    """Return which notes were built as new before their author added `was:`. The older identity wins."""
    claimed = set(taken.values())
    for name, older in formers.items():
        own = lock.notes.get(name)
        if name in taken or own is None or own.retired is not None:
            continue
        if own.guid != derive_guid(lock.namespace, name):
            continue  # it has already taken over an identity
        for former in older:
            old = lock.notes.get(former)
            if (
                old
                and former not in {*names, *claimed}
                and old.guid not in {own.guid, derive_guid(lock.namespace, name)}
                and (old.retired is not None or likeness(own.sketch, old.sketch) >= _ALIKE)
            ):
                claimed.add(former)
                yield name, former
                break


def _find_taken_back(
    formers: Mapping[NoteId, tuple[NoteId, ...]],
    lock: Lock,
    names: Collection[NoteId],
    taken: Mapping[NoteId, NoteId],
) -> Iterator[tuple[NoteId, NoteId]]:
    """Return which notes find their guid under a name that the deck lacks, because a merge dropped the rename."""
    free = {
        record.guid: name
        for name, record in lock.notes.items()
        if name not in names and name not in taken.values() and record.retired is None
    }
    for name in names if free else ():
        if name in lock.notes or name in taken:
            continue
        guids = (derive_guid(lock.namespace, older) for older in (name, *formers.get(name, ())))
        if holder := next((free.pop(guid) for guid in guids if guid in free), None):
            yield name, holder


def _join(lock: Lock, present: Collection[NoteId]) -> Lock:
    """Return a lock in which every guid and every note id appears once.

    Two notes with one guid are one note that was renamed on one side of a merge. The name that the deck has now keeps
    the newest memory of both. If the deck has both names, the one from which the guid was derived keeps it, and the
    other becomes new. Of two notes with one id, the older keeps it.
    """

    def claim(name: NoteId) -> tuple[bool, bool, int, NoteId]:
        record = lock.notes[name]
        return name in present, derive_guid(lock.namespace, name) == record.guid, record.modified, name

    by_guid: dict[str, list[NoteId]] = defaultdict(list)
    for name, record in lock.notes.items():
        by_guid[record.guid].append(name)
    by_id: dict[int, list[NoteId]] = defaultdict(list)
    notes: dict[NoteId, Record] = {}
    for same in by_guid.values():
        keeper = max(same, key=claim) if len(same) > 1 else same[0]
        notes[keeper] = reduce(newer, (lock.notes[name] for name in same))
        by_id[notes[keeper].id].append(keeper)
    late = [
        name
        for same in by_id.values()
        if len(same) > 1
        for name in sorted(same, key=lambda name: (notes[name].modified, name))[1:]
    ]
    ids = free_ids(len(late), min(by_id, default=0), by_id)
    notes |= {name: replace(notes[name], id=id_) for name, id_ in zip(late, ids, strict=True)}
    return replace(lock, notes=notes)
