"""Turn plain data into models, with every fault of a file at once, each with its place."""

import re
import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from generator.diagnostics import Diagnostic, Place
from generator.load.forms import form_of
from generator.load.misplaced import astray_hint, home_hint, home_of, is_astray, meant_key, place_hint, without_echoes
from generator.load.models import keys_of, model_at, noun
from generator.load.salvage import follow, salvage
from generator.load.slips import CURLY
from generator.load.text import read_text
from generator.load.yaml import parse_yaml
from generator.model.values import COLOUR_PATTERN, FONT_PATTERN, KEY_PATTERN, PATH_PATTERN
from generator.text.keys import make_key
from generator.text.short import shorten
from generator.text.suggest import did_you_mean

M = TypeVar("M", bound=BaseModel)

_WITH_KEYS = ("dict_type", "mapping_type", "model_type")
_EXPECTED = {
    "string_type": "text",
    "bool_type": "`true` or `false`",
    "bool_parsing": "`true` or `false`",
    "tuple_type": "a list",
    **dict.fromkeys(_WITH_KEYS, "keys with values"),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        "a date such as 2026-01-31",
    ),
}
_FORMS = {
    COLOUR_PATTERN: 'write it as `"#8a2b1d"`, with the quotes, or by its CSS name, such as `sienna`',
    FONT_PATTERN: "name families with commas between, such as `Georgia, 'Times New Roman', serif`",
    PATH_PATTERN: "name a category by its keys, such as `production/drugs`",
    KEY_PATTERN: "a key has lower-case letters, digits, `-` and `.`, and begins with a letter or digit",
}
"""Hints for texts that do not match the pattern of their key."""
_TEXT_HINTS: Mapping[type, str] = {
    **dict.fromkeys((int, float, bool), "put it in quotes"),
    types.NoneType: "write one; a text that begins with `#` needs quotes",
}
_KEY = re.compile(KEY_PATTERN)
_QUOTE = "put the text before it in quotes: inside braces a comma ends a text"


def read_model(model: type[M], file: Path, folder: Path | None = None) -> tuple[M | None, tuple[Diagnostic, ...]]:
    """Read the model in a file, which must be inside `folder` if that is given, or return None and the faults."""
    text = read_text(file, folder)
    if isinstance(text, Diagnostic):
        return None, (text,)
    data, faults = parse_yaml(file, text)
    return (None, faults) if faults else validate(model, data, file)


def validate(model: type[M], data: object, file: Path) -> tuple[M | None, tuple[Diagnostic, ...]]:
    """Return the model, or None and one diagnostic for each fault."""
    value, found, _ = validate_in_part(model, data, file)
    return None if found else value, found


def validate_in_part(
    model: type[M], data: object, file: Path
) -> tuple[M | None, tuple[Diagnostic, ...], frozenset[tuple[str, str]]]:
    """Return the model without its faulty parts, a diagnostic for each fault, and kind and key of what was dropped."""
    try:
        return model.model_validate(data), (), frozenset()
    except ValidationError as error:
        faults = error.errors(include_url=False)
    found = tuple(_diagnostic(model, file, data, fault) for fault in without_echoes(model, faults))
    homeless = {(home, str(fault["loc"][-1])) for fault in faults if (home := home_of(model, fault))}
    value, dropped = salvage(model, data, faults)
    return value, found, dropped | homeless


def _diagnostic(model: type[BaseModel], file: Path, data: object, fault: ErrorDetails) -> Diagnostic:
    at = fault["loc"]
    keys = tuple(key for key in at if key != "")  # a contrast that is the only one with its rival has no key
    kind, found = fault["type"], fault["input"]
    place = Place(file, keys)
    match kind:
        case "extra_forbidden":
            place = Place(file, keys if at[-1] != "" else (*keys, ""), on_key=True)
            return _unknown_key(model, data, fault, place)
        case "invalid_key" | "string_type" if kind == "invalid_key" or keys[-1:] == ("[key]",):
            owner_keys = keys[:-2] if keys[-1] == "[key]" else keys[:-1]
            written = "null" if found is None else str(found).lower()
            place = Place(file, (*owner_keys, written), on_key=True)
            return Diagnostic(
                "bad-key", f"a key should be text, not {_describe(found)}", place, hint="put it in quotes"
            )
        case "missing":
            owner = model_at(model, at[:-1])
            return Diagnostic(
                "missing-key", f"{noun(owner)} needs the key `{keys[-1]}`", Place(file, keys[:-1], on_key=True)
            )
        case "string_pattern_mismatch" if keys and keys[-1] == "[key]":
            return Diagnostic(
                "bad-key",
                f"`{found}` cannot be a key",
                Place(file, keys[:-1], on_key=True),
                hint=_spelling(found, fault["ctx"]["pattern"]) or _FORMS[KEY_PATTERN],
            )
        case "string_pattern_mismatch":
            hint = _spelling(found, fault["ctx"]["pattern"]) or _FORMS.get(fault["ctx"]["pattern"])
            return Diagnostic("bad-value", f"`{found}` is not a valid value of {_path(keys)}", place, hint=hint)
        case "literal_error":
            accepted = [option.strip("'") for option in fault["ctx"]["expected"].replace(" or ", ", ").split(", ")]
            return Diagnostic(
                "bad-value",
                f"`{found}` is not one of {_listing(accepted)}",
                place,
                hint=did_you_mean("off" if found == "no" else str(found), accepted),
            )
        case "string_too_short":
            return Diagnostic("empty-text", f"{_path(keys)} is empty", place, hint="write a text or leave the key out")
        case "string_too_long":
            message = f"{_path(keys)} has {len(found):,} characters; the limit is {fault['ctx']['max_length']:,}"
            return Diagnostic("text-too-large", message, place, hint="no card can show that much")
        case _ if kind in _EXPECTED:
            short = kind == "model_type" and getattr(model_at(model, at), "shorthand", None)
            expected = f"a text or {_EXPECTED[kind]}" if short else _EXPECTED[kind]
            return Diagnostic(
                "wrong-type",
                f"{_path(keys)} should be {expected}, not {_describe(found)}",
                place,
                hint=_TEXT_HINTS.get(type(found)) if kind == "string_type" else _form(model, fault),
            )
        case _:
            return Diagnostic("bad-value", f"{_path(keys)}: {fault['msg'][:1].lower()}{fault['msg'][1:]}", place)


def _unknown_key(model: type[BaseModel], data: object, fault: ErrorDetails, place: Place) -> Diagnostic:
    at, key = fault["loc"], str(fault["loc"][-1])
    owner = model_at(model, at[:-1])
    accepted = keys_of(owner)
    if home := home_of(model, fault):
        hint = home_hint(home, follow(data, at[:-1]))
    elif meant := meant_key(key, accepted):
        hint = f"did you mean `{meant}`?"
    elif fault["input"] is None and not _KEY.fullmatch(key):  # as in `{here: cold, not hot}`
        hint = _quote(key)
    else:
        hint = place_hint(model, at) or f"the keys are {_listing(accepted)}"
    return Diagnostic("unknown-key", f"`{key}` is not a key of {noun(owner)}", place, hint=hint)


def _form(model: Any, fault: ErrorDetails) -> str | None:
    """Return the hint for something else in place of keys with values, or of a list: how these are written."""
    if not fault["loc"] or fault["type"] not in (*_WITH_KEYS, "tuple_type"):
        return None
    if is_astray(model, fault):
        return astray_hint(model, fault["loc"])
    return f"write `{form_of(model_at(model, fault['loc']), fault['input'])}`"


def _spelling(found: str, pattern: str) -> str | None:
    """Return the hint for a name in place of a key or of a path: its usual spelling."""
    if pattern != PATH_PATTERN and not pattern.startswith(KEY_PATTERN):
        return None
    keys = [make_key(step, (), "") for step in (found.split("/") if pattern == PATH_PATTERN else [found])]
    return f"write `{'/'.join(keys)}`: {_FORMS[KEY_PATTERN]}" if all(keys) else None


def _quote(key: str) -> str:
    """Return the hint for a text that a comma cut, if its end became a key."""
    printed = next((mark for mark in key if mark in CURLY), None)
    return f"{_QUOTE}; `{printed}` is not a quotation mark in YAML" if printed else _QUOTE


def _path(keys: tuple[str | int, ...]) -> str:
    match keys:
        case (*_, owner, int(index)):
            return f"item {index + 1} of `{owner}`"
        case (*_, name):
            return f"`{name}`"
        case _:
            return "this file"


def _describe(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"the number `{value}`"
        case str():
            return f"the text `{shorten(value, 30)}`"
        case list() | tuple():
            return "a list"
        case _:
            return "keys with values"


def _listing(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
