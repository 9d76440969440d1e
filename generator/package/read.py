"""Read the release in a package that Aetia wrote, and refuse other packages."""

import json
import sqlite3
import zipfile
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.diagnostics import Diagnostic, Place
from generator.model.notes import (
    CardTemplate,
    Faces,
    Identity,
    Media,
    Note,
    NoteField,
    NoteSet,
    NoteType,
    Release,
)
from generator.package.archive import Memory, UnreadableError, open_archive, open_database, read_member, read_memory
from generator.package.note_type import read_note_type

Show = Callable[[NoteType, Sequence[str], int], Faces]
"""Makes the faces of a card from a note type, field values and the ordinal of a card."""

_COLLECTION = "collection.anki2"
_ZSTD = "collection.anki21b"
_NOT_OURS = "give a package that `aetia build` wrote"


def load_package(file: Path, show: Show, with_media: bool = False) -> Release | Diagnostic:
    """Return the notes, note types, cards and times in a package, or a diagnostic that says why it cannot be read.

    Media are read only if `with_media` is set.
    """
    try:
        with open_archive(file) as archive:
            database = _collection(archive)
            memory = read_memory(archive)
            media = _unpack(archive) if with_media else ()
        with open_database(database) as connection:
            del database  # sqlite has a copy
            return _release(connection, show, media, memory)
    except FileNotFoundError:
        return Diagnostic("missing-package", "there is no such package", Place(file, closed=True), hint=_NOT_OURS)
    except UnreadableError as error:
        return _refuse(file, str(error))
    except (sqlite3.Error, ValueError, LookupError, TypeError, AttributeError, StopIteration, RecursionError,
            OverflowError):  # fmt: skip
        return _refuse(file, "this package was not made by Aetia")


def _collection(archive: zipfile.ZipFile) -> bytes:
    names = set(archive.namelist())
    if _ZSTD in names:
        raise UnreadableError("this package is in Anki's newer format")
    if _COLLECTION not in names:
        raise UnreadableError("this file is not an Anki package")
    return read_member(archive, _COLLECTION)


def _unpack(archive: zipfile.ZipFile) -> tuple[Media, ...]:
    names = json.loads(read_member(archive, "media"))
    return tuple(Media(_text(name), read_member(archive, index)) for index, name in names.items())


def _release(connection: sqlite3.Connection, show: Show, media: tuple[Media, ...], memory: Memory) -> Release:
    models, decks = (json.loads(text) for text in connection.execute("select models, decks from col").fetchone())
    kinds = connection.execute("select guid, mid from notes") if memory.keys else ()
    foreign = {str(model) for guid, model in kinds if guid in memory.keys}
    note_types = {key: (read_note_type if key in foreign else _note_type)(key, model) for key, model in models.items()}
    cards: dict[int, list[int]] = {}
    homes: dict[int, str] = {}
    due: dict[int, int] = {}
    for note_id, ordinal, deck_id, at in connection.execute("select nid, ord, did, due from cards order by nid, ord"):
        cards.setdefault(note_id, []).append(ordinal)
        homes.setdefault(note_id, str(deck_id))
        due[note_id] = min(at, due.get(note_id, at))
    first = [decks[deck] for deck in homes.values()] or [{"name": "", "desc": ""}]
    home = next((deck for deck in decks.values() if deck["name"] == memory.deck), first[0])
    subdecks = {note: decks[deck]["name"].removeprefix(home["name"])[2:] for note, deck in homes.items()}
    found = list(_notes(connection, note_types, foreign, cards, subdecks, memory))
    found.sort(key=lambda read: (due.get(read[1].id, 0), read[1].id))
    return Release(
        NoteSet(
            deck=home["name"],
            description=home["desc"],
            note_types=note_types,
            notes=tuple(note for note, _ in found),
            media=media,
            withheld=(),
            tree={},
            renamed={},
            show=lambda note, ordinal: show(note_types[note.note_type], note.fields, ordinal),
        ),
        {note.id: identity for note, identity in found},
        {key: int(model["mod"]) for key, model in models.items()},
        memory.namespace,
        memory.slots,
        memory.files,
    )


def _notes(
    connection: sqlite3.Connection,
    note_types: Mapping[str, NoteType],
    foreign: Container[str],
    cards: Mapping[int, Sequence[int]],
    subdecks: Mapping[int, str],
    memory: Memory,
) -> Iterator[tuple[Note, Identity]]:
    """Yield the notes of a package. Sorting them is left to Python: sqlite would hold all texts for that."""
    key_fields = {
        key: next(i for i, field in enumerate(note_type.fields) if field.name == "Key")
        for key, note_type in note_types.items()
        if key not in foreign
    }
    for guid, id_, model, modified, tags, text in connection.execute(
        "select guid, id, mid, mod, tags, flds from notes"
    ):
        kind, fields = str(model), tuple(text.split("\x1f"))
        if len(fields) != len(note_types[kind].fields):
            raise ValueError(len(fields))
        key = memory.keys[guid] if kind in foreign else fields[key_fields[kind]]
        note = Note(
            key, kind, fields, tuple(tags.split()), tuple(cards.get(id_, ())), {}, subdeck=subdecks.get(id_, "")
        )
        yield note, Identity(_text(guid), int(id_), int(modified), memory.numbers.get(guid, {}))


def _note_type(key: str, model: Mapping[str, Any]) -> NoteType:
    """Return a note type from a package, where only its id identifies it."""
    return NoteType(
        key=key,
        name=_text(model["name"]),
        id=int(model["id"]),
        cloze=model["type"] == 1,
        fields=tuple(_field(f) for f in model["flds"]),
        templates=tuple(
            CardTemplate(_text(t["name"]), int(t["id"]), _text(t["qfmt"]), _text(t["afmt"])) for t in model["tmpls"]
        ),
        css=_text(model["css"]),
        sort_field=int(model["sortf"]),
        stock_kind=model.get("originalStockKind"),
    )


def _field(field: Mapping[str, Any]) -> NoteField:
    name = _text(field["name"])
    return NoteField(name, int(field["id"]), name.startswith("Spare "), field["collapsed"], field.get("tag"))


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _refuse(file: Path, message: str) -> Diagnostic:
    return Diagnostic("foreign-package", message, Place(file, closed=True), hint=_NOT_OURS)
