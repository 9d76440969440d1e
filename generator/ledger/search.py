"""What finds notes in Anki's browser: search strings to hand to learners."""

import re
from collections.abc import Iterable, Iterator

from generator.ledger.lock import Lock, NoteName
from generator.ledger.stamp import KEY_FIELD
from generator.model.notes import NoteSet

_MOST = 200
"""Keys in one search; Anki takes no more than about a thousand."""
_PLAIN = re.compile(r"[A-Za-z0-9./-]+")
_SPECIAL = re.compile(r'([\\"*_:])')


def search_strings(names: Iterable[NoteName], notes: NoteSet, lock: Lock) -> Iterator[str]:
    """Yield searches that together find exactly these notes; a note type without keys is searched by note ids."""
    by_type: dict[str, list[str]] = {}
    for note_type, key in names:
        by_type.setdefault(note_type, []).append(key)
    for note_type, keys in by_type.items():
        known = notes.note_types.get(note_type)
        for start in range(0, len(keys), _MOST):
            some = keys[start : start + _MOST]
            if known and any(field.name == KEY_FIELD for field in known.fields):
                terms = " OR ".join(_term(KEY_FIELD, key) for key in some)
                yield f"{_term('note', known.name)} " + (f"({terms})" if len(some) > 1 else terms)
            else:
                yield "nid:" + ",".join(str(lock.notes[note_type, key].id) for key in some)


def _term(where: str, text: str) -> str:
    """One condition, with what has a meaning in Anki's searches escaped."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return f"{where}:{text}" if _PLAIN.fullmatch(text) else f'"{where}:{escaped}"'
