"""Colours as CSS writes them: mixed, held against each other, and found in a style sheet."""

import re
from collections.abc import Mapping

RGB = tuple[int, int, int]
VARIABLES = {"text": "--ink", "background": "--paper", "accent": "--accent"}
"""The variables of the style of cards by what an author calls them."""
READABLE = 4.5
"""The least contrast with its ground of a text that all can read."""

_GIVEN = re.compile(r"(--[a-z]+):\s*(#[0-9A-Fa-f]{3,8})\b")


def rgb(colour: str) -> RGB:
    """Return red, green and blue from 0 to 255. Raise ValueError if CSS has no such colour."""
    from PIL import ImageColor

    red, green, blue, *_ = ImageColor.getrgb(colour)
    return red, green, blue


def is_colour(colour: str) -> bool:
    """Whether CSS knows a colour."""
    try:
        return bool(rgb(colour))
    except ValueError:
        return False


def mix(colour: str, ground: str, share: float) -> str:
    """Return the mixture of `share` (0 to 1) of a colour with the rest of the ground."""
    parts = (round(share * a + (1 - share) * b) for a, b in zip(rgb(colour), rgb(ground), strict=True))
    return f"#{bytes(parts).hex()}"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (Web Content Accessibility Guidelines 2.2)."""
    dark, light = sorted((_luminance(rgb(one)), _luminance(rgb(other))))
    return (light + 0.05) / (dark + 0.05)


def readable_mix(colour: str, ground: str) -> str:
    """Return a quieter colour for small text, or the colour itself where that could not be read on the ground."""
    quieter = (mix(colour, ground, share) for share in (0.72, 0.86))
    return next((quiet for quiet in quieter if contrast(quiet, ground) >= READABLE), colour)


def usual_colours(css: str) -> Mapping[str, Mapping[str, str]]:
    """Return the colours that a style of cards has by `day`, which come first in it, and by `night`."""
    given = _GIVEN.findall(css)
    shades = {"day": dict(reversed(given)), "night": dict(given)}
    return {
        mode: {name: found[variable] for name, variable in VARIABLES.items() if variable in found}
        for mode, found in shades.items()
    }


def _luminance(colour: RGB) -> float:
    linear = [p / 12.92 if (p := part / 255) <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for part in colour]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
