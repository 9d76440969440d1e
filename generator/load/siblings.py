"""The ids of the other decks of a project, which must differ from the deck's own."""

from collections.abc import Iterator
from pathlib import Path

from generator.load.text import read_text
from generator.load.yaml import parse_yaml


def load_siblings(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Yield `id` (or `deck`, if there is no id), its value and the file of each other deck in the same `decks/`.

    Decks that cannot be read are left out.
    """
    here = folder.resolve()
    for file in sorted(here.parent.glob("*/deck.yaml")) if here.parent.name == "decks" else ():
        text = read_text(file, file.parent) if file.parent != here else ""
        data, _ = parse_yaml(file, text) if isinstance(text, str) and text else (None, ())
        if isinstance(data, dict):
            key = "id" if "id" in data else "deck"
            if isinstance(value := data.get(key), str):
                yield key, value, file
