"""Write the Anki package with genanki, and settle what genanki leaves to chance.

Ids, times, cards and the dates in the zip come from the release, so the same release gives the same bytes.
"""

import functools
import hashlib
import io
import json
import re
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generator.files import write_whole
from generator.model.notes import CardTemplate, Identity, Note, NoteField, NoteType, Release
from generator.package.archive import MEMORY, Memory, format_memory
from generator.text.anki_markup import makes_card, parse_or_nothing

sys.modules.setdefault("cached_property", functools)  # Python's own does what genanki needs, and loads no asyncio
import genanki  # noqa: E402  # so it must follow

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_SQLITE_HISTORY = (24, 4), (92, 8)
"""Where a database file counts its changes and names the version of SQLite, and the bytes of that, which are left
empty: readers do not need them.
"""
_LEVEL = 4
"""The level of deflate: half the time of the usual 6, for 4 % more bytes."""
_NOTE_ROW = "insert into notes values (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
_CARD_ROW = (
    "insert into cards (id, nid, ord, mod, did, due, usn, type, queue, ivl, factor, reps, lapses, left, odue, odid, "
    "flags, data) values (?, ?, ?, ?, ?, ?, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '')"
)
_FIRST_FIELD = re.compile(r"\{\{#?(?:[\w-]+:)*([^#^/}]+)\}\}")


class _Model(genanki.Model):  # type: ignore[misc]  # genanki has no types
    """A note type with its own time, and without genanki's guess of which fields a card needs."""

    def __init__(self, note_type: NoteType, modified: int) -> None:
        super().__init__(
            model_id=note_type.id,
            name=note_type.name,
            fields=[({"font": "Arial"} if note_type.foreign else {}) | _field(f) for f in note_type.fields],
            templates=[_template(t) for t in note_type.templates],
            css=note_type.css,
            model_type=genanki.Model.CLOZE if note_type.cloze else genanki.Model.FRONT_BACK,
            sort_field_index=note_type.sort_field,
        )
        self._modified = modified
        self._stored = {} if note_type.stock_kind is None else {"originalStockKind": note_type.stock_kind}
        self._stored |= note_type.stored
        self._required = _fields_asked_for(note_type)

    @property
    def _req(self) -> list[list[Any]]:
        return self._required

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        return {**super().to_json(self._modified, deck_id), **self._stored}


def write_apkg(release: Release, file: Path, fingerprint: str = "") -> None:
    """Write the package in one step, with the fingerprint of what it was made from.

    Raise OSError and leave the old package if that fails.
    """
    write_whole(file, pack(release, fingerprint))


def pack(release: Release, fingerprint: str = "") -> bytes:
    """Return the bytes of the package."""
    media, types = release.notes.media, release.notes.note_types
    numbers = {identity.guid: identity.numbers for identity in release.identities.values()}
    keys = {release.identities[n.id].guid: n.key for n in release.notes.notes if not types[n.note_type].keyed}
    memory = Memory(release.namespace, release.notes.deck, fingerprint, numbers, release.slots, keys, release.files)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add_collection(archive, release)
        _add(archive, "media", json.dumps({str(i): m.name for i, m in enumerate(media)}).encode())
        _add(archive, MEMORY, format_memory(memory))
        for index, item in enumerate(media):
            _add(archive, str(index), item.read())
    return buffer.getvalue()


def note_type_json(note_type: NoteType) -> dict[str, Any]:
    """Return a note type as it is in the package, without its time."""
    written: dict[str, Any] = _Model(note_type, 0).to_json(0, 0)
    return written


def _add_collection(archive: zipfile.ZipFile, release: Release) -> None:
    """Add the database by way of a file, so that memory does not hold it."""
    with TemporaryDirectory(prefix="aetia-") as folder:
        file = Path(folder, "collection.anki2")
        _write_collection(release, file)
        info = _member(file.name)
        info.file_size = file.stat().st_size
        info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # noqa: SLF001  # `open` takes it only from here
        with file.open("r+b") as database, archive.open(info, "w") as member:
            for start, length in _SQLITE_HISTORY:
                database.seek(start)
                database.write(bytes(length))
            database.seek(0)
            shutil.copyfileobj(database, member)


def _write_collection(release: Release, file: Path) -> None:
    """Write the database. genanki writes all but the rows of notes and cards, for which it is too slow."""
    notes = release.notes
    decks = _decks(notes.deck, notes.description, {note.subdeck for note in notes.notes})
    for key in dict.fromkeys(note.note_type for note in notes.notes):
        decks[notes.deck].add_model(_Model(notes.note_types[key], release.note_type_times[key]))
    homes = {name: deck.deck_id for name, deck in decks.items()}
    taken: set[int] = set()
    connection = sqlite3.connect(file)
    try:
        cursor = connection.cursor()
        cursor.executescript("pragma journal_mode = off; pragma synchronous = off")  # what fails is thrown away
        genanki.Package(list(decks.values())).write_to_db(cursor, 0, iter(()))
        for due, note in enumerate(notes.notes, 1):
            row, cards = _rows(note, notes.note_types[note.note_type], release.identities[note.id], taken)
            home = homes[notes.home(note)]
            cursor.execute(_NOTE_ROW, row)
            cursor.executemany(_CARD_ROW, ((*card, home, due) for card in cards))
        connection.commit()
    except sqlite3.OperationalError as error:
        raise OSError(None, str(error), str(file)) from error  # the disk is full
    finally:
        connection.close()


def _rows(
    note: Note, note_type: NoteType, identity: Identity, taken: set[int]
) -> tuple[tuple[Any, ...], Iterator[tuple[int, ...]]]:
    """Return the row of a note and, for each of its cards, id, note, ordinal and time. `taken`: ids in use."""
    id_, modified = identity.id, identity.modified
    tags, fields = f" {' '.join(note.tags)} ", "\x1f".join(note.fields)
    row = (id_, identity.guid, note_type.id, modified, tags, fields, note.fields[note_type.sort_field])
    return row, ((_free(id_ + 1 + ordinal, taken), id_, ordinal, modified) for ordinal in note.card_ordinals)


def _free(id_: int, taken: set[int]) -> int:
    """Return the id or, if a card has it because notes of another program are close together, the next free one."""
    while id_ in taken:
        id_ += 1
    taken.add(id_)
    return id_


def _decks(name: str, description: str, subdecks: Iterable[str]) -> dict[str, genanki.Deck]:
    """Return the deck, its subdecks and all ancestors: Anki needs every parent in the package."""
    wanted = (f"{name}::{subdeck}".removesuffix("::").split("::") for subdeck in ("", *sorted(subdecks)))
    names = {"::".join(parts[: depth + 1]): None for parts in wanted for depth in range(len(parts))}
    return {n: genanki.Deck(_deck_id(n), n, description if n == name else "") for n in names}


def _deck_id(name: str) -> int:
    """Return an id for a deck. Anki requires one, but matches decks by name and discards it."""
    return 1_500_000_000_000 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:5]) % 100_000_000_000


def _field(field: NoteField) -> dict[str, Any]:
    entry = {"name": field.name, "collapsed": field.folded or field.spare, **_id(field), **field.stored}
    return entry if field.tag is None else {"tag": field.tag, "preventDeletion": True, **entry}


def _template(template: CardTemplate) -> dict[str, Any]:
    sides = {"qfmt": template.front, "afmt": template.back}
    return {"name": template.name, **_id(template), **sides, **template.stored}


def _id(part: NoteField | CardTemplate) -> dict[str, Any]:
    return {} if part.id is None else {"id": part.id}


def _fields_asked_for(note_type: NoteType) -> list[list[Any]]:
    """Return the fields that a card needs, all or any of them. Anki computes its own at the import."""
    names = [field.name for field in note_type.fields]
    if note_type.foreign:
        fronts = [parse_or_nothing(template.front) for template in note_type.templates]
        return [
            [i, "any", [n for n, name in enumerate(names) if makes_card(front, frozenset([name]))]]
            for i, front in enumerate(fronts)
        ]
    return [[i, "all", [names.index(_gate(t.front))]] for i, t in enumerate(note_type.templates)]


def _gate(front: str) -> str:
    """Return the first field of a front, which its card needs. Anki computes its own at the import."""
    found = _FIRST_FIELD.search(front)
    return found[1] if found else ""


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_member(name), content, compresslevel=_LEVEL)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.create_system = 3
    return info
