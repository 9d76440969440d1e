"""The other decks of a project, and their ids, which must differ from the deck's own."""

from collections.abc import Iterator
from pathlib import Path

from generator.load.text import read_text
from generator.load.yaml import parse_yaml
from generator.resources import list_decks


def sibling_folders(folder: Path) -> list[Path]:
    """Return the folder of each other deck in the same `decks/`, by name."""
    here = folder.resolve()
    return [other for other in list_decks(here.parent) if other != here] if here.parent.name == "decks" else []


def load_siblings(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Yield `id` (or `deck`, if there is no id), its value and the file of each other deck in the same `decks/`.

    Decks that cannot be read are left out.
    """
    for file in (other / "deck.yaml" for other in sibling_folders(folder)):
        text = read_text(file, file.parent)
        data, _ = parse_yaml(file, text) if isinstance(text, str) and text else (None, ())
        if isinstance(data, dict):
            key = "id" if "id" in data else "deck"
            if isinstance(value := data.get(key), str):
                yield key, value, file
