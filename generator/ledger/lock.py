"""`deck.lock`: the memory of a deck, one note a line, made to be merged by git."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.diagnostics import Diagnostic, Place
from generator.files import write_whole

VERSION = 1
FILE_NAME = "deck.lock"
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
    """What is remembered of a note type: its id, the hash of its content and when that last changed."""

    id: int
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
        """The latest time in the lock."""
        times = (record.modified for group in (self.notes, self.note_types) for record in group.values())
        return max(times, default=0)


def read_lock(folder: Path) -> tuple[Lock | None, tuple[Diagnostic, ...]]:
    """Return the lock of a deck, None if it has none, and what is wrong with it."""
    file = folder / FILE_NAME
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None, ()
    except (OSError, UnicodeDecodeError) as error:
        return None, (_refuse(file, 1, "damaged-lock", f"this lock cannot be read: {error}", _RESTORE),)
    for number, line in enumerate(lines, 1):
        if line.startswith(_CONFLICT_MARKS):
            hint = "run `git checkout --ours deck.lock` (or `--theirs`) in this folder and build; either is repaired"
            return None, (
                _refuse(file, number, "conflict-in-lock", "this lock holds the marks of a git conflict", hint),
            )
    lock: Lock | None = None
    notes: dict[NoteName, Record] = {}
    note_types: dict[str, NoteTypeRecord] = {}
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            if number == 1:
                if entry["aetia-lock"] > VERSION:
                    message = (
                        f"this lock was written by a newer Aetia (format {entry['aetia-lock']}, known is {VERSION})"
                    )
                    return None, (_refuse(file, 1, "lock-from-the-future", message, "upgrade aetia"),)
                lock = Lock(entry["namespace"], entry["deck"])
            elif "note-type" in entry:
                note_type = entry.pop("note-type")
                note_types[note_type] = NoteTypeRecord(**entry)
            else:
                name = entry.pop("note"), entry.pop("key")
                notes[name] = Record(**entry)
        except (ValueError, KeyError, TypeError):
            return None, (_refuse(file, number, "damaged-lock", "this line is not one of a lock", _RESTORE),)
    if lock is None:
        return None, (_refuse(file, 1, "damaged-lock", "this lock is empty", _RESTORE),)
    return replace(lock, notes=notes, note_types=note_types), ()


def write_lock(folder: Path, lock: Lock) -> None:
    """Write the lock of a deck in one step; leave the file alone if nothing changed."""
    content = format_lock(lock).encode()
    file = folder / FILE_NAME
    if not file.exists() or file.read_bytes() != content:
        write_whole(file, content)


def format_lock(lock: Lock) -> str:
    """Return the text of a lock."""
    lines = [{"aetia-lock": VERSION, "namespace": lock.namespace, "deck": lock.deck}]
    for key, note_type in sorted(lock.note_types.items()):
        lines.append({"note-type": key, **{n: getattr(note_type, n) for n in NoteTypeRecord.__slots__}})
    for (kind, key), record in sorted(lock.notes.items()):
        entry: dict[str, object] = {"note": kind, "key": key}
        entry |= {name: getattr(record, name) for name in ("guid", "id", "hash", "body", "modified")}
        if record.ordinals:
            entry["ordinals"] = dict(record.ordinals)
        if record.retired is not None:
            entry["retired"] = record.retired
        lines.append(entry)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


_RESTORE = "restore the file from git (`git checkout deck.lock`); without it every learner's cards would be duplicated"


def _refuse(file: Path, line: int, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, message, Place(file, line=line, column=1), hint=hint)
