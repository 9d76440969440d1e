"""Change values in a file that an author wrote. Every other character stays, including comments and order."""

import codecs
import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import yaml
from ryaml import dumps, loads

from generator.diagnostics import KeyPath

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORD = re.compile(r"\w[\w-]*")
"""A word that needs no quotes inside brackets, unless YAML takes it for a number or the like."""


class CannotEditError(ValueError):
    """A file or a value cannot be changed in place; the message says why."""


class InBraces(dict[str, object]):
    """A mapping to write on one line."""


class _Edit(NamedTuple):
    """A piece of the text and its replacement. Of two at one place, the deeper one comes first."""

    start: int
    end: int
    depth: int
    text: str


def edit_bytes(content: bytes, change: Callable[[str], str]) -> bytes:
    """Return the content of a file with its text changed. A byte order mark stays."""
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    return mark + change(content.removeprefix(mark).decode()).encode()


def change_values(text: str, changes: Mapping[KeyPath, object], *, short_for: str | None = None) -> str:
    """Return the text of a file with values changed, or added at the end of the mapping that lacks them.

    If a mapping that gets a key is written as a plain text, that text becomes the value of the key `short_for`. Raise
    CannotEditError if the result would not be exactly this change.
    """
    root, expected = _read(text)
    edits = [_edit(text, root, path, value, short_for) for path, value in changes.items()]
    changed = text
    for _, edit in sorted(enumerate(edits), key=lambda e: (e[1].start, -e[1].depth, e[0]), reverse=True):
        changed = changed[: edit.start] + edit.text + changed[edit.end :]
    for path, value in changes.items():
        expected = _with(expected, path, value, short_for)
    _compare(changed, expected, changes)
    return changed


def remove_values(text: str, paths: Iterable[KeyPath]) -> str:
    """Return the text of a file without some values and their keys. Comments on or above their lines stay.

    Raise CannotEditError if the result would not be exactly this change.
    """
    root, expected = _read(text)
    gone = frozenset(paths)
    spans = [span for path in gone if (span := _removal(text, root, path, gone))]
    changed = text
    for start, end in sorted(spans, reverse=True):
        changed = changed[:start] + changed[end:]
    for path in gone:
        expected = _without(expected, path)
    _compare(changed, expected, gone)
    return changed


def _read(text: str) -> tuple[yaml.Node, Any]:
    """Return the nodes of a file, and its data."""
    try:
        expected, root = loads(text), yaml.compose(text, Loader=_Loader)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise CannotEditError("the file is written in a form that only its author can change") from error
    if root is None:
        raise CannotEditError("the file is empty")
    return root, expected


def _compare(changed: str, expected: object, paths: Iterable[KeyPath]) -> None:
    """Raise CannotEditError if a text does not have the expected data."""
    try:
        alike = loads(changed) == expected
    except ValueError:
        alike = False
    if not alike:
        names = ", ".join(f"`{name}`" for name in dict.fromkeys(path[-1] for path in paths))
        raise CannotEditError(f"{names} cannot be changed here without changing something else")


def _removal(text: str, root: yaml.Node, path: KeyPath, gone: Container[KeyPath]) -> tuple[int, int] | None:
    """Return what to cut out to remove a key, or None if the cut for the key before it includes this one."""
    node, flow, at = root, False, 0
    pairs: list[tuple[yaml.Node, yaml.Node]] = []
    for key in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = [number for number, (name, _) in enumerate(pairs) if name.value == str(key)]
        if not found:
            raise CannotEditError(f"there is no `{key}`")
        flow = isinstance(node, yaml.CollectionNode) and bool(node.flow_style)
        at, node = found[0], pairs[found[0]][1]
    name = pairs[at][0]
    if any("#" in between for between in _between(text, node)):
        raise CannotEditError(f"there is a comment inside `{path[-1]}`; move it above the line")
    start, end = name.start_mark.index, max(name.end_mark.index + 1, _end(text, node))
    if not flow:
        line, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        line_end = len(text) if line_end < 0 else line_end + 1
        if text[end:line_end].strip() or text[line:start].strip():  # a comment, or a key before it on the line
            return start, end + len(text[end:line_end]) - len(text[end:line_end].lstrip(" "))
        return line, line_end
    stays = [(*path[:-1], other.value) not in gone for other, _ in pairs]
    if any(stays[at:]):
        return start, pairs[at + 1][0].start_mark.index
    if at and not stays[at - 1]:
        return None
    return (_end(text, pairs[at - 1][1]) if at else start), _end(text, pairs[-1][1])


def _without(data: Any, path: KeyPath) -> Any:
    """Return the data of a file without one value."""
    if len(path) > 1:
        return {**data, path[0]: _without(data[path[0]], path[1:])}
    return {key: value for key, value in data.items() if key != path[0]}


def _edit(text: str, root: yaml.Node, path: KeyPath, value: object, short_for: str | None) -> _Edit:
    """Return where a value is, and its replacement. Behind an alias this is the anchor, which is detected later."""
    node, name, flow, newline = root, root, False, "\r\n" if "\r\n" in text else "\n"
    for depth, key in enumerate(path):
        if not isinstance(node, yaml.MappingNode):
            start, end = node.start_mark.index, _end(text, node)
            if short_for is None or depth < len(path) - 1 or not isinstance(node, yaml.ScalarNode) or start == end:
                raise CannotEditError(f"`{path[depth - 1]}` has no keys")
            return _Edit(start, end, depth, _inline({short_for: node.value, str(key): value}))
        flow = flow or bool(node.flow_style)
        found = next((pair for pair in node.value if pair[0].value == str(key)), None)
        if found is None:
            if depth < len(path) - 1:
                raise CannotEditError(f"there is no `{key}`")
            return _addition(text, node, str(key), value, depth, newline)
        name, node = found
    start, end = node.start_mark.index, _end(text, node)
    if any("#" in between for between in _between(text, node)):
        raise CannotEditError(f"there is a comment inside `{path[-1]}`; move it above the line")
    written = _inline(value) if flow else _line(value)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        written = _block(value, name.start_mark.column + 2, newline) or written
    elif (start == end or _in_lines(node)) and not text[name.end_mark.index + 1 : start].strip():
        start, written = name.end_mark.index + 1, f" {written}"  # on the line of its key
    return _Edit(start, end, len(path), written)


def _addition(text: str, node: yaml.MappingNode, key: str, value: object, depth: int, newline: str) -> _Edit:
    last = _end(text, node.value[-1][1]) if node.value else node.end_mark.index - 1
    if node.flow_style:
        comma = ", " if node.value else ""
        return _Edit(last, last, depth, f"{comma}{_inline(key)}: {_inline(value)}")
    line_end = text.find("\n", last)  # a comment after the last value stays with it
    here = len(text) if line_end < 0 else line_end - (text[line_end - 1] == "\r")
    lines = [f"{_line(key)}: {_line(value)}"]
    if isinstance(value, dict) and not isinstance(value, InBraces):
        lines = dumps({key: value}).rstrip("\n").split("\n")
    indent = newline + " " * node.value[0][0].start_mark.column
    return _Edit(here, here, depth, indent + indent.join(lines))


def _end(text: str, node: yaml.Node) -> int:
    """Return the end of a value. To the parser, a block list or mapping extends to what follows it."""
    if _in_lines(node) and (parts := _parts(node)):
        return _end(text, parts[-1])
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip())


def _in_lines(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _parts(node: yaml.Node) -> list[yaml.Node]:
    """Return the keys and values, or the items, of a value."""
    members = node.value if isinstance(node, yaml.CollectionNode) else ()
    return [part for member in members for part in (member if isinstance(member, tuple) else (member,))]


def _between(text: str, node: yaml.Node) -> Iterator[str]:
    """Yield the characters of a value that are outside its texts."""
    start = node.start_mark.index
    if isinstance(node, yaml.ScalarNode):
        yield text[start : node.end_mark.index].partition("\n")[0] if node.style in ("|", ">") else ""
        return
    for part in _parts(node):
        yield text[start : part.start_mark.index]
        yield from _between(text, part)
        start = max(start, _end(text, part))
    yield text[start : _end(text, node)]


def _with(data: Any, path: KeyPath, value: object, short_for: str | None) -> Any:
    """Return the data of a file with one value changed."""
    if not path:
        return value
    known = data if isinstance(data, dict) else {short_for: data}
    return {**known, path[0]: _with(known.get(path[0]), path[1:], value, short_for)}


def _line(value: object) -> str:
    """Return a value on one line, for block style."""
    written = dumps(value).rstrip("\n") if isinstance(value, str) else ""
    return written if written and "\n" not in written else _inline(value)


def _inline(value: object) -> str:
    """Return a value on one line, for use inside brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inline(key)}: {_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, str) and _WORD.fullmatch(value) and loads(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _block(value: object, indent: int, newline: str) -> str | None:
    """Return a text of several lines as a block, if it can be written so."""
    if not isinstance(value, str) or "\n" not in value or value != value.strip():
        return None
    return f"|-{newline}" + newline.join(" " * indent + line if line else "" for line in value.split("\n"))
