"""The words of a text, for comparing texts.

Knows no language: a word is a run of letters and digits, without case, accents or markup.
"""

import re
import unicodedata
from functools import lru_cache
from sys import intern

from generator.text.citations import CITATION

_MARKUP = re.compile(rf"{CITATION.pattern}|<[^>]*>")
_EMPHASIS = re.compile(r"[*_`]")
_ASCII = bytes(ord(chr(byte).lower()) if chr(byte).isascii() and chr(byte).isalnum() else 32 for byte in range(256))
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=1 << 17)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in order, without case, accents and markup."""
    plain = _MARKUP.sub(" ", text) if "<" in text or "[@" in text else text
    pieces = [plain] if plain.isascii() else plain.split()
    words = [word for piece in pieces for word in (_plain(piece) if piece.isascii() else _folded(piece))]
    return tuple(map(intern, words))  # texts share most of their words


@lru_cache(maxsize=1 << 14)
def in_one_line(text: str) -> str:
    """Return a text with line ends and runs of spaces replaced by single spaces."""
    return " ".join(text.split())


def _plain(piece: str) -> list[str]:
    """The words in ASCII: a table of bytes is several times as fast as looking for words."""
    return piece.encode().translate(_ASCII).decode().split()


def _folded(piece: str) -> list[str]:
    """Return the folded words in a piece of text without spaces."""
    plain = unicodedata.normalize("NFKD", _EMPHASIS.sub(" ", piece).casefold()).casefold()
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
