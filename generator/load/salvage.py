"""Keep what has no fault in a faulty file, so that one run can check everything else."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from generator.diagnostics import KeyPath
from generator.text.suggest import closest

M = TypeVar("M", bound=BaseModel)
Dropped = frozenset[tuple[str, str]]

_ROUNDS, _GENTLE = 5, 2
"""In the first rounds, an entry loses only its faulty keys. In the others, it is taken out whole."""
_GROUPS = (
    "causes",
    "questions",
    "notes",
    "categories",
    "facets",
    "references",
    "claims",
    "corrections",
    "lints",
    "words",
)
"""The keys of a file whose values are entries by key."""
_STAND_INS = {"deck": "?", "finding": {"name": "?", "effect": "?"}}
"""Stand-ins for required keys. Nobody sees them, because a deck with faults is not built."""


def salvage(model: type[M], data: object, faults: Sequence[ErrorDetails]) -> tuple[M | None, Dropped]:
    """Return the model of the data without its faulty parts, and the entries that these belong to. Changes `data`."""
    dropped: set[tuple[str, str]] = set()
    for number in range(_ROUNDS):
        if not isinstance(data, dict):
            return None, frozenset(dropped)
        if number < _GENTLE:
            _mend(data, faults)
        for keys in map(_real, faults):
            dropped.add(_name(keys))
            if number >= _GENTLE:
                _take_out(data, keys)
        if "finding" in model.model_fields:
            for key, stand_in in _STAND_INS.items():
                data.setdefault(key, stand_in)
        try:
            return model.model_validate(data), frozenset(dropped)
        except ValidationError as error:
            faults = error.errors(include_url=False)
    return None, frozenset(dropped)


def _mend(data: dict[Any, Any], faults: Sequence[ErrorDetails]) -> None:
    """Remove the faulty keys of entries, and fill in the missing ones.

    A misspelt key stands in for the one that it means. An entry that is faulty as a whole is taken out.
    """
    surplus: dict[KeyPath, list[str]] = defaultdict(list)
    for fault in faults:
        if fault["type"] == "extra_forbidden":
            surplus[fault["loc"][:-1]].append(str(fault["loc"][-1]))
    for fault in sorted(faults, key=lambda fault: fault["type"] != "missing"):
        keys = _real(fault)
        depth = len(keys) if fault["type"] == "extra_forbidden" else _entry_depth(keys) + 1
        if fault["type"] == "missing" and isinstance(owner := follow(data, keys[:-1]), dict):
            misspelt = closest(str(keys[-1]), surplus[fault["loc"][:-1]])
            owner[keys[-1]] = owner.get(misspelt, f"? {'/'.join(map(str, keys))}")  # two causes may not have one name
        elif len(keys) >= depth and isinstance(owner := follow(data, keys[: depth - 1]), dict):
            owner.pop(keys[depth - 1], None)
        else:
            _take_out(data, keys)


def _real(fault: ErrorDetails) -> KeyPath:
    loc = fault["loc"]
    own = loc[-1:] if fault["type"] == "extra_forbidden" else ()  # a surplus key may be an empty text
    real = tuple(key for key in loc[: len(loc) - len(own)] if key != "") + own  # a rival's only contrast has no key
    return real[:-1] if real and real[-1] == "[key]" else real


def _take_out(data: dict[Any, Any], keys: KeyPath) -> None:
    """Remove the entry that has a fault."""
    depth = _entry_depth(keys)
    owner, last = follow(data, keys[: depth - 1]), keys[depth - 1] if depth else ""
    if isinstance(owner, dict):
        owner.pop(last, None)
    elif isinstance(owner, list) and isinstance(last, int) and last < len(owner):
        owner[last] = {"id": f"dropped-{last}"}


def _name(keys: KeyPath) -> tuple[str, str]:
    """Return the kind and key of the entry that a path leads into."""
    depth = _entry_depth(keys)
    if keys and keys[0] == "categories":
        return "categories", "/".join(str(key) for key in keys[1:depth:2])
    if keys and keys[0] == "references":
        return "references", "*"
    *_, kind, key = ("", "", *keys[:depth])
    return str(kind), str(key)


def _entry_depth(keys: KeyPath) -> int:
    """Return how many keys lead to the entry: `causes, siadh`, `categories, a, children, b`, or a key of the file."""
    if len(keys) < 2 or keys[0] not in _GROUPS:
        return min(len(keys), 1)
    depth = 2
    while keys[0] == "categories" and len(keys) > depth + 1 and keys[depth] == "children":
        depth += 2
    return depth


def follow(data: object, keys: KeyPath) -> object:
    """Return what is at the end of a path of keys, or None."""
    for key in keys:
        if isinstance(data, dict):
            data = data.get(key)
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return None
    return data
