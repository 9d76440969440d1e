"""Parse YAML 1.2 into plain data, and turn the parser's errors into diagnostics."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ryaml import InvalidYamlError, loads

from generator.diagnostics import Diagnostic, KeyPath, Place, Related
from generator.load.positions import (
    Duplicate,
    find_cut_texts,
    find_duplicate_keys,
    find_open_bracket,
    find_open_quote,
)
from generator.load.slips import explain_at, find_slip
from generator.load.text import UNSEEN, bad_character

_AT = r"at line (?P<line>\d+) column (?P<column>\d+)"
_MESSAGE = re.compile(
    rf"(?P<what>.*?)(?: {_AT})?(?:, while .*?(?: at line (?P<from>\d+) column \d+)?)?",
    re.DOTALL,
)
_NUMBER = re.compile(r"invalid type: integer `-?(\d+)`")
"""How the parser refuses a number beyond 64 bits."""
_SHORT = 12
"""The most characters of a text that a hint repeats, such as a colour."""
_SECOND = "\ue000"
"""Marks a key that appears twice. The character is from a part of Unicode that no text uses."""


def parse_yaml(file: Path, text: str) -> tuple[object, tuple[Diagnostic, ...]]:
    """Return the data of a YAML text and what is wrong with it.

    If a key appears twice, the first is kept. The data is None if the text is not YAML.
    """
    try:
        data = loads(text)
        escaped = _unseen(data) if "\\" in text and UNSEEN.search(_everything(data)) else ()
        return data, tuple(bad_character(c, Place(file, keys, on_key=on_key)) for c, keys, on_key in escaped)
    except InvalidYamlError as error:
        if duplicates := find_duplicate_keys(text) if "duplicate entry" in str(error) else ():
            return _without_second(text, duplicates), tuple(_duplicates(file, duplicates))
        return None, (_explain(file, text, str(error)),)
    except (ValueError, RecursionError):
        return None, (Diagnostic("bad-yaml", "a key must be a single word or text", Place(file, line=1, column=1)),)


def find_lost_texts(file: Path, text: str) -> Iterator[Diagnostic]:
    """Yield each comment that cuts a text short, or hides a whole text, because a `#` was meant as part of the text."""
    for line, column, words, empty in find_cut_texts(text):
        lost = "there is no value before it" if empty else f"the text before it ends without “{words}”"
        quoted = f"`{words}`" if empty and len(words) <= _SHORT else "the text"
        yield Diagnostic(
            "cut-text",
            f"a comment begins here, so {lost}",
            Place(file, line=line, column=column, width=len(words)),
            hint=f"put quotes round {quoted}; if it is a comment, write a space after the `#`",
        )


def _everything(data: object) -> str:
    """Return all keys and texts as one text, for a quick search that usually finds nothing."""
    texts: list[str] = []
    pending = [data]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            texts.append(node)
        elif isinstance(node, dict):
            pending += (*node, *node.values())
        elif isinstance(node, list):
            pending += node
    return "\n".join(texts)


def _unseen(data: object, keys: KeyPath = (), on_key: bool = False) -> Iterator[tuple[str, KeyPath, bool]]:
    """Yield forbidden characters that come from escapes: the first in each text, its path, and if it is in a key."""
    if isinstance(data, str):
        if found := UNSEEN.search(data):
            yield found[0], keys, on_key
    elif isinstance(data, dict):
        for key, value in data.items():
            there = (*keys, key)
            yield from _unseen(key, there, on_key=True)
            yield from _unseen(value, there)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _unseen(value, (*keys, index))


def _duplicates(file: Path, duplicates: Sequence[Duplicate]) -> Iterator[Diagnostic]:
    """Yield a fault for each key that appears twice, but only one for an item of a list that holds two."""
    among = Counter(found.item for found in duplicates)
    told: set[int] = set()
    for found in duplicates:
        two = found.item > 0 and among[found.item] > 1
        if not (two and found.item in told):
            fault = _duplicate(file, found)
            yield replace(fault, hint="write `- ` before it if another item of the list begins here") if two else fault
        told.add(found.item)


def _duplicate(file: Path, found: Duplicate) -> Diagnostic:
    (line, column), (first, there), width = found.second, found.first, len(found.key)
    return Diagnostic(
        "duplicate-key",
        f"`{found.key}` appears here a second time",
        Place(file, line=line, column=column, width=width),
        hint="rename one or join the two",
        related=(Related("the first is here", Place(file, line=first, column=there, width=width)),),
    )


def _without_second(text: str, duplicates: Sequence[Duplicate]) -> object:
    """Return the data without repeated keys, so that everything else can be checked, or None if that fails.

    Of groups at the top of the file, such as `causes`, everything is kept: their entries are reported elsewhere.
    """
    for number, found in reversed(list(enumerate(duplicates))):
        text = f"{text[: found.end]}{_SECOND}{number}{text[found.end :]}"
    try:
        data = loads(text)
    except (ValueError, RecursionError):
        return None
    for key, more in data.items() if isinstance(data, dict) else ():
        first, second, _ = str(key).partition(_SECOND)
        if second and isinstance(more, dict) and isinstance(data[first], dict):
            data[first] = {**more, **data[first]}
    return _pruned(data)


def _pruned(data: object) -> object:
    if isinstance(data, dict):
        return {key: _pruned(value) for key, value in data.items() if _SECOND not in str(key)}
    return [_pruned(value) for value in data] if isinstance(data, list) else data


def _explain(file: Path, text: str, message: str) -> Diagnostic:
    if "repetition limit" in message:
        line = next((n for n, line in enumerate(text.splitlines(), 1) if re.search(r"[\s\[,]\*\w", line)), 1)
        return Diagnostic(
            "alias-bomb",
            "the aliases in this file expand to far too much text",
            Place(file, line=line, column=1),
            hint="write the repeated parts out",
        )
    lines = (*text.splitlines(), "")
    if "more than one document" in message:
        return _second_document(file, lines)
    if refused := _NUMBER.search(message):
        before = text[: max(0, text.find(refused[1]))].split("\n")
        place = Place(file, line=len(before), column=len(before[-1]) + 1)
        return Diagnostic("bad-yaml", "this number is too large", place, hint="put quotes round it if it is a text")
    parts = _MESSAGE.fullmatch(message)
    if parts is None or parts["line"] is None:
        return Diagnostic("bad-yaml", message, Place(file, line=1, column=1))
    place = Place(file, line=int(parts["line"]), column=int(parts["column"]))
    if "recursion limit" in message:
        return Diagnostic("too-deep", "brackets or indentation are nested more than 128 levels deep", place)
    start = int(parts["from"] or parts["line"])
    if (quote := find_open_quote(text)) and quote < (place.line or 0, place.column or 0):
        return _open_quote(file, quote, place if (place.line or 0) < len(lines) else None)
    end, column, in_braces = min(int(parts["line"]), len(lines)), int(parts["column"]), "flow" in message
    opened = find_open_bracket(text)
    slip = find_slip(lines, start, end, column, in_braces=in_braces, opened=opened)
    if slip := slip or explain_at(message, lines, end, column):
        return Diagnostic("bad-yaml", slip.message, Place(file, line=slip.line, column=slip.column), hint=slip.hint)
    return Diagnostic("bad-yaml", parts["what"], place)


def _second_document(file: Path, lines: Sequence[str]) -> Diagnostic:
    if number := next((n for n, line in enumerate(lines, 1) if n > 1 and line.startswith("---")), 0):
        place = Place(file, line=number, column=1)
        return Diagnostic("bad-yaml", "a second document begins here", place, hint="delete the `---`")
    number = next(n for n, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#"))
    message, hint = "this line is indented further than the keys below it", "begin it in the column of these keys"
    return Diagnostic("bad-yaml", message, Place(file, line=number, column=1), hint=hint)


def _open_quote(file: Path, opened: tuple[int, int], noticed: Place | None) -> Diagnostic:
    line, column = opened
    return Diagnostic(
        "bad-yaml",
        "the quotation that begins here does not end before the next key",
        Place(file, line=line, column=column),
        hint="put the same quotation mark at its end",
        related=(Related("it was noticed here", noticed),) if noticed else (),
    )
