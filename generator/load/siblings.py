"""The other decks of a project, as far as one deck must know of them: their ids."""

from collections.abc import Iterator
from pathlib import Path

from generator.diagnostics import Diagnostic
from generator.load.text import read_text
from generator.load.yaml import parse_yaml


def load_sibling_ids(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the id and the file of each other deck in the same `decks/`; broken ones are left out."""
    here = folder.resolve()
    for file in sorted(here.parent.glob("*/deck.yaml")) if here.parent.name == "decks" else ():
        text = read_text(file, file.parent) if file.parent != here else ""
        data, _ = parse_yaml(file, text) if isinstance(text, str) and text else (None, ())
        if not isinstance(text, Diagnostic) and isinstance(data, dict) and isinstance(data.get("id"), str):
            yield data["id"], file
