"""A temporary collection: open it, import a package, and read its state."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest, ImportLogWithChanges
from anki.errors import BackendError
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER as IF_NEWER

from generator.text.anki_markup import strip_tags


class RefusedPackageError(ValueError):
    """Anki does not accept a file as a package, or a note type that came with it."""


@dataclass(frozen=True, slots=True)
class NoteState:
    """The state of a note. `media` are digests of the files that it shows, by name."""

    note_type: str
    key: str
    fields: tuple[str, ...]
    tags: frozenset[str]
    media: Mapping[str, str]
    named: Mapping[str, str]


class State:
    """The state of a collection: by guid its notes, and by guid and ordinal its cards and their decks; and css."""

    def __init__(self, collection: Collection) -> None:
        database: Any = collection.db
        self.guids: dict[int, str] = dict(database.all("select id, guid from notes"))
        self.notes = {guid: _note_state(collection, id_) for id_, guid in self.guids.items()}
        self.cards: dict[str, dict[int, tuple[Any, ...]]] = {guid: {} for guid in self.notes}
        self.decks: dict[str, dict[int, str]] = {guid: {} for guid in self.notes}
        decks = {deck.id: deck.name for deck in collection.decks.all_names_and_ids()}
        for row in database.all("select nid, ord, did, * from cards"):
            guid, ordinal, deck = self.guids[row[0]], row[1], decks[row[2]]
            self.cards[guid][ordinal], self.decks[guid][ordinal] = tuple(row), deck
        self.styles: dict[int, tuple[str, str]] = {nt["id"]: (nt["name"], nt["css"]) for nt in collection.models.all()}


def _note_state(collection: Collection, id_: Any) -> NoteState:
    note = collection.get_note(id_)
    note_type = note.note_type() or {}
    used = collection.media.files_in_str(note.mid, "".join(note.fields))
    media = {
        name: sha256(file.read_bytes()).hexdigest()
        for name in used
        if (file := Path(collection.media.dir(), name)).is_file()
    }
    key = dict(note.items()).get("Key", note.guid)
    return NoteState(note_type["name"], key, tuple(note.fields), frozenset(note.tags), media, dict(note.items()))


def import_package(collection: Collection, package: Path, merge: bool = False) -> ImportLogWithChanges.Log:
    """Import with the default options of Anki's dialog, apart from the merging of note types."""
    options = ImportAnkiPackageOptions(
        merge_notetypes=merge,
        update_notes=IF_NEWER,
        update_notetypes=IF_NEWER,
        with_scheduling=False,
        with_deck_configs=False,
    )
    return collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options)).log


@contextmanager
def opened(file: Path) -> Iterator[Collection]:
    """Open a collection, or create it, and close it at the end. Raise RefusedPackageError for what Anki refuses there.

    Anki imports a card template that it cannot read, and refuses it when a learner changes something in its note type.
    """
    collection = Collection(str(file))
    try:
        yield collection
    except BackendError as error:
        raise RefusedPackageError(" ".join(strip_tags(str(error).replace("<br>", " ")).split())) from error
    finally:
        collection.close()
