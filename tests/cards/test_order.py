"""The order in which learners meet new notes: that of the category tree, whatever the order of the files."""

import pytest
from conftest import SHIPPED

from generator.resources import bundled
from generator.workflows.prepare import prepare

DECK = """\
deck: Weather::Rain
finding: {name: Rain, effect: make it rain, listed: true}
cards: {add: [tree, common, onset, steps]}
categories:
  sky:
    name: From the sky
    definition: Water falls by itself
    listed: true
    children: {high: {name: High up}, low: {name: Close by, definition: Near the grass}}
  hand: {name: By hand, versus: {sky: {on: who pours, here: Somebody, there: Nobody}}}
questions:
  wet: {ask: How wet is a cloud?, answer: Half a gram of water per cubic metre}
  pour: {ask: How does one pour?, answer: Slowly, category: hand}
"""
FIRST = """\
causes:
  can: {cause: Watering can, mechanism: A gardener tips a vessel, category: hand,
        versus: {fog: {on: colour, here: Green, there: Grey}}}
  fog: {cause: Fog, category: sky/low, mechanism: {summary: Cooling grows droplets, steps: [Cold, Drops, A fall]},
        time-course: At dawn, questions: {grey: {ask: Which colour has fog?, answer: Grey}}}
"""
SECOND = """\
causes:
  ice: {cause: Ice, mechanism: Frost drips from the eaves, category: sky/high}
  dew: {cause: Dew, mechanism: Nights turn vapour into liquid, category: sky/low,
        versus: {ice: {on: touch, here: Wet, there: Hard}}}
  mist: {cause: Mist, mechanism: Vapour gathers over water, category: sky/low}
"""
ORDER = [
    ("list", "/"), ("picture", "/"), ("question", "wet"),
    ("list", "sky"),
    ("cause", "ice"),
    ("cause", "fog"), ("question", "grey"), ("list", "fog/steps"), ("detail", "fog/onset"),
    ("cause", "dew"), ("cause", "mist"), ("detail", "/sky/low/common"), ("contrast", "dew~ice"),
    ("cause", "can"), ("question", "pour"), ("contrast", "can~fog"), ("contrast", "/hand~/sky"),
]  # fmt: skip


def order_of(folder):
    prepared, diagnostics = prepare(folder, now=0)
    assert prepared is not None, diagnostics
    return [(note.note_type, note.key) for note in prepared.stamped.release.notes.notes]


def test_notes_come_down_the_tree_each_branch_whole_and_contrasts_once_both_sides_are_known(write_deck):
    assert order_of(write_deck(DECK, {"causes/1.yaml": FIRST, "causes/2.yaml": SECOND})) == ORDER


@pytest.mark.parametrize("deck", SHIPPED)
def test_no_contrast_of_a_shipped_deck_comes_before_what_it_compares(deck):
    prepared, _ = prepare(bundled("decks") / deck, now=0)
    met = set()
    for note in prepared.stamped.release.notes.notes:
        if note.note_type == "contrast":
            assert {entry for entry in note.entries if entry[0] == "causes"} <= met, note.key
        elif note.note_type == "cause":
            met |= set(note.entries)
