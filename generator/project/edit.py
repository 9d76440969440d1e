"""Values changed in a file that an author wrote: every other character stays, comments and order among them."""

import json
from collections.abc import Mapping

import yaml
from ryaml import dumps, loads

from generator.diagnostics import KeyPath

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CannotEditError(ValueError):
    """Why a file or a value in it cannot be changed in place."""


def change_values(text: str, changes: Mapping[KeyPath, object]) -> str:
    """Return the text of a file with some values changed, or added at the end of the mapping that lacks them.

    Raises CannotEditError if what would come out is not exactly that.
    """
    try:
        root: yaml.Node = yaml.compose(text, Loader=_Loader) or yaml.MappingNode("", [])
    except yaml.YAMLError as error:
        raise CannotEditError("the file cannot be read") from error
    edits = [_edit(text, root, path, value) for path, value in changes.items()]
    for _, (start, end, new) in sorted(enumerate(edits), key=lambda edit: (edit[1][0], edit[0]), reverse=True):
        text = text[:start] + new + text[end:]
    try:
        done = loads(text)
    except ValueError as error:
        raise CannotEditError("it is written in a form that only its author can change") from error
    for path, value in changes.items():
        found = done
        for key in path:
            found = found[key]
        if found != value:
            raise CannotEditError(f"`{path[-1]}` is written in a way that only its author can change")
    return text


def _edit(text: str, root: yaml.Node, path: KeyPath, value: object) -> tuple[int, int, str]:
    """Where a value is, and what is to stand there."""
    node, flow = root, False
    for depth, key in enumerate(path):
        if not isinstance(node, yaml.MappingNode):
            raise CannotEditError(f"`{path[depth - 1]}` holds no keys")
        flow = flow or bool(node.flow_style)
        found = next((pair for pair in node.value if pair[0].value == str(key)), None)
        if found is None:
            if depth < len(path) - 1:
                raise CannotEditError(f"there is no `{key}`")
            return _addition(text, node, str(key), value)
        name, node = found
    start, end = node.start_mark.index, _end(node)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return (
            start,
            start + len(text[start:end].rstrip("\n")),
            _block(value, name.start_mark.column + 2) or _line(value),
        )
    if (
        isinstance(node, yaml.CollectionNode)
        and not node.flow_style
        and not text[name.end_mark.index + 1 : start].strip()
    ):
        return name.end_mark.index + 1, end, f" {_line(value)}"  # what stood in lines of its own comes behind its key
    return start, end, _inline(value) if flow else _line(value)


def _end(node: yaml.Node) -> int:
    """Where the last sign of a value is: a list or mapping in lines reaches, for the parser, up to what follows it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    end: int = node.end_mark.index
    return end


def _addition(text: str, node: yaml.MappingNode, key: str, value: object) -> tuple[int, int, str]:
    end = _end(node)
    if node.flow_style:
        comma = ", " if node.value else ""
        return end - 1, end - 1, f"{comma}{_inline(key)}: {_inline(value)}"
    while text[end - 1 : end] == "\n":  # a text in lines ends with its line
        end -= 1
    line_end = text.find("\n", end)
    end = len(text) if line_end < 0 else line_end  # a comment behind the last value stays with it
    indent = "\n" + " " * node.value[0][0].start_mark.column
    if isinstance(value, dict):
        return end, end, indent + indent.join(dumps({key: value}).rstrip("\n").split("\n"))
    return end, end, f"{indent}{_line(key)}: {_line(value)}"


def _line(value: object) -> str:
    """A value on one line where lines count."""
    written = dumps(value).rstrip("\n") if isinstance(value, str) else ""
    return written if written and "\n" not in written else _inline(value)


def _inline(value: object) -> str:
    """A value on one line that may stand in brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inline(key)}: {_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _block(value: object, indent: int) -> str | None:
    """A text of several lines as it reads, if it can be written so."""
    if not isinstance(value, str) or "\n" not in value or value != value.strip():
        return None
    return "|-\n" + "\n".join(" " * indent + line if line else "" for line in value.split("\n"))
