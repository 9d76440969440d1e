"""The author's `style:` as css, which follows that of all cards."""

from collections.abc import Iterator, Mapping

from generator.model.style import Shade, Style
from generator.text.colours import VARIABLES, is_colour, mix, readable_mix, usual_colours

_NIGHT = ".card.nightMode, .card.night_mode, .nightMode .card, .night_mode .card"


def style_of(style: Style, shared: str) -> str:
    """Return the css of a style, which follows the `shared` css, or nothing for an empty style."""
    rules, usual = [], usual_colours(shared)
    if style.font or style.size:
        font = f"font-family: {style.font}, sans-serif; " if style.font else ""
        rules.append(f".card {{ {font}{f'font-size: {style.size}px; ' if style.size else ''}}}")
    for selector, mode, shade in ((".card", "day", style.day), (_NIGHT, "night", style.night)):
        if variables := "".join(f"{name}: {value}; " for name, value in _variables(shade, usual[mode])):
            rules.append(f"{selector} {{ {variables}}}")
    return "".join(f"{rule}\n" for rule in rules)


def _variables(shade: Shade, usual: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Return the author's colours, and those derived from them: small text, lines, boxes and the marker of a clue."""
    given = {name: colour for name, colour in shade if colour and is_colour(colour)}
    for name, colour in given.items():
        yield VARIABLES[name], colour
    colours = {**usual, **given}
    if len(colours) < len(VARIABLES):
        return  # the project's own style has no such variables
    text, ground, accent = (colours[name] for name in VARIABLES)
    if given.keys() & {"text", "background"}:
        yield "--quiet", readable_mix(text, ground)
        yield "--line", mix(text, ground, 0.16)
    if given.keys() & {"accent", "background"}:
        yield "--tint", mix(accent, ground, 0.08)
        yield "--mark", mix(accent, ground, 0.26)
