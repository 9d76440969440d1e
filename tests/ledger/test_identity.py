"""Whatever an author does to some entries, every other keeps guid, note id, time and cloze numbers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from shutil import copytree

import pytest
from conftest import NOW, SHIPPED, import_package
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.ledger.identity import new_ids
from generator.ledger.lock import write_lock
from generator.resources import bundled
from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress, prepare

KEYS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
BRANCHES = ("east", "west")


@dataclass(frozen=True)
class Entry:
    """A cause as an author has it: its text, its branch and the file that it stands in."""

    text: str
    branch: str
    file: str


ENTRIES = st.builds(
    Entry, st.sampled_from(("one thing", "another thing")), st.sampled_from(BRANCHES), st.sampled_from("abc")
)
STATES = st.dictionaries(st.sampled_from(KEYS), ENTRIES, min_size=1).flatmap(
    lambda entries: st.permutations(list(entries.items())).map(dict)
)


def write(folder, entries: Mapping[str, Entry]):
    deck = {
        "deck": "D",
        "finding": {"name": "F", "effect": "bring it"},
        "categories": {branch: {"name": branch.title(), "ordered": True} for branch in BRANCHES},
    }
    (folder / "causes").mkdir(parents=True, exist_ok=True)
    (folder / "deck.yaml").write_text(json.dumps(deck))
    for file in "abc":
        causes = {
            key: {"cause": key.title(), "mechanism": f"{key} does {entry.text}", "category": entry.branch}
            for key, entry in entries.items()
            if entry.file == file
        }
        (folder / f"causes/{file}.yaml").write_text(json.dumps({"causes": causes}))


def stamp(folder, entries, now):
    write(folder, entries)
    prepared, diagnostics = prepare(folder, now)
    assert prepared, diagnostics
    write_lock(folder, prepared.stamped.lock)
    return prepared.stamped


@pytest.mark.slow
@settings(max_examples=40)
@given(
    states=st.lists(STATES, min_size=2, max_size=4), clock=st.lists(st.integers(-1000, 1000), min_size=4, max_size=4)
)
def test_only_what_changed_gets_a_new_time_and_nothing_gets_another_identity(tmp_path_factory, states, clock):
    """Through any edits, moves between files, reorderings, insertions and removals, on a clock that jumps."""
    folder = tmp_path_factory.mktemp("deck")
    seen, contents, newest = {}, {}, {}
    for state, jump in zip(states, clock, strict=False):
        stamped = stamp(folder, state, NOW + jump)
        records, notes = stamped.lock.notes, stamped.release.notes.notes
        assert len({record.guid for record in records.values()}) == len(records)
        assert len({record.id // 100 for record in records.values()}) == len(records)
        for note in notes:
            name = note.note_type, note.key
            record = records[name]
            if name in seen:
                assert (record.guid, record.id) == (seen[name].guid, seen[name].id)
                if contents[name] == (note.fields, note.tags):
                    assert record.modified == seen[name].modified
                else:
                    assert record.modified > newest[name]
                assert all(record.numbers[part] == n for part, n in seen[name].numbers.items())
            assert len(set(note.cloze_numbers.values())) == len(note.cloze_numbers)
            contents[name], newest[name] = (note.fields, note.tags), record.modified
        seen |= records


@pytest.mark.slow
@settings(max_examples=25)
@given(STATES, st.data())
def test_order_and_files_carry_no_identity(tmp_path_factory, entries, data):
    """The same entries in another order, split into other files, come to the same lock but for the order of lists."""
    folder = tmp_path_factory.mktemp("deck")
    first = stamp(folder, entries, NOW).lock
    order = data.draw(st.permutations(list(entries)))
    moved = {key: replace(entries[key], file=data.draw(st.sampled_from("abc"))) for key in order}
    second = stamp(folder, moved, NOW + 100).lock
    causes = {name: record for name, record in first.notes.items() if name[0] == "cause"}
    assert {name: record for name, record in second.notes.items() if name[0] == "cause"} == causes
    for name, record in second.notes.items():
        assert record.guid == first.notes[name].guid
        assert dict(record.numbers) == dict(first.notes[name].numbers)


@given(st.integers(0, 200), st.text(), st.integers(0, 2**31), st.lists(st.integers(0, 2**53), max_size=20))
def test_new_note_ids_leave_room_for_cards_and_are_never_in_the_future(count, namespace, now, taken):
    ids = list(new_ids(count, namespace, now, taken))
    assert len(set(ids)) == count
    assert ids == sorted(ids)
    assert all(abs(a - b) >= 100 for a in ids for b in taken)
    assert all(b - a >= 100 for a, b in pairwise(ids))
    assert all(id_ > 0 for id_ in ids)
    if now > 400 * 86_400:
        assert all(now - 366 * 86_400 < id_ / 1000 < now for id_ in ids)


def test_shipped_decks_come_into_one_collection_with_the_note_ids_that_they_have(tmp_path, open_collection):
    collection = open_collection()
    for name in SHIPPED:
        folder = copytree(bundled("decks") / name, tmp_path / "decks" / name)
        (folder / "deck.lock").unlink(missing_ok=True)
        built, findings = build_package(folder, tmp_path / f"{name}.apkg", NOW, no_progress)
        assert built, findings.diagnostics
        import_package(collection, built.package)
        mine = dict(collection.db.all("select guid, id from notes"))
        moved = [r.guid for r in built.prepared.stamped.release.identities.values() if mine[r.guid] != r.id]
        assert moved == []
        cards = {nid + 1 + ordinal: id_ for id_, nid, ordinal in collection.db.all("select id, nid, ord from cards")}
        assert all(expected == id_ for expected, id_ in cards.items())
