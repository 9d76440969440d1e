"""What no package can do is told before anything is written, and the real importer shows why. Letters: table rows."""

import json

import pytest
from players import DAY, Author
from stage import ALL, START

from generator.resources import bundled

SCHEMA = "../../templates/notetypes/cause/notetype.yaml"
MINE = (
    "{% block front %}{% when field.Cause %}{{ field.Cause }}?{% endwhen %}{% endblock %}"
    "{% block answer %}{% endblock %}"
)
STANDARD = (
    "{% block front %}{% when field.Blanks %}{{ field.Title }}{% endwhen %}{% endblock %}"
    "{% block answer %}{% endblock %}"
)


def swap(old, new):
    """Put other words in the place of some that are there."""

    def change(text):
        assert text.count(old) == 1, f"not once: {old}"
        return text.replace(old, new)

    return change


SCHEMA_CHANGES = {
    "h1-field-appended": swap("fields: 6", "fields: 7"),
    "h1-field-inserted": swap("[Cause, Key, Clue,", "[Cause, Key, Mine, Clue,"),
    "h2x-field-with-another-name": swap("]\ncards:", ", Mine]\ncards:"),
    "h3-template-appended": swap("cards: 3", "cards: 4"),
    "h3b-template-inserted-first": swap("cards: [clue,", "cards: [mine, clue,"),
    "h4-template-removed": swap("cards: 3", "cards: 2"),
    "h5-templates-reordered": swap("[clue, mechanism,", "[mechanism, clue,"),
    "h6-field-removed": swap("fields: 6", "fields: 5"),
    "h7-fields-reordered": swap("Onset, Peak,", "Peak, Onset,"),
}


@pytest.fixture
def schema():
    return (bundled("templates") / "notetypes" / "cause" / "notetype.yaml").read_text("utf-8")


@pytest.fixture
def owned(play, schema):
    """A play whose project has a schema of its own from the first release."""
    play.files[SCHEMA] = schema
    play.learner.take(play.release(START))
    play.learner.answer(8)
    return play


def as_if_new(play, folder):
    """The package of the same sources without their lock: what the diagnostic keeps from learners."""
    return Author(folder).release(json.dumps(play.deck), START + DAY, play.files)


@pytest.mark.parametrize("change", SCHEMA_CHANGES.values(), ids=SCHEMA_CHANGES)
def test_h_a_changed_schema_is_refused_for_nothing_of_it_would_reach_a_learner(owned, schema, change, tmp_path):
    owned.files[SCHEMA] = change(schema)
    if "mine" in owned.files[SCHEMA]:
        owned.files["../../templates/notetypes/cause/mine.html"] = MINE
    assert owned.refused(START + DAY) == ["note-type-changed"]
    assert owned.learner.take(as_if_new(owned, tmp_path / "unlocked"))[3] == ALL - 1


def test_h8_another_sort_field_is_refused_for_it_would_date_every_note_anew_and_need_a_full_sync(
    owned, schema, tmp_path
):
    full_sync = "select scm from col"
    before = owned.learner.collection.db.scalar(full_sync)
    owned.files[SCHEMA] = f"{schema}sort-field: Key\n"
    assert owned.refused(START + DAY) == ["note-type-changed"]
    owned.learner.take(as_if_new(owned, tmp_path / "unlocked"))
    assert owned.learner.collection.db.scalar(full_sync) > before
    assert owned.learner.note("siadh").mod > START + DAY


def test_g_a_look_of_its_own_comes_to_a_deck_that_learners_have_and_touches_no_note(begun):
    begun.files["../../templates/notetypes/cause/style.css"] = ".card { color: teal }"
    assert begun.learner.take(begun.release(START + DAY)) == (0, 0, ALL, 0)
    assert "teal" in begun.learner.note_type("siadh")["css"]


def test_j2_a_cloze_note_type_that_becomes_a_standard_one_is_refused(begun):
    folder = "notetypes/list/"
    schema = (bundled("templates") / folder / "notetype.yaml").read_text("utf-8")
    begun.files[f"../../templates/{folder}notetype.yaml"] = swap("kind: cloze\n", "")(schema)
    begun.files[f"../../templates/{folder}list.html"] = STANDARD
    begun.deck["cards"]["skip"] = []
    assert begun.refused(START + DAY) == ["note-type-changed"]


@pytest.mark.parametrize("name", [
    pytest.param("Medicine::Low sodium", id="q1-renamed"),
    pytest.param("Medicine::Salt::Hyponatraemia", id="k1-moved-below-another"),
    pytest.param("Hyponatraemia", id="k1-moved-to-the-top"),
])  # fmt: skip
def test_q1_a_renamed_or_moved_deck_is_told_and_no_card_of_the_learner_moves(begun, name):
    cards = begun.learner.rows("cards")
    begun.deck["deck"] = name
    begun.deck["causes"]["heart"] = {"cause": "Heart failure", "category": "intake", "mechanism": "Flow is low"}
    begun.author.write(json.dumps(begun.deck))
    built, codes = begun.author.build(START + DAY)
    assert codes == ["deck-renamed"]
    assert begun.learner.take(built.package) == (1, 0, ALL, 0)
    after = begun.learner.rows("cards")
    assert {id_: after[id_] for id_ in cards} == cards
    assert begun.learner.decks("siadh") == {"Medicine::Hyponatraemia"}
    assert begun.learner.decks("heart") == {name}


def test_i_a_mended_key_without_was_is_refused_for_the_learner_would_get_a_second_note(begun):
    causes = begun.deck["causes"]
    causes["thiazide"] = causes.pop("thiazides")
    assert begun.refused(START + DAY) == ["probable-rename"]


def test_i_half_a_deck_that_is_suddenly_gone_is_refused(begun):
    more = ("heart", "liver", "kidney", "thyroid", "exercise")
    for key in more:
        begun.deck["causes"][key] = {"cause": key.title(), "category": "losses", "mechanism": f"The {key} fails"}
    begun.release(START + DAY // 2)
    for key in (*more, "siadh", "polydipsia", "glucose"):
        del begun.deck["causes"][key]
    emptied = begun.refused(START + DAY)
    assert emptied[0] == "mass-retirement"
    assert set(emptied[1:]) == {"empty-category"}
