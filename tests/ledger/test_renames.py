"""An identity lasts: through retirement and return, through renames, and through moves in the tree."""

from dataclasses import replace

import pytest
from conftest import MINIMAL, NOW

from generator.ledger.lock import Lock, read_lock, write_lock
from generator.ledger.search import search_strings
from generator.model.notes import NoteId
from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress

SIADH = "  siadh:\n"


def renamed(key, *formers):
    return MINIMAL.replace(SIADH, f"  {key}:\n    was: [{', '.join(formers)}]\n")


def build(folder, text, now, retire=False):
    (folder / "deck.yaml").write_text(text)
    built, findings = build_package(folder, folder / "deck.apkg", now, no_progress, retire)
    assert built, findings.diagnostics
    return built.prepared.stamped


@pytest.fixture
def first(build_deck):
    """A deck after its first build, and the record of SIADH."""
    stamped = build_deck(MINIMAL).prepared
    return stamped.deck.folder, stamped.stamped.lock.notes["cause", "siadh"]


def test_entry_that_comes_back_gets_its_old_identity(first):
    folder, record = first
    head, _, tail = MINIMAL.partition(SIADH)
    gone = build(folder, head + tail[tail.index("  thiazides") :], NOW + 10, retire=True)
    assert gone.retired == (("cause", "siadh"),)
    assert gone.lock.notes["cause", "siadh"].retired == NOW + 10
    assert ("cause", "siadh") not in gone.release.identities
    back = build(folder, MINIMAL, NOW + 20)
    assert back.returned == (("cause", "siadh"),)
    assert back.lock.notes["cause", "siadh"] == record
    assert back.added == back.retired == back.changed == ()


def test_chain_of_renames_carries_one_identity_on(first):
    folder, record = first
    build(folder, renamed("sdi", "siadh"), NOW + 10)
    last = build(folder, renamed("vasopressin", "sdi", "siadh"), NOW + 20)
    assert last.renamed == {("cause", "vasopressin"): ("cause", "sdi")}
    carried = last.lock.notes["cause", "vasopressin"]
    assert (carried.guid, carried.id, carried.modified) == (record.guid, record.id, NOW + 20)
    assert {key for _, key in last.lock.notes} == {"vasopressin", "thiazides"}


def test_rename_that_skips_a_build_finds_the_older_key(first):
    folder, record = first
    last = build(folder, renamed("vasopressin", "sdi", "siadh"), NOW + 20)
    assert last.renamed == {("cause", "vasopressin"): ("cause", "siadh")}
    assert last.lock.notes["cause", "vasopressin"].guid == record.guid


def test_former_key_that_stays_written_changes_nothing_more(first):
    folder, _ = first
    text = renamed("sdi", "siadh")
    lock = build(folder, text, NOW + 10).lock
    again = build(folder, text, NOW + 20)
    assert again.lock == lock
    assert again.renamed == {}


def test_rename_survives_a_lock_that_knows_neither_key(first):
    """The lock of a branch that had not got the entry yet was taken: the guid is that of the first key."""
    folder, record = first
    lock, _ = read_lock(folder)
    write_lock(folder, type(lock)(lock.namespace, lock.deck))
    assert build(folder, renamed("sdi", "siadh"), NOW + 10).lock.notes["cause", "sdi"].guid == record.guid


def test_new_entry_under_a_key_that_was_given_up_is_another_note(first):
    folder, record = first
    build(folder, renamed("sdi", "siadh"), NOW + 10)
    both = MINIMAL.replace(SIADH, "  siadh: {cause: Another, mechanism: Something else}\n  sdi:\n")
    stamped = build(folder, both, NOW + 20)
    guids = [identity.guid for identity in stamped.release.identities.values()]
    assert stamped.added == (("cause", "siadh"),)
    assert stamped.lock.notes["cause", "sdi"].guid == record.guid
    assert len(set(guids)) == 3


TREE = """\
deck: Rivers
finding: {name: Flood, effect: raise the river}
cards: {add: [blanks]}
categories:
  sky:
    name: Sky
    children:
      rain:
        name: Rain
        listed: true
        children: {north: North, south: South, east: East}
"""


def list_of(stamped, key):
    return stamped.lock.notes["list", f"{key}/blanks"]


def test_moved_branch_takes_its_branches_and_their_cards_along(build_deck):
    built = build_deck(TREE)
    old = list_of(built.prepared.stamped, "sky/rain")
    moved = TREE.replace("  sky:\n    name: Sky", "  air:\n    was: sky\n    name: Air")
    moved = moved.replace(
        "north: North, south: South", "south: South, west: West, polar: {name: North, was: sky/rain/north}"
    )
    stamped = build(built.prepared.deck.folder, moved, NOW + 10)
    new = list_of(stamped, "air/rain")
    assert stamped.renamed == {
        ("list", "air/rain"): ("list", "sky/rain"),
        ("list", "air/rain/blanks"): ("list", "sky/rain/blanks"),
    }
    assert stamped.retired == stamped.added == ()
    assert (new.guid, new.id) == (old.guid, old.id)
    assert old.numbers == {"north": 1, "south": 2, "east": 3}
    assert new.numbers == {"south": 2, "west": 4, "polar": 1, "east": 3, "north": 1}


def test_search_string_finds_exactly_the_retired_notes(run_aetia, write_deck, anki_import):
    """What the build prints works as it is in Anki's browser."""
    causes = ("a", "b", "a-b", "a.b", "axb", "or", "b12-2.0")
    text = "deck: D\nfinding: {name: F, effect: do it}\ncauses:\n"
    entries = {key: f"  {key}: {{cause: Cause {key}, mechanism: It works {key}}}\n" for key in causes}
    folder = write_deck(text + "".join(entries.values()))
    assert run_aetia("build", folder, "-o", "deck.apkg", cwd=folder).returncode == 0
    collection = anki_import(folder / "deck.apkg").collection
    for gone in (("a.b",), ("a", "or", "b12-2.0")):
        (folder / "deck.yaml").write_text(text + "".join(entries[key] for key in causes if key not in gone))
        output = run_aetia("build", folder, "-o", "deck.apkg", "--retire", cwd=folder).stdout
        (search,) = [line.strip() for line in output.splitlines() if line.strip().startswith('"note:')]
        found = {collection.get_note(id_)["Key"] for id_ in collection.find_notes(search)}
        assert found == set(gone) - {"a.b" if len(gone) > 1 else ""}


KEYS = [
    "a",
    "a-b",
    "a.b",
    "a/b",
    "/",
    "-a",
    "or",
    "re",
    "a--b",
    "axb",
    "x:y",
    "a b",
    "a_b",
    "a*b",
    'a"b',
    "(a)",
    "a\\b",
]


@pytest.mark.parametrize("name", ["Aetia Cause", "Own_*\\ type: x (me)", "or", "-x"])
def test_search_is_right_for_every_key_and_note_type_name(build_deck, open_collection, name):
    """A learner's collection also has notes with keys that only a careless search would find."""
    notes = build_deck(MINIMAL).prepared.stamped.release.notes
    notes = replace(notes, note_types={"cause": replace(notes.note_types["cause"], name=name)})
    collection = open_collection()
    for model_name in (name, "Other"):
        model = collection.models.new(model_name)
        for field in ("Cause", "Key"):
            collection.models.add_field(model, collection.models.new_field(field))
        template = collection.models.new_template("Card")
        template["qfmt"], template["afmt"] = "{{Cause}}", "-"
        collection.models.add_template(model, template)
        collection.models.add(model)
        for key in KEYS:
            note = collection.new_note(collection.models.by_name(model_name))
            note["Cause"] = note["Key"] = key
            collection.add_note(note, 1)
    for key in KEYS:
        (search,) = search_strings([NoteId("cause", key), NoteId("cause", "gone")], notes, Lock("", ""))
        (found,) = collection.find_notes(search)
        note = collection.get_note(found)
        assert (note["Key"], note.note_type()["name"]) == (key, name)


def test_one_search_finds_notes_by_their_keys_and_those_whose_key_another_has(build_deck, open_collection):
    built = build_deck(MINIMAL)
    notes, lock, collection = built.prepared.stamped.release.notes, built.lock, open_collection()
    names = [note.id for note in notes.notes]
    model = collection.models.by_name("Basic")
    model["name"] = notes.note_types["cause"].name
    model["flds"][0]["name"] = "Key"
    collection.models.update_dict(model)
    for name in names:
        note = collection.new_note(model)
        note["Key"] = name.key
        collection.add_note(note, 1)
    moved = lock.notes[names[0]]
    other = replace(moved, guid="another", id=collection.find_notes(f"Key:{names[0].key}")[0])
    (search,) = search_strings(names, notes, replace(lock, notes={**lock.notes, names[0]: other}))
    assert " OR " in search
    assert len(collection.find_notes(search)) == len(names) == 2


def test_long_search_is_split_to_what_anki_takes(build_deck, open_collection):
    notes = build_deck(MINIMAL).prepared.stamped.release.notes
    searches = list(search_strings([NoteId("cause", f"k{number}") for number in range(450)], notes, Lock("", "")))
    assert len(searches) == 3
    for search in searches:
        assert list(open_collection().find_notes(search)) == []
