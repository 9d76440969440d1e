"""`aetia import TABLE --into DECK`: what changed in a table comes into the deck that is kept in it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from generator.changes.changelog import EntryChange, FieldChange, Kind
from generator.changes.compare import mark_words
from generator.check.rules import check_deck
from generator.diagnostics import Diagnostic, KeyPath, Place, Severity, WrongUseError, severity_of
from generator.ledger.lock import read_lock
from generator.load.codes import load_codes
from generator.load.deck import load_deck
from generator.load.positions import Position, find_positions
from generator.load.schema import read_model
from generator.load.templates import load_columns
from generator.model.deck import Deck
from generator.model.table import TableFile
from generator.model.templates import NoteTypeFile, Templates
from generator.project.columns import Related
from generator.project.keys import make_key
from generator.project.matching import Known, Matched, match_rows
from generator.project.merge import Fate, Given, Said, displayed, fate, means, place_of, reads
from generator.project.remembered import NAME, remembered_file
from generator.project.rows import Row, cause_values, match_columns, read_cause_rows, tidy
from generator.project.table import At, Table, TableError, read_table
from generator.project.written import write_html
from generator.resources import bundled
from generator.workflows.import_ import mapped_columns
from generator.workflows.pending import Pending
from generator.workflows.prepare import Findings, locate, read_deck

Side = Literal["table", "deck"]
_NEEDED = ("cause", "mechanism")
Values = Callable[[Mapping[str, str]], tuple[dict[str, object], list[str]]]
"""Turns cells into what stands under the keys of an entry, and says what of them leads nowhere."""


@dataclass(frozen=True)
class Odds:
    """A key that both the table and the author changed: what each says, and said when the table was last taken."""

    key: str
    title: str
    name: str
    place: Place
    deck: str
    table: str
    was: str | None


@dataclass
class Updated:
    """What a table does to a deck: entries that change, what is left as it is and why, and what could not be taken.

    `differ` are those that would change with --update, `kept` keys that only the author changed, `gone` entries whose
    rows are not in the table any more, `only_here` entries that no table had. `unused` are columns, `lost` those that
    filled a key and are not in the table any more.
    """

    folder: Path
    entries: list[EntryChange] = field(default_factory=list)
    differ: list[EntryChange] = field(default_factory=list)
    odds: list[Odds] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    same: int = 0
    gone: Mapping[str, Place] = field(default_factory=dict)
    only_here: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    refused: list[tuple[At, str]] = field(default_factory=list)
    without: list[tuple[At, str]] = field(default_factory=list)
    unused: Sequence[str] = ()
    lost: Mapping[str, str] = field(default_factory=dict)
    positions: Mapping[Place, Position] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """What an author wants of an update. `decide` is asked whose texts to take where both sides changed one."""

    mapped: tuple[str, ...] = ()
    update: bool = False
    prefer: Side | None = None
    dry_run: bool = False
    decide: Callable[[Updated], Side | None] = lambda _: None


@dataclass(frozen=True)
class _Source:
    """A table as entries of one kind: its rows, what their cells mean now and meant, and the key that names them."""

    group: KeyPath
    entries: Mapping[str, Given]
    title: str
    rows: tuple[Row, ...]
    now: Values
    before: Values
    columns: Mapping[str, str]
    related: Related
    unused: Sequence[str]
    lost: Mapping[str, str]
    refused: tuple[tuple[At, str], ...]

    def name(self, key: str) -> str:
        """What an entry is called in a deck: a note with its note type."""
        return "/".join((*map(str, self.group[1:]), key))


def update_deck(file: Path, folder: Path, wish: Wish) -> tuple[Updated | None, Findings]:
    """Bring the rows of a table into a deck: new ones and, if wished, what changed in others; all of it or nothing."""
    deck, templates, diagnostics = read_deck(folder)
    memory, faults = _read_memory(folder)
    findings = locate((*diagnostics, *faults))
    if deck is None or findings.errors:
        return None, findings
    try:
        table = read_table(file)
    except TableError as error:
        return None, locate((Diagnostic("unreadable-file", str(error), Place(file, closed=True)),))
    update = _Update(deck, memory, table, file, templates, wish)
    done, pending = update.plan(wish.prefer)
    if done.odds and wish.prefer is None and (side := wish.decide(done)):
        done, pending = update.plan(side)
    if wish.dry_run:
        pending.contents()
        return done, findings
    before = _errors(deck, templates)
    with pending.written():
        findings = locate(load_deck(folder)[1])
        if findings.errors:
            pending.undo()
            return None, findings
    after, _, _ = read_deck(folder)
    new = tuple(
        d for d in _errors(after, templates) if (d.code, d.message) not in {(b.code, b.message) for b in before}
    )
    return done, locate((*load_deck(folder)[1], *new))


def _errors(deck: Deck | None, templates: Templates) -> list[Diagnostic]:
    """What keeps a deck from being built."""
    found = check_deck(deck, templates, load_codes()) if deck else ()
    return [d for d in found if severity_of(d, load_codes()) is Severity.ERROR]


def _read_memory(folder: Path) -> tuple[TableFile, tuple[Diagnostic, ...]]:
    file = folder / NAME
    memory, faults = read_model(TableFile, file, folder) if file.exists() else (None, ())
    return memory or TableFile(), faults


class _Update:
    """One run of an update, planned once or, when the author has decided, twice."""

    def __init__(
        self, deck: Deck, memory: TableFile, table: Table, file: Path, templates: Templates, wish: Wish
    ) -> None:
        self._deck, self._memory, self._wish = deck, memory, wish
        note_type = None if wish.mapped else _note_type(table, templates, deck)
        self._table, self._file, self._note_type = table, file, note_type

    def _source(self) -> _Source:
        if self._note_type:
            return _note_source(self._deck, self._table, *self._note_type)
        return _cause_source(self._deck, self._memory, self._table, self._file, self._wish.mapped)

    def plan(self, prefer: Side | None) -> tuple[Updated, Pending]:
        """Return what the update does, and the files that it writes."""
        source = self._source()
        done = Updated(self._deck.folder, unused=source.unused, lost=source.lost, refused=list(source.refused))
        pending = Pending(self._deck)
        matched = match_rows(source.rows, self._known(source))
        done.refused += [(row.at, reason) for row, reason in matched.twice]
        done.refused += [(row.at, _doubt(row, key, source)) for row, key in matched.doubtful]
        rows = {**self._memory.rows}
        new: dict[str, Row] = {}
        for row, key in matched.keys:
            if key is None:
                named = row.key or make_key(row.title, {*source.entries, *new}, f"row-{row.at.row or row.at.line}")
                new[named] = row
            else:
                rows[source.name(key)] = self._change(source, row, key, done, pending, prefer, matched)
        rows |= {source.name(key): new[key].cells for key in self._add(source, new, done, pending)}
        self._leave(source, matched, done)
        done.categories = pending.add_related(source.related)
        done.refused.sort()
        done.positions = find_positions((*(odds.place for odds in done.odds), *done.gone.values()))
        living = {*self._deck.causes, *self._deck.notes, *map(source.name, new)}
        alive = {name: cells for name, cells in rows.items() if name in living}
        columns = {**self._memory.columns, **source.columns}
        pending.remember(*remembered_file(self._deck.folder, TableFile(columns=columns, rows=alive)))
        return done, pending

    def _known(self, source: _Source) -> Known:
        lock, _ = read_lock(self._deck.folder)
        kind = "cause" if source.group[0] == "causes" else str(source.group[1])
        records = lock.notes.items() if lock else ()
        cells = {key: row for key in source.entries if (row := self._memory.rows.get(source.name(key)))}
        said = {key: source.before({source.title: row.get(source.title, "")})[0] for key, row in cells.items()}
        return Known(
            guids={record.guid: name.key for name, record in records if name.note_type == kind},
            imported={key: displayed(means(values.get(source.title))) for key, values in said.items()},
            names={key: displayed(reads(entry, source.title)) for key, entry in source.entries.items()},
            cells=cells,
            title=source.title,
        )

    def _change(
        self,
        source: _Source,
        row: Row,
        key: str,
        done: Updated,
        pending: Pending,
        prefer: Side | None,
        matched: Matched,
    ) -> dict[str, str]:
        """Bring a row into its entry. Return its cells as they are to be remembered."""
        entry, base = source.entries[key], self._memory.rows.get(source.name(key), {})
        cells, fields = dict(base), []
        place = self._deck.place(str(source.group[0]), source.name(key))
        for name, cell in row.cells.items():
            was = base.get(name, "")
            changed = tidy(cell) != tidy(was)
            before = source.before({source.title: row.cells[source.title], name: was})[0].get(name)
            values, missing = source.now({source.title: row.cells[source.title], name: cell}) if changed else ({}, [])
            now = values.get(name) if changed else before
            if missing or (now is None and name in _NEEDED):
                done.without += [(row.at, what) for what in missing or [f"its empty {name}: the deck's stays"]]
                continue
            what = fate(entry, name, Said(before, now, changed))
            if what is Fate.ODDS and prefer:
                what = Fate.TAKE if prefer == "table" else Fate.OWN
            if what is Fate.OWN:
                done.kept.append(f"{key}: {name}")
            elif what is not Fate.SAME:
                shown = displayed(reads(entry, name)), displayed(means(now))
                change = FieldChange(name, *shown, mark_words(*shown))
                if what is Fate.ODDS and self._wish.update:
                    said = displayed(means(before)) if base else None
                    spot = replace(place, keys=(*place.keys, name)) if shown[0] else replace(place, on_key=True)
                    done.odds.append(Odds(key, _title(source, key), name, spot, *shown, said))
                    continue
                fields.append(change)
                if not self._wish.update:
                    continue
                path, value = place_of(entry, name, now)
                pending.set(place.file, (*place.keys, *path), value)
                _use(pending, name, now)
            cells[name] = tidy(cell)
        if fields:
            told = _told(source, key, fields, key in matched.renamed)
            (done.entries if self._wish.update else done.differ).append(told)
        elif not any(odds.key == key for odds in done.odds):
            done.same += 1
        return cells

    def _add(self, source: _Source, new: Mapping[str, Row], done: Updated, pending: Pending) -> Iterator[str]:
        """Add the entries that are new behind the last of their kind, and yield their keys."""
        for key, row in new.items():
            values, lost = source.now(row.cells)
            if source.group[0] == "causes" and not values.get("mechanism"):
                done.refused.append((row.at, f"no mechanism for `{row.title}`"))
                continue
            done.without += [(row.at, what) for what in lost]
            done.entries.append(EntryChange(Kind.ADDED, "", key, displayed(means(values.get(source.title))), ""))
            pending.add(source.group, key, values)
            for name, value in values.items():
                _use(pending, name, value)
            yield key

    def _leave(self, source: _Source, matched: Matched, done: Updated) -> None:
        """Tell the entries that no row of the table is."""
        met = {key for _, key in (*matched.keys, *matched.doubtful)}
        left = [key for key in source.entries if key not in met]
        kind = str(source.group[0])
        done.gone = {
            key: self._deck.place(kind, source.name(key), on_key=True)
            for key in left
            if source.name(key) in self._memory.rows
        }
        done.only_here = tuple(key for key in left if key not in done.gone)


def _use(pending: Pending, name: str, value: object) -> None:
    """Note what a value names besides words."""
    if name in ("category", "sources", "image"):
        pending.use(name, value)


def _title(source: _Source, key: str) -> str:
    return displayed(reads(source.entries[key], source.title))


def _told(source: _Source, key: str, fields: Iterable[FieldChange], renamed: bool) -> EntryChange:
    """What changes in an entry, as `aetia diff` tells it."""
    by_name = {change.name: change for change in fields}
    name, place = by_name.get(source.title), by_name.pop("category", None)
    title = name.after if name else _title(source, key)
    moved = (place.before, place.after) if place else None
    was = name.before if name else None
    if name and renamed:
        by_name.pop(source.title)
    kind = Kind.RENAMED if renamed else Kind.CHANGED if by_name else Kind.MOVED
    return EntryChange(kind, "", key, title, "", was if renamed else None, moved, tuple(by_name.values()))


def _doubt(row: Row, key: str, source: _Source) -> str:
    return (
        f"`{row.title}` is probably `{_title(source, key)}` ({key}) under a new name. If so, write `{key}` in a column "
        f"`key` of its row; if it is new, write a key of its own there"
    )


def _note_type(table: Table, templates: Templates, deck: Deck) -> tuple[str, NoteTypeFile] | None:
    """The note type whose sort field is a column of the table, of those that the deck uses."""
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


def _note_source(deck: Deck, table: Table, name: str, note_type: NoteTypeFile) -> _Source:
    html = table.html or "guid" in table.columns or note_type.markup == "anki"
    title = _sort_field(note_type)
    names = {slot.name.casefold(): slot.name for slot in note_type.field_slots} | {"tags": "tags"}
    columns = {names[header]: n for header, n in table.columns.items() if header in names}
    refused: list[tuple[At, str]] = []
    rows = []
    for at, row in table.rows:
        told = table.cells(row)
        cells = {key: row[n].strip() if n < len(row) else "" for key, n in columns.items()}
        if not cells[title]:
            refused.append((at, f"no {title}"))
        else:
            rows.append(Row(at, told.get("key") or None, told.get("guid") or None, cells[title], cells))

    def values(cells: Mapping[str, str]) -> tuple[dict[str, object], list[str]]:
        found = {n: c.split() if n == "tags" else write_html(c) if html else c for n, c in cells.items() if c}
        return found, []

    prefix = f"{name}/"
    entries = {key.removeprefix(prefix): note for key, note in deck.notes.items() if key.startswith(prefix)}
    used = {*columns.values(), *(table.columns[n] for n in ("key", "guid") if n in table.columns)}
    return _Source(
        ("notes", name), entries, title, tuple(rows), values, values, {}, Related({}, {}, {}, ()), table.unused(used),
        {}, tuple(refused),
    )  # fmt: skip


def _cause_source(deck: Deck, memory: TableFile, table: Table, file: Path, mapped: tuple[str, ...]) -> _Source:
    given = mapped_columns(mapped, table)
    remembered = {key: table.columns.get(name.casefold()) for key, name in memory.columns.items() if key not in given}
    kept = {key: n for key, n in remembered.items() if n is not None and n not in given.values()}
    columns = match_columns(table.header, load_columns(bundled("templates")), given | kept)
    if "cause" not in columns:
        listed = ", ".join(map(table.named, range(len(table.header))))
        raise WrongUseError(f"No column is clearly the cause: add --map cause=HEADER; the columns are {listed}.")
    refused: list[tuple[At, str]] = []
    rows = tuple(read_cause_rows(table, columns, refused))
    names = {cause.cause.casefold(): key for key, cause in deck.causes.items()}
    new = {row.title.casefold(): row.key or make_key(row.title, deck.causes) for row in rows}
    folders = (file.parent, file.parent / "media", deck.folder / "media")

    def related() -> Related:
        works = {source.title: key for key, source in deck.sources.items() if source.title}
        return Related(_places(deck, memory), works, new | names, folders)

    now, before = related(), related()
    guid = {table.columns["guid"]} if "guid" in table.columns else set()
    return _Source(
        ("causes",), deck.causes, "cause", rows,
        lambda cells: cause_values(cells, table.html, now), lambda cells: cause_values(cells, table.html, before),
        {key: table.header[n] for key, n in columns.items()}, now, table.unused({*columns.values(), *guid}),
        {key: name for key, name in memory.columns.items() if key not in columns}, tuple(refused),
    )  # fmt: skip


def _places(deck: Deck, memory: TableFile) -> Mapping[str, frozenset[str]]:
    """The paths of categories by their names and paths, and by what the table called those of its entries."""
    places: dict[str, frozenset[str]] = {}
    for path, branch in deck.tree.items():
        if path:
            name = branch.category.name.casefold()
            places[name] = places.get(name, frozenset()) | {path}
    called: dict[str, frozenset[str]] = {}
    for key, row in memory.rows.items():
        cause = deck.causes.get(key)
        if cause and cause.category in deck.tree and (name := row.get("category", "").casefold()):
            called[name] = called.get(name, frozenset()) | {str(cause.category)}
    alone = {name: paths for name, paths in called.items() if len(paths) == 1}
    return {**alone, **places, **{path: frozenset((path,)) for path in deck.tree if path}}
