"""Formulas on paper: MathML drawn with HTML and CSS, because neither engine knows MathML.

The classes `fraction`, `root`, `matrix` and so on get their look in `templates/print/faces.css`.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from html import escape
from types import MappingProxyType
from xml.etree.ElementTree import Element

_LARGE = frozenset("∑∏∐∫∬∭∮⋃⋂∂∇∞∀∃¬∘|‖")
_ALSO_BETWEEN = frozenset("·∗⋅:")
_OPENING = frozenset("([{⌊⌈⟨,")
_FENCES = frozenset("()[]{}|‖⌊⌋⌈⌉⟨⟩")
_ACCENTS = MappingProxyType(
    {"→": "\u20d7", "¯": "\u0304", "―": "\u0304", "^": "\u0302", "˙": "\u0307", "¨": "\u0308", "~": "\u0303"}
)
_THIN = "\u2009"


def draw_formula(formula: Element) -> str:
    """Return a formula as HTML."""
    inside = _row(list(formula))
    return f'<span class="formula">{inside}</span>' if formula.get("display") == "block" else inside


def _row(parts: Sequence[Element], tight: bool = False) -> str:
    """Return terms in a row. Signs between terms get room unless the row is tight, such as an exponent."""
    drawn: list[str] = []
    tall = max(map(_height, parts), default=1.0)
    for index, part in enumerate(parts):
        text = part.text or ""
        if part.tag == "mo" and text in _FENCES and tall > 1:
            drawn.append(f'<span class="fence" style="font-size:{tall:g}em">{text}</span>')
        elif part.tag == "mo" and _stands_between(text) and not tight and _is_operand(parts[:index]):
            drawn.append(f"\u00a0{escape(text)} ")
        elif part.tag == "mi" and len(text) > 1 and _is_argument(parts[index + 1 :]):
            drawn.append(f"{escape(text)}{_THIN}")
        else:
            drawn.append(_draw(part, tight))
    return "".join(drawn)


def _draw(part: Element, tight: bool) -> str:
    if draw := _ELEMENTS.get(part.tag):
        return draw(list(part), part, tight)
    return _row(list(part), tight) if len(part) else escape(part.text or "")


def _stands_between(sign: str) -> bool:
    """Return whether a sign relates or joins the terms on its two sides."""
    return len(sign) == 1 and (
        (sign not in _LARGE and unicodedata.category(sign) == "Sm") or sign in _ALSO_BETWEEN or "←" <= sign <= "⇿"
    )


def _is_operand(before: Sequence[Element]) -> bool:
    """Return whether a sign follows a term that it could join to the next. If not, it is the sign of a number."""
    if not before:
        return False
    last = before[-1].text or ""
    return before[-1].tag != "mo" or not (_stands_between(last) or last in _OPENING)


def _is_argument(after: Sequence[Element]) -> bool:
    return bool(after) and after[0].tag not in ("mo", "mspace")


def _height(part: Element) -> float:
    """Return about how many lines high a term is."""
    match part.tag:
        case "mfrac":
            return 2.0
        case "mtable":
            return 1.2 * len(part)
        case "munderover" | "munder" | "mover" if not _accent(list(part)):
            return 1.6
    return max(map(_height, part), default=1.0)


def _letter(_: Sequence[Element], part: Element, __: bool) -> str:
    r"""Return a letter, slanted as variables are. Letters of `\mathbf` and the like have their own code points."""
    text = part.text or ""
    plain = unicodedata.normalize("NFKC", text)
    name = unicodedata.name(text, "") if len(text) == 1 and plain != text else ""
    variant = part.get("mathvariant", "")
    if "BOLD" in name or "bold" in variant:
        return f"<b>{escape(plain)}</b>"
    if len(plain) == 1 and plain.isalpha() and variant != "normal" and not name:
        return f"<i>{plain}</i>"
    return escape(plain if "MATHEMATICAL" in name else text)


def _words(_: Sequence[Element], part: Element, __: bool) -> str:
    text = escape(part.text or "")
    return f"<b>{text}</b>" if "bold" in part.get("mathvariant", "") else text


def _sign(_: Sequence[Element], part: Element, __: bool) -> str:
    return escape(part.text or "")


def _space(_: Sequence[Element], part: Element, __: bool) -> str:
    if part.get("linebreak"):
        return "<br/>"
    width = part.get("width", "0em")
    wide = float(width[:-2]) if width.endswith("em") else 0.0
    return "\u2003" * int(wide) if wide >= 1 else _THIN if wide > 0 else ""


def _fraction(parts: Sequence[Element], part: Element, tight: bool) -> str:
    above, below = (_row([p], tight) for p in parts)
    kind = "fraction bare" if part.get("linethickness") == "0" else "fraction"
    return f'<span class="{kind}"><span>{above}</span><span>{below}</span></span>'


def _scripts(parts: Sequence[Element], part: Element, tight: bool) -> str:
    """Return superscripts and subscripts. Degree signs and primes are high by themselves."""
    base, *scripts = (_row([p], tight=tight or index > 0) for index, p in enumerate(parts))
    if part.tag == "msubsup":
        below, above = scripts
        return f'{base}<span class="scripts"><span>{above}</span><span>{below}</span></span>'
    (script,) = scripts
    if script == "∘":
        return f"{base}°"
    if part.tag == "msup" and set(script) <= set("′″‴"):
        return f"{base}{script}"
    tag = part.tag[1:]
    return f"{base}<{tag}>{script}</{tag}>"


def _stack(parts: Sequence[Element], part: Element, tight: bool) -> str:
    """Return what is above and below a term: a limit, a label, an accent."""
    base = _row(parts[:1], tight)
    if accent := _accent(parts):
        if part.tag == "mover" and len("".join(parts[0].itertext())) == 1:
            letter = "".join(parts[0].itertext())
            return base.replace(letter, f"{letter}{accent}")
        if accent == "\u0304":
            return f'<span class="overlined">{base}</span>'
    rest = [_row([p], tight=True) for p in parts[1:]]
    below = rest.pop(0) if part.tag != "mover" else ""
    above = rest[0] if rest else ""
    lines = ((above, "script"), (base, "base"), (below, "script"))
    return (
        '<span class="stack">' + "".join(f'<span class="{kind}">{line}</span>' for line, kind in lines if line)
    ) + "</span>"


def _accent(parts: Sequence[Element]) -> str | None:
    return _ACCENTS.get(parts[1].text or "") if len(parts) == 2 and parts[1].tag == "mo" else None


def _root(parts: Sequence[Element], part: Element, tight: bool) -> str:
    radicand, *degree = (_row([p], tight) for p in parts)
    if part.tag == "msqrt":
        radicand, degree = _row(parts, tight), []
    sign = f"<sup>{degree[0]}</sup>√" if degree else "√"
    tall = max(map(_height, parts[:1]), default=1.0)
    sign = sign if tall == 1 else f'<span class="fence" style="font-size:{tall:g}em">{sign}</span>'
    return f'{sign}<span class="overlined">{radicand}</span>'


def _matrix(parts: Sequence[Element], _: Element, tight: bool) -> str:
    rows = (_cells(list(row), tight) for row in parts)
    return '<span class="matrix">' + "".join(f"<span>{row}</span>" for row in rows) + "</span>"


def _cells(cells: Iterable[Element], tight: bool) -> str:
    return "".join(
        f"<span{' class=left' if cell.get('columnalign') == 'left' else ''}>{_row(list(cell), tight)}</span>"
        for cell in cells
    )


def _struck(parts: Sequence[Element], part: Element, tight: bool) -> str:
    tag = "s" if "strike" in part.get("notation", "") else "span"
    return f"<{tag}>{_row(parts, tight)}</{tag}>"


_ELEMENTS: MappingProxyType[str, Callable[[Sequence[Element], Element, bool], str]] = MappingProxyType(
    {
        "mi": _letter, "mo": _sign, "mtext": _words, "mspace": _space, "mfrac": _fraction, "msub": _scripts,
        "msup": _scripts, "msubsup": _scripts, "munder": _stack, "mover": _stack, "munderover": _stack,
        "msqrt": _root, "mroot": _root, "mtable": _matrix, "menclose": _struck,
    }
)  # fmt: skip
