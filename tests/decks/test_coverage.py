"""What the shipped decks promise to cover."""

from dataclasses import replace

from generator.check.structure import check_coverage
from generator.load.deck import load_deck
from generator.resources import bundled

CORE = [
    "acute-leukaemia", "acute-whole-body", "alcohol", "antithyroid", "aplastic-anaemia", "arsenic", "b12-deficiency",
    "benzene", "chronic-idiopathic", "cirrhosis-alcohol", "clozapine", "copper-deficiency", "covid19",
    "cyclic-neutropenia", "cytotoxic-chemotherapy", "dengue", "duffy-null", "felty", "folate-deficiency",
    "glucocorticoids", "haemodialysis", "hiv", "hlh", "hypersplenism", "influenza", "kostmann-hax1", "lgl-leukaemia",
    "lymphoma-myeloma", "malaria", "margination", "mds", "measles", "metastatic-cancer", "methotrexate",
    "myelofibrosis", "neonatal-sepsis", "overwhelming-sepsis", "pnh", "primary-ain-infancy", "radiotherapy", "scid",
    "scn-elane", "sle", "starvation", "sulfonamides", "thiopurines", "transient-viral-child", "tuberculosis",
    "typhoid", "viral-hepatitis",
]  # fmt: skip


def leukopenia():
    deck, faults = load_deck(bundled("decks") / "leukopenia")
    assert deck is not None
    assert faults == ()
    return deck


def test_all_130_claims_are_covered_by_an_entry():
    deck = leukopenia()
    assert len(deck.syllabus.claims) == 130
    assert list(check_coverage(deck)) == []


def test_a_claim_is_missed_when_its_entry_goes():
    deck = leukopenia()
    causes = {key: cause for key, cause in deck.causes.items() if key != "dinitrophenol"}
    assert [fault.place.keys for fault in check_coverage(replace(deck, causes=causes))] == [("claims", "S1-22")]


def test_the_flagship_deck_has_70_causes():
    assert len(leukopenia().causes) == 70


def test_every_entry_of_the_core_is_there_and_says_so():
    deck = leukopenia()
    assert sorted(key for key, cause in deck.causes.items() if "core" in cause.tags) == CORE


def test_nothing_is_presented_as_reviewed():
    assert {entry.review.state for _, _, entry in leukopenia().entries} == {"draft"}
