"""`aetia rehearse` plays a release in a real Anki collection and says what it would do to a learner."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from shutil import rmtree

import pytest
from conftest import MINIMAL, NOW, commit

from generator.rehearsal.results import Rehearsal
from generator.report.rehearsal import show_rehearsal
from generator.resources import bundled
from generator.workflows.rehearse import rehearse_release

pytestmark = pytest.mark.slow
DECK = "id: salt-1\n" + MINIMAL
CHANGED = DECK.replace("Vasopressin acts despite low tonicity", "Vasopressin acts though tonicity is low")
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def release_elsewhere(build_deck, files=None):
    """A release of the deck whose folder, and the lock in it, is not at hand any more."""
    built = build_deck(DECK, files, name="old")
    rmtree(built.prepared.deck.folder)
    return built.package


def rehearse(folder, old, now=NOW + 86_400, seed=1):
    no_build_yet = folder / "deck.apkg"
    rehearsal, findings = rehearse_release(folder, no_build_yet, old, now, seed)
    assert rehearsal is not None, findings.diagnostics
    return rehearsal


def by_key(rehearsal):
    return {effect.key: effect for effect in rehearsal.effects}


def test_only_the_changed_note_takes_the_learners_words_and_tags_with_it(build_deck, write_deck):
    old = build_deck(DECK).package
    effects = by_key(rehearsal := rehearse(write_deck(CHANGED), old))
    assert (effects["siadh"].outcome, effects["thiazides"].outcome) == ("updated", "untouched")
    assert effects["siadh"].text_overwritten
    assert effects["siadh"].tags_lost
    assert not effects["thiazides"].harm
    assert (rehearsal.overwritten, rehearsal.conflicting, rehearsal.cards_changed) == (1, 0, 0)


def test_the_learner_edits_and_tags_every_note_answers_flags_suspends_and_moves_cards(build_deck, write_deck):
    more = "".join(f"  c{n}: {{cause: Cause {n}, mechanism: It works in way {n}}}\n" for n in range(30))
    old = build_deck(DECK + more).package
    deeds = rehearse(write_deck(DECK + more), old).deeds
    assert deeds["edited and tagged notes"] == 32
    assert all(deeds[deed] for deed in ("answers", "rescheduled cards", "flagged", "suspended", "moved to an own deck"))


def test_a_release_without_changes_harms_nothing(build_deck, write_deck):
    old = build_deck(DECK).package
    rehearsal = rehearse(write_deck(DECK), old)
    assert {effect.outcome for effect in rehearsal.effects} == {"untouched"}
    assert not any(effect.harm for effect in rehearsal.effects)


def test_new_and_retired_entries_are_named(build_deck, write_deck):
    old = build_deck(DECK).package
    effects = by_key(rehearse(write_deck(DECK.replace("thiazides:", "loop-diuretics:")), old))
    outcomes = {key: effect.outcome for key, effect in effects.items()}
    assert outcomes == {"siadh": "untouched", "loop-diuretics": "new", "thiazides": "retired"}
    assert effects["loop-diuretics"].new_cards == 1
    assert not effects["thiazides"].harm


def test_a_note_type_that_does_not_fit_puts_every_note_in_conflict(build_deck, write_deck):
    old = release_elsewhere(build_deck)
    schema = (bundled("templates") / "notetypes/cause/notetype.yaml").read_text("utf-8")
    schema = schema.replace("fields: 6", "fields: 7")
    rehearsal = rehearse(write_deck(DECK, {"../../templates/notetypes/cause/notetype.yaml": schema}, name="new"), old)
    assert rehearsal.conflicting == 2


def test_cards_that_stay_in_the_old_deck_are_counted_without_those_the_learner_moved(build_deck, write_deck):
    old = release_elsewhere(build_deck)
    rehearsal = rehearse(write_deck(DECK.replace("Medicine::Hyponatraemia", "Salt"), name="new"), old)
    left = sum(effect.cards_in_old_deck for effect in rehearsal.effects)
    assert left == 2 - rehearsal.deeds["moved to an own deck"]


def test_a_change_dated_before_the_learners_copy_is_reported_as_missed_with_its_media(build_deck, write_deck):
    old = release_elsewhere(build_deck)
    pictured = DECK.replace("    cause: SIADH\n", "    cause: SIADH\n    image: {file: map.svg, alt: A map}\n")
    folder = write_deck(pictured, {"media/map.svg": PICTURE}, name="new")
    effect = by_key(rehearse(folder, old, now=NOW - 86_400))["siadh"]
    assert effect.missed
    assert [name.startswith("map-") for name in effect.media_not_delivered] == [True]
    assert not by_key(rehearse(folder, old))["siadh"].media_not_delivered


def test_the_learners_css_is_reported_when_the_authors_replaces_it(build_deck, write_deck):
    def style(colour):
        return {"../../templates/notetypes/cause/style.css": f".card {{ color: {colour} }}"}

    old = build_deck(DECK, style("teal")).package
    assert not rehearse(write_deck(DECK, style("teal")), old).styles_overwritten
    assert rehearse(write_deck(DECK, style("olive")), old).styles_overwritten == ("Hyponatraemia · Cause",)


def test_cards_that_lose_their_text_are_counted_as_blank(build_deck, write_deck):
    clue = DECK.replace("    cause: SIADH\n", "    cause: SIADH\n    clue: Low sodium after surgery\n")
    old = build_deck(clue).package
    assert by_key(rehearse(write_deck(DECK), old))["siadh"].blank_cards == 1


def test_the_same_seed_gives_the_same_report(build_deck, write_deck):
    old = build_deck(DECK).package
    folder = write_deck(CHANGED)
    assert rehearse(folder, old, seed=7) == rehearse(folder, old, seed=7)


def test_nothing_of_the_authors_is_written(build_deck, write_deck):
    old = build_deck(DECK).package
    folder = write_deck(CHANGED)
    project = folder.parent.parent
    files = {file: file.read_bytes() for file in project.rglob("*") if file.is_file()}
    rehearse(folder, old)
    assert {file: file.read_bytes() for file in project.rglob("*") if file.is_file()} == files


def test_the_command_fails_over_budget_and_writes_json(write_deck, run_aetia):
    project = write_deck(DECK).parent.parent
    assert run_aetia("build", cwd=project, env={"SOURCE_DATE_EPOCH": str(NOW)}).returncode == 0
    write_deck(CHANGED)
    within = run_aetia("rehearse", "deck", "--budget", "1", cwd=project)
    assert within.returncode == 0, within.stderr
    assert "1 updated" in within.stdout
    assert "1 overwritten, within the budget of 1" in within.stdout
    assert "siadh (Hyponatraemia · Cause)  updated" in within.stdout
    over = run_aetia("rehearse", "--budget", "0", "--format", "json", cwd=project)
    assert over.returncode == 1
    report = json.loads(over.stdout)["deck"]
    assert Counter(effect["outcome"] for effect in report["effects"]) == {"updated": 1, "untouched": 1}
    assert report["overwritten"] == 1


@pytest.mark.parametrize("content", [b"not a zip", b""])
def test_a_file_that_is_not_a_package_is_a_diagnostic(write_deck, run_aetia, tmp_path, content):
    wrong = tmp_path / "wrong.apkg"
    wrong.write_bytes(content)
    result = run_aetia("rehearse", write_deck(DECK), "--against", wrong)
    assert result.returncode == 1
    assert "foreign-package" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_card_template_that_anki_refuses_is_a_diagnostic(write_deck, build_deck, run_aetia):
    """Anki imports it, and refuses it when a learner changes the css."""
    files = {
        "notetype.yaml": "name: Place\nmarkup: anki\nfields: [Place, Where]\ncards: [where]\n",
        "where.front.html": "{{Place}}",
        "where.back.html": "{{FrontSide}}<hr id=answer>{{Were}}",
    }
    templates = {f"../../templates/notetypes/place/{name}": text for name, text in files.items()}
    folder = write_deck(DECK + "notes: {place: {nile: {Place: Nile, Where: Africa}}}\n", templates)
    result = run_aetia("rehearse", folder, "--against", build_deck(folder).package)
    assert result.returncode == 1
    assert "foreign-package" in result.stderr
    assert "Card template" in result.stderr
    assert "Were" in result.stderr
    assert "<br>" not in result.stderr
    assert "Traceback" not in result.stderr


def test_a_git_revision_is_rehearsed_as_it_was(write_deck, run_aetia):
    project = write_deck(DECK).parent.parent
    commit(project, "decks", tag="v0")
    run_aetia("build", cwd=project, env={"SOURCE_DATE_EPOCH": str(NOW)})
    commit(project, "decks/deck/deck.lock")
    write_deck(CHANGED)
    run_aetia("build", cwd=project, env={"SOURCE_DATE_EPOCH": str(NOW + 60)})
    built = run_aetia("rehearse", cwd=project).stdout
    assert "2 untouched" in built
    asks = "No note changed since that build. To rehearse from the last release that learners have, name its git tag"
    assert built.splitlines()[2] == asks
    assert ", the last build, to the deck as it is now" in built.splitlines()[0]
    against = run_aetia("rehearse", "--against", "HEAD", cwd=project)
    assert asks not in against.stdout
    assert against.returncode == 0, against.stderr
    assert "1 updated" in against.stdout
    unknown = run_aetia("rehearse", "--against", "v0", cwd=project)
    assert unknown.returncode == 2
    assert "there was no deck.lock" in unknown.stderr
    assert run_aetia("rehearse", "--against", "v9", cwd=project).returncode == 2


def test_what_no_package_can_undo_is_told_and_played(write_deck, build_deck, run_aetia):
    file = "notetypes/cause/notetype.yaml"
    schema = (bundled("templates") / file).read_text("utf-8").replace("fields: 6", "fields: 7")
    old = build_deck(DECK).package
    result = run_aetia("rehearse", write_deck(DECK, {f"../../templates/{file}": schema}), "--against", old)
    assert result.returncode == 1
    assert "note-type-changed" in result.stderr
    assert "2 conflicting" in result.stdout


def test_without_a_last_build_the_command_says_what_to_do(write_deck, run_aetia):
    result = run_aetia("rehearse", write_deck(DECK))
    assert result.returncode == 2
    assert "Build the deck first" in result.stderr


def test_without_ankis_library_the_command_says_how_to_install_it():
    code = (
        "import sys; sys.modules['anki'] = None; from generator.cli.main import main; main(['rehearse', 'leukopenia'])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "aetia[anki]" in result.stderr


MONTHS_AGO = NOW - 90 * 86_400
"""Long before any import of a test, which has the machine's time."""


def visits(rehearsal):
    return {visit.habit: visit for visit in rehearsal.visits}


def rehearse_old_change(build_deck, write_deck):
    old = build_deck(DECK, now=MONTHS_AGO).package
    return rehearse(write_deck(CHANGED), old, now=MONTHS_AGO + 86_400)


@pytest.mark.parametrize(("habit", "missed_when_merged"), [("added a field", 1), ("added a card type", 0)])
def test_a_learner_who_added_to_a_note_type_has_conflicts_and_is_told_whether_merging_helps(
    build_deck, write_deck, habit, missed_when_merged
):
    visit = visits(rehearse_old_change(build_deck, write_deck))[habit]
    assert (visit.updated, visit.conflicting, visit.missed, visit.cards_changed) == (0, 2, 1, 0)
    assert visit.merged == missed_when_merged


@pytest.mark.parametrize("habit", ["got leeches", "imported late with Anki up to 24.11"])
def test_a_learner_whose_notes_are_newer_misses_the_change(build_deck, write_deck, habit):
    visit = visits(rehearse_old_change(build_deck, write_deck))[habit]
    assert (visit.updated, visit.conflicting, visit.missed, visit.cards_changed) == (0, 0, 1, 0)


def test_a_learner_who_took_the_last_build_as_well_gets_what_one_who_skipped_it_gets(build_deck, write_deck):
    first = build_deck(DECK, now=MONTHS_AGO).package
    skipped = first.rename(first.with_name("first.apkg"))
    last = build_deck(CHANGED, now=MONTHS_AGO + 86_400).package
    folder = write_deck(CHANGED.replace("Salt is lost", "Sodium is lost"))
    rehearsal, _ = rehearse_release(folder, last, skipped, MONTHS_AGO + 2 * 86_400, 1)
    assert Counter(effect.outcome for effect in rehearsal.effects) == {"updated": 2}
    visit = visits(rehearsal)["took the last build as well"]
    assert (visit.updated, visit.conflicting, visit.missed) == (1, 0, 0)
    assert "took the last build as well" not in visits(rehearse(folder, last))


def test_the_report_says_in_sentences_what_becomes_of_each_learner(write_deck, run_aetia):
    project = write_deck(DECK).parent.parent
    run_aetia("build", cwd=project, env={"SOURCE_DATE_EPOCH": str(MONTHS_AGO)})
    write_deck(CHANGED + "style: {font: Georgia}\n")
    said = run_aetia("rehearse", cwd=project, env={"SOURCE_DATE_EPOCH": str(MONTHS_AGO + 60)}).stdout
    assert "The new look of the note type Hyponatraemia · Cause replaces the learner's own css." in said
    assert said.splitlines()[1] == "Learners keep all their reviews, but lose any words of their own on 1 of 2 notes."
    assert "  added a field: 2 notes in conflict, so Anki takes nothing of the release for them." in said
    assert (
        "  got leeches or imported late with Anki up to 24.11: 1 change does not arrive, because the learner's note is "
        "newer; `update.txt` brings it.\n"
    ) in said, "what becomes of both is said once"
    assert "all 2 cards kept with reviews, due dates, flags and decks" in said
    assert said.count("`aetia build --text` makes the file `update.txt`.") == 1


def test_the_report_says_of_lost_cards_not_that_all_is_kept(capsys):
    kept = Rehearsal((), {}, cards=5, cards_changed=0, styles_overwritten=())
    for rehearsal in (kept, replace(kept, cards_changed=1)):
        show_rehearsal(rehearsal, "old.apkg", None)
    said = capsys.readouterr().out
    assert said.count("all 5 cards kept") == said.count("Learners keep all their reviews and all that they wrote") == 1
    assert "Learners lose the schedule, flag, suspension or deck of 1 card." in said
