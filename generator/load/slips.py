"""Slips in YAML: find where each was made, which the parser notices only later, and what to write instead."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

CURLY = "“”„«»\u2018\u2019\u201a"
"""Typographic quotation marks, which have no meaning in YAML."""
_OPENED = re.compile(rf"(?<!\w)[{CURLY}]")
_KEY = re.compile(r"\s*(?:- +)?([\w-]+):(?=\s|$)")
_GLUED = re.compile(r"\s*(?:- +)?([A-Za-z][\w-]*):(?![\s/]|$)")
_QUOTED_BEGIN = re.compile(r'\s*(?:- +)?[\w-]+: +(?:"[^"]*"|(\'[^\']*\')) +[^\s#]')
_BRACKET_BEGIN = re.compile(r"\s*(?:- +)?[\w-]+: +(?=[\[{])(?:\[[^\[\]]*\]|\{[^{}]*\}) +[^\s#]")
_INNER_QUOTES = re.compile(r"\s*(?:- +)?[\w-]+: +\"[^\"]*(\")[^\"]*\".*\"\s*$")
_ODD = re.compile(
    r"[ ]*(?:- +)?(?:[\w-]+(?::|(?=\uff1a)))?(?P<odd>[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff\uff1a])"
)
"""A character that looks like a space or a colon, where YAML needs one."""
_TEXT_KEYS = {"mechanism": "summary", "hallmark": "is", "time-course": "onset"}
"""The key for the text of an entry that has other keys too. For other entries it is `name`."""
_REPORTED = {
    "block sequence entries": ("a list cannot begin in the line of its key", "begin the `- ` on a line of its own"),
    "escape character": ("a `\\` means something else in double quotes", "put single quotes round the text"),
}
"""What to say of an error that the parser reports at its own place, by words of the report."""
_BARE = re.compile(r"\s*([\w-]+)(?: [^:{}\[\]]*)?$")
_MARKED = re.compile(r"(?:\"[^\"]*\"|(?<!\w)'[^']*'|(?<=\w)'|[^\"'])*?[ \t][\[{]?(?=#\w)")
_APOSTROPHE = re.compile(r"\b\w+'\w+")


class Slip(NamedTuple):
    """The line and column of a slip, from 1, what it is, and what to write."""

    line: int
    column: int
    message: str
    hint: str


def find_slip(
    lines: Sequence[str], start: int, end: int, column: int, *, in_braces: bool, opened: tuple[int, int] | None
) -> Slip | None:
    """Return the slip that the parser noticed in line `end` at `column`, in something that began in line `start`.

    `opened` is the place of a bracket that nothing closes.
    """
    last = lines[end - 1]
    if "\t" in last[: _indent(last)]:
        return None
    if found := _odd_character(lines, (start, end, end - 1)):
        return found
    if found := _comment(lines, start, end, column, in_braces=in_braces) or _apostrophe(last, end, column):
        return found
    if opened:
        return _open_bracket(lines, *opened)
    if quoted := _QUOTED_BEGIN.match(last):
        return _quotation(lines, end, quoted)
    if inner := _INNER_QUOTES.match(last):
        hint = "put single quotes round the whole text"
        return Slip(end, inner.start(1) + 1, 'this `"` ends a text that begins with `"`', hint)
    if bracket := _BRACKET_BEGIN.match(last):
        return _beginning(end, last, next(n for n, c in enumerate(bracket[0], 1) if c in "[{"))
    first = _KEY.match(last)
    if first and first.end() < column:
        return None  # something later in the line, after its key
    if dash := _dash_among_keys(lines, end):
        return _at(lines, dash, "this `- ` begins a list, but there are keys beside it", "delete the `- `")
    if first and (misplaced := _owner_beside(lines, end)):
        beside, owner = misplaced
        hint = f"indent this line further if it belongs to `{owner}`"
        return _at(lines, beside, "this line has too little indentation", hint)
    return _unfinished(lines, start, end) or _aside(lines, end, is_key=bool(first))


def explain_at(message: str, lines: Sequence[str], line: int, column: int) -> Slip | None:
    """Explain in plain words an error that the parser reports at the place of the slip itself, if it is a known one."""
    source = lines[line - 1]
    rest = source[column - 1 :]
    if "\t" in source[: _indent(source)]:
        said = "this line begins with a tab", "a tab is not allowed as indentation; use spaces"
    elif "mapping values are not allowed" in message or rest.startswith(": "):
        printed = _OPENED.search(source, 0, column)
        said = (
            "a text with a `: ` in it needs quotes",
            f'put straight quotes, `"`, round the text: `{printed[0]}` is not a quotation mark in YAML'
            if printed
            else "put quotes round a text that contains `: `",
        )
    elif "scanning an alias" in message:
        key = _follows(lines, line) if source.lstrip().startswith("*") else None
        hint = "put quotes round a text that begins with `*`, such as `**bold**`"
        said = (
            "a text cannot begin with `*`",
            f"indent this line further than `{key}:` if it continues its text" if key else hint,
        )
    elif "cannot start any token" in message:
        hint = "put quotes round a text that begins with `@`, `` ` `` or `%`"
        said = f"a text cannot begin with `{rest[:1]}`", hint
    elif "block scalar" in message:
        return _beginning(line, source, len(source[: column - 1].rstrip()))
    elif "did not find expected ',' or" in message and rest.startswith(("[", "{")):
        hint = f"put quotes round a text inside braces that contains `{rest[0]}`"
        said = f"this `{rest[0]}` is not part of the text before it", hint
    elif known := next((what for part, what in _REPORTED.items() if part in message), None):
        said = known
    elif rest.startswith(("]", "}")):
        said = f"this `{rest[0]}` closes nothing", "delete it, or put quotes round the text"
    elif "end of stream" in message or "expected" in message:
        said = "something is missing here, or there is too much", "is a bracket or a quotation mark missing?"
    else:
        return None
    return Slip(line, column, *said)


def _beginning(number: int, line: str, column: int) -> Slip:
    """Return the slip for a character at which something else than a text begins."""
    mark = line[column - 1]
    return Slip(number, column, f"a text cannot begin with `{mark}`", "put quotes round the whole text")


def _odd_character(lines: Sequence[str], numbers: Sequence[int]) -> Slip | None:
    """Find a character that looks like the space or the colon that YAML needs."""
    for number in numbers:
        if number > 0 and (found := _ODD.match(lines[number - 1])):
            odd = found["odd"]
            message = f"here is a {unicodedata.name(odd).lower()} (U+{ord(odd):04X})"
            what = "a colon and a space" if odd == "\uff1a" else "a space"
            return Slip(number, found.start("odd") + 1, message, f"write {what} in its place, as YAML does not know it")
    return None


def _unfinished(lines: Sequence[str], start: int, end: int) -> Slip | None:
    """Find a key or a text that lacks a character, in the line where the parser stopped or in a line before it."""
    for number in dict.fromkeys((start, end, end - 1)):
        line = lines[number - 1] if number > 0 else ""
        if glued := _GLUED.match(line):
            return _at(lines, number, "a key ends in a colon and a space", f"write a space after `{glued[1]}:`")
        if quoted := _QUOTED_BEGIN.match(line):
            return _quotation(lines, number, quoted)
        before = _sibling(lines, number) if number > 0 else 0
        if before and lines[before - 1].lstrip().startswith("- ") and not _KEY.match(line):
            hint = "write `- ` before it, or indent it further if it continues the text above"
            return _at(lines, number, "this line is beside the items of a list, and has no `- `", hint)
        if bare := _BARE.match(line):
            goes_on = " If the line continues the text above, indent it further." if _follows(lines, number) else ""
            hint = f"is a colon missing after `{bare[1]}`?{goes_on}"
            return _at(lines, number, "this line is neither a key nor part of a text", hint)
    return None


def _aside(lines: Sequence[str], number: int, *, is_key: bool) -> Slip | None:
    """Find a key whose indentation is neither that of its neighbours nor that of those above them."""
    above = lines[_above(lines, number) - 1]
    owner = _KEY.match(above)
    if is_key and owner and above[owner.end() :].strip() and _indent(above) < _indent(lines[number - 1]):
        beside = f"indent this line like `{owner[1]}:`, or give the text of `{owner[1]}` a key too"
        hint = f"{beside}: `{_TEXT_KEYS.get(owner[1], 'name')}: …` on a line of its own"
        return _at(lines, number, f"`{owner[1]}` is a text, so no key can belong to it", hint)
    hint = "indent this line like those that it belongs with"
    aside = is_key and _indent(lines[number - 1])
    return _at(lines, number, "this line has the wrong indentation", hint) if aside else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _at(lines: Sequence[str], number: int, message: str, hint: str) -> Slip:
    return Slip(number, _indent(lines[number - 1]) + 1, message, hint)


def _quotation(lines: Sequence[str], number: int, quoted: re.Match[str]) -> Slip:
    """Find a text that begins with a quotation and continues after it: the other kind of quotes must go round it."""
    marks = "double" if quoted[1] else "single"
    hint = f"this text begins with a quotation and continues after it; put {marks} quotes round the whole text"
    return _at(lines, number, "a text ends with its quotation mark", hint)


def _open_bracket(lines: Sequence[str], line: int, column: int) -> Slip:
    """Return the slip for a bracket that nothing closes before the next key."""
    bracket = lines[line - 1][column - 1]
    end = "}" if bracket == "{" else "]"
    return Slip(line, column, f"the `{bracket}` that begins here is not closed", f"write `{end}` where it ends")


def _dash_among_keys(lines: Sequence[str], number: int) -> int:
    """Return the line of a single `- ` beside keys: `number`, or the one before it with the same indentation, or 0."""
    before = _sibling(lines, number)
    first = _sibling(lines, before)
    dashed = [n for n in (first, before, number) if n and lines[n - 1].lstrip().startswith("- ")]
    keys = before and all(_KEY.match(lines[n - 1]) for n in (before, number))
    return dashed[0] if keys and len(dashed) == 1 and dashed[0] != first else 0


def _sibling(lines: Sequence[str], number: int) -> int:
    """Return the next line above with the same indentation, if all lines between have more, or 0."""
    above = _above(lines, number)
    while above and _indent(lines[above - 1]) > _indent(lines[number - 1]):
        above = _above(lines, above)
    return above if above and _indent(lines[above - 1]) == _indent(lines[number - 1]) else 0


def _comment(lines: Sequence[str], start: int, end: int, column: int, *, in_braces: bool) -> Slip | None:
    """Find a comment that hides the rest of a text, and inside braces the closing brace."""
    for number in range(min(start, end - 1), end + 1) if in_braces else (end - 1, end):
        found = _MARKED.match(lines[number - 1]) if number > 0 else None
        if found and (number < end or found.end() < column):
            hint = "put quotes round a text that contains ` #`; a comment begins there"
            return Slip(number, found.end() + 1, "a comment hides the rest of this line", hint)
    return None


def _apostrophe(line: str, number: int, column: int) -> Slip | None:
    """Find an apostrophe that ends a text in single quotes, so that the parser rejects the next letter."""
    for word in _APOSTROPHE.finditer(line):
        if line.find("'", word.start()) == column - 2:
            hint = f"the apostrophe in `{word[0]}` ends the text; put double quotes round the whole text"
            return Slip(number, column - 1, "an apostrophe ends a text in single quotes", hint)
    return None


def _owner_beside(lines: Sequence[str], number: int) -> tuple[int, str] | None:
    """Return the line above that has more indentation, if both belong to the same key, and that key."""
    beside = owner = _above(lines, number)
    while owner and (owner == beside or _indent(lines[owner - 1]) >= _indent(lines[number - 1])):
        owner = _above(lines, owner)
    key, first = _KEY.fullmatch(lines[owner - 1].rstrip()), _KEY.match(lines[beside - 1])
    if not owner or not key or not first or first.end() == len(lines[beside - 1].rstrip()):
        return None
    further = _indent(lines[beside - 1]) < _indent(lines[number - 1])
    return (beside, key[1]) if further and _indent(lines[beside - 1]) <= _indent(lines[owner - 1]) else None


def _above(lines: Sequence[str], number: int) -> int:
    """Return the next line above that is more than a comment, or 0 if there is none."""
    return next((n for n in range(number - 1, 0, -1) if lines[n - 1].strip() and lines[n - 1].lstrip()[0] != "#"), 0)


def _follows(lines: Sequence[str], number: int) -> str | None:
    """Return the key with a text in the line above, if line `number` has no more indentation."""
    above = lines[number - 2] if number > 1 else ""
    key = _KEY.match(above)
    return key[1] if key and above[key.end() :].strip() and _indent(lines[number - 1]) <= _indent(above) else None
