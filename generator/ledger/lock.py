"""`deck.lock`: the memory of a deck, one note a line, made to be merged by git.

Lines may stand in any order and twice, as a merge leaves them: of two lines for one note the newer is the memory.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.diagnostics import Diagnostic, Place
from generator.files import is_inside, write_whole

VERSION = 1
FILE_NAME = "deck.lock"
MAX_BYTES = 256 * 2**20
"""The largest lock that is read; that of half a million notes fits."""
_CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")

NoteName = tuple[str, str]
"""Note type and key: what names a note for good."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of a note.

    `hash` is that of the whole content, `body` that of the content without the key. Times are in seconds since 1970;
    `modified` is when the content last changed. `ordinals` are cloze numbers by part, in the order of the parts; parts
    that left follow at the end.
    """

    guid: str
    id: int
    hash: str
    body: str
    modified: int
    ordinals: Mapping[str, int] = field(default_factory=dict)
    retired: int | None = None


@dataclass(frozen=True, slots=True)
class NoteTypeRecord:
    """What is remembered of a note type: the schema that Anki compares, the hash of its content, the last change.

    `fields` and `cards` are the ids of fields and card templates, in their order.
    """

    id: int
    name: str
    cloze: bool
    fields: tuple[int, ...]
    cards: tuple[int, ...]
    sort_field: int
    hash: str
    modified: int


@dataclass(frozen=True)
class Lock:
    """The memory of one deck. `namespace` went into the guids and never changes again."""

    namespace: str
    deck: str
    notes: Mapping[NoteName, Record] = field(default_factory=dict)
    note_types: Mapping[str, NoteTypeRecord] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        """The latest time that a note in the lock changed."""
        return max((record.modified for record in self.notes.values()), default=0)


class _Refused(Exception):  # noqa: N818  # a reason, caught in this module
    """Why a line is not one of a lock that can be built on: code, message, hint."""


def read_lock(place: Path) -> tuple[Lock | None, tuple[Diagnostic, ...]]:
    """Return the lock of a deck, None if it has none, and what is wrong with it. `place` is its folder or the lock."""
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
        for line in lines:
            reader.read(line)
        return reader.lock(), ()
    except _Refused as refused:
        code, message, hint = refused.args
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        code, message, hint = "damaged-lock", "this line is not one of a lock", _RESTORE
    return None, (Diagnostic(code, message, Place(file, line=reader.line, column=1), hint=hint),)


def _refuse_file(file: Path) -> Diagnostic | None:
    """What is wrong with a lock that is not even opened."""
    place = Place(file, closed=True)
    if not is_inside(file.parent, file):
        message = "this lock is a link that leads out of its folder"
        return Diagnostic("outside-deck", message, place, hint="put a copy of the file in its place")
    if file.exists() and (not file.is_file() or file.stat().st_size > MAX_BYTES):
        message = f"this lock cannot be read: it is no file, or larger than {MAX_BYTES // 2**20} MB"
        return Diagnostic("damaged-lock", message, place, hint=_RESTORE)
    return None


def write_lock(place: Path, lock: Lock) -> None:
    """Write the lock of a deck in one step; leave the file alone if nothing changed."""
    content = format_lock(lock).encode()
    file = lock_file(place)
    if not file.exists() or file.read_bytes() != content:
        write_whole(file, content)


def lock_file(place: Path) -> Path:
    """Return the lock at a place: in the folder of a deck, or the place itself."""
    return place / FILE_NAME if place.is_dir() else place


def format_lock(lock: Lock) -> str:
    """Return the text of a lock."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in _lines(lock))


def _lines(lock: Lock) -> Iterator[dict[str, Any]]:
    yield {"aetia-lock": VERSION, "namespace": lock.namespace, "deck": lock.deck}
    for key, note_type in sorted(lock.note_types.items()):
        yield {"note-type": key, **asdict(note_type)}
    for (kind, key), record in sorted(lock.notes.items()):
        entry: dict[str, Any] = {"note": kind, "key": key}
        entry |= {name: getattr(record, name) for name in ("guid", "id", "hash", "body", "modified")}
        if record.ordinals:
            entry["ordinals"] = dict(record.ordinals)
        if record.retired is not None:
            entry["retired"] = record.retired
        yield entry


class _Reader:
    """A lock while it is read. Raises _Refused, or what Python raises for a line that is not one of a lock."""

    def __init__(self) -> None:
        self.line = 0
        self._header: tuple[str, str] | None = None
        self._notes: dict[NoteName, Record] = {}
        self._note_types: dict[str, NoteTypeRecord] = {}

    def lock(self) -> Lock:
        if self._header is None:
            raise _Refused("damaged-lock", "this lock is empty", _RESTORE)
        return Lock(*self._header, self._notes, self._note_types)

    def read(self, line: str) -> None:
        self.line += 1
        if line.startswith(_CONFLICT_MARKS):
            raise _Refused("conflict-in-lock", "this lock holds the marks of a git conflict", _HEAL)
        if line.strip():
            self._add(json.loads(line))

    def _add(self, entry: dict[str, Any]) -> None:
        if "aetia-lock" in entry:
            self._add_header(entry)
        elif self._header is None:
            raise _Refused("damaged-lock", "this lock does not begin with its header", _RESTORE)
        elif "note-type" in entry:
            self._add_note_type(entry.pop("note-type"), entry)
        else:
            self._add_note((entry.pop("note"), entry.pop("key")), Record(**entry))

    def _add_header(self, entry: dict[str, Any]) -> None:
        if entry["aetia-lock"] > VERSION:
            message = f"this lock was written by a newer Aetia (format {entry['aetia-lock']}, known is {VERSION})"
            raise _Refused("lock-from-the-future", message, "upgrade aetia; nothing was changed")
        header = entry["namespace"], entry["deck"]
        _texts(*header)
        if self._header and self._header[0] != header[0]:
            message = f"this lock holds two decks: `{self._header[0]}` and `{header[0]}`"
            raise _Refused("damaged-lock", message, "take one side: `git checkout --ours deck.lock`")
        self._header = self._header or header

    def _add_note_type(self, key: str, entry: dict[str, Any]) -> None:
        new = NoteTypeRecord(**{**entry, "fields": tuple(entry["fields"]), "cards": tuple(entry["cards"])})
        _texts(key, new.name, new.hash)
        _numbers(new.id, new.modified, new.sort_field, *new.fields, *new.cards)
        old = self._note_types.get(key)
        self._note_types[key] = new if old is None or old.modified <= new.modified else old

    def _add_note(self, name: NoteName, record: Record) -> None:
        _texts(*name, record.guid, record.hash, record.body, *record.ordinals)
        _numbers(record.id, record.modified, record.retired or 0, *record.ordinals.values())
        known = self._notes.get(name)
        self._notes[name] = newer(known, record) if known else record


def newer(one: Record, other: Record) -> Record:
    """Return what two memories of one note come to: the later of the two, with the cloze numbers of both."""
    old, new = sorted((one, other), key=lambda record: (record.modified, record.hash, -record.id))
    taken = set(new.ordinals.values())
    more = {part: n for part, n in old.ordinals.items() if part not in new.ordinals and n not in taken}
    return replace(new, ordinals={**new.ordinals, **more})


def _texts(*values: Any) -> None:
    for value in values:
        value.encode()  # a lone surrogate could not be written again


def _numbers(*values: Any) -> None:
    if not all(type(value) is int for value in values):
        raise TypeError


_HEAL = (
    "delete the lines with the marks, keep the lines of both sides and build: what stands twice is joined. "
    "Or take one side (`git checkout --ours deck.lock`); the next build repairs it"
)
_RESTORE = (
    "restore the file from git (`git checkout deck.lock`), or delete it and build with `--recover` and the last package"
)
