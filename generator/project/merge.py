"""Merge a table, its last import, and an entry as it is now: which cells to take, and which conflict."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from rapidfuzz import fuzz, process

from generator.cards.markdown import render_markdown
from generator.diagnostics import KeyPath
from generator.model.entries import SINGLE, Cause, Contrast, Example, Image, OwnNote
from generator.model.entry import Entry, Written
from generator.project.columns import SIDES
from generator.project.recite import recite
from generator.text.citations import citations_in

Given = Cause | OwnNote
_AS_IT_IS = ("category", "sources")
_NEAR = 40
"""The similarity, out of 100, from which a text of a list is probably another one with changed words."""


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
        cited = reads(entry, name, cited=True), means(taken(entry, name, said), cited=True)
        return Fate.TAKE if said.changed and cited[0] != cited[1] else Fate.SAME
    if not said.changed:
        return Fate.OWN if said.now else Fate.SAME  # what the author wrote where the table has nothing is no edit of it
    loses = isinstance(said.now, dict) and "html" in said.now and citations_in(_text(_own(entry, name)))
    return Fate.TAKE if mine == means(said.before) and not loses else Fate.ODDS


def taken(entry: Given, name: str, said: Said) -> object:
    """Return what the table says under a key, with the citations that the author put into the entry."""
    mine, before, now = _own(entry, name), said.before, said.now
    match now:
        case str():
            return recite(_text(mine), _text(before), now)
        case list() if isinstance(mine, tuple):
            return list(_recited(list(map(_text, mine)), before if isinstance(before, list) else [], now))
        case dict() if isinstance(mine, Mapping):
            was = before if isinstance(before, dict) else {}
            return {rival: _contrast(mine.get(rival, {}), was.get(rival, {}), sides) for rival, sides in now.items()}
    return now


def _recited(mine: Sequence[str], before: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    """Yield the texts of a list, each with the citations of the same text as the author has it, or of one that is near.

    A text that is gone takes its citations with it.
    """
    known, had = ({_shown(text): text for text in texts} for texts in (mine, before))
    stay = set(map(_shown, now))
    free = {text: text for text, cited in known.items() if text not in stay and citations_in(cited)}
    for text in now:
        same = _shown(text)
        if same not in known:
            near = process.extractOne(same, free, scorer=fuzz.ratio, score_cutoff=_NEAR)
            same = free.pop(near[2]) if near else ""
        yield recite(known.get(same, ""), had.get(same, ""), text)


def _contrast(mine: Mapping[str, Contrast], before: Mapping[str, str], now: Mapping[str, str]) -> Mapping[str, object]:
    """Return a contrast with the author's citations and with what else the author wrote about it."""
    if mine.keys() != {SINGLE}:
        return now
    old = mine[SINGLE].model_dump(mode="json", by_alias=True, exclude_defaults=True)
    sides = {side: recite(str(old.get(side, "")), before.get(side, ""), text) for side, text in now.items()}
    return sides | {key: value for key, value in old.items() if key not in SIDES}


def _own(entry: Given, name: str) -> object:
    """Return what an entry has under a key."""
    if isinstance(entry, OwnNote):
        return entry.tags if name == "tags" else entry.fields_.get(name)
    return getattr(entry, name.replace("-", "_"))


def _text(value: object) -> str:
    """Return the text of a value in Markdown, or nothing."""
    text = getattr(value, value.shorthand) if isinstance(value, Entry) and value.shorthand else value
    return text if isinstance(text, str) else ""


def reads(entry: Given, name: str, *, cited: bool = False) -> object:
    """Return what an entry says under a key, in a form for comparing, or None."""
    value = _own(entry, name)
    return value if name in _AS_IT_IS and value else _plain(value, _cited if cited else _shown)


def means(value: object, *, cited: bool = False) -> object:
    """Return what a value from a table says, in the same form."""
    show = _cited if cited else _shown
    if isinstance(value, dict):
        if "html" in value:
            return value["html"]
        return value["file"] if "file" in value else {rival: {"": _sides(c, show)} for rival, c in value.items()}
    return _plain(value, show)


def _plain(value: object, show: Callable[[str], str]) -> object:
    match value:
        case str():
            return show(value) or None
        case bool():
            return value or None
        case Image():
            return value.file
        case Written(html=str(html)):
            return html
        case Entry(shorthand=str(key)):
            return _plain(getattr(value, key), show)
        case tuple() | list():
            return tuple(_plain(part, show) for part in value) or None
        case Mapping():
            return {r: {key: _sides(c, show) for key, c in several.items()} for r, several in value.items()} or None
        case _:
            return None


def _sides(contrast: Contrast | Mapping[str, object], show: Callable[[str], str]) -> tuple[str, ...]:
    parts = contrast if isinstance(contrast, Mapping) else contrast.model_dump(exclude_defaults=True)
    return tuple(show(str(parts.get(side, ""))) for side in SIDES)


def _shown(text: str) -> str:
    """Return a text without its citations, so that unchanged words keep the citations that an author added."""
    return render_markdown(text, lambda _, __: "", lambda name: name, acts=True)


def _cited(text: str) -> str:
    """Return a text with its citations as they are written."""
    return render_markdown(text, lambda *cited: f"@{', '.join(filter(None, cited))}", lambda name: name, acts=True)


def displayed(said: object) -> str:
    """Return a compared value as HTML for readers."""
    match said:
        case None:
            return ""
        case True:
            return "yes"
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
    return {**more, "name": name} if len(more) > 1 else name
