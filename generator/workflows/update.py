"""`aetia import TABLE --into DECK`: a table that stays the master of a deck's entries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.cards.markdown import render_markdown
from generator.diagnostics import Diagnostic, KeyPath, Place, WrongUseError
from generator.files import write_whole
from generator.ledger.lock import read_lock
from generator.load.deck import load_deck
from generator.load.templates import load_columns
from generator.model.deck import Deck
from generator.model.entries import Cause, OwnNote
from generator.model.entry import Written
from generator.model.templates import NoteTypeFile
from generator.project.edit import CannotEditError, change_values, edit_bytes
from generator.project.keys import make_key
from generator.project.table import Table, TableError, match_columns, read_table, row_cells, row_entry
from generator.project.written import write_html
from generator.resources import bundled
from generator.workflows.import_ import mapped_columns
from generator.workflows.prepare import Findings, locate, read_deck


@dataclass
class Updated:
    """What a table does to a deck: keys of entries that are new, changed, the same, or not in the table any more.

    `differ` are those that differ and were left, `refused` rows by number with the reason.
    """

    folder: Path
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)
    same: int = 0
    missing: tuple[str, ...] = ()
    refused: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    """A row as an entry: where it goes, what names it if it says so, and its values by key."""

    number: int
    key: str | None
    guid: str | None
    title: str
    values: Mapping[str, object]


def update_deck(file: Path, folder: Path, *, mapped: tuple[str, ...], update: bool) -> tuple[Updated | None, Findings]:
    """Add the rows of a table that are new to a deck and, to `update`, change what differs; all of it or nothing."""
    deck, templates, diagnostics = read_deck(folder)
    findings = locate(diagnostics)
    if deck is None or findings.errors:
        return None, findings
    try:
        table = read_table(file)
    except TableError as error:
        return None, locate((Diagnostic("unreadable-file", str(error), Place(file, closed=True)),))
    note_type = None if mapped else _note_type(table, {n: templates.note_types[n] for n in templates.added}, deck)
    group = ("notes", note_type[0]) if note_type else ("causes",)
    done = Updated(folder)
    rows = list(_note_rows(table, note_type[1], done) if note_type else _cause_rows(table, mapped, done))
    changed = _apply(deck, group, rows, done, update)
    before = {path: path.read_bytes() for path in changed}
    for path, content in changed.items():
        write_whole(path, content)
    findings = locate(load_deck(folder)[1])
    if findings.errors:
        for path, content in before.items():
            write_whole(path, content)
        return None, findings
    return done, findings


def _note_type(table: Table, own: Mapping[str, NoteTypeFile], deck: Deck) -> tuple[str, NoteTypeFile] | None:
    """The note type whose sort field is a column of the table, of those that the deck uses."""
    used = {name.partition("/")[0] for name in deck.notes}
    sorted_by = {name: (nt.sort_field or nt.field_slots[0].name).casefold() for name, nt in own.items() if name in used}
    found = [name for name, field_name in sorted_by.items() if field_name in table.columns]
    fields = {n: sum(slot.name.casefold() in table.columns for slot in own[n].field_slots) for n in found}
    best = [name for name in found if fields[name] == max(fields.values())]
    if len(best) > 1:
        raise WrongUseError(f"The columns of the table are fields of several note types: {', '.join(best)}.")
    return (best[0], own[best[0]]) if best else None


def _note_rows(table: Table, note_type: NoteTypeFile, done: Updated) -> Iterator[_Row]:
    html = table.html or "guid" in table.columns or note_type.markup == "anki"
    sort_field = note_type.sort_field or note_type.field_slots[0].name
    for number, row in table.rows:
        cells = table.cells(row)
        values: dict[str, object] = {
            slot.name: write_html(cell) if html else cell
            for slot in note_type.field_slots
            if (cell := cells.get(slot.name.casefold()))
        }
        title = cells.get(sort_field.casefold(), "")
        if tags := cells.get("tags", "").split():
            values["tags"] = tags
        if not title:
            done.refused.append((number, f"no {sort_field}"))
        else:
            yield _Row(number, cells.get("key") or None, cells.get("guid") or None, title, values)


def _cause_rows(table: Table, mapped: tuple[str, ...], done: Updated) -> Iterator[_Row]:
    columns = match_columns(table.header, load_columns(bundled("templates"))) | mapped_columns(mapped, table.header)
    if "cause" not in columns:
        raise WrongUseError(
            f"No column is clearly the cause: add --map cause=HEADER; the columns are {', '.join(table.header)}."
        )
    for number, row in table.rows:
        cells, _ = row_cells(table, row, columns)
        entry = row_entry(cells)
        told = table.cells(row)
        if not entry["cause"]:
            done.refused.append((number, "no cause"))
        else:
            yield _Row(number, told.get("key") or None, told.get("guid") or None, str(entry["cause"]), entry)


def _apply(deck: Deck, group: KeyPath, rows: list[_Row], done: Updated, update: bool) -> dict[Path, bytes]:
    """Return the files with what the rows bring to them."""
    entries: Mapping[str, Cause | OwnNote] = deck.causes
    if group[0] == "notes":
        prefix = f"{group[1]}/"
        entries = {name.removeprefix(prefix): note for name, note in deck.notes.items() if name.startswith(prefix)}
    contents: dict[Path, bytes] = {}
    find = _Finder(deck, group, entries)
    met: dict[str, int] = {}
    changes: dict[Path, dict[KeyPath, object]] = {}
    new: list[tuple[str, _Row]] = []
    for row in rows:
        key = find.key(row)
        if key in met:
            done.refused.append((row.number, f"`{key}` is row {met[key]} already"))
        elif key is None:
            key = row.key or make_key(row.title, {*entries, *(added for added, _ in new)}, f"row-{row.number}")
            new.append((key, row))
        elif differing := dict(_differences(entries[key], row.values)):
            file = deck.files[str(group[0]), "/".join((*map(str, group[1:]), key))]
            changes.setdefault(file, {}).update({(*group, key, *path): v for path, v in differing.items()})
            (done.changed if update else done.differ).append(key)
        else:
            done.same += 1
        met[key] = row.number
    done.missing = tuple(key for key in entries if key not in met)
    for file, values in changes.items() if update else ():
        contents[file] = _changed(file, file.read_bytes(), values)
    _add(deck, group, new, contents, done)
    return contents


class _Finder:
    """Finds the entry that a row is: by its guid, its key, or what it is called."""

    def __init__(self, deck: Deck, group: KeyPath, entries: Mapping[str, Cause | OwnNote]) -> None:
        lock, _ = read_lock(deck.folder)
        kind = "cause" if group[0] == "causes" else str(group[1])
        remembered = lock.notes if lock else {}
        self._guids = {record.guid: name.key for name, record in remembered.items() if name.note_type == kind}
        self._entries = entries
        self._titles: dict[str, str] = {}
        for key, entry in entries.items():
            texts = [entry.cause] if isinstance(entry, Cause) else [_html(text) for text in entry.fields_.values()][:1]
            for text in texts:
                self._titles.setdefault(text.casefold(), key)

    def key(self, row: _Row) -> str | None:
        """Return the key of the entry, None if it is new."""
        key = self._guids.get(row.guid or "") or row.key or self._titles.get(row.title.casefold())
        return key if key in self._entries else None


def _differences(entry: Cause | OwnNote, values: Mapping[str, object]) -> Iterator[tuple[KeyPath, object]]:
    """Yield the path in the entry and the new value of each that reads otherwise than before."""
    for name, value in values.items():
        if isinstance(entry, OwnNote):
            old: object = entry.tags if name == "tags" else entry.fields_.get(name)
        else:
            old = getattr(entry, name.replace("-", "_"))
        if isinstance(value, list):
            had = [getattr(item, "name", item) for item in (old if isinstance(old, tuple) else ())]
            if [_shown(str(item)) for item in had] != [_shown(str(item)) for item in value]:
                yield (name,), value
        elif name == "mechanism" and isinstance(entry, Cause):
            if _shown(entry.mechanism.summary or "") != _shown(str(value)):
                whole = entry.mechanism.model_fields_set == {"summary"}
                yield (name,) if whole else (name, "summary"), value
        elif isinstance(old, Written) or (old is None and isinstance(entry, OwnNote)):
            if _html(old) != (value["html"] if isinstance(value, dict) else _shown(str(value))):
                yield (name,), value
        elif _shown(str(old or "")) != _shown(str(value)):
            yield (name,), value


def _html(text: Written | None) -> str:
    if text is None:
        return ""
    return text.html if text.html is not None else _shown(text.markdown or "")


def _shown(text: str) -> str:
    """A text as it reads, without its citations: words that stay the same keep what an author cited for them."""
    return render_markdown(text, lambda _, __: "", lambda name: name, acts=True)


def _add(deck: Deck, group: KeyPath, new: list[tuple[str, _Row]], contents: dict[Path, bytes], done: Updated) -> None:
    """Add the entries that are new behind the last of their kind."""
    kind = str(group[0])
    prefix = "/".join((*map(str, group[1:]), "")) if kind == "notes" else ""
    homes = [file for (what, name), file in deck.files.items() if what == kind and name.startswith(prefix)]
    file = homes[-1] if homes else deck.folder / "deck.yaml"
    values: dict[KeyPath, object] = {}
    for key, row in new:
        if kind == "causes" and not row.values.get("mechanism"):
            done.refused.append((row.number, f"no mechanism for `{row.title}`"))
        else:
            values[*group, key] = dict(row.values)
            done.added.append(key)
    if values:
        contents[file] = _changed(file, contents.get(file) or file.read_bytes(), values)


def _changed(file: Path, content: bytes, values: Mapping[KeyPath, object]) -> bytes:
    try:
        return edit_bytes(content, lambda text: change_values(text, values))
    except CannotEditError as error:
        raise WrongUseError(f"Nothing was changed: {file}: {error}.") from error
