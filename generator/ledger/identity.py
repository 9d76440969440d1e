"""What makes a note the same note for Anki: its guid, and its note id with room for the ids of its cards."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from itertools import count, islice

from generator.model.notes import NoteId

ID_STEP = 100
"""Milliseconds between two note ids; the ids of a note's cards stand in the gap."""
_YEAR = 365 * 86_400_000
"""Milliseconds over which the note ids of decks spread that are built at one time."""


def derive_namespace(deck: str) -> str:
    """Return the namespace of a deck without an `id`: from its first name, and from then on in the lock."""
    return hashlib.sha256(deck.casefold().encode()).hexdigest()[:12]


def derive_guid(namespace: str, name: Iterable[str]) -> str:
    """Return the guid that a name has in a deck: the same on every machine."""
    digest = hashlib.sha256("\x1f".join((namespace, *name)).encode()).digest()
    return urlsafe_b64encode(digest[:9]).decode()


def new_guid(namespace: str, name: NoteId, taken: set[str]) -> str:
    """Return the guid of a name, or another one if a renamed note carries that on, and add it to `taken`."""
    number, guid = 0, derive_guid(namespace, name)
    while guid in taken:
        number += 1
        guid = derive_guid(namespace, (*name, str(number)))
    taken.add(guid)
    return guid


def new_ids(number: int, namespace: str, now: int, taken: Iterable[int]) -> Iterator[int]:
    """Note ids in milliseconds, ascending, none taken: up to a year before `now`, at a place that the namespace gives.

    Two decks that are built at the same time have their ids far from each other, so that Anki need not give new ones.
    """
    digest = hashlib.sha256(f"{namespace}\x1fids".encode()).digest()
    offset = int.from_bytes(digest[:8]) % (_YEAR // ID_STEP) * ID_STEP
    return iter(sorted(free_ids(number, now * 1000 - offset, taken)))


def free_ids(number: int, end: int, taken: Iterable[int]) -> list[int]:
    """Return note ids that are free: the nearest before `end` or, once there is no positive one, after it."""
    blocks = {block for id_ in taken for block in (id_ // ID_STEP, -(-id_ // ID_STEP))}
    last = end // ID_STEP - 1
    found = list(islice((block for block in range(last, 0, -1) if block not in blocks), number))
    more = (block for block in count(max(last, 0) + 1) if block not in blocks)
    return [block * ID_STEP for block in (*found, *islice(more, number - len(found)))]
