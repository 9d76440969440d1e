"""What HTML a text may hold, and when Anki takes a field for empty."""

import re
from collections.abc import Mapping

SAFE_TAGS = frozenset(
    ["a", "b", "blockquote", "br", "code", "del", "em", "i", "img", "li", "ol", "p", "pre", "s", "small",
     "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"]
)  # fmt: skip
SAFE_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": frozenset(["href", "title"]),
    "img": frozenset(["src", "alt", "title"]),
    "ol": frozenset(["start"]),
    "span": frozenset(["class", "lang", "dir"]),
}
SAFE_SCHEMES = frozenset(["http", "https", "mailto"])
"""What HTML a text may hold, and where its links may lead."""


_BLANK = re.compile(r"(?:[\t\n\v\f\r ]|</?(?:br|div) ?/?>)*", re.IGNORECASE)


def is_blank(value: str) -> bool:
    """Whether Anki takes a field for empty: nothing but white space, `<br>` and `<div>`."""
    return not value or _BLANK.fullmatch(value) is not None
