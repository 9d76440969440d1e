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
_FEW, _SHORT, _LONG = 4, 9, 20
"""A text of fewer words is left alone; a last word of fewer letters takes the one before it along, up to so many."""
_LINK = re.compile(r"(?<=>)[^<>]+(?=</a>)")


def keep_together(html: str) -> str:
    """Return HTML with spaces at which no line may end, none before the mark of a citation, and links that break."""
    html = _BEFORE_CITE.sub("", html)
    for apart in _APART:
        html = apart.sub(rf"\1{_TIE}", html)
    html = _LINK.sub(lambda match: match[0].replace("/", "/<wbr>"), html)
    html = _TWO_NAMES.sub(r"\1<br>", html)
    return _BLOCK_END.sub(_tie_last_words, html)


def _tie_last_words(match: re.Match[str]) -> str:
    words = match[1].split(" ")
    if len(words) < _FEW:
        return match[0]
    *rest, before, last = words
    tie = _TIE if len(last) < _SHORT and len(before) + len(last) < _LONG else " "
    return " ".join((*rest, f"{before}{tie}{last}")) + match[2]
