"""Fine typography: curved quotation marks, narrow spaces, and a number or an arrow on one line with its word."""

import re
from collections.abc import Sequence

from generator.text.arrows import keep_arrows
from generator.text.html import CITE

_NARROW = "\u202f"
_BEFORE_CITE = re.compile(rf"\s+(?={CITE})")
_APART = (
    re.compile(r"(\d)[ \u00a0](?=[×%°±]|[^\W\d]{1,5}/)"),  # 10 %, 30 mmol/L
    re.compile(r"(&[lg]t;|[≤≥≈±×])[ \u00a0](?=\d)"),  # ≥ 2
    re.compile(r"(?<!\d)(\d{1,3})[ \u00a0](?=\d{3}\b)"),  # 98 344
    re.compile(r"(?<=\u202f\d{3})()[ \u00a0](?=\d{3}\b)"),  # 1 098 344
)
_NUMBER = re.compile(r">[^<]*\d")
_QUOTED = re.compile(r""">[^<]*(?:["']|&quot;|&\#3[49];)""")
"""Matches a text that has numbers, or quotation marks to curve."""
_TIMES = re.compile(r"(?<=\u202f)×(?=\d)")
_LINK = re.compile(r"(?<=>)[^<>]+(?=</a>)")

_QUOTES: dict[str, Sequence[str]] = {
    "en": "“”‘’", "de": "„“‚‘", "cs": "„“‚‘", "sk": "„“‚‘", "sl": "„“‚‘", "bg": "„“‚‘", "pl": "„”‚’", "ro": "„”«»",
    "hu": "„”»«", "nl": "“”‘’", "da": "»«›‹", "nb": "«»‘’", "no": "«»‘’", "nn": "«»‘’", "sv": "””’’", "fi": "””’’",
    "es": "«»“”", "pt": "«»“”", "it": "«»“”", "el": "«»“”", "ru": "«»„“", "uk": "«»„“",
    "fr": ("«\u202f", "\u202f»", "‹\u202f", "\u202f›"),
}  # fmt: skip
"""The outer and inner quotation marks of languages. Other languages get those of English."""
_STRAIGHT = re.compile(r"""<[^>]*>|&quot;|&\#3[49];|["']""")
_VERBATIM = re.compile(r"<(code|pre|svg)\b.*?</\1>", re.DOTALL)
_OPENS_AFTER = frozenset(" \t\n\u00a0\u202f([{–—-/>")
_BLOCK = re.compile(r"</?(?:div|p|li|ol|ul|td|th|tr|table|br)\b")


def set_type(html: str, language: str) -> str:
    """Return HTML as it is set on paper.

    Adjacent citation marks get commas between them; CSS could not distinguish these from marks with words between.
    Links may break at their slashes.
    """
    html = keep_arrows(_BEFORE_CITE.sub("", html).replace(f"</sup>{CITE}", f"</sup>{CITE},"))
    if _NUMBER.search(html):
        for apart in _APART:
            html = apart.sub(rf"\1{_NARROW}", html)
        html = _TIMES.sub(f"×{_NARROW}", html)
    html = _LINK.sub(lambda match: match[0].replace("/", "/<wbr>"), html)
    return _curve(html, language) if _QUOTED.search(html) else html


def _curve(html: str, language: str) -> str:
    """Curve straight quotation marks and apostrophes as the language does. Code stays as it is."""
    marks = _QUOTES.get(language.partition("-")[0], _QUOTES["en"])
    done, start = [], 0
    for verbatim in _VERBATIM.finditer(html):
        done += [_curve_text(html[start : verbatim.start()], marks), verbatim[0]]
        start = verbatim.end()
    return "".join((*done, _curve_text(html[start:], marks)))


def _curve_text(html: str, marks: Sequence[str]) -> str:
    open_, close, open_inner, close_inner = marks
    out: list[str] = []
    before, pending, at = " ", [False, False], 0
    for match in _STRAIGHT.finditer(html):
        text, at = html[at : match.start()], match.end()
        before = text[-1] if text else before
        out.append(text)
        sign = match[0]
        if sign.startswith("<"):
            if _BLOCK.match(sign):
                before, pending = " ", [False, False]
            out.append(sign)
            continue
        inner = sign in ("'", "&#39;")
        opens = before in _OPENS_AFTER and not html[at : at + 1].isspace()
        if before.isdigit() and not pending[inner]:
            sign = "′" if inner else "″"
        elif opens and not (inner and html[at : at + 1].isdigit()):
            sign, pending[inner] = open_inner if inner else open_, True
        elif inner and not (pending[1] and not html[at : at + 1].isalnum()):
            sign = "’"
        else:
            sign, pending[inner] = close_inner if inner else close, False
        out.append(sign)
        before = sign
    return "".join((*out, html[at:]))
