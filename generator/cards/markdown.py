"""Convert Markdown to safe HTML: with maths, citations and pictures, but nothing that acts.

Raw HTML is kept only from a short allow-list. Text that Anki would interpret (`[sound:…]`, `[latex]`, `[[type:…]]`,
`{{c1::…}}`) is made harmless.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

import nh3
import pyromark
from markupsafe import Markup, escape

from generator.text.arrows import keep_arrows
from generator.text.citations import CITATION, split_citation
from generator.text.formulas import settle_dollars
from generator.text.html import CITE, SAFE_ATTRIBUTES, SAFE_SCHEMES, SAFE_TAGS

_OPTIONS = pyromark.Options.ENABLE_MATH | pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH
_PLAIN = re.compile(r"(?!\s*(?:[-+=>]|\d+[.)]))[^\\`*_\[\]{<>&$~|#\n\ue000\ue001↑↓⇧⇩]*")
_ESCAPED = re.compile(r"[&<>'\"\[{↑↓⇧⇩]")
_CLEANER = nh3.Cleaner(
    tags=set(SAFE_TAGS),
    attributes={tag: set(names) for tag, names in SAFE_ATTRIBUTES.items()},
    url_schemes=set(SAFE_SCHEMES),
    link_rel=None,
)
_TOKENS = re.compile("(?:\\s*\ue000\\d+\ue001)+")
"""Matches citations with the space before them: a citation mark stays with its word and never begins a line."""
_TOKEN = re.compile("\ue000(\\d+)\ue001")
_PRIVATE = re.compile("[\ue000\ue001]")
_MATHS = re.compile(r'<span class="math math-(inline|display)">(.*?)</span>', re.DOTALL)
_PICTURE = re.compile(r'(<img [^>]*?\bsrc=)"([^"]*)"')
_ANKI_MARKUP = re.compile(r"\[(?=/?(?:latex|\$\$?)\]|sound:|anki:|\[type:)|\{(?=\{c\d+::)", re.IGNORECASE)
_MATHJAX = re.compile(r"\\(?=[()\[\]])")


def plain(text: str) -> Markup:
    """Return HTML that shows a plain text, such as a name, as written."""
    return Markup(escaped(text))


def constant(text: str) -> Markup:
    """Return HTML that shows a plain text as written, also in a card template."""
    return inert(escaped(text))


def inert(html: str) -> Markup:
    """Return HTML without the brace that begins Anki's marks, so that it can be a part of a card template."""
    return Markup(html.replace("{", "&#123;"))


def escaped(text: str) -> str:
    """Return the HTML of a plain text. Most names need no change."""
    return keep_arrows(_defuse(str(escape(text)))) if _ESCAPED.search(text) else text


def render_markdown(
    text: str, cite: Callable[[str, str], str], picture: Callable[[str], str], *, acts: bool = False
) -> str:
    """Return HTML. A single paragraph comes without its `<p>`.

    `cite` returns the number for a key and a locator, `picture` the packed name of a media file. `acts` lets Anki
    interpret its own markup.
    """
    if is_plain(text):
        return text
    numbers: list[str] = []

    def keep(match: re.Match[str]) -> str:
        numbers.append(",".join(filter(None, (cite(*split_citation(part)) for part in match[1].split(";")))))
        return f"\ue000{len(numbers) - 1}\ue001"

    def mark(match: re.Match[str]) -> str:
        found = ",".join(filter(None, (numbers[int(place)] for place in _TOKEN.findall(match[0]))))
        return f"{CITE}{found}</sup>" if found else ""

    text = CITATION.sub(keep, _PRIVATE.sub("", text))
    html = text if is_plain(_TOKENS.sub("", text)) else _render(text, picture, acts)
    return _TOKENS.sub(mark, html)


def is_plain(text: str) -> bool:
    """Return whether a text is its own HTML and needs no Markdown parser."""
    return _PLAIN.fullmatch(text) is not None


def _render(text: str, picture: Callable[[str], str], acts: bool) -> str:
    html = _PICTURE.sub(lambda match: f'{match[1]}"{escape(picture(unquote(unescape(match[2]))))}"', _parse(text))
    return _maths(html if acts else keep_arrows(_defuse(html)))


@lru_cache(maxsize=1 << 14)  # several cards show the same step
def _parse(text: str) -> str:
    html = _CLEANER.clean(pyromark.html(settle_dollars(text), options=_OPTIONS)).strip()
    single = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    return html[3:-4] if single else html


def _defuse(html: str) -> str:
    """Prevent Anki from interpreting a text that looks like its sounds, LaTeX or cloze deletions."""
    return _ANKI_MARKUP.sub(lambda match: f"&#{ord(match[0])};", html)


def _maths(html: str) -> str:
    """Give maths the delimiters of Anki's MathJax, and break up delimiters that an author wrote as plain text."""
    parts = _MATHS.split(html)
    for index in range(0, len(parts), 3):
        parts[index] = _MATHJAX.sub(r"\\<span></span>", parts[index])
    for index in range(1, len(parts), 3):
        left, right = (r"\(", r"\)") if parts[index] == "inline" else (r"\[", r"\]")
        parts[index], parts[index + 1] = left, parts[index + 1] + right
    return "".join(parts)
