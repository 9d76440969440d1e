"""Keys for entries and decks, made from names and different from those in use."""

import re
import secrets
import unicodedata
from collections.abc import Container, Mapping

_SPELT: Mapping[str, str] = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe", "ł": "l"}
"""Letters that are spelt with other letters and do not just lose a mark."""
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_CAUSES_OF = re.compile(r"(?:causes of|ursachen (?:von|der|des))\s+(?=\S)", re.IGNORECASE)


def finding_of(name: str) -> str:
    """Return the finding for a deck's name: `Hyponatraemia` for `Causes of hyponatraemia`."""
    prefix = _CAUSES_OF.match(name)
    return name[prefix.end() :][:1].upper() + name[prefix.end() + 1 :] if prefix else name


def make_key(name: str, taken: Container[str], fallback: str = "entry") -> str:
    """Return a key that reads like the name and is not in use. A name without Latin letters gets the fallback."""
    letters = unicodedata.normalize("NFC", name).casefold()
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


def make_deck_id(name: str) -> str:
    """Return a permanent id for a deck: its name and four random letters."""
    word = make_key(name, (), "deck")[:24].strip("-")
    return f"{word}-{''.join(secrets.choice(_LETTERS) for _ in range(4))}"
