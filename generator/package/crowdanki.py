"""A folder that CrowdAnki wrote: one JSON file with nested decks, notes and note types, and a folder of media.

It has guids, but no times and no ids of note types and notes: Anki gives each learner different ones.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from generator.model.foreign import ForeignDeck, ForeignNote
from generator.package.archive import UnreadableError
from generator.package.note_type import read_note_type

MAX_BYTES = 512 * 2**20


def read_crowdanki(path: Path) -> ForeignDeck:
    """Return the deck in a folder; `path` may also be its JSON file. Raise UnreadableError."""
    folder = path if path.is_dir() else path.parent
    named = [path] if path.is_file() else [folder / f"{folder.name}.json", folder / "deck.json"]
    file = next((file for file in (*named, *sorted(folder.glob("*.json"))) if file.is_file()), None)
    if file is None:
        raise UnreadableError("this folder contains no CrowdAnki deck: there is no JSON file in it")
    if file.stat().st_size > MAX_BYTES:
        raise UnreadableError(f"`{file.name}` is larger than {MAX_BYTES // 2**20} MB")
    try:
        return _deck(json.loads(file.read_text(encoding="utf-8-sig")), folder / "media")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise UnreadableError(f"`{file.name}` is not a CrowdAnki deck") from error


def _deck(data: Mapping[str, Any], media: Path) -> ForeignDeck:
    decks = list(_decks(data, ""))
    models = {model["crowdanki_uuid"]: model for _, deck in decks for model in deck.get("note_models", ())}
    note_types = {uuid: read_note_type(uuid, {**model, "id": _made_up(uuid)}) for uuid, model in models.items()}
    notes = tuple(
        ForeignNote(
            guid=_text(note["guid"]),
            id=0,
            modified=0,
            note_type=note_types[note["note_model_uuid"]].id,
            fields=tuple(map(_text, note["fields"])),
            tags=tuple(map(_text, note["tags"])),
            deck=name,
        )
        for name, deck in decks
        for note in deck["notes"]
    )
    used = {note.note_type for note in notes}
    return ForeignDeck(
        note_types={note_type.id: note_type for note_type in note_types.values() if note_type.id in used},
        times={},
        notes=notes,
        descriptions={name: _text(deck.get("desc", "")) for name, deck in decks},
        media={file.name: file for file in sorted(media.iterdir()) if file.is_file() and not file.is_symlink()}
        if media.is_dir() and not media.is_symlink()
        else {},
        left=("the options of the decks",) if any(deck.get("deck_configurations") for _, deck in decks) else (),
    )


def _decks(deck: Mapping[str, Any], parent: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    name = f"{parent}{_text(deck['name'])}"
    yield name, deck
    for child in deck.get("children", ()):
        yield from _decks(child, f"{name}::")


def _made_up(uuid: str) -> int:
    """Return an id like Anki's own, which is the same for a note type at every import."""
    return 1_500_000_000_000 + uuid5(NAMESPACE_OID, uuid).int % 200_000_000_000


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value
