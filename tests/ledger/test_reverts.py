"""A lock that git set back knows older times than learners have. What the author wrote last reaches them anyway."""

import pytest
from conftest import NOW, commit, git

from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress

BREAD = """\
deck: Bread
id: bread-1
finding: {name: Flat loaf, effect: keep a loaf flat}
causes:
  yeast: {cause: Old yeast, mechanism: Dead cells make no gas}
  salt: {cause: Much salt, mechanism: Salt holds the yeast back}
"""
SECOND = BREAD.replace("make no gas", "breathe no more")


@pytest.fixture
def bread(write_deck):
    """A deck whose second release is in git with a tag, and `build`, which returns its stamps and findings by code."""
    folder = write_deck(BREAD)
    package = folder.parent / "bread.apkg"

    def build(now, text=None, **options):
        if text:
            (folder / "deck.yaml").write_text(text)
        built, findings = build_package(folder, package, now, no_progress, **options)
        assert built, findings.diagnostics
        return built, {found.code: found for found in findings.diagnostics}

    build(NOW)
    commit(folder, "deck.yaml", "deck.lock", tag="v1")
    build(NOW + 100, SECOND)
    commit(folder, "deck.yaml", "deck.lock", tag="v2")
    return folder, build


def mechanism(collection, key="yeast"):
    (note,) = [collection.get_note(id_) for id_ in collection.find_notes(f"Key:{key}")]
    return note["Mechanism"]


@pytest.mark.parametrize("seen", ["the tag", "the last versions"])
def test_a_reverted_release_reaches_learners_who_have_it(bread, anki_import, seen):
    folder, build = bread
    package = folder.parent / "bread.apkg"
    collection = anki_import(package).collection
    package.unlink()
    if seen == "the last versions":
        git(folder, "tag", "-d", "v2")
    else:  # more versions of the lock than a build reads
        for number in range(7):
            build(NOW + 200 + number, SECOND.replace("Salt holds", f"Salt ({number}) holds"))
            commit(folder, "deck.yaml", "deck.lock")
    git(folder, "checkout", "-q", "v1", "--", "deck.yaml", "deck.lock")
    git(folder, "commit", "-qm", "Back to the first release")
    package.unlink(missing_ok=True)
    built, found = build(NOW + 300)
    assert found == {}
    assert ("cause", "yeast") in built.prepared.stamped.changed
    assert built.lock.notes["cause", "yeast"].modified == NOW + 300
    anki_import(package, collection)
    assert mechanism(collection) == "Dead cells make no gas"
    again, _ = build(NOW + 400)
    assert again.lock == built.lock


def test_git_revert_is_told_as_a_change_and_touches_no_other_note(bread, anki_import):
    folder, build = bread
    collection = anki_import(folder.parent / "bread.apkg").collection
    git(folder, "revert", "--no-edit", "v2")
    built, _ = build(NOW + 300)
    assert built.changes.summary == "1 changed, 1 untouched"
    assert anki_import(built.package, collection).counts == (0, 1, 1, 0)


def test_a_reverted_look_reaches_learners_too(bread, anki_import):
    folder, build = bread
    build(NOW + 200, SECOND + "style: {day: {accent: '#123456'}}\n")
    collection = anki_import(folder.parent / "bread.apkg").collection
    commit(folder, "deck.yaml", "deck.lock", tag="v3")
    git(folder, "revert", "--no-edit", "v3")
    built, _ = build(NOW + 300)
    anki_import(built.package, collection)
    assert not [kind["name"] for kind in collection.models.all() if "#123456" in kind["css"]]


def test_a_revert_of_the_revert_keeps_the_words_newest(bread, anki_import):
    folder, build = bread
    collection = anki_import(folder.parent / "bread.apkg").collection
    git(folder, "revert", "--no-edit", "v2")
    anki_import(build(NOW + 300)[0].package, collection)
    commit(folder, "deck.yaml", "deck.lock")
    git(folder, "revert", "--no-edit", "HEAD", "HEAD~1")
    built, found = build(NOW + 400)
    assert found == {}
    anki_import(built.package, collection)
    assert mechanism(collection) == "Dead cells breathe no more"


def test_a_build_without_a_revert_keeps_every_time(bread):
    _, build = bread
    built, _ = build(NOW + 300)
    assert {record.modified for record in built.lock.notes.values()} == {NOW, NOW + 100}


def test_diff_and_rehearse_foresee_what_a_build_makes_of_a_revert(bread, run_aetia):
    folder, _ = bread
    git(folder, "revert", "--no-edit", "v2")
    when = {"SOURCE_DATE_EPOCH": str(NOW + 300)}
    told = run_aetia("diff", folder, "--against", "v2", env=when)
    assert told.returncode == 0, told.stdout
    assert "notes: 1 updated" in told.stdout
    assert run_aetia("rehearse", folder, "--against", "v2", env=when).returncode == 0


def test_diff_and_rehearse_fail_if_a_change_does_not_arrive(bread, run_aetia):
    """A hotfix on another branch has the same note with a later time."""
    folder, build = bread
    git(folder, "switch", "-qc", "hotfix", "v1")
    build(NOW + 200, BREAD.replace("make no gas", "rest"))
    commit(folder, "deck.yaml", "deck.lock", tag="v1.1")
    git(folder, "switch", "-q", "-")
    for command, says in (("diff", "1 differ but are not newer"), ("rehearse", "do not get the change of 1 note")):
        done = run_aetia(command, folder, "--against", "v1.1", env={"SOURCE_DATE_EPOCH": str(NOW + 300)})
        assert done.returncode == 1, done.stdout
        assert says in done.stdout
