"""Recover a lock from an earlier package, if the lock was lost or a merge set it back."""

from collections.abc import Mapping
from dataclasses import replace

from generator.ledger.lines import Record
from generator.ledger.lock import Lock, newer
from generator.ledger.stamp import hashes, remember_note_type, sketch_note
from generator.model.notes import NoteId, NoteSet, Release


def recover_lock(lock: Lock, old: Release, notes: NoteSet, kinds: Mapping[int, str]) -> Lock | None:
    """Return a lock that also remembers what is in an old package: unknown notes, newer times, numbers, note types.

    Return None if the package has no note of the deck. Note types are identified by their ids, notes by their keys.
    `kinds` are the keys of note types by id, including types without a note in the deck, whose notes may come back.
    """
    found: dict[NoteId, Record] = dict(lock.notes)
    for note in old.notes.notes:
        note_type = old.notes.note_types[note.note_type]
        if (kind := kinds.get(note_type.id)) is None:
            continue
        name, identity = NoteId(kind, note.key), old.identities[note.id]
        hash_, body = hashes(note.fields, note.tags, note_type)
        record = Record(
            guid=identity.guid,
            id=identity.id,
            hash=hash_,
            body=body,
            modified=identity.modified,
            numbers=identity.numbers,
            cards=note.card_ordinals,
            sketch=sketch_note(note, note_type),
        )
        known = found.get(name)
        if known is None:
            found[name] = record
        elif known.guid == record.guid:
            found[name] = replace(newer(known, record), retired=known.retired)
    if not any(note.id in found for note in notes.notes):
        return None
    note_types = {
        kinds[note_type.id]: remember_note_type(note_type, old.note_type_times[key])
        for key in dict.fromkeys(note.note_type for note in old.notes.notes)
        if (note_type := old.notes.note_types[key]).id in kinds
    }
    slots = {what: _both(lock.slots.get(what, {}), numbers) for what, numbers in old.slots.items()}
    note_types |= lock.note_types
    files = {**old.files, **lock.files}
    return replace(lock, notes=found, note_types=note_types, slots={**lock.slots, **slots}, files=files)


def _both(numbers: Mapping[str, int], former: Mapping[str, int]) -> dict[str, int]:
    """Return the deck's numbers, then those of a package that are free. Each number has one permanent owner."""
    taken = set(numbers.values())
    return {**numbers, **{part: n for part, n in former.items() if part not in numbers and n not in taken}}
