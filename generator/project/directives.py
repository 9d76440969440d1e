"""The directives at the top of a table: Excel's `sep=;`, and the first lines of an export from Anki."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":"}
_COLUMNS = {"notetype": "note type", "deck": "deck", "tags": "tags", "guid": "guid"}
_TOKEN = re.compile(r"(<[^>]+>)")
_TAG = re.compile(r"<(/?)\s*(\w+)")
_KEPT = frozenset({"b", "i", "em", "strong", "u", "sub", "sup"})
_BREAKS = frozenset({"br", "div", "p", "li", "ul", "ol", "tr"})
_BARE = frozenset({"span", "font"})


@dataclass(frozen=True)
class Directives:
    """The number of lines at the top that are not rows, and what they say. `columns` are special columns, from 1."""

    lines: int = 0
    separator: str | None = None
    html: bool = False
    header: tuple[str, ...] | None = None
    columns: tuple[tuple[int, str], ...] = ()

    @property
    def from_anki(self) -> bool:
        """Whether the table comes from Anki, which writes no header row."""
        return self.lines > 0 and (self.header is not None or self.html or bool(self.columns))

    def names(self, width: int) -> tuple[str, ...]:
        """Return the header of a table without a header row, with this number of columns."""
        known = dict(self.columns)
        names = self.header or tuple(f"column {number}" for number in range(1, width + 1))
        return tuple(known.get(number, name) for number, name in enumerate(names, 1))


def read_directives(text: str) -> Directives:
    """Read the lines before the first row."""
    if match := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        return Directives(1, match[1])
    said = dict(_directive_lines(text))
    separator = said.get("separator", "").casefold()
    separator = _SEPARATORS.get(separator, separator[:1])
    columns = ((said.get(f"{key} column", ""), name) for key, name in _COLUMNS.items())
    header = said.get("columns")
    return Directives(
        lines=len(said),
        separator=separator or None,
        html=said.get("html", "").casefold() == "true",
        header=tuple(header.split(separator or "\t")) if header else None,
        columns=tuple((int(number), name) for number, name in columns if number.isdecimal()),
    )


def _directive_lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        match = re.match(r"#([a-z][a-z ]*):(.*)", line)
        if not match:
            return
        yield match[1], match[2].strip("\r\n")


def split_html(cell: str) -> tuple[Sequence[tuple[bool, str]], tuple[str, ...]]:
    """Return the parts of a cell in HTML, with a flag for markup to keep, and the tags that are left out."""
    parts: list[tuple[bool, str]] = []
    lost: list[str] = []
    for token in _TOKEN.split(cell):
        tag = _TAG.match(token)
        if not tag:
            parts.append((False, unescape(token).replace("\xa0", " ")))
        elif (name := tag[2].casefold()) in _KEPT:
            parts.append((True, f"<{tag[1]}{name}>"))
        elif name in _BREAKS:
            parts.append((False, "\n"))
        elif name not in _BARE and not tag[1]:
            lost.append(f"<{name}>")
    return parts, tuple(lost)
