"""`aetia import`: a deck of causes, made of a table or of the notes of a package."""

from collections.abc import Callable, Mapping, Sequence
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
    try:
        with opened(file) as given:
            table = given if isinstance(given, Table) else as_table(given)
    except UnreadableError as error:
        return None, locate((Diagnostic("foreign-package", str(error), Place(file, closed=True)),))
    except TableError as error:
        return None, locate((Diagnostic("unreadable-file", str(error), Place(file, closed=True)),))
    columns = match_columns(table.header, load_columns(bundled("templates"))) | mapped_columns(mapped, table.header)
    for key in _NEEDED:
        if key not in columns:
            columns[key] = table.header.index(ask_column(key, table.header))
    name = finding or " ".join(file.stem.replace("_", " ").replace("-", " ").split()).capitalize()
    effect = ask_effect()
    target = folder or Path("decks") / make_key(file.stem, (), "deck")
    converted = convert(table, columns)
    findings = Findings((), {})
    if converted.causes:
        write_deck(target, finding_of(name), effect, name)
        write_causes(target, converted)
        findings = locate(prepare(target, now=0)[1])
    return Imported(table, target, columns, converted), findings


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
