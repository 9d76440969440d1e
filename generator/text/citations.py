"""Citations in a Markdown text, as Pandoc writes them: `[@key]`, `[@key, p. 12; @other]`."""

import re
from collections.abc import Container, Iterator

CITATION = re.compile(r"\[(@[^\[\]]+)\]")
_PLACED = r"[A-Za-z0-9_][\w:.#$%&+?<>~/-]*(?: *,[^;\[\]\n]*)?"
WELL_FORMED = re.compile(rf"(\[@{_PLACED}(?:; *@?{_PLACED})*\])")
"""A citation in which each key could be one. Other texts in brackets that begin with `@` were hardly meant to cite."""
_KEY = r"[A-Za-z0-9_][\w:.#$%&+?<>~/-]*"
_BARE = re.compile(
    rf"\(@(?P<round>[^()\[\]\s][^()\[\]]*)\)|\[(?P<square>{_KEY})(?P<at> *,[^\[\]]*)?\](?![(\[:])"
    rf"|(?<![\w@/.])@(?P<bare>{_KEY})"
)
_AFTER_COMMA = re.compile(rf", *@?({_KEY}) *(?=[,;]|$)")


def split_citation(citation: str) -> tuple[str, str]:
    """Return the key and the locator of `@key, p. 2`."""
    key, _, locator = citation.strip().removeprefix("@").partition(",")
    return key.strip(), locator.strip()


def citations_in(text: str) -> list[tuple[str, str]]:
    """Return the key and the locator of every citation in a Markdown text."""
    groups = CITATION.findall(text) if "[@" in text else ()
    return [split_citation(part) for group in groups for part in group.split(";")]


def shown_citations(text: str, known: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield what looks like a citation but is not, with the right form.

    It is `(@key)` and, if the key is known, `@key` or `[key]`, or another key in the place of a page: `[@key, other]`.
    """
    for group in CITATION.findall(text) if "[@" in text else ():
        right = _AFTER_COMMA.sub(lambda found: f"; @{found[1]}" if found[1] in known else found[0], group)
        if right != group:
            yield f"[{group}]", f"[{right}]"
    for found in _BARE.finditer(CITATION.sub("", text)) if "@" in text or "[" in text else ():
        key = found["round"] or found["square"] or found["bare"].rstrip(":.?/-")
        if found["round"]:
            yield found[0], f"[@{key}]"
        elif key in known:
            yield (found[0] if found["square"] else f"@{key}"), f"[@{key}{found['at'] or ''}]"
