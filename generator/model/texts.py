"""Find every text that an author wrote, with the keys that lead to it."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any

from generator.diagnostics import KeyPath
from generator.model.entry import Written

Found = list[tuple[KeyPath, str]]

SILENT = frozenset(
    ["comment", "covers", "see_also", "tags", "file", "category", "also_in", "cards", "certainty", "review",
     "correction", "members", "sources", "was"]
)  # fmt: skip
"""Fields without words for learners: editors' notes, and names of things."""

_PLAIN = frozenset({"cause", "aka", "effect", "alt"})
"""Fields whose texts are plain, besides `name`."""


def is_plain(keys: KeyPath) -> bool:
    """Return whether the text at these keys is plain, as names are. All others are Markdown."""
    if keys[0] == "notes":
        return False
    if keys[0] == "facets" and keys[2] == "values":
        return True
    field = next(key for key in reversed(keys) if isinstance(key, str))
    return field in _PLAIN or (field == "name" and keys[2:3] != ("examples",))


def texts_in(value: object, keys: KeyPath = (), *, marked: bool = False, but: AbstractSet[str] = frozenset()) -> Found:
    """Return each text of a value in its order, except those of a cause's questions, which are entries themselves.

    `marked` returns only texts with a bracket, a tag or a backslash: only these can cite, link, show or act. Texts
    under a field `but` are left out, and so are texts in HTML.
    """
    found: Found = []
    _walk(keys, (("", value),), marked, but | {"questions"}, found)
    return found


def _walk(
    keys: KeyPath, parts: Iterable[tuple[str | int, Any]], marked: bool, but: AbstractSet[str], found: Found
) -> None:
    for name, part in parts:
        if type(part) is Written:
            part = part.markdown  # noqa: PLW2901  # a text like any other
        kind = type(part)
        if kind is str:
            if not marked or "[" in part or "<" in part or "\\" in part:
                found.append(((*keys, _written(name)) if name != "" else keys, part))
        elif part:
            below = (*keys, _written(name)) if name != "" else keys
            if kind is Written:  # HTML is not one of our texts
                _walk(below, (("", part.markdown),), marked, but, found)
            elif kind is tuple:
                _walk(below, enumerate(part), marked, but, found)
            elif kind is dict:
                _walk(below, part.items(), marked, but, found)
            elif hasattr(part, "__dict__"):
                named = {**vars(part), **part.__pydantic_extra__} if part.__pydantic_extra__ else vars(part)
                _walk(below, [(k, v) for k, v in named.items() if v and k not in but], marked, but, found)


@cache
def _written(name: str | int) -> str | int:
    """The name of a model's field as authors write it."""
    return name.rstrip("_").replace("_", "-") if isinstance(name, str) else name
