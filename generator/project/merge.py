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
from generator.project.emphasis import emphasise, emphasised
from generator.project.recite import recite
from generator.text.citations import citations_in
from generator.text.html import EMPHASIS

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
    if not said.changed:  # what the author wrote where the table has nothing is no edit of it
        return Fate.OWN if said.now and mine != means(said.now) else Fate.SAME
    made = taken(entry, name, said)
    loses = _loses(entry, name, said, made)
    if mine == means(said.now):
        return Fate.SAME if loses or reads(entry, name, cited=True) == means(made, cited=True) else Fate.TAKE
    return Fate.TAKE if mine == means(said.before) and not loses else Fate.ODDS


def _loses(entry: Given, name: str, said: Said, made: object) -> bool:
    """Return whether citations or emphasis of the author are not in what an entry would say."""
    if isinstance(made, dict) and "html" in made and citations_in(_text(_own(entry, name))):
        return True
    mine, *others = reads(entry, name, cited=True), means(said.before, cited=True), means(made, cited=True)
    return emphasised(displayed(mine)) not in [emphasised(displayed(other)) for other in others]


def taken(entry: Given, name: str, said: Said) -> object:
    """Return what the table says under a key, with the citations and emphasis that the author put into the entry."""
    mine, before, now = _own(entry, name), said.before, said.now
    match now:
        case str():
            return _marked(_text(mine), _text(before), now)
        case list() if isinstance(mine, tuple):
            return list(_recited(list(map(_text, mine)), before if isinstance(before, list) else [], now))
        case dict() if isinstance(mine, Mapping):
            was = before if isinstance(before, dict) else {}
            return {rival: _contrast(mine.get(rival, {}), was.get(rival, {}), sides) for rival, sides in now.items()}
    return now


def _marked(mine: str, before: str, now: str) -> str:
    """Return what the table says now with the author's citations and, if all its words are left, emphasis."""
    wanted = emphasised(_cited(mine))
    made = now if wanted in ([], emphasised(_cited(before))) else emphasise(mine, now)
    kept = made == now or (emphasised(_cited(made)) == wanted and _shown(made) == _shown(now))
    return recite(mine, before, made if kept else now)


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
        yield _marked(known.get(same, ""), had.get(same, ""), text)


def _contrast(mine: Mapping[str, Contrast], before: Mapping[str, str], now: Mapping[str, str]) -> Mapping[str, object]:
    """Return a contrast with the author's citations and with what else the author wrote about it."""
    if mine.keys() != {SINGLE}:
        return now
    old = mine[SINGLE].model_dump(mode="json", by_alias=True, exclude_defaults=True)
    sides = {side: _marked(str(old.get(side, "")), before.get(side, ""), text) for side, text in now.items()}
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
    """Return a text without citations and emphasis, so that unchanged words keep those that an author added."""
    return EMPHASIS.sub("", render_markdown(text, lambda _, __: "", lambda name: name, acts=True))


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
