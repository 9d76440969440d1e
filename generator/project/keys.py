"""What the name of a new deck says: its finding, and its permanent id."""

import re
import secrets

from generator.text.keys import make_key

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_QUESTION = re.compile(
    r"(?:how|what|when|where|which|who|why|wann|warum|was|welche[rs]?|wer|weshalb|wie|wieso|wo|wodurch|woher)\b"
    r"|.*[?\uff1f\u061f]\s*$",
    re.IGNORECASE,
)
_CAUSES_OF = re.compile(r"(?:causes of|ursachen (?:von|der|des))\s+(?=\S)", re.IGNORECASE)


def finding_of(name: str) -> str:
    """Return the finding for a deck's name: `Hyponatraemia` for `Causes of hyponatraemia`."""
    prefix = _CAUSES_OF.match(name)
    return name[prefix.end() :][:1].upper() + name[prefix.end() + 1 :] if prefix else name


def is_question(name: str) -> bool:
    """Return whether a name is a question in English or German, or ends like one in another language."""
    return _QUESTION.match(name) is not None


def make_deck_id(name: str) -> str:
    """Return a permanent id for a deck: its name and four random letters."""
    word = make_key(name, (), "deck")[:24].strip("-")
    return f"{word}-{''.join(secrets.choice(_LETTERS) for _ in range(4))}"
