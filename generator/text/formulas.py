"""Tell the `$` of a formula from a dollar sign in a Markdown text."""

import re
from collections.abc import Iterable

import pyromark

_PASSES = 20
"""How many dollar signs before code are found. More are in no text that a person writes, and each takes a reading."""
_AS_WRITTEN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|\$[^$`]+\$", re.DOTALL)
"""Code and formulas."""
_INSIDE = r"((?:[^\\]|\\(?![()\[\]]))+)"
_BRACKETS = re.compile(rf"(?<!\\)\\(?:\({_INSIDE}\\\)|\[{_INSIDE}\\\])")
_TEX = re.compile(r"\\[A-Za-z]|\w[\^_]")


def settle_dollars(text: str) -> str:
    """Return a text in which no formula holds a backtick: a `$` that seems to begin such a one is a dollar sign."""
    for _ in range(_PASSES if "$" in text and "`" in text else 0):
        start = _formula_with_code(text)
        if start is None:
            break
        source = text.encode()
        text = (source[:start] + b"\\" + source[start:]).decode()
    return text


def markdown_events(text: str) -> Iterable[object]:
    """Return the parts of a Markdown text, as the parser names them."""
    return pyromark.events(settle_dollars(text), options=pyromark.Options.ENABLE_MATH)


def unread_formula(text: str) -> str | None:
    """Return the first formula of a Markdown text in the marks of TeX, which Markdown takes for escaped brackets.

    Square brackets may be escaped for other reasons, and count if they hold TeX.
    """
    found = _BRACKETS.finditer(_AS_WRITTEN.sub("", text)) if "\\(" in text or "\\[" in text else ()
    return next((match[0] for match in found if match[1] or _TEX.search(match[2])), None)


def _formula_with_code(text: str) -> int | None:
    """Return where the first formula with a backtick begins, in bytes."""
    for event, place in pyromark.events_with_range(text, options=pyromark.Options.ENABLE_MATH):
        match event:
            case {"InlineMath": str(tex)} | {"DisplayMath": str(tex)} if "`" in tex:
                return place["start"]
    return None
