"""Find what in HTML or CSS runs a program or loads something from elsewhere, reading it as a browser does."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

_TAGS = frozenset(["script", "iframe", "frame", "object", "embed", "applet", "link", "base", "meta", "form"])
_LOADS = frozenset(["src", "srcset", "xlink:href", "poster", "data", "action", "formaction", "background", "ping"])
"""Attributes with addresses from which a browser loads, or to which it sends, without being asked."""
_LINKS = frozenset(["a", "area"])
"""Tags whose `href` is followed only when a learner clicks it."""
_ACTS = re.compile(r"(?:java|vb)script:|data:text/html", re.IGNORECASE)
_REMOTE = re.compile(r"(?:^|[\s,])(?:https?:)?//", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20]+")
_STYLE = re.compile(
    r"@import|(?:url\(|image-set\()\s*[\"']?\s*(?:https?:)?//|javascript:|expression\(|-moz-binding", re.IGNORECASE
)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def active_in_html(text: str) -> list[tuple[int, int, str]]:
    """Return the line, column and text of each piece of HTML, or of an HTML template, that acts or loads."""
    reader = _Reader()
    reader.feed(_JINJA.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text))
    reader.close()
    return reader.found


def active_in_css(text: str) -> list[tuple[int, int, str]]:
    """Return the line, column and text of each piece of CSS that acts or loads."""
    return [(1 + before.count("\n"), len(before) - before.rfind("\n"), piece) for before, piece in _pieces(text)]


def _pieces(css: str) -> Iterator[tuple[str, str]]:
    """Yield the text before each piece that acts or loads, and the piece itself, after escapes are resolved."""
    plain = _CSS_ESCAPE.sub(_unescaped, _CSS_COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), css))
    for match in _STYLE.finditer(plain):
        yield plain[: match.start()], match[0]


def _unescaped(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else 0
    return chr(number) if 0 < number <= 0x10FFFF else match[2] or ""


class _Reader(HTMLParser):
    """Finds what acts or loads in the tags and styles of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, int, str]] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag in _TAGS:
            self._say(f"<{tag}")
            return
        for name, value in attrs:
            address = _UNSEEN.sub(" ", value or "").strip()
            loads = name in _LOADS or (name == "href" and tag not in _LINKS)
            if name.startswith("on"):
                self._say(name)
            elif _ACTS.search(address.replace(" ", "")) or (loads and _REMOTE.search(address)):
                self._say(f"{name}={address[:30]}")
            elif name == "style" and (piece := next(_pieces(value or ""), None)):
                self._say(piece[1])

    def handle_data(self, data: str) -> None:
        for _, piece in _pieces(data) if self._in_style else ():
            self._say(piece)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def _say(self, piece: str) -> None:
        line, column = self.getpos()
        self.found.append((line, column + 1, piece))
