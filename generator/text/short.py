"""Pieces of messages: a text or a list cut to what a message can hold, and words to type into a shell."""

import re
from collections.abc import Iterable


def shorten(text: str, most: int = 60) -> str:
    """Return a text, or its beginning with an ellipsis if it has more letters than `most`."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def name_some(names: Iterable[str], most: int = 5) -> str:
    """Return the first few names for a message, with an ellipsis if there are more."""
    shown, left = (listed := list(names))[:most], listed[most:]
    return ", ".join([*(f"`{name}`" for name in shown), *(["…"] if left else [])])


def in_shell(word: str) -> str:
    """Return an argument quoted for a shell, also on Windows."""
    return word if re.fullmatch(r"[\w./~@%+=:,-]+", word) else f'"{word}"'
