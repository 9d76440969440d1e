"""Convert rows of a table into causes: which column fills which key, what a cell says, what cannot be imported."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ryaml import dumps

from generator.files import write_whole
from generator.load.text import UNSEEN
from generator.model.table import TableFile
from generator.model.values import KEY_PATTERN
from generator.project.columns import COLUMNS, Related, split_cell, truth_of, undashed
from generator.project.directives import split_html
from generator.project.remembered import remembered_file
from generator.project.table import At, Table, is_error
from generator.project.works import Works
from generator.project.written import KEPT_MARK, write_cell
from generator.text.keys import fold_name, make_key
from generator.text.words import in_one_line

_KEY = re.compile(KEY_PATTERN)


@dataclass(frozen=True)
class Row:
    """A row of a table: its key or guid if it has one, its title, and its cells by the keys that they fill.

    A cell that shows an error of the spreadsheet is in `errors`.
    """

    at: At
    key: str | None
    guid: str | None
    title: str
    cells: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What the row is taken without because of errors."""
        return tuple(f"its {name}: the table has an error there: `{error}`" for name, error in self.errors.items())

    @property
    def no_mechanism(self) -> str:
        """Why the row cannot be taken without a mechanism."""
        error = self.errors.get("mechanism")
        return f"no mechanism for `{self.title}`" + (f": the table has an error there: `{error}`" if error else "")


@dataclass(frozen=True)
class Converted:
    """Causes by key, the names of their categories by path, and by row why rows were not imported.

    `without` says, by row, what was left out of an imported row. `works` are the sources by key, `pictures` the files
    that causes show, each with its path. `cells` are the cells of the rows, by the keys of their causes.
    """

    causes: Mapping[str, Mapping[str, object]]
    categories: Mapping[str, str]
    refused: tuple[tuple[At, str], ...]
    without: tuple[tuple[At, str], ...] = ()
    works: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    pictures: Mapping[str, Path] = field(default_factory=dict)
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_cause_rows(table: Table, columns: Mapping[str, int], refused: list[tuple[Row, str]]) -> Iterator[Row]:
    """Yield the rows that can be causes. Add the others, with reasons, to `refused`."""
    keys: dict[str, At] = {}
    names: dict[str, At] = {}
    guid = table.columns.get("guid")
    for at, row in table.rows:
        cells, errors = part_errors(
            {target: undashed(tidy(row[n])) if n < len(row) else "" for target, n in columns.items()}
        )
        plain = _plain_cells(cells)[0] if table.html else cells
        name, key = in_one_line(plain.get("cause", "")), cells.pop("key", None) or None
        named = row[guid].strip() if guid is not None and guid < len(row) else ""
        read = Row(at, key, named or None, name, cells, errors)
        if reason := _refusal(table, row, read):
            refused.append((read, reason))
        elif first := keys.get(key or "") or names.get(fold_name(name)):
            refused.append((read, f"`{key if key in keys else name}` is already in {first}"))
        else:
            names[fold_name(name)] = at
            keys |= {key: at} if key else {}
            yield read


def part_errors(cells: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the cells of a row without those that show an error of the spreadsheet, and these."""
    errors = {key: cell for key, cell in cells.items() if is_error(cell)}
    return {key: cell for key, cell in cells.items() if key not in errors}, errors


def _refusal(table: Table, cells: Sequence[str], row: Row) -> str | None:
    """Return why a row cannot be a cause, or None."""
    if any(cell.strip() for cell in cells[len(table.header) :]):
        said = f"{len(cells)} cells, but the header has {len(table.header)}"
        return f"{said}; is {table.between} in a text without quotation marks?" if table.between else said
    if wrong := next((target for target in ("key", "cause") if target in row.errors), None):
        return f"the table has an error in its {wrong}: `{row.errors[wrong]}`"
    if (key := row.key) and not _KEY.fullmatch(key):
        return f"`{key}` cannot be a key: use lower-case letters, digits, `-` and `.`, and begin with a letter or digit"
    return None if row.title else "no cause"


def tidy(cell: str) -> str:
    """Return a cell with the line ends and the Unicode form of an author's file."""
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", cell).strip().splitlines())
    return UNSEEN.sub("", "\n".join(lines))


def convert(table: Table, columns: Mapping[str, int], folders: Sequence[Path] = ()) -> Converted:
    """Make a cause of each row. On cards, the text of a cell reads as in the table.

    Pictures are looked for in the folders.
    """
    refused: list[tuple[Row, str]] = []
    rows: dict[str, Row] = {}
    names: dict[str, str] = {}
    given = list(read_cause_rows(table, columns, refused))
    taken = {row.key for row in given if row.key}
    for row in given:
        if not row.cells.get("mechanism"):
            refused.append((row, row.no_mechanism))
        else:
            key = row.key or make_key(row.title, {*taken, *rows}, f"row-{row.at.row or row.at.line}")
            rows[key] = row
            names[fold_name(row.title)] = key
    related = Related({}, Works({}, works_in(rows.values())), names, folders)
    causes: dict[str, Mapping[str, object]] = {}
    cells: dict[str, Mapping[str, str]] = {}
    without: list[tuple[At, str]] = []
    for key, row in rows.items():
        causes[key], lost = cause_values(row.cells, table.html, related)
        without += [(row.at, what) for what in (*row.lacks, *lost)]
        cells[key] = cells_in_deck(row.cells, table.html, related) if lost else row.cells
    reasons = tuple(sorted((row.at, reason) for row, reason in refused))
    return Converted(causes, related.categories, reasons, tuple(without), related.works.new, related.pictures, cells)


def works_in(rows: Iterable[Row]) -> Iterator[str]:
    """Yield what rows call works."""
    yield from (part for row in rows for part in split_cell(row.cells.get("sources", "")))


def write_causes(folder: Path, converted: Converted, taken: TableFile) -> None:
    """Write what a table has besides `deck.yaml` into a deck's folder: causes, sources, pictures, and the table itself.

    Raise OSError.
    """
    write_whole(folder / "causes" / "imported.yaml", dumps({"causes": converted.causes}).encode())
    if converted.works:
        write_whole(folder / "sources.yaml", dumps({"references": list(converted.works.values())}).encode())
    for name, file in converted.pictures.items():
        write_whole(folder / "media" / name, file.read_bytes())
    write_whole(*remembered_file(folder, taken))


def cause_values(cells: Mapping[str, str], html: bool, related: Related) -> tuple[dict[str, object], list[str]]:
    """Return the values of a row's cells by the keys of a cause, without empty ones, and what is lost."""
    plain, lost = _plain_cells(cells) if html else (cells, [])
    name = in_one_line(plain.get("cause", ""))
    values: dict[str, object] = {}
    for target, text in plain.items():
        value: object
        match COLUMNS[target].holds:
            case "name":
                value = in_one_line(text)
            case "names":
                value = split_cell(text)
            case "texts":
                value = list(map(write_cell, split_cell(text)))
            case "things":
                value, missing = related.value(target, text, name) if text else (None, [])
                lost += missing
            case "truth":
                value, missing = truth_of(text) if text else (None, [])
                lost += missing
            case _:
                value = write_cell(text)
        values |= {target: value} if value else {}
    return values, lost


def cells_in_deck(cells: Mapping[str, str], html: bool, related: Related) -> dict[str, str]:
    """Return the cells of a row without the names of things that do not exist. The next table may bring these."""

    def exists(target: str, cell: str) -> bool:
        return not cause_values({"cause": cells["cause"], target: cell}, html, related)[1]

    kept = dict(cells)
    for target, cell in cells.items():
        if COLUMNS[target].holds == "things" and not exists(target, cell):
            parts = () if html else split_cell(cell)
            kept[target] = "; ".join(part for part in parts if exists(target, part))
    return kept


def _plain_cells(cells: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return HTML cells as text. Emphasis becomes marks that `write_cell` knows. Tags end at spaces."""
    plain: dict[str, str] = {}
    lost: list[str] = []
    for target, cell in cells.items():
        if target == "image":
            plain[target] = cell
            continue
        parts, gone = split_html(cell)
        lost += gone
        named = COLUMNS[target].holds in ("name", "names", "things", "truth")
        marked = "".join(
            f"{KEPT_MARK}{text}{KEPT_MARK}" if markup else text for markup, text in parts if not (markup and named)
        )
        plain[target] = ";".join(marked.split()) if target == "tags" else marked.strip()
    return plain, lost
