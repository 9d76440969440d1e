"""What the leukopenia deck's two source pages say wrongly is put right, and does not slip back onto a card."""

import re

import pytest

from generator.resources import bundled
from generator.workflows.prepare import prepare

WRONG = {
    "E1": r"(shortage|lack) of granulocytes",
    "E2": r"common cold",
    "E4": r"bone[- ]marrow damage|whatever lowers white-cell production",
    "E5": r"nucleic-acid synthesis of granulocytes",
    "E7": r"benzene and its derivatives",
    "E8": r"dinitrophenol (poisons|damages|is toxic to) (the )?stem cells",
    "E11": r"typical bacterial cause",
    "E13": r"(?<!once called )acute non-lymphocytic|blood cancers lower the white-cell count",
    "E14": r"disorder of maturation",
    "E16": r"immune exhaustion",
    "E18": r"of mixed causes",
    "E20": r"one of the primary causes|most low white-cell counts come from bone[- ]marrow",
    "E21": r"temporar(y|ily)|white-cell count for a short time",
    "E24": r"plainly suppress",
    "E25": r"severe form of leukopenia|severe lack of all white cells",
    "E26": r"(results? in|shows as) pancytopenia",
    "E28": r"production or (the )?survival",
    "E29": r"stop(ping)? the (causative )?drug(?! at once and call)|causative drug is simply stopped",
}
"""Words of the errors that have words of their own, by correction: in the source pages' words and in the deck's.

Patients on antithyroid drugs are told to stop the drug at once and call the doctor: that part of E29 is right."""

PLACES = {
    "pnh": "production/failure",
    "cyclic-neutropenia": "production/maturation/congenital",
    "clozapine": "production/drugs/idiosyncratic",
    "overwhelming-sepsis": "consumption/infection/bacterial-parasitic",
    "chronic-idiopathic": "mixed",
    "duffy-null": "not-true",
}
"""Where the corrections put what the source pages put elsewhere."""

CONFUSED = [
    ("clozapine", "cytotoxic-chemotherapy"), ("antithyroid", "cytotoxic-chemotherapy"),
    ("cyclic-neutropenia", "scn-elane"), ("primary-ain-infancy", "scn-elane"),
    ("duffy-null", "chronic-idiopathic"), ("duffy-null", "mds"), ("aplastic-anaemia", "hypersplenism"),
    ("aplastic-anaemia", "mds"), ("aplastic-anaemia", "hairy-cell"), ("hairy-cell", "mds"),
    ("b12-deficiency", "copper-deficiency"), ("b12-deficiency", "folate-deficiency"), ("felty", "lgl-leukaemia"),
    ("sle", "thiopurines"), ("transient-viral-child", "acute-leukaemia"), ("glucocorticoids", "hiv"),
    ("overwhelming-sepsis", "cytotoxic-chemotherapy"), ("metastatic-cancer", "myelofibrosis"),
    ("pnh", "aplastic-anaemia"), ("dengue", "ehrlichia-anaplasma"), ("dengue", "typhoid"),
    ("typhoid", "ehrlichia-anaplasma"),
]  # fmt: skip
"""The sixteen groups of causes that learners confuse, as pairs."""

BRANCHES = ("/production/drugs/idiosyncratic", "/production/drugs/predictable")
APART_BY_BRANCH = {("clozapine", "cytotoxic-chemotherapy"), ("antithyroid", "cytotoxic-chemotherapy")}
"""Pairs that the contrast of their branches tells apart."""


@pytest.fixture(scope="module")
def leukopenia():
    prepared, diagnostics = prepare(bundled("decks") / "leukopenia", now=0)
    assert prepared is not None, diagnostics
    return prepared


@pytest.fixture(scope="module")
def said(leukopenia):
    """What the notes say as true, by note, without tags: every field but those that quote an error."""
    notes = leukopenia.stamped.release.notes
    return {
        (note.note_type, note.key): " ".join(
            re.sub(r"<[^>]+>", "", value)
            for field, value in zip(notes.note_types[note.note_type].fields, note.fields, strict=True)
            if field.name != "Misconception"
        )
        for note in notes.notes
    }


def test_every_correction_is_on_a_note_beside_the_error(leukopenia):
    notes, shown = leukopenia.stamped.release.notes, set()
    for note in notes.notes:
        fields = {f.name: v for f, v in zip(notes.note_types[note.note_type].fields, note.fields, strict=True)}
        if fields.get("Misconception") and fields.get("Correction"):
            shown |= {entry.correction for kind, key, entry in leukopenia.deck.entries if (kind, key) in note.entries}
    assert shown - {None} == set(leukopenia.deck.syllabus.corrections) == {f"E{number}" for number in range(1, 30)}


@pytest.mark.parametrize(("correction", "pattern"), WRONG.items(), ids=WRONG)
def test_no_note_says_as_true_what_is_corrected(leukopenia, said, correction, pattern):
    wrong = re.compile(pattern, re.IGNORECASE)
    assert wrong.search(leukopenia.deck.syllabus.corrections[correction].says)
    assert [name for name, text in said.items() if wrong.search(text)] == []


def test_a_name_that_is_no_longer_used_is_called_old(said):
    found = [text for text in said.values() if "ethnic neutropenia" in text]
    assert found
    assert all("ethnic neutropenia (old term)" in text for text in found)


def test_entries_are_where_the_corrections_put_them(leukopenia):
    assert {key: leukopenia.deck.causes[key].category for key in PLACES} == PLACES


def test_measles_and_influenza_lower_lymphocytes(leukopenia):
    causes = leukopenia.deck.causes
    assert {causes[key].facets["cell-lines"] for key in ("measles", "influenza")} == {("lymphocytes",)}


@pytest.mark.parametrize("pair", CONFUSED, ids="~".join)
def test_what_learners_confuse_is_told_apart_on_a_card(leukopenia, pair):
    key = "~".join(sorted(pair))
    if pair in APART_BY_BRANCH:
        key = "~".join(BRANCHES)
        assert tuple("/" + leukopenia.deck.causes[name].category for name in pair) == BRANCHES
    contrasts = {note.key if note.key.startswith("/") else note.key.partition("/")[0]
                 for note in leukopenia.stamped.release.notes.notes if note.note_type == "contrast"}  # fmt: skip
    assert key in contrasts
