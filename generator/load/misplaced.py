"""Keys and entries in the wrong place: where each belongs, and which other faults follow from it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeGuard, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from generator.diagnostics import KeyPath
from generator.load.forms import form_of
from generator.load.models import keys_of, model_at, noun
from generator.model.entries import DeckFile
from generator.model.entry import Entry
from generator.model.sources import SourcesFile
from generator.model.syllabus import SyllabusFile
from generator.text.suggest import closest

_HOMES = {"cause": "causes", "ask": "questions"}
"""Keys that show what an entry is, and the key under which such entries stand."""
_FILES: Mapping[str, type[BaseModel]] = {
    "deck.yaml": DeckFile,
    "sources.yaml": SourcesFile,
    "syllabus.yaml": SyllabusFile,
}
_OTHER_NAMES = {
    "text": ("color", "colour", "foreground"),
    "background": ("bg", "background-color", "background-colour"),
    "style": ("color", "colour", "colors", "colours"),
    "image": ("picture", "img", "figure"),
    "ask": ("question",),
}
"""Keys, and their names in CSS, other programs or everyday words."""


def without_echoes(model: type[BaseModel], faults: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Leave out each fault that follows from another one.

    These are a missing key if a misspelt form of it is reported, and, after the first, entries that are beside the key
    that they belong under, or keys of an entry that are beside its own key.
    """
    surplus = [fault["loc"] for fault in faults if fault["type"] == "extra_forbidden"]
    misspelt = {(at[:-1], meant_key(str(at[-1]), keys_of(model_at(model, at[:-1])))) for at in surplus}
    astray = {(fault["loc"][:-1], fault["loc"][-1]) for fault in faults if is_astray(model, fault)}
    homes = {(*fault["loc"][:-1], home) for fault in faults if (home := home_of(model, fault))}
    told: set[KeyPath] = set()
    for fault in faults:
        at = fault["loc"]
        if fault["type"] == "missing" and ((at[:-1], at[-1]) in misspelt or (at[:-2], at[-1]) in astray):
            continue
        if at in homes and fault["input"] is None:
            continue
        home = home_of(model, fault)
        group = (*at[:-1], home) if home else at[:-1] if is_astray(model, fault) else None
        if group is None or group not in told:
            yield fault
        if group is not None:
            told.add(group)


def meant_key(asked: str, accepted: Sequence[str]) -> str | None:
    """Return the key that an unknown one stands for: the one that others call so, or one with a similar spelling."""
    other = next((key for key, names in _OTHER_NAMES.items() if asked in names and key in accepted), None)
    return other or closest(asked, accepted)


def home_of(model: type[BaseModel], fault: ErrorDetails) -> str | None:
    """Return the key that an entry belongs under, if it is beside this key."""
    if fault["type"] != "extra_forbidden" or not isinstance(fault["input"], dict):
        return None
    accepted = keys_of(model_at(model, fault["loc"][:-1]))
    return next((home for key, home in _HOMES.items() if key in fault["input"] and home in accepted), None)


def is_astray(model: type[BaseModel], fault: ErrorDetails) -> bool:
    """Return whether a key of an entry is beside the entry's own key: `questions: {ask: …}`."""
    at = fault["loc"]
    entry = model_at(model, at)
    return (
        fault["type"] == "model_type"
        and get_origin(model_at(model, at[:-1])) is Mapping
        and isinstance(entry, type)
        and str(at[-1]) in keys_of(entry)
    )


def home_hint(home: str, owner: object) -> str:
    """Return the hint for an entry that is beside the key that it belongs under. `owner` holds both."""
    siblings = owner.values() if isinstance(owner, dict) else ()
    proof = next(key for key, known in _HOMES.items() if known == home)
    several = sum(isinstance(value, dict) and proof in value for value in siblings) > 1
    if isinstance(owner, dict) and home in owner:
        return f"it belongs under `{home}`: indent it further{', and the entries after it' if several else ''}"
    return f"write `{home}:` above it, and indent {'what follows' if several else 'it'} further"


def astray_hint(model: type[BaseModel], at: KeyPath) -> str:
    """Return the hint for a key of an entry that is beside the entry's own key."""
    entry, form = noun(model_at(model, at)), form_of(model_at(model, at[:-1]), None)
    return f"it is a key of {entry}: it belongs below the {entry.split()[-1]}'s own key, `{form}`"


def is_entry(model: Any) -> TypeGuard[type[Entry]]:
    """Return whether a model is one of the mappings that an author writes."""
    return isinstance(model, type) and issubclass(model, Entry)


def place_hint(model: type[BaseModel], at: KeyPath) -> str | None:
    """Return the hint for an unknown key that is one further out, further in, or in another file."""
    key, owner = str(at[-1]), model_at(model, at[:-1])
    for depth in range(len(at) - 2, -1, -1):
        outer: Any = model_at(model, at[:depth])
        if isinstance(outer, type) and key in keys_of(outer):
            return f"it is a key of {noun(outer)}: write it beside `{at[depth]}`"
    inner = {name: model_at(owner, (name,)) for name in keys_of(owner)}
    homes = [name for name, model in inner.items() if is_entry(model) and key in keys_of(model)]
    if homes:
        beside = inner[homes[0]].shorthand
        return f"it belongs under {' or '.join(f'`{name}`' for name in homes)}" + (
            f", beside `{beside}`" if beside else ""
        )
    file = next((file for file, known in _FILES.items() if len(at) == 1 and key in keys_of(known)), None)
    return f"it belongs into `{file}`" if file else None
