"""Read the table that is the master of a deck, as entries of one kind: causes, or notes of one note type."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.diagnostics import KeyPath, WrongUseError
from generator.load.templates import load_columns
from generator.model.deck import Deck
from generator.model.table import TableFile
from generator.model.templates import NoteTypeFile, Templates
from generator.project.columns import Related
from generator.project.headers import fold_header, match_columns
from generator.project.merge import Given
from generator.project.rows import Row, cause_values, cells_in_deck, part_errors, read_cause_rows, works_in
from generator.project.table import Table
from generator.project.works import Works
from generator.project.written import write_html
from generator.resources import bundled
from generator.text.keys import fold_name
from generator.workflows.import_ import mapped_columns

Values = Callable[[Mapping[str, str]], tuple[dict[str, object], list[str]]]
"""Turns cells into the values of an entry, with the names in them that do not exist."""


@dataclass(frozen=True)
class Source:
    """A table as entries of one kind: its rows, what their cells mean now and meant before, and the key of the name.

    `in_deck` leaves out of the cells of a row what cannot be taken. `names` are the keys of entries by their names in
    lower case.
    """

    group: KeyPath
    entries: Mapping[str, Given]
    title: str
    rows: tuple[Row, ...]
    now: Values
    before: Values
    in_deck: Callable[[Mapping[str, str]], Mapping[str, str]]
    columns: Mapping[str, str]
    related: Related
    names: dict[str, str]
    unused: Sequence[str]
    lost: Mapping[str, str]
    refused: tuple[tuple[Row, str], ...]

    def name(self, key: str) -> str:
        """Return the name of an entry in a deck: for a note with its note type."""
        return "/".join((*map(str, self.group[1:]), key))


def note_type_of(table: Table, templates: Templates, deck: Deck) -> tuple[str, NoteTypeFile] | None:
    """Return the note type of the deck whose sort field is a column of the table."""
    own = {name: templates.note_types[name] for name in templates.added}
    used = {name.partition("/")[0] for name in deck.notes}
    sorted_by = {name: _sort_field(note_type).casefold() for name, note_type in own.items() if name in used}
    found = [name for name, field_name in sorted_by.items() if field_name in table.columns]
    fields = {n: sum(slot.name.casefold() in table.columns for slot in own[n].field_slots) for n in found}
    best = [name for name in found if fields[name] == max(fields.values())]
    if len(best) > 1:
        raise WrongUseError(f"The columns of the table are fields of several note types: {', '.join(best)}.")
    return (best[0], own[best[0]]) if best else None


def _sort_field(note_type: NoteTypeFile) -> str:
    return note_type.sort_field or note_type.field_slots[0].name


def note_source(deck: Deck, table: Table, name: str, note_type: NoteTypeFile) -> Source:
    """Return the rows of a table as notes of a note type."""
    html = table.html or "guid" in table.columns or note_type.markup == "anki"
    title = _sort_field(note_type)
    names = {slot.name.casefold(): slot.name for slot in note_type.field_slots} | {"tags": "tags"}
    columns = {names[header]: n for header, n in table.columns.items() if header in names}
    refused: list[tuple[Row, str]] = []
    rows = []
    for at, row in table.rows:
        told = table.cells(row)
        cells, errors = part_errors({key: row[n].strip() if n < len(row) else "" for key, n in columns.items()})
        read = Row(at, told.get("key") or None, told.get("guid") or None, cells.get(title, ""), cells, errors)
        if read.title:
            rows.append(read)
        else:
            refused.append((read, f"no {title}"))

    def values(cells: Mapping[str, str]) -> tuple[dict[str, object], list[str]]:
        found = {n: c.split() if n == "tags" else write_html(c) if html else c for n, c in cells.items() if c}
        return found, []

    prefix = f"{name}/"
    entries = {key.removeprefix(prefix): note for key, note in deck.notes.items() if key.startswith(prefix)}
    used = {*columns.values(), *(table.columns[n] for n in ("key", "guid") if n in table.columns)}
    return Source(
        ("notes", name), entries, title, tuple(rows), values, values, dict, {}, Related({}, Works({}, ()), {}, ()), {},
        table.named_unused(used), {}, tuple(refused),
    )  # fmt: skip


def cause_source(deck: Deck, memory: TableFile, table: Table, file: Path, mapped: tuple[str, ...]) -> Source:
    """Return the rows of a table as causes. Raise WrongUseError if no column has their names."""
    given = mapped_columns(mapped, table)
    remembered = {key: table.columns.get(fold_header(name)) for key, name in memory.columns.items() if key not in given}
    kept = {key: n for key, n in remembered.items() if n is not None and n not in given.values()}
    columns = match_columns(table.header, load_columns(bundled("templates")), given | kept)
    if "cause" not in columns:
        raise WrongUseError(f"No column is clearly the cause: add --map cause=HEADER. {table.described}")
    refused: list[tuple[Row, str]] = []
    rows = tuple(read_cause_rows(table, columns, refused))
    names = {fold_name(cause.cause): key for key, cause in deck.causes.items()}
    folders = (file.parent, file.parent / "media", deck.folder / "media")

    def related() -> Related:
        works = Works({key: source.title for key, source in deck.sources.items()}, works_in(rows))
        return Related(_places(deck, memory), works, names, folders)

    now, before = related(), related()
    guid = {table.columns["guid"]} if "guid" in table.columns else set()
    return Source(
        ("causes",), deck.causes, "cause", rows,
        lambda cells: cause_values(cells, table.html, now), lambda cells: cause_values(cells, table.html, before),
        lambda cells: cells_in_deck(cells, table.html, now),
        {key: table.header[n] for key, n in columns.items()}, now, names,
        table.named_unused({*columns.values(), *guid}),
        {key: name for key, name in memory.columns.items() if key not in columns}, tuple(refused),
    )  # fmt: skip


def _places(deck: Deck, memory: TableFile) -> Mapping[str, frozenset[str]]:
    """Return the paths of categories by their names and paths, and by the names that the table used."""
    places: dict[str, frozenset[str]] = {}
    for path, branch in deck.tree.items():
        if path:
            name = branch.category.name.casefold()
            places[name] = places.get(name, frozenset()) | {path}
    called: dict[str, frozenset[str]] = {}
    for key, row in memory.rows.items():
        cause = deck.causes.get(key)
        path = str(cause.category) if cause and cause.category in deck.tree else ""
        name = row.get("category", "").casefold()
        while path and name:
            called[name] = called.get(name, frozenset()) | {path}
            path, name = path.rpartition("/")[0], name.rpartition("/")[0].strip()
    alone = {name: paths for name, paths in called.items() if len(paths) == 1}
    return {**alone, **places, **{path: frozenset((path,)) for path in deck.tree if path}}
