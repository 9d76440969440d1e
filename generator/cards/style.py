"""The author's `style:` as css, after that of all cards."""

from collections.abc import Iterator

from generator.model.style import Shade, Style
from generator.text.colours import mix

_NIGHT = ".card.nightMode, .card.night_mode, .nightMode .card, .night_mode .card"


def style_of(style: Style) -> str:
    """Return the css of a style; nothing for an empty one."""
    rules = []
    if style.font or style.size:
        font = f"font-family: {style.font}, sans-serif; " if style.font else ""
        rules.append(f".card {{ {font}{f'font-size: {style.size}px; ' if style.size else ''}}}")
    for selector, shade in ((".card", style.day), (_NIGHT, style.night)):
        if variables := "".join(f"{name}: {value}; " for name, value in _variables(shade)):
            rules.append(f"{selector} {{ {variables}}}")
    return "".join(f"{rule}\n" for rule in rules)


def _variables(shade: Shade) -> Iterator[tuple[str, str]]:
    """The colours that the author gave, and those between them: small text, lines, boxes and the marker of a clue."""
    for name, colour in (("--ink", shade.text), ("--paper", shade.background), ("--accent", shade.accent)):
        if colour:
            yield name, colour
    if shade.background and shade.text:
        yield "--quiet", mix(shade.text, shade.background, 0.72)
        yield "--line", mix(shade.text, shade.background, 0.16)
    if shade.background and shade.accent:
        yield "--tint", mix(shade.accent, shade.background, 0.08)
        yield "--mark", mix(shade.accent, shade.background, 0.26)
