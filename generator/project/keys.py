"""What the name of a new deck says: its finding, and its permanent id."""

import re
import secrets
from functools import cache

from generator.load.templates import Meaning, load_words
from generator.resources import bundled
from generator.text.keys import make_key

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_QUESTION_MARK = re.compile(r"[?\uff1f\u061f]\s*$")


def finding_of(name: str) -> str:
    """Return the finding for a deck's name: `Hyponatraemia` for `Causes of hyponatraemia`."""
    prefix = re.match(rf"{_any_of('causes-of')}\s+(?=\S)", name, re.IGNORECASE)
    return name[prefix.end() :][:1].upper() + name[prefix.end() + 1 :] if prefix else name


def is_question(name: str) -> bool:
    """Return whether a name begins as a question in a language that comes with Aetia, or has a question mark."""
    return bool(re.match(rf"{_any_of('asks')}\b", name, re.IGNORECASE) or _QUESTION_MARK.search(name))


@cache
def _any_of(meaning: Meaning) -> str:
    return f"(?:{'|'.join(map(re.escape, load_words(bundled('templates'), meaning)))})"


def make_deck_id(name: str) -> str:
    """Return a permanent id for a deck: its name and four random letters."""
    word = make_key(name, (), "deck")[:24].strip("-")
    return f"{word}-{''.join(secrets.choice(_LETTERS) for _ in range(4))}"
