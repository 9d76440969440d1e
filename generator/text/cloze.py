"""Cloze deletions: writing them into a field, and showing a field as Anki shows it on one card."""

import re

from markupsafe import Markup

CLOZE = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
_OPENING = re.compile(r"\{\{c(\d+)::")
_SHAPE = re.compile(r"image-occlusion:(\w+):(.*)")


def cloze_deletion(html: str, number: int, hint: str = "") -> Markup:
    """Return a cloze deletion; braces and colons in the text that would end it early become character references."""
    return Markup(f"{{{{c{number:d}::{_safe(html)}{f'::{_safe(hint)}' if hint else ''}}}}}")


def cloze_numbers(html: str) -> set[int]:
    """Return the numbers of the cloze deletions in a field."""
    return {int(number) for number in _OPENING.findall(html)}


def show_cloze(html: str, number: int, hidden: bool) -> str:
    """Return a field as Anki shows it on the card of one cloze number; empty if that number is not in it."""
    if number not in cloze_numbers(html):
        return ""

    def show(match: re.Match[str]) -> str:
        found, text, hint = int(match[1]), match[2], match[3]
        if shape := _SHAPE.fullmatch(text):
            return _show_shape(shape, found, found == number, hidden)
        if found != number:
            return f'<span class="cloze-inactive" data-ordinal="{found}">{text}</span>'
        if not hidden:
            return f'<span class="cloze" data-ordinal="{found}">{text}</span>'
        return f'<span class="cloze" data-cloze="{_attribute(text)}" data-ordinal="{found}">[{hint or "..."}]</span>'

    return CLOZE.sub(show, html)


def _show_shape(shape: re.Match[str], number: int, asked: bool, hidden: bool) -> str:
    """A mask of an image occlusion, for the script that Anki brings."""
    kind = "cloze-inactive" if not asked else "cloze" if hidden else "cloze-highlight"
    sides = (side.partition("=") for side in shape[2].split(":"))
    data = " ".join(f'data-{name}="{value}"' for name, _, value in sides)
    return f'<div class="{kind}" data-ordinal="{number}" data-shape="{shape[1]}" {data} ></div>'


def _safe(html: str) -> str:
    return str(html).replace("{", "&#123;").replace("}", "&#125;").replace("::", "&#58;&#58;")


_NAMED = {'"': "&quot;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _attribute(text: str) -> str:
    """Encode as Anki does: below U+0100 everything but ASCII letters and digits becomes a reference."""
    return "".join(
        c if ord(c) > 0xFF or (c.isascii() and c.isalnum()) else _NAMED.get(c) or f"&#x{ord(c):X};" for c in text
    )
