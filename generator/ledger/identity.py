"""The identity of a note in Anki: its guid, and its note id with room for the ids of its cards."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from itertools import count, islice

from generator.model.notes import NoteId

ID_STEP = 100
"""Milliseconds between two note ids. The ids of a note's cards are in the gap."""
_YEAR = 365 * 86_400_000
"""Milliseconds over which the note ids of decks that are built at the same time are spread."""


def derive_namespace(deck: str) -> str:
    """Return the namespace of a deck without an `id`. It is derived from its first name and then stays in the lock."""
    return hashlib.sha256(deck.casefold().encode()).hexdigest()[:12]


def derive_guid(namespace: str, name: Iterable[str]) -> str:
    """Return the guid of a name in a deck, which is the same on every machine."""
    digest = hashlib.sha256("\x1f".join((namespace, *name)).encode()).digest()
    return urlsafe_b64encode(digest[:9]).decode()


def new_guid(namespace: str, name: NoteId, taken: set[str]) -> str:
    """Return the guid of a name, or another one if a renamed note has taken it over. Add it to `taken`."""
    number, guid = 0, derive_guid(namespace, name)
    while guid in taken:
        number += 1
        guid = derive_guid(namespace, (*name, str(number)))
    taken.add(guid)
    return guid


def new_ids(number: int, namespace: str, now: int, taken: Iterable[int]) -> Iterator[int]:
    """Return free note ids in ascending milliseconds, up to a year before `now`, at an offset from the namespace.

    So two decks that are built at the same time have different ids, and Anki need not change them.
    """
    digest = hashlib.sha256(f"{namespace}\x1fids".encode()).digest()
    offset = int.from_bytes(digest[:8]) % (_YEAR // ID_STEP) * ID_STEP
    return iter(sorted(free_ids(number, now * 1000 - offset, taken)))


def free_ids(number: int, end: int, taken: Iterable[int]) -> list[int]:
    """Return free note ids: the nearest before `end` or, if no positive one is left, after it."""
    blocks = {block for id_ in taken for block in (id_ // ID_STEP, -(-id_ // ID_STEP))}
    last = end // ID_STEP - 1
    found = list(islice((block for block in range(last, 0, -1) if block not in blocks), number))
    more = (block for block in count(max(last, 0) + 1) if block not in blocks)
    return [block * ID_STEP for block in (*found, *islice(more, number - len(found)))]
