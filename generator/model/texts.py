"""Every text that an author wrote, with the keys that lead to it."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from generator.diagnostics import KeyPath

Found = list[tuple[KeyPath, str]]


def texts_in(value: object, keys: KeyPath = (), *, marked: bool = False) -> Found:
    """Return each text of a value in its order, without those of a cause's questions, which are entries of their own.

    `marked` are those alone with a bracket or a tag: all that cite, link or show something.
    """
    found: Found = []
    _walk(keys, (("", value),), marked, found)
    return found


def _walk(keys: KeyPath, parts: Iterable[tuple[str | int, Any]], marked: bool, found: Found) -> None:
    for name, part in parts:
        kind = type(part)
        if kind is str:
            if not marked or "[" in part or "<" in part:
                found.append(((*keys, _written(name)) if name != "" else keys, part))
        elif part and name != "questions":
            below = (*keys, _written(name)) if name != "" else keys
            if kind is tuple:
                _walk(below, enumerate(part), marked, found)
            elif kind is dict:
                _walk(below, part.items(), marked, found)
            elif hasattr(part, "__dict__"):
                _walk(below, vars(part).items(), marked, found)
                _walk(below, (part.__pydantic_extra__ or {}).items(), marked, found)


@cache
def _written(name: str | int) -> str | int:
    """The name of a model's field as authors write it."""
    return name.rstrip("_").replace("_", "-") if isinstance(name, str) else name
