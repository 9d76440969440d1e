"""The fonts and colours that a deck and a user choose for cards on paper."""

import re
from collections.abc import Iterable, Iterator

from generator.model.style import Style
from generator.print.engine import Styles
from generator.print.faces import Face, missing_characters
from generator.print.fonts import Fonts, covered_characters, find_family, find_fonts, read_coverage
from generator.print.order import Order, OrderError
from generator.print.sheet import Ink
from generator.resources import bundled
from generator.text.colours import READABLE, contrast, readable_mix

_PAPER = "white"
_COLOUR = re.compile(r"\bcolor: (#\w+)")


def choose_fonts(
    faces: Iterable[Face], order: Order, wished: str | None, language: str
) -> tuple[Fonts, tuple[str, ...]]:
    """Return the fonts for cards, and messages about fonts that were not found.

    `wished` are the families of the deck's style. Raise OrderError if a file of the order is not a font.
    """
    folders = order.font_folders
    for file in order.fonts:
        if not read_coverage(file):
            raise OrderError(f"{file} is not a font that can be read.")
    own, lacking = find_family(wished, folders) if wished and not order.fonts else (order.fonts, ())
    fonts = Fonts(bundled("templates") / "print" / "fonts", own, language=language)
    covered = covered_characters(fonts)
    missing = frozenset("".join(missing_characters(face, covered) for face in faces))
    fonts = Fonts(fonts.bundled, own, find_fonts(missing, folders) if missing else (), language)
    called = " or ".join(lacking)
    told = f"this machine has no font called {called}; the cards are set in {fonts.families[0]}, see --font"
    return fonts, (told,) if lacking else ()


def own_colours(style: Style) -> tuple[str | None, str | None]:
    """Return a deck's colours of text and accent by day, if they are readable on white paper."""
    return _on_paper(style.day.text), _on_paper(style.day.accent)


def _on_paper(colour: str | None) -> str | None:
    return colour if colour and contrast(colour, _PAPER) >= READABLE else None


def deck_styles(styles: Styles, style: Style, fonts: Fonts, ink: Ink) -> Styles:
    """Return the css of sheets in a deck's fonts and colours. Grey ink has no colours.

    All text has the colour of text, and small text a paler one. The accent is used where a screen uses it, and for
    headings.
    """
    text, accent = own_colours(style) if ink == "colour" else (None, "#444")
    colours = {"#000": text, "#444": text and readable_mix(text, _PAPER), "#1d5c86": accent}
    own = {usual: colour for usual, colour in colours.items() if colour}
    faces, sheets = (_COLOUR.sub(lambda match: f"color: {own.get(match[1], match[1])}", css) for css in styles)
    return Styles(faces + "".join(f"{rule}\n" for rule in _rules(fonts, accent)), sheets)


def _rules(fonts: Fonts, accent: str | None) -> Iterator[str]:
    if fonts.files:
        names = ", ".join(f'"{name}"' for name in fonts.families)
        yield f"body {{ font-family: {names}, sans-serif; }}"
    if accent:
        yield f".face.back .cloze {{ color: {accent}; }}"
        yield f".face a {{ color: {accent}; }}"
