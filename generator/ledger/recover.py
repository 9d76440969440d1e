"""A package that was built before to the memory of it: for a lock that was lost, or that a merge set back."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape

from generator.diagnostics import Diagnostic
from generator.ledger.lock import Lock, NoteName, Record, newer
from generator.ledger.stamp import hashes, remember_note_type
from generator.model.deck import Deck
from generator.model.notes import EarlierRelease, NoteSet, Release

_CLOZE = re.compile(r"\{\{c(\d+)::(.*?)(?:::.*?)?\}\}", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def recover_lock(lock: Lock, old: Release, notes: NoteSet) -> Lock | None:
    """Return a lock that also remembers what is in an old package: unknown notes, newer times, note types.

    None if the package has no note of the deck.

    Note types are told by their ids, notes by their keys. Cloze numbers come back under the text that they hide.
    """
    kinds = {note_type.id: key for key, note_type in notes.note_types.items()}
    found: dict[NoteName, Record] = dict(lock.notes)
    for note in old.notes.notes:
        note_type = old.notes.note_types[note.note_type]
        if (kind := kinds.get(note_type.id)) is None:
            continue
        identity = old.identities[note.note_type, note.key]
        record = Record(identity.guid, identity.id, *hashes(note.fields, note.tags, note_type), identity.modified)
        known = found.get((kind, note.key))
        if known is None:
            found[kind, note.key] = replace(record, ordinals=_numbers(note.fields) if note_type.cloze else {})
        elif known.guid == record.guid:
            found[kind, note.key] = replace(newer(known, record), ordinals=known.ordinals, retired=known.retired)
    if not any((note.note_type, note.key) in found for note in notes.notes):
        return None
    note_types = {
        kinds[note_type.id]: remember_note_type(note_type, old.note_type_times[key])
        for key in dict.fromkeys(note.note_type for note in old.notes.notes)
        if (note_type := old.notes.note_types[key]).id in kinds
    }
    return replace(lock, notes=found, note_types={**note_types, **lock.note_types})


def missing_lock(deck: Deck, recovered: Lock | None, old: EarlierRelease) -> Diagnostic:
    """Say loudly that there was no lock, and whether the old package made up for it."""
    if recovered:
        message = f"deck.lock is missing; who is who and when it changed was taken from `{old.since}` instead"
        hint = "commit the new deck.lock with the deck"
    else:
        message = f"deck.lock is missing, and `{old.since}` has no note of this deck: all times start over"
        hint = "restore deck.lock from git, or take an earlier release with `--recover`; else learners' edits are lost"
    return Diagnostic("missing-lock", message, deck.place(), hint=hint)


def _numbers(fields: Sequence[str]) -> dict[str, int]:
    """The cloze numbers of a note by the text that each hides, if it hides only one."""
    hidden: dict[int, dict[str, None]] = {}
    for number, html in (match for field in fields for match in _CLOZE.findall(field)):
        hidden.setdefault(int(number), {})[unescape(_TAG.sub("", html)).strip()] = None
    return {next(iter(texts)): number for number, texts in hidden.items() if len(texts) == 1}
