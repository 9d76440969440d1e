"""A review into entries that an author wrote: in its place, with every other character left as it is."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml
from ryaml import loads

from generator.diagnostics import KeyPath

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Edit(NamedTuple):
    """A piece of the text and what takes its place. Of two at one spot, that of the inner entry comes first."""

    start: int
    end: int
    depth: int
    text: str


def sign_entries(text: str, reviews: Mapping[KeyPath, str]) -> str:
    """Return the text of a file with the `review` of some entries set, each written as a YAML mapping in braces.

    Raises ValueError if one cannot be set without touching anything else.
    """
    try:
        before, root = loads(text), yaml.compose(text, Loader=_Loader)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise ValueError("this file is written in a way that only its author can add to") from error
    if root is None:
        raise ValueError("this file is empty")
    signed = text
    edits = [edit for keys, review in reviews.items() for edit in _edits(text, root, keys, review)]
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.depth), reverse=True):
        signed = signed[: edit.start] + edit.text + signed[edit.end :]
    for keys, review in reviews.items():
        before = _with_review(before, keys, loads(review))
    try:
        alike = loads(signed) == before
    except ValueError:
        alike = False
    if not alike:
        raise ValueError("a review cannot be added here without changing something else")
    return signed


def _edits(text: str, root: yaml.Node, keys: KeyPath, review: str) -> Iterator[_Edit]:
    """Yield what sets one review; where an alias stands for the entry, the result will not be what it should."""
    entry = root
    for key in keys:
        if (found := dict(_pairs(entry)).get(str(key))) is None:
            raise ValueError("this entry is written in a way that only its author can add to")
        entry = found
    depth = len(keys)
    if not isinstance(entry, yaml.MappingNode):  # a branch of the tree may be its name alone
        start, end = entry.start_mark.index, _end(text, entry)
        yield _Edit(start, end, depth, f"{{name: {json.dumps(entry.value, ensure_ascii=False)}, review: {review}}}")
    elif known := dict(_pairs(entry)).get("review"):
        start, end = known.start_mark.index, _end(text, known)
        if "#" in text[start:end]:
            raise ValueError("there is a comment inside a `review`; move it above the line")
        yield _Edit(start, end, depth, review)
    elif entry.flow_style:
        end = _end(text, entry.value[-1][1])
        yield _Edit(end, end, depth, f", review: {review}")
    else:
        last, first = _end(text, entry), entry.value[0][0]
        newline = "\r\n" if "\r\n" in text else "\n"
        line_end = text.find("\n", last)
        here = len(text) if line_end < 0 else line_end - (text[line_end - 1 : line_end] == "\r")
        yield _Edit(here, here, depth, f"{newline}{' ' * first.start_mark.column}review: {review}")


def _pairs(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    return ((str(key.value), value) for key, value in node.value) if isinstance(node, yaml.MappingNode) else iter(())


def _end(text: str, node: yaml.Node) -> int:
    """Where the text of a node ends: a mapping or list without braces ends with its last value."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip())


def _with_review(data: Any, keys: KeyPath, review: object) -> Any:
    """The data of a file with the review of one entry set."""
    if not keys:
        return {**({"name": data} if isinstance(data, str) else data), "review": review}
    return {**data, keys[0]: _with_review(data[keys[0]], keys[1:], review)}
