"""Give notes their identities and times from the lock, and find what changed."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from json.encoder import encode_basestring
from types import MappingProxyType

from generator.ledger.heal import Healed
from generator.ledger.identity import derive_namespace, new_guid, new_ids
from generator.ledger.lines import NoteTypeRecord, Record
from generator.ledger.lock import Lock, remember
from generator.ledger.sketch import sketch
from generator.model.deck import Deck
from generator.model.notes import KEY_FIELD, Identity, Note, NoteId, NoteSet, NoteType, Release

_NOTHING = '""'
"""An empty text as JSON."""


@dataclass(frozen=True)
class Stamped:
    """A release and the lock that remembers it, with the names of the notes that differ from the last build.

    `emptied` are the ordinals of cards that learners have and that no longer show anything.
    """

    release: Release
    lock: Lock
    added: tuple[NoteId, ...]
    changed: tuple[NoteId, ...]
    retired: tuple[NoteId, ...]
    returned: tuple[NoteId, ...]
    renamed: Mapping[NoteId, NoteId]
    emptied: Mapping[NoteId, tuple[int, ...]]
    untouched: int

    @cached_property
    def notes(self) -> Mapping[NoteId, Note]:
        """The notes of the release by their names."""
        return {note.id: note for note in self.release.notes.notes}


def open_lock(deck: Deck, lock: Lock | None) -> Lock:
    """Return the lock to build on: the deck's own, or a new one."""
    if lock:
        return replace(lock, deck=deck.settings.deck)
    return Lock(deck.settings.id or derive_namespace(deck.settings.deck), deck.settings.deck)


def stamp(
    notes: NoteSet, healed: Healed, now: int, elsewhere: Mapping[str, tuple[int, str]] = MappingProxyType({})
) -> Stamped:
    """Give every note its guid, id and time, and remember them.

    `now` is in seconds since 1970. Content that did not change keeps its time. `elsewhere` has, by guid, the time and
    the hash of the newest content in releases of other branches.
    """
    lock = healed.lock
    notes = replace(notes, notes=tuple(_with_cards_it_has(note, notes, lock) for note in notes.notes))
    names = {note.id: note for note in notes.notes}
    time = max(now, lock.newest)
    known = {name: lock.notes[name] for name in names if name in lock.notes}
    fresh = tuple(name for name in names if name not in known)
    ids = new_ids(len(fresh), lock.namespace, now, [record.id for record in lock.notes.values()])
    guids = {record.guid for record in lock.notes.values()}
    records: dict[NoteId, Record] = {}
    for name, note in names.items():
        hash_, body = hashes(note.fields, note.tags, notes.note_types[note.note_type])
        old = known.get(name)
        if old is None:
            first = NoteId(name.note_type, (name.key, *notes.renamed.get(name, ()))[-1])
            guid, id_, modified = new_guid(lock.namespace, first, guids), next(ids), time
        else:
            guid, id_, modified = old.guid, old.id, _date(old, hash_, time, elsewhere.get(old.guid))
        records[name] = Record(
            guid=guid,
            id=id_,
            hash=hash_,
            body=body,
            modified=modified,
            numbers=remember(note.cloze_numbers, old.numbers if old else {}),
            cards=note.card_ordinals,
            sketch=old.sketch if old and old.hash == hash_ else sketch_note(note, notes.note_types[note.note_type]),
        )
    gone = {name: record for name, record in lock.notes.items() if name not in names}
    records |= {name: replace(r, retired=now if r.retired is None else r.retired) for name, r in gone.items()}
    note_types = {key: _note_type_record(nt, lock.note_types.get(key), time) for key, nt in notes.note_types.items()}
    slots = {what: remember(numbers, lock.slots.get(what, {})) for what, numbers in notes.slots.items()}
    after = replace(lock, notes=records, note_types={**lock.note_types, **note_types}, slots={**lock.slots, **slots})
    changed = tuple(name for name, old in known.items() if records[name].hash != old.hash)
    return Stamped(
        release=_release(notes, names, after),
        lock=after,
        added=fresh,
        changed=changed,
        retired=tuple(name for name, record in gone.items() if record.retired is None),
        returned=tuple(name for name, old in known.items() if old.retired is not None),
        renamed=healed.renamed,
        emptied={
            name: empty
            for name, old in known.items()
            if (empty := tuple(card for card in old.cards if card not in records[name].cards))
        },
        untouched=len(known) - len(changed),
    )


def only(stamped: Stamped, release: Release) -> Stamped:
    """Return what differs in a part of a release. The lock stays that of the whole, and so does what was given up."""
    names = {note.id for note in release.notes.notes}
    added, changed, returned = (
        tuple(name for name in some if name in names) for some in (stamped.added, stamped.changed, stamped.returned)
    )
    return replace(
        stamped,
        release=release,
        added=added,
        changed=changed,
        returned=returned,
        renamed={name: was for name, was in stamped.renamed.items() if name in names},
        emptied={name: cards for name, cards in stamped.emptied.items() if name in names},
        untouched=len(names) - len(added) - len(changed),
    )


def _date(old: Record, hash_: str, time: int, there: tuple[int, str] | None) -> int:
    """Return the time at which content changed. If another branch released the same content before, it keeps that time.

    So learners who have that release keep their edits of these words.
    """
    if old.hash == hash_:
        return old.modified
    if there and there[1] == hash_ and old.modified < there[0] <= time:
        return there[0]
    return max(time, old.modified + 1)


def _with_cards_it_has(note: Note, notes: NoteSet, lock: Lock) -> Note:
    """Let an adopted note keep its cards, and not get all that Anki would make, until it or its note type changes."""
    note_type = notes.note_types[note.note_type]
    if not note_type.foreign:
        return note
    old, old_type = lock.notes.get(note.id), lock.note_types.get(note.note_type)
    if old is None or old_type is None or old.cards == note.card_ordinals:
        return note
    if old.hash != hashes(note.fields, note.tags, note_type)[0] or old_type.hash != note_type_hash(note_type):
        return note
    kept = tuple(ordinal for ordinal in note.card_ordinals if ordinal in old.cards) or note.card_ordinals
    return replace(note, card_ordinals=kept, cards=tuple(card for card in note.cards if card.ordinal in kept))


def _release(notes: NoteSet, names: Iterable[NoteId], lock: Lock) -> Release:
    records = ((name, lock.notes[name]) for name in names)
    identities = {name: Identity(r.guid, r.id, r.modified, r.numbers) for name, r in records}
    times = {key: lock.note_types[key].modified for key in notes.note_types}
    return Release(notes, identities, times, lock.namespace, lock.slots, lock.files)


def sketch_note(note: Note, note_type: NoteType) -> str:
    """Return the sketch of the words of a note.

    Its key and the folded fields are left out: entries that rest on the same works share all words of those.
    """
    fields = zip(note_type.fields, note.fields, strict=True)
    return sketch(value for field, value in fields if value and field.name != KEY_FIELD and not field.folded)


def hashes(fields: Sequence[str], tags: Sequence[str], note_type: NoteType) -> tuple[str, str]:
    """Return the hash of a note's content, and of its content without the key."""
    whole = [encode_basestring(value) if value else _NOTHING for value in fields]
    content = f"[{note_type.id}, [{', '.join(whole)}], [{', '.join(map(encode_basestring, tags))}]]"
    key = next((number for number, field in enumerate(note_type.fields) if field.name == KEY_FIELD), None)
    if key is not None:
        whole[key] = _NOTHING
    return _digest(content), _digest(f"[{note_type.id}, [{', '.join(whole)}]]")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _note_type_record(note_type: NoteType, old: NoteTypeRecord | None, time: int) -> NoteTypeRecord:
    """Return the memory of a note type, which keeps its time if its content stays the same."""
    if old and old.hash == note_type_hash(note_type) and old.id == note_type.id:
        return old
    return remember_note_type(note_type, max(time, old.modified + 1 if old else 0))


def remember_note_type(note_type: NoteType, modified: int) -> NoteTypeRecord:
    """Return the memory of a note type that last changed at this time."""
    return NoteTypeRecord(
        id=note_type.id,
        name=note_type.name,
        cloze=note_type.cloze,
        fields=tuple(field.lasting_id for field in note_type.fields),
        cards=tuple(template.lasting_id for template in note_type.templates),
        sort_field=note_type.sort_field,
        hash=note_type_hash(note_type),
        modified=modified,
    )


def note_type_hash(note_type: NoteType) -> str:
    """Return the hash of everything that Anki stores of a note type, except its time."""
    fields = [(field.name, field.id, field.spare) for field in note_type.fields]
    templates = [(t.name, t.id, t.front, t.back) for t in note_type.templates]
    native = () if note_type.stock_kind is None else (note_type.stock_kind, [field.tag for field in note_type.fields])
    stored = [note_type.stored, *(f.stored for f in note_type.fields), *(t.stored for t in note_type.templates)]
    more = (stored,) if any(stored) else ()
    content = (note_type.name, note_type.cloze, fields, templates, note_type.css, note_type.sort_field, *native, *more)
    return _digest(json.dumps(content, ensure_ascii=False))
