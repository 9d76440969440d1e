"""What a good typesetter keeps together: a number and its unit, words that would stand alone on a last line."""

import re

from generator.text.html import CITE

_TIE = "\u00a0"
_BEFORE_CITE = re.compile(rf"\s+(?={CITE})")
_APART = (
    re.compile(r"(\d) (?=[×%°±]|[^\W\d]{1,5}/)"),  # 10 %, 30 mmol/L
    re.compile(r"(&[lg]t;|[≤≥≈±×]) (?=\d)"),  # ≥ 2
)
_COLUMNS = '<div class="sides">'
"""What begins two columns, whose lines are too short to tie words."""
_BLOCK_END = re.compile(rf"(?<=>)([^<>]+)((?:{CITE}[^<>]*</sup>)*[.]?\s*</(?:div|p|li)>)")
_FEW, _SHORT, _LONG = 4, 9, 20
"""A text of fewer words is left alone; a last word of fewer letters takes the one before it along, up to so many."""
_LINK = re.compile(r"(?<=>)[^<>]+(?=</a>)")


def keep_together(html: str) -> str:
    """Return HTML with spaces at which no line may end, none before the mark of a citation, and links that break.

    Marks that follow one another at once are parted by commas, which CSS cannot tell from marks with words between.
    """
    html = _BEFORE_CITE.sub("", html).replace(f"</sup>{CITE}", f"</sup>{CITE},")
    for apart in _APART:
        html = apart.sub(rf"\1{_TIE}", html)
    html = _LINK.sub(lambda match: match[0].replace("/", "/<wbr>"), html)
    wide, columns, narrow = html.partition(_COLUMNS)
    return _BLOCK_END.sub(lambda match: _tie_last_words(match[1]) + match[2], wide) + columns + narrow


def _tie_last_words(text: str) -> str:
    words = text.split(" ")
    if len(words) < _FEW:
        return text
    *rest, before, last = words
    tie = _TIE if len(last) < _SHORT and len(before) + len(last) < _LONG else " "
    return " ".join((*rest, f"{before}{tie}{last}"))
