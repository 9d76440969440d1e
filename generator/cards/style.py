"""The author's `style:` as css, after that of all cards."""

from generator.model.entries import Shade, Style

_NIGHT = ".card.nightMode, .card.night_mode, .nightMode .card, .night_mode .card"


def style_of(style: Style) -> str:
    """Return the css of a style; nothing for an empty one."""
    rules = []
    if style.font or style.size:
        font = f"font-family: {style.font}, sans-serif; " if style.font else ""
        rules.append(f".card {{ {font}{f'font-size: {style.size}px; ' if style.size else ''}}}")
    for selector, shade in ((".card", style.day), (_NIGHT, style.night)):
        if variables := "".join(f"{name}: {value}; " for name, value in _variables(shade).items() if value):
            rules.append(f"{selector} {{ {variables}}}")
    return "".join(f"{rule}\n" for rule in rules)


def _variables(shade: Shade) -> dict[str, str | None]:
    return {"--ink": shade.text, "--paper": shade.background, "--accent": shade.accent}
