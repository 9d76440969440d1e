"""A package is an archive with one member more than Anki knows, and a hostile one is refused before it does harm."""

import json
import sqlite3
import struct
import time
import zipfile

import pytest
from conftest import MINIMAL, NOW

from generator.cards.foreign import show_foreign
from generator.diagnostics import Diagnostic
from generator.package.fingerprint import current_mark
from generator.package.read import load_package

LIST = """\
deck: Rivers
id: rivers-1
finding: {name: Flood, effect: raise the river}
cards: {add: [blanks]}
categories:
  rain: {name: Rain, listed: true, children: {north: North, south: South, east: East}}
"""


def members(package):
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(package, **changed):
    """Write a package anew with other members; None leaves one out."""
    content = {**members(package), **{name.replace("__", "."): data for name, data in changed.items()}}
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            if data is not None:
                archive.writestr(name, data)


def altered(package, *statements):
    """The database of a package after some SQL."""
    database = sqlite3.connect(":memory:")
    database.deserialize(members(package)["collection.anki2"])
    for statement in statements:
        database.execute(statement)
    database.commit()
    content = database.serialize()
    database.close()
    return content


def test_package_says_whose_it_is_and_which_number_each_part_has(build_deck):
    built = build_deck(LIST)
    memory = json.loads(members(built.package)["aetia.json"])
    assert memory["format"] == 1
    assert (memory["namespace"], memory["deck"]) == ("rivers-1", "Rivers")
    lock = built.prepared.stamped.lock
    record = lock.notes["list", "rain/blanks"]
    assert memory["numbers"][record.guid] == {"north": 1, "south": 2, "east": 3}


def test_anki_takes_a_package_with_the_member_as_without_it(build_deck, anki_import):
    package = build_deck(LIST).package
    whole = anki_import(package)
    rewrite(package, aetia__json=None)
    bare = anki_import(package)
    assert whole.counts == bare.counts
    for query in ("id, guid, mid, mod, tags, flds from notes", "id, nid, ord, due from cards"):
        rows = [imported.collection.db.all(f"select {query} order by id") for imported in (whole, bare)]
        assert rows[0] == rows[1]
    assert whole.collection.media.check().unused == []
    assert anki_import(package, whole.collection).counts == (0, 0, whole.counts[0], 0)


def test_fingerprint_of_another_make_or_in_a_damaged_package_is_none(build_deck):
    built = build_deck(MINIMAL)
    folder = built.prepared.deck.folder
    assert current_mark(built.package, folder)
    content = built.package.read_bytes()
    for damaged in (content[:-40], b"", b"PK\5\6" + bytes(18), content[: len(content) // 2]):
        built.package.write_bytes(damaged)
        assert not current_mark(built.package, folder)
    built.package.write_bytes(content)
    rewrite(built.package, aetia__json=None)
    assert not current_mark(built.package, folder)


RECURSIVE = (
    "with recursive n(x) as (select 1 union all select x + 1 from n) "
    "select x as id, x as guid, x as mid, x as mod, '' as tags, '' as flds from n"
)
HOSTILE = {
    "recursive view": ("drop table notes", f"create view notes as {RECURSIVE}"),
    "trigger": ("create trigger t after update on notes begin delete from cards; end",),
    "virtual table": ("create virtual table more using fts5(words)",),
    "models are a list": ("update col set models = '[]'",),
    "models are deep": (f"update col set models = '{'[' * 100_000}'",),
    "field is a blob": ("update notes set flds = x'00ff'",),
    "guid is a blob": ("update notes set guid = x'05'",),
}


@pytest.mark.parametrize("statements", HOSTILE.values(), ids=HOSTILE)
def test_database_that_does_more_than_hold_notes_is_refused_at_once(build_deck, statements):
    package = build_deck(MINIMAL).package
    rewrite(package, collection__anki2=altered(package, *statements))
    start = time.process_time()
    assert isinstance(load_package(package, show_foreign), Diagnostic)
    assert time.process_time() - start < 5


@pytest.mark.slow
@pytest.mark.parametrize("member", ["collection__anki2", "aetia__json"])
def test_bomb_is_refused_before_it_unpacks(build_deck, member):
    built = build_deck(MINIMAL)
    rewrite(built.package, **{member: bytes(600 * 2**20)})
    assert built.package.stat().st_size < 2**20
    found = load_package(built.package, show_foreign)
    assert isinstance(found, Diagnostic)
    assert "would unpack to 600 MB" in found.message
    assert bool(current_mark(built.package, built.prepared.deck.folder)) == (member != "aetia__json")


def test_encrypted_package_is_refused(build_deck):
    package = build_deck(MINIMAL).package
    content = bytearray(package.read_bytes())
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = content.find(mark)
        while start >= 0:
            flags = struct.unpack_from("<H", content, start + offset)[0]
            struct.pack_into("<H", content, start + offset, flags | 1)
            start = content.find(mark, start + 1)
    package.write_bytes(content)
    found = load_package(package, show_foreign)
    assert isinstance(found, Diagnostic)
    assert "encrypted" in found.message


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"no zip at all"])
def test_build_goes_on_over_a_damaged_package(build_deck, content):
    built = build_deck(MINIMAL)
    whole = built.package.read_bytes()
    built.package.write_bytes(content)
    assert build_deck(built.prepared.deck.folder, now=NOW + 100).package.read_bytes() == whole


@pytest.mark.parametrize(
    "memory", [b"", b"[]", b'{"format": 1}', b'{"format": "x"}', b"[" * 100_000, b'{"format": 99}'],
    ids=["empty", "list", "no keys", "text", "deep", "newer"],
)  # fmt: skip
def test_damaged_memory_is_told(build_deck, memory):
    package = build_deck(MINIMAL).package
    rewrite(package, aetia__json=memory)
    assert isinstance(load_package(package, show_foreign), Diagnostic)


def test_package_damaged_anywhere_is_read_or_refused(build_deck):
    package = build_deck(MINIMAL).package
    whole = package.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 300)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        package.write_bytes(damaged)
        load_package(package, show_foreign, with_media=True)
