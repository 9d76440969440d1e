"""A retracted entry is taught no longer, and nobody loses it in silence."""

import pytest
from conftest import NOW

from generator.workflows.build import build_package
from generator.workflows.check import check_folder
from generator.workflows.prepare import no_progress

DECK = """\
deck: Weather::Rain
finding: {name: Rain, effect: make it rain}
categories:
  sky:
    {name: From the sky, definition: Water falls by itself, listed: true, ordered: true, members: [fog, dew, ice, sun]}
cards: {add: [steps, blanks]}
causes:
  fog:
    cause: Fog
    mechanism: {summary: Droplets settle on leaves, steps: [Air cools, Droplets grow, They settle]}
    category: sky
    covers: C1
    questions: {grey: {ask: Which colour is it?, answer: A dull one}}
    review: {state: FOG}
  dew:
    cause: Dew
    mechanism: Clear nights cool the ground until vapour turns liquid there
    category: sky
    versus:
      fog: {on: place, here: The ground is wet, there: The air is grey}
      ice: {on: touch, here: It is wet, there: It is hard}
  ice:
    cause: Ice
    mechanism: Frost melts in the morning sun and drips from the eaves
    category: sky
  sun:
    cause: Sunshower
    mechanism: Wind carries drops away from the cloud that made them
    category: sky
questions:
  wet: {ask: How wet is a cloud?, answer: Half a gram of water per cubic metre, review: {state: WET}}
"""
SYLLABUS = "claims: {C1: Fog wets leaves}\n"


@pytest.fixture
def deck(write_deck):
    def write(fog="draft", wet="draft"):
        return write_deck(DECK.replace("FOG", fog).replace("WET", wet), {"syllabus.yaml": SYLLABUS})

    return write


def names(built):
    return {(note.note_type, note.key) for note in built.prepared.stamped.release.notes.notes}


def build(folder, tmp_path, now):
    built, findings = build_package(folder, tmp_path / "rain.apkg", now, no_progress, retire=True)
    assert built is not None, findings.diagnostics
    return built


def test_no_note_teaches_a_retracted_entry_or_names_it(deck, tmp_path):
    before = build(deck(), tmp_path, NOW)
    after = build(deck("retracted", "retracted"), tmp_path, NOW + 1)
    assert names(before) - names(after) == {
        ("cause", "fog"), ("question", "grey"), ("list", "fog/steps"), ("contrast", "dew~fog"), ("question", "wet"),
    }  # fmt: skip
    shown = " ".join(field for note in after.prepared.stamped.release.notes.notes for field in note.fields)
    assert "Fog" not in shown
    assert "The air is grey" not in shown
    assert "Half a gram" not in shown
    assert "A dull one" not in shown


def test_the_notes_of_a_retracted_entry_retire_and_come_back_as_the_same(deck, tmp_path):
    before = build(deck(), tmp_path, NOW).prepared.stamped
    gone = build(deck("retracted"), tmp_path, NOW + 1).prepared.stamped
    assert set(gone.retired) == {
        ("cause", "fog"), ("question", "grey"), ("list", "fog/steps"), ("contrast", "dew~fog"),
    }  # fmt: skip
    back = build(deck(), tmp_path, NOW + 2).prepared.stamped
    assert set(back.returned) == set(gone.retired)
    assert back.lock.notes["cause", "fog"].guid == before.lock.notes["cause", "fog"].guid
    numbers = {kind: before.lock.notes[kind].numbers for kind in (("list", "fog/steps"), ("list", "sky/blanks"))}
    assert {kind: back.lock.notes[kind].numbers for kind in numbers} == numbers


def test_a_build_says_what_is_retracted_and_how_learners_find_it(deck, tmp_path, run_aetia):
    package = tmp_path / "rain.apkg"
    assert "retracted" not in run_aetia("build", deck(), "-o", package).stdout
    shown = run_aetia("build", deck("retracted"), "-o", package, "--retire").stdout
    assert "4 retired" in shown
    assert '"note:Rain · Cause" Key:fog' in shown
    assert "retracted, so not taught: fog" in shown


def test_a_claim_that_only_a_retracted_entry_covers_counts_as_uncovered(deck):
    assert "uncovered-claim" not in {d.code for d in check_folder(deck()).diagnostics}
    found = check_folder(deck("retracted")).diagnostics
    assert "uncovered-claim" in {d.code for d in found}
    assert "no-cards" not in {d.code for d in found}


def test_why_says_that_an_entry_is_retracted(deck, run_aetia):
    assert "review: retracted" in run_aetia("why", "fog", "--deck", deck("retracted")).stdout
