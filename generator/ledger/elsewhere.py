"""Find what a release that was built with another lock knows of a deck, and this lock does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from generator.diagnostics import Diagnostic, Place
from generator.ledger.lines import NoteTypeRecord, Record
from generator.ledger.lock import FILE_NAME, Lock, newer
from generator.ledger.stamp import Stamped, hashes
from generator.model.deck import Deck
from generator.model.notes import Note, NoteId, Release
from generator.text.short import name_some


@dataclass(frozen=True)
class Elsewhere:
    """Another release: the time and the hash of the content of its notes, by guid.

    `name` says in words which it is, `way` how to bring its notes into this lock.
    """

    name: str
    way: str
    notes: dict[str, tuple[int, str]]


def of_lock(lock: Lock, name: str, way: str) -> Elsewhere:
    """Return the notes of another revision's lock."""
    return Elsewhere(name, way, {record.guid: (record.modified, record.hash) for record in lock.notes.values()})


def of_release(release: Release, name: str, way: str, stamped: Stamped) -> Elsewhere:
    """Return the notes of a package. Most are as in the release of today, whose hashes are known."""
    known = {stamped.lock.notes[note.id].guid: note for note in stamped.release.notes.notes}
    notes: dict[str, tuple[int, str]] = {}
    for note in release.notes.notes:
        identity, note_type = release.identities[note.id], release.notes.note_types[note.note_type]
        today = known.get(identity.guid)
        if today and (today.fields, today.tags) == (note.fields, note.tags) and _id_of(today, stamped) == note_type.id:
            hash_ = stamped.lock.notes[today.id].hash
        else:
            hash_ = hashes(note.fields, note.tags, note_type)[0]
        notes[identity.guid] = identity.modified, hash_
    return Elsewhere(name, way, notes)


def _id_of(note: Note, stamped: Stamped) -> int:
    return stamped.release.notes.note_types[note.note_type].id


def newest(others: Iterable[Elsewhere]) -> dict[str, tuple[int, str]]:
    """Return the time and hash of each note's newest content, by guid. If two contents have that time, no hash."""
    found: dict[str, tuple[int, str]] = {}
    for other in others:
        for guid, (time, hash_) in other.notes.items():
            known = found.get(guid, (time, hash_))
            tied = known[0] == time and known[1] != hash_
            found[guid] = (time, "") if tied else max(known, (time, hash_))
    return found


def catch_up(lock: Lock, past: Lock) -> Lock:
    """Return a lock that knows the newer state of its notes and note types in a release of the past.

    Learners who have that release then get today's content, because it is another one and gets a time of its own. Notes
    that the lock lacks stay out.
    """
    there = {record.guid: record for record in past.notes.values()}
    notes = {
        name: newer(record, late) if (late := there.get(record.guid)) and _overtakes(late, record) else record
        for name, record in lock.notes.items()
    }
    note_types = {
        key: then if (then := past.note_types.get(key)) and _overtakes(then, kind) and _alike(then, kind) else kind
        for key, kind in lock.note_types.items()
    }
    return replace(lock, notes=notes, note_types=note_types)


def _overtakes(late: Record | NoteTypeRecord, early: Record | NoteTypeRecord) -> bool:
    return late.modified > early.modified or (late.modified == early.modified and late.hash != early.hash)


def _alike(one: NoteTypeRecord, other: NoteTypeRecord) -> bool:
    """Return whether Anki takes two states of a note type for one."""
    return all(getattr(one, part) == getattr(other, part) for part in ("id", "cloze", "fields", "cards", "sort_field"))


def find_lost(deck: Deck, stamped: Stamped, other: Elsewhere) -> Iterator[Diagnostic]:
    """Yield an error if notes that are new by the lock are in another release: the lock was cut or merged badly."""
    if lost := [name for name in stamped.added if stamped.lock.notes[name].guid in other.notes]:
        yield Diagnostic(
            "lost-notes",
            f"{FILE_NAME} lacks {len(lost)} of the notes that {other.name} has, {_names(lost)}: "
            "learners' edits of them would be overwritten",
            Place(deck.folder / FILE_NAME),
            hint=f"{other.way}; if nobody has these notes, build with `--retire`",
        )


def find_overtaken(deck: Deck, stamped: Stamped, other: Elsewhere) -> Iterator[Diagnostic]:
    """Yield a warning if another release has newer notes with other words, which its learners would keep."""
    records = ((note.id, stamped.lock.notes[note.id]) for note in stamped.release.notes.notes)
    newer = [
        name
        for name, record in records
        if (there := other.notes.get(record.guid)) and there[0] >= record.modified and there[1] != record.hash
    ]
    if newer:
        yield Diagnostic(
            "newer-elsewhere",
            f"{other.name} has other words and a later time for {len(newer)} of the notes, {_names(newer)}: "
            "Anki keeps the later ones, so learners who have that release would not get yours",
            Place(deck.folder / FILE_NAME),
            hint=f"{other.way}; if no learner has that release, nothing is lost",
        )


def _names(names: list[NoteId]) -> str:
    return name_some(dict.fromkeys(name.key for name in names))
