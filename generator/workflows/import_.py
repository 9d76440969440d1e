"""`aetia import`: a deck of causes, made of a table or of the notes of a package."""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.diagnostics import Diagnostic, Place, WrongUseError
from generator.load.templates import load_columns
from generator.package.archive import UnreadableError
from generator.project.foreign import as_table
from generator.project.keys import finding_of, make_key
from generator.project.start import write_deck
from generator.project.table import TARGETS, Converted, Table, TableError, convert, match_columns, write_causes
from generator.resources import bundled
from generator.workflows.adopt import opened
from generator.workflows.prepare import Findings, locate, prepare

_NEEDED = ("cause", "mechanism")
"""What a row must have."""


@dataclass(frozen=True)
class Imported:
    """A table, the deck that was made of it, and which column filled which key. No cause, no deck."""

    table: Table
    folder: Path
    columns: Mapping[str, int]
    converted: Converted


def import_table(
    file: Path,
    folder: Path | None,
    *,
    finding: str | None,
    mapped: tuple[str, ...],
    ask_column: Callable[[str, Sequence[str]], str],
    ask_effect: Callable[[], str],
) -> tuple[Imported | None, Findings]:
    """Make a deck of causes of a table, or of the notes of another deck, and say what keeps it from being built.

    Raises FileExistsError if there is a deck.
    `mapped` are pairs `KEY=HEADER`; what they and the headers leave open is asked.
    """
    ask = _Questions(finding, mapped, ask_column, ask_effect)
    try:
        with opened(file) as given:
            if isinstance(given, Table):
                return _import(given, file, folder, ask, (file.parent, file.parent / "media"))
            return _import(as_table(given), file, folder, ask, {path.parent for path in given.media.values()})
    except UnreadableError as error:
        return None, locate((Diagnostic("foreign-package", str(error), Place(file, closed=True)),))
    except TableError as error:
        return None, locate((Diagnostic("unreadable-file", str(error), Place(file, closed=True)),))


@dataclass(frozen=True)
class _Questions:
    """What an author says of a table, or is asked."""

    finding: str | None
    mapped: tuple[str, ...]
    column: Callable[[str, Sequence[str]], str]
    effect: Callable[[], str]


def _import(
    table: Table, file: Path, folder: Path | None, ask: _Questions, folders: Iterable[Path]
) -> tuple[Imported | None, Findings]:
    columns = match_columns(table.header, load_columns(bundled("templates"))) | mapped_columns(ask.mapped, table.header)
    for key in _NEEDED:
        if key not in columns:
            columns[key] = table.header.index(ask.column(key, table.header))
    name = ask.finding or " ".join(file.stem.replace("_", " ").replace("-", " ").split()).capitalize()
    effect = ask.effect()
    target = folder or Path("decks") / make_key(file.stem, (), "deck")
    converted = convert(table, columns, tuple(folders))
    findings = Findings((), {})
    if converted.causes:
        _write(target, converted, name, effect)
        findings = locate(prepare(target, now=0)[1])
    return Imported(table, target, columns, converted), findings


def _write(folder: Path, converted: Converted, name: str, effect: str) -> None:
    """Write a deck, `deck.yaml` last: what is there without it is no deck. What could not be finished is taken away."""
    if (folder / "deck.yaml").exists():
        raise FileExistsError(17, "there is a deck here already", str(folder / "deck.yaml"))
    new = not folder.exists()
    categories = {key: {"name": category} for key, category in converted.categories.items()}
    try:
        write_causes(folder, converted)
        write_deck(folder, finding_of(name), effect, name, {"categories": categories} if categories else None)
    except OSError:
        if new:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def mapped_columns(pairs: tuple[str, ...], header: Sequence[str]) -> dict[str, int]:
    """Return the columns that were named for keys, as `KEY=HEADER`. Raises WrongUseError."""
    columns = {}
    for pair in pairs:
        key, _, name = pair.partition("=")
        if key not in TARGETS or name not in header:
            keys, headers = ", ".join(TARGETS), ", ".join(header)
            raise WrongUseError(f"--map {pair}: a key is one of {keys}; the headers are {headers}.")
        columns[key] = header.index(name)
    return columns
