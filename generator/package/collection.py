"""Packages of Anki or another program, read by Anki itself into a temporary collection.

Apart from the rehearsal, only this module needs the library of `aetia[anki]`.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from anki._backend import RustBackend
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.errors import AnkiException

from generator.model.foreign import ForeignDeck, ForeignNote
from generator.package.archive import UnreadableError, check_sizes
from generator.package.note_type import read_note_type

_USUAL = 1
"""The id of the deck options that every collection has."""
_NO_DECK = "Default"
"""The deck of cards whose deck does not exist."""


@contextmanager
def opened_package(file: Path) -> Iterator[ForeignDeck]:
    """Read an `.apkg` or `.colpkg`. Its media files exist while it is open. Raise UnreadableError."""
    check_sizes(file)
    with TemporaryDirectory(prefix="aetia-import-") as folder:
        collection = _load(file, Path(folder))
        try:
            yield _read(collection)
        finally:
            collection.close()


def _load(file: Path, folder: Path) -> Collection:
    path = folder / "collection.anki2"
    try:
        if file.suffix.casefold() != ".colpkg":
            return _filled(Collection(str(path)), file)
        RustBackend().import_collection_package(
            col_path=str(path),
            backup_path=str(file),
            media_folder=str(folder / "collection.media"),
            media_db=str(folder / "collection.media.db2"),
        )
        return Collection(str(path))
    except AnkiException as error:
        raise UnreadableError(f"Anki cannot read this package: {str(error).splitlines()[0]}") from error


def _filled(collection: Collection, package: Path) -> Collection:
    for number, note_type in enumerate(collection.models.all()):  # a name that the package cannot have
        collection.models.update_dict({**note_type, "name": f"\N{OBJECT REPLACEMENT CHARACTER}{number}"})
    options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
    try:
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
        _forget(collection)
    except AnkiException:
        collection.close()
        raise
    return collection


def _forget(collection: Collection) -> None:
    """Put cards that were studied back into the place that they had as new ones, and out of filtered decks.

    Without the scheduling, Anki makes ordinary decks of filtered ones.
    """
    database: Any = collection.db
    studied = database.list("select id from cards where type or odid")
    collection.sched.schedule_cards_as_new(studied, restore_position=True, reset_counts=True)


def _read(collection: Collection) -> ForeignDeck:
    database: Any = collection.db
    decks = {deck.id: deck.name for deck in collection.decks.all_names_and_ids()}
    homes: dict[int, list[str]] = defaultdict(list)
    cards: dict[int, list[int]] = defaultdict(list)
    for note_id, ordinal, deck in database.execute(
        "select nid, ord, iif(odid, odid, did) from cards order by nid, ord"
    ):
        homes[note_id].append(decks.get(deck, _NO_DECK))
        cards[note_id].append(ordinal)
    query = "select n.guid, n.id, n.mod, n.mid, n.flds, n.tags from notes n left join cards c on c.nid = n.id "
    notes = tuple(
        ForeignNote(guid, id_, modified, note_type, tuple(fields.split("\x1f")), tuple(tags.split()),
                    next(iter(homes[id_]), _NO_DECK), tuple(cards[id_]))
        for guid, id_, modified, note_type, fields, tags in database.execute(
            query + "group by n.id order by min(c.due), n.id"
        )
    )  # fmt: skip
    models = {id_: _model(collection, id_) for id_ in dict.fromkeys(note.note_type for note in notes)}
    folder = Path(collection.media.dir())
    return ForeignDeck(
        note_types={id_: read_note_type(str(id_), model) for id_, model in models.items()},
        times={id_: int(model["mod"]) for id_, model in models.items()},
        notes=notes,
        descriptions={name: _description(collection, id_) for id_, name in decks.items()},
        media={file.name: file for file in sorted(folder.iterdir()) if file.is_file()},
        left=tuple(_left(collection, homes)),
    )


def _model(collection: Collection, id_: int) -> Mapping[str, Any]:
    model: Mapping[str, Any] = json.loads(json.dumps(collection.models.get(id_)))  # type: ignore[arg-type]
    return model


def _description(collection: Collection, id_: Any) -> str:
    return str((collection.decks.get(id_) or {}).get("desc", ""))


def _left(collection: Collection, homes: Mapping[int, list[str]]) -> Iterator[str]:
    if parted := sum(len(set(names)) > 1 for names in homes.values()):
        have, come = ("note has", "comes") if parted == 1 else ("notes have", "come")
        yield f"the decks of single cards: {parted} {have} cards in several decks, and {come} into the first of them"
    if any(deck.get("conf", _USUAL) != _USUAL for deck in collection.decks.all()):
        yield "the options of the decks"
