"""Anki's own template language: what a template names, which fields a card needs, and what Anki shows.

`{{Field}}`, `{{filter:Field}}`, `{{#Field}}…{{/Field}}`, `{{^Field}}…{{/Field}}`; text inside `<!-- -->` is plain.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from generator.text.cloze import show_cloze, show_cloze_only
from generator.text.html import is_blank

FRONT_SIDE = "FrontSide"
SPECIAL = frozenset({"Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID"})
"""Names other than fields that every template may use."""
_OTHER_MARKS = "{{=<% %>=}}"
_TOKENS = re.compile(r"(<!--.*?-->)|\{\{(.*?)\}\}", re.DOTALL)
_CLOZE_NAME = re.compile(r"c\d+")
_TAG = re.compile(r"(?s:<!--.*?-->|<style.*?>.*?</style>|<script.*?>.*?</script>)|<[^>]*>", re.IGNORECASE)
_TYPED = re.compile(r"\[\[type:(cloze:|nc:)?([^\]]*)\]\]")
_FURIGANA = re.compile(r" ?([^ >]+?)\[(.+?)\]")


class TemplateError(ValueError):
    """Anki cannot read a template; the message says why."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """A field that a template shows, and its filters in the order in which they are applied."""

    name: str
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a template that is shown if a field is filled, or if it is not."""

    name: str
    filled: bool
    body: "Template"


Template = tuple["str | Insertion | Section", ...]


@dataclass(frozen=True, slots=True)
class Side:
    """The side of a card on which a template is read: its cloze number, and whether that is hidden."""

    cloze: int
    hidden: bool


@lru_cache(maxsize=256)
def parse_template(text: str) -> Template:
    """Return the parts of a template. Raise TemplateError if a section does not end as it began."""
    if text.lstrip().startswith(_OTHER_MARKS):
        text = text.lstrip().removeprefix(_OTHER_MARKS).replace("<%", "{{").replace("%>", "}}")
    parts, rest = _parse(_tokens(text), None)
    assert not rest
    return parts


def parse_or_nothing(text: str) -> Template:
    """Return the parts of a template, or nothing if Anki cannot read it."""
    try:
        return parse_template(text)
    except TemplateError:
        return ()


def names_in(template: Template) -> Iterator[str]:
    """Yield the name of every field that a template shows or tests."""
    for part in template:
        if isinstance(part, str):
            continue
        yield part.name
        if isinstance(part, Section):
            yield from names_in(part.body)


def check_template(text: str, fields: Sequence[str], *, back: bool = False) -> str | None:
    """Return what is wrong with a template in Anki's eyes, or None."""
    try:
        names = set(names_in(parse_template(text)))
    except TemplateError as error:
        return str(error)
    unknown = names - set(fields) - SPECIAL - ({FRONT_SIDE} if back else set()) - {""}
    strange = sorted(name for name in unknown if not _CLOZE_NAME.fullmatch(name))
    return f"there is no field `{strange[0]}`" if strange else None


def makes_card(template: Template, filled: frozenset[str]) -> bool:
    """Return whether Anki makes a card from a front template when the fields in `filled` are filled."""
    for part in template:
        if isinstance(part, Insertion) and part.name in filled:
            return True
        if isinstance(part, Section) and makes_card(part.body, filled) and (part.name in filled) == part.filled:
            return True
    return False


def render(template: Template, values: Mapping[str, str], side: Side) -> str:
    """Return what Anki shows. Raise TemplateError for a name that `values` lacks."""
    shown: list[str] = []
    for part in template:
        if isinstance(part, str):
            shown.append(part)
        elif isinstance(part, Insertion):
            shown.append(_insert(part, values, side))
        elif _is_filled(part.name, values, side) == part.filled:
            shown.append(render(part.body, values, side))
    return "".join(shown)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield pairs of kind and text. The kind is `text`, or the sign `#`, `^`, `/` or empty of a mark in braces."""
    end = 0
    for match in _TOKENS.finditer(text):
        yield "text", text[end : match.start()]
        end = match.end()
        if match[1]:
            yield "text", match[1]
            continue
        name = match[2].lstrip("{").strip()
        sign = name[:1] if len(name) > 1 and name[:1] in "#^/" else ""
        yield sign, name.removeprefix(sign).lstrip()
    yield "text", text[end:]


def _parse(tokens: Iterator[tuple[str, str]], inside: str | None) -> tuple[Template, bool]:
    parts: list[str | Insertion | Section] = []
    for kind, text in tokens:
        if kind == "text":
            parts += [text] if text else []
        elif kind == "/":
            if text != inside:
                raise TemplateError(f"`{{{{/{text}}}}}` ends no section")
            return tuple(parts), False
        elif kind:
            parts.append(Section(text, kind == "#", _parse(tokens, text)[0]))
        else:
            *filters, name = text.split(":")
            parts.append(Insertion(name, tuple(reversed(filters))))
    if inside is not None:
        raise TemplateError(f"the section `{{{{#{inside}}}}}` does not end")
    return tuple(parts), False


def _is_filled(name: str, values: Mapping[str, str], side: Side) -> bool:
    if name in values:
        return not is_blank(values[name])
    if _CLOZE_NAME.fullmatch(name):
        return name == f"c{side.cloze}"
    raise TemplateError(f"there is no field `{name}`")


def _insert(part: Insertion, values: Mapping[str, str], side: Side) -> str:
    if part.name not in values:
        if part.name == "" and part.filters == ("tts-voices",):
            return ""
        raise TemplateError(f"there is no field `{part.name}`")
    text = values[part.name]
    match part.filters:
        case ("cloze", "type"):
            return f"[[type:cloze:{part.name}]]"
        case ("nc", "type"):
            return f"[[type:nc:{part.name}]]"
        case (*_, "type"):
            return f"[[type:{part.name}]]"
    for name in part.filters:
        if name.startswith("tts "):
            text = f"[anki:tts lang={name.removeprefix('tts ')}]{text}[/anki:tts]"
        elif name in _FILTERS:
            text = _FILTERS[name](text, part.name, side)
        elif name:
            break  # a filter of an add-on: without the add-on, Anki stops here
    return text


def fill_in(html: str, values: Mapping[str, str], side: Side) -> str:
    """Return a side with its type-in boxes filled: a line to write on in front, the right answer on the back."""

    def show(match: re.Match[str]) -> str:
        if side.hidden:
            return '<div style="border-bottom: 1px solid; height: 1.5em"></div>'
        value = values.get(match[2], "")
        right = show_cloze_only(value, side.cloze, hidden=False) if match[1] == "cloze:" else value
        return f"<code id=typeans>{right}</code>"

    return _TYPED.sub(show, html)


def strip_tags(html: str) -> str:
    """Return a text without its tags, as Anki's filter `text` does."""
    stripped = _TAG.sub("", html)
    return unescape(stripped).replace("\xa0", " ") if "&" in stripped else stripped


def _hint(text: str, name: str, _: Side) -> str:
    if not text.strip():
        return text
    mark = hashlib.sha256((text + name).encode()).hexdigest()[:16]  # not Anki's own; it only has to be unique
    return (
        f'\n<a class=hint href="#"\nonclick="this.style.display=\'none\';\n'
        f"document.getElementById('hint{mark}').style.display='block';\nreturn false;\" draggable=false>\n"
        f'{name}</a>\n<div id="hint{mark}" class=hint style="display: none">{text}</div>\n'
    )


def _ruby(shown: str) -> Callable[[str, str, Side], str]:
    def filter_(text: str, _: str, __: Side) -> str:
        return _FURIGANA.sub(
            lambda m: m[0] if m[2].startswith("sound:") else m.expand(shown), text.replace("&nbsp;", " ")
        )

    return filter_


_FILTERS: Mapping[str, Callable[[str, str, Side], str]] = {
    "text": lambda text, _, __: strip_tags(text),
    "furigana": _ruby(r"<ruby><rb>\1</rb><rt>\2</rt></ruby>"),
    "kana": _ruby(r"\2"),
    "kanji": _ruby(r"\1"),
    "type": lambda _, name, __: f"[[type:{name}]]",
    "hint": _hint,
    "cloze": lambda text, _, side: show_cloze(text, side.cloze, side.hidden),
    "cloze-only": lambda text, _, side: show_cloze_only(text, side.cloze, side.hidden),
}
