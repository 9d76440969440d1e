"""Insert a new entry into a file that an author wrote, at the right place. Every other character stays."""

import re
from collections.abc import Iterable, Mapping, Sequence

import yaml
from ryaml import dumps

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+$")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def insert_entry(text: str, key: str, entry: Mapping[str, object], group: str, after: str | None = None) -> str:
    """Return the text of a file with an entry added to its mapping `group`.

    The entry is added after the entry `after`, or else at the end of the group. Raise ValueError if the group is
    written in braces, where lines cannot be added.
    """
    return _insert(text, {key: entry}, group, after)


def insert_item(text: str, item: Mapping[str, object], group: str) -> str:
    """Return the text of a file with an item added at the end of its list `group`, or of the list that it is."""
    return _insert(text, [item], group, None)


def _insert(text: str, addition: object, group: str, after: str | None) -> str:
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ValueError("this file is written in a way that only its author can add to") from error
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    if isinstance(root, yaml.SequenceNode) and isinstance(addition, list):  # the file is the list itself
        pairs = [(yaml.ScalarNode("", group), root)]
    found = next(((k, v) for k, v in pairs if k.value == group), None)
    if found is None:
        return _joined(text, _split(text), [f"{group}:", *_lines(addition, 2)])
    name, node = found
    if isinstance(node, yaml.ScalarNode):
        return _after_line(text, name.end_mark.line, _lines(addition, 2))
    if node.flow_style:
        raise ValueError(f"`{group}` is written in brackets; write it line by line to add to it")
    members = [k for k, _ in node.value] if isinstance(node, yaml.MappingNode) else node.value
    last = node.end_mark.line
    first = members[0].start_mark
    column = first.column if isinstance(node, yaml.MappingNode) else _column_of_dash(_split(text)[: first.line + 1])
    for this, following in zip(members, [*members[1:], None], strict=True):
        if isinstance(this, yaml.ScalarNode) and this.value == after and following is not None:
            last = following.start_mark.line
    return _after_line(text, _last_filled(text, last - 1, node.start_mark.line), _lines(addition, column))


def _column_of_dash(lines: Sequence[str]) -> int:
    """Return the column of the `-` before an item that begins in the last of these lines."""
    line = next(line for line in reversed(lines) if line.lstrip().startswith("-"))
    return len(line) - len(line.lstrip())


def _lines(addition: object, indent: int) -> list[str]:
    return [" " * indent + line if line else line for line in dumps(addition).rstrip("\n").splitlines()]


def _last_filled(text: str, line: int, first: int) -> int:
    """Return the last line of an entry. Blank lines and comments before the next entry belong to the next."""
    lines = _split(text)
    line = min(line, len(lines) - 1)
    while line > first and (not lines[line].strip() or lines[line].lstrip().startswith("#")):
        line -= 1
    return line


def _after_line(text: str, line: int, added: Iterable[str]) -> str:
    lines = _split(text)
    blank = [""] if line > 0 and any(not each.strip() for each in lines[1:line]) else []
    return _joined(text, lines[: line + 1], [*blank, *added], lines[line + 1 :])


def _split(text: str) -> list[str]:
    """Return the lines of a text with their ends, split as YAML does."""
    return _LINE.findall(text)


def _joined(text: str, head: Iterable[str], added: Iterable[str], rest: Iterable[str] = ()) -> str:
    """Join lines with new lines between them, with the line ends of the text."""
    end = "\r\n" if "\r\n" in text else "\n"
    before = "".join(head)
    return (
        (before if not before or before.endswith(("\n", "\r")) else before + end)
        + "".join(line + end for line in added)
        + "".join(rest)
    )
