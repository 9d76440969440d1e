"""Two releases and a learner: which notes change. The letters are the rows of the scenario table of Anki's importer."""

import pytest
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS as ALWAYS
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER as IF_NEWER
from players import DAY
from stage import ALL, START

UNTOUCHED = (0, 0, ALL, 0)
ONE_UPDATED = (0, 1, ALL - 1, 0)


def reword(deck):
    deck["causes"]["siadh"]["mechanism"] = "Vasopressin acts though tonicity is low"


def retag(deck):
    deck["causes"]["siadh"]["tags"] = ["core"]


@pytest.mark.parametrize(("update", "merge"), [(IF_NEWER, False), (ALWAYS, False), (IF_NEWER, True)],
                         ids=["a1-if-newer", "a2-always", "a4-merge"])  # fmt: skip
def test_a_a_release_without_changes_does_nothing_whatever_the_learner_chooses(begun, update, merge):
    notes, cards = begun.learner.rows("notes"), begun.learner.rows("cards")
    assert begun.learner.take(begun.release(START + 90 * DAY), update, merge) == UNTOUCHED
    assert (begun.learner.rows("notes"), begun.learner.rows("cards")) == (notes, cards)


def test_a3_a_build_much_later_leaves_everything_of_the_learners_as_it_is(begun):
    before = begun.learner.everything()
    assert begun.learner.take(begun.release(START + 900 * DAY)) == UNTOUCHED
    assert begun.learner.everything() == before


@pytest.mark.parametrize("change", [reword, retag], ids=["b-field", "l2-tags-only"])
def test_b_a_change_updates_that_note_and_no_card(begun, change):
    notes, cards = begun.learner.rows("notes"), begun.learner.rows("cards")
    package = begun.release(START + DAY, change)
    assert begun.learner.take(package) == ONE_UPDATED
    changed = [id_ for id_, row in begun.learner.rows("notes").items() if row != notes[id_]]
    assert changed == [begun.learner.note("siadh").id]
    assert begun.learner.rows("cards") == cards
    assert begun.learner.take(package) == UNTOUCHED


@pytest.mark.parametrize("now", [START, START - DAY], ids=["c1-same-second", "c2-clock-set-back"])
def test_c_a_change_arrives_though_the_authors_clock_stops_or_goes_back(begun, now):
    assert begun.learner.take(begun.release(now, reword)) == ONE_UPDATED
    assert "though" in begun.learner.note("siadh")["Mechanism"]


def test_c_a_change_made_with_a_clock_set_back_is_still_later_than_learners_edits_between_releases(begun):
    begun.release(START + 9 * DAY, lambda deck: deck["causes"]["thiazides"].update(tags=["core"]))
    begun.learner.edit("siadh", "Mechanism", "my words", at=START + 5 * DAY)
    assert begun.learner.take(begun.release(START + DAY, reword)) == (0, 2, ALL - 2, 0)
    assert "though" in begun.learner.note("siadh")["Mechanism"]


def test_d_a_rebuild_leaves_the_learners_words_and_tags_on_unchanged_notes(begun):
    begun.learner.edit("thiazides", "Mechanism", "my words", at=START + DAY)
    begun.learner.tag("thiazides", "mine", at=START + DAY)
    assert begun.learner.take(begun.release(START + 2 * DAY)) == UNTOUCHED
    note = begun.learner.note("thiazides")
    assert note["Mechanism"] == "my words"
    assert "mine" in note.tags


def test_e_only_the_changed_note_loses_what_the_learner_wrote(begun):
    for key in ("siadh", "thiazides"):
        begun.learner.edit(key, "Mechanism", "my words", at=START + DAY)
        begun.learner.tag(key, "mine", at=START + DAY)
    assert begun.learner.take(begun.release(START + 2 * DAY, reword)) == ONE_UPDATED
    kept, lost = begun.learner.note("thiazides"), begun.learner.note("siadh")
    assert (kept["Mechanism"], "mine" in kept.tags) == ("my words", True)
    assert ("though" in lost["Mechanism"], "mine" in lost.tags) == (True, False)


def test_f1_an_edit_later_than_the_authors_change_wins_and_the_next_change_of_that_note_arrives(begun):
    package = begun.release(START + DAY, reword)
    begun.learner.edit("siadh", "Mechanism", "my words", at=START + 2 * DAY)
    assert begun.learner.take(package) == UNTOUCHED
    assert begun.learner.note("siadh")["Mechanism"] == "my words"
    assert begun.learner.take(begun.release(START + 3 * DAY, retag)) == ONE_UPDATED
    assert "though" in begun.learner.note("siadh")["Mechanism"]


def test_f3_an_edit_earlier_than_the_authors_change_gives_way_on_that_note_only(begun):
    begun.learner.edit("siadh", "Mechanism", "my words", at=START + DAY)
    assert begun.learner.take(begun.release(START + 2 * DAY, reword)) == ONE_UPDATED
    assert "though" in begun.learner.note("siadh")["Mechanism"]


def test_i_a_retired_note_stays_with_the_learner_and_comes_back_as_the_same_note(begun):
    before = begun.learner.everything()
    entry = begun.deck["causes"]["addison"]
    without = begun.release(START + DAY, lambda deck: deck["causes"].pop("addison"))
    assert begun.learner.take(without) == (0, 0, ALL - 1, 0)
    assert begun.learner.everything() == before
    back = begun.release(START + 2 * DAY, lambda deck: deck["causes"].update(addison=entry))
    assert begun.learner.take(back) == UNTOUCHED
    assert begun.learner.everything() == before


def test_i_a_renamed_entry_keeps_its_note_and_history(begun):
    def rename(deck):
        deck["causes"]["adrenal-failure"] = {**deck["causes"].pop("addison"), "was": "addison"}

    id_, cards = begun.learner.note("addison").id, begun.learner.rows("cards")
    assert begun.learner.take(begun.release(START + DAY, rename)) == ONE_UPDATED
    assert begun.learner.note("adrenal-failure").id == id_
    assert begun.learner.rows("cards") == cards


def test_j_a_key_in_two_note_types_is_two_notes_and_never_a_conflict(begun):
    def same_key(deck):
        deck["causes"]["losses"] = {"cause": "Losses", "category": "losses", "mechanism": "Salt goes with water"}
        deck["categories"]["losses"] = {"name": "Salt loss", "listed": True}
        deck["cards"]["skip"].remove("list")

    new, updated, untouched, conflicting = begun.learner.take(begun.release(START + DAY, same_key))
    assert (new, conflicting) == (4, 0)
    assert updated + untouched == ALL
    assert begun.learner.whole() is None


@pytest.mark.parametrize("tag", ["marked", "leech"])
def test_l5_an_authors_tag_is_never_one_that_anki_keeps_for_itself(begun, tag):
    package = begun.release(START + DAY, lambda deck: deck["causes"]["siadh"].update(tags=[tag]))
    assert begun.learner.take(package) == ONE_UPDATED
    tags = begun.learner.note("siadh").tags
    assert tag not in tags
    assert f"hyponatraemia::{tag}" in tags


def test_l1_the_authors_new_tags_replace_the_learners_on_that_note_only(begun):
    for key in ("siadh", "thiazides"):
        begun.learner.tag(key, "marked", at=START + DAY)
    assert begun.learner.take(begun.release(START + 2 * DAY, retag)) == ONE_UPDATED
    assert "marked" not in begun.learner.note("siadh").tags
    assert "hyponatraemia::core" in begun.learner.note("siadh").tags
    assert "marked" in begun.learner.note("thiazides").tags


def test_l4_a_learner_who_tagged_later_keeps_the_note_as_it_was(begun):
    package = begun.release(START + DAY, reword)
    begun.learner.tag("siadh", "mine", at=START + 2 * DAY)
    assert begun.learner.take(package) == UNTOUCHED
    assert "mine" in begun.learner.note("siadh").tags


def test_p1_a_learners_own_note_with_the_same_first_field_is_left_alone(begun):
    collection = begun.learner.collection
    own = collection.new_note(begun.learner.note_type("siadh"))
    own.fields[0], own["Mechanism"], own["Ask Mechanism"] = "SIADH", "my own note", "?"
    collection.add_note(own, collection.decks.id("Mine"))
    assert begun.learner.take(begun.release(START + DAY, reword)) == ONE_UPDATED
    assert collection.get_note(own.id)["Mechanism"] == "my own note"


def test_p3_one_key_twice_never_becomes_a_package(begun):
    begun.files["causes/more.yaml"] = "causes: {siadh: {cause: Another, mechanism: Another way}}"
    assert begun.refused(START + DAY) == ["duplicate-key"]


def test_p4_a_note_id_that_the_learner_has_taken_does_no_harm(play):
    package = play.release(START)
    collection = play.learner.collection
    basic = collection.models.by_name("Basic")
    for id_ in range((START - 1) * 1000, START * 1000, 100):
        note = collection.new_note(basic)
        note.fields[0] = f"mine {id_}"
        collection.add_note(note, collection.decks.id("Mine"))
        collection.db.execute("update notes set id = ? where id = ?", id_, note.id)
        collection.db.execute("update cards set nid = ? where nid = ?", id_, note.id)
    assert play.learner.take(package) == (ALL, 0, 0, 0)
    assert play.learner.take(package) == UNTOUCHED
    assert play.learner.take(play.release(START + DAY, reword)) == ONE_UPDATED
    assert play.learner.whole() is None


def test_s_a_note_that_the_learner_deleted_comes_back_once_and_only_once(begun):
    begun.learner.collection.remove_notes([begun.learner.note("glucose").id])
    package = begun.release(START + DAY)
    assert begun.learner.take(package) == (1, 0, ALL - 1, 0)
    assert begun.learner.take(package) == UNTOUCHED
