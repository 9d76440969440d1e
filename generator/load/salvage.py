"""Keep the entries of a faulty file that have no faults, so that one run can check everything else."""

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from generator.diagnostics import KeyPath

M = TypeVar("M", bound=BaseModel)
Dropped = frozenset[tuple[str, str]]

_ROUNDS = 4
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


def salvage(model: type[M], data: object, faults: Iterable[ErrorDetails]) -> tuple[M | None, Dropped]:
    """Return the model of the data without its faulty parts, and the entries that these belong to. Changes `data`."""
    dropped: set[tuple[str, str]] = set()
    for _ in range(_ROUNDS):
        if not isinstance(data, dict):
            return None, frozenset(dropped)
        for fault in faults:
            surplus = fault["type"] == "extra_forbidden"
            dropped.add(_take_out(data, _real(fault["loc"], surplus), surplus))
        if "finding" in model.model_fields:
            for key, stand_in in _STAND_INS.items():
                data.setdefault(key, stand_in)
        try:
            return model.model_validate(data), frozenset(dropped)
        except ValidationError as error:
            faults = error.errors(include_url=False)
    return None, frozenset(dropped)


def _real(loc: KeyPath, surplus: bool) -> KeyPath:
    own = loc[-1:] if surplus else ()  # a surplus key may be an empty text
    real = tuple(key for key in loc[: len(loc) - len(own)] if key != "") + own  # a rival's only contrast has no key
    return real[:-1] if real and real[-1] == "[key]" else real


def _take_out(data: dict[Any, Any], keys: KeyPath, surplus: bool) -> tuple[str, str]:
    """Remove an unknown key, or the entry that has any other fault. Return the kind and key of that entry."""
    depth = _entry_depth(keys)
    *_, kind, key = ("", "", *keys[:depth])
    name = str(kind), str(key)
    if keys and keys[0] == "categories":
        name = "categories", "/".join(str(key) for key in keys[1:depth:2])
    elif keys and keys[0] == "references":
        name = "references", "*"
    owner = _follow(data, keys[:-1] if surplus else keys[: depth - 1])
    last = keys[-1] if surplus else keys[depth - 1] if depth else ""
    if isinstance(owner, dict):
        owner.pop(last, None)
    elif isinstance(owner, list) and isinstance(last, int) and last < len(owner):
        owner[last] = {"id": f"dropped-{last}"}
    return name


def _entry_depth(keys: KeyPath) -> int:
    """Return how many keys lead to the entry: `causes, siadh`, `categories, a, children, b`, or a key of the file."""
    if len(keys) < 2 or keys[0] not in _GROUPS:
        return min(len(keys), 1)
    depth = 2
    while keys[0] == "categories" and len(keys) > depth + 1 and keys[depth] == "children":
        depth += 2
    return depth


def _follow(data: object, keys: KeyPath) -> object:
    for key in keys:
        if isinstance(data, dict):
            data = data.get(key)
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return None
    return data
