"""A lost lock is made up from a package, so that nobody's history or edits are lost with it."""

import subprocess
from dataclasses import fields, replace
from shutil import copyfile, copytree, rmtree

import full
import pytest
from conftest import MINIMAL, NOW, commit, git

from generator.cards.foreign import show_foreign
from generator.diagnostics import Severity
from generator.ledger.lines import Record
from generator.ledger.lock import read_lock, write_lock
from generator.ledger.recover import recover_lock
from generator.package.read import load_package
from generator.package.write import write_apkg
from generator.resources import bundled
from generator.workflows.build import build_package
from generator.workflows.check import check_folder
from generator.workflows.prepare import no_progress

TREE = """\
deck: Rivers
finding: {name: Flood, effect: raise the river}
cards: {add: [blanks]}
categories:
  rain: {name: Rain, listed: true, children: {north: North & far, south: "*South*", east: East}}
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


def test_notes_without_a_field_for_their_key_are_known_again_from_the_package(write_deck):
    folder = write_deck("deck: D\nid: d-1\nnotes: {quote: {osler: {Quote: Listen to your patient, Who: Osler}}}\n", {
        "../../templates/notetypes/quote/notetype.yaml": "name: Quote\nfields: [Quote, Who]\ncards: [quote]\n",
        "../../templates/notetypes/quote/quote.html":
            "{% block front %}{{ field.Quote }}{% endblock %}{% block answer %}{{ field.Who }}{% endblock %}",
    })  # fmt: skip
    first, _ = build(folder)
    (folder / "deck.lock").unlink()
    second, found = build(folder, NOW + 10)
    assert "missing-lock" in found
    assert second.lock.notes == first.lock.notes


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
    assert lock.notes["list", "rain/blanks"].numbers == {"west": 4, "north": 1, "south": 2, "east": 3}
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


def test_every_number_of_a_shipped_deck_comes_back_from_its_package(tmp_path):
    """L2: by key, for notes of every type, and with the numbers of parts that left."""
    folder = copytree(bundled("decks") / "hagma", tmp_path / "decks" / "hagma")
    (folder / "deck.lock").unlink(missing_ok=True)
    build(folder, NOW)
    lock, _ = read_lock(folder)
    (folder / "deck.lock").unlink()
    recovered = build(folder)[0]
    assert recovered.lock == lock
    assert recovered.emptied == {}
    assert recovered.changed == recovered.added == ()


def test_numbers_of_the_deck_come_back_from_the_package(released):
    folder, _ = released
    file = folder.parent / "release.apkg"
    read = load_package(folder.parent / "deck.apkg", show_foreign)
    write_apkg(replace(read, slots={"facets": {"age": 1}}), file)
    assert build(folder, recover=file)[0].lock.slots["facets"] == {"age": 1}


def test_tag_that_a_deck_has_by_now_stays_after_recovering_from_a_package_with_another(write_deck):
    text = "id: salt-1\n" + MINIMAL
    folder = write_deck(text)
    build(folder, NOW)
    release = folder.parent / "release.apkg"
    (folder.parent / "deck.apkg").rename(release)
    (folder / "deck.lock").unlink()
    (folder / "deck.yaml").write_text(text.replace("deck: Medicine::Hyponatraemia", "deck: Medicine::Sodium"))
    build(folder, NOW + 100)
    recovered = build(folder, NOW + 200, recover=release)[0]
    assert recovered.lock.slots["tag"] == {"sodium": 1}
    assert build(folder, NOW + 300)[0].lock == recovered.lock


def test_lock_that_was_cut_to_its_header_is_made_up_for_and_told(released):
    """H4: all notes would get a new time and overwrite those of every learner."""
    folder, lock = released
    file = folder / "deck.lock"
    file.write_text(file.read_text().splitlines(True)[0])
    checked = check_folder(folder, NOW + 500, folder.parent / "deck.apkg").diagnostics
    assert [d.code for d in checked if "lock" in d.code] == ["missing-lock"]
    stamped, found = build(folder)
    assert "deck.lock has no notes" in found["missing-lock"].message
    assert "deck.apkg" in found["missing-lock"].message
    assert stamped.lock == lock


def test_lock_that_was_cut_to_its_header_without_a_package_is_told(released):
    folder, _ = released
    file = folder / "deck.lock"
    file.write_text(file.read_text().splitlines(True)[0])
    (folder.parent / "deck.apkg").unlink()
    stamped, found = build(folder)
    assert "there is no package of the last build: all times start over" in found["missing-lock"].message
    assert len(stamped.added) == 2


@pytest.mark.parametrize("loss", ["delete", "cut", "commit"])
def test_lost_lock_that_git_has_stops_build_and_check(released, loss):
    """H6: a clean checkout, without a package, or one that lost the lock in a commit."""
    folder, lock = released
    (folder.parent / "deck.apkg").unlink()
    file = folder / "deck.lock"
    commit(folder, "deck.yaml", "deck.lock")
    file.write_text(file.read_text().splitlines(True)[0]) if loss == "cut" else file.unlink()
    if loss == "commit":
        git(folder, "commit", "-qam", "Lose the lock")
    stamped, found = build(folder)
    assert stamped is None
    assert "git checkout" in found["lost-lock"].hint
    for way in ("--recover", "--retire"):
        assert way in found["lost-lock"].hint
    assert "lost-lock" in {d.code for d in check_folder(folder, NOW, folder.parent / "deck.apkg").diagnostics}
    revision = found["lost-lock"].hint.split()[2]
    git(folder, "checkout", "-q", revision, "--", "deck.lock")
    assert build(folder)[0].lock == lock
    file.unlink()
    (folder.parent / "deck.apkg").unlink()
    assert len(build(folder, retire=True)[0].added) == 2, "nobody has the deck"


def test_lock_that_is_missing_in_a_clone_without_history_is_told(released, tmp_path):
    """CI clones the last commit alone, in which nobody sees that the lock was lost."""
    folder, _ = released
    commit(folder, "deck.yaml", "deck.lock")
    git(folder, "rm", "-q", "--cached", "deck.lock")
    git(folder, "commit", "-qm", "Lose the lock")
    clone = tmp_path / "clone" / "deck"
    git(tmp_path, "clone", "-q", "--depth=1", folder.as_uri(), str(clone))
    stamped, found = build(clone, retire=True)
    assert found == {}, "nobody has the deck"
    (clone / "deck.lock").unlink()
    (clone.parent / "deck.apkg").unlink()
    assert "cut-history" in {d.code for d in check_folder(clone, NOW, clone.parent / "deck.apkg").diagnostics}
    stamped, found = build(clone)
    assert stamped
    assert found["cut-history"].severity is Severity.WARNING
    assert "git fetch --unshallow" in found["cut-history"].hint
    (clone / "deck.lock").unlink()
    git(clone, "fetch", "-q", "--unshallow")
    stamped, found = build(clone)
    assert stamped is None
    assert list(found) == ["lost-lock"]


def test_package_of_another_deck_is_refused_for_recovery(released, write_deck):
    """L6: also one that was built of the same text under another id."""
    folder, _ = released
    twin = write_deck("id: other-1\n" + MINIMAL, name="twin")
    file = folder.parent / "twin.apkg"
    assert build_package(twin, file, NOW, no_progress)[0]
    before = (folder / "deck.lock").read_bytes()
    stamped, found = build(folder, recover=file)
    assert stamped is None
    assert "`other-1`" in found["foreign-package"].message
    assert (folder / "deck.lock").read_bytes() == before
    (folder / "deck.lock").unlink()
    (folder.parent / "deck.apkg").write_bytes(file.read_bytes())
    stamped, found = build(folder)
    assert "is of another deck" in found["missing-lock"].message
    assert len(stamped.added) == 2


def test_recovering_acts_also_when_nothing_else_changed(write_deck, run_aetia):
    """H5: the package is current, and the lock of a release is newer."""
    folder = write_deck(MINIMAL)
    project = folder.parents[1]
    (folder / "deck.yaml").write_text(MINIMAL.replace("lost", "wasted"))
    assert run_aetia("build", cwd=project, env={"SOURCE_DATE_EPOCH": str(NOW + 100)}).returncode == 0
    (project / "dist/deck.apkg").rename(project / "release.apkg")
    (folder / "deck.lock").unlink()
    (folder / "deck.yaml").write_text(MINIMAL)
    old = {"SOURCE_DATE_EPOCH": str(NOW)}
    assert run_aetia("build", cwd=project, env=old).returncode == 0
    assert "nothing changed" in run_aetia("build", cwd=project, env=old).stdout
    done = run_aetia("build", "--recover", "release.apkg", cwd=project, env=old)
    assert "nothing changed" not in done.stdout
    assert read_lock(folder)[0].notes["cause", "thiazides"].modified == NOW + 101


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


FIVE = "deck: Rivers\nid: rivers-1\nfinding: {name: Flood, effect: raise the river}\ncauses:\n" + "".join(
    f"  {key}: {{cause: {key.title()}, mechanism: It comes of {key} and of nothing else}}\n"
    for key in ("thaw", "rain", "silt", "wind", "beavers")
)


@pytest.fixture
def committed(write_deck):
    """A deck of five entries whose lock is in git, with its package."""
    folder = write_deck(FIVE)
    stamped, _ = build(folder, NOW)
    commit(folder, "deck.yaml", "deck.lock")
    return folder, stamped.lock


def cut(folder, kept=2):
    """Leave the lock only so many of its notes."""
    lines = (folder / "deck.lock").read_text().splitlines(True)
    notes = [line for line in lines if line.startswith('{"note": ')]
    (folder / "deck.lock").write_text("".join(line for line in lines if line not in notes[kept:]))


@pytest.mark.parametrize("known", ["git", "a commit before", "package"])
def test_lock_that_lost_some_of_its_notes_stops_build_check_and_diff(committed, run_aetia, known):
    """A lock cut in the middle, or merged with one side only: the rest would be dated anew and overwrite learners'."""
    folder, lock = committed
    cut(folder)
    if known != "package":
        (folder.parent / "deck.apkg").unlink()
    else:
        rmtree(folder / ".git")
    if known == "a commit before":
        git(folder, "commit", "-qam", "Cut the lock")
    stamped, found = build(folder)
    assert stamped is None
    assert "lacks 3 of the notes" in found["lost-notes"].message
    assert "`thaw`" in found["lost-notes"].message
    if known == "git":
        diff = run_aetia("diff", folder, "--against", "HEAD")
        assert (diff.returncode, "lost-notes" in diff.stderr) == (1, True)
    if known == "package":
        assert build(folder, recover=folder.parent / "deck.apkg")[0].lock == lock
    else:
        assert "lost-notes" in {d.code for d in check_folder(folder, NOW).diagnostics}
        git(folder, "checkout", "-q", found["lost-notes"].hint.split("show ")[1].split(":")[0], "--", "deck.lock")
        assert build(folder)[0].lock == lock


@pytest.mark.parametrize("committed_already", [True, False])
def test_lock_that_a_merge_took_from_one_side_alone_lacks_what_the_other_side_added(committed, committed_already):
    folder, _ = committed
    git(folder, "switch", "-qc", "side")
    (folder / "deck.yaml").write_text(FIVE + "  surge: {cause: Surge, mechanism: The sea comes in}\n")
    build(folder, NOW + 100)
    git(folder, "commit", "-qam", "Surge")
    git(folder, "switch", "-q", "-")
    (folder / "deck.yaml").write_text(FIVE.replace("of silt", "of mud"))
    build(folder, NOW + 200)
    git(folder, "commit", "-qam", "Mud")
    subprocess.run(["git", "merge", "-q", "side"], cwd=folder, check=False, capture_output=True)
    git(folder, "checkout", "-q", "--ours", "deck.lock")
    (folder / "deck.yaml").write_text(FIVE.replace("of silt", "of mud") + "  surge: {cause: Surge, mechanism: Sea}\n")
    if committed_already:
        git(folder, "commit", "-qam", "Merge")
    stamped, found = build(folder)
    assert stamped is None
    assert "lacks 1 of the notes" in found["lost-notes"].message
    assert build(folder, retire=True)[0].added == (("cause", "surge"),), "nobody has it"


def test_lock_with_the_lines_of_both_sides_of_a_merge_knows_the_notes_of_both(committed):
    """What the hint for a conflict says."""
    folder, _ = committed
    git(folder, "switch", "-qc", "side")
    surge = "  surge: {cause: Surge, mechanism: The sea comes in}\n"
    (folder / "deck.yaml").write_text(FIVE.replace("of silt", "of mud") + surge)
    side = build(folder, NOW + 100)[0].lock.notes
    git(folder, "commit", "-qam", "Surge")
    git(folder, "switch", "-q", "-")
    (folder / "deck.yaml").write_text(FIVE.replace("of rain", "of showers").replace("of silt", "of clay"))
    build(folder, NOW + 200)
    git(folder, "commit", "-qam", "Showers")
    subprocess.run(["git", "merge", "-q", "side"], cwd=folder, check=False, capture_output=True)
    (folder / "deck.yaml").write_text(FIVE.replace("of rain", "of showers").replace("of silt", "of mud") + surge)
    assert "both sides" in build(folder)[1]["conflict-in-lock"].hint
    lines = (folder / "deck.lock").read_text().splitlines(True)
    (folder / "deck.lock").write_text("".join(line for line in lines if line.startswith("{")))
    stamped, found = build(folder)
    assert found == {}
    assert stamped.lock.notes["cause", "surge"] == side["cause", "surge"]


def test_new_entry_is_no_lost_one(committed):
    folder, _ = committed
    (folder / "deck.yaml").write_text(FIVE + "  surge: {cause: Surge, mechanism: The sea comes in}\n")
    assert build(folder, NOW + 100)[1] == {}


def test_a_build_asks_git_once_for_the_tags_of_other_branches(committed, monkeypatch, tmp_path):
    folder, _ = committed
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))
    build(folder, NOW + 100)
    assert (tmp_path / "trace").read_text().count("built-in: git tag --no-merged") == 1


@pytest.mark.parametrize("known", ["tag", "package"])
def test_hotfix_of_an_old_release_is_told_on_main_until_it_is_merged_or_recovered(committed, anki_import, known):
    """Else learners who took the hotfix keep its words for ever: its time is newer."""
    folder, _ = committed
    package, fixed = folder.parent / "deck.apkg", folder.parent / "hotfix.apkg"
    git(folder, "tag", "v1")
    (folder / "deck.yaml").write_text(FIVE.replace("of rain", "of showers"))
    build(folder, NOW + 100)
    git(folder, "commit", "-qam", "Second release")
    git(folder, "switch", "-qc", "hotfix", "v1")
    (folder / "deck.yaml").write_text(FIVE.replace("of thaw", "of snow"))
    build(folder, NOW + 200)
    git(folder, "commit", "-qam", "Hotfix")
    collection = anki_import(package).collection
    package.rename(fixed) if known == "tag" else copyfile(package, fixed)
    if known == "tag":
        git(folder, "tag", "v1.1")
    git(folder, "switch", "-q", "-")
    (folder / "deck.yaml").write_text(FIVE.replace("of rain", "of showers"))
    stamped, found = build(folder, NOW + 300)
    assert found["newer-elsewhere"].severity is Severity.WARNING
    assert "other words and a later time for 1 of the notes, `thaw`" in found["newer-elsewhere"].message
    stamped, found = build(folder, NOW + 300, recover=fixed)
    assert found == {}
    assert stamped.changed == (("cause", "thaw"),)
    anki_import(package, collection)
    (note,) = [collection.get_note(id_) for id_ in collection.find_notes("Key:thaw")]
    assert "of thaw" in note["Mechanism"]
    assert build(folder, NOW + 400)[1] == {}


def test_a_deck_that_had_no_entries_yet_misses_nothing_in_its_lock(write_deck):
    empty = MINIMAL.partition("causes:")[0]
    folder = write_deck(empty)
    package = folder / "deck.apkg"
    assert build_package(folder, package, NOW, no_progress)[0]
    (folder / "deck.yaml").write_text(MINIMAL)
    built, findings = build_package(folder, package, NOW + 100, no_progress)
    assert built
    assert findings.diagnostics == ()


def test_recovered_lock_remembers_notes_of_a_kind_that_is_off(write_deck):
    """Once the kind is on again they have the time that they had, so that learners keep their edits."""
    on = FIVE.replace("causes:", "questions: {when: {ask: When is it?, answer: In spring}}\ncauses:")
    folder = write_deck(on)
    before = build(folder, NOW)[0].lock.notes
    (folder / "deck.yaml").write_text(on.replace("causes:", "cards: {skip: [question]}\ncauses:"))
    (folder / "deck.lock").unlink()
    build(folder, NOW + 100, recover=folder.parent / "deck.apkg", retire=True)
    (folder / "deck.yaml").write_text(on)
    after = build(folder, NOW + 200, retire=True)[0].lock.notes
    assert ("question", "when") in before
    assert {name: (r.guid, r.id, r.modified) for name, r in after.items()} == {
        name: (r.guid, r.id, r.modified) for name, r in before.items()
    }


def test_words_that_a_hotfix_takes_over_from_main_keep_the_time_of_main(committed, anki_import):
    """Else a learner of main who takes the hotfix loses edits of words that did not change."""
    folder, _ = committed
    package = folder.parent / "deck.apkg"
    git(folder, "tag", "v1")
    (folder / "deck.yaml").write_text(FIVE.replace("of thaw", "of snow"))
    build(folder, NOW + 100)
    git(folder, "commit", "-qam", "Second release")
    git(folder, "tag", "v2")
    collection = anki_import(package).collection
    (note,) = [collection.get_note(id_) for id_ in collection.find_notes("Key:thaw")]
    note["Mechanism"] += ", mine"
    collection.update_note(note)
    collection.db.execute("update notes set mod = ? where id = ?", NOW + 150, note.id)
    git(folder, "switch", "-qc", "hotfix", "v1")
    (folder / "deck.yaml").write_text(FIVE.replace("of thaw", "of snow").replace("of rain", "of showers"))
    stamped, found = build(folder, NOW + 200)
    assert found == {}
    times = {name.key: stamped.lock.notes[name].modified - NOW for name in stamped.changed}
    assert times == {"thaw": 100, "rain": 200}
    anki_import(package, collection)
    assert collection.get_note(note.id)["Mechanism"].endswith(", mine")


def test_words_that_main_gave_up_again_are_new_in_a_hotfix(committed):
    """Else learners who have what main says since would keep it."""
    folder, _ = committed
    git(folder, "tag", "v1")
    for number, words in enumerate(("of snow", "of ice"), 1):
        (folder / "deck.yaml").write_text(FIVE.replace("of thaw", words))
        build(folder, NOW + 100 * number)
        git(folder, "commit", "-qam", "Release")
        git(folder, "tag", f"v{number + 1}")
    git(folder, "switch", "-qc", "hotfix", "v1")
    (folder / "deck.yaml").write_text(FIVE.replace("of thaw", "of snow"))
    stamped, _ = build(folder, NOW + 300)
    assert [stamped.lock.notes[name].modified - NOW for name in stamped.changed] == [300]


def test_each_part_of_what_is_remembered_of_a_note_is_filled_by_a_build_and_by_a_package(tmp_path):
    folder = full.write(tmp_path)
    stamped, _ = build(folder, NOW)
    lock, notes = stamped.lock, stamped.release.notes
    empty = {part.name for part in fields(Record) if not any(getattr(note, part.name) for note in lock.notes.values())}
    assert empty == {"retired"}, "stamp.py fills the others"
    former = load_package(folder.parent / "deck.apkg", show_foreign, with_media=False)
    kinds = {note_type.id: key for key, note_type in notes.note_types.items()}
    recovered = recover_lock(replace(lock, notes={}, note_types={}), former, notes, kinds)
    assert recovered.notes == lock.notes, (
        "recover.py takes them from the package, where archive.py remembers what no field or tag tells"
    )
    assert recovered.note_types == lock.note_types
