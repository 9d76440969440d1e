"""What the shipped decks promise to cover."""

from dataclasses import replace

import pytest
from conftest import SHIPPED

from generator.check.structure import check_coverage
from generator.load.deck import load_deck
from generator.resources import bundled

CORE = [
    "acute-leukaemia", "acute-whole-body", "ain-adult", "alcohol", "alemtuzumab", "antithymocyte-globulin",
    "antithyroid", "apl", "aplastic-anaemia", "arsenic", "b12-deficiency", "benzene", "beta-lactams", "car-t",
    "carbamazepine", "cdk4-6-inhibitors", "checkpoint-inhibitors", "chronic-idiopathic", "cirrhosis-alcohol",
    "clozapine", "copper-deficiency", "covid19", "critical-illness", "cyclic-neutropenia",
    "cytotoxic-chemotherapy", "deferiprone", "dengue", "duffy-null", "ebv", "felty", "folate-deficiency",
    "glucocorticoids", "haemodialysis", "hiv", "hlh", "hodgkin", "hypersplenism", "influenza", "kostmann-hax1",
    "lgl-leukaemia", "linezolid", "lymphoma", "malaria", "margination", "mds", "measles", "metamizole",
    "metastatic-cancer", "methotrexate", "mycophenolate", "myelofibrosis", "neonatal-sepsis",
    "overwhelming-sepsis", "parp-inhibitors", "pnh", "primary-ain-infancy", "radiotherapy", "s1p-modulators",
    "sarcoidosis", "scid", "scn-elane", "sjogren", "sle", "starvation", "sulfonamides", "thiopurines",
    "transient-viral-child", "tuberculosis", "typhoid", "valganciclovir", "vancomycin", "viral-hepatitis",
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


def test_the_flagship_deck_has_108_causes():
    assert len(leukopenia().causes) == 108


def test_every_entry_of_the_core_is_there_and_says_so():
    deck = leukopenia()
    assert sorted(key for key, cause in deck.causes.items() if "core" in cause.tags) == CORE


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_is_presented_as_reviewed(name):
    deck, _ = load_deck(bundled("decks") / name)
    entries = [entry for _, _, entry in deck.entries] + [branch.category for branch in deck.tree.values()]
    assert {entry.review.state for entry in entries} == {"draft"}
