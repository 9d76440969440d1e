"""A short sketch of the words of a note, so that a note that is gone can be compared with a new one without its text.

It is the lowest hashes of the words: the share of equal ones, as far as both sketches reach, estimates the share of the
words that two notes have in common. A note of few words is sketched whole.
"""

import re
import zlib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache

SIZE = 16
"""Hashes in a sketch."""
_DIGITS = 4
"""Hexadecimal digits of each."""
_LAST = "f" * _DIGITS
_FEW = 3
_MARKUP = re.compile(r"<[^>]*>|\{\{c\d+::|&\w+;")
_WORD = re.compile(r"[^\W\d_]{3,}|[⺀-\U0010ffff]{2}")
_JOINED = re.compile(r"[⺀-\U0010ffff]")
"""Writing without spaces between words."""


def sketch(texts: Iterable[str]) -> str:
    """Return the sketch of some texts in HTML."""
    plain = _MARKUP.sub(" ", "\n".join(texts)).casefold()
    words = set(_WORD.findall(plain))
    if _JOINED.search(plain):
        words = {piece for word in words for piece in _pieces(word)}
    return "".join(sorted(set(map(_hash, words)))[:SIZE])


def likeness(one: str, other: str, common: AbstractSet[str] = frozenset()) -> float:
    """Return about how much of the words of two notes is the same, from 0 to 1, by their sketches.

    Words that are `common` to many notes do not count. Of two or three words nothing can be said: 0.
    """
    both = hashes_of(one), hashes_of(other)
    highest = min((max(hashes) for hashes in both if len(hashes) == SIZE), default=_LAST)
    a, b = ({h for h in hashes if h <= highest} - common for hashes in both)
    return len(a & b) / len(a | b) if len(a | b) > _FEW else 0.0


def hashes_of(sketch: str) -> frozenset[str]:
    """Return the hashes in a sketch."""
    return frozenset(sketch[i : i + _DIGITS] for i in range(0, len(sketch), _DIGITS))


def _pieces(word: str) -> Iterable[str]:
    """Pairs of neighbouring letters, for writing without spaces."""
    return (word[i : i + 2] for i in range(len(word) - 1)) if _JOINED.search(word) else (word,)


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> str:
    return f"{zlib.crc32(word.encode()) & 0xFFFF:04x}"
