"""TeX between Anki's delimiters to MathML, which browsers set by themselves: no script and no network."""

import re
from html import escape, unescape

from latex2mathml.converter import convert

_TEX = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)


def set_maths(html: str) -> str:
    """Return HTML with every formula as MathML; one that cannot be read stays as it was written."""
    return _TEX.sub(_formula, html) if "\\" in html else html


def _formula(match: re.Match[str]) -> str:
    inline, block = match[1], match[2]
    try:
        return str(convert(unescape(inline or block), display="inline" if inline else "block"))
    except Exception:  # the library raises many kinds for a formula that is not well formed
        return f"<code>{escape(unescape(inline or block))}</code>"
