"""Search strings with which learners find notes in Anki's browser."""

import re
from collections.abc import Iterable, Iterator, Sequence

from generator.ledger.identity import derive_guid
from generator.ledger.lock import Lock
from generator.model.notes import KEY_FIELD, NoteId, NoteSet

_MOST = 200
"""The most keys in one search. Anki accepts about a thousand."""
_PLAIN = re.compile(r"[A-Za-z0-9./-]+")
_SPECIAL = re.compile(r'([\\"*_:])')


def search_strings(names: Iterable[NoteId], notes: NoteSet, lock: Lock) -> Iterator[str]:
    """Yield searches that together find exactly these notes: one, unless they are more than one may hold.

    Notes of a note type without keys are searched by their ids, and so are renamed notes: another note may have the
    former key.
    """
    by_key: dict[str, list[str]] = {}
    by_id: list[str] = []
    for name in names:
        note_type = notes.note_types.get(name.note_type)
        record = lock.notes.get(name)
        if note_type and note_type.keyed and (record is None or record.guid == derive_guid(lock.namespace, name)):
            by_key.setdefault(name.note_type, []).append(name.key)
        else:
            by_id.append(str(lock.notes[name].id))
    searches = []
    for kind, keys in by_key.items():
        for some in _portions(keys):
            terms = " OR ".join(_term(KEY_FIELD, key) for key in some)
            where = _term("note", notes.note_types[kind].name)
            searches.append(f"{where} ({terms})" if len(some) > 1 else f"{where} {terms}")
    searches += ("nid:" + ",".join(ids) for ids in _portions(by_id))
    if len(searches) > 1 and sum(map(len, by_key.values())) + len(by_id) <= _MOST:
        yield " OR ".join(f"({search})" for search in searches)
    else:
        yield from searches


def _portions(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + _MOST] for start in range(0, len(items), _MOST))


def _term(where: str, text: str) -> str:
    """Return one condition, with characters escaped that mean something in Anki's searches."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return f"{where}:{text}" if _PLAIN.fullmatch(text) else f'"{where}:{escaped}"'
