"""Convert HTML to what an author writes: Markdown if that gives exactly the same HTML, or else HTML."""

import re
import unicodedata

from generator.cards.markdown import is_plain, render_markdown
from generator.load.text import UNSEEN
from generator.model.values import MAX_HTML, MAX_LENGTH
from generator.text.citations import WELL_FORMED
from generator.text.html import with_signs

_ACTIVE = re.compile(
    r"([\\`*_\[\]<>$~|]|(?<=\[)@)|^(\s*)([#+-]|#{2,6}|\d+[.)]|[-=]+(?=\s*$))(?=\s|$)|&(?=#?\w+;)", re.MULTILINE
)
_KEPT = re.compile(
    r"<[^>]*>|\{\{c\d+(?:,\d+)*::|\}\}|\[sound:[^\]]*\]|\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\]|&#?\w+;",
    re.DOTALL,
)
KEPT_MARK = "\0"
"""Stands at the start and the end of markup to keep. No table contains it."""
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)


def write_html(html: str) -> object:
    """Return a field's HTML in the form of an author's file: a text in Markdown, or a mapping with `html`."""
    if is_plain(html) and _fits(html):
        return html
    if _fits(html) and not _IMAGE.search(html):
        for text in (_readable(html), html, _escaped(html)):
            if _fits(text) and _rendered(text) == html:
                return text
    return {"html": html}


def write_cell(text: str) -> str:
    """Return a text of a table in Markdown that shows it as it is, but for citations. Line breaks stay."""
    parts = text.split(KEPT_MARK)
    for index in range(0, len(parts), 2):
        pieces = WELL_FORMED.split(parts[index])
        pieces[::2] = map(escape_markdown, pieces[::2])
        parts[index] = "".join(pieces)
    lines = "".join(parts).splitlines()
    return "\\\n".join(line.strip() for line in lines if line.strip())


def storable(text: str) -> str | None:
    """Return why a text cannot be in an author's file, or None."""
    if len(text) > MAX_HTML:
        return f"a field has {len(text):,} characters; the limit is {MAX_HTML:,}"
    if found := UNSEEN.search(text):
        return f"it contains the invisible character U+{ord(found[0]):04X}"
    return None if unicodedata.is_normalized("NFC", text) else "its characters are not in Unicode's usual form (NFC)"


def escape_markdown(text: str) -> str:
    """Escape what Markdown would take for markup."""
    return _ACTIVE.sub(_escape, text)


def _rendered(text: str) -> str:
    return render_markdown(text, lambda _, __: "", lambda name: name, acts=True)


def _fits(text: str) -> bool:
    return 0 < len(text) <= MAX_LENGTH and text == text.strip()


def _readable(html: str) -> str:
    """Return HTML as an author would write it: Markdown's emphasis and maths, and plain characters."""
    return _KEPT.sub(lambda m: _maths(m) or m[0], with_signs(html)).replace("&amp;", "&")


def _escaped(html: str) -> str:
    """Return HTML with every character escaped that means something in Markdown."""
    parts, end = [], 0
    for match in _KEPT.finditer(html):
        parts += [escape_markdown(html[end : match.start()]), _maths(match) or match[0]]
        end = match.end()
    return "".join((*parts, escape_markdown(html[end:])))


def _maths(match: re.Match[str]) -> str | None:
    if match["inline"] is not None:
        return f"${match['inline']}$"
    return f"$${match['display']}$$" if match["display"] is not None else None


def _escape(match: re.Match[str]) -> str:
    if match[1]:
        return f"\\{match[1]}"
    if match[3]:
        return f"{match[2]}{match[3][:-1]}\\{match[3][-1]}"
    return "&amp;"
