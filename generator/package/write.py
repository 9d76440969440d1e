"""The Anki package. genanki writes it; what genanki leaves to chance is settled here.

Ids, times, cards and the zip's dates come from the release, so the same release gives the same bytes, and nothing is
written but the package itself.
"""

import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import genanki

from generator.files import write_whole
from generator.model.notes import Identity, Note, NoteField, NoteType, Release
from generator.package.archive import MEMORY, Memory, format_memory

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_SQLITE_VERSION = slice(96, 100)
_FIRST_FIELD = re.compile(r"\{\{#?(?:[\w-]+:)*([^#^/}]+)\}\}")


class _Model(genanki.Model):  # type: ignore[misc]  # genanki has no types
    """A note type with its own time and without genanki's guess of which fields a card needs."""

    def __init__(self, note_type: NoteType, modified: int) -> None:
        super().__init__(
            model_id=note_type.id,
            name=note_type.name,
            fields=[_field(f) for f in note_type.fields],
            templates=[{"name": t.name, "id": t.id, "qfmt": t.front, "afmt": t.back} for t in note_type.templates],
            css=note_type.css,
            model_type=genanki.Model.CLOZE if note_type.cloze else genanki.Model.FRONT_BACK,
            sort_field_index=note_type.sort_field,
        )
        self._modified = modified
        self._stock = {} if note_type.stock_kind is None else {"originalStockKind": note_type.stock_kind}
        names = [field.name for field in note_type.fields]
        self._required = [[i, "all", [names.index(_gate(t.front))]] for i, t in enumerate(note_type.templates)]

    @property
    def _req(self) -> list[list[Any]]:
        return self._required

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        return {**super().to_json(self._modified, deck_id), **self._stock}


class _Note(genanki.Note):  # type: ignore[misc]
    """A note with its own id, time and cards."""

    def __init__(self, model: _Model, note: Note, identity: Identity, due: int) -> None:
        super().__init__(model, list(note.fields), tags=note.tags, guid=identity.guid, due=due)
        self.cards = [genanki.Card(ordinal) for ordinal in note.card_ordinals]
        self._identity = identity

    def _check_invalid_html_tags_in_fields(self) -> None:
        """The fields are sanitised HTML already."""

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        ids = chain([self._identity.id], (self._identity.id + 1 + card.ord for card in self.cards))
        super().write_to_db(cursor, self._identity.modified, deck_id, ids)


def write_apkg(release: Release, file: Path, fingerprint: str = "") -> None:
    """Write the package in one step, with the fingerprint of what it was made from.

    Raises OSError with the old package untouched.
    """
    write_whole(file, pack(release, fingerprint))


def pack(release: Release, fingerprint: str = "") -> bytes:
    """Return the bytes of the package."""
    media = release.notes.media
    numbers = {identity.guid: identity.numbers for identity in release.identities.values()}
    memory = Memory(release.namespace, release.notes.deck, fingerprint, numbers, release.slots)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "collection.anki2", _collection(release))
        _add(archive, "media", json.dumps({str(i): m.name for i, m in enumerate(media)}).encode())
        _add(archive, MEMORY, format_memory(memory))
        for index, item in enumerate(media):
            _add(archive, str(index), item.read())
    return buffer.getvalue()


def _collection(release: Release) -> bytes:
    notes = release.notes
    models = {key: _Model(nt, release.note_type_times[key]) for key, nt in notes.note_types.items()}
    *ancestors, deck = _decks(notes.deck, notes.description)
    for due, note in enumerate(notes.notes, 1):
        deck.add_note(_Note(models[note.note_type], note, release.identities[note.id], due))
    connection = sqlite3.connect(":memory:")
    try:
        genanki.Package([*ancestors, deck]).write_to_db(connection.cursor(), 0, iter(()))
        connection.commit()
        database = bytearray(connection.serialize())
    finally:
        connection.close()
    database[_SQLITE_VERSION] = bytes(4)  # the library that wrote last; without meaning for a reader
    return bytes(database)


def _decks(name: str, description: str) -> list[genanki.Deck]:
    """The deck and all its ancestors: Anki takes a parent's place in the tree only from the package."""
    parts = name.split("::")
    names = ["::".join(parts[: depth + 1]) for depth in range(len(parts))]
    return [genanki.Deck(_deck_id(n), n, description if n == name else "") for n in names]


def _deck_id(name: str) -> int:
    """Anki matches decks by name and throws the id away; it must only be there."""
    return 1_500_000_000_000 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:5]) % 100_000_000_000


def _field(field: NoteField) -> dict[str, Any]:
    entry = {"name": field.name, "id": field.id, "collapsed": field.folded or field.spare}
    return entry if field.tag is None else {**entry, "tag": field.tag, "preventDeletion": True}


def _gate(front: str) -> str:
    """The first field of a front: the one that its card cannot do without. Anki looks for itself at the import."""
    found = _FIRST_FIELD.search(front)
    return found[1] if found else ""


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.create_system = 3
    archive.writestr(info, content)
