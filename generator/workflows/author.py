"""Adding to an author's files: entries, sources, decks from tables. What cannot be read afterwards is undone."""

from collections.abc import Callable, Mapping
from pathlib import Path

from generator.diagnostics import Diagnostic, KeyPath, Place
from generator.files import write_whole
from generator.load.deck import load_deck
from generator.load.positions import find_positions
from generator.load.templates import load_columns
from generator.project.insert import insert_entry, insert_item
from generator.project.keys import make_key
from generator.project.start import write_deck
from generator.project.table import Converted, write_causes
from generator.resources import bundled
from generator.workflows.prepare import Findings, locate, prepare


def add_cause(
    folder: Path, name: str, category: str | None, entry: Mapping[str, object]
) -> tuple[Path | None, int, Findings]:
    """Add a cause to a deck, after the last of its category; return the file and line where it stands."""
    deck, diagnostics = load_deck(folder)
    if deck is None:
        return None, 0, locate(diagnostics)
    alike = [key for key, cause in deck.causes.items() if category in (None, cause.category)]
    after = next(reversed(alike or list(deck.causes)), None)
    file = deck.files["causes", after] if after else folder / "deck.yaml"
    key = make_key(name, deck.causes)
    text = file.read_text(encoding="utf-8")
    return _insert(file, text, lambda: insert_entry(text, key, entry, "causes", after), ("causes", key))


def add_source(folder: Path, item: Mapping[str, object]) -> tuple[Path | None, int, Findings]:
    """Add a source to a deck; return the file and line where it stands."""
    deck, diagnostics = load_deck(folder)
    if deck is None:
        return None, 0, locate(diagnostics)
    file = folder / "sources.yaml"
    key = str(item["id"])
    if key in deck.sources:
        place = Place(file, ("references", list(deck.sources).index(key), "id"))
        return None, 0, locate((Diagnostic("duplicate-key", f"there is a source `{key}` already", place),))
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return _insert(file, text, lambda: insert_item(text, item, "references"), ("references", len(deck.sources), "id"))


def column_names() -> Mapping[str, tuple[str, ...]]:
    """Return the headers by which a table's columns are known, by key of a cause."""
    return load_columns(bundled("templates"))


def import_causes(folder: Path, finding: str, effect: str, converted: Converted) -> Findings:
    """Write a deck of the causes of a table; return what keeps it from being built.

    Raises FileExistsError if there is one.
    """
    if not converted.causes:
        return Findings((), {})
    write_deck(folder, finding, effect, finding)
    write_causes(folder, converted)
    _, diagnostics = prepare(folder, now=0)
    return locate(diagnostics)


def _insert(file: Path, old: str, make: Callable[[], str], keys: KeyPath) -> tuple[Path | None, int, Findings]:
    """Write a file with an addition if the deck can still be read with it."""
    try:
        new = make()
    except ValueError as error:
        return None, 0, locate((Diagnostic("cannot-add", str(error), Place(file, keys[:1], on_key=True)),))
    write_whole(file, new.encode())
    _, diagnostics = load_deck(file.parent if file.name in ("deck.yaml", "sources.yaml") else file.parents[1])
    findings = locate(diagnostics)
    if findings.errors:
        if old:
            write_whole(file, old.encode())
        else:
            file.unlink()
        return None, 0, findings
    place = Place(file, keys, on_key=True)
    return file, find_positions((place,))[place].line, Findings((), {})
