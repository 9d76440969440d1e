"""Notes and the memory of them to identities and times: who is who, and what changed since."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from json.encoder import encode_basestring

from generator.ledger.heal import heal
from generator.ledger.identity import derive_namespace, new_guid, new_ids
from generator.ledger.lock import Lock, NoteName, NoteTypeRecord, Record
from generator.model.deck import Deck
from generator.model.notes import Identity, Note, NoteSet, NoteType, Release

KEY_FIELD = "Key"
"""The field that holds the key of a note."""


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
    return Lock(deck.settings.id or derive_namespace(deck.settings.deck), deck.settings.deck)


def stamp(notes: NoteSet, lock: Lock, now: int) -> Stamped:
    """Give every note its guid, id and time, and remember them.

    `now` is in seconds since 1970. Content that did not change keeps its time, whatever `now` is.
    """
    names = {(note.note_type, note.key): note for note in notes.notes}
    renamed = _find_renamed(notes.renamed, lock, names)
    lock = heal(lock, {renamed.get(name, name) for name in names})
    time = max(now, lock.newest)
    known = {name: lock.notes[renamed.get(name, name)] for name in names if renamed.get(name, name) in lock.notes}
    fresh = tuple(name for name in names if name not in known)
    ids = new_ids(len(fresh), now, [record.id for record in lock.notes.values()])
    guids = {record.guid for record in lock.notes.values()}
    records: dict[NoteName, Record] = {}
    for name, note in names.items():
        hash_, body = hashes(note.fields, note.tags, notes.note_types[note.note_type])
        old = known.get(name)
        if old is None:
            guid = new_guid(lock.namespace, (name[0], (name[1], *notes.renamed.get(name, ()))[-1]), guids)
            records[name] = Record(guid, next(ids), hash_, body, time, note.cloze_numbers)
        else:
            modified = old.modified if old.hash == hash_ else max(time, old.modified + 1)
            ordinals = _remember(note.cloze_numbers, old.ordinals)
            records[name] = Record(old.guid, old.id, hash_, body, modified, ordinals)
    gone = {name: lock.notes[name] for name in lock.notes if name not in names and name not in renamed.values()}
    records |= {name: replace(r, retired=now if r.retired is None else r.retired) for name, r in gone.items()}
    note_types = {key: _note_type_record(nt, lock.note_types.get(key), time) for key, nt in notes.note_types.items()}
    changed = tuple(name for name, old in known.items() if records[name].hash != old.hash)
    return Stamped(
        release=Release(
            notes,
            {name: Identity(records[name].guid, records[name].id, records[name].modified) for name in names},
            {key: record.modified for key, record in note_types.items()},
        ),
        lock=replace(lock, notes=records, note_types={**lock.note_types, **note_types}),
        added=fresh,
        changed=changed,
        retired=tuple(name for name, record in gone.items() if record.retired is None),
        returned=tuple(name for name, old in known.items() if old.retired is not None),
        renamed=renamed,
        untouched=len(known) - len(changed),
    )


def _find_renamed(
    formers: Mapping[NoteName, tuple[str, ...]], lock: Lock, names: Mapping[NoteName, Note]
) -> dict[NoteName, NoteName]:
    """Which notes carry on the identity of a former one. An identity is carried on once, and only if it is free."""
    renamed: dict[NoteName, NoteName] = {}
    for name, keys in formers.items():
        own = lock.notes.get(name)
        if name not in names or (own and own.retired is None):
            continue
        for former in ((name[0], key) for key in keys):
            old = lock.notes.get(former)
            if old and former not in names and former not in renamed.values() and not (own and old.retired):
                renamed[name] = former
                break
    return renamed


def _remember(ordinals: Mapping[str, int], former: Mapping[str, int]) -> dict[str, int]:
    """The parts of a note in their order, then those that left, except where a part took over the number."""
    taken = set(ordinals.values())
    return dict(ordinals) | {part: n for part, n in former.items() if part not in ordinals and n not in taken}


def hashes(fields: Sequence[str], tags: Sequence[str], note_type: NoteType) -> tuple[str, str]:
    """Return the hash of a note's content, and of its content without the key."""
    whole = [encode_basestring(value) for value in fields]
    body = ['""' if field.name == KEY_FIELD else text for field, text in zip(note_type.fields, whole, strict=True)]
    return (
        _digest(f"[{note_type.id}, [{', '.join(whole)}], {json.dumps(tags, ensure_ascii=False)}]"),
        _digest(f"[{note_type.id}, [{', '.join(body)}]]"),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _note_type_record(note_type: NoteType, old: NoteTypeRecord | None, time: int) -> NoteTypeRecord:
    """A bundled note type carries its time; one that the project changed gets a new time when its content changes."""
    same = old is not None and old.hash == note_type_hash(note_type) and old.id == note_type.id
    modified = old.modified if old and same else max(time, old.modified + 1 if old else 0)
    return remember_note_type(note_type, modified)


def remember_note_type(note_type: NoteType, modified: int) -> NoteTypeRecord:
    """Return what is remembered of a note type that last changed at a time."""
    return NoteTypeRecord(
        id=note_type.id,
        name=note_type.name,
        cloze=note_type.cloze,
        fields=tuple(field.id for field in note_type.fields),
        cards=tuple(template.id for template in note_type.templates),
        sort_field=note_type.sort_field,
        hash=note_type_hash(note_type),
        modified=modified,
    )


def note_type_hash(note_type: NoteType) -> str:
    """Return the hash of everything of a note type that Anki stores, its time left out."""
    fields = [(field.name, field.id, field.spare) for field in note_type.fields]
    templates = [(t.name, t.id, t.front, t.back) for t in note_type.templates]
    native = () if note_type.stock_kind is None else (note_type.stock_kind, [field.tag for field in note_type.fields])
    content = (note_type.name, note_type.cloze, fields, templates, note_type.css, note_type.sort_field, *native)
    return _digest(json.dumps(content, ensure_ascii=False))
