"""Keep an arrow that says what becomes of something, as in `pressure ↑ → flow ↓`, on the line of its word."""

import re

_APART = re.compile(r"(?<=[^\s→⇒(\[,;:\u2013\u2014]) (?=[↑↓⇧⇩]+(?:[\s<.,;:!?)\]/]|$))")


def keep_arrows(html: str) -> str:
    """Return a text in which no line breaks before such an arrow."""
    return _APART.sub("\u00a0", html)
