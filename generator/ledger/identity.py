"""What makes a note the same note for Anki: its guid, and its note id with room for the ids of its cards."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator

ID_STEP = 100
"""Milliseconds between two note ids; the ids of a note's cards stand in the gap."""


def derive_namespace(deck: str) -> str:
    """Return the namespace of a deck without an `id`: from its first name, and from then on in the lock."""
    return hashlib.sha256(deck.casefold().encode()).hexdigest()[:12]


def derive_guid(namespace: str, name: Iterable[str]) -> str:
    """Return the guid that a name has in a deck: the same on every machine."""
    digest = hashlib.sha256("\x1f".join((namespace, *name)).encode()).digest()
    return urlsafe_b64encode(digest[:9]).decode()


def new_guid(namespace: str, name: tuple[str, str], taken: set[str]) -> str:
    """Return the guid of a name, or another one if a renamed note carries that on, and add it to `taken`."""
    number, guid = 0, derive_guid(namespace, name)
    while guid in taken:
        number += 1
        guid = derive_guid(namespace, (*name, str(number)))
    taken.add(guid)
    return guid


def new_ids(count: int, now: int, taken: Iterable[int]) -> Iterator[int]:
    """Ids in milliseconds, none taken or in the future: just before now or, without room there, before all others."""
    taken = tuple(taken)
    end = now * 1000
    start = end - count * ID_STEP
    if taken and start <= max(taken) + ID_STEP and end >= min(taken):
        start = min(taken) - (count + 1) * ID_STEP
    return iter(range(start, start + count * ID_STEP, ID_STEP))
