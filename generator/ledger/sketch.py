"""A short sketch of a note's words, by which a note that is gone can be compared with a new one without its text.

A sketch has the lowest hashes of the words. The share of equal hashes, as far as both sketches reach, estimates the
share of the words that two notes have in common. The sketch of a note with few words has all of them.
"""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from struct import pack
from zlib import crc32

SIZE = 16
"""The number of hashes in a sketch."""
_DIGITS = 4
"""The hexadecimal digits of each hash."""
_LAST = "f" * _DIGITS
_FEW = 3
_MARKUP = re.compile(r"<[^>]*>|\{\{c\d+::|&\w+;")
_LETTERS = bytes(ord(chr(b).lower()) if b < 128 and chr(b).isalpha() else b if b > 127 else 32 for b in range(256))
"""Maps ASCII letters to lower case and other ASCII characters to spaces."""
_WORD = re.compile(r"[^\W\d_]{3,}|[^\0-\u2e7f]{2}")
_JOINED = re.compile(r"[^\0-\u2e7f]")
"""Scripts without spaces between words: all characters from U+2E80 on."""


def sketch(texts: Iterable[str]) -> str:
    """Return the sketch of some texts in HTML."""
    pieces = set(_MARKUP.sub(" ", "\n".join(texts)).encode().translate(_LETTERS).split())
    plain = {piece for piece in pieces if piece.isascii()}
    hashes = {crc32(word) & 0xFFFF for word in plain if len(word) > 2}
    lowest = sorted(hashes.union(*map(_hashes, pieces - plain)))[:SIZE]
    return pack(f">{len(lowest)}H", *lowest).hex()


def likeness(one: str, other: str, common: AbstractSet[str] = frozenset()) -> float:
    """Estimate from two sketches the share, from 0 to 1, of the words that two notes have in common.

    Words that are `common` to many notes do not count. With only two or three words, the result is 0.
    """
    both = hashes_of(one), hashes_of(other)
    highest = min((max(hashes) for hashes in both if len(hashes) == SIZE), default=_LAST)
    a, b = ({h for h in hashes if h <= highest} - common for hashes in both)
    return len(a & b) / len(a | b) if len(a | b) > _FEW else 0.0


def hashes_of(sketch: str) -> frozenset[str]:
    """Return the hashes in a sketch."""
    return frozenset(sketch[i : i + _DIGITS] for i in range(0, len(sketch), _DIGITS))


@lru_cache(maxsize=1 << 14)
def _hashes(piece: bytes) -> tuple[int, ...]:
    """The hashes of the words in a piece beyond ASCII: in the notes of a deck the same comes again."""
    letters = "".join(sign if sign.isalpha() else " " for sign in piece.decode())
    return tuple({crc32(word) & 0xFFFF for word in _words(letters.casefold())})


def _words(text: str) -> Iterable[bytes]:
    """Return the words of a text or, in scripts without spaces, the pairs of adjacent characters."""
    for word in _WORD.findall(text):
        if _JOINED.search(word):
            yield from (word[i : i + 2].encode() for i in range(len(word) - 1))
        else:
            yield word.encode()
