"""`deck.lock`: the memory of a deck, one line per note, made to be merged by git.

Lines may be in any order and appear twice, as after a merge. Of two lines for one note, the newer counts.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from generator.diagnostics import Diagnostic, Place
from generator.files import is_inside, write_whole
from generator.ledger.lines import (
    MIGRATIONS,
    NoteTypeRecord,
    Record,
    UnknownKeyError,
    read_file,
    read_header,
    read_note,
    read_note_type,
    read_slots,
    write_file,
    write_header,
    write_note,
    write_note_type,
    write_slots,
)
from generator.model.notes import NoteId

FILE_NAME = "deck.lock"
MAX_BYTES = 256 * 2**20
"""The largest lock that is read. Half a million notes fit."""
FORMERS = 3
"""How many former parts of a number that another part took over are remembered, in case a merge restores one."""
_Memory = TypeVar("_Memory", Record, NoteTypeRecord)
_CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


@dataclass(frozen=True)
class Lock:
    """The memory of one deck. `namespace` is part of the guids and never changes.

    `slots` are permanent numbers that belong to the deck and not to a note, by what they number. `files` are those that
    learners have under their own names, each with the name derived from its content. If the content changes, the file
    gets a new name.
    """

    namespace: str
    deck: str
    notes: Mapping[NoteId, Record] = field(default_factory=dict)
    note_types: Mapping[str, NoteTypeRecord] = field(default_factory=dict)
    slots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        """The latest time at which a note or note type in the lock changed."""
        notes = (record.modified for record in self.notes.values())
        return max((*notes, *(note_type.modified for note_type in self.note_types.values())), default=0)

    @property
    def numbers(self) -> Mapping[NoteId, Mapping[str, int]]:
        """The numbers of the parts of each note, including those that are gone."""
        return {name: record.numbers for name, record in self.notes.items()}


class _Refused(Exception):  # noqa: N818  # a reason, caught in this module
    """A lock cannot be used because of a line: code, message, hint."""


def read_lock(place: Path) -> tuple[Lock | None, tuple[Diagnostic, ...]]:
    """Return the lock of a deck, or None, and what is wrong with it. `place` is the deck's folder or the lock."""
    file = lock_file(place)
    if fault := _refuse_file(file):
        return None, (fault,)
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        return None, ()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        return None, (
            Diagnostic("damaged-lock", f"this lock cannot be read: {reason}", Place(file, closed=True), hint=_RESTORE),
        )
    reader = _Reader()
    try:
        return reader.all(lines), ()
    except _Refused as refused:
        code, message, hint = refused.args
    except UnknownKeyError as error:
        code, message, hint = "lock-from-the-future", str(error), "upgrade aetia; nothing was changed"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        code, message, hint = "damaged-lock", "this is not a line of a lock", _RESTORE
    return None, (Diagnostic(code, message, Place(file, line=reader.line, column=1), hint=hint),)


def _refuse_file(file: Path) -> Diagnostic | None:
    """Return what is wrong with a lock that must not be opened."""
    place = Place(file, closed=True)
    if not is_inside(file.parent, file):
        message = "this lock is a link that leads out of its folder"
        return Diagnostic("outside-deck", message, place, hint="put a copy of the file in its place")
    if file.exists() and (not file.is_file() or file.stat().st_size > MAX_BYTES):
        message = f"this lock cannot be read: it is not a file, or it is larger than {MAX_BYTES // 2**20} MB"
        return Diagnostic("damaged-lock", message, place, hint=_RESTORE)
    return None


def parse_lock(text: str) -> Lock | None:
    """Return the lock in a text, or None if it is not a lock."""
    try:
        return _Reader().all(text.split("\n"))
    except (_Refused, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def write_lock(place: Path, lock: Lock) -> None:
    """Write the lock of a deck in one step, unless nothing changed."""
    content = format_lock(lock).encode()
    file = lock_file(place)
    if not file.exists() or file.read_bytes() != content:
        write_whole(file, content)


def lock_file(place: Path) -> Path:
    """Return the path of the lock: in the deck's folder, or `place` itself."""
    return place / FILE_NAME if place.is_dir() else place


def format_lock(lock: Lock) -> str:
    """Return the text of a lock."""
    write = json.JSONEncoder(ensure_ascii=False).encode
    return "".join(write(line) + "\n" for line in _lines(lock))


def _lines(lock: Lock) -> Iterator[dict[str, Any]]:
    yield write_header(lock)
    yield from (write_slots(name, numbers) for name, numbers in sorted(lock.slots.items()))
    yield from (write_file(name, packed) for name, packed in sorted(lock.files.items()))
    yield from (write_note_type(key, note_type) for key, note_type in sorted(lock.note_types.items()))
    yield from (write_note(name, record) for name, record in sorted(lock.notes.items()))


class _Reader:
    """Reads a lock. Raises _Refused, or Python's own errors for a line that does not belong in a lock."""

    def __init__(self) -> None:
        self.line = 0
        self._version = 1
        self._header: dict[str, Any] | None = None
        self._notes: dict[NoteId, Record] = {}
        self._note_types: dict[str, NoteTypeRecord] = {}
        self._slots: dict[str, dict[str, int]] = {}
        self._files: dict[str, str] = {}

    def all(self, lines: Iterable[str]) -> Lock:
        for line in lines:
            self.read(line)
        if self._header is None:
            raise _Refused("damaged-lock", "this lock is empty", _RESTORE)
        slots = {name: _settle(numbers) for name, numbers in self._slots.items()}
        parts: dict[str, Any] = {
            "notes": self._notes,
            "note_types": self._note_types,
            "slots": slots,
            "files": self._files,
        }
        return Lock(**self._header, **parts)

    def read(self, line: str) -> None:
        self.line += 1
        if line.startswith(_CONFLICT_MARKS):
            raise _Refused("conflict-in-lock", "this lock contains the marks of a git conflict", _HEAL)
        if line.strip():
            self._add(json.loads(line))

    def _add(self, entry: dict[str, Any]) -> None:
        if "aetia-lock" in entry:
            self._add_header(entry)
            return
        if self._header is None:
            raise _Refused("damaged-lock", "this lock does not begin with its header", _RESTORE)
        for migrate in MIGRATIONS[self._version - 1 :]:
            entry = migrate(entry)
        if "note-type" in entry:
            key, note_type = read_note_type(entry)
            there = self._note_types.get(key)
            self._note_types[key] = _later(there, note_type)[1] if there else note_type
        elif "note" in entry:
            name, record = read_note(entry)
            known = self._notes.get(name)
            self._notes[name] = newer(known, record) if known else record
        elif "file" in entry:
            self._files.update([read_file(entry)])
        elif "slots" in entry:
            what, numbers = read_slots(entry)
            both = self._slots.setdefault(what, {})
            both |= {part: min(number, both.get(part, number)) for part, number in numbers.items()}
        else:
            raise UnknownKeyError(f"this line has `{min(entry)}`, which only a newer Aetia knows")

    def _add_header(self, entry: dict[str, Any]) -> None:
        self._version, header = read_header(entry)
        self._header = self._header or header
        if self._header["namespace"] != header["namespace"]:
            message = f"this lock holds two decks: `{self._header['namespace']}` and `{header['namespace']}`"
            raise _Refused("damaged-lock", message, "take one side: `git checkout --ours deck.lock`")


def newer(one: Record, other: Record) -> Record:
    """Return the memory of a note from two lines: the later of the two, with the cloze numbers of both."""
    old, new = _later(one, other)
    return replace(new, numbers=remember(new.numbers, old.numbers))


def _later(one: _Memory, other: _Memory) -> tuple[_Memory, _Memory]:
    """Return two memories of one thing, the later one last. If both have the same time, it gets one second more.

    Otherwise learners who have the other content of that time would keep it.
    """
    old, new = sorted((one, other), key=lambda memory: (memory.modified, memory.hash, -memory.id, repr(memory)))
    tied = old.modified == new.modified and old.hash != new.hash
    return old, replace(new, modified=new.modified + 1) if tied else new


def remember(numbers: Mapping[str, int], former: Mapping[str, int]) -> dict[str, int]:
    """Return numbers by part, then those of the parts that are gone.

    If a part took over a number, the last few parts that had it before are remembered too.
    """
    left = {part: number for part, number in former.items() if part not in numbers}
    taken = set(numbers.values())
    replaced = dict(islice(((part, n) for part, n in left.items() if n in taken), FORMERS * len(taken)))
    return dict(numbers) | {part: n for part, n in left.items() if part in replaced or n not in taken}


def _settle(numbers: Mapping[str, int]) -> dict[str, int]:
    """Settle the deck's numbers after a merge: of two parts with one number, the first by name keeps it."""
    by_number: dict[int, str] = {}
    for part, number in sorted(numbers.items()):
        by_number.setdefault(number, part)
    return {part: number for number, part in sorted(by_number.items())}


_HEAL = (
    "delete the lines with the marks, keep the lines of both sides and build: the build joins duplicates. "
    "One side alone would lack the notes that the other added"
)
_RESTORE = (
    "restore the file from git (`git checkout deck.lock`), or delete it and build with `--recover` and the last package"
)
