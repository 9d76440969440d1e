"""Two releases and a learner: cards, their decks, media and the deck's text. Letters: rows of the scenario table."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from players import DAY
from stage import ALL, START

UNTOUCHED = (0, 0, ALL, 0)
ONE_UPDATED = (0, 1, ALL - 1, 0)
DECK = "Medicine::Hyponatraemia"


def give_clue(deck):
    deck["causes"]["siadh"]["clue"] = "Low sodium and concentrated urine after surgery"


def retag(deck):
    deck["causes"]["siadh"]["tags"] = ["core"]


def kept(before, after):
    """The rows of before, as they are now."""
    return {id_: after.get(id_) for id_ in before}


def test_k1_an_entry_that_changes_its_category_is_updated_and_its_cards_stay(begun):
    cards = begun.learner.rows("cards")
    moved = begun.release(START + DAY, lambda deck: deck["causes"]["siadh"].update(category="losses"))
    assert begun.learner.take(moved) == ONE_UPDATED
    assert begun.learner.rows("cards") == cards
    assert begun.learner.note("siadh").tags == ["hyponatraemia::losses"]


def test_k1_an_entry_that_moves_to_another_file_or_another_line_is_untouched(begun):
    before = begun.learner.everything()
    entry = begun.deck["causes"].pop("siadh")
    begun.deck["causes"] = dict(reversed(begun.deck["causes"].items()))
    begun.files["causes/water.yaml"] = (
        f"causes: {{siadh: {{cause: {entry['cause']}, category: intake, mechanism: {entry['mechanism']}}}}}"
    )
    assert begun.learner.take(begun.release(START + DAY)) == UNTOUCHED
    assert begun.learner.everything() == before


def test_k2_cards_that_the_learner_moved_stay_where_they_are_put(begun):
    begun.learner.move("siadh", "Mine")
    assert begun.learner.take(begun.release(START + DAY, retag)) == ONE_UPDATED
    assert begun.learner.decks("siadh") == {"Mine"}


def test_q2_in_a_deck_that_the_learner_renamed_cards_stay_and_new_ones_come_to_the_authors(begun):
    decks = begun.learner.collection.decks
    decks.rename(decks.id(DECK), "Sodium")
    cards = begun.learner.rows("cards")
    new = {"cause": "Heart failure", "category": "intake", "mechanism": "Low flow calls for vasopressin"}
    package = begun.release(START + DAY, lambda deck: deck["causes"].update({"heart-failure": new}))
    assert begun.learner.take(package) == (1, 0, ALL, 0)
    assert kept(cards, begun.learner.rows("cards")) == cards
    assert (begun.learner.decks("siadh"), begun.learner.decks("heart-failure")) == ({"Sodium"}, {DECK})


def test_s_flags_and_suspensions_stay_when_the_note_is_updated(begun):
    card = begun.learner.cards("siadh")[1]
    begun.learner.collection.sched.suspend_cards([card.id])
    begun.learner.collection.set_user_flag_for_cards(2, [card.id])
    cards = begun.learner.rows("cards")
    assert begun.learner.take(begun.release(START + DAY, retag)) == ONE_UPDATED
    assert begun.learner.rows("cards") == cards


@pytest.fixture
def pictured(play):
    """A play whose first release has a picture on one note."""
    play.deck["causes"]["siadh"]["image"] = {"file": "map.svg", "alt": "A map"}
    play.files["media/map.svg"] = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    play.files["media/unused.svg"] = "<svg/>"
    play.learner.take(play.release(START))
    return play


def pictures(learner):
    """The files that the note shows, and their content in the learner's media folder."""
    folder = Path(learner.collection.media.dir())
    names = re.findall(r'src="([^"]+)"', learner.note("siadh")["Image"])
    return {name: (folder / name).read_text() for name in names}


def test_m1_media_that_did_not_change_change_no_note(pictured):
    before = pictured.learner.everything()
    assert pictured.learner.take(pictured.release(START + DAY)) == UNTOUCHED
    assert pictured.learner.everything() == before


def test_m2_a_changed_picture_of_the_same_name_reaches_the_learner(pictured):
    old = pictures(pictured.learner)
    pictured.files["media/map.svg"] = '<svg xmlns="http://www.w3.org/2000/svg" width="9"/>'
    assert pictured.learner.take(pictured.release(START + DAY)) == ONE_UPDATED
    new = pictures(pictured.learner)
    assert list(new.values()) == [pictured.files["media/map.svg"]]
    assert new.keys() != old.keys()


def test_m3_no_file_has_a_name_that_anki_would_never_replace(pictured):
    assert all(re.fullmatch(r"map-[0-9a-f]{8,}\.svg", name) for name in pictures(pictured.learner))


def test_m5_a_picture_that_no_note_shows_is_not_packed(pictured):
    assert "unused" not in ZipFile(pictured.release(START)).read("media").decode()


def test_n1_a_changed_description_reaches_the_learner_without_touching_a_note(begun):
    package = begun.release(START + DAY, lambda deck: deck.update(description="Why sodium falls", version="2"))
    assert begun.learner.take(package) == UNTOUCHED
    text = begun.learner.collection.decks.by_name(DECK)["desc"]
    assert "Why sodium falls" in text
    assert "2" in text


def test_n3_a_description_taken_back_is_gone_for_the_learner_too(begun):
    assert begun.learner.take(begun.release(START + DAY, lambda deck: deck.pop("description"))) == UNTOUCHED
    text = begun.learner.collection.decks.by_name(DECK)["desc"]
    assert text
    assert "Why sodium is low" not in text


def test_n4_the_learners_options_of_the_deck_stay(begun):
    decks = begun.learner.collection.decks
    config = decks.add_config("Mine")
    deck = decks.by_name(DECK)
    deck["conf"] = config["id"]
    decks.save(deck)
    begun.learner.take(begun.release(START + DAY, retag))
    assert decks.by_name(DECK)["conf"] == config["id"]


def test_r1_a_field_that_is_filled_later_adds_its_card_and_the_others_keep_their_schedule(begun):
    cards = begun.learner.rows("cards")
    assert begun.learner.take(begun.release(START + DAY, give_clue)) == ONE_UPDATED
    after = begun.learner.rows("cards")
    assert kept(cards, after) == cards
    assert len(after) == len(cards) + 1
    assert "after surgery" in begun.learner.question("siadh", 0)


def test_r1b_where_the_learners_edit_wins_the_new_card_waits_blank_for_the_next_change(begun):
    package = begun.release(START + DAY, give_clue)
    begun.learner.edit("siadh", "Mechanism", "my words", at=START + 2 * DAY)
    cards = begun.learner.rows("cards")
    assert begun.learner.take(package) == UNTOUCHED
    assert kept(cards, begun.learner.rows("cards")) == cards
    assert "after surgery" not in begun.learner.question("siadh", 0)
    assert begun.learner.take(begun.release(START + 3 * DAY, retag)) == ONE_UPDATED
    assert "after surgery" in begun.learner.question("siadh", 0)


def test_r2_a_card_whose_field_was_emptied_keeps_its_history_and_works_again_when_the_field_is_back(play):
    give_clue(play.deck)
    play.learner.take(play.release(START))
    play.learner.answer(20)
    cards = play.learner.rows("cards")
    assert play.learner.take(play.release(START + DAY, lambda deck: deck["causes"]["siadh"].pop("clue"))) == ONE_UPDATED
    assert play.learner.rows("cards") == cards
    empty = play.learner.collection.get_empty_cards().notes
    assert [list(note.card_ids) for note in empty] == [[play.learner.cards("siadh")[0].id]]
    assert play.learner.take(play.release(START + 2 * DAY, give_clue)) == ONE_UPDATED
    assert play.learner.rows("cards") == cards
    assert "after surgery" in play.learner.question("siadh", 0)


def hidden(learner):
    """The members of the list that each of its cards asks for, by ordinal."""
    return {
        ordinal: [re.sub(r"&#x(\w+);", lambda m: chr(int(m[1], 16)), text)
                  for text in re.findall(r'data-cloze="([^"]*)"', learner.question("//blanks", ordinal))]
        for ordinal in learner.cards("//blanks")
    }  # fmt: skip


def insert(deck):
    deck["categories"] = {"mixed": "Both at once", **deck["categories"]}


def reorder(deck):
    deck["categories"] = dict(reversed(deck["categories"].items()))


@pytest.mark.parametrize(("change", "new_cards"), [(insert, 1), (reorder, 0)], ids=["inserted", "reordered"])
def test_r3_every_card_of_a_list_keeps_its_member_when_others_come_or_move(begun, change, new_cards):
    asked, cards = hidden(begun.learner), begun.learner.rows("cards")
    assert sorted(asked) == [0, 1, 2]
    package = begun.release(START + DAY, change)
    new, _, _, conflicting = begun.learner.take(package)
    assert (new, conflicting) == (0, 0)
    after, now = begun.learner.rows("cards"), hidden(begun.learner)
    assert kept(cards, after) == cards
    assert len(after) == len(cards) + new_cards
    assert {ordinal: now[ordinal] for ordinal in asked} == asked
    assert begun.learner.collection.get_empty_cards().notes == []


def test_r3_a_member_that_left_comes_back_to_its_own_card(begun):
    asked, cards = hidden(begun.learner), begun.learner.rows("cards")
    entry = begun.deck["categories"]["shift"]

    def leave(deck):
        del deck["categories"]["shift"]
        deck["categories"]["drugs"] = "Drugs"
        deck["causes"]["glucose"]["category"] = "drugs"

    begun.learner.take(begun.release(START + DAY, leave))
    assert kept(cards, begun.learner.rows("cards")) == cards
    assert (hidden(begun.learner)[0], hidden(begun.learner)[2], hidden(begun.learner)[3]) == (asked[0], [], ["Drugs"])
    begun.learner.take(begun.release(START + 2 * DAY, lambda deck: deck["categories"].update(shift=entry)))
    assert hidden(begun.learner)[2] == asked[2]
    assert kept(cards, begun.learner.rows("cards")) == cards
    assert begun.learner.whole() is None


def common(learner):
    return learner.note("/intake/common")["Shown"]


def test_causes_that_stand_for_their_branch_stay_when_others_come(play):
    play.deck["cards"]["add"].append("common")
    play.deck["categories"]["intake"] = {"name": "Water gain", "definition": "Water stays"}
    play.deck["causes"]["beer"] = {"cause": "Beer", "category": "intake", "mechanism": "Few solutes come with it"}
    play.learner.take(play.release(START))
    shown = common(play.learner)
    assert shown == "Beer, Polydipsia, SIADH"
    for number in range(4):
        new = {"cause": f"Further cause {number}", "category": "intake", "mechanism": f"It works by way {number}"}
        package = play.release(START + DAY + number, lambda deck, n=number, e=new: deck["causes"].update({f"f{n}": e}))
        assert play.learner.take(package)[:2] == (1, 0)
    assert common(play.learner) == shown
