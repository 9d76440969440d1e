"""Keys for entries and decks: made from names, unlike those that are taken."""

import re
import secrets
import unicodedata
from collections.abc import Container, Mapping

_SPELT: Mapping[str, str] = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe", "ł": "l"}
"""Letters that do not lose a mark but are spelt with others."""
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_CAUSES_OF = re.compile(r"(?:causes of|ursachen (?:von|der|des))\s+(?=\S)", re.IGNORECASE)


def finding_of(name: str) -> str:
    """Return what the causes in a deck of this name are causes of: `Hyponatraemia` of `Causes of hyponatraemia`."""
    prefix = _CAUSES_OF.match(name)
    return name[prefix.end() :][:1].upper() + name[prefix.end() + 1 :] if prefix else name


def make_key(name: str, taken: Container[str], fallback: str = "entry") -> str:
    """Return a key that reads like the name and is not taken. A name without Latin letters gets the fallback."""
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
    """Return a word that names a deck for good: the name and four random letters."""
    word = make_key(name, (), "deck")[:24].strip("-")
    return f"{word}-{''.join(secrets.choice(_LETTERS) for _ in range(4))}"
