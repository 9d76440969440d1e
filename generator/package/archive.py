"""A package as a zip archive: members of a known size, and nothing that could hang a reader or fill its memory.

Anki ignores the member `aetia.json`. It holds what a package remembers besides notes, so that a lost `deck.lock` can be
restored.
"""

import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MEMORY = "aetia.json"
_FORMAT = 1
_MOST = 512 * 2**20
"""The most bytes of a member that are read."""
_MOST_IN_ALL = 4 * 2**30
"""The most bytes that a package may unpack to, whichever program wrote it."""
_PLAIN_DATABASES = ("collection.anki2", "collection.anki21")
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_BLOCK = 128 * 2**10
"""The most bytes that a block may hold."""
_ZSTD_REPEATED, _ZSTD_COMPRESSED = 1, 2
_SMALL, _DENSE = 32 * 2**20, 100
"""A member that is larger than this many bytes, and this many times its packed size, is taken for an attack."""
_ENCRYPTED = 0x1
_PLAIN_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_STEP, _STEPS, _BYTES_A_STEP = 100_000, 200, 5_000
"""Limits of a database: instructions per step, steps, and the bytes for which it may take one step more."""


class UnreadableError(Exception):
    """A file cannot be read as a package; the message says why."""


@dataclass(frozen=True)
class Memory:
    """What a package remembers besides its notes: the namespace of its guids, numbers by guid, numbers of the deck.

    `fingerprint` stands for what the package was made from; it is empty if the package must be made again. `keys` has,
    by guid, the keys of notes that have no field for it. `files` are those that learners have under their own names.
    """

    namespace: str | None = None
    deck: str = ""
    fingerprint: str = ""
    numbers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    slots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def open_archive(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a package. Raise UnreadableError, also for errors while it is open, or FileNotFoundError."""
    if file.exists() and not file.is_file():
        raise UnreadableError("this is not a file")
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError:
        raise
    except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, RuntimeError, EOFError) as error:
        raise UnreadableError("this file is not an Anki package") from error
    except OSError as error:
        raise UnreadableError(f"this package cannot be read: {error.strerror}") from error


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the bytes of a member. Raise UnreadableError or KeyError."""
    info = archive.getinfo(name)
    if info.flag_bits & _ENCRYPTED or info.compress_type not in _PLAIN_WAYS:
        raise UnreadableError("this package is encrypted, or compressed in a way that Anki does not write")
    if info.file_size > _MOST or (info.file_size > _SMALL and info.file_size > _DENSE * info.compress_size):
        raise UnreadableError(f"`{name}` in this package would unpack to {info.file_size // 2**20} MB")
    return archive.read(info)


def check_sizes(file: Path) -> None:
    """Raise UnreadableError if a package unpacks to more than a machine can hold, or FileNotFoundError.

    Members that Anki packs again with Zstandard are measured without unpacking them.
    """
    left = _MOST_IN_ALL
    with open_archive(file) as archive:
        for name in archive.namelist():
            content = read_member(archive, name)
            size = zstd_size(content) if content.startswith(_ZSTD_MAGIC) else len(content)
            left -= size
            if name in _PLAIN_DATABASES and content.startswith(b"SQLite"):
                with open_database(content):
                    pass  # only plain tables
            if size > _MOST or left < 0:
                raise UnreadableError(f"`{name}` in this package would unpack to too much for a deck")


def zstd_size(content: bytes) -> int:
    """Return the most bytes that Zstandard frames can hold, by the headers of their blocks. Raise UnreadableError."""
    at = size = 0
    try:
        while at < len(content):
            if content[at : at + 4] != _ZSTD_MAGIC:
                raise UnreadableError("this package is damaged")
            head = content[at + 4]
            single, checked = head >> 5 & 1, head >> 2 & 1
            at += 5 + (not single) + (0, 1, 2, 4)[head & 3] + (single, 2, 4, 8)[head >> 6]
            last = 0
            while not last:
                block = int.from_bytes(content[at : at + 3], "little")
                last, kind, length = block & 1, block >> 1 & 3, block >> 3
                size += _ZSTD_BLOCK if kind == _ZSTD_COMPRESSED else length
                at += 3 + (1 if kind == _ZSTD_REPEATED else length)
                if at > len(content):
                    raise UnreadableError("this package is damaged")
            at += 4 * checked
    except IndexError as error:
        raise UnreadableError("this package is damaged") from error
    return size


def read_memory(archive: zipfile.ZipFile) -> Memory:
    """Return what a package remembers, or nothing if another program wrote it. Raise UnreadableError."""
    if MEMORY not in archive.namelist():
        return Memory()
    try:
        data = json.loads(read_member(archive, MEMORY))
        if data.pop("format") > _FORMAT:
            raise UnreadableError("this package was made by a newer Aetia")
        return Memory(
            namespace=None if data["namespace"] is None else _text(data["namespace"]),
            deck=_text(data["deck"]),
            fingerprint=_text(data["fingerprint"]),
            numbers={guid: _numbers(numbers) for guid, numbers in data["numbers"].items()},
            slots={what: _numbers(numbers) for what, numbers in data["slots"].items()},
            keys=_texts(data.get("keys", {})),
            files=_texts(data.get("files", {})),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableError(f"`{MEMORY}` in this package is damaged") from error


def format_memory(memory: Memory) -> bytes:
    """Return the content of the member `aetia.json`."""
    data = {
        "format": _FORMAT,
        "namespace": memory.namespace,
        "deck": memory.deck,
        "fingerprint": memory.fingerprint,
        "slots": {what: dict(numbers) for what, numbers in sorted(memory.slots.items())},
        "numbers": {guid: dict(numbers) for guid, numbers in memory.numbers.items() if numbers},
        **({"keys": dict(memory.keys)} if memory.keys else {}),
        **({"files": dict(sorted(memory.files.items()))} if memory.files else {}),
    }
    return json.dumps(data, ensure_ascii=False).encode()


@contextmanager
def open_database(content: bytes) -> Iterator[sqlite3.Connection]:
    """Open the database of a package in memory. A query that takes too long is stopped.

    Raise UnreadableError if it is damaged or has more than plain tables. Queries raise sqlite3.Error.
    """
    left = _STEPS + len(content) // _BYTES_A_STEP

    def tire() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        del content  # its copy counts from here on
        connection.set_progress_handler(tire, _STEP)
        for kind, made in _schema(connection):
            if kind not in {"table", "index"} or "virtual" in made.casefold() or "generated" in made.casefold():
                raise UnreadableError("the database of this package does more than hold notes")
        yield connection
    finally:
        connection.close()


def _schema(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    try:
        connection.execute("pragma trusted_schema = off")
        return connection.execute("select type, coalesce(sql, '') from sqlite_master").fetchall()
    except sqlite3.DatabaseError as error:
        raise UnreadableError("the database of this package is damaged") from error


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    value.encode()
    return value


def _texts(value: Any) -> dict[str, str]:
    return {_text(key): _text(text) for key, text in value.items()}


def _numbers(value: Any) -> dict[str, int]:
    if any(type(number) is not int or not 0 <= number < 2**31 for number in value.values()):
        raise ValueError
    return {_text(part): number for part, number in value.items()}
