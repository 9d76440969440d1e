"""A project makes note types of its own without Python, and is told what in them cannot work."""

import pytest
from conftest import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.load.positions import find_positions
from generator.workflows.check import check_folder
from generator.workflows.prepare import prepare

DECK = """\
deck: History::Causes of the war
id: war-1
finding: {name: War, effect: lead to war}
categories: {powers: Powers}
causes:
  rivalry: {cause: Rivalry, category: powers, mechanism: Each fleet called for a larger one}
notes:
  quote:
    sarajevo: {Quote: The lamps are **going out**, Who: "Edward Grey [@grey]", category: powers, tags: [said]}
"""
TYPE = "../../templates/notetypes/quote/notetype.yaml"
CARD = "../../templates/notetypes/quote/who.html"
FILES = {
    TYPE: "name: Quote\nfields: [Quote, Who, Key, Sources]\ncards: [who]\n",
    CARD: "{% block front %}{% when field.Who %}{{ field.Quote }}{% endwhen %}{% endblock %}\n"
    "{% block answer %}<div class=answer>{{ field.Who }}</div>{% when field.Sources %}{{ field.Sources }}{% endwhen %}"
    "{% endblock %}\n",
    "sources.yaml": "references: [{id: grey, title: Twenty-five years}]\n",
}


@pytest.fixture
def faults(write_deck):
    """`faults(deck="…", files={…})`: code, message, hint and the shown piece of each fault of the deck."""

    def run(deck=DECK, **files):
        paths = {"type": TYPE, "card": CARD}
        folder = write_deck(deck, FILES | {paths[name]: text for name, text in files.items()})
        found = [
            d for d in check_folder(folder, NOW).diagnostics if d.severity == "error" or d.code.startswith("unused")
        ]
        positions = find_positions(d.place for d in found)

        def piece(position):
            return position.source[position.column - 1 :][: position.width]

        return [(d.code, piece(positions[d.place]), d.hint) for d in found]

    return run


def test_a_note_type_of_a_project_makes_notes_with_sources_tags_a_place_and_a_name_in_the_decks_family(write_deck):
    prepared, findings = prepare(write_deck(DECK, FILES), now=0)
    assert prepared is not None, findings
    notes = prepared.stamped.release.notes
    note = next(note for note in notes.notes if note.note_type == "quote")
    assert note.key == "sarajevo"
    assert note.fields[0] == "The lamps are <strong>going out</strong>"
    assert note.fields[2] == "sarajevo"
    assert "Twenty-five years" in note.fields[3]
    assert note.tags == ("causes-of-the-war::powers", "causes-of-the-war::said")
    assert notes.note_types["quote"].name == "Causes of the war · Quote"
    (card,) = note.cards
    assert (card.kind, card.ask, card.entry) == ("quote", "The lamps are going out", ("notes", "quote/sarajevo"))
    assert card.answer == "Edward Grey", "sources and the last line are no part of the answer"
    assert (card.cue_at, card.answer_at) == (("Quote",), ("Who",))
    faces = notes.show(note, 0)
    assert "Edward Grey" in faces.answer
    assert "Edward Grey" not in faces.front


def test_an_unknown_note_type_is_told_with_what_was_meant(faults):
    assert faults(DECK.replace("  quote:", "  qoute:")) == [
        ("unknown-note-type", "qoute", "did you mean `quote`?")
    ]  # fmt: skip
    (found,) = faults(DECK.replace("  quote:", "  anecdote:"))
    assert found[:2] == ("unknown-note-type", "anecdote")


@pytest.mark.parametrize("bundled", ["cause", "question", "contrast", "list", "detail", "picture"])
def test_the_note_types_of_aetia_take_no_notes_of_the_author(faults, bundled):
    (found,) = faults(DECK.replace("  quote:", f"  {bundled}:"))
    assert found[0] == "unknown-note-type"


def test_a_field_that_the_note_type_lacks_is_told_with_what_was_meant(faults):
    assert faults(DECK.replace("Who:", "Whom:")) == [("unknown-note-field", "Whom", "did you mean `Who`?")]
    assert faults(DECK.replace('Who: "Edward Grey', 'Colour: "Grey')) == [
        ("unknown-note-field", "Colour", "its fields are `Quote`, `Who`")
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), [
    ("", "empty-note-field"), ("Quote: '', ", "empty-text"), ("Quote: ' ', ", "empty-text"),
])  # fmt: skip
def test_a_note_without_its_sort_field_is_told(faults, text, code):
    deck = DECK.replace("Quote: The lamps are **going out**, ", text)
    assert [found[0] for found in faults(deck)] == [code]


def test_a_note_type_without_a_field_that_an_author_fills_is_told_and_no_traceback(faults):
    told = faults(
        type="name: Quote\nfields: [Key]\ncards: [who]\n", card="{% block front %}{{ field.Key }}{% endblock %}"
    )
    assert ("unknown-note-field", "Quote", "it has no field to fill") in told


@pytest.mark.parametrize(("type_", "message"), [
    ("fields: [Quote, Who, quote]\ncards: [who]", "`quote` is in the list twice"),
    ("fields: [Quote, Who]\nfolded: [Who]\ncards: [who]", "`Who` is in the list twice"),
    ("fields: [Quote, Who]\ncards: [who, who]", "`who` is in the list twice"),
])  # fmt: skip
def test_a_field_or_card_that_is_named_twice_is_told(write_deck, type_, message):
    folder = write_deck(DECK, FILES | {TYPE: f"name: Quote\n{type_}\n"})
    (fault,) = (fault for fault in check_folder(folder, NOW).diagnostics if fault.severity == "error")
    assert message in fault.message


def test_the_sort_field_may_be_another_one(faults):
    text = FILES[TYPE].replace("name: Quote", "name: Quote\nsort-field: Who")
    assert faults(DECK.replace("Quote: The lamps are **going out**, ", ""), type=text) == []
    told = faults(DECK.replace('Who: "Edward Grey [@grey]", ', ""), type=text)
    assert [found[:2] for found in told] == [("empty-note-field", "sarajevo")]


@pytest.mark.parametrize(
    ("card", "code", "line"),
    [
        ("{% block answer %}{{ field.Who }}{% endblock %}\n", "bad-template", 1),
        ("{% block front %}{{ field.Quote }}{% endblock %}\n", "bad-template", 1),
        ("{% block front %}\n{{ field.Qoute }}{% endblock %}{% block answer %}{{ field.Who }}{% endblock %}",
         "unknown-field", 2),
        ("{% block front %}{{ field.Quote }}{% endblock %}\n{% block answer %}{{ field.Whom }}{% endblock %}",
         "unknown-field", 2),
        ("{% block front %}\n{% if %}{% endblock %}", "bad-template", 2),
        ('{% extends "none.html" %}', "missing-template", 1),
    ],
)  # fmt: skip
def test_a_template_that_cannot_work_is_told_with_its_line(write_deck, card, code, line):
    found = [d for d in check_folder(write_deck(DECK, {**FILES, CARD: card}), NOW).diagnostics if d.severity == "error"]
    assert [(d.code, d.place.file.name, d.place.line) for d in found] == [(code, "who.html", line)]


def test_a_misspelt_field_of_an_own_template_is_told_although_no_note_uses_it_yet(write_deck):
    deck = DECK[: DECK.index("notes:")]
    card = FILES[CARD].replace("field.Quote", "field.Qoute")
    found = check_folder(write_deck(deck, {TYPE: FILES[TYPE], CARD: card}), NOW).diagnostics
    assert "unknown-field" in {d.code for d in found}


def test_a_card_without_its_file_is_told(write_deck):
    files = {name: text for name, text in FILES.items() if name != CARD}
    found = [d for d in check_folder(write_deck(DECK, files), NOW).diagnostics if d.severity == "error"]
    assert [(d.code, d.place.file.name) for d in found] == [("missing-template", "notetype.yaml")]


def test_a_file_or_a_block_that_nothing_uses_is_told(faults, write_deck):
    (found,) = faults(card=FILES[CARD] + "{% block forehead %}{% endblock %}")
    assert found[:2] == ("unused-template", "forehead")
    folder = write_deck(DECK, FILES | {"../../templates/notetypes/quote/hwo.html": "x"})
    found = [d for d in check_folder(folder, NOW).diagnostics if d.code == "unused-template"]
    assert [d.place.file.name for d in found] == ["hwo.html"]


@pytest.mark.parametrize(
    "text",
    ["name: Quote\n", "fields: [Quote]\ncards: [who]\n", "name: Quote\nfields: []\ncards: [who]\n",
     "name: Quote\nfields: [Quote]\ncards: []\n", "name: Quote\nfields: [Quote, Who]\ncards: [who]\nsort-field: None\n",
     "name: Quote\nfields: [Quote, Quote, Who]\ncards: [who]\n",
     "name: Quote\nfields: [Quote, Who]\ncards: [who, who]\n",
     "name: Quote\nfields: ['{{Quote}}', Who]\ncards: [who]\n", "[", "- x\n", ""],
)  # fmt: skip
def test_a_note_type_that_cannot_be_is_a_fault_and_no_traceback(write_deck, text):
    found = [d for d in check_folder(write_deck(DECK, {**FILES, TYPE: text}), NOW).diagnostics if d.severity == "error"]
    assert found


def test_an_entry_of_an_own_kind_is_cited_reviewed_and_retracted_as_any_other(write_deck, faults):
    assert faults(DECK.replace("@grey", "@gray"))[0][:2] == ("unknown-source", "gray")
    assert faults(DECK.replace("sarajevo: {", "sarajevo: {covers: C9, "))[0][:2] == ("unknown-claim", "C9")
    gone = DECK.replace("sarajevo: {", "sarajevo: {review: {state: retracted}, ")
    prepared, _ = prepare(write_deck(gone, FILES), now=0)
    assert {note.note_type for note in prepared.stamped.release.notes.notes} == {"cause"}


NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8).filter(
    lambda name: name not in ("Key", "Sources", "Uncited", "Draft", "Checked", "Reviewed")  # Aetia fills these
)


@pytest.mark.slow
@settings(max_examples=20)
@given(st.lists(NAMES, min_size=2, max_size=4, unique=True))
def test_fields_may_have_names_of_any_letters(write_deck, names):
    first, second, *_ = names
    files = {
        TYPE: f"name: Quote\nfields: [{', '.join(repr(name) for name in names)}]\ncards: [who]\n",
        CARD: f"{{% block front %}}{{{{ field['{first}'] }}}}{{% endblock %}}"
        f"{{% block answer %}}{{{{ field['{second}'] }}}}{{% endblock %}}",
    }
    deck = DECK[: DECK.index("    sarajevo")] + f"    sarajevo: {{{first!r}: Front, {second!r}: Back}}\n"
    folder = write_deck(deck, files)
    found = [d for d in check_folder(folder, NOW).diagnostics if d.severity == "error"]
    assert not [d for d in found if d.code == "unknown-note-field"], found


def test_a_note_without_a_card_is_told_at_its_place(write_deck):
    files = FILES | {CARD: "{% block front %}Who said it?{% endblock %}{% block answer %}{{ field.Who }}{% endblock %}"}
    folder = write_deck(DECK, files)
    (fault,) = [d for d in check_folder(folder, NOW).diagnostics if d.code == "card-not-made"]
    assert fault.message == "no `quote` card: no front shows a field that the note fills"
    assert find_positions([fault.place])[fault.place].source.startswith("    sarajevo:")
    assert "templates/notetypes/quote/" in fault.hint


def test_a_front_may_show_a_field_without_asking_whether_it_is_filled(build_deck):
    """Then the first field decides."""
    front = "{% block front %}{{ field.Who }}: {{ field.Quote }}{% endblock %}{% block answer %}x{% endblock %}"
    built = build_deck(DECK, FILES | {CARD: front})
    assert [n.card_ordinals for n in built.release.notes.notes if n.note_type == "quote"] == [(0,)]
