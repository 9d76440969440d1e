"""deck.lock: what is wrong with it is said, and what a merge left is healed."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import get_type_hints

import pytest
from conftest import MINIMAL, NOW
from hypothesis import given
from hypothesis import strategies as st

from generator.ledger.heal import heal
from generator.ledger.lines import NoteTypeRecord, Record
from generator.ledger.lock import Lock, format_lock, newer, read_lock, write_lock
from generator.ledger.stamp import stamp
from generator.model.notes import NoteId
from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress

SIADH = NoteId("cause", "siadh")
THIAZIDES = NoteId("cause", "thiazides")


def refusal(folder):
    """The one diagnostic that the lock gives; the build stops and leaves the lock as it is."""
    before = (folder / "deck.lock").read_bytes()
    built, findings = build_package(folder, folder / "deck.apkg", NOW + 50, no_progress)
    assert built is None
    assert not (folder / "deck.apkg").exists()
    assert (folder / "deck.lock").read_bytes() == before
    (diagnostic,) = findings.diagnostics
    return diagnostic, findings.positions[diagnostic.place]


def test_lock_has_one_note_a_line_in_a_fixed_order(build_deck):
    folder = build_deck(MINIMAL).prepared.deck.folder
    lines = [json.loads(line) for line in (folder / "deck.lock").read_text().splitlines()]
    assert lines[0]["aetia-lock"] == 1
    assert [line["key"] for line in lines if "note" in line] == ["siadh", "thiazides"]


def test_lock_with_conflict_marks_says_how_to_heal_it(build_deck):
    folder = build_deck(MINIMAL).prepared.deck.folder
    lines = (folder / "deck.lock").read_text().splitlines()
    (folder / "deck.lock").write_text("\n".join((*lines[:-1], "<<<<<<< HEAD", lines[-1], "=======", ">>>>>>> other")))
    diagnostic, position = refusal(folder)
    assert diagnostic.code == "conflict-in-lock"
    assert position.line == len(lines)
    assert "keep the lines of both sides" in diagnostic.hint


def test_lock_of_a_newer_format_is_refused(build_deck):
    folder = build_deck(MINIMAL).prepared.deck.folder
    text = (folder / "deck.lock").read_text()
    (folder / "deck.lock").write_text(text.replace('"aetia-lock": 1', '"aetia-lock": 2'))
    diagnostic, _ = refusal(folder)
    assert diagnostic.code == "lock-from-the-future"
    assert "upgrade" in diagnostic.hint


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda _: "\n", id="blank"),
        pytest.param(lambda text: text[: len(text) // 2], id="cut off"),
        pytest.param(lambda text: text.partition("\n")[2], id="without header"),
        pytest.param(lambda text: text + "[]\n", id="list"),
        pytest.param(lambda text: text + "7\n", id="number"),
        pytest.param(lambda text: text + '"note"\n', id="text"),
        pytest.param(lambda text: text + "[" * 100_000 + "\n", id="deep"),
        pytest.param(lambda text: text.replace('"modified": 1', '"modified": "1', 1), id="unclosed"),
        pytest.param(lambda text: text.replace('"id": ', '"id": 0.5e', 1), id="fraction"),
        pytest.param(lambda text: re.sub(r'"guid": "[^"]*", ', "", text, count=1), id="missing name"),
        pytest.param(lambda text: text.replace('"body": "', '"body": "\\ud800', 1), id="half a character"),
        pytest.param(lambda text: text.replace('"aetia-lock": 1', '"aetia-lock": "1"'), id="version is text"),
        pytest.param(lambda text: text.replace('"namespace": "', '"namespace": "x') + text, id="two decks"),
        pytest.param(lambda text: text.replace('"guid"', '"numbers": {"a": 0}, "guid"', 1), id="counted from 0"),
    ],
)
def test_damaged_lock_is_refused(build_deck, damage):
    folder = build_deck(MINIMAL).prepared.deck.folder
    file = folder / "deck.lock"
    file.write_text(damage(file.read_text()))
    diagnostic, _ = refusal(folder)
    assert diagnostic.code == "damaged-lock"
    assert "git checkout" in diagnostic.hint


@pytest.mark.parametrize("number", ["-1", "true", str(2**63), "1" * 400, "1.0"])
@pytest.mark.parametrize("key", ["id", "modified"])
def test_number_that_would_poison_the_lock_is_refused(build_deck, key, number):
    folder = build_deck(MINIMAL).prepared.deck.folder
    file = folder / "deck.lock"
    lines = file.read_text().splitlines(True)
    file.write_text("".join((*lines[:-1], re.sub(rf'"{key}": \d+', f'"{key}": {number}', lines[-1]))))
    diagnostic, position = refusal(folder)
    assert diagnostic.code == "damaged-lock"
    assert position.line == len(lines)


@pytest.mark.parametrize(
    "more",
    [
        lambda text: text.replace('"guid"', '"colour": "red", "guid"', 1),
        lambda text: text + '{"sound": "rain", "file": "x"}\n',
        lambda text: text.replace('"namespace"', '"edition": 3, "namespace"', 1),
    ],
)
def test_key_that_no_line_has_yet_is_news_of_a_newer_aetia(build_deck, more):
    folder = build_deck(MINIMAL).prepared.deck.folder
    file = folder / "deck.lock"
    file.write_text(more(file.read_text()))
    diagnostic, _ = refusal(folder)
    assert diagnostic.code == "lock-from-the-future"
    assert "upgrade" in diagnostic.hint


def test_numbers_of_the_deck_are_read_as_they_were_written_and_merged(tmp_path):
    def lock(**slots):
        return Lock("space", "D", slots={"facets": slots})

    write_lock(tmp_path, lock(age=1, sex=2))
    assert read_lock(tmp_path) == (lock(age=1, sex=2), ())
    merged = (tmp_path / "deck.lock").read_text() + format_lock(lock(age=1, place=2, season=3))
    other_way = format_lock(lock(age=1, place=2, season=3)) + format_lock(lock(age=1, sex=2))
    for text in (merged, other_way):
        (tmp_path / "deck.lock").write_text(text)
        assert read_lock(tmp_path)[0] == lock(age=1, place=2, season=3), "one of the two that have 2 keeps it"


def test_numbers_of_the_deck_are_handed_out_again_and_outlive_what_they_number(build_deck):
    prepared = build_deck(MINIMAL).prepared
    notes = prepared.stamped.release.notes
    with_slots = replace(notes, slots={"facets": {"age": 1, "sex": 2}})
    lock = stamp(with_slots, heal(prepared.stamped.lock, with_slots), NOW).lock
    assert lock.slots["facets"] == {"age": 1, "sex": 2}
    fewer = replace(notes, slots={"facets": {"sex": 2}})
    assert stamp(fewer, heal(lock, fewer), NOW).lock.slots["facets"] == {"sex": 2, "age": 1}


def test_lock_that_is_not_text_is_refused(build_deck):
    folder = build_deck(MINIMAL).prepared.deck.folder
    (folder / "deck.lock").write_bytes(b"\xff\xfe\x00")
    assert refusal(folder)[0].code == "damaged-lock"


def test_lock_survives_an_editor_that_adds_bom_crlf_and_blank_lines(build_deck):
    built = build_deck(MINIMAL)
    folder = built.prepared.deck.folder
    file = folder / "deck.lock"
    before, package = file.read_text(), built.package.read_bytes()
    file.write_bytes(b"\xef\xbb\xbf" + before.replace("\n", "\r\n\r\n").encode())
    again = build_deck(folder, now=NOW + 86_400)
    assert again.package.read_bytes() == package
    assert file.read_bytes() == before.encode()


NUMBERS = st.integers(0, 2**53)
NUMBERED = st.lists(st.text(), unique=True).map(lambda parts: {part: number for number, part in enumerate(parts, 1)})
VALUES = {
    str: st.text(),
    bool: st.booleans(),
    int: NUMBERS,
    int | None: st.none() | NUMBERS,
    tuple[int, ...]: st.lists(NUMBERS).map(tuple),
    Mapping[str, int]: NUMBERED,
    Mapping[str, str]: st.dictionaries(st.text(), st.text()),
    Mapping[str, Mapping[str, int]]: st.dictionaries(st.text(), NUMBERED),
}


def filled(memory):
    """A strategy for a memory in which every field has a value."""
    types = get_type_hints(memory)
    return st.builds(memory, **{field.name: VALUES[types[field.name]] for field in fields(memory)})


VALUES[Mapping[str, NoteTypeRecord]] = st.dictionaries(st.text(), filled(NoteTypeRecord), max_size=2)
VALUES[Mapping[NoteId, Record]] = st.dictionaries(st.builds(NoteId, st.text(), st.text()), filled(Record), max_size=2)


@given(filled(Lock))
def test_lock_is_read_as_it_was_written_with_every_field(tmp_path, lock):
    (tmp_path / "deck.lock").write_bytes(format_lock(lock).encode())
    assert read_lock(tmp_path) == (lock, ())


@given(filled(Record), filled(Record), st.data())
def test_two_lines_come_to_the_same_in_either_order(one, other, data):
    names = [field.name for field in fields(Record) if field.name not in ("numbers", "modified")]
    alike = replace(one, **{name: getattr(other, name) for name in data.draw(st.lists(st.sampled_from(names)))})
    assert newer(one, alike) == newer(alike, one)


def both_sides(folder, change):
    """A lock in which the note of SIADH stands as it is and as another branch left it."""
    lock, _ = read_lock(folder)
    other = replace(lock, notes={SIADH: change(lock.notes[SIADH])})
    (folder / "deck.lock").write_text(format_lock(other) + format_lock(lock))
    return lock


def test_of_two_lines_for_a_note_the_newer_counts(build_deck):
    folder = build_deck(MINIMAL).prepared.deck.folder
    lock = both_sides(folder, lambda record: replace(record, modified=NOW + 5000, hash="0" * 16))
    healed = build_deck(folder, now=NOW + 100).prepared.stamped.lock
    assert healed.notes[SIADH].guid == lock.notes[SIADH].guid
    assert healed.notes[SIADH].modified == NOW + 5001
    assert healed.notes[THIAZIDES] == lock.notes[THIAZIDES]


def test_cloze_numbers_of_both_sides_are_kept():
    older = Record("guid", 1, "ab", "cd", NOW, {"b": 2, "c": 4})
    assert newer(replace(older, modified=NOW + 1, numbers={"a": 2, "d": 5}), older).numbers == {
        "a": 2,
        "d": 5,
        "b": 2,
        "c": 4,
    }


@pytest.mark.parametrize("kept", [0, 1])
def test_two_contents_of_one_time_come_to_a_later_one(write_deck, anki_import, kept):
    """Two branches that were built by a clock that is ahead date what they change alike, after all that is there."""
    folder = write_deck(MINIMAL)
    start = build_at(folder, NOW)
    texts = [MINIMAL.replace("lost", word) + f"style: {{day: {{accent: {word}}}}}\n" for word in ("teal", "plum")]
    locks, learners = [], []
    for text in texts:
        (folder / "deck.lock").write_bytes(start)
        (folder / "deck.yaml").write_text(text)
        locks.append(build_at(folder, NOW - 86_400))
        learners.append(anki_import(folder / "deck.apkg").collection)
    (folder / "deck.lock").write_bytes(b"".join(locks))
    (folder / "deck.yaml").write_text(texts[kept])
    build_at(folder, NOW - 1000)
    for collection in learners:
        anki_import(folder / "deck.apkg", collection)
        (note,) = [collection.get_note(id_) for id_ in collection.find_notes("Key:thiazides")]
        word = ("teal", "plum")[kept]
        assert f"Salt is {word}" in note["Mechanism"]
        assert f"accent: {word}" in collection.models.get(note.mid)["css"]


def build_at(folder, now):
    """Build and return the lock."""
    built, findings = build_package(folder, folder / "deck.apkg", now, no_progress)
    assert built, findings.diagnostics
    return (folder / "deck.lock").read_bytes()


def test_note_missing_in_the_lock_taken_gets_the_same_guid(build_deck):
    """The side that was taken did not know the note yet, and nobody has a package that does."""
    built = build_deck(MINIMAL)
    built.package.unlink()
    folder = built.prepared.deck.folder
    lock, _ = read_lock(folder)
    write_lock(folder, replace(lock, notes={SIADH: lock.notes[SIADH]}))
    healed = build_deck(folder, now=NOW + 100).prepared.stamped.lock
    assert healed.notes[THIAZIDES].guid == lock.notes[THIAZIDES].guid
    assert healed.notes[THIAZIDES].modified == NOW + 100
    assert healed.notes[SIADH] == lock.notes[SIADH]


def test_time_never_goes_back_on_a_clock_that_does(build_deck):
    """A lock from a machine whose clock is ahead: what changes now is newer all the same."""
    folder = build_deck(MINIMAL).prepared.deck.folder
    (folder / "deck.yaml").write_text(MINIMAL.replace("lost", "wasted"))
    lock = build_deck(folder, now=NOW - 86_400).prepared.stamped.lock
    assert lock.notes[THIAZIDES].modified == NOW + 1
    assert lock.notes[SIADH].modified == NOW


def test_note_ids_that_two_branches_gave_are_told_apart(build_deck):
    folder = build_deck(MINIMAL).prepared.deck.folder
    lock, _ = read_lock(folder)
    twin = replace(lock.notes[THIAZIDES], id=lock.notes[SIADH].id, modified=NOW + 1)
    write_lock(folder, replace(lock, notes={**lock.notes, THIAZIDES: twin}))
    healed = build_deck(folder, now=NOW + 100).prepared.stamped.lock
    assert healed.notes[SIADH] == lock.notes[SIADH]
    assert abs(healed.notes[THIAZIDES].id - healed.notes[SIADH].id) >= 100
    assert replace(healed.notes[THIAZIDES], id=twin.id) == twin


def test_rename_on_one_branch_and_edit_on_the_other_come_together(build_deck):
    """A union of both locks knows the note under both keys; the key that the deck has now keeps the newest time."""
    renamed = MINIMAL.replace("  siadh:\n", "  sdi:\n    was: siadh\n")
    folder = build_deck(MINIMAL).prepared.deck.folder
    old, _ = read_lock(folder)
    (folder / "deck.yaml").write_text(renamed)
    new = build_deck(folder, now=NOW + 100).prepared.stamped.lock
    edited = replace(old, notes={SIADH: replace(old.notes[SIADH], modified=NOW + 200, hash="0" * 16)})
    (folder / "deck.lock").write_text(format_lock(edited) + format_lock(new))
    healed = build_deck(folder, now=NOW + 150).prepared.stamped.lock
    assert SIADH not in healed.notes
    assert healed.notes["cause", "sdi"].guid == old.notes[SIADH].guid
    assert healed.notes["cause", "sdi"].modified == NOW + 201
