"""Tell the `$` of a formula from a dollar sign in a Markdown text."""

from collections.abc import Iterable

import pyromark

_PASSES = 20
"""How many dollar signs before code are found. More are in no text that a person writes, and each takes a reading."""


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


def _formula_with_code(text: str) -> int | None:
    """Return where the first formula with a backtick begins, in bytes."""
    for event, place in pyromark.events_with_range(text, options=pyromark.Options.ENABLE_MATH):
        match event:
            case {"InlineMath": str(tex)} | {"DisplayMath": str(tex)} if "`" in tex:
                return place["start"]
    return None
