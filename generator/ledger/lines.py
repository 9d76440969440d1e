"""The lines of `deck.lock`: one description for both reading and writing.

A line is a JSON object. Its first key says what the line is about. The other keys are described here, each with the
function that reads or refuses its value, and the default value, which is not written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.model.notes import NoteId

VERSION = 1
MIGRATIONS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = ()
"""Functions that convert a line of format 1 to format 2, and so on, one for each format before `VERSION`."""
_HIGHEST = 2**53
"""The highest number in a lock. It is far above every time and id, and exact in any JSON parser."""

_REQUIRED: Any = object()


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of a note.

    `hash` is the hash of the whole content, `body` that without the key, `sketch` the sketch of its words. Times are in
    seconds since 1970; `modified` is when the content last changed. `cards` are the ordinals of its cards. `numbers`
    are cloze numbers by part, in the order of the parts; parts that are gone follow at the end.
    """

    guid: str
    id: int
    hash: str
    body: str
    modified: int
    numbers: Mapping[str, int] = field(default_factory=dict)
    cards: tuple[int, ...] = ()
    sketch: str = ""
    retired: int | None = None


@dataclass(frozen=True, slots=True)
class NoteTypeRecord:
    """What is remembered of a note type: the schema that Anki compares, the hash of its content, its last change.

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


class UnknownKeyError(ValueError):
    """A line has something that a newer Aetia wrote."""


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    value.encode()  # a lone surrogate could not be written again
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    if not 0 <= value <= _HIGHEST:
        raise ValueError
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError
    return value


def _row(value: Any) -> tuple[int, ...]:
    if type(value) is not list:
        raise TypeError
    return tuple(map(_number, value))


def _numbered(value: Any) -> dict[str, int]:
    if type(value) is not dict:
        raise TypeError
    numbered = {_text(part): _number(number) for part, number in value.items()}
    if not all(numbered.values()):
        raise ValueError  # parts are counted from 1
    return numbered


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of a line: the function that reads its value, and the value of a key that is not written."""

    name: str
    read: Callable[[Any], Any]
    missing: Any = _REQUIRED


HEADER = (
    _Key("namespace", _text),
    _Key("deck", _text),
)
NOTE = (
    _Key("guid", _text),
    _Key("id", _number),
    _Key("hash", _text),
    _Key("body", _text),
    _Key("sketch", _text, ""),
    _Key("modified", _number),
    _Key("cards", _row, ()),
    _Key("numbers", _numbered, {}),
    _Key("retired", _number, None),
)
NOTE_TYPE = (
    _Key("id", _number),
    _Key("name", _text),
    _Key("cloze", _flag),
    _Key("fields", _row),
    _Key("cards", _row),
    _Key("sort_field", _number),
    _Key("hash", _text),
    _Key("modified", _number),
)


def read_note(line: dict[str, Any]) -> tuple[NoteId, Record]:
    """Return the note of a line. Raise ValueError, KeyError or TypeError if it is not one."""
    name = NoteId(_text(line.pop("note")), _text(line.pop("key")))
    return name, Record(**_read(line, NOTE))


def write_note(name: NoteId, record: Record) -> dict[str, Any]:
    """Return the line of a note."""
    return {"note": name.note_type, "key": name.key, **_write(record, NOTE)}


def read_note_type(line: dict[str, Any]) -> tuple[str, NoteTypeRecord]:
    """Return the note type of a line. Raise ValueError, KeyError or TypeError if it is not one."""
    return _text(line.pop("note-type")), NoteTypeRecord(**_read(line, NOTE_TYPE))


def write_note_type(key: str, record: NoteTypeRecord) -> dict[str, Any]:
    """Return the line of a note type."""
    return {"note-type": key, **_write(record, NOTE_TYPE)}


def read_slots(line: dict[str, Any]) -> tuple[str, dict[str, int]]:
    """Return numbers of the deck and what they number. Raise ValueError, KeyError or TypeError for another line."""
    name = _text(line.pop("slots"))
    numbers: dict[str, int] = _read(line, (_Key("numbers", _numbered),))["numbers"]
    return name, numbers


def write_slots(name: str, numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return the line of numbers of the deck."""
    return {"slots": name, "numbers": dict(numbers)}


def read_file(line: dict[str, Any]) -> tuple[str, str]:
    """Return a file that learners have under its own name, and the name derived from its content."""
    return _text(line.pop("file")), _text(_read(line, (_Key("packed", _text),))["packed"])


def write_file(name: str, packed: str) -> dict[str, Any]:
    """Return the line of a file that learners have under its own name."""
    return {"file": name, "packed": packed}


def read_header(line: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Return the format and the facts about the deck. Raise ValueError, KeyError or TypeError for another line."""
    version = _number(line.pop("aetia-lock"))
    if version > VERSION:
        raise UnknownKeyError(
            f"this lock was written by a newer Aetia (format {version}; this version reads {VERSION})"
        )
    return max(version, 1), _read(line, HEADER)


def write_header(lock: object) -> dict[str, Any]:
    """Return the first line of a lock."""
    return {"aetia-lock": VERSION, **_write(lock, HEADER)}


def _read(line: Mapping[str, Any], keys: tuple[_Key, ...]) -> dict[str, Any]:
    if unknown := line.keys() - {key.name for key in keys}:
        raise UnknownKeyError(f"this line has `{min(unknown)}`, which only a newer Aetia knows")
    return {k.name: k.read(line[k.name]) if k.name in line or k.missing is _REQUIRED else k.missing for k in keys}


def _write(record: object, keys: tuple[_Key, ...]) -> dict[str, Any]:
    return {key.name: value for key in keys if (value := getattr(record, key.name)) != key.missing}
