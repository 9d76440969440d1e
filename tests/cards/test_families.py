"""Which cards are made of an entry, and which are not, with the reason."""

import re

import pytest
from anki.collection import Collection
from conftest import MINIMAL, NOW, SHIPPED, import_package

from generator.cards.families import common_words
from generator.package.write import write_apkg
from generator.resources import bundled
from generator.text.words import names_anyone
from generator.workflows.check import check_folder
from generator.workflows.prepare import prepare

PAST = NOW - 10_000_000
"""A time that is past on any day this runs: Anki gives ids from the future new values."""

DECK = """\
deck: Weather::Rain
finding: {name: Rain, effect: make it rain}
categories:
  sky: {name: From the sky, definition: Water falls by itself, separates: "Clouds overhead"}
  hand: {name: By hand, definition: Somebody pours, versus: {sky: {here: Somebody is seen, there: Nobody is seen}}}
facets:
  size: {name: Size, ask: How big is it?, values: {big: Big, small: Small}}
causes:
"""


def cause(key, **fields):
    values = {"mechanism": f"Steps of {key} lead downwards", "category": "sky", **fields}
    lines = "".join(f"    {name.replace('_', '-')}: {value}\n" for name, value in values.items())
    return f"  {key}:\n    cause: The {key}\n{lines}"


def prepared(folder):
    result, diagnostics = prepare(folder, now=0)
    assert result is not None, diagnostics
    return result.stamped.release.notes


def made(notes, key):
    """The card templates that the notes of an entry have, by name, one for each card."""
    mine = [note for note in notes.notes if ("causes", key) == (*note.entries, ("", ""))[0]]
    return sorted(notes.template_of(note, ordinal).name for note in mine for ordinal in note.card_ordinals)


def reasons(notes, key):
    return {withheld.card: withheld.reason for withheld in notes.withheld if withheld.key == key}


def text(notes, note_type, key, name):
    note = next(n for n in notes.notes if (n.note_type, n.key) == (note_type, key))
    fields = [field.name for field in notes.note_types[note_type].fields]
    return note.fields[fields.index(name)]


def test_a_facet_is_asked_unless_it_has_several_values_or_one_that_most_share(write_deck):
    few = DECK + cause("fog", facets="{size: [big]}") + cause("dew", facets="{size: [small]}")
    assert "Facet 1" in made(prepared(write_deck(few, name="few")), "fog")
    many = few + "".join(cause(f"mist{i}", facets="{size: [small]}") for i in range(3))
    assert "most causes share" in reasons(prepared(write_deck(many, name="many")), "dew")["facet"]
    both = few.replace("[small]", "[small, big]")
    assert reasons(prepared(write_deck(both, name="both")), "dew")["facet"] == "a facet with several values"


def test_a_time_course_is_asked_only_with_its_own_citation(write_deck):
    files = {"sources.yaml": "references: [{id: book, title: A book}]"}
    notes = prepared(
        write_deck(DECK + cause("fog", time_course="At dawn [@book]") + cause("dew", time_course="Late"), files)
    )
    assert "Time course" in made(notes, "fog")
    assert reasons(notes, "dew")["time"] == "a time course or dose without its own citation"


def test_a_first_check_is_asked_only_of_reviewed_entries_if_the_deck_says_so(write_deck):
    text = (
        DECK + cause("fog", first_check="Look up") + cause("dew", first_check="Look down", review="{state: reviewed}")
    )
    assert "First check" in made(prepared(write_deck(text, name="all")), "fog")
    strict = prepared(
        write_deck(text.replace("causes:\n", "cards: {if-reviewed: [check]}\ncauses:\n", 1), name="strict")
    )
    assert reasons(strict, "fog")["check"] == "made only of reviewed entries"
    assert "First check" in made(strict, "dew")


def test_a_chain_shows_the_link_before_and_hides_what_comes_later(write_deck):
    notes = prepared(
        write_deck(
            DECK + cause("fog", mechanism="{summary: Air cools, steps: [Night falls, Ground chills, Water beads]}")
        )
    )
    chain = next(note for note in notes.notes if note.note_type == "chain")
    front, back = notes.show(chain, chain.card_ordinals[0])
    assert "Night falls" in front
    assert "Ground chills" not in re.sub(r'data-cloze="[^"]*"', "", front)
    assert "Water beads" not in front
    assert "Water beads" in back


def test_steps_that_repeat_each_other_make_no_chain(write_deck):
    steps = "{summary: Air cools, steps: [The night air cools down, The air of night cools down, Water beads]}"
    assert reasons(prepared(write_deck(DECK + cause("fog", mechanism=steps))), "fog")["chain"] == (
        "two neighbouring steps say the same"
    )


def test_a_pair_is_one_note_whoever_declares_it(write_deck):
    one = "{dew: {here: It hangs, there: It lies}}"
    other = "{fog: {here: It lies, there: It hangs}}"
    notes = prepared(write_deck(DECK + cause("fog", versus=one) + cause("dew", versus=other)))
    assert [note.key for note in notes.notes if note.note_type == "pair"] == ["dew~fog", "/hand~/sky"]
    assert reasons(notes, "fog")["pair"] == "`dew` declares the same pair"


def test_a_feature_that_names_a_side_is_not_asked_backwards(write_deck):
    versus = "{dew: {here: The fog hangs, there: It lies}}"
    notes = prepared(write_deck(DECK + cause("fog", versus=versus) + cause("dew")))
    assert reasons(notes, "fog")["which"] == "the feature gives away “The fog”"
    assert made(notes, "fog").count("What tells apart") == 1


def test_an_example_is_asked_if_it_is_classic_explained_and_of_one_cause(write_deck):
    classic = "[{name: Pea soup, classic: true, note: In London}]"
    assert "Example → cause" in made(prepared(write_deck(DECK + cause("fog", examples=classic), name="one")), "fog")
    two = prepared(write_deck(DECK + cause("fog", examples=classic) + cause("dew", examples=classic), name="two"))
    assert reasons(two, "fog")["example"] == "no classic example with a note that is its alone"


def test_a_correction_is_asked_once(write_deck):
    files = {"syllabus.yaml": "corrections: {E1: {says: Frogs do it, correct: They do not}}"}
    notes = prepared(write_deck(DECK + cause("fog", correction="E1") + cause("dew", correction="E1"), files))
    assert (text(notes, "cause", "fog", "Trap"), text(notes, "cause", "fog", "Correction")) == (
        "Frogs do it", "They do not",
    )  # fmt: skip
    assert reasons(notes, "dew")["trap"] == "`fog` has the same correction"


def test_a_class_asks_what_unifies_its_causes_and_for_the_one_classic(write_deck):
    notes = prepared(write_deck(DECK + cause("fog", classic="true") + cause("dew") + cause("mist")))
    assert text(notes, "class", "sky", "Shown") == "<ul><li>The dew</li><li>The fog</li><li>The mist</li></ul>"
    assert text(notes, "class", "sky", "Prototype") == "The fog"
    assert reasons(notes, "hand")["unifies"].startswith("not 3 to 5 causes")


def test_a_cause_gets_no_more_cards_than_the_deck_allows_over_all_its_notes(write_deck):
    steps = "{summary: Air cools, steps: [Night falls, Ground chills, Water beads, Sun comes]}"
    rich = {
        "mechanism": steps,
        "clue": "Grey morning",
        "first_check": "Look up",
        "versus": "{dew: {here: Hangs, there: Lies}}",
    }
    text = DECK + cause("fog", **rich) + cause("dew", mechanism="Cold grass gathers it")
    assert len(made(prepared(write_deck(text, name="six")), "fog")) == 6
    assert (
        len(
            made(prepared(write_deck(text.replace("causes:\n", "cards: {most: 3}\ncauses:\n", 1), name="three")), "fog")
        )
        == 3
    )


def test_families_are_switched_by_the_deck_and_by_the_entry(write_deck):
    text = DECK.replace("causes:\n", "cards: {skip: tree}\ncauses:\n", 1) + cause("fog", cards="{only: mechanism}")
    notes = prepared(write_deck(text))
    assert made(notes, "fog") == ["Cause → mechanism"]
    assert reasons(notes, "fog")["category"] == "the author left it out"
    assert reasons(notes, "/")["tree"] == "the deck does not use this family"


def test_an_unknown_family_is_a_fault_with_a_suggestion(write_deck):
    (fault,) = check_folder(write_deck(MINIMAL + "    cards: {skip: mechanisms}\n")).diagnostics
    assert (fault.code, fault.hint) == ("bad-value", "did you mean `mechanism`?")


def test_common_words_of_the_deck_give_nothing_away(write_deck):
    text = DECK + cause("fog", clue="The fog machine hums")
    assert "gives away" in reasons(prepared(write_deck(text, name="plain")), "fog")["clue"]
    common = text.replace("causes:\n", "common-words: [fog, the]\ncauses:\n", 1)
    assert "Clue → cause" in made(prepared(write_deck(common, name="common")), "fog")


def test_the_author_orders_the_causes_of_a_category(write_deck):
    ordered = DECK.replace('separates: "Clouds overhead"', "ordered: true, members: [dew, fog]")
    notes = prepared(write_deck(ordered + cause("fog") + cause("dew")))
    members = text(notes, "category", "sky", "Members") or text(notes, "category", "sky", "Enumeration")
    assert members.index("The dew") < members.index("The fog")
    (fault,) = check_folder(write_deck(ordered + cause("fog"), name="missing")).diagnostics
    assert fault.code == "unknown-cause"


def test_a_change_of_the_tree_leaves_notes_of_other_branches_alone(write_deck):
    deck = DECK.replace(
        '  sky: {name: From the sky, definition: Water falls by itself, separates: "Clouds overhead"}',
        "  sky: {name: From the sky, children: {near: Near, far: Far}}",
    )
    causes = cause("fog", category="sky/near") + cause("jug", category="hand")
    before = prepared(write_deck(deck + causes, name="before"))
    after = prepared(write_deck(deck.replace("far: Far", "far: Very far") + causes, name="after"))
    assert [n for n in before.notes if n.key == "jug"] == [n for n in after.notes if n.key == "jug"]
    assert [n.media for n in before.notes if n.key == "fog"] != [n.media for n in after.notes if n.key == "fog"]


def test_a_citation_keeps_to_its_word_and_several_are_one_mark(write_deck):
    sources = ", ".join(f"{{id: {name}, title: {name}}}" for name in "abcd")
    mechanism = '"Water [@a], then ice [@b] [@c; @d, p. 2] falls"'
    notes = prepared(write_deck(DECK + cause("fog", mechanism=mechanism), {"sources.yaml": f"references: [{sources}]"}))
    shown = 'Water<sup class="cite">1</sup>, then ice<sup class="cite">2,3,4</sup> falls'
    assert text(notes, "cause", "fog", "Mechanism") == shown


def test_what_rests_on_general_knowledge_says_so_on_the_card(write_deck):
    lore = "{id: lore, title: Lore, custom: {seen: general-knowledge}}"
    files = {"sources.yaml": f"references: [{lore}, {{id: book, title: Book}}]"}
    notes = prepared(write_deck(DECK + cause("fog", sources="[lore]") + cause("dew", sources="[book]"), files))
    assert "from general knowledge" in text(notes, "cause", "fog", "Sources")
    assert "from general knowledge" not in text(notes, "cause", "dew", "Sources")


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/errors", "https://example.org/errors?entry=fog"),
        ("https://example.org/?deck=rain", "https://example.org/?deck=rain&amp;entry=fog"),
        ("errors@example.org", "mailto:errors@example.org?subject=Weather%3A%3ARain%20fog"),
    ],
)
def test_a_card_links_to_the_address_for_errors_with_its_key(write_deck, address, link):
    notes = prepared(write_deck(DECK.replace("causes:\n", f"report: {address}\ncauses:\n", 1) + cause("fog")))
    assert text(notes, "cause", "fog", "Report") == f'<a href="{link}">Report an error</a>'


ANSWERS = {
    ("cause", 1): "Cause", ("cause", 2): "Category", ("cause", 3): "Cause", ("cause", 4): "Facet 1",
    ("cause", 5): "Facet 2", ("cause", 8): "Cause", ("pair", 1): "Answer", ("class", 0): "Category",
    ("class", 1): "Prototype",
}  # fmt: skip
"""The field that answers a card whose answer is a name, by note type and ordinal."""


@pytest.fixture(scope="module", params=SHIPPED)
def shipped(request):
    prepared, diagnostics = prepare(bundled("decks") / request.param, PAST)
    assert prepared is not None, diagnostics
    return prepared


def test_no_two_cards_of_a_shipped_deck_ask_the_same(shipped):
    notes = shipped.stamped.release.notes
    fronts = [notes.show(note, ordinal)[0] for note in notes.notes for ordinal in note.card_ordinals]
    assert len(fronts) == len(set(fronts))


def test_a_cause_of_a_shipped_deck_gets_no_more_cards_than_the_deck_allows(shipped):
    notes, settings = shipped.stamped.release.notes, shipped.deck.settings
    assert all(1 <= len(made(notes, key)) <= settings.cards.most for key in shipped.deck.causes)


def test_no_front_of_a_shipped_deck_gives_its_answer_away(shipped):
    common = common_words(shipped.deck)
    notes = shipped.stamped.release.notes
    for note in notes.notes:
        fields = [field.name for field in notes.note_types[note.note_type].fields]
        for ordinal in note.card_ordinals:
            if name := ANSWERS.get((note.note_type, ordinal)):
                front = re.sub(r'<div class="(?:ask|hint)">.*?</div>', "", notes.show(note, ordinal)[0])
                assert names_anyone(front, (note.fields[fields.index(name)],), common) is None, (note.key, name)


def test_every_card_of_a_shipped_deck_says_how_far_it_is_reviewed(shipped):
    notes = shipped.stamped.release.notes
    for note in notes.notes:
        if note.note_type != "tree":
            assert all('<span class="review">' in notes.show(note, ordinal)[1] for ordinal in note.card_ordinals)


def test_the_picture_of_the_tree_opens_in_ankis_image_occlusion_editor(shipped, tmp_path):
    release = shipped.stamped.release
    write_apkg(release, tmp_path / "deck.apkg")
    collection = Collection(str(tmp_path / "collection.anki2"))
    import_package(collection, tmp_path / "deck.apkg")
    note = next(note for note in release.notes.notes if note.note_type == "tree")
    answer = collection.get_image_occlusion_note(release.identities[note.note_type, note.key].id).note
    assert len(answer.occlusions) == len(note.card_ordinals) == len(shipped.deck.settings.categories)
    assert answer.image_data.startswith(b"<svg")
    collection.close()


def test_the_flagship_deck_has_every_kind_of_note():
    prepared, _ = prepare(bundled("decks") / "leukopenia", PAST)
    assert prepared is not None
    assert {note.note_type for note in prepared.stamped.release.notes.notes} == {
        "category", "class", "tree", "cause", "fact", "chain", "pair",
    }  # fmt: skip


def test_a_branch_that_is_not_asked_for_gives_way_to_the_one_below(write_deck):
    sky = '  sky: {name: From the sky, definition: Water falls by itself, separates: "Clouds overhead"}'
    deep = "  sky: {name: From the sky, asked: false, children: {near: {name: Near, definition: Close by}, far: Far}}"
    notes = prepared(write_deck(DECK.replace(sky, deep) + cause("fog", category="sky/near")))
    assert text(notes, "cause", "fog", "Category") == "Near"
    assert text(notes, "cause", "fog", "Category Hint") == "N… · F…"
