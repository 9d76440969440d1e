"""A package as the archive that it is: members of a known size and nothing that could hang or fill a reader.

`aetia.json` is the member that Anki does not know: what a package remembers besides notes, so that a lost `deck.lock`
can be made up for.
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
"""Bytes of a member that are read."""
_MOST_IN_ALL = 4 * 2**30
"""Bytes that a package of any program may unpack to."""
_PLAIN_DATABASES = ("collection.anki2", "collection.anki21")
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_BLOCK = 128 * 2**10
"""Bytes that a block holds at most."""
_ZSTD_REPEATED, _ZSTD_COMPRESSED = 1, 2
_SMALL, _DENSE = 32 * 2**20, 100
"""A member larger than this that packs so many times as small is made to fill the reader's machine."""
_ENCRYPTED = 0x1
_PLAIN_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_STEP, _STEPS, _BYTES_A_STEP = 100_000, 200, 5_000
"""A database may take so many instructions a step, so many steps, and one step more for each so many bytes."""


class UnreadableError(Exception):
    """Why a file cannot be read as a package."""


@dataclass(frozen=True)
class Memory:
    """What a package remembers besides its notes: the namespace of its guids, numbers by guid, numbers of the deck.

    `fingerprint` is that of what the package was made from, empty if it is to be made again. `keys` are by guid those
    of notes without a field for it, `files` those that learners have under their own names.
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
    """Open a package. Raises UnreadableError, also for what goes wrong while it is open, and FileNotFoundError."""
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
    """Return a member. Raises UnreadableError or KeyError."""
    info = archive.getinfo(name)
    if info.flag_bits & _ENCRYPTED or info.compress_type not in _PLAIN_WAYS:
        raise UnreadableError("this package is encrypted, or compressed in a way that Anki does not write")
    if info.file_size > _MOST or (info.file_size > _SMALL and info.file_size > _DENSE * info.compress_size):
        raise UnreadableError(f"`{name}` in this package would unpack to {info.file_size // 2**20} MB")
    return archive.read(info)


def check_sizes(file: Path) -> None:
    """See that a package of any program unpacks to what a machine can hold. Raises UnreadableError, FileNotFoundError.

    What Anki packs once more, by Zstandard, is measured without being unpacked.
    """
    left = _MOST_IN_ALL
    with open_archive(file) as archive:
        for name in archive.namelist():
            content = read_member(archive, name)
            size = zstd_size(content) if content.startswith(_ZSTD_MAGIC) else len(content)
            left -= size
            if name in _PLAIN_DATABASES and content.startswith(b"SQLite"):
                with open_database(content):
                    pass  # it holds plain tables
            if size > _MOST or left < 0:
                raise UnreadableError(f"`{name}` in this package would unpack to too much for a deck")


def zstd_size(content: bytes) -> int:
    """Return how many bytes Zstandard frames hold at most, by the heads of their blocks. Raises UnreadableError."""
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
    """Return what a package remembers; nothing if another program made it. Raises UnreadableError."""
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
    """Return the member that remembers."""
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
    """Open the database of a package in memory; it holds plain tables, and a query that takes too long is given up.

    Raises UnreadableError, and sqlite3.Error from queries.
    """
    left = _STEPS + len(content) // _BYTES_A_STEP

    def tire() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        connection.set_progress_handler(tire, _STEP)
        connection.execute("pragma trusted_schema = off")
        for kind, made in connection.execute("select type, coalesce(sql, '') from sqlite_master"):
            if kind not in {"table", "index"} or "virtual" in made.casefold() or "generated" in made.casefold():
                raise UnreadableError("the database of this package does more than hold notes")
        yield connection
    finally:
        connection.close()


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
