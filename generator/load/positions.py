"""Turn key paths into lines and columns. A file is parsed again for this, only if something in it must be shown."""

import contextlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import yaml

from generator.diagnostics import KeyPath, Place

_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH = 200
_LINE_END = re.compile("\r\n?|\n")
"""What ends a line in YAML and in editors. Python has more line ends."""
_MARK_IN_TEXT = re.compile(r"\S[ \t]+#\w")
_COMMENT_IN_TEXT = re.compile(r"[ \t]+(#\w.*?)\s*$")
_KEY = re.compile(r"\s*(?:- +)?[\w-]+:(?=\s|$)")
_NO_VALUE = (
    yaml.KeyToken,
    yaml.BlockEndToken,
    yaml.BlockEntryToken,
    yaml.FlowEntryToken,
    yaml.FlowMappingEndToken,
    yaml.FlowSequenceEndToken,
    yaml.DocumentEndToken,
    yaml.StreamEndToken,
)
"""Tokens that follow a key or a `-` without a value."""


@dataclass(frozen=True, slots=True)
class Position:
    """A piece of one line. `line` and `column` count from 1, `width` is in characters, `source` is the line."""

    line: int
    column: int
    width: int
    source: str


def find_positions(places: Iterable[Place]) -> Mapping[Place, Position]:
    """Return the position of every place. Each file is read once."""
    places = frozenset(places)
    maps: dict[Path, _SourceMap] = {}
    for place in places:
        if place.file not in maps and not place.closed:
            maps[place.file] = _SourceMap(place.file)
    closed = {place: Position(place.line or 1, 1, 1, "") for place in places if place.closed}
    return closed | {place: maps[place.file].find(place) for place in places - closed.keys()}


class Duplicate(NamedTuple):
    """A key that appears twice in a mapping: line and column of both, and where in the text the second one ends.

    `item` is the line at which the mapping begins if it is an item of a list, or 0.
    """

    key: str
    first: tuple[int, int]
    second: tuple[int, int]
    end: int
    item: int


def find_duplicate_keys(text: str) -> list[Duplicate]:
    """Return the keys that appear twice in a mapping, in the order of the text."""
    duplicates = []
    pending = [(_compose(text), 0)]
    while pending:
        node, item = pending.pop()
        if isinstance(node, yaml.SequenceNode):
            pending += ((value, value.start_mark.line + 1) for value in node.value)
        elif isinstance(node, yaml.MappingNode):
            seen: dict[str, tuple[int, int]] = {}
            for key, value in node.value:
                pending.append((value, 0))
                if isinstance(key, yaml.ScalarNode):
                    here = (key.start_mark.line + 1, key.start_mark.column + 1)
                    if (first := seen.setdefault(key.value, here)) != here:
                        quote = 1 if key.style else 0
                        duplicates.append(Duplicate(key.value, first, here, key.end_mark.index - quote, item))
    return sorted(duplicates, key=lambda duplicate: duplicate.second)


class Cut(NamedTuple):
    """A comment that looks like a text: line, column and words, and, if it hides a whole value, its key."""

    line: int
    column: int
    words: str
    empty: bool


def find_cut_texts(text: str) -> Iterator[Cut]:
    """Yield each comment that looks like the rest of the text before it, ` #2 of five`, or like a value: `: #2b2118`.

    A text that is not YAML is read as far as possible.
    """
    if "#" not in text or not _MARK_IN_TEXT.search(text):
        return
    lines = _LINE_END.split(text)
    with contextlib.suppress(yaml.YAMLError, ValueError):
        for token, after in pairwise(yaml.scan(text, Loader=_Loader)):
            plain = isinstance(token, yaml.ScalarToken) and token.plain and not token.style
            empty = isinstance(token, yaml.ValueToken | yaml.BlockEntryToken) and isinstance(after, _NO_VALUE)
            if empty and isinstance(token, yaml.ValueToken) and isinstance(after, yaml.BlockEntryToken):
                continue  # a list may have the same indentation as its key
            line, column = token.end_mark.line, token.end_mark.column
            if (plain or empty) and (comment := _COMMENT_IN_TEXT.match(lines[line], column)):
                yield Cut(line + 1, comment.start(1) + 1, comment[1], empty)


def find_open_quote(text: str) -> tuple[int, int] | None:
    """Return line and column of the first quotation that contains a later key, because it is never closed."""
    lines = _LINE_END.split(text)
    try:
        for token in yaml.scan(text, Loader=_Loader):
            start, end = token.start_mark, token.end_mark
            quoted = isinstance(token, yaml.ScalarToken) and token.style in ("'", '"')
            if quoted and any(map(_KEY.match, lines[start.line + 1 : end.line + 1])):
                return start.line + 1, start.column + 1
    except yaml.MarkedYAMLError as error:
        if error.context == "while scanning a quoted scalar" and error.context_mark:
            return error.context_mark.line + 1, error.context_mark.column + 1
    except (yaml.YAMLError, ValueError):
        pass
    return None


def find_open_bracket(text: str) -> tuple[int, int] | None:
    """Return line and column of a bracket that is not closed before a key outside it, or is closed by another kind."""
    lines = _LINE_END.split(text)
    opened: list[yaml.Mark] = []
    read = 0
    pairs = {yaml.FlowMappingEndToken: "{", yaml.FlowSequenceEndToken: "["}
    with contextlib.suppress(yaml.YAMLError, ValueError):
        for token in yaml.scan(text, Loader=_Loader):
            start, end = token.start_mark, token.end_mark
            first = opened[0].line if opened else end.line
            left = any(_leaves(line, lines[first]) for line in lines[max(first, read) + 1 : end.line + 1])
            read = end.line
            if opened and (left or isinstance(token, yaml.StreamEndToken)):
                return opened[-1].line + 1, opened[-1].column + 1
            if isinstance(token, yaml.FlowMappingStartToken | yaml.FlowSequenceStartToken):
                opened.append(start)
            elif opened and (bracket := pairs.get(type(token))):
                last = opened.pop()
                if lines[last.line][last.column] != bracket:
                    return last.line + 1, last.column + 1
    return None


def _leaves(line: str, opening: str) -> bool:
    """Return whether a line is a key with no more indentation than the line of a bracket."""
    return bool(_KEY.match(line)) and len(line) - len(line.lstrip()) <= len(opening) - len(opening.lstrip())


def _compose(text: str) -> yaml.Node | None:
    """Return the tree of nodes, or None if the text has none or is nested too deeply to be parsed safely."""
    try:
        return yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError):
        return None


class _Loader(_Parser):  # type: ignore[valid-type, misc]  # written in C where PyYAML has that
    """Builds a tree without tags, in half the time, and stops if the tree is too deep."""

    _depth = 0

    def descend_resolver(self, *_: object) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise yaml.YAMLError

    def ascend_resolver(self) -> None:
        self._depth -= 1

    def resolve(self, *_: object) -> str:
        return ""


class _SourceMap:
    """The lines of one file, and its tree of nodes if it has one."""

    def __init__(self, file: Path) -> None:
        try:
            text = file.read_bytes().decode("utf-8-sig", "replace")
        except OSError:
            text = ""
        text = unicodedata.normalize("NFC", text)
        self._text = text
        self._lines = _LINE_END.split(text)
        self._indexes: dict[yaml.MappingNode, Mapping[str, tuple[yaml.Node, yaml.Node]]] = {}

    def find(self, place: Place) -> Position:
        if place.line is not None:
            return self._at(place.line, place.column or 1, place.width)
        shown, node = self._follow(place.keys, place.on_key)
        if shown is None or node is None:
            return self._at(1, 1, 1)
        if place.within and (found := self._within(shown, place.within) or self._within(node, place.within)):
            return found
        mark = shown.start_mark
        return self._at(mark.line + 1, mark.column + 1, self._width(shown))

    @cached_property
    def _root(self) -> yaml.Node | None:
        return _compose(self._text)

    def _follow(self, keys: KeyPath, on_key: bool) -> tuple[yaml.Node | None, yaml.Node | None]:
        """Return what to show of a value, its key or itself, and the value, or the one around it if it is not there."""
        node = named = self._root
        if isinstance(node, yaml.SequenceNode) and keys and isinstance(keys[0], str):
            keys = keys[1:]  # a list in place of the only key of its file
        for key in keys:
            if isinstance(node, yaml.MappingNode):
                pair = self._pairs(node).get(str(key))
                if pair is None:
                    break
                named, node = pair
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                named = node = node.value[key]
            else:
                break
        shown = named if on_key or not isinstance(node, yaml.ScalarNode) else node
        return shown, node

    def _pairs(self, node: yaml.MappingNode) -> Mapping[str, tuple[yaml.Node, yaml.Node]]:
        """Return the keys and values of a mapping by the text of the key. If a key appears twice, the first counts."""
        if node not in self._indexes:
            pairs: dict[str, tuple[yaml.Node, yaml.Node]] = {}
            for key, value in node.value:
                _, first = pairs.setdefault(str(key.value), (key, value))
                if first is not value and isinstance(first, yaml.MappingNode) and isinstance(value, yaml.MappingNode):
                    first.value.extend(value.value)
            self._indexes[node] = pairs
        return self._indexes[node]

    def _width(self, node: yaml.Node | None) -> int:
        if not isinstance(node, yaml.ScalarNode):
            return 1
        start, end = node.start_mark, node.end_mark
        if start.line == end.line:
            return max(1, end.column - start.column)
        return max(1, len(self._line(start.line + 1).rstrip()) - start.column)

    def _within(self, node: yaml.Node, piece: str) -> Position | None:
        for number in range(node.start_mark.line, min(node.end_mark.line + 1, len(self._lines))):
            start = node.start_mark.column if number == node.start_mark.line else 0
            line = self._lines[number]
            if (column := line.find(piece, start)) >= 0 or (column := line.lower().find(piece, start)) >= 0:
                return self._at(number + 1, column + 1, len(piece))
        return None

    def _at(self, line: int, column: int, width: int) -> Position:
        source = self._line(line)
        return Position(line, column, max(1, min(width, len(source) - column + 1)), source)

    def _line(self, line: int) -> str:
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""
