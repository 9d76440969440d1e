"""Learners' history of an entry stays with its deck. A build says so before an entry is in another one."""

import pytest
from conftest import NOW, commit, import_package

from generator.workflows.build import build_package
from generator.workflows.check import check_folder
from generator.workflows.prepare import no_progress

HEAD = "finding: {name: Flood, effect: raise the river}\ncauses:\n"
RAIN = "  rain: {cause: Heavy rain, mechanism: The soil is full and all water runs off, clue: Dark clouds for days}\n"
THAW = "  thaw: {cause: Thaw, mechanism: A winter of snow melts within a week, clue: The first warm wind of the year}\n"
RIVERS, LAKES = "deck: Rivers\nid: rivers-1\n" + HEAD, "deck: Lakes\nid: lakes-1\n" + HEAD


@pytest.fixture
def project(write_deck):
    """A deck with two entries whose lock is in git, and `build`, which returns what is built and what is said."""
    rivers = write_deck(RIVERS + RAIN + THAW, name="rivers")

    def build(folder, now, **options):
        built, findings = build_package(folder, folder.with_suffix(".apkg"), now, no_progress, **options)
        return built, {found.code: found for found in findings.diagnostics}

    build(rivers, NOW)
    commit(rivers.parents[1], "decks/rivers/deck.yaml", "decks/rivers/deck.lock")
    return rivers, write_deck, build


@pytest.mark.parametrize("old_first", [True, False])
def test_an_entry_that_moved_to_another_deck_is_told_with_both_decks(project, old_first, anki_import):
    rivers, write_deck, build = project
    collection = anki_import(rivers.with_suffix(".apkg")).collection
    (rivers / "deck.yaml").write_text(RIVERS + RAIN)
    lakes = write_deck(LAKES + THAW.replace("within a week", "within days"), name="lakes")
    if old_first:
        build(rivers, NOW + 100)
    assert "moved-entry" in {found.code for found in check_folder(lakes, NOW + 100).diagnostics}
    built, found = build(lakes, NOW + 100)
    assert "`thaw` was in the deck `rivers`" in found["moved-entry"].message
    assert found["moved-entry"].place.file.parent == lakes
    import_package(collection, built.package)
    assert len(collection.find_notes("Key:thaw")) == 2, "what the warning says"
    assert build(lakes, NOW + 200)[1] == {}, "it is told before the build that gives it a new identity"


def test_who_moves_an_entry_on_purpose_builds_with_retire(project):
    rivers, write_deck, build = project
    (rivers / "deck.yaml").write_text(RIVERS + RAIN)
    assert build(write_deck(LAKES + THAW, name="lakes"), NOW + 100, retire=True)[1] == {}


@pytest.mark.parametrize(
    ("left", "entry"),
    [
        (RAIN + THAW, THAW),
        (RAIN + "  thaw: {cause: Thaw, mechanisms: It melts}\n", THAW),
        (RAIN, "  thaw: {cause: Thaw, mechanism: Permafrost lets the bank slide into the lake, clue: Tilted trees}\n"),
        (RAIN, THAW.replace("thaw:", "snow:")),
    ],
    ids=["in both decks", "faulty there", "another entry of the same key", "another key"],
)
def test_an_entry_that_did_not_move_is_not_told(project, left, entry):
    rivers, write_deck, build = project
    (rivers / "deck.yaml").write_text(RIVERS + left)
    assert build(write_deck(LAKES + entry, name="lakes"), NOW + 100)[1] == {}


def test_a_deck_that_was_never_committed_can_be_split_freely(write_deck, project):
    _, _, build = project
    ponds, shower = "deck: Ponds\nid: ponds-1\n" + HEAD, RAIN.replace("rain:", "shower:")
    folder = write_deck(ponds + shower + THAW, name="ponds")
    build(folder, NOW)
    (folder / "deck.yaml").write_text(ponds + THAW)
    assert build(write_deck(LAKES + shower, name="lakes"), NOW + 100)[1] == {}
