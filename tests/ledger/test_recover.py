"""A lost lock is made up from a package, so that nobody's history or edits are lost with it."""

from dataclasses import replace

import pytest
from conftest import MINIMAL, NOW

from generator.diagnostics import Severity
from generator.ledger.lock import read_lock, write_lock
from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress

TREE = """\
deck: Rivers
finding: {name: Flood, effect: raise the river}
categories:
  rain: {name: Rain, ordered: true, children: {north: North & far, south: "*South*", east: East}}
"""


def build(folder, now=NOW + 500, **options):
    """Build; return the stamps and the diagnostics by code."""
    built, findings = build_package(folder, folder.parent / "deck.apkg", now, no_progress, **options)
    return built and built.prepared.stamped, {diagnostic.code: diagnostic for diagnostic in findings.diagnostics}


@pytest.fixture
def released(write_deck):
    """A deck with two releases behind it, and its lock."""
    folder = write_deck(MINIMAL)
    build(folder, NOW)
    (folder / "deck.yaml").write_text(MINIMAL.replace("lost", "wasted"))
    build(folder, NOW + 100)
    return folder, read_lock(folder)[0]


def test_missing_lock_is_recovered_from_the_package_with_a_warning(released):
    folder, lock = released
    package = (folder.parent / "deck.apkg").read_bytes()
    (folder / "deck.lock").unlink()
    stamped, found = build(folder)
    assert found["missing-lock"].severity is Severity.WARNING
    assert "deck.apkg" in found["missing-lock"].message
    assert stamped.lock == lock
    assert stamped.untouched == 2
    assert build(folder)[1] == {}
    assert (folder.parent / "deck.apkg").read_bytes() == package


def test_missing_lock_beside_a_package_of_another_deck_is_told_loudly(released, write_deck):
    folder, _ = released
    (folder / "deck.lock").unlink()
    (folder / "deck.yaml").write_text(MINIMAL.replace("siadh", "other").replace("thiazides", "another"))
    (folder.parent / "deck.apkg").rename(folder.parent / "old.apkg")
    rivers = write_deck(TREE, name="rivers")
    build_package(rivers, folder.parent / "deck.apkg", NOW, no_progress)
    stamped, found = build(folder)
    assert "all times start over" in found["missing-lock"].message
    assert {identity.modified for identity in stamped.release.identities.values()} == {NOW + 500}


def test_first_build_says_nothing_of_a_missing_lock(write_deck):
    assert build(write_deck(MINIMAL))[1] == {}


def test_recovered_identity_is_that_of_the_package_even_after_a_rename(released):
    folder, lock = released
    (folder / "deck.yaml").write_text(MINIMAL.replace("  siadh:\n", "  sdi:\n    was: siadh\n"))
    build(folder, NOW + 200)
    (folder / "deck.lock").unlink()
    (folder / "deck.yaml").write_text(MINIMAL.replace("  siadh:\n", "  sdi:\n"))
    stamped, _ = build(folder)
    assert stamped.lock.notes["cause", "sdi"].guid == lock.notes["cause", "siadh"].guid


def test_cloze_numbers_are_recovered_from_the_package(write_deck):
    folder = write_deck(TREE)
    build(folder, NOW)
    (folder / "deck.yaml").write_text(TREE.replace("north: North & far,", "west: West, north: North & far,"))
    build(folder, NOW + 100)
    lock, _ = read_lock(folder)
    package = (folder.parent / "deck.apkg").read_bytes()
    assert lock.notes["category", "rain"].numbers == {"west": 5, "north": 2, "south": 3, "east": 4}
    (folder / "deck.lock").unlink()
    assert build(folder)[0].lock == lock
    assert set(build(folder)[1]) == {"empty-category"}, "the lock is there again, so nothing is said of it"
    assert (folder.parent / "deck.apkg").read_bytes() == package


def test_lock_that_a_merge_set_back_takes_newer_times_from_a_release(released):
    """The lock says an older time than learners have; with it a change back to the older text would not reach them."""
    folder, lock = released
    release = folder.parent / "release.apkg"
    release.write_bytes((folder.parent / "deck.apkg").read_bytes())
    (folder / "deck.lock").unlink()
    (folder.parent / "deck.apkg").unlink()
    (folder / "deck.yaml").write_text(MINIMAL)
    build(folder, NOW)
    back = read_lock(folder)[0].notes["cause", "thiazides"]
    assert back.modified < lock.notes["cause", "thiazides"].modified
    stamped, found = build(folder, NOW + 50, recover=release)
    assert found == {}
    assert stamped.lock.notes["cause", "thiazides"].modified == NOW + 101
    assert stamped.lock.notes["cause", "siadh"] == lock.notes["cause", "siadh"]


def test_notes_that_the_lock_does_not_know_come_from_the_release(released):
    folder, lock = released
    write_lock(folder, replace(lock, notes={}))
    release = folder.parent / "release.apkg"
    (folder.parent / "deck.apkg").rename(release)
    assert build(folder, recover=release)[0].lock == lock


def test_package_of_a_stranger_is_refused(released):
    folder, _ = released
    file = folder.parent / "strange.apkg"
    file.write_bytes(b"no zip")
    before = (folder / "deck.lock").read_bytes()
    stamped, found = build(folder, recover=file)
    assert stamped is None
    assert list(found) == ["foreign-package"]
    assert (folder / "deck.lock").read_bytes() == before


def test_recovering_needs_one_deck(run_aetia, write_deck):
    folder = write_deck(MINIMAL)
    write_deck(TREE, name="rivers")
    file = folder.parent.parent / "x.apkg"
    file.write_bytes(b"")
    done = run_aetia("build", "--recover", "x.apkg", cwd=file.parent)
    assert done.returncode == 2
    assert "takes the package of one deck" in done.stderr
