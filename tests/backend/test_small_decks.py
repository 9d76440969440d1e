"""The smallest decks, and decks that are not medicine or not English, all the way into Anki."""

from conftest import MINIMAL, NOW


def test_ten_lines_make_a_deck_that_anki_imports(build_deck, anki_import):
    assert len(MINIMAL.splitlines()) < 11
    imported = anki_import(build_deck(MINIMAL).package)
    assert imported.counts == (2, 0, 0, 0)
    assert imported.collection.card_count() == 4


def test_the_same_package_imported_twice_changes_nothing(build_deck, anki_import):
    package = build_deck(MINIMAL).package
    collection = anki_import(package).collection
    assert anki_import(package, collection).counts == (0, 0, 2, 0)


def test_a_changed_text_reaches_the_learner_and_nothing_else_does(build_deck, anki_import):
    collection = anki_import(build_deck(MINIMAL).package).collection
    changed = MINIMAL.replace("Salt is lost", "Sodium is lost")
    assert anki_import(build_deck(changed, now=NOW + 60).package, collection).counts == (0, 1, 1, 0)


def test_the_command_builds_a_deck_of_ten_lines(write_deck, run_aetia):
    project = write_deck(MINIMAL, name="hyponatraemia").parents[1]
    done = run_aetia("build", "hyponatraemia", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert (project / "dist" / "hyponatraemia.apkg").is_file()
