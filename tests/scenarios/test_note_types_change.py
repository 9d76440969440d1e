"""Two releases and a learner: what becomes of note types. The letters are the rows of the scenario table."""

import pytest
from players import DAY
from stage import ALL, START, with_another

from generator.resources import bundled

UNTOUCHED = (0, 0, ALL, 0)
FOLDER = "../../templates/notetypes/cause/"
OWN = "../../templates/notetypes/quote/"
SIDE = """\
{% block front %}{% when field.Dose %}<p>{{ field.Cause }}: on what does it depend?</p>{% endwhen %}{% endblock %}
{% block answer %}{{ field.Dose }}{% endblock %}
"""


def shipped(name):
    return (bundled("templates") / "notetypes" / "cause" / name).read_text("utf-8")


def style(colour):
    return {FOLDER + "style.css": f".card {{ color: {colour} }}"}


def renamed(name, *changes):
    """A shipped file with some words changed."""
    text = shipped(name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return {FOLDER + name: text}


@pytest.fixture
def styled(play):
    """A play whose project has a look of its own from the first release."""
    play.files |= style("teal")
    play.learner.take(play.release(START))
    play.learner.answer(8)
    return play


def scheme(learner):
    """When the collection last needed a full sync."""
    return learner.collection.db.scalar("select scm from col")


@pytest.mark.parametrize("now", [START + DAY, START, START - DAY], ids=["later", "same-second", "clock-set-back"])
def test_g1_a_new_look_arrives_without_touching_a_note_or_card(styled, now):
    notes, cards, full_sync = styled.learner.rows("notes"), styled.learner.rows("cards"), scheme(styled.learner)
    styled.files |= style("olive") | renamed("clue.html", ("{% block answer %}", "{% block answer %}<i>wide</i>"))
    assert styled.learner.take(styled.release(now)) == UNTOUCHED
    note_type = styled.learner.note_type("siadh")
    assert "olive" in note_type["css"]
    assert "wide" in note_type["tmpls"][0]["afmt"]
    assert (styled.learner.rows("notes"), styled.learner.rows("cards")) == (notes, cards)
    assert scheme(styled.learner) == full_sync


def test_g2_a_rebuild_does_not_make_the_note_type_newer(styled):
    before = styled.learner.rows("notetypes")
    styled.learner.take(styled.release(START + 90 * DAY))
    assert styled.learner.rows("notetypes") == before


def test_g6_the_learners_css_stays_until_the_author_changes_the_look(styled):
    styled.learner.style("siadh", ".card { color: pink }", at=START + DAY)
    styled.learner.take(styled.release(START + 2 * DAY, lambda deck: deck["causes"]["siadh"].update(tags=["core"])))
    assert styled.learner.note_type("siadh")["css"] == ".card { color: pink }"
    styled.files |= style("olive")
    styled.learner.take(styled.release(START + 3 * DAY))
    assert "olive" in styled.learner.note_type("siadh")["css"]


def test_h2_a_field_of_an_own_note_type_is_renamed_and_keeps_its_content_without_a_full_sync(play):
    def own(field, was=""):
        play.files[OWN + "notetype.yaml"] = f"name: Quote\nfields: [{field}, Key]\ncards: [quote]\n".replace(
            field, f"{{name: {field}{was}}}"
        )
        play.files[OWN + "quote.html"] = (
            f"{{% block front %}}{{% when field.{field} %}}Who said: {{{{ field.{field} }}}}?{{% endwhen %}}"
            "{% endblock %}"
            "{% block answer %}Somebody{% endblock %}"
        )
        play.deck["notes"] = {"quote": {"salt": {field: "Salt is good"}}}

    own("Saying")
    play.learner.take(play.release(START))
    play.learner.edit("salt", "Saying", "my saying", at=START + DAY)
    full_sync, cards = scheme(play.learner), play.learner.rows("cards")
    own("Words", ", was: Saying")
    assert play.learner.take(play.release(START + 2 * DAY)) == (0, 0, ALL + 1, 0)
    assert play.learner.note("salt")["Words"] == "my saying"
    assert (scheme(play.learner), play.learner.rows("cards")) == (full_sync, cards)


def test_r_a_spare_card_template_comes_into_use_and_learners_lose_nothing(styled):
    """Row R1."""
    full_sync, cards = scheme(styled.learner), styled.learner.rows("cards")
    styled.learner.edit("thiazides", "Mechanism", "my words", at=START + DAY)
    templates = len(styled.learner.note_type("siadh")["tmpls"])
    spares = sum(template["name"].startswith("Spare") for template in styled.learner.note_type("siadh")["tmpls"])
    schema = with_another(shipped("notetype.yaml"), "key", "depends")
    styled.files |= {FOLDER + "notetype.yaml": schema, FOLDER + "depends.html": SIDE}
    package = styled.release(START + 2 * DAY, lambda deck: deck["causes"]["siadh"].update(dose="How much one drinks"))
    assert styled.learner.take(package) == (0, 1, ALL - 1, 0)
    after = styled.learner.rows("cards")
    assert {id_: after[id_] for id_ in cards} == cards
    assert len(after) == len(cards) + 1
    assert "on what does it depend?" in styled.learner.question("siadh", templates - spares)
    assert styled.learner.note("thiazides")["Mechanism"] == "my words"
    assert scheme(styled.learner) == full_sync
    assert styled.learner.take(package) == UNTOUCHED
    assert styled.learner.whole() is None


def test_r_a_kind_switched_off_makes_no_new_cards_and_the_old_ones_can_be_cleared_for_good(play):
    """Row RT."""
    for number, cause in enumerate(play.deck["causes"].values()):
        cause["clue"] = f"Bed {number} of the ward"
    play.learner.take(play.release(START))
    play.learner.answer(8)
    cards = play.learner.rows("cards")
    play.deck["cards"]["skip"].append("mechanism")
    new = {
        "cause": "Heart failure",
        "category": "intake",
        "mechanism": "Low flow calls for vasopressin",
        "clue": "Bed 9",
    }
    package = play.release(START + DAY, lambda deck: deck["causes"].update({"heart-failure": new}))
    assert play.learner.take(package) == (1, 0, ALL, 0)
    after = play.learner.rows("cards")
    assert {id_: after[id_] for id_ in cards} == cards
    assert list(play.learner.cards("heart-failure")) == [0]
    empty = [card for note in play.learner.collection.get_empty_cards().notes for card in note.card_ids]
    assert sorted(empty) == sorted(id_ for id_, row in cards.items() if row[3] == 1 and row[1] in causes(play))
    play.learner.collection.remove_cards_and_orphaned_notes(empty)
    assert play.learner.take(package) == (0, 0, ALL + 1, 0)
    assert not set(empty) & play.learner.rows("cards").keys()


def causes(play):
    return {play.learner.note(key).id for key in play.deck["causes"]}


@pytest.mark.parametrize("what", ["field", "template"], ids=["t1-field", "t2-template"])
def test_t1_a_learner_who_added_to_the_note_type_loses_nothing_and_can_merge(begun, what):
    models = begun.learner.collection.models
    note_type = begun.learner.note_type("siadh")
    if what == "field":
        models.add_field(note_type, models.new_field("Mine"))
    else:
        template = models.new_template("Mine")
        template["qfmt"], template["afmt"] = "{{#Spare 6}}mine: {{Cause}}{{/Spare 6}}", "{{Mechanism}}"
        models.add_template(note_type, template)
    models.update_dict(note_type)
    cards = begun.learner.rows("cards")
    package = begun.release(START + DAY, lambda deck: deck["causes"]["siadh"].update(tags=["core"]))
    assert begun.learner.take(package) == (0, 0, 1, ALL - 1)
    assert begun.learner.rows("cards") == cards
    begun.learner.take(package, merge=True)
    assert begun.learner.rows("cards") == cards
    assert begun.learner.whole() is None


def test_t5_a_field_that_the_learner_renamed_keeps_the_learners_name_and_gets_the_authors_text(begun):
    models = begun.learner.collection.models
    with begun.learner.doing(at=START + DAY):
        note_type = begun.learner.note_type("siadh")
        models.rename_field(note_type, note_type["flds"][3], "How")
        models.update_dict(note_type)
    package = begun.release(START + 2 * DAY, lambda deck: deck["causes"]["siadh"].update(mechanism="In another way"))
    assert begun.learner.take(package) == (0, 1, ALL - 1, 0)
    assert begun.learner.note("siadh").fields[3] == "In another way"


def switch_clues_on(play):
    """Releases without clue cards and with them; the learner has both, and Anki made the clue cards by itself."""
    for number, cause in enumerate(play.deck["causes"].values()):
        cause["clue"] = f"Bed {number} of the ward"
    play.deck["cards"]["skip"].append("clue")
    play.learner.take(play.release(START))
    play.learner.answer(8)
    play.deck["cards"]["skip"].remove("clue")
    play.learner.take(play.release(START + DAY))


def test_r4_a_kind_switched_on_brings_its_cards_and_touches_no_note(play):
    switch_clues_on(play)
    cards = play.learner.rows("cards")
    assert all(sorted(play.learner.cards(key)) == [0, 1] for key in play.deck["causes"])
    package = play.release(START + 2 * DAY, lambda deck: deck.update(words={"ask-clue": "Why, perhaps?"}))
    assert play.learner.take(package) == (0, 0, ALL, 0)
    assert play.learner.rows("cards") == cards


def test_r4_cards_that_anki_doubles_in_a_collection_of_this_deck_alone_go_with_its_check_of_the_database(play):
    """SQLite reads a small table of cards by id once it has been analysed; Anki expects those of a note together."""
    switch_clues_on(play)
    play.learner.whole()
    cards = play.learner.rows("cards")
    play.learner.take(play.release(START + 2 * DAY, lambda deck: deck.update(words={"ask-clue": "Why, perhaps?"})))
    assert len(play.learner.rows("cards")) > len(cards)
    assert "duplicate template" in (play.learner.whole() or "")
    after = play.learner.rows("cards")
    assert {id_: row[6:15] for id_, row in after.items()} == {id_: row[6:15] for id_, row in cards.items()}


def test_a_kind_that_the_deck_does_without_stays_on_the_entry_that_asks_for_it(play):
    for number, cause in enumerate(play.deck["causes"].values()):
        cause["clue"] = f"Bed {number} of the ward"
    play.deck["causes"]["siadh"]["cards"] = {"add": ["clue"]}
    play.deck["cards"]["skip"].append("clue")
    play.learner.take(play.release(START))
    assert {key: sorted(play.learner.cards(key)) for key in play.deck["causes"]} == {
        key: [0, 1] if key == "siadh" else [1] for key in play.deck["causes"]
    }


def test_a_learner_can_save_the_note_types_and_what_is_written_into_a_spare_field_makes_no_card(begun):
    cards = begun.learner.rows("cards")
    for key in ("siadh", "//blanks"):
        begun.learner.style(key, ".card { color: pink }", at=START + DAY)
        begun.learner.edit(key, "Spare 4", "my own words", at=START + DAY)
    assert begun.learner.rows("cards") == cards
