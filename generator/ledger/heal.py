"""A lock as a merge or an author left it to one that can be built on: every note of a deck finds its own memory."""

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
"""From which likeness on two notes that learners have are one that was renamed without a word."""


@dataclass(frozen=True)
class Healed:
    """A lock in which the notes of a deck stand under their names, and what they were called before."""

    lock: Lock
    renamed: Mapping[NoteId, NoteId]


def heal(lock: Lock, notes: NoteSet) -> Healed:
    """Return a lock in which each note has the memory that is its own, and every guid and note id stands once."""
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
    """Whether what is remembered under a former name is the short-lived note that gave way to it."""
    return former in lock.notes and lock.notes[former].guid == derive_guid(lock.namespace, name)


def _find_carried_on(
    formers: Mapping[NoteId, tuple[NoteId, ...]], lock: Lock, names: Collection[NoteId]
) -> Iterator[tuple[NoteId, NoteId]]:
    """Which notes carry on the identity of a former one. An identity is carried on once, and only if it is free."""
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
    """Which notes were built as new before their author said what they had been: the older identity wins."""
    claimed = set(taken.values())
    for name, older in formers.items():
        own = lock.notes.get(name)
        if name in taken or own is None or own.retired is not None:
            continue
        if own.guid != derive_guid(lock.namespace, name):
            continue  # it carries an identity on already
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
    """Which notes find their guid under a name that the deck has not: a merge dropped the rename that took it there."""
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
    """Return a lock in which every guid and every note id stands once.

    Two notes with one guid are one note that was renamed on one side of a merge: the name that the deck has now keeps
    the newest memory of both. If it has both, the one whose name gave the guid keeps it, and the other becomes new.
    Of two notes with one id the older keeps it.
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
