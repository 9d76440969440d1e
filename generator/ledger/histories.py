"""Check that each history stays with its content: find what looks renamed, swapped or mistaken.

Learners' reviews belong to a note, and a note is found by its key. If a key changes, its reviews are lost. If a key
gets other content, its reviews are wrong. The sketches of notes show which notes are alike.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from generator.diagnostics import Diagnostic, Place
from generator.ledger.heal import gave_way
from generator.ledger.lines import Record
from generator.ledger.lock import Lock
from generator.ledger.sketch import hashes_of, likeness
from generator.ledger.stamp import Stamped
from generator.model.deck import Deck
from generator.model.notes import EntryRef, NoteId

_NEAR_KEYS = 80
"""The similarity, out of 100, from which one key is probably a correction of the other."""
_ALIKE = 0.4
"""From this similarity on, two notes say the same."""
_OTHER = 0.15
"""Up to this similarity, a note says something else."""
_MOVED = 0.3
"""If a note resembles another note's old content more than its own by this much, it is that other note."""
_SAME = 0.9
"""From this similarity on, no closer comparison is needed."""
_MOST = 300
"""The most entries that are compared one by one. With more, the deck is a different one."""
_COMMON, _MANY = 0.2, 2
"""A word in more than this share of the notes, and in more than this number of them, does not distinguish notes."""


class _Memories:
    """A lock's memory of the notes of one note type, searchable by content."""

    def __init__(self, notes: Iterable[tuple[NoteId, Record]]) -> None:
        self._notes = dict(notes)

    @cached_property
    def common(self) -> frozenset[str]:
        """The hashes of words that many of the notes have."""
        counts = Counter(hash_ for record in self._notes.values() for hash_ in hashes_of(record.sketch))
        enough = max(_MANY, len(self._notes) * _COMMON)
        return frozenset(hash_ for hash_, count in counts.items() if count > enough)

    @cached_property
    def _by_hash(self) -> dict[str, list[NoteId]]:
        found: dict[str, list[NoteId]] = defaultdict(list)
        for name, record in self._notes.items():
            for hash_ in hashes_of(record.sketch) - self.common:
                found[hash_].append(name)
        return found

    def compare(self, record: Record, name: NoteId) -> float:
        """Return the similarity of a note to a remembered one."""
        old = self._notes[name]
        return 1.0 if record.body == old.body else likeness(record.sketch, old.sketch, self.common)

    def nearest(self, record: Record, among: Collection[NoteId]) -> tuple[float, NoteId] | None:
        """Return the most similar remembered note, and its similarity."""
        shared = Counter(name for hash_ in hashes_of(record.sketch) for name in self._by_hash.get(hash_, ()))
        names = {name for name in shared if name in among}
        names |= {name for name in among if self._notes[name].body == record.body}
        return max(((self.compare(record, name), name) for name in names), default=None)


def _memories(lock: Lock, names: Iterable[NoteId]) -> dict[str, _Memories]:
    """Return the memories of the note types of some notes."""
    kinds = {name.note_type for name in names}
    notes: dict[str, list[tuple[NoteId, Record]]] = {kind: [] for kind in kinds}
    for name, record in lock.notes.items():
        if name.note_type in kinds:
            notes[name.note_type].append((name, record))
    return {kind: _Memories(some) for kind, some in notes.items()}


def find_remembered(stamped: Stamped, other: Lock) -> Iterator[EntryRef]:
    """Yield the entries that are new in a deck although another deck's lock remembers them: same key, same words."""
    for name in stamped.added:
        note, old = stamped.notes.get(name), other.notes.get(name)
        if note and old and likeness(stamped.lock.notes[name].sketch, old.sketch) >= _ALIKE:
            own = (name.key, f"{name.note_type}/{name.key}")
            yield from (entry for entry in note.entries if entry.kind != "categories" and entry.key in own)


def find_mistaken_formers(deck: Deck, before: Lock, stamped: Stamped) -> Iterator[Diagnostic]:
    """Yield a warning for each `was:` that comes too late, because the entry has another history by now."""
    told: set[tuple[Place | None, str]] = set()
    for name, keys in stamped.release.notes.renamed.items():
        for former in (NoteId(name.note_type, key) for key in keys):
            place = _place(deck, stamped, name)
            if former in before.notes and former in stamped.lock.notes and (place, former.key) not in told:
                told.add((place, former.key))
                if place and not gave_way(stamped.lock, name, former):
                    yield Diagnostic(
                        "late-former",
                        f"`{name.key}` has a history of its own, so it can no longer take over that of `{former.key}`",
                        place,
                        hint=f"remove `{former.key}` from its `was`; or give it a new key, with `was: {former.key}`",
                    )


def _probable_rename(deck: Deck, before: Lock, stamped: Stamped) -> Iterator[Diagnostic]:
    """Yield each new entry that has nearly the content or the key of one that is gone."""
    from rapidfuzz import fuzz

    gone = {name for name in stamped.retired if name not in stamped.renamed.values() and name in before.notes}
    memories = _memories(before, gone)
    likely: list[tuple[float, NoteId, NoteId, Place]] = []
    for name in stamped.added[:_MOST] if gone else ():
        among = {former for former in gone if former.note_type == name.note_type}
        if among and (place := _place(deck, stamped, name)):
            record = stamped.lock.notes[name]
            nearest = memories[name.note_type].nearest(record, among)
            if nearest and nearest[0] >= _ALIKE:
                likely.append((*nearest, name, place))
            likely += [
                (_ALIKE - 1, former, name, place)
                for former in among
                if fuzz.ratio(name.key, former.key) >= _NEAR_KEYS and _counts(name.key) == _counts(former.key)
            ]
    taken: set[tuple[str | int, str]] = set()
    for _, former, name, place in sorted(likely, key=lambda found: (-found[0], found[2], found[1])):
        kind = place.keys[1] if place.keys[0] == "notes" else ""  # the notes of a cause are told of once
        if not taken & (both := {(kind, former.key), (kind, name.key)}):
            taken |= both
            yield Diagnostic(
                "probable-rename",
                f"`{name.key}` is new and `{former.key}` is gone, and they look like the same entry; "
                "learners would lose its history",
                place,
                hint=f"add `was: {former.key}` to it; if it is another entry, build with `--retire`",
            )


def _counts(key: str) -> list[str]:
    """Return the numbers in a key. `place-15` is no correction of `place-16`."""
    return re.findall(r"\d+", key)


def _swapped_keys(deck: Deck, before: Lock, stamped: Stamped) -> Iterator[Diagnostic]:
    """Yield each entry that says what another entry said, if that entry is gone or says something else now."""
    renamed = {*stamped.renamed, *stamped.renamed.values()}
    known = [
        name
        for name in stamped.changed
        if name in before.notes
        and name not in renamed
        and likeness(stamped.lock.notes[name].sketch, before.notes[name].sketch) < _SAME
    ]
    memories = _memories(before, known)
    own = {name: memories[name.note_type].compare(stamped.lock.notes[name], name) for name in known}
    strange = [name for name in known if own[name] < 1 - _MOVED and before.notes[name].retired is None]
    free = {name: own.get(name, 0.0) for name in (*strange, *stamped.retired) if name in before.notes}
    told: set[Place] = set()
    for name in strange[:_MOST]:
        among = {other for other in free if other.note_type == name.note_type and other != name}
        nearest = memories[name.note_type].nearest(stamped.lock.notes[name], among)
        place = _place(deck, stamped, name)
        if nearest and place and place not in told and nearest[0] >= _ALIKE:
            score, other = nearest
            if score - own[name] >= _MOVED and score - free[other] >= _MOVED:
                told.add(place)
                yield Diagnostic(
                    "swapped-keys",
                    f"`{name.key}` now says what `{other.key}` said; learners would be asked it with the history of "
                    f"`{name.key}`",
                    place,
                    hint="give each entry its old key again; if the texts are meant to change places, "
                    "build with `--retire`",
                )


def _key_used_again(deck: Deck, before: Lock, stamped: Stamped) -> Iterator[Diagnostic]:
    """Yield each entry with a key that was given up, but with other content."""
    formers = stamped.release.notes.renamed
    back = {name: name for name in stamped.returned if name not in stamped.renamed}
    back |= {name: old for name, old in stamped.renamed.items() if old.key not in formers.get(name, ())}
    memories = _memories(before, back.values())
    told: set[Place] = set()
    for name, old in back.items():
        place = _place(deck, stamped, name)
        if old in before.notes and place and place not in told:
            now, sketch = stamped.lock.notes[name], before.notes[old].sketch
            if sketch not in {"", now.sketch} and memories[old.note_type].compare(now, old) <= _OTHER:
                told.add(place)
                yield Diagnostic(
                    "key-used-again",
                    f"`{name.key}` was the key of an entry that is gone; this entry says something else, and "
                    "would get the history of that one",
                    place,
                    hint="give it another key; if it is the same entry, build with `--retire`",
                )


def _place(deck: Deck, stamped: Stamped, name: NoteId) -> Place | None:
    """Return the place of a note's entry, if the note has the entry's key."""
    for kind, key in stamped.notes[name].entries if name in stamped.notes else ():
        if key == ("/".join(name) if kind == "notes" else name.key):
            if kind == "categories":
                return deck.branch_place(key, on_key=True)
            return deck.place(kind, key, on_key=True)
    return None


HISTORY_CHECKS = (_probable_rename, _swapped_keys, _key_used_again)
