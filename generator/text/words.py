"""Words of a text, for comparing texts: which words one shares with another.

Knows no language: words are runs of letters and digits, compared without case, accents or markup.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from sys import intern

from generator.text.citations import CITATION

_MARKUP = re.compile(rf"{CITATION.pattern}|<[^>]*>")
_EMPHASIS = re.compile(r"[*_`]")
_ASCII = bytes(ord(chr(byte).lower()) if chr(byte).isascii() and chr(byte).isalnum() else 32 for byte in range(256))
_WORD = re.compile(r"\w+")
_MIN_STEM = 5


@lru_cache(maxsize=1 << 15)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in order, folded."""
    plain = _MARKUP.sub(" ", text) if "<" in text or "[@" in text else text
    if plain.isascii():  # a table of bytes is several times as fast as looking for words
        words = plain.encode().translate(_ASCII).decode().split()
    else:
        plain = unicodedata.normalize("NFKD", _EMPHASIS.sub(" ", plain).casefold()).casefold()
        words = _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return tuple(map(intern, words))  # the same words come again and again


def names_anyone(text: str, names: Iterable[str], besides: Iterable[str] = ()) -> str | None:
    """Return the first name that a text gives away: all its words are there, or at least half of the telling ones.

    A telling word has five letters or more and is not among `besides`. Words match when one begins with the other's
    first five letters, so that an inflected form counts.
    """
    present = f" {' '.join(words_of(text))} "
    common = frozenset(besides)
    for name in names:
        words = words_of(name)
        if words and not common.issuperset(words) and f" {' '.join(words)} " in present:
            return name
        telling = {word for word in words if len(word) >= _MIN_STEM and word not in common}
        if telling and 2 * sum(f" {word[:_MIN_STEM]}" in present for word in telling) >= len(telling):
            return name
    return None
