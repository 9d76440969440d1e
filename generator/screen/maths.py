"""Convert TeX between Anki's delimiters to MathML, which browsers show and which card sheets are drawn from."""

import re
from collections.abc import Callable
from html import escape, unescape
from xml.etree.ElementTree import Element, tostring

UNREAD = '<code class="tex">'
"""The start of a formula that could not be read; it is shown as written."""

_TEX = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
_UPRIGHT_LETTER = re.compile(r"&#x000(?:4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]);")
r"""How the library writes `\mathrm{L}`, which it does not mark in any other way."""


def set_maths(html: str, draw: Callable[[Element], str] | None = None) -> str:
    """Return HTML with every formula as MathML, or as what `draw` makes of the MathML."""
    return _TEX.sub(lambda match: _formula(match, draw or _mathml), html) if "\\" in html else html


def _formula(match: re.Match[str], draw: Callable[[Element], str]) -> str:
    from latex2mathml.converter import Converter

    inline, block = match[1], match[2]
    tex = unescape(inline or block)
    try:
        formula = Converter(display="inline" if inline else "block").convert_to_element(tex)
    except Exception:  # the library raises many kinds of error for a malformed formula
        formula = None
    if formula is None or any(part.text and re.match(r"\\\w", part.text) for part in formula.iter()):
        return f"{UNREAD}{escape(tex)}</code>"
    for part in formula.iter():
        _clean(part)
    return draw(formula)


def _clean(part: Element) -> None:
    """Replace the library's entities with characters, and delete the alignment marks that it keeps as text."""
    text = part.text or ""
    if _UPRIGHT_LETTER.fullmatch(text):
        part.set("mathvariant", "normal")
    part.text = "" if text == "&" else unescape(text)


def _mathml(formula: Element) -> str:
    return tostring(formula, encoding="unicode")
