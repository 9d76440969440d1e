"""The table of kinds is whole: each has its templates, its words, an example that works, and every text its card."""

import ast
import json
import re
from pathlib import Path
from typing import get_args

import full
import pytest
import ryaml
from conftest import NOW

from generator.cards.causes import OPENED
from generator.diagnostics import Severity, severity_of
from generator.load.codes import load_codes, load_lint_words
from generator.load.templates import Meaning, load_templates
from generator.model import kinds
from generator.model.entries import Category, Cause, DeckFile, OwnNote
from generator.model.entry import Entry
from generator.model.kinds import BY_NAME, EXAMPLES, FACETS, KINDS, kind_of_template
from generator.model.syllabus import SyllabusFile
from generator.model.table import TableFile
from generator.resources import bundled
from generator.workflows.prepare import prepare

CODES = load_codes()
TEMPLATES, _ = load_templates(bundled("templates"), None)
BARE = """\
deck: Medicine::Leukopenia
finding: {name: Leukopenia, effect: lower the white-cell count}
categories: {drugs: {name: Drugs}, marrow: {name: Marrow disease, definition: Too few cells are made}}
facets: {line: {name: Cell line, values: {n: Neutrophils}}}
causes:
  this:
    cause: Clozapine
    category: drugs
    mechanism: {certainty: unknown}
    facets: {line: n}
    correction: E1
    review: {state: reviewed, by: Ann, on: 2026-01-31}
  felty: {cause: Felty syndrome, category: marrow, mechanism: {certainty: unknown}}
  mds: {cause: Myelodysplasia, category: marrow, mechanism: {certainty: unknown}}
  aplasia: {cause: Aplastic anaemia, category: marrow, mechanism: {certainty: unknown}}
"""
"""A deck of which no card is made."""
CORRECTIONS = {"corrections": {"E1": {"says": "Frogs do it", "correct": "They do not"}}}


def notes_of(folder):
    prepared, findings = prepare(folder, NOW)
    errors = [f"{fault.code}: {fault.message}" for fault in findings if severity_of(fault, CODES) is Severity.ERROR]
    assert prepared is not None, "\n".join(errors)
    return prepared.stamped.release.notes


def kinds_made(notes):
    return [card.kind for note in notes.notes for card in note.cards if card.ordinal in note.card_ordinals]


def merge(one, other):
    """Two mappings as one, the second over the first."""
    both = {key: merge(one[key], value) if isinstance(value, dict) and isinstance(one.get(key), dict) else value
            for key, value in other.items()}  # fmt: skip
    return {**one, **both}


def place(example):
    """An example where it belongs: in the deck, the syllabus, a cause or a category."""
    models = {"deck": DeckFile, "syllabus": SyllabusFile, "cause": Cause, "category": Category}
    for part, model in models.items():
        if all(key.replace("-", "_") in model.model_fields for key in example):
            return part
    raise AssertionError(example)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_example_of_a_kind_makes_a_card_of_it_and_nothing_else_does(kind, write_deck):
    deck, example = ryaml.loads(BARE), ryaml.loads(kind.example)
    asked = {"cards": {"add": [] if kind.default else [kind.name]}}
    where = place(example) if kind.subject != "question" else "deck"
    before = deck if example == asked else merge(deck, asked)
    branch = "drugs" if "hallmark" in example else "marrow"
    added = {"deck": example, "category": {"categories": {branch: example}}}.get(where, {})
    after = merge(merge(deck, asked), added)
    if where == "cause":
        after["causes"] = after["causes"] | {"this": after["causes"]["this"] | example}
    syllabus = merge(CORRECTIONS, example if where == "syllabus" else {})

    def made(deck, syllabus, name):
        return kinds_made(notes_of(write_deck(json.dumps(deck), {"syllabus.yaml": json.dumps(syllabus)}, name)))

    assert kind.name not in made(before, CORRECTIONS, "before")
    assert kind.name in made(after, syllabus, "after")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_has_its_templates_and_they_know_it(kind):
    note_type = TEMPLATES.note_types[kind.note_type]
    slots = {slot.name for slot in note_type.card_slots}
    assert set(kind.templates) <= slots or note_type.kind == "cloze"
    assert {kind_of_template(kind.note_type, template) for template in kind.templates} == {kind.name}


def test_each_template_that_comes_with_aetia_belongs_to_a_kind():
    shown = {(kind.note_type, template) for kind in KINDS for template in kind.templates}
    slots = {(key, slot.name) for key, note_type in TEMPLATES.note_types.items() for slot in note_type.card_slots}
    assert {slot for slot in slots if not slot[1].startswith("Spare ")} <= shown


@pytest.mark.parametrize("language", TEMPLATES.words)
def test_a_language_has_every_phrase_and_no_other(language):
    own, english = TEMPLATES.words[language].keys(), TEMPLATES.words["en"].keys()
    lacking, unknown = sorted(english - own), sorted(own - english)
    assert lacking == [], "\n".join((f"phrases that {language}.yaml lacks:", *lacking))
    assert unknown == [], "\n".join((f"phrases of {language}.yaml that no card knows:", *unknown))


@pytest.mark.parametrize("folder", ["lints", "import"])
@pytest.mark.parametrize("language", TEMPLATES.words)
def test_a_language_has_its_words_for_lints_and_its_headers_for_tables(language, folder):
    file = bundled("templates") / folder / f"{language}.yaml"
    assert file.is_file(), f"templates/{folder}/{language}.yaml is missing"


@pytest.mark.parametrize("language", TEMPLATES.words)
def test_a_language_has_the_words_that_stand_in_cells_of_tables_and_in_names_of_decks(language):
    known = ryaml.loads((bundled("templates") / "import" / f"{language}.yaml").read_text(encoding="utf-8"))
    assert {"effect", *get_args(Meaning)} - known.keys() == set()


@pytest.mark.parametrize("language", TEMPLATES.words)
def test_the_words_that_lints_look_for_are_texts(language):
    """YAML reads a bare `no` as a truth value."""
    words = load_lint_words(language)
    assert all(isinstance(word, str) for word in (*words.function_words, *words.truth_values))
    assert "False" not in words.function_words


@pytest.mark.parametrize("language", TEMPLATES.words)
def test_a_language_has_words_for_each_lint_that_has_english_words(language):
    own, english = vars(load_lint_words(language)), vars(load_lint_words("en"))
    assert [name for name in own if english[name] and not own[name]] == []


@pytest.mark.parametrize("language", TEMPLATES.words)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_has_its_question_in_every_language(kind, language):
    worded_by_the_author = {"question", "facet"}
    assert (kind.phrase in TEMPLATES.words[language]) == (kind.name not in worded_by_the_author)


@pytest.mark.parametrize("language", TEMPLATES.words)
def test_a_phrase_has_the_same_marks_in_every_language(language):
    def marks(phrase):
        return set(re.findall(r"\{\w+\}", phrase)) - {"{finding}", "{effect}"}

    english, own = TEMPLATES.words["en"], TEMPLATES.words[language]
    assert {key for key in own if marks(own[key]) != marks(english[key])} == set()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return notes_of(full.write(tmp_path_factory.mktemp("full")))


def test_no_code_treats_a_card_by_the_name_of_its_kind():
    """What sets a kind apart is a column of the table: a list of names elsewhere would miss a new kind."""
    named = [
        f"{file.name}:{node.lineno}"
        for file in Path(kinds.__file__).parents[1].rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare) and "card.kind" in ast.unparse(node.left)
    ]
    assert named == []


def test_a_deck_can_have_every_kind_at_once(whole):
    made = kinds_made(whole)
    assert set(made) == {*BY_NAME, "quote"}
    assert whole.withheld == ()
    assert made.count("example") == EXAMPLES
    assert FACETS == 4


DECIDES = "decides which cards are made"
LINKS = "ties entries to one another; `aetia why` shows it"
IDENTITY = "carries an identity over"
NOT_SHOWN = {
    "DeckFile": {"id": "names the deck for good", "language": "is the language of the phrases", "reviews": DECIDES,
                 "cards": DECIDES, "common_words": "is for lints", "lints": "is for lints", "finding": "a model below",
                 "categories": "a model below", "facets": "a model below", "causes": "a model below",
                 "questions": "a model below", "notes": "a model below", "style": "a model below"},
    "Finding": {"aka": "tells which words give nothing away", "ordered": DECIDES, "listed": DECIDES,
                "review": "a model below"},
    "Category": {"ordered": DECIDES, "listed": DECIDES, "aside": DECIDES, "asked": DECIDES, "hallmark": "a model below",
                 "versus": "a model below", "members": DECIDES, "review": "a model below", "was": IDENTITY,
                 "children": "categories below"},
    "Hallmark": {"from_": "is shown by the names of the siblings"},
    "Facet": {},
    "Cause": {"mechanism": "a model below", "category": "is shown by the names of the branches", "also_in": DECIDES,
              "facets": "are shown by the names of their values", "time_course": "a model below",
              "examples": "a model below", "classic": DECIDES, "versus": "a model below", "questions": "a model below",
              "image": "a model below", "correction": "is shown by the text of the correction", "covers": LINKS,
              "sources": "are shown as works", "see_also": LINKS, "tags": "are Anki's tags", "cards": DECIDES,
              "review": "a model below", "was": IDENTITY, "comment": "is for editors"},
    "Mechanism": {"certainty": "is shown by a phrase"},
    "TimeCourse": {},
    "Example": {"classic": DECIDES},
    "Contrast": {"was": IDENTITY},
    "Image": {"file": "is shown as a picture", "side": "is where the picture is shown"},
    "Question": {"category": "is the tag", "correction": "is shown by the text of the correction", "covers": LINKS,
                 "tags": "are Anki's tags", "cards": DECIDES, "review": "a model below", "was": IDENTITY,
                 "comment": "is for editors"},
    "Review": {"state": "is shown by a phrase", "on": "is shown as a day", "next": "ends the review",
               "fingerprint": "tells whether the text is the one that was read"},
    "Correction": {"common": DECIDES},
}  # fmt: skip
"""Fields of the author's models whose own words no card shows, with the reason."""


MODELS = {model.__name__: model for model in (*Entry.__subclasses__(), OwnNote)}


@pytest.mark.parametrize(
    ("model", "field"), [(model, field) for model in NOT_SHOWN for field in MODELS[model].model_fields]
)
def test_every_text_of_an_author_is_on_a_card_or_declared_as_not_shown(model, field, whole):
    word = f"{model.removesuffix('File')}{field.rstrip('_').replace('_', '')}".casefold()
    faces = [side for note in whole.notes for n in note.card_ordinals for side in whole.show(note, n)]
    shown = "".join((*faces, whole.description, whole.deck)).casefold()
    if field in NOT_SHOWN[model]:
        assert word not in shown
    else:
        assert word in full.DECK.casefold() + str(full.FILES).casefold(), (
            "give it a word of its own in tests/full.py, or declare it in NOT_SHOWN"
        )
        assert word in shown


def test_every_card_shows_its_answer(whole):
    """Except one that uncovers a part of a picture."""
    unanswered = [
        (note.note_type, card.kind, card.answer)
        for note in whole.notes
        for card in note.cards
        if card.ordinal in note.card_ordinals and note.note_type != "picture"
        if re.search(r"[^\W\d]+", card.answer)[0] not in whole.show(note, card.ordinal).answer
    ]
    assert unanswered == []


@pytest.mark.parametrize("note_type", ["cause", "detail"])
def test_every_field_of_a_note_type_for_causes_is_filled_if_an_entry_says_all_that_it_can(note_type, whole):
    """Except those of a text that says the contrary of another, and of further facets."""
    contrary = {"Clue Image", "Uncited", "Unknown", *(f"Facet {slot}" for slot in range(2, FACETS + 1))}
    filled = {
        field.name
        for note in whole.notes
        for field, text in zip(whole.note_types[note_type].fields, note.fields, strict=False)
        if note.note_type == note_type and text
    }
    empty = {field.name for field in whole.note_types[note_type].fields if not field.spare} - filled - contrary
    assert empty == set()


def test_every_model_of_what_an_author_writes_about_the_subject_is_looked_at():
    elsewhere = {"CardChoice", "DeckCards", "LintSetting", "OwnNote", "Shade", "Style", "CausesFile", "Claim",
                 "SyllabusFile", TableFile.__name__, "Written"}  # fmt: skip
    templates = {"Stock", *(name for name, model in MODELS.items() if model.__module__ == "generator.model.templates")}
    assert MODELS.keys() - elsewhere - templates == NOT_SHOWN.keys()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_has_a_name_on_paper_in_every_language(kind):
    """The lower edge of a printed card says what kind it is."""
    assert {language for language, phrases in TEMPLATES.words.items() if f"kind-{kind.name}" not in phrases} == set()


def test_whatever_is_folded_under_more_opens_it():
    """A field that alone is filled is not hidden with the fold."""
    layout = (bundled("templates") / "notetypes/cause/details.html").read_text(encoding="utf-8")
    shown = {name.replace("_", " ") for name in re.findall(r"{% when field\.(\w+) %}", layout)} - {"More", "Image"}
    facets = {f"Facet {slot}" for slot in range(1, FACETS + 1)}
    assert {*OPENED} == shown | facets | {"Sources"}
