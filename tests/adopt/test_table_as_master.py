"""A table stays the master of a deck: what it changes is changed in the author's files, and nothing else."""

import csv
import json

import pytest
from conftest import NOW, import_package
from hypothesis import given
from hypothesis import strategies as st
from olddecks import add, export, studied
from ryaml import dumps, loads

from generator.project.edit import CannotEditError, change_values

LATER = {"SOURCE_DATE_EPOCH": str(NOW)}
DECK = """\
# The deck of bread.
deck: Bread
id: bread-x1
finding: {name: Flat bread, effect: keep bread flat}
causes:
  # yeast first
  old-yeast:
    cause: Old yeast   # as bakers say
    mechanism: Dead cells make no gas [@smith]
    aka: [Stale yeast]   # keep
    # before the clue
    clue: >-
      The starter
      does not bubble
    # behind the clue

  hot-water: {cause: Hot water, mechanism: {summary: Heat kills yeast, steps: [Hot]}, pearl: "Wait, then mix"}
  salt:
    cause: Too much salt
    mechanism: |-
      Salt draws water
      out of cells
"""
SOURCES = "references: [{id: smith, title: On yeast}]\n"
TABLE = """\
key,cause,mechanism,clue,aka,pearl
old-yeast,Old yeast,Dead cells make no gas,The dough stays cold,Stale yeast; Dead yeast,Buy fresh
hot-water,Hot water,Heat kills the yeast,,,"Wait, then mix"
,Too much salt,Salt draws water,,,
,Cold kitchen,Cells work slowly in the cold,,,
,,no cause,,,
"""


TAKEN = ("--update", "--prefer", "table")
CHANGED = """\
    aka: ["Stale yeast", "Dead yeast"]   # keep
    clue: The dough stays cold
    pearl: Buy fresh
  hot-water: {cause: Hot water, mechanism: {summary: "Heat kills the yeast", steps: [Hot]}, pearl: "Wait, then mix"}
    mechanism: Salt draws water
  cold-kitchen:
    cause: Cold kitchen
    mechanism: Cells work slowly in the cold
""".splitlines()


@pytest.fixture
def master(write_deck, tmp_path, run_aetia):
    """`master(table, *options)` brings a table into the deck; returns deck.yaml and what was said."""
    folder = write_deck(DECK, {"sources.yaml": SOURCES})

    def run(table, *options):
        (tmp_path / "cards.csv").write_text(table, encoding="utf-8")
        done = run_aetia("import", "cards.csv", "--into", folder, *options, env=LATER)
        assert "Traceback" not in done.stderr, done.stderr
        return (folder / "deck.yaml").read_text(encoding="utf-8"), done

    return run


def test_changed_cells_are_changed_in_place_with_comments_and_citations_kept(master):
    text, done = master(TABLE, *TAKEN)
    assert done.returncode == 1, "a row was not taken"
    assert "cards.csv: row 6: not taken: no cause" in done.stderr
    assert "1 new, 3 changed, 0 as they were, 0 not in the table" in done.stdout
    old = DECK.splitlines()
    assert [line for line in text.splitlines() if line not in old] == CHANGED
    assert "mechanism: Dead cells make no gas [@smith]" in text, "words that are the same keep their citation"
    assert all(comment in text for comment in ("# The deck of bread.", "# as bakers say", "# before the clue",
                                               "# behind the clue", "# yeast first"))  # fmt: skip
    assert master(TABLE, "--update")[0] == text, "the same table again changes nothing"


def test_a_file_from_windows_keeps_its_mark_and_its_ends_of_lines(master, tmp_path):
    file = tmp_path / "project/decks/deck/deck.yaml"
    file.write_bytes(DECK.replace("\n", "\r\n").encode("utf-8-sig"))
    master(TABLE, *TAKEN)
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf# The deck of bread.\r\n")
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    old = DECK.splitlines()
    assert [line for line in raw.decode("utf-8-sig").splitlines() if line not in old] == CHANGED


EDITS = {
    "a key without a value": ("x: # why\n  a:\n  b: 1\n", ["c"], "x: # why\n  a: [c]\n  b: 1\n"),
    "a key at the end of the file": ("x:\n  a:", "c", "x:\n  a: c"),
    "a list in lines": ("x:\n  a:\n  - b\n  - c\n  d: 1\n", ["c"], "x:\n  a: [c]\n  d: 1\n"),
    "a text in quotes": ("x: {a:   'b # c' , d: 1}\n", "e", "x: {a:   e , d: 1}\n"),
    "a comma at the end": ("x: {\n  b: 1,  # one\n}\n", "e", "x: {\n  b: 1, a: e,  # one\n}\n"),
    "what YAML takes for something else": ("x: {a: b}\n", ["null", "2020", "a-b"], 'x: {a: ["null", "2020", a-b]}\n'),
}


@pytest.mark.parametrize("how", EDITS)
def test_a_value_is_changed_where_it_is(how):
    text, value, expected = EDITS[how]
    assert change_values(text, {("x", "a"): value}) == expected


@pytest.mark.parametrize("text", [
    "x:\n  a:\n  - b  # why\n  - c\n",
    "x: {a: [b,  # why\n  c]}\n",
    "x:\n  a: |  # why\n    b\n",
    "y: &y {a: b}\nx: *y\n",
    "y: &y {a: b}\nx: {<<: *y}\nx: {}\n",
    "x: text\n",
    "",
])  # fmt: skip
def test_what_would_lose_something_is_not_changed(text):
    with pytest.raises(CannotEditError):
        change_values(text, {("x", "a"): "new"})


def test_without_update_differences_are_listed_and_only_new_rows_come(master):
    text, done = master(TABLE)
    assert text.startswith(DECK.rstrip("\n"))
    assert "cold-kitchen" in text
    assert "differs, and was left (--update changes it): old-yeast (clue, pearl, aka)" in done.stdout
    assert "0 changed" in done.stdout
    assert "rows differ from the deck; --update takes what changed in the table" in done.stdout


def test_entries_that_the_table_lacks_are_listed_and_stay(master):
    text, done = master("key,cause,mechanism\nsalt,Too much salt,Salt draws water\n", "--update")
    assert "only in the deck: `old-yeast`, `hot-water`" in done.stdout
    assert "hot-water" in text


def test_two_rows_of_one_entry_are_told(master):
    _, done = master("key,cause,mechanism\nsalt,Salt,Draws water\nsalt,Salt,Draws more\n", "--update")
    assert "cards.csv: row 3: not taken: `salt` is already in row 2" in done.stderr


def test_a_table_updates_adopted_notes_by_guid_and_learners_get_just_that(tmp_path, run_aetia, open_collection):
    collection = open_collection()
    for name in ("Femur", "Tibia", "Ulna"):
        add(collection, "Basic", [name, f"The <i>{name}</i>"], ["bone"], collection.decks.id("Bones"))
    guids = {collection.get_note(id_)["Front"]: collection.get_note(id_).guid for id_ in collection.find_notes("")}
    old = export(collection, tmp_path / "bones.apkg", "Bones")
    assert run_aetia("import", old, env=LATER).returncode == 0
    rows = [("Femur", "Femur", "The <i>Femur</i>"), ("Tibia", "Shin bone", "The <div>Tibia</div>"),
            ("", "Rib", "New"), ("Ulna", "Ulna", "The <i>Ulna</i>")]  # fmt: skip
    with (tmp_path / "bones.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerow(("guid", "Front", "Back", "tags"))
        csv.writer(stream).writerows((guids.get(was, ""), new, back, "bone") for was, new, back in rows)
    done = run_aetia("import", "bones.csv", "--into", "bones", *TAKEN, env=LATER)
    assert done.returncode == 0, done.stderr
    assert "1 new, 1 changed, 2 as they were" in done.stdout
    with studied(tmp_path / "learner.anki2", old) as learner:
        assert run_aetia("build", env=LATER).returncode == 0
        assert import_package(learner, tmp_path / "dist" / "bones.apkg").counts == (1, 1, 2, 0)
        (note,) = learner.find_notes("Front:Shin*")
        assert learner.get_note(note)["Back"] == "The <div>Tibia</div>"


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"),
    min_size=1,
    max_size=20,
)
VALUES = TEXTS | st.lists(TEXTS, max_size=3) | st.fixed_dictionaries({"html": TEXTS})


@given(st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1), st.sampled_from("abcde"), VALUES, st.booleans())
def test_any_value_of_any_file_is_changed_alone_or_not_at_all(entry, key, value, flow):
    data = {"notes": {"n": {"x": entry, "y": {"a": "last"}}}}
    text = dumps(data)
    if flow:
        text = f"notes:  # here\n  n: {json.dumps(data['notes']['n'], ensure_ascii=False)}  # there\n"
    try:
        done = change_values(text, {("notes", "n", "x", key): value})
    except CannotEditError:
        return
    entry[key] = value
    assert loads(done) == data
    assert "# there" in done or not flow
