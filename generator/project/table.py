"""Tables to decks: rows of a CSV, TSV or Excel file become causes; what cannot be taken is listed by row."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

from ryaml import dumps

from generator.files import read_plain, write_whole
from generator.project.columns import cite, contrasts_of, find_pictures, picture_of, split_cell
from generator.project.directives import read_directives, split_html
from generator.project.keys import make_key
from generator.project.written import escape_markdown
from generator.text.words import in_one_line

LISTS = ("aka", "examples", "tags")
NAMES = ("cause", "aka", "tags")
_RELATED = ("category", "image", "sources", "versus")
"""Keys whose columns name something besides words."""
TARGETS = (
    "cause",
    "mechanism",
    "clue",
    "category",
    "pearl",
    "first-check",
    "frequency",
    "image",
    "sources",
    "versus",
    *LISTS,
)
"""The keys of a cause that a column can fill."""
MAX_BYTES = 50 * 2**20
"""The largest table that is read."""
_MARK = "\0"
"""Stands before and after markup to keep; no table holds it."""


class TableError(ValueError):
    """Why a file cannot be read as a table."""


@dataclass(frozen=True)
class Table:
    """A table as read: the header and the rows, each with its number in the file, from 1.

    `html` says that cells hold HTML; `left_out` names what was not read. A table `from_anki` says itself what it holds.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    html: bool = False
    left_out: tuple[str, ...] = ()
    from_anki: bool = False

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """The numbers of the columns by their headers, whose case does not count; of two alike the first."""
        return {name.casefold(): number for number, name in reversed(list(enumerate(self.header)))}

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """The cells that a row has, by the headers of their columns."""
        return {name: row[column].strip() for name, column in self.columns.items() if column < len(row)}


@dataclass(frozen=True)
class Converted:
    """Causes by key, the names of their categories by key, and by row number why rows were not taken.

    `without` says, by row number, what was left out of a row that was taken. `works` are the sources by key, `pictures`
    the files that causes show, each with its place.
    """

    causes: Mapping[str, Mapping[str, object]]
    categories: Mapping[str, str]
    refused: tuple[tuple[int, str], ...]
    without: tuple[tuple[int, str], ...] = ()
    works: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    pictures: Mapping[str, Path] = field(default_factory=dict)


def read_table(file: Path) -> Table:
    """Read a table. Raises TableError, with what is wrong, if the file is not one; OSError if it cannot be read."""
    if file.suffix.lower() == ".xlsx":
        read, left_out = _excel(file)
        return Table(*_headed(_filled(read)), left_out=left_out)
    text = _decoded(read_plain(file, MAX_BYTES))
    if "\0" in text:
        raise TableError("this is not a table: give CSV, TSV, Excel (.xlsx) or a text export of Anki")
    told = read_directives(text)
    text = "".join(text.splitlines(keepends=True)[told.lines :])
    rows = _filled(_separated(text, told.separator or _separator(text), told.lines))
    if not told.from_anki:
        return Table(*_headed(rows))
    if not rows:
        raise TableError("the table is empty")
    return Table(told.names(max(len(row) for _, row in rows)), tuple(rows), told.html, from_anki=True)


def _filled(rows: Iterable[tuple[int, tuple[str, ...]]]) -> list[tuple[int, tuple[str, ...]]]:
    return [(number, row) for number, row in rows if any(cell.strip() for cell in row)]


def _headed(rows: list[tuple[int, tuple[str, ...]]]) -> tuple[tuple[str, ...], tuple[tuple[int, tuple[str, ...]], ...]]:
    if not rows:
        raise TableError("the table is empty")
    (_, header), *body = rows
    if not body:
        raise TableError(f"the table has a header ({', '.join(header)}) and no row below it")
    return tuple(cell.strip() for cell in header), tuple(body)


def match_columns(header: Sequence[str], synonyms: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return for each key of a cause the column whose header means it."""
    names: dict[str, int] = {}
    for index, name in enumerate(header):
        names.setdefault(" ".join(name.casefold().replace("_", " ").replace("-", " ").split()), index)
    found: dict[str, int] = {}
    for target in TARGETS:
        for word in (target.replace("-", " "), *synonyms.get(target, ())):
            if word in names and names[word] not in found.values():
                found[target] = names[word]
                break
    return found


def convert(table: Table, columns: Mapping[str, int], folders: Sequence[Path] = ()) -> Converted:
    """Make a cause of each row; the text of a cell reads on the card as it stands in the table.

    Pictures are looked for in the folders.
    """
    causes: dict[str, dict[str, object]] = {}
    refused: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    categories: dict[str, str] = {}
    related: dict[str, tuple[int, Mapping[str, str]]] = {}
    without: list[tuple[int, str]] = []
    for number, row in table.rows:
        cells, unread = row_cells(table, row, columns)
        without += [(number, ", ".join(unread))] if unread else []
        name = in_one_line(cells.get("cause", ""))
        if len(row) > len(table.header) and any(cell.strip() for cell in row[len(table.header) :]):
            refused.append((number, f"{len(row)} cells, but the header has {len(table.header)}"))
        elif not name:
            refused.append((number, "no cause"))
        elif not cells.get("mechanism"):
            refused.append((number, f"no mechanism for `{name}`"))
        elif first := seen.get(name.casefold()):
            refused.append((number, f"`{name}` is already in row {first}"))
        else:
            seen[name.casefold()] = number
            cause = row_entry(cells)
            if group := cells.get("category"):
                cause["category"] = _category(group, categories)
            key = make_key(name, causes, f"row-{number}")
            causes[key], related[key] = cause, (number, cells)
    works, pictures, missing = _relate(causes, related, folders)
    return Converted(causes, categories, tuple(refused), tuple(sorted([*without, *missing])), works, pictures)


def _relate(
    causes: Mapping[str, dict[str, object]],
    related: Mapping[str, tuple[int, Mapping[str, str]]],
    folders: Sequence[Path],
) -> tuple[dict[str, dict[str, object]], dict[str, Path], list[tuple[int, str]]]:
    """Add sources, pictures and contrasts to causes. Return works, files, and by row what leads nowhere."""
    names = {str(cause["cause"]).casefold(): key for key, cause in causes.items()}
    works: dict[str, dict[str, object]] = {}
    shown = {key: picture_of(cells["image"]) for key, (_, cells) in related.items() if cells.get("image")}
    files = dict(find_pictures(dict.fromkeys(shown.values()), folders))
    lost: list[tuple[int, str]] = []
    for key, (number, cells) in related.items():
        if cells.get("sources"):
            causes[key]["sources"] = cite(cells["sources"], works)
        if key in shown and files[shown[key]]:
            causes[key]["image"] = {"file": shown[key], "alt": str(causes[key]["cause"])}
        elif key in shown:
            lost.append((number, f"the picture `{shown[key]}`, which is not beside the table"))
        versus, missing = contrasts_of(cells.get("versus", ""), names)
        causes[key] |= {"versus": versus} if versus else {}
        lost += [(number, what) for what in missing]
    return works, {name: file for name, file in files.items() if file}, lost


def _category(name: str, categories: dict[str, str]) -> str:
    """The key of a category by its name, a new one if the name is new."""
    known = next((key for key, other in categories.items() if other == name), None)
    if known is None:
        known = make_key(name, categories, f"category-{len(categories) + 1}")
        categories[known] = name
    return known


def write_causes(folder: Path, converted: Converted) -> None:
    """Write what a table has beside `deck.yaml` into a deck's folder: causes, sources, pictures. Raises OSError."""
    write_whole(folder / "causes" / "imported.yaml", dumps({"causes": converted.causes}).encode())
    if converted.works:
        write_whole(folder / "sources.yaml", dumps({"references": list(converted.works.values())}).encode())
    for name, file in converted.pictures.items():
        write_whole(folder / "media" / name, file.read_bytes())


def row_cells(table: Table, row: Sequence[str], columns: Mapping[str, int]) -> tuple[dict[str, str], list[str]]:
    """Return the cells of a row by the keys of a cause, and the markup that they lose."""
    cells = {target: row[column].strip() for target, column in columns.items() if column < len(row)}
    if not table.html:
        return cells, []
    plain, lost = _plain_cells({target: cell for target, cell in cells.items() if target != "image"})
    return plain | {target: cell for target, cell in cells.items() if target == "image"}, lost


def row_entry(cells: Mapping[str, str]) -> dict[str, object]:
    """Return the cause that the cells of a row make, without what it names besides words."""
    cause: dict[str, object] = {"cause": in_one_line(cells.get("cause", ""))}
    for target, text in cells.items():
        if not text or target == "cause" or target in _RELATED:
            continue
        if target in LISTS:
            cause[target] = [part if target in NAMES else _as_written(part) for part in split_cell(text)]
        else:
            cause[target] = _as_written(text)
    return cause


def _plain_cells(cells: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The cells of a row in HTML as text; emphasis stays as marks that `_as_written` knows. Tags end at spaces."""
    plain: dict[str, str] = {}
    lost: list[str] = []
    for target, cell in cells.items():
        parts, gone = split_html(cell)
        lost += gone
        marked = "".join(
            f"{_MARK}{text}{_MARK}" if markup else text for markup, text in parts if target not in NAMES or not markup
        )
        plain[target] = ";".join(marked.split()) if target == "tags" else marked.strip()
    return plain, lost


def _as_written(text: str) -> str:
    """Escape what Markdown would take for markup; a line break stays one."""
    parts = text.split(_MARK)
    parts[::2] = map(escape_markdown, parts[::2])
    lines = "".join(parts).splitlines()
    return "\\\n".join(line.strip() for line in lines if line.strip())


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _separated(text: str, separator: str, before: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Read rows with the line of the file that each begins on; `before` counts the lines above the text."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    line = before + 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(f"line {before + reader.line_num}: {error}; is a quotation mark missing?") from error
        yield line, tuple(row)
        line = before + reader.line_num + 1


def _separator(text: str) -> str:
    """The sign that parts the header most often, quoted parts left out."""
    header = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    return max("\t;,|", key=header.count)


def _bound_workbook(file: Path) -> None:
    """Refuse a book that unfolds to more than can be read."""
    with ZipFile(BytesIO(read_plain(file, MAX_BYTES))) as archive:
        if sum(member.file_size for member in archive.infolist()) > 4 * MAX_BYTES:
            raise TableError(f"this workbook unpacks to more than {4 * MAX_BYTES // 2**20} MB")


def _excel(file: Path) -> tuple[list[tuple[int, tuple[str, ...]]], tuple[str, ...]]:
    """Read the rows of the first sheet, and name the other sheets that hold something."""
    try:
        _bound_workbook(file)
        return _read_workbook(file)
    except TableError:
        raise
    except Exception as error:  # a damaged book fails in the library in as many ways as it has parts
        if isinstance(error, OSError) and error.errno:
            raise  # the system's, not the book's
        raise TableError("this is not an Excel file of the kind .xlsx, or it is damaged") from error


def _read_workbook(file: Path) -> tuple[list[tuple[int, tuple[str, ...]]], tuple[str, ...]]:
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, data_only=True)
    try:
        first, *others = book.worksheets
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs write a wrong size, and what lies outside it would not be read
        rows = [
            (number, tuple("" if cell is None else str(cell) for cell in row))
            for number, row in enumerate(first.iter_rows(values_only=True), 1)
        ]
        full = (sheet for sheet in others if any(cell is not None for row in sheet.values for cell in row))
        return rows, tuple(f"sheet “{sheet.title}”" for sheet in full)
    finally:
        book.close()
