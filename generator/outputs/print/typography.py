"""What a good typesetter keeps together: a number and its unit, words that would stand alone on a last line."""

import re

_TIE = "\u00a0"
_BEFORE_CITE = re.compile(r'\s+(?=<sup class="cite">)')
_APART = (
    re.compile(r"(\d) (?=[×%°±]|[^\W\d]{1,5}/)"),  # 10 %, 30 mmol/L
    re.compile(r"(&[lg]t;|[≤≥≈±×]) (?=\d)"),  # ≥ 2
)
_TWO_NAMES = re.compile(r'(<div class="cue">[^<>]{14,}/) (?=[^<>]{14,}</div>)')
_BLOCK_END = re.compile(r'(?<=>)([^<>]+)((?:<sup class="cite">[^<>]*</sup>)*[.]?\s*</(?:div|p|li)>)')
_FEW, _SHORT = 4, 11
"""A text of fewer words is left alone; a last line of fewer letters is too short."""


def keep_together(html: str) -> str:
    """Return HTML with spaces at which no line may end, and none before the mark of a citation."""
    html = _BEFORE_CITE.sub("", html)
    for apart in _APART:
        html = apart.sub(rf"\1{_TIE}", html)
    html = _TWO_NAMES.sub(r"\1<br>", html)
    return _BLOCK_END.sub(_tie_last_words, html)


def _tie_last_words(match: re.Match[str]) -> str:
    words = match[1].split(" ")
    if len(words) < _FEW:
        return match[0]
    last = words.pop()
    while len(words) > 1 and len(last) < _SHORT and len(last) + len(words[-1]) < 2 * _SHORT:
        last = f"{words.pop()}{_TIE}{last}"
    return " ".join((*words, last)) + match[2]
