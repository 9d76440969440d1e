"""What no package can do is told before anything is written, and the real importer shows why. Letters: table rows."""

import json
import re

import pytest
from players import DAY, Author
from stage import ALL, START

from generator.resources import bundled

SCHEMA = "../../templates/notetypes/cause/notetype.yaml"
SPARE_6 = "  - {name: Spare 6, id: 1049, spare: true}\n"
SPARE_3 = "  - {key: spare-3, name: Spare 3, id: 2013, spare: true}\n"
CLOZE_FIELD = """\
{% extends "bundled/notetypes/cause/fields.html" %}
{% block Mechanism %}{{ cause.mechanism.summary | cloze(1) }}{% endblock %}
"""
CLOZE_SIDES = "{% block front %}{{ field.Mechanism.cloze }}{% endblock %}{% block back %}{{ front }}{% endblock %}"
MINE = "  - {name: Mine, id: 1999, spare: true}\n"
MY_CARD = "  - {key: spare-6, name: Spare 6, id: 2999, spare: true}\n"


def swapped(first, second):
    """Put the line with the second id before the line with the first."""
    return lambda text: re.sub(rf"(  - .*id: {first}\b.*\n)(  - .*id: {second}\b.*\n)", r"\2\1", text)


SCHEMA_CHANGES = {
    "h1-field-appended": lambda text: text.replace("cards:\n", MINE + "cards:\n"),
    "h1-field-inserted": lambda text: text.replace("fields:\n", "fields:\n" + MINE),
    "h2x-field-with-another-id-and-name": lambda text: text.replace("Spare 6, id: 1049", "Mine, id: 1999"),
    "h3-template-appended": lambda text: text + MY_CARD,
    "h3b-template-inserted-first": lambda text: text.replace("cards:\n", "cards:\n" + MY_CARD),
    "h4-template-removed": lambda text: text.replace(SPARE_3, ""),
    "h5-templates-reordered": swapped(2001, 2002),
    "h6-field-removed": lambda text: text.replace(SPARE_6, ""),
    "h7-fields-reordered": swapped(1003, 1004),
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
    assert owned.files[SCHEMA] != schema
    assert owned.refused(START + DAY) == ["note-type-changed"]
    assert owned.learner.take(as_if_new(owned, tmp_path / "unlocked"))[3] == ALL - 1


def test_h8_another_sort_field_is_refused_for_it_would_date_every_note_anew_and_need_a_full_sync(
    owned, schema, tmp_path
):
    full_sync = "select scm from col"
    before = owned.learner.collection.db.scalar(full_sync)
    owned.files[SCHEMA] = schema.replace("sort-field: Cause", "sort-field: Key")
    assert owned.refused(START + DAY) == ["note-type-changed"]
    owned.learner.take(as_if_new(owned, tmp_path / "unlocked"))
    assert owned.learner.collection.db.scalar(full_sync) > before
    assert owned.learner.note("siadh").mod > START + DAY


def test_j1_own_templates_for_a_bundled_note_type_that_learners_have_are_refused(begun, tmp_path):
    begun.files["../../templates/notetypes/cause/style.css"] = ".card { color: teal }"
    assert begun.refused(START + DAY) == ["note-type-changed"]
    assert begun.learner.take(as_if_new(begun, tmp_path / "unlocked"))[3] == ALL - 1


def test_j2_a_standard_note_type_that_becomes_a_cloze_is_refused(owned, schema, tmp_path):
    head, _ = schema.split("cards:\n")
    owned.files[SCHEMA] = head.replace("standard", "cloze") + "cards:\n  - {key: mechanism, name: Cloze, id: 2001}\n"
    owned.files["../../templates/notetypes/cause/fields.html"] = CLOZE_FIELD
    owned.files["../../templates/notetypes/cause/mechanism.html"] = CLOZE_SIDES
    assert owned.refused(START + DAY) == ["note-type-changed"]
    assert owned.learner.take(as_if_new(owned, tmp_path / "unlocked"))[3] == ALL - 1


@pytest.mark.parametrize("name", ["Medicine::Low sodium", "Medicine::Salt::Hyponatraemia", "Hyponatraemia"],
                         ids=["q1-renamed", "k1-moved-below-another", "k1-moved-to-the-top"])  # fmt: skip
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
