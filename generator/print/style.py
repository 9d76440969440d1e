"""The fonts and colours that a deck and a user choose for cards on paper."""

from collections.abc import Iterable, Iterator

from generator.model.style import Style
from generator.print.faces import Face, missing_characters
from generator.print.fonts import Fonts, covered_characters, find_family, find_fonts, read_coverage
from generator.print.order import Order, OrderError
from generator.print.sheet import Ink
from generator.resources import bundled


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


def deck_style(style: Style, fonts: Fonts, ink: Ink) -> str:
    """Return the css of fonts and of a deck's colours by day. Paper has no background, and grey ink no colours."""
    return "".join(f"{rule}\n" for rule in _rules(style, fonts, ink))


def _rules(style: Style, fonts: Fonts, ink: Ink) -> Iterator[str]:
    if fonts.files:
        names = ", ".join(f'"{name}"' for name in fonts.families)
        yield f"body {{ font-family: {names}, sans-serif; }}"
    if ink == "colour" and style.day.text:
        yield f".face {{ color: {style.day.text}; }}"
    if ink == "colour" and style.day.accent:
        yield f".face .label, .face .topic, .face .axis {{ color: {style.day.accent}; }}"
