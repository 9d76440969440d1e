"""`aetia import TABLE --into DECK`: bring the changes of a table into its deck."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from generator.changes.changelog import EntryChange, FieldChange, Kind
from generator.changes.compare import mark_words
from generator.check.rules import check_deck
from generator.diagnostics import Diagnostic, Place, Severity, severity_of
from generator.ledger.lock import read_lock
from generator.load.codes import load_codes
from generator.load.deck import load_deck
from generator.load.positions import Position, find_positions
from generator.load.schema import read_model
from generator.model.deck import Deck
from generator.model.table import TableFile
from generator.model.templates import Templates
from generator.project.columns import NEEDED
from generator.project.headers import Headers
from generator.project.matching import Known, Matched, match_rows
from generator.project.merge import Fate, Said, displayed, fate, means, place_of, reads, taken
from generator.project.remembered import NAME, remembered_file
from generator.project.rows import Row, tidy
from generator.project.table import At, Table, TableError, read_table
from generator.text.keys import fold_name, make_key
from generator.workflows.adopt import unreadable
from generator.workflows.import_ import free_keys, split_maps
from generator.workflows.pending import Pending
from generator.workflows.prepare import Findings, locate, read_deck
from generator.workflows.tables import Source, cause_source, note_source, note_type_of

Side = Literal["table", "deck"]


@dataclass(frozen=True)
class Odds:
    """A key that both the table and the author changed: what each says now, and the table's text at the last import."""

    key: str
    title: str
    name: str
    place: Place
    deck: str
    table: str
    was: str | None


@dataclass
class Updated:
    """What a table does to a deck: entries that change, what is left as it is and why, and what cannot be imported.

    `differ` are entries that would change with --update, `kept` keys that only the author changed, `gone` entries whose
    rows are no longer in the table, `only_here` entries that no table had, `deleted` rows whose entries, by key, are no
    longer in the deck. `unused` are columns, if there are others
    than at the last import, `free` keys that they could fill; `lost` are columns that filled a key and are no longer in
    the table. `header_at` says where the header was found if it is not at the top of the first sheet.
    """

    folder: Path
    entries: list[EntryChange] = field(default_factory=list)
    differ: list[EntryChange] = field(default_factory=list)
    odds: list[Odds] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    same: int = 0
    gone: Mapping[str, Place] = field(default_factory=dict)
    only_here: tuple[str, ...] = ()
    deleted: Sequence[tuple[Row, str]] = ()
    categories: tuple[str, ...] = ()
    refused: list[tuple[At, str]] = field(default_factory=list)
    without: list[tuple[At, str]] = field(default_factory=list)
    unused: Sequence[str] = ()
    free: Sequence[str] = ()
    lost: Mapping[str, str] = field(default_factory=dict)
    header_at: str = ""
    positions: Mapping[Place, Position] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """The options of an update. `decide` is asked whose text to keep where both sides changed it."""

    mapped: tuple[str, ...] = ()
    update: bool = False
    prefer: Side | None = None
    dry_run: bool = False
    decide: Callable[[Updated], Side | None] = lambda _: None


def update_deck(file: Path, folder: Path, wish: Wish) -> tuple[Updated | None, Findings]:
    """Bring the new rows of a table, and optionally the changes in other rows, into a deck: everything or nothing."""
    deck, templates, diagnostics = read_deck(folder)
    memory, faults = _read_memory(folder)
    findings = locate((*diagnostics, *faults))
    if deck is None or findings.errors:
        return None, findings
    try:
        headers = Headers(deck.settings.language, split_maps(wish.mapped), memory.columns)
        table = read_table(file, headers)
    except TableError as error:
        return None, unreadable(file, error)
    update = _Update(deck, memory, table, file, templates, wish)
    done, pending = update.plan(wish.prefer)
    if done.odds and wish.prefer is None and not wish.dry_run and (side := wish.decide(done)):
        done, pending = update.plan(side)
    if wish.dry_run:
        pending.contents()
        return done, findings
    before = {(fault.code, fault.message) for fault in _errors(deck, templates)}
    with pending.written():
        after, faults = load_deck(folder)
        findings = locate(faults)
        if findings.errors:
            pending.undo()
            return None, findings
    new = tuple(fault for fault in _errors(after, templates) if (fault.code, fault.message) not in before)
    return done, locate((*faults, *new))


def _errors(deck: Deck | None, templates: Templates) -> list[Diagnostic]:
    """Return the errors that prevent a build."""
    found = check_deck(deck, templates, load_codes()) if deck else ()
    return [d for d in found if severity_of(d, load_codes()) is Severity.ERROR]


def _read_memory(folder: Path) -> tuple[TableFile, tuple[Diagnostic, ...]]:
    file = folder / NAME
    memory, faults = read_model(TableFile, file, folder) if file.exists() else (None, ())
    return memory or TableFile(), faults


class _Update:
    """One run of an update. It is planned once or, after the author decided about conflicts, twice."""

    def __init__(
        self, deck: Deck, memory: TableFile, table: Table, file: Path, templates: Templates, wish: Wish
    ) -> None:
        self._deck, self._memory, self._wish = deck, memory, wish
        note_type = None if wish.mapped else note_type_of(table, templates, deck)
        self._table, self._file, self._note_type = table, file, note_type

    def _source(self) -> Source:
        if self._note_type:
            return note_source(self._deck, self._table, *self._note_type)
        return cause_source(self._deck, self._memory, self._table, self._file, self._wish.mapped)

    def plan(self, prefer: Side | None) -> tuple[Updated, Pending]:
        """Return what the update does, and the files that it writes."""
        source = self._source()
        done = Updated(
            self._deck.folder,
            unused=self._newly_unused(source),
            free=tuple(free_keys(source.columns)) if source.group[0] == "causes" else (),
            lost=source.lost,
            header_at=self._table.header_at,
        )
        matched = match_rows(source.rows, (row for row, _ in source.refused), self._known(source))
        run = _Run(source, matched, done, Pending(self._deck), prefer)
        done.refused += [(row.at, reason) for row, reason in (*source.refused, *matched.refused)]
        done.refused += [(row.at, _doubt(row, key, source)) for row, key in run.matched.doubtful]
        new: dict[str, Row] = {}
        for row in (row for row, key in run.matched.keys if key is None):
            new[row.key or make_key(row.title, {*source.entries, *new}, f"row-{row.at.row or row.at.line}")] = row
        known = {key: row for row, key in run.matched.keys if key}
        source.names.update({fold_name(row.title): key for key, row in (known | new).items()})
        rows = {**self._memory.rows, **{source.name(key): self._change(run, row, key) for key, row in known.items()}}
        rows |= {source.name(key): cells for key, cells in self._add(run, new)}
        self._leave(run)
        done.categories = run.pending.add_related(source.related)
        done.refused.sort()
        done.positions = find_positions((*(odds.place for odds in done.odds), *done.gone.values()))
        done.deleted = matched.deleted
        living = {*self._deck.causes, *self._deck.notes, *map(source.name, new)}
        living |= {source.name(key) for _, key in matched.deleted}
        alive = {name: cells for name, cells in rows.items() if name in living}
        columns = {**self._memory.columns, **source.columns}
        taken = TableFile(columns=columns, unused=tuple(source.unused), rows=alive)
        run.pending.remember(*remembered_file(self._deck.folder, taken))
        return done, run.pending

    def _newly_unused(self, source: Source) -> Sequence[str]:
        """Return the columns that are not used, if there are others than at the last import."""
        return source.unused if {*source.unused} - {*self._memory.unused} else ()

    def _known(self, source: Source) -> Known:
        lock, _ = read_lock(self._deck.folder)
        kind = "cause" if source.group[0] == "causes" else str(source.group[1])
        records = lock.notes.items() if lock else ()
        cells = {key: row for key in source.entries if (row := self._memory.rows.get(source.name(key)))}

        def named(row: Mapping[str, str]) -> str:
            values, _ = source.before({source.title: row.get(source.title, "")})
            return displayed(means(values.get(source.title)))

        return Known(
            guids={record.guid: name.key for name, record in records if name.note_type == kind},
            imported={key: named(row) for key, row in cells.items()},
            names={key: displayed(reads(entry, source.title)) for key, entry in source.entries.items()},
            cells=cells,
            title=source.title,
            deleted={key: named(row) for key, row in self._deleted(source)},
        )

    def _deleted(self, source: Source) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield the rows, by key, of entries that their author deleted, unless they are wanted again."""
        formers = {former for entry in source.entries.values() for former in entry.was}
        begin = source.name("")
        for name, row in self._memory.rows.items() if self._wish.prefer != "table" else ():
            key = name.removeprefix(begin)
            if name.startswith(begin) and "/" not in key and key not in {*source.entries, *formers}:
                yield key, row

    def _change(self, run: "_Run", row: Row, key: str) -> dict[str, str]:
        """Bring a row into its entry. Return its cells as they will be remembered."""
        entry, base = run.source.entries[key], self._memory.rows.get(run.source.name(key), {})
        cells, fields, decided = dict(base), [], True
        run.done.without += [(row.at, what) for what in row.lacks]
        for name, cell in row.cells.items():
            said, missing = _said(run.source, row, name, base.get(name, ""))
            if missing:
                run.done.without += [(row.at, what) for what in missing]
                continue
            what = fate(entry, name, said)
            if what is Fate.ODDS and run.prefer:
                what = Fate.TAKE if run.prefer == "table" else Fate.OWN
            if what is Fate.ODDS and self._wish.update:
                run.done.odds.append(self._odds(run.source, key, name, said, remembered=bool(base)))
                decided = False
                continue
            if what is Fate.OWN:
                run.done.kept.append(f"{key}: {name}")
            elif what is not Fate.SAME:
                value = taken(entry, name, said)
                shown = displayed(reads(entry, name, cited=True)), displayed(means(value, cited=True))
                fields.append(FieldChange(name, *shown, mark_words(*shown)))
                if not self._wish.update:
                    continue
                self._set(run, key, name, value)
            cells[name] = tidy(cell)
        if fields:
            told = _told(run.source, key, fields, key in run.matched.renamed)
            (run.done.entries if self._wish.update else run.done.differ).append(told)
        elif decided:
            run.done.same += 1
        return cells

    def _set(self, run: "_Run", key: str, name: str, value: object) -> None:
        place = self._deck.place(str(run.source.group[0]), run.source.name(key))
        path, written = place_of(run.source.entries[key], name, value)
        run.pending.set(place.file, (*run.source.group, key, *path), written)
        run.pending.use(name, value)

    def _odds(self, source: Source, key: str, name: str, said: Said, *, remembered: bool) -> Odds:
        entry = source.entries[key]
        shown = displayed(reads(entry, name, cited=True)), displayed(means(taken(entry, name, said), cited=True))
        at = (str(source.group[0]), source.name(key))
        place = self._deck.place(*at, name) if shown[0] else self._deck.place(*at, on_key=True)
        was = displayed(means(said.before, cited=True)) if remembered else None
        return Odds(key, _title(source, key), name, place, *shown, was)

    def _add(self, run: "_Run", new: Mapping[str, Row]) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Add the new entries after the last of their kind, and yield their keys and the cells to be remembered."""
        source = run.source
        for key, row in new.items():
            values, lost = source.now(row.cells)
            if source.group[0] == "causes" and not values.get("mechanism"):
                run.done.refused.append((row.at, row.no_mechanism))
                continue
            run.done.without += [(row.at, what) for what in (*row.lacks, *lost)]
            run.done.entries.append(EntryChange(Kind.ADDED, "", key, displayed(means(values.get(source.title))), ""))
            run.pending.add(source.group, key, values)
            for name, value in values.items():
                run.pending.use(name, value)
            yield key, source.in_deck(row.cells) if lost else row.cells

    def _leave(self, run: "_Run") -> None:
        """Record the entries that no row of the table matches."""
        source = run.source
        left = [key for key in source.entries if key not in run.matched.met]
        kind, remembered = str(source.group[0]), self._memory.rows
        gone = [key for key in left if source.name(key) in remembered]
        run.done.gone = {key: self._deck.place(kind, source.name(key), on_key=True) for key in gone}
        run.done.only_here = tuple(key for key in left if key not in run.done.gone)


@dataclass(frozen=True)
class _Run:
    """The state of one plan."""

    source: Source
    matched: Matched
    done: Updated
    pending: Pending
    prefer: Side | None


def _said(source: Source, row: Row, name: str, was: str) -> tuple[Said, list[str]]:
    """Return what a cell said and says, and the names in it that do not exist."""
    cell, title = row.cells[name], {source.title: row.cells[source.title]}
    before = source.before(title | {name: was})[0].get(name)
    if tidy(cell) == tidy(was):
        return Said(before, before, changed=False), []
    values, missing = source.now(title | {name: cell})
    if name in NEEDED and name not in values:
        missing = [f"its empty {name}: the deck's stays"]
    return Said(before, values.get(name), changed=True), missing


def _title(source: Source, key: str) -> str:
    return displayed(reads(source.entries[key], source.title))


def _told(source: Source, key: str, fields: Iterable[FieldChange], renamed: bool) -> EntryChange:
    """Return what changes in an entry, in the form of `aetia diff`."""
    by_name = {change.name: change for change in fields}
    name, place = by_name.get(source.title), by_name.pop("category", None)
    title = name.after if name else _title(source, key)
    moved = (place.before, place.after) if place else None
    was = name.before if name else None
    if name and renamed:
        by_name.pop(source.title)
    kind = Kind.RENAMED if renamed else Kind.CHANGED if by_name else Kind.MOVED
    return EntryChange(kind, "", key, title, "", was if renamed else None, moved, tuple(by_name.values()))


def _doubt(row: Row, key: str, source: Source) -> str:
    return (
        f"`{row.title}` is probably `{_title(source, key)}` ({key}) under a new name. If so, write `{key}` in a column "
        f"`key` of its row; if it is new, write a key of its own there"
    )
