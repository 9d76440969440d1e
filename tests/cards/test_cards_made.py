"""Which cards are made of an entry, and which are not, with the reason, the place and the word that is to blame."""

import re

import pytest
from conftest import MINIMAL, NOW, SHIPPED

from generator.cards.render import render_notes
from generator.load.deck import load_deck
from generator.load.positions import find_positions
from generator.load.templates import load_templates
from generator.model.notes import NoteId, Remembered
from generator.resources import bundled
from generator.text.html import is_blank
from generator.workflows.check import check_folder
from generator.workflows.prepare import no_progress, prepare

DECK = """\
deck: Weather::Rain
finding: {name: Rain, effect: make it rain}
categories:
  sky: {name: From the sky, definition: Water falls by itself}
  hand: {name: By hand, definition: Somebody pours}
facets:
  size: {name: Size, ask: How big is it?, values: {big: Big, small: Small}}
CARDS
causes:
"""


def deck(*causes, add="", cards="", replaced=()):
    head = DECK.replace("CARDS", cards or f"cards: {{add: [{add}]}}")
    for old, new in replaced:
        assert old in head
        head = head.replace(old, new)
    return head + "".join(causes)


def cause(key, **fields):
    values = {"mechanism": f"Steps of {key} lead downwards", "category": "sky", **fields}
    lines = "".join(f"    {name.replace('_', '-')}: {value}\n" for name, value in values.items())
    return f"  {key}:\n    cause: The {key}\n{lines}"


def notes_of(folder):
    prepared, findings = prepare(folder, now=0)
    assert prepared is not None, findings
    return prepared.stamped.release.notes


@pytest.fixture
def made(write_deck):
    """`made(text, files={…})`: the notes of a deck."""
    count = 0

    def make(text, files=None):
        nonlocal count
        count += 1
        return notes_of(write_deck(text, files, f"deck-{count}"))

    return make


def kinds(notes, key, kind="causes"):
    """The kinds of the cards whose answer or question stands in an entry."""
    cards = [(card, note) for note in notes.notes for card in note.cards if card.entry == (kind, key)]
    return sorted(card.kind for card, note in cards if card.ordinal in note.card_ordinals)


def withheld(notes):
    return [(lost.kind, lost.entry.key, lost.reason, lost.word) for lost in notes.withheld]


def value(notes, id_, field):
    note = next(note for note in notes.notes if note.id == id_)
    names = [f.name for f in notes.note_types[note.note_type].fields]
    return note.fields[names.index(field)]


def errors(folder):
    return [found for found in check_folder(folder, NOW).diagnostics if found.severity == "error"]


def keys(notes, note_type):
    return [note.key for note in notes.notes if note.note_type == note_type]


def test_a_typical_cause_gets_its_clue_and_its_mechanism(made):
    assert kinds(made(deck(cause("fog", clue="A grey morning"))), "fog") == ["clue", "mechanism"]


def test_a_clue_that_names_its_cause_makes_no_card_and_the_word_is_shown_at_its_place(write_deck):
    folder = write_deck(deck(cause("fog", clue="Grey droplets, a fog over the meadows")))
    (fault,) = [found for found in check_folder(folder, NOW).diagnostics if found.code == "card-not-made"]
    assert fault.message == "no `clue` card: the clue gives its cause away (“fog”)"
    skipped = write_deck(deck(cause("fog", clue="A fog over the meadows", cards="{skip: [clue]}")), name="skipped")
    assert "card-not-made" not in {found.code for found in check_folder(skipped, NOW).diagnostics}


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        (cause("thunder", clue="Now **Thunders** roll by"), "clue", "thunders"),
        (cause("thunder", examples="[{name: Autumn thunder, classic: true}]"), "example", "thunder"),
        (cause("thunder", mechanism="It thunders above", cards="{add: reverse}"), "reverse", "thunders"),
        (cause("thunder", cards="{add: category}", category="loud"), "category", "thunder"),
        (cause("thunder", versus="{fog: {here: Loud, there: Grey}}") + cause("fog"), "contrast", None),
        (cause("thunder", cards="{add: onset}"), "onset", None),
        (cause("thunder", cards="{add: check}", first_check="Look up"), "check", None),
        (cause("thunder", cards="{add: steps}", mechanism="{summary: So, steps: [One, Two]}"), "steps", None),
    ],
)
def test_a_card_that_the_author_wants_and_does_not_get_is_told_at_its_place(text, kind, word, write_deck):
    tree = ("  hand:", "  loud: {name: Thunder and the like}\n  hand:")
    folder = write_deck(deck(text, replaced=[tree]))
    (lost,) = notes_of(folder).withheld
    assert (lost.kind, lost.entry.key, lost.word) == (kind, "thunder", word)
    (told,) = [d for d in check_folder(folder, NOW).diagnostics if d.code == "card-not-made"]
    assert kind in told.message
    position = find_positions([told.place])[told.place]
    assert position.line > 10
    if word and kind != "category":
        assert position.source[position.column - 1 :][: position.width].lower() == word


def test_what_nobody_asked_for_is_not_missed(made):
    add = "onset, peak, recovery, dose, check, steps, hallmark, common, reverse"
    notes = made(deck(cause("fog", mechanism="It wets grass"), add=add))
    assert withheld(notes) == []
    assert kinds(notes, "fog") == ["mechanism", "reverse"]


def test_a_card_that_learners_have_stays_although_a_rule_would_withhold_it(write_deck):
    loaded, _ = load_deck(write_deck(deck(cause("fog", clue="A fog over the meadows"))))
    templates, _ = load_templates(bundled("templates"), None)
    for known, ordinals in (({}, (1,)), ({NoteId("cause", "fog"): (0, 1)}, (0, 1))):
        notes, _ = render_notes(loaded, templates, "rain", Remembered(cards=known), no_progress)
        assert [note.card_ordinals for note in notes.notes] == [ordinals]
        assert bool(notes.withheld) == (not known)


def test_a_reversed_card_asks_with_words_that_do_not_give_the_cause_away(made):
    described = "{summary: The fog cools leaves, described: Air cools leaves}"
    notes = made(deck(cause("fog", mechanism=described), cause("dew", mechanism="It wets grass"), add="reverse"))
    assert value(notes, ("detail", "fog/reverse"), "Described") == "Air cools leaves"
    assert value(notes, ("detail", "dew/reverse"), "Described") == "It wets grass"


def test_a_category_is_asked_only_where_one_answer_is_right(made):
    notes = made(deck(cause("fog"), cause("dew", also_in="hand"), add="category"))
    assert (kinds(notes, "fog"), kinds(notes, "dew")) == (["category", "mechanism"], ["mechanism"])
    assert [(kind, key) for kind, key, _, _ in withheld(notes)] == [("category", "dew")]
    unasked = deck(cause("fog"), add="category", replaced=[("by itself}", "by itself, asked: false}")])
    assert kinds(made(unasked), "fog") == ["mechanism"]


def test_a_facet_with_several_values_is_asked_and_one_answer_for_most_is_not(made):
    both = deck(cause("fog", facets="{size: [big, small]}"), cause("dew", facets="{size: big}"), add="facet")
    assert value(made(both), ("detail", "fog/facet-1"), "Facet 1") == "Big, Small"
    mists = [cause(f"mist{i}", facets="{size: [small]}") for i in range(4)]
    notes = made(deck(cause("fog", facets="{size: big}"), *mists, add="facet"))
    assert kinds(notes, "fog") == ["facet", "mechanism"]
    assert kinds(notes, "mist1") == ["mechanism"]
    assert {reason for _, _, reason, _ in withheld(notes)} == {"“Small” answers 4 of the 5 cards of this facet"}
    unasked = both.replace("ask: How big is it?, ", "")
    assert kinds(made(unasked), "fog") == ["mechanism"]


def test_times_and_dose_are_cards_of_their_own(made):
    times = "{onset: At dawn, peak: At noon, recovery: By night, pattern: Daily}"
    notes = made(deck(cause("fog", time_course=times, dose="The cold"), add="onset, peak, recovery, dose"))
    assert kinds(notes, "fog") == ["dose", "mechanism", "onset", "peak", "recovery"]
    asks = {card.kind: card.ask for note in notes.notes for card in note.cards}
    assert asks["peak"] == "Rain, The fog: when is it at its greatest?"


def test_a_first_check_is_asked_only_of_reviewed_entries(made):
    reviewed = cause("dew", first_check="Look down", review="{state: reviewed, by: A, on: 2026-01-31}")
    notes = made(deck(cause("fog", first_check="Look up"), reviewed, add="check"))
    assert (kinds(notes, "fog"), kinds(notes, "dew")) == (["mechanism"], ["check", "mechanism"])


def test_no_review_is_needed_for_a_kind_that_if_reviewed_does_not_name(made):
    for settings, expected in (("", []), (", if-reviewed: []", ["check"]), (", if-reviewed: [onset]", ["check"])):
        notes = made(deck(cause("fog", first_check="Look up"), cards=f"cards: {{add: [check]{settings}}}"))
        assert kinds(notes, "fog") == [*expected, "mechanism"], settings


@pytest.mark.parametrize(("settings", "message", "hint"), [
    ("add: [check]", "2 entries have what it needs, but only reviewed entries get one, and none is reviewed",
     "write `if-reviewed: []` beside `add`"),
    ("add: check, if-reviewed: [check, onset]", "2 entries have what it needs", "write `if-reviewed: [onset]`"),
    ("add: [onset]", "nothing in this deck has what it needs: a cause has a `time-course.onset`",
     "`aetia explain onset` shows what to write"),
    ("add: steps, if-reviewed: [steps]", "nothing in this deck has what it needs", "aetia explain steps"),
    ("add: [dose], skip: [dose]", "`skip` leaves the kind out", "take `dose` out of `add` or of `skip`"),
])  # fmt: skip
def test_a_kind_that_the_deck_asks_for_and_that_makes_no_card_is_told_once_with_the_reason(
    write_deck, settings, message, hint
):
    folder = write_deck(
        deck(*(cause(key, first_check="Look up") for key in ("fog", "dew")), cards=f"cards: {{{settings}}}")
    )
    (told,) = [d for d in check_folder(folder, NOW).diagnostics if d.code == "card-not-made"]
    assert message in told.message
    assert hint in told.hint
    position = find_positions([told.place])[told.place]
    assert position.source[position.column - 1 :][: position.width] in settings


def test_a_kind_that_makes_a_card_or_says_of_each_why_not_is_not_told_again(write_deck):
    reviewed = cause("dew", first_check="Look down", review="{state: reviewed, by: A, on: 2026-01-31}")
    folder = write_deck(deck(cause("fog", first_check="Look up"), reviewed, add="check"))
    assert "card-not-made" not in {d.code for d in check_folder(folder, NOW).diagnostics}
    asking = cause("fog", first_check="Look up", cards="{add: check}")
    (told,) = [
        d
        for d in check_folder(write_deck(deck(asking, add="check"), name="asking"), NOW).diagnostics
        if d.code == "card-not-made"
    ]
    assert told.message == "no `check` card: only reviewed entries get one"
    assert told.hint.startswith(
        "have the entry reviewed, or write `if-reviewed: []` under `cards` in deck.yaml, or leave"
    )


def test_a_build_names_kinds_and_causes_without_a_card(write_deck, run_aetia):
    folder = write_deck(deck(cause("fog"), cause("haze", mechanism="{certainty: unknown}"), add="check, onset"))
    said = run_aetia("build", folder.name, cwd=folder.parents[1]).stdout
    assert f"not made: any check, any onset, any card of `haze`; aetia check {folder.name} says why" in said


def test_a_step_is_hidden_between_those_before_and_after_it(made):
    steps = "{summary: Air cools, steps: [Night falls, Ground chills, Water beads]}"
    notes = made(deck(cause("fog", mechanism=steps), add="steps"))
    note = next(note for note in notes.notes if note.key == "fog/steps")
    faces = notes.show(note, 1)
    assert "Night falls" in faces.front
    assert "Water beads" in faces.front
    assert "Ground chills" in faces.answer
    shown = faces.front.replace('data-cloze="Ground&#x20;chills"', "")
    assert "Ground chills" not in shown


def test_a_contrast_is_one_note_for_each_axis_whoever_declares_it(made):
    one = "{dew: {age: {on: age, here: Old, there: New}, place: {on: place, here: Air, there: Grass}}}"
    other = "{fog: {age: {on: age, here: New, there: Old}}}"
    notes = made(deck(cause("fog", versus=one), cause("dew", versus=other)))
    assert sorted(keys(notes, "contrast")) == ["dew~fog/age", "dew~fog/place"]
    faces = {note.key: notes.show(note, 0) for note in notes.notes if note.note_type == "contrast"}
    for key, axis in (("dew~fog/age", "age"), ("dew~fog/place", "place")):
        assert axis in faces[key].front
        assert "The dew" in faces[key].front
        assert "The fog" in faces[key].front
    assert faces["dew~fog/age"].answer.index("New") < faces["dew~fog/age"].answer.index("Old")


def test_a_single_contrast_has_the_key_of_the_pair_and_categories_have_some_too(made):
    tree = (
        "definition: Somebody pours",
        "definition: Somebody pours, versus: {sky: {on: who, here: He, there: No one}}",
    )
    notes = made(deck(cause("fog", versus="{dew: {on: age, here: Old, there: New}}"), cause("dew"), replaced=[tree]))
    assert sorted(keys(notes, "contrast")) == ["/hand~/sky", "dew~fog"]
    answer = next(card.answer for note in notes.notes for card in note.cards if note.key == "/hand~/sky")
    assert answer == "By hand: He; From the sky: No one"


def test_a_contrast_without_an_axis_makes_no_card(made):
    notes = made(deck(cause("fog", versus="{dew: {here: Old, there: New}}"), cause("dew")))
    assert keys(notes, "contrast") == []
    assert withheld(notes) == [
        ("contrast", "fog", "the contrast does not say in what they differ", None)
    ]  # fmt: skip


def test_the_first_three_classic_examples_get_a_card(made):
    names = "Pea soup", "Haar", "Garua", "Fret"
    examples = "[" + ", ".join(f"{{name: {name}, classic: true}}" for name in names) + ", Plain]"
    notes = made(deck(cause("fog", examples=examples)))
    assert kinds(notes, "fog") == ["example", "example", "example", "mechanism"]
    assert withheld(notes) == [("example", "fog", "only 3 examples of a cause get a card", None)]
    assert value(notes, ("cause", "fog"), "Examples") == "Pea soup, Haar, Garua, Fret, Plain"


def test_questions_are_at_the_top_or_under_their_cause_and_take_its_place(made):
    own = "{wet: {ask: How wet is it?, answer: Half a gram, because: Drops are small}}"
    top = "questions:\n  cloud: {ask: What is a cloud?, answer: Drops, category: hand, tags: [core]}\n"
    notes = made(deck(cause("fog", questions=own)) + top)
    assert keys(notes, "question") == ["wet", "cloud"]
    tags = {note.key: note.tags for note in notes.notes}
    assert tags["wet"] == ("rain::sky",)
    assert tags["cloud"] == ("rain::core", "rain::hand")
    assert "Drops are small" in notes.show(next(n for n in notes.notes if n.key == "wet"), 0).answer


def test_a_key_of_a_question_is_unique_in_the_deck_wherever_it_is(write_deck):
    question = "{wet: {ask: How wet is it?, answer: Half a gram}}"
    top = f"questions: {question}\n"
    for name, text, files in (
        ("two causes", deck(cause("fog", questions=question), cause("dew", questions=question)), {}),
        ("cause and top", deck(cause("fog", questions=question)) + top, {}),
        ("two files", deck(cause("fog", questions=question)), {"causes/more.yaml": top}),
        ("top and file", deck(cause("fog")) + top, {"causes/more.yaml": top}),
    ):
        (found,) = errors(write_deck(text, files, name))
        assert found.code == "duplicate-key", name
        assert "`wet`" in found.message


def test_a_correction_is_asked_once_and_only_if_many_believe_it(made):
    text = deck(cause("fog", correction="E1"), cause("dew", correction="E1"), cause("ice", correction="E2"),
                add="misconception")  # fmt: skip
    corrections = "corrections: {E1: {says: Frogs do it, correct: No, common: true}, E2: {says: Ice, correct: Not}}"
    notes = made(text, {"syllabus.yaml": corrections.replace("correct: No,", "correct: They do not,")})
    assert [kinds(notes, key) for key in ("fog", "dew", "ice")] == [
        ["mechanism", "misconception"], ["mechanism"], ["mechanism"],
    ]  # fmt: skip
    assert value(notes, ("cause", "dew"), "Misconception") == "Frogs do it"


def listed(*names, **settings):
    given = "".join(f", {key}: {value}" for key, value in settings.items())
    tree = ("definition: Water falls by itself", f"listed: true{given}")
    return deck(*(cause(name) for name in names), replaced=[tree])


def test_a_list_asks_for_all_members_without_a_hint(made):
    notes = made(listed("fog", "dew", "ice"))
    note = next(note for note in notes.notes if note.key == "sky")
    faces = notes.show(note, 0)
    assert "Rain, <b" in faces.front
    assert re.search(r": which <b[^>]*>3</b> belong here\?", faces.front)
    assert "The fog" not in faces.front.replace('data-cloze="The&#x20;fog"', "")
    assert faces.answer.index("The fog") < faces.answer.index("The dew") < faces.answer.index("The ice")


def test_the_author_orders_the_members_of_a_list(made, write_deck):
    notes = made(listed("fog", "dew", ordered="true", members="[dew, fog]"))
    faces = notes.show(next(note for note in notes.notes if note.key == "sky"), 0)
    assert "in order" in faces.front
    assert faces.answer.index("The dew") < faces.answer.index("The fog")
    (fault,) = errors(write_deck(listed("fog", members="[dew, fog]"), name="missing"))
    assert fault.code == "unknown-cause"


@pytest.mark.parametrize(("count", "wanted"), [(1, False), (2, True), (7, True), (8, False)])
def test_a_list_has_two_to_seven_members(count, wanted, made):
    notes = made(listed(*(f"fog{n}" for n in range(count))))
    assert (keys(notes, "list") == ["sky"]) == wanted
    expected = [] if wanted else [("list", "sky", f"a list has 2 to 7 members, and this one has {count}", None)]
    assert withheld(notes) == expected


def test_a_branch_that_is_set_aside_is_in_no_list(made):
    finding = ("effect: make it rain", "effect: make it rain, listed: true")
    aside = ("  hand: {", "  spray: Spray\n  hand: {aside: true, ")
    notes = made(deck(cause("fog"), cause("jug", category="hand"), cause("hose", category="spray"),
                      replaced=[finding, aside]))  # fmt: skip
    answer = notes.show(next(note for note in notes.notes if note.key == "/"), 0).answer
    assert "Spray" in answer
    assert "By hand" not in answer


def test_what_a_category_has_in_common_is_asked_of_three_to_five_causes(made):
    two = made(deck(cause("fog"), cause("dew"), add="common"))
    assert keys(two, "detail") == []
    three = made(deck(cause("fog"), cause("dew"), cause("ice"), add="common"))
    assert value(three, ("detail", "/sky/common"), "Shown") == "The dew, The fog, The ice"
    six = [cause(f"mist{n}", classic="true" if n < 3 else "false") for n in range(6)]
    assert (
        value(made(deck(*six, add="common")), ("detail", "/sky/common"), "Shown") == "The mist0, The mist1, The mist2"
    )


def test_kinds_are_switched_by_the_deck_and_by_the_entry(made):
    onset, clue = "At dawn", "Grey morning"
    fog = {"time_course": onset, "clue": clue}
    cases = [
        ({}, "cards: {}", ["clue", "mechanism"]),
        ({}, "cards: {add: onset}", ["clue", "mechanism", "onset"]),
        ({"cards": "{add: onset}"}, "cards: {}", ["clue", "mechanism", "onset"]),
        ({"cards": "{skip: clue}"}, "cards: {add: onset}", ["mechanism", "onset"]),
        ({"cards": "{only: onset}"}, "cards: {}", ["onset"]),
        ({}, "cards: {skip: clue}", ["mechanism"]),
        ({"cards": "{add: clue}"}, "cards: {if-reviewed: clue}", ["mechanism"]),
        ({"review": "{state: reviewed, by: A, on: 2026-01-31}"}, "cards: {if-reviewed: clue}", ["clue", "mechanism"]),
    ]
    for entry, settings, expected in cases:
        assert kinds(made(deck(cause("fog", **fog, **entry), cards=settings)), "fog") == expected, (entry, settings)


def test_an_unknown_kind_is_a_fault_with_a_suggestion(write_deck):
    (fault,) = check_folder(write_deck(MINIMAL + "    cards: {skip: mechanisms}\n")).diagnostics
    assert (fault.code, fault.hint) == ("bad-value", "did you mean `mechanism`?")


def test_common_words_of_the_deck_give_nothing_away(made):
    text = deck(cause("vapour", clue="The vapour machine hums"))
    assert kinds(made(text), "vapour") == ["mechanism"]
    assert kinds(made(f"common-words: [vapour]\n{text}"), "vapour") == ["clue", "mechanism"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("By hand", "By many hands"), ("  hand:", "  new: {name: New}\n  hand:"), ("Somebody pours", "Somebody spills")],
)
def test_a_change_of_the_tree_leaves_notes_of_other_branches_alone(old, new, made):
    causes = cause("fog", clue="A grey morning"), cause("dew"), cause("jug", category="hand")
    before, after = made(deck(*causes)), made(deck(*causes, replaced=[(old, new)]))
    mine = [note for note in before.notes if note.key in ("fog", "dew")]
    assert len(mine) == 2
    assert mine == [note for note in after.notes if note.key in ("fog", "dew")]


def test_a_citation_keeps_to_its_word_and_several_are_one_mark(made):
    sources = ", ".join(f"{{id: {name}, title: {name}}}" for name in "abcd")
    mechanism = '"Water [@a], then ice [@b] [@c; @d, p. 2] falls"'
    notes = made(deck(cause("fog", mechanism=mechanism)), {"sources.yaml": f"references: [{sources}]"})
    shown = 'Water<sup class="cite">1</sup>, then ice<sup class="cite">2,3,4</sup> falls'
    assert value(notes, ("cause", "fog"), "Mechanism") == shown


def test_what_was_not_looked_up_says_so_once_on_the_card(made):
    lore = "{id: lore, title: Lore, custom: {seen: general-knowledge}}"
    files = {"sources.yaml": f"references: [{lore}, {{id: book, title: Book}}]"}
    notes = made(deck(cause("fog", sources="[lore]"), cause("dew", sources="[book]")), files)
    said = "Part of this is general knowledge and was not looked up."
    backs = {note.key: notes.show(note, note.card_ordinals[0]).back for note in notes.notes}
    assert backs["fog"].count(said) == 1
    assert said not in backs["dew"]
    assert "Book" in backs["dew"]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/errors", "https://example.org/errors?entry=fog"),
        ("https://example.org/?deck=rain", "https://example.org/?deck=rain&amp;entry=fog"),
        ("errors@example.org", "mailto:errors@example.org?subject=Weather%3A%3ARain%20fog"),
    ],
)
def test_a_card_links_to_the_address_for_errors_with_its_key(made, address, link):
    notes = made(f"report: {address}\n" + deck(cause("fog")))
    assert f'<a href="{link}">Report an error</a>' in notes.show(notes.notes[0], 1).back


@pytest.mark.parametrize(
    ("review", "said"),
    [
        ("{state: draft}", "Draft, not yet reviewed"),
        ("{state: checked, by: Ann}", "Checked against its sources Ann"),
        ("{state: reviewed, by: Ann, role: a baker, on: 2026-01-31}", "Reviewed 2026-01-31, Ann, a baker"),
    ],
)
def test_a_card_says_how_far_its_entry_is_reviewed_unless_the_deck_does_not_want_it(made, review, said):
    text = deck(cause("fog", review=review))
    notes, silent = made(text), made(f"reviews: false\n{text}")
    assert said in notes.show(notes.notes[0], 1).back
    assert said not in silent.show(silent.notes[0], 1).back
    assert notes.notes[0].fields == silent.notes[0].fields


def test_a_deck_that_reviews_nothing_and_asks_for_no_notice_has_neither_on_its_cards(made):
    two = (cause("fog"), cause("dew"))

    def told(head, *causes):
        notes = made(head + deck(*causes))
        back = notes.show(notes.notes[0], 1).back
        return "Draft, not yet" in back, "For learning only" in back, "learning only" in notes.description, notes.draft

    assert told("", *two) == (False, False, False, "")
    assert told("", two[0], cause("dew", review="{state: retracted}"))[0] is False
    assert told("", two[0], cause("dew", review="{state: checked}"))[0] is True, "of a deck with reviews all drafts"
    assert told("", two[0], cause("dew", review="{state: draft}"))[0] is True
    assert told("reviews: true\nnotice: true\n", *two) == (True, True, True, "Draft, not yet reviewed")
    assert told("notice: Only a game\n", *two)[1:3] == (True, False)


def test_a_back_names_its_key_and_what_is_not_established_and_its_small_print_can_be_left_out(made):
    text = deck(cause("fog", mechanism="{summary: Air cools, certainty: hypothesised}"), cause("dew"))
    backs = {note.key: notes.show(note, 1) for notes in [made(text)] for note in notes.notes}
    assert '<span class="key">fog</span>' in backs["fog"].back
    assert "fog" not in backs["fog"].front.replace("The fog", "")
    assert ["Proposed mechanism" in backs[key].answer for key in ("fog", "dew")] == [True, False]


def test_a_phrase_of_the_author_is_shown_as_it_is_written(made):
    notes = made('words: {ask-mechanism: "<i>{cause}</i> & *why*?", more: "<u>more</u>"}\n' + deck(cause("fog")))
    faces = notes.show(notes.notes[0], 1)
    assert re.search(r"&lt;i&gt;.*The fog.*&lt;/i&gt; &amp; \*why\*\?", faces.front)
    assert "<u>" not in faces.back


@pytest.fixture(scope="module", params=SHIPPED)
def shipped(request):
    prepared, diagnostics = prepare(bundled("decks") / request.param, NOW)
    assert prepared is not None, diagnostics
    return prepared


def test_no_two_cards_of_a_shipped_deck_ask_the_same(shipped):
    notes = shipped.stamped.release.notes
    fronts = [notes.show(note, ordinal).front for note in notes.notes for ordinal in note.card_ordinals]
    assert len(fronts) == len(set(fronts))


def test_every_cause_of_a_shipped_deck_gets_a_card_and_none_more_than_eight(shipped):
    counts = {key: len(kinds(shipped.stamped.release.notes, key)) for key in shipped.deck.causes}
    assert {key: count for key, count in counts.items() if not 1 <= count <= 8} == {}


def test_no_card_of_a_shipped_deck_has_a_blank_side(shipped):
    notes = shipped.stamped.release.notes
    for note in notes.notes:
        for ordinal in note.card_ordinals:
            assert not any(map(is_blank, notes.show(note, ordinal))), (note.id, ordinal)


SKY = ("sky: {", "sky: {listed: true, ")
FINDING = ("finding: {", "finding: {listed: true, ")
HAND = ("  hand: {name: By hand, definition: Somebody pours}\n", "")
VERSUS = ("hand: {", "hand: {versus: {sky: {here: One, there: Another}}, ")


@pytest.mark.parametrize(("text", "hint"), [
    (deck(cause("fog"), replaced=[SKY]), "add members, or take `listed` away"),
    (deck(*map(cause, "abcdefgh"), replaced=[SKY]), "group the members into branches, or take `listed` away"),
    (deck(cause("fog"), replaced=[FINDING, HAND]), "add top categories, or take `listed` away"),
    (deck(cause("fog"), replaced=[VERSUS]), "add `on: …` beside `here` and `there`, or remove the contrast"),
    (deck(cause("fog", cards="{add: onset}")), "add one, or take `onset` out of `add`"),
    (deck(cause("fog", cards="{only: [dose, mechanism]}")), "add one, or take `dose` out of `only`"),
    (deck(cause("fog", examples="[{name: A fog, classic: true}]")), "change the text, or take `classic` away from it"),
    (deck(cause("fog", also_in="hand", cards="{add: category}")),
     "take `also-in` away, or leave the card out with `cards: {skip: [category]}`"),
    (deck(cause("fog", mechanism="{summary: Fog, described: A fog}", cards="{add: reverse}")),
     "change the text, or leave the card out with `cards: {skip: [reverse]}`"),
])  # fmt: skip
def test_the_hint_for_a_card_that_is_not_made_names_what_can_be_done_in_its_entry(text, hint, write_deck):
    found = check_folder(write_deck(text), NOW).diagnostics
    assert [fault.hint for fault in found if fault.code == "card-not-made"] == [hint]


def test_a_place_is_found_whatever_the_case_of_its_word(write_deck):
    folder = write_deck(deck(cause("fog", examples="[{name: FOG BANK, classic: true}]")).replace("The fog", "Fog"))
    (told,) = [d for d in check_folder(folder, NOW).diagnostics if d.code == "card-not-made"]
    position = find_positions([told.place])[told.place]
    assert position.source[position.column - 1 :][: position.width] == "FOG"


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><path d="M9 9h80"/></svg>'


@pytest.mark.parametrize("further", ["", "    clue: A grey sky\n    aka: [Drizzle]\n"], ids=["bare", "with more"])
def test_a_picture_on_the_back_is_seen_without_unfolding_on_each_card(made, further):
    text = deck(cause("rain", image="{file: a.svg, alt: A cloud}")).replace("    category: sky\n", "") + further
    notes = made(text, {"media/a.svg": SVG})
    note = next(note for note in notes.notes if note.note_type == "cause")
    backs = [notes.show(note, ordinal).back for ordinal in note.card_ordinals]
    assert len(backs) == (2 if further else 1)
    for back in backs:
        answered, _, folded = back.partition('<hr id="answer">')[2].partition("<details")
        assert "<img" in answered
        assert "<img" not in folded
        assert bool(folded) == bool(further), "nothing to unfold"


def test_a_picture_for_the_front_is_seen_on_the_back_of_an_entry_that_has_no_such_front(made):
    image = "{file: a.svg, alt: A cloud, side: front}"
    versus = f"{{pour: {{on: who, here: nobody, there: somebody, image: {image}}}}}"
    notes = made(deck(cause("rain", image=image, versus=versus), cause("pour", category="hand")), {"media/a.svg": SVG})
    pictured = [note.note_type for note in notes.notes if "<img" in notes.show(note, note.card_ordinals[0]).back]
    assert pictured == ["cause", "contrast"]


def test_the_credit_of_a_picture_on_a_front_is_shown_with_the_sources(made):
    image = "{file: a.svg, alt: A cloud, side: front, credit: Jane Doe}"
    questions = f"{{what: {{ask: What is this, answer: A cloud, image: {image}}}}}"
    notes = made(deck(cause("rain", clue="Wet hair", image=image, questions=questions)), {"media/a.svg": SVG})
    for note_type in ("cause", "question"):
        note = next(note for note in notes.notes if note.note_type == note_type)
        card = notes.show(note, note.card_ordinals[0])
        assert "Jane Doe" not in card.front
        assert "<li>Jane Doe</li>" in card.back.partition("<details")[2]


BREAD = deck(cause("overproofing"), cause("underproofing", versus="{overproofing: {on: size, here: Low, there: Flat}}"))


def unknown(folder):
    (fault,) = [found for found in check_folder(folder, NOW).diagnostics if found.code == "unknown-cause"]
    return fault.hint


def test_the_hint_for_a_cause_that_is_gone_names_neither_the_entry_itself_nor_another_old_one(build_deck, write_deck):
    removed = BREAD.replace(cause("overproofing"), "")
    assert unknown(write_deck(removed, name="unbuilt")) is None
    folder = build_deck(BREAD).prepared.deck.folder
    (folder / "deck.yaml").write_text(removed)
    gone = "`overproofing` was in the last build and is gone: remove this too, or bring the cause back"
    assert unknown(folder) == gone
    (folder / "deck.yaml").write_text(removed + cause("over-proofing"))
    assert unknown(folder) == "did you mean `over-proofing`?"
