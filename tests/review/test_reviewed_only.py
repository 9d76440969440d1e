"""A package of reviewed entries alone, beside that of the whole deck."""

import pytest
from conftest import NOW

REVIEW = "review: {state: reviewed, by: Ann, on: 2026-01-31}"
DECK = f"""\
deck: Weather::Rain
finding: {{name: Rain, effect: make it rain}}
cards: {{add: [onset]}}
causes:
  fog: {{cause: Fog, mechanism: "Air cools [@book]", {REVIEW}}}
  dew: {{cause: Dew, mechanism: Grass cools the air, time-course: {{onset: At night}}}}
  hail: {{cause: Hail, mechanism: "Drops freeze [@book]"}}
"""
FILES = {"sources.yaml": "references: [{id: book, title: A book}]"}


@pytest.fixture
def deck(write_deck):
    return write_deck(DECK, FILES, "rain")


@pytest.fixture
def build(run_aetia, deck):
    """`build(*options)` builds the deck in its project and returns what it says."""

    def run(*options, now=0):
        done = run_aetia("build", deck.name, *options, cwd=deck.parents[1], env={"SOURCE_DATE_EPOCH": str(NOW + now)})
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def edit(deck, *pairs):
    text = (deck / "deck.yaml").read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    (deck / "deck.yaml").write_text(text)


def test_the_package_of_reviewed_entries_lies_beside_that_of_the_whole_deck(build, deck, run_aetia):
    said = build()
    assert "not made" not in said
    dist = deck.parents[1] / "dist"
    whole = (dist / "rain.apkg").read_bytes()
    said = build("--reviewed-only", now=10)
    assert "  1 note, " in said
    assert "1 untouched" in said
    assert "left out: 3 notes with an entry that has no valid review" in said
    assert "not made" not in said, "`aetia check` cannot say why"
    assert "rain-reviewed.apkg" in said
    assert (dist / "rain.apkg").read_bytes() == whole
    assert "belongs to no deck" not in run_aetia("build", cwd=deck.parents[1]).stdout


def test_edits_of_texts_without_review_are_told_by_the_next_whole_build(build, deck):
    build()
    hail = DECK[DECK.index("  hail") :]
    edit(deck, ("Grass cools", "The grass cools"), (hail, hail.replace("hail", "sleet").replace("Hail", "Sleet")))
    assert "1 untouched" in build("--reviewed-only", "--retire", now=10)
    said = build(now=20)
    assert "1 changed, 1 new, 1 retired, 2 untouched" in said
    assert "~ dew: Mechanism" in said


def test_the_summary_counts_the_notes_of_the_package_of_reviewed_entries(build, deck):
    assert "\n  1 new\n" in build("--reviewed-only")
    edit(deck, ("Air cools", "The air cools"), ("Grass cools", "The grass cools"))
    assert "1 changed" in build("--reviewed-only", now=10)
    edit(deck, ('freeze [@book]"', f'freeze [@book]", {REVIEW}'))
    assert "1 new, 1 untouched" in build("--reviewed-only", now=20)
