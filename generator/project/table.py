"""Tables as people have them: CSV, TSV, Excel, text exports of Anki. What their cells mean is not known here."""

import csv
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO, StringIO
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize
from zipfile import ZipFile

from generator.files import read_plain
from generator.project.directives import read_directives
from generator.project.headers import Headers, fold_header
from generator.project.shown import shown

MAX_BYTES = 50 * 2**20
"""The largest table that is read."""


_SEPARATORS: Mapping[str, str] = {"\t": "a tab", ";": "a semicolon", ",": "a comma", "|": "a vertical bar"}
"""The characters that separate cells, and what they are called."""


_FIRST = 10
"""So many rows that are not empty are looked at for headers."""
_BEGINNING = 2**16
"""So many characters of a text are looked at for what separates headers."""
_ERROR = re.compile(r"#[¡¿]?([^\W\d_][\w/]*)[!?]|#(\w/\w)|#(?:NV|YOK|GETTING_DATA)|Err:\d{3}|#{3,}")


class TableError(ValueError):
    """A file cannot be read as a table; the message says why, and `line` where, if that is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class At(NamedTuple):
    """Where a row is: its number as a spreadsheet shows it, and the line of the file that it begins on.

    A row of a file that is no spreadsheet has the number 0.
    """

    row: int
    line: int

    def __str__(self) -> str:
        """Name it as the author sees it."""
        if not self.row:
            return f"line {self.line}"
        return f"row {self.row}" if self.row == self.line else f"row {self.row} (line {self.line})"


Cells = tuple[At, tuple[str, ...]]
"""The cells of a row, and where it is."""


@dataclass(frozen=True)
class Table:
    """A table as read: the header and the rows, each with where it is.

    `html` says that cells are HTML. `left_out` names what was not read. A table `from_anki` describes its own columns.
    `between` says in words what separates cells, if a character does. `header_at` says where the header is if it
    is not at the top of the first sheet, `sheet` is the name of the sheet if there are several.
    """

    header: tuple[str, ...]
    rows: tuple[Cells, ...]
    html: bool = False
    left_out: tuple[str, ...] = ()
    from_anki: bool = False
    between: str = ""
    header_at: str = ""
    sheet: str = ""

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """The numbers of the columns by their headers, without case. Of two equal headers the first counts."""
        return {fold_header(name): number for number, name in reversed(list(enumerate(self.header)))}

    @property
    def described(self) -> str:
        """Which columns there are, and in which sheet."""
        columns = ", ".join(map(self.named, range(len(self.header))))
        if not self.sheet:
            return f"The columns are {columns}."
        return f"The columns of the sheet “{self.sheet}” are {columns}. Not read: {', '.join(self.left_out)}."

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """Return the cells of a row by the headers of their columns."""
        return {name: row[column].strip() for name, column in self.columns.items() if column < len(row)}

    def named(self, column: int) -> str:
        """What to call a column."""
        return self.header[column] or f"(column {column + 1}, no header)"

    def unused(self, used: Container[int]) -> list[int]:
        """Return the columns that hold something and are not used."""
        filled = {n for _, row in self.rows for n, cell in enumerate(row) if n not in used and cell.strip()}
        return [n for n, name in enumerate(self.header) if n not in used and (name or n in filled)]

    def named_unused(self, used: Container[int]) -> tuple[str, ...]:
        """What to call the columns that hold something and are not used."""
        return tuple(map(self.named, self.unused(used)))


def read_table(file: Path, headers: Headers) -> Table:
    """Read a table. Raise TableError, which says what is wrong, if the file is not a table, or OSError."""
    if file.suffix.lower() == ".xlsx":
        return _excel(file, headers)
    text = _decoded(read_plain(file, MAX_BYTES))
    if "\0" in text:
        raise TableError("this is not a table: give CSV, TSV, Excel (.xlsx) or a text export of Anki")
    told = read_directives(text)
    text = "".join(text.splitlines(keepends=True)[told.lines :])
    separator = told.separator or _separator(text, headers)
    rows = _filled(_separated(text, separator, told.lines))
    between = _SEPARATORS.get(separator, f"`{separator}`")
    if not told.from_anki:
        header, body, at = _headed(rows, headers)
        return Table(header, body, between=between, header_at=at)
    if not rows:
        raise TableError("the table is empty")
    body = tuple((At(0, at.line), row) for at, row in rows)
    return Table(told.names(max(len(row) for _, row in rows)), body, told.html, from_anki=True, between=between)


def is_error(cell: str) -> bool:
    """Return whether a cell shows an error of a spreadsheet, in any language: `#REF!`, `#BEZUG!`, `#N/A`, `####`."""
    found = _ERROR.fullmatch(cell)
    return found is not None and (found.lastindex is None or found[found.lastindex].isupper())


def _filled(rows: Iterable[Cells]) -> list[Cells]:
    return [(at, row) for at, row in rows if any(cell.strip() for cell in row)]


def _headed(rows: list[Cells], headers: Headers) -> tuple[tuple[str, ...], tuple[Cells, ...], str]:
    """Return the header, the rows below it and, if there are rows above it, where it is."""
    if not rows:
        raise TableError("the table is empty")
    number = next((number for number, (_, row) in enumerate(rows[:_FIRST]) if headers.fit(row)), 0)
    at, header = rows[number]
    if not (body := rows[number + 1 :]):
        raise TableError(f"the table has a header ({', '.join(header)}) and no row below it")
    return tuple(normalize("NFC", cell).strip() for cell in header), tuple(body), str(at) if number else ""


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _separated(text: str, separator: str, before: int) -> Iterator[Cells]:
    """Read rows with where each is; `before` counts the lines above the text, which a spreadsheet does not show."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    line = before + 1
    for number in count(1):
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            at = line if "end of data" in str(error) else before + reader.line_num
            raise TableError(f"{error}; is a quotation mark missing?", at) from error
        yield At(number, line), tuple(row)
        line = before + reader.line_num + 1


def _separator(text: str, headers: Headers) -> str:
    """Return the character that separates headers or, if none does, that is most often in the first line."""
    line = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    likely = sorted(_SEPARATORS, key=line.count, reverse=True)
    return next((separator for separator in likely if _has_headers(text[:_BEGINNING], separator, headers)), likely[0])


def _has_headers(text: str, separator: str, headers: Headers) -> bool:
    try:
        return any(map(headers.fit, _top(csv.reader(StringIO(text, newline=""), delimiter=separator))))
    except csv.Error:
        return False


def _bound_workbook(content: BytesIO) -> None:
    """Refuse a workbook that unpacks to more than can be read."""
    with ZipFile(content) as archive:
        if sum(member.file_size for member in archive.infolist()) > 4 * MAX_BYTES:
            raise TableError(f"this workbook unpacks to more than {4 * MAX_BYTES // 2**20} MB")


def _excel(file: Path, headers: Headers) -> Table:
    """Read the first sheet that has headers or, if none has, the first. Name other sheets that are not empty."""
    try:
        content = BytesIO(read_plain(file, MAX_BYTES))  # of a damaged file, the library would keep the handle
        _bound_workbook(content)
        return _read_workbook(content, headers)
    except TableError:
        raise
    except Exception as error:  # the library fails in many ways on a damaged workbook
        if isinstance(error, OSError) and error.errno:
            raise  # an error of the system, not of the workbook
        raise TableError("this is not an Excel file of the kind .xlsx, or it is damaged") from error


def _read_workbook(content: BytesIO, headers: Headers) -> Table:
    from openpyxl import load_workbook

    book = load_workbook(content, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs write a wrong size, and cells outside it would not be read
        tops = [(sheet, top) for sheet in book.worksheets if (top := _top(map(_texts, sheet.values)))]
        if not tops:
            raise TableError("the table is empty")
        chosen, top = next(((sheet, top) for sheet, top in tops if any(map(headers.fit, top))), tops[0])
        signs = headers.signs(next(filter(headers.fit, top), top[0]))
        cells = (tuple(shown(cell.value, cell.number_format, signs) for cell in row) for row in chosen.iter_rows())
        header, rows, at = _headed(_filled((At(n, n), row) for n, row in enumerate(cells, 1)), headers)
        others = tuple(f"sheet “{sheet.title}”" for sheet, _ in tops if sheet is not chosen)
        if chosen is not tops[0][0]:
            at = " of ".join(filter(None, (at, f"the sheet “{chosen.title}”")))
        return Table(header, rows, left_out=others, header_at=at, sheet=chosen.title if others else "")
    finally:
        book.close()


def _texts(row: Iterable[object]) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell) for cell in row)


def _top(rows: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """Return the first rows that are not empty."""
    return list(islice((row for row in rows if any(cell.strip() for cell in row)), _FIRST))
