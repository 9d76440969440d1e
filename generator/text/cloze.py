"""Cloze deletions: write them into a field, and show a field as Anki does on one card."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

CLOZE = re.compile(r"\{\{c([\d,]+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
_OPENING = re.compile(r"\{\{c(\d+(?:,\d+)*)::")
_MARKS = re.compile(r"(\{\{c\d+(?:,\d+)*::|\}\})")
_DEEPEST = 10
"""How many nested cloze deletions Anki supports."""
_MATHS = re.compile(r"(\\[(\[])(.*?)(\\[)\]])", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
SHAPE = "image-occlusion:"
_SHAPES = frozenset({"rect", "ellipse", "polygon", "text"})
_DATA = {
    name: name for name in ("left", "top", "angle", "fill", "width", "height", "rx", "ry", "points", "text", "scale")
} | {"oi": "occludeInactive", "fs": "font-size"}


@dataclass(slots=True)
class _Deletion:
    """A cloze deletion: its numbers as written, its text with the deletions nested in it, and the hint."""

    numbers: str
    parts: "list[str | _Deletion]" = field(default_factory=list)
    hint: str | None = None

    def is_of(self, number: int) -> bool:
        return str(number) in self.numbers.split(",")


def cloze_deletion(html: str, number: int, hint: str = "") -> Markup:
    """Return a cloze deletion. Braces and colons that would end it early become character references."""
    return Markup(f"{{{{c{number:d}::{_safe(html)}{f'::{_safe(hint)}' if hint else ''}}}}}")


def cloze_numbers(html: str) -> set[int]:
    """Return the numbers of the cloze deletions in a field. A deletion that does not end does not count."""
    if "{{c" not in html:
        return set()
    return {int(number) for deletion in _all(_parse(html)) for number in deletion.numbers.split(",")}


def show_cloze(html: str, number: int, hidden: bool) -> str:
    """Return a field as Anki shows it on the card of one cloze number, or an empty text if it lacks that number."""
    parts = _parse(html) if "{{c" in html else ()
    if not any(deletion.is_of(number) for deletion in _all(parts)):
        return ""
    shown = "".join(_shown(part, number, hidden) for part in parts)
    return _MATHS.sub(lambda maths: maths[1] + _TAG.sub("", maths[2]) + maths[3], shown)


def plain_cloze(html: str) -> str:
    """Return a field with the text of its cloze deletions in their place."""
    return "".join(
        "".join(_inner(part)) if isinstance(part, _Deletion) else part
        for part in (_parse(html) if "{{c" in html else [html])
    )


def show_cloze_only(html: str, number: int, hidden: bool) -> str:
    """Return only the deletions of one number, or their hints, as the filter `cloze-only` does."""
    return ", ".join(
        ("..." if deletion.hint is None else deletion.hint) if hidden else "".join(_inner(deletion))
        for deletion in _all(_parse(html))
        if deletion.is_of(number)
    )


def _parse(html: str) -> "list[str | _Deletion]":
    whole = _Deletion("")
    open_: list[_Deletion] = []
    for mark in _MARKS.split(html):
        inmost = open_[-1] if open_ else whole
        if mark.startswith("{{c") and _OPENING.fullmatch(mark):
            if len(open_) < _DEEPEST:
                open_.append(_Deletion(mark[3:-2]))
        elif mark == "}}" and open_:
            (open_[-2] if len(open_) > 1 else whole).parts.append(open_.pop())
        elif mark:
            text, colons, hint = mark.partition("::") if open_ else (mark, "", "")
            if colons:
                inmost.hint = hint
            inmost.parts.append(text)
    return whole.parts


def _all(parts: "Sequence[str | _Deletion]") -> Iterator[_Deletion]:
    for part in parts:
        if isinstance(part, _Deletion):
            yield part
            yield from _all(part.parts)


def _inner(deletion: _Deletion) -> Iterator[str]:
    for part in deletion.parts:
        if isinstance(part, str):
            yield part
        else:
            yield from _inner(part)


def _shown(part: "str | _Deletion", number: int, hidden: bool) -> str:
    if isinstance(part, str):
        return part
    asked = part.is_of(number)
    if len(part.parts) == 1 and isinstance(shape := part.parts[0], str) and shape.startswith(SHAPE):
        return _show_shape(shape.removeprefix(SHAPE), part.numbers, asked, hidden)
    text = "".join(_shown(inner, number, hidden) for inner in part.parts)
    if not asked:
        return f'<span class="cloze-inactive" data-ordinal="{part.numbers}">{text}</span>'
    if not hidden:
        return f'<span class="cloze" data-ordinal="{part.numbers}">{text}</span>'
    hint = "..." if part.hint is None else part.hint
    return f'<span class="cloze" data-cloze="{_attribute(text)}" data-ordinal="{part.numbers}">[{hint}]</span>'


def _show_shape(text: str, numbers: str, asked: bool, hidden: bool) -> str:
    """Return a mask of an image occlusion in the form that Anki's script reads."""
    kind = "cloze-inactive" if not asked else "cloze" if hidden else "cloze-highlight"
    shape, _, rest = text.partition(":")
    sides = (side.partition("=") for side in re.split(r"(?<!\\):", rest))
    data = [
        f'data-{_DATA[name]}="{_attribute(value) if name == "text" else value}"'
        for name, _, value in sides
        if name in _DATA and value
    ]
    data = [f'data-shape="{shape}"', *data] if shape in _SHAPES else data
    return f'<div class="{kind}" data-ordinal="{numbers}" {" ".join(data)} ></div>'


def _safe(html: str) -> str:
    return str(html).replace("{", "&#123;").replace("}", "&#125;").replace("::", "&#58;&#58;")


_NAMED = {'"': "&quot;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _attribute(text: str) -> str:
    """Encode an attribute as Anki does: below U+0100, all but ASCII letters and digits become character references."""
    return "".join(
        c if ord(c) > 0xFF or (c.isascii() and c.isalnum()) else _NAMED.get(c) or f"&#x{ord(c):X};" for c in text
    )
