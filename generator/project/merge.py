"""Merge a table, its last import, and an entry as it is now: which cells to take, and which conflict."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from generator.cards.markdown import render_markdown
from generator.diagnostics import KeyPath
from generator.model.entries import Cause, Contrast, Example, Image, OwnNote
from generator.model.entry import Entry, Written

Given = Cause | OwnNote
_AS_IT_IS = ("category", "sources")


class Fate(Enum):
    """What happens to a cell: the entry says the same, takes it, keeps what its author wrote, or both changed."""

    SAME = auto()
    TAKE = auto()
    OWN = auto()
    ODDS = auto()


@dataclass(frozen=True)
class Said:
    """What the table says for a key, at the last import and now, and whether the cell changed."""

    before: object
    now: object
    changed: bool


def fate(entry: Given, name: str, said: Said) -> Fate:
    """Return what happens to a cell of an entry's row."""
    mine = reads(entry, name)
    if mine == means(said.now):
        return Fate.SAME
    if not said.changed:
        return Fate.OWN if said.now else Fate.SAME  # what the author wrote where the table has nothing is no edit of it
    return Fate.TAKE if mine == means(said.before) else Fate.ODDS


def reads(entry: Given, name: str) -> object:
    """Return what an entry says under a key, in a form for comparing, or None."""
    if isinstance(entry, OwnNote):
        return _plain(entry.tags if name == "tags" else entry.fields_.get(name))
    value = getattr(entry, name.replace("-", "_"))
    return value if name in _AS_IT_IS and value else _plain(value)


def means(value: object) -> object:
    """Return what a value from a table says, in the same form."""
    if isinstance(value, dict):
        if "html" in value:
            return value["html"]
        return value["file"] if "file" in value else {rival: {"": _sides(here)} for rival, here in value.items()}
    return _plain(value)


def _plain(value: object) -> object:
    match value:
        case str():
            return _shown(value) or None
        case Image():
            return value.file
        case Written(html=str(html)):
            return html
        case Entry(shorthand=str(key)):
            return _plain(getattr(value, key))
        case tuple() | list():
            return tuple(map(_plain, value)) or None
        case Mapping():
            return {r: {key: _sides(c) for key, c in several.items()} for r, several in value.items()} or None
        case _:
            return None


def _sides(contrast: Contrast | Mapping[str, str]) -> tuple[str, ...]:
    parts = contrast if isinstance(contrast, Mapping) else contrast.model_dump(exclude_defaults=True)
    return tuple(_shown(str(parts.get(side, ""))) for side in ("on", "here", "there"))


def _shown(text: str) -> str:
    """Return a text without its citations, so that unchanged words keep the citations that an author added."""
    return render_markdown(text, lambda _, __: "", lambda name: name, acts=True)


def displayed(said: object) -> str:
    """Return a compared value as HTML for readers."""
    match said:
        case None:
            return ""
        case tuple():
            return ", ".join(map(displayed, said))
        case Mapping():
            return "; ".join(
                " | ".join(filter(None, (rival, *sides)))
                for rival, several in said.items()
                for sides in several.values()
            )
        case _:
            return str(said)


def place_of(entry: Given, name: str, value: object) -> tuple[KeyPath, object]:
    """Return the keys in an entry for a value, and what to write there. Everything else there stays."""
    if isinstance(entry, OwnNote):
        return (("fields", name) if name in entry.fields_more else (name,)), value
    old = getattr(entry, name.replace("-", "_"))
    if isinstance(old, Entry) and old.shorthand and old.model_fields_set - {old.shorthand}:
        return (name, old.shorthand), value
    if isinstance(old, Image) and isinstance(value, dict):
        return (name, "file"), value["file"]
    if name == "examples" and isinstance(value, list):
        return (name,), [_example(old, text) for text in value]
    return (name,), value


def _example(old: tuple[Example, ...], name: str) -> object:
    """Return an example with everything that its author wrote about it."""
    known = next((example for example in old if _shown(example.name) == _shown(name)), None)
    more = known.model_dump(by_alias=True, exclude_defaults=True) if known else {}
    return more if len(more) > 1 else name
