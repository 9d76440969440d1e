"""HTML, links and pictures in texts. Only what is harmless reaches cards."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

from generator.diagnostics import Diagnostic, KeyPath, Place
from generator.model.deck import Deck
from generator.model.entries import Image
from generator.model.texts import is_plain
from generator.text.active import active_in_html
from generator.text.files import files_in
from generator.text.formulas import markdown_events
from generator.text.html import SAFE_ATTRIBUTES, SAFE_SCHEMES, SAFE_TAGS
from generator.text.short import shorten
from generator.text.suggest import did_you_mean

_MARKUP = re.compile(r"<[A-Za-z/!?]|\]\(|\]:|\]\[|!\[|\\[a-zA-Z]")
_ACTING_TEX = re.compile(r"\\(?:href|url|style|class|cssId|data|require|includegraphics|csname)(?![a-zA-Z])")
"""TeX commands with which MathJax makes links or loads something on the card."""
_SHOWN = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".avif", ".tif", ".tiff", ".ico")
"""The file endings of pictures that Anki and browsers show."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):|//")
STRAY: Mapping[str, tuple[str, str]] = {
    "**": (
        "`**` makes nothing bold",
        "write `**` directly before and directly after the words; `\\*\\*` shows two of them",
    ),
    "*": ("`*` has no second one", "write `*` directly after the words too; `\\*` shows one"),
    "`": ("`` ` `` has no second one", "write one directly after the words too; a `\\` before it shows it"),
    "$": ("`$` has no second one", "write `$` directly after the formula too; `\\$` shows one"),
    "[": ("link has no end", "write `)` after its address"),
}
"""Marks that are shown as they are written: what a message says of one, and the hint."""
_MARK = re.compile(r"[*`$]|\]\(")
_ESCAPED = re.compile(r"\\[*`$\[]")
_STRAY = re.compile(
    r"(?P<mark>\*\*|(?<![^\s(])[*`](?=[^\W\d_])|\$(?=\\[a-zA-Z]|\w*[\^_])|\[(?=[^\[\]]*\]\((?:https?:|mailto:|www\.))).*",
    re.DOTALL,
)
"""A mark in words that a card shows, if it was hardly meant as a character."""
_UNSEEN = re.compile(r"[\x00-\x20]")


def check_markup(deck: Deck) -> Iterator[Diagnostic]:
    """No text has HTML that is not allowed, a link that acts, or a picture that is not in the deck."""
    for keys, text in _markdown(deck):
        for tag, attribute, value, alt in _pieces(text):
            place = deck.place(*keys)
            spot = replace(place, within=value or f"<{tag}")
            if attribute == "src":
                yield from _picture(deck, value, alt, spot)
            elif attribute == "href":
                if not _safe(value):
                    message = f"the link `{_short(value)}` is not allowed: it does not lead to a web or mail address"
                    yield Diagnostic("forbidden-link", message, spot)
            elif tag == "$":
                message = f"`{value}` is not allowed in a formula: it would act on the card"
                yield Diagnostic("forbidden-html", message, spot)
            elif tag not in SAFE_TAGS:
                yield Diagnostic("forbidden-html", f"`<{tag}>` is not allowed in a text", spot)
            elif attribute:
                message = f"the attribute `{attribute}` of `<{tag}>` is not allowed in a text"
                yield Diagnostic("forbidden-html", message, replace(place, within=attribute))


def check_html(deck: Deck) -> Iterator[Diagnostic]:
    """No HTML text, which goes onto cards as it is, runs a program or loads something from elsewhere."""
    for name, note in deck.notes.items():
        for field, written in note.fields_.items():
            for _, _, piece in active_in_html(written.html or "")[:1]:
                message = f"`{_short(piece)}` runs a program on the card, or loads something from elsewhere"
                place = deck.place("notes", name, field)
                yield Diagnostic(
                    "active-html",
                    message,
                    place,
                    hint="leave programs out, and put a copy of what it loads into `media/`",
                )


def check_images(deck: Deck) -> Iterator[Diagnostic]:
    """Each picture is in the deck, and says who made it."""
    for image, place in _images(deck):
        yield from _picture(deck, image.file, image.alt, replace(place, keys=(*place.keys, "file")))
        if not image.credit and image.file in deck.media:
            yield Diagnostic(
                "no-credit",
                f"the picture `{image.file}` does not say who made it",
                replace(place, on_key=True),
                hint="name maker and licence under `credit`",
            )


def pictures(deck: Deck) -> Iterator[str]:
    """Yield the file name of each picture that the deck shows."""
    yield from (image.file for image, _ in _images(deck))
    for _, text in _markdown(deck):
        yield from (value for _, attribute, value, _ in _pieces(text) if attribute == "src")
    for note in deck.notes.values():
        for written in note.fields_.values():
            yield from files_in(written.html or written.markdown or "")


def stray_mark(text: str) -> tuple[str, str] | None:
    """Return the first mark of a Markdown text that marks nothing, one of `STRAY`, and what it begins; or None."""
    if _MARK.search(text) is None:
        return None
    events = markdown_events(_ESCAPED.sub("·", text))
    shown = (event["Text"] for event in events if isinstance(event, dict) and "Text" in event)
    found = next((found for words in shown if (found := _STRAY.search(words))), None)
    return (found["mark"], found[0]) if found else None


def _markdown(deck: Deck) -> Iterator[tuple[KeyPath, str]]:
    """Yield each Markdown text that can link, show or act, with its keys."""
    return (found for found in deck.marked if not is_plain(found[0]))


def _images(deck: Deck) -> Iterator[tuple[Image, Place]]:
    """Yield every picture that an entry names, with its place."""
    for key, cause in deck.causes.items():
        if cause.image:
            yield cause.image, deck.place("causes", key, "image")
        for rival, contrasts in cause.versus.items():
            for part, contrast in contrasts.items():
                if contrast.image:
                    yield contrast.image, deck.place("causes", key, "versus", rival, *([part] if part else []), "image")
    for key, question in deck.questions.items():
        if question.image:
            yield question.image, deck.place("questions", key, "image")


def _picture(deck: Deck, name: str, alt: str | None, place: Place) -> Iterator[Diagnostic]:
    if _SCHEME.match(name):
        message = f"the picture `{_short(name)}` is not in the deck, so learners would load it from elsewhere"
        yield Diagnostic("remote-image", message, place, hint="put a copy into the deck's `media/` folder")
    elif re.search(r"[/\\]", name):
        message = f"`{_short(name)}` is a path; name the picture by its file name in `media/`"
        yield Diagnostic("outside-deck", message, place)
    elif not name.lower().endswith(_SHOWN):
        message = (
            f"`{_short(name)}` is not a picture: its name does not end in {', '.join(_SHOWN[:-1])} or {_SHOWN[-1]}"
        )
        heic = name.lower().endswith((".heic", ".heif"))
        hint = f"{'Anki cannot show HEIC; ' if heic else ''}export it as JPEG or PNG"
        yield Diagnostic("bad-media-name", message, place, hint=hint)
    elif not deck.knows("media", name, deck.media):
        message = f"`{_short(name)}` is not in `media/`"
        hint = did_you_mean(name, deck.media) or f"put the file into the folder {deck.folder.name}/media/"
        yield Diagnostic("missing-image", message, place, hint=hint)
    if not (alt or "").strip():
        message = f"the picture `{_short(name)}` has no text for people who cannot see it"
        yield Diagnostic("missing-alt", message, place, hint="write what it shows: `![…](file)`")


def _safe(link: str) -> bool:
    scheme = _SCHEME.match(_UNSEEN.sub("", link))
    return scheme is None or (scheme[1] or "").lower() in SAFE_SCHEMES


def _short(value: str) -> str:
    return "".join(c if c.isprintable() else "·" for c in shorten(value))


def _pieces(text: str) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield the tag, attribute, value and (of a picture) alternative text of each tag, link and picture in a text."""
    alternative: list[str] | None = None
    picture = ""
    for event in markdown_events(text) if _MARKUP.search(text) else ():
        match event:
            case {"Start": {"Image": {"dest_url": url}}}:
                alternative, picture = [], unquote(url)
            case {"End": "Image"}:
                yield "img", "src", picture, "".join(alternative or ())
                alternative = None
            case {"Start": {"Link": {"dest_url": url, "link_type": kind}}}:
                yield "a", "href", f"mailto:{url}" if kind == "Email" else url, None
            case {"InlineMath": str(tex)} | {"DisplayMath": str(tex)}:
                yield from (("$", "", found, None) for found in _ACTING_TEX.findall(tex))
            case {"Html": str(html)} | {"InlineHtml": str(html)}:
                yield from _Html(html).pieces
            case {"Text": str(words)} if alternative is not None:
                alternative.append(words)


class _Html(HTMLParser):
    """The tags and unsafe attributes of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[tuple[str, str, str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append((tag, "", "", None))
        for name, value in attrs if tag in SAFE_TAGS else ():
            if name == "href" or (tag, name) == ("img", "src"):
                address = unquote(value or "") if name == "src" else value or ""
                self.pieces.append((tag, name, address, dict(attrs).get("alt")))
            elif name not in SAFE_ATTRIBUTES.get(tag, ()):
                self.pieces.append((tag, name, "", None))
