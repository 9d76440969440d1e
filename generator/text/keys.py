"""Keys made from names, different from those in use, and when two names are the same."""

import re
import unicodedata
from collections.abc import Container, Mapping

_SPELT: Mapping[str, str] = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe", "ł": "l"}
"""Letters that are spelt with other letters and do not just lose a mark."""
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def fold_name(name: str) -> str:
    """Return the form by which names are compared: the same form means the same name."""
    return name.casefold()


def make_key(name: str, taken: Container[str], fallback: str = "entry") -> str:
    """Return a key that reads like the name and is not in use. A name without Latin letters gets the fallback."""
    letters = _DASHES.sub("-", unicodedata.normalize("NFC", name).casefold())
    plain = (
        unicodedata.normalize("NFKD", "".join(_SPELT.get(letter, letter) for letter in letters))
        .encode("ascii", "ignore")
        .decode()
    )
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or fallback
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key
