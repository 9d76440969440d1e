"""How a value with keys is written, in braces, with what the author wrote in its place."""

import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from generator.load.models import plain
from generator.model.entries import Contrast
from generator.model.values import KEY_PATTERN

_WORD = re.compile(r"[\w./-]{1,40}")
_KEY = re.compile(KEY_PATTERN)
_REST = "…"
_USUAL: Mapping[type[BaseModel], tuple[str, ...]] = {Contrast: ("on",)}
"""Keys that need not be there but belong to the usual form."""
_FEW = 2
"""The number of keys that are shown of what has no required keys."""


def form_of(annotation: Any, found: object) -> str:
    """Return how a value is written. A word that was found in its place, or at the head of a list there, is in it."""
    first = found[0] if isinstance(found, list | tuple) and found else found
    return _written(plain(annotation), first if isinstance(first, str) and _WORD.fullmatch(first) else _REST)


def _written(annotation: Any, word: str = _REST) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return f"[{_inner(arguments[0], word)}]"
    if origin is Mapping and arguments[1] is not Contrast:  # a contrast is mostly the only one with its rival
        return f"{{{word if _KEY.fullmatch(word) else 'key'}: {_inner(arguments[1])}}}"
    model = arguments[1] if origin is Mapping else annotation
    return _braces(model, word) if isinstance(model, type) and issubclass(model, BaseModel) else word


def _braces(model: type[BaseModel], word: str) -> str:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    needed = [name for name, field in fields.items() if field.is_required()]
    shown = [name for name in fields if name in needed or name in _USUAL.get(model, ())] or list(fields)[:_FEW]
    words = dict.fromkeys(shown, _REST) | {(needed or shown)[0]: word}
    return "{" + ", ".join(f"{name}: {_inner(fields[name].annotation, words[name])}" for name in shown) + "}"


def _inner(annotation: Any, word: str = _REST) -> str:
    inner = plain(annotation)
    return word if getattr(inner, "shorthand", None) else _written(inner, word)
