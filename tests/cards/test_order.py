"""The order in which learners meet new notes: that of the category tree, whatever the order of the files."""

import pytest

from generator.workflows.prepare import prepare

DECK = """\
deck: Weather::Rain
finding: {name: Rain, effect: make it rain, ordered: true}
categories:
  sky:
    name: From the sky
    definition: Water falls by itself
    separates: Clouds overhead
    ordered: true
    children: {high: {name: High up, separates: A long way down}, low: {name: Close by}}
  hand: {name: By hand, separates: A wet sleeve, versus: {sky: {here: Somebody is seen, there: Nobody is seen}}}
facts:
  wet: {ask: How wet is a cloud?, answer: Half a gram of water per cubic metre}
"""
FIRST = """\
causes:
  can: {cause: Watering can, mechanism: A gardener tips a vessel, category: hand,
        versus: {fog: {here: A gardener, there: Grey air}}}
  fog: {cause: Fog, category: sky/low, mechanism: {summary: Cooling grows droplets, steps: [Cold, Drops, A fall]}}
"""
SECOND = """\
causes:
  ice: {cause: Ice, mechanism: Frost drips from the eaves, category: sky/high}
  dew: {cause: Dew, mechanism: Nights turn vapour into liquid, category: sky/low,
        versus: {ice: {here: It is wet, there: It is hard}}}
"""
ORDER = [
    ("category", "/"), ("tree", "/"), ("fact", "wet"),
    ("category", "sky"), ("class", "sky"),
    ("cause", "ice"), ("class", "sky/high"),
    ("cause", "fog"), ("chain", "fog"), ("cause", "dew"), ("pair", "dew~ice"),
    ("cause", "can"), ("class", "hand"), ("pair", "can~fog"), ("pair", "/hand~/sky"),
]  # fmt: skip


def order_of(folder):
    prepared, diagnostics = prepare(folder, now=0)
    assert prepared is not None, diagnostics
    return [(note.note_type, note.key) for note in prepared.stamped.release.notes.notes]


def test_notes_come_down_the_tree_each_branch_whole_and_pairs_once_both_sides_are_known(write_deck):
    assert order_of(write_deck(DECK, {"causes/1.yaml": FIRST, "causes/2.yaml": SECOND})) == ORDER


@pytest.mark.parametrize("deck", ["leukopenia", "hagma", "hyponatraemia", "outage"])
def test_no_pair_of_a_shipped_deck_comes_before_what_it_compares(deck):
    from generator.resources import bundled

    prepared, _ = prepare(bundled("decks") / deck, now=0)
    met = set()
    for note in prepared.stamped.release.notes.notes:
        if note.note_type == "pair":
            assert {entry for entry in note.entries if entry[0] == "causes"} <= met, note.key
        elif note.note_type == "cause":
            met |= set(note.entries)
