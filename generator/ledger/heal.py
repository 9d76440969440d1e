"""A lock as a merge leaves it to one that can be built on: no guid and no note id twice."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from functools import reduce

from generator.ledger.identity import ID_STEP, derive_guid
from generator.ledger.lock import Lock, NoteName, Record, newer


def heal(lock: Lock, present: Collection[NoteName]) -> Lock:
    """Return a lock in which every guid and every note id stands once.

    Two notes with one guid are one note that was renamed on one side of a merge: the name that the deck has now keeps
    the newest memory of both. If it has both, the one whose name gave the guid keeps it, and the other becomes new.
    Of two notes with one id the older keeps it.
    """

    def claim(name: NoteName) -> tuple[bool, bool, int, NoteName]:
        record = lock.notes[name]
        return name in present, derive_guid(lock.namespace, name) == record.guid, record.modified, name

    by_guid: dict[str, list[NoteName]] = defaultdict(list)
    for name, record in lock.notes.items():
        by_guid[record.guid].append(name)
    by_id: dict[int, list[NoteName]] = defaultdict(list)
    notes: dict[NoteName, Record] = {}
    for names in by_guid.values():
        keeper = max(names, key=claim) if len(names) > 1 else names[0]
        notes[keeper] = reduce(newer, (lock.notes[name] for name in names))
        by_id[notes[keeper].id].append(keeper)
    lowest = min(by_id, default=0)
    for names in by_id.values():
        for name in sorted(names, key=lambda name: (notes[name].modified, name))[1:]:
            lowest -= ID_STEP
            notes[name] = replace(notes[name], id=lowest)
    return replace(lock, notes=notes)
