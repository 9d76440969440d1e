"""Slips that make a file no YAML: where each was made, which the parser notices only later, and what to write."""

import re
from collections.abc import Sequence
from typing import NamedTuple

CURLY = "“”„«»\u2018\u2019\u201a"
"""Quotation marks of print, which are letters like any other in YAML."""
_OPENED = re.compile(rf"(?<!\w)[{CURLY}]")
_KEY = re.compile(r"\s*(?:- +)?([\w-]+):(?=\s|$)")
_GLUED = re.compile(r"\s*(?:- +)?([A-Za-z][\w-]*):(?![\s/]|$)")
_QUOTED_BEGIN = re.compile(r'\s*(?:- +)?[\w-]+: +(?:"[^"]*"|(\'[^\']*\')) +[^\s#]')
_BARE = re.compile(r"\s*([\w-]+)(?: [^:{}\[\]]*)?$")
_MARKED = re.compile(r"(?:\"[^\"]*\"|(?<!\w)'[^']*'|(?<=\w)'|[^\"'])*?[ \t][\[{]?(?=#\w)")
_APOSTROPHE = re.compile(r"\b\w+'\w+")


class Slip(NamedTuple):
    """Line and column of a slip, which count from 1, and what to write."""

    line: int
    column: int
    hint: str


def find_slip(lines: Sequence[str], start: int, end: int, column: int, *, in_braces: bool) -> Slip | None:
    """Return the slip that the parser noticed in line `end` at `column`, having begun in line `start`."""
    last = lines[end - 1]
    if "\t" in last[: _indent(last)]:
        return None
    if found := _comment(lines, start, end, column, in_braces=in_braces) or _apostrophe(last, end, column):
        return found
    if quoted := _QUOTED_BEGIN.match(last):
        return _at(lines, end, _whole(quoted))
    first = _KEY.match(last)
    if first and first.end() < column:
        return None  # something further on in the line, past its key
    if first and (misplaced := _owner_beside(lines, end)):
        beside, owner = misplaced
        return _at(lines, beside, f"indent this line further if it belongs to `{owner}`")
    for number in dict.fromkeys((start, end, end - 1)):
        line = lines[number - 1] if number > 0 else ""
        if glued := _GLUED.match(line):
            return _at(lines, number, f"write a space after `{glued[1]}:`")
        if quoted := _QUOTED_BEGIN.match(line):
            return _at(lines, number, _whole(quoted))
        if bare := _BARE.match(line):
            goes_on = " If the line continues the text above, indent it further." if _follows(lines, number) else ""
            return _at(lines, number, f"is a colon missing after `{bare[1]}`?{goes_on}")
    aside = "indent this line like those that it belongs with"
    return _at(lines, end, aside) if first and _indent(last) else None


def hint_at(message: str, lines: Sequence[str], line: int, column: int) -> str | None:
    """Return what to write for a complaint of the parser that stands where the slip was made."""
    source = lines[line - 1]
    rest = source[column - 1 :]
    if "\t" in source[: _indent(source)]:
        return "a tab is not allowed as indentation; use spaces"
    if "mapping values are not allowed" in message or rest.startswith(": "):
        if printed := _OPENED.search(source, 0, column):
            return f'put straight quotes, `"`, round the text: `{printed[0]}` is not a quotation mark in YAML'
        return "put quotes round a text that contains `: `"
    if "scanning an alias" in message:
        if source.lstrip().startswith("*") and (key := _follows(lines, line)):
            return f"indent this line further than `{key}:` if it continues its text"
        return "put quotes round a text that begins with `*`, such as `**bold**`"
    if "cannot start any token" in message:
        return "put quotes round a text that begins with `@`, `` ` `` or `%`"
    if "end of stream" in message or "expected" in message:
        return "is a bracket or a quotation mark missing?"
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _at(lines: Sequence[str], number: int, hint: str) -> Slip:
    return Slip(number, _indent(lines[number - 1]) + 1, hint)


def _whole(quoted: re.Match[str]) -> str:
    """The hint for a text that begins with a quotation: the other marks go round it."""
    marks = "double" if quoted[1] else "single"
    return f"this text begins with a quotation and continues after it; put {marks} quotes round the whole text"


def _comment(lines: Sequence[str], start: int, end: int, column: int, *, in_braces: bool) -> Slip | None:
    """A comment that hides the rest of a text, and in braces what closes them."""
    for number in range(min(start, end - 1), end + 1) if in_braces else (end - 1, end):
        found = _MARKED.match(lines[number - 1]) if number > 0 else None
        if found and (number < end or found.end() < column):
            return Slip(number, found.end() + 1, "put quotes round a text that contains ` #`; a comment begins there")
    return None


def _apostrophe(line: str, number: int, column: int) -> Slip | None:
    """An apostrophe that ends a text in single quotes, after which the parser complains of the next letter."""
    for word in _APOSTROPHE.finditer(line):
        if line.find("'", word.start()) == column - 2:
            return Slip(
                number,
                column - 1,
                f"the apostrophe in `{word[0]}` ends the text; put double quotes round the whole text",
            )
    return None


def _owner_beside(lines: Sequence[str], number: int) -> tuple[int, str] | None:
    """The line above one that begins further in, if it has to belong to the key above it, and that key."""
    beside = _above(lines, number)
    owner = _above(lines, beside)
    key, first = _KEY.fullmatch(lines[owner - 1].rstrip()), _KEY.match(lines[beside - 1])
    if not owner or not key or not first or first.end() == len(lines[beside - 1].rstrip()):
        return None
    further = _indent(lines[beside - 1]) < _indent(lines[number - 1])
    return (beside, key[1]) if further and _indent(lines[beside - 1]) <= _indent(lines[owner - 1]) else None


def _above(lines: Sequence[str], number: int) -> int:
    """The next line above that is more than a comment; 0 if there is none."""
    return next((n for n in range(number - 1, 0, -1) if lines[n - 1].strip() and lines[n - 1].lstrip()[0] != "#"), 0)


def _follows(lines: Sequence[str], number: int) -> str | None:
    """The key with a text in the line above, if line `number` begins no further in."""
    above = lines[number - 2] if number > 1 else ""
    key = _KEY.match(above)
    return key[1] if key and above[key.end() :].strip() and _indent(lines[number - 1]) <= _indent(above) else None
