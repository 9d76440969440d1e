"""HTML: what a text may contain, when Anki takes a field for empty, and text without its HTML."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from html.parser import HTMLParser

from generator.text.cloze import CLOZE

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
"""The HTML that a text may contain, and the schemes that its links may have."""


_BLANK = re.compile(r"(?:[\t\n\v\f\r ]|</?(?:br|div) ?/?>)*", re.IGNORECASE)


def is_blank(value: str) -> bool:
    """Return whether Anki takes a field for empty: it has only white space, `<br>` and `<div>`."""
    return not value or _BLANK.fullmatch(value) is not None


_TAG = re.compile(r"<[^>]*>")
CITE = '<sup class="cite">'
"""The start of a citation mark, which ends with `</sup>`. It is in learners' notes: a change overwrites them all."""
_CITATION_MARK = re.compile(rf"{CITE}(.*?)</sup>")
_PICTURE = re.compile(r'<img\b[^>]*?\bsrc="([^"]*)"[^>]*>')
_BREAK = re.compile(r"<br ?/?>|</(?:li|p|div|tr|blockquote)>")
_MARKUP = re.compile(r"<[^>]+>|\{\{c\d+::(?:image-occlusion:[^}]*)?|\}\}")
_VOID = frozenset(("br", "hr", "img", "wbr", "meta", "link", "input", "col"))
EMPHASIS = re.compile("</?(?:strong|em)>")
_SIGNS = {"strong": "**", "em": "*", "code": "`"}
_SIGNED = re.compile(f"</?({'|'.join(_SIGNS)})>")


def with_signs(html: str) -> str:
    """Return HTML with its emphasis, code and citations as an author writes them."""
    return _SIGNED.sub(lambda tag: _SIGNS[tag[1]], _CITATION_MARK.sub(r" [\1]", html))


def one_line(html: str) -> str:
    """Return a field on one line, for lists and comparisons: no tags, cloze deletions shown, pictures by their names.

    A side of a card needs `visible_text`, which knows what is folded away.
    """
    text = html
    if "<" in html:
        text = _CITATION_MARK.sub(r" [\1]", _PICTURE.sub(r"[\1]", html))
        text = _TAG.sub("", _BREAK.sub(" / ", text))
    text = CLOZE.sub(r"\2", unescape(text))
    return " ".join(text.split()).removesuffix(" /")


def without_citations(html: str) -> str:
    """Return a field without its citation marks, which belong to no word."""
    return _CITATION_MARK.sub("", html)


def searchable_text(html: str) -> str:
    """Return every word of a field, including cloze deletions and their hints, with single spaces.

    A tag within a word parts it: `H<sub>2</sub>O` becomes three words. `visible_text` keeps such words whole.
    """
    return " ".join(unescape(_MARKUP.sub(" ", html)).split())


def visible_text(html: str, hidden: Iterable[str] = ()) -> str:
    """Return the text of a side of a card without the elements of the classes `hidden`.

    Without `details` (what is folded away), `small` (the last line), `cite` (citation marks) and `topic` (the finding
    above a question), question and answer are left. Blocks are parted by a space, and pictures leave none of their
    text.
    """
    reader = _Text(frozenset(hidden))
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


def without_classes(html: str, classes: Iterable[str]) -> str:
    """Return HTML without the elements of these classes."""
    begins = re.compile(rf'<(\w+)\b[^>]*?\bclass="(?:[^"]* )?(?:{"|".join(classes)})(?: [^"]*)?"[^>]*>')
    while begin := begins.search(html):
        depth, end = 1, begin.end()
        for tag in re.compile(rf"<(/?){begin[1]}\b[^>]*>").finditer(html, begin.end()):
            depth, end = depth + (-1 if tag[1] else 1), tag.end()
            if not depth:
                break
        html = html[: begin.start()] + html[end:]
    return html


class _Text(HTMLParser):
    """Collects text, and counts how deep it is inside hidden elements."""

    def __init__(self, hidden: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden, self._open = hidden, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.parts.append(" ")
        elif self._open or tag in ("script", "style") or self._hidden & set((dict(attrs).get("class") or "").split()):
            self._open += 1
        elif tag in ("div", "li", "p", "td", "th", "tr"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._open:
            self._open -= 1

    def handle_data(self, data: str) -> None:
        if not self._open:
            self.parts.append(data)
