"""Notes and the memory of them to identities and times: who is who, and what changed since."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from generator.ledger.lock import Lock, NoteName, NoteTypeRecord, Record
from generator.model import Deck
from generator.notes import Identity, Note, NoteSet, NoteType, Release

ID_STEP = 100
"""Milliseconds between two note ids; the ids of a note's cards stand in the gap."""


@dataclass(frozen=True)
class Stamped:
    """A release and the lock that remembers it, with the names of the notes that differ from the last build."""

    release: Release
    lock: Lock
    added: tuple[NoteName, ...]
    changed: tuple[NoteName, ...]
    retired: tuple[NoteName, ...]
    returned: tuple[NoteName, ...]
    renamed: Mapping[NoteName, NoteName]
    untouched: int


def open_lock(deck: Deck, lock: Lock | None) -> Lock:
    """Return the lock to build on: the deck's own, or a new one."""
    if lock:
        return replace(lock, deck=deck.settings.deck)
    return Lock(deck.settings.id or _derived_namespace(deck.settings.deck), deck.settings.deck)


def stamp(notes: NoteSet, lock: Lock, now: int) -> Stamped:
    """Give every note its guid, id and time, and remember them.

    `now` is in seconds since 1970. Content that did not change keeps its time, whatever `now` is.
    """
    time = max(now, lock.newest)
    names = {(note.note_type, note.key): note for note in notes.notes}
    renamed = {
        name: (name[0], was)
        for name, was in notes.renamed.items()
        if name in names and name not in lock.notes and (name[0], was) in lock.notes and (name[0], was) not in names
    }
    known = {name: lock.notes[renamed.get(name, name)] for name in names if renamed.get(name, name) in lock.notes}
    fresh = [name for name in names if name not in known]
    ids = _new_ids(len(fresh), now, [record.id for record in lock.notes.values()])
    records: dict[NoteName, Record] = {}
    for name, note in names.items():
        hash_, body = _hashes(note, notes.note_types[note.note_type])
        old = known.get(name)
        if old is None:
            records[name] = Record(_guid(lock.namespace, name), next(ids), hash_, body, time, note.ordinals)
        else:
            modified = old.modified if old.hash == hash_ else max(time, old.modified + 1)
            ordinals = _remember(note.ordinals, old.ordinals)
            records[name] = Record(old.guid, old.id, hash_, body, modified, ordinals)
    gone = {name: lock.notes[name] for name in lock.notes if name not in names and name not in renamed.values()}
    retired = tuple(name for name, record in gone.items() if record.retired is None)
    records |= {name: replace(r, retired=now if r.retired is None else r.retired) for name, r in gone.items()}
    note_types = {key: _note_type_record(nt, lock.note_types.get(key), time) for key, nt in notes.note_types.items()}
    changed = tuple(name for name, old in known.items() if records[name].hash != old.hash)
    returned = tuple(name for name, old in known.items() if old.retired is not None)
    return Stamped(
        release=Release(
            notes,
            {name: Identity(records[name].guid, records[name].id, records[name].modified) for name in names},
            {key: record.modified for key, record in note_types.items()},
        ),
        lock=replace(lock, notes=records, note_types={**lock.note_types, **note_types}),
        added=tuple(fresh),
        changed=changed,
        retired=retired,
        returned=returned,
        renamed=renamed,
        untouched=len(known) - len(changed),
    )


def _derived_namespace(name: str) -> str:
    """The namespace of a deck without an `id`: from its first name, and from then on in the lock."""
    return hashlib.sha256(name.casefold().encode()).hexdigest()[:12]


def _guid(namespace: str, name: NoteName) -> str:
    digest = hashlib.sha256("\x1f".join((namespace, *name)).encode()).digest()
    return urlsafe_b64encode(digest[:9]).decode()


def _remember(ordinals: Mapping[str, int], former: Mapping[str, int]) -> dict[str, int]:
    """The parts of a note in their order, then those that left, except where a part took over the number."""
    taken = set(ordinals.values())
    return dict(ordinals) | {part: n for part, n in former.items() if part not in ordinals and n not in taken}


def _hashes(note: Note, note_type: NoteType) -> tuple[str, str]:
    key = next(i for i, field in enumerate(note_type.fields) if field.name == "Key")
    body = (*note.fields[:key], "", *note.fields[key + 1 :])
    return _hash((note_type.id, note.fields, note.tags)), _hash((note_type.id, body))


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]


def _new_ids(count: int, now: int, taken: list[int]) -> Iterator[int]:
    """Ids in milliseconds, none taken or in the future: just before now or, without room there, before all others."""
    end = now * 1000
    start = end - count * ID_STEP
    if taken and start <= max(taken) + ID_STEP and end >= min(taken):
        start = min(taken) - (count + 1) * ID_STEP
    return iter(range(start, start + count * ID_STEP, ID_STEP))


def _note_type_record(note_type: NoteType, old: NoteTypeRecord | None, time: int) -> NoteTypeRecord:
    """A bundled note type carries its time; one that the project changed gets a new time when its content changes."""
    hash_ = note_type_hash(note_type)
    if note_type.modified is not None:
        return NoteTypeRecord(note_type.id, hash_, note_type.modified)
    same = old is not None and old.hash == hash_ and old.id == note_type.id
    modified = old.modified if old and same else max(time, old.modified + 1 if old else 0)
    return NoteTypeRecord(note_type.id, hash_, modified)


def note_type_hash(note_type: NoteType) -> str:
    """Return the hash of everything of a note type that Anki stores, its time left out."""
    fields = [(field.name, field.id, field.spare) for field in note_type.fields]
    templates = [(t.name, t.id, t.front, t.back) for t in note_type.templates]
    return _hash((note_type.name, note_type.cloze, fields, templates, note_type.css, note_type.sort_field))
