"""Keys for entries and decks: made from names, unlike those that are taken."""

import re
import secrets
import unicodedata
from collections.abc import Container

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def make_key(name: str, taken: Container[str], fallback: str = "entry") -> str:
    """Return a key that reads like the name and is not taken. A name without Latin letters gets the fallback."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss")).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or fallback
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key


def make_deck_id(name: str) -> str:
    """Return a word that names a deck for good: the name and four random letters."""
    word = make_key(name, (), "deck")[:24].strip("-")
    return f"{word}-{''.join(secrets.choice(_LETTERS) for _ in range(4))}"
