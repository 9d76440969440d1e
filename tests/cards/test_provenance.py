"""From a card to its sources and reviewer and back, and packages of reviewed entries alone."""

import pytest
from conftest import NOW

from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress

DECK = """\
deck: Weather::Rain
finding: {name: Rain, effect: make it rain}
causes:
  fog: {cause: Fog, mechanism: "Air cools [@book, p. 3]", covers: C1, correction: E1, FOG}
  dew:
    {cause: Dew, mechanism: Grass cools the air, sources: [lore],
     versus: {fog: {on: place, here: It lies, there: It hangs}}, DEW}
"""
FILES = {
    "sources.yaml": "references:\n- {id: book, title: A book}\n- {id: lore, custom: {seen: general-knowledge}}",
    "syllabus.yaml": "claims: {C1: Fog is wet}\ncorrections: {E1: {says: Frogs, correct: 'No frogs [@book]'}}",
}
REVIEWED = "review: {state: reviewed, by: Ann, on: 2026-01-31}"


@pytest.fixture
def deck(write_deck):
    def write(fog="review: {state: draft}", dew="review: {state: draft}", name="rain"):
        return write_deck(DECK.replace("FOG", fog).replace("DEW", dew), FILES, name)

    return write


def build(folder, tmp_path):
    return build_package(folder, tmp_path / "out.apkg", NOW, no_progress, reviewed_only=True)


def test_a_card_leads_to_its_statement_its_source_its_claim_and_its_reviewer(deck, run_aetia):
    shown = run_aetia("why", "fog", "--deck", deck(fog=REVIEWED)).stdout
    assert "review: reviewed by Ann, 2026-01-31" in shown
    assert "mechanism.summary: Air cools [@book, p. 3]\n      book: A book. p. 3" in shown
    assert "covers C1: Fog is wet" in shown
    assert "corrects E1: Frogs\n      right: No frogs" in shown
    assert "cards: mechanism, contrast" in shown


def test_an_entry_without_a_source_says_so(deck, run_aetia):
    asked = "questions: {wet: {ask: 'What is wet in the morning?', answer: The grass}}"
    folder = deck(dew=asked)
    (folder / "deck.yaml").write_text(
        (folder / "deck.yaml").read_text() + "  mist: {cause: Mist, mechanism: It drifts}"
    )
    for key, said in (
        ("mist", ["  no source"]),
        ("wet", ["  no source of its own: see `dew`"]),
        ("fog", []),
        ("dew", []),
    ):
        shown = run_aetia("why", key, "--deck", folder).stdout
        assert [line for line in shown.splitlines() if "no source" in line] == said


def test_a_source_leads_to_every_card_that_rests_on_it(deck, run_aetia):
    folder = deck()
    assert (
        "fog (rain): mechanism.summary, correction E1" in run_aetia("why", "--source", "book", "--deck", folder).stdout
    )
    assert "dew (rain): sources" in run_aetia("why", "--source", "lore", "--deck", folder).stdout


def test_a_note_of_an_own_note_type_leads_to_the_sources_of_its_fields_and_back(deck, run_aetia):
    folder = deck()
    run_aetia("new", "notetype", "term", "--fields", "Term,name", cwd=folder)
    with (folder / "deck.yaml").open("a") as file:
        file.write("notes: {term: {mist: {Term: Mist, name: 'Thin fog [@book, p. 7]', deck: Terms}}}")
    shown = run_aetia("why", "mist", "--deck", folder).stdout
    assert "  name: Thin fog [@book, p. 7]\n      book: A book. p. 7\n" in shown
    assert "no source" not in shown
    assert "Terms" not in shown, "where its cards are is no statement"
    assert "  answer: Thin fog\n" in shown, "the mark of the citation is no part of the word"
    assert "term/mist (rain): name\n" in run_aetia("why", "--source", "book", "--deck", folder).stdout


def test_a_contrast_that_is_the_only_one_of_its_rival_has_no_key_in_its_place(deck, run_aetia):
    assert "versus.fog.here: It lies\n" in run_aetia("why", "dew", "--deck", deck()).stdout


def test_a_card_of_two_entries_is_shown_with_its_question_and_answer_before_these(deck, run_aetia):
    shown = run_aetia("why", "dew~fog", "--deck", deck()).stdout
    assert shown.startswith("contrast card: Dew or Fog: how do they differ as to place?\n  answer: Dew: It lies; Fog:")
    assert shown.index("answer:") < shown.index("dew: Dew") < shown.index("fog: Fog")
    assert " card:" not in run_aetia("why", "dew", "--deck", deck()).stdout, "its own texts say it"


def test_the_state_of_review_is_told_only_in_a_deck_that_has_reviews(deck, run_aetia):
    assert "review: draft" in run_aetia("why", "dew", "--deck", deck()).stdout
    assert "review:" not in run_aetia("why", "dew", "--deck", deck(fog="", dew="")).stdout
    assert "review: draft" in run_aetia("why", "dew", "--deck", deck(fog=REVIEWED, dew="")).stdout


def test_a_review_that_has_expired_says_so(deck, run_aetia):
    due = REVIEWED.replace("}", ", next: 2026-11-24}")
    for days, told in ((-1, "due again"), (0, "expired")):
        clock = {"SOURCE_DATE_EPOCH": str(NOW + days * 86400)}
        shown = run_aetia("why", "fog", "--deck", deck(fog=due), env=clock).stdout
        assert f"review: reviewed by Ann, 2026-01-31, {told} on 2026-11-24\n" in shown
        assert (days == 0) == ("stale-review" in run_aetia("check", deck(fog=due), env=clock).stderr)


@pytest.mark.parametrize(
    ("dates", "wrong"),
    [
        ("on: 2026-11-25", False),
        ("on: 2026-11-26", True),
        ("on: 2026-01-31, next: 2026-01-31", True),
        ("on: 2026-01-31, next: 2027-01-31", False),
    ],
)
def test_a_review_of_a_day_that_cannot_be_is_a_warning(deck, run_aetia, dates, wrong):
    folder = deck(fog=REVIEWED.replace("on: 2026-01-31", dates))
    told = run_aetia("check", folder, env={"SOURCE_DATE_EPOCH": str(NOW)}).stderr
    assert ("warning[impossible-review]" in told) == wrong
    assert "info[unbound-review]: without a `fingerprint`, an edit does not end the review of `fog`" in told


def test_a_wrong_name_is_a_wrong_use_with_a_suggestion(deck, run_aetia):
    folder = deck()
    for arguments, meant in (((("fogg",)), "fog"), (("--source", "bok"), "book")):
        result = run_aetia("why", *arguments, "--deck", folder)
        assert result.returncode == 2
        assert f"Did you mean `{meant}`?" in result.stderr


def test_the_number_that_anki_shows_of_a_card_leads_to_its_entry(deck, tmp_path, run_aetia):
    folder = deck()
    built, _ = build_package(folder, tmp_path / "out.apkg", NOW, no_progress)
    identity = built.prepared.stamped.release.identities["cause", "dew"]
    assert run_aetia("why", str(identity.id + 1), "--deck", folder).stdout.startswith("dew: Dew")


def test_the_number_on_paper_and_the_name_of_a_cause_lead_to_the_entry(deck, tmp_path, run_aetia):
    folder = deck()
    project = tmp_path / "project"
    run_aetia("print", "rain", "--only", "dew", "-o", "dew.pdf", cwd=project)
    run_aetia("print", "rain", "--done", "-o", "dew.pdf", cwd=project)
    (folder / "deck.yaml").write_text(
        (folder / "deck.yaml").read_text().replace("causes:", "causes:\n  air: {cause: Air, mechanism: It cools}")
    )
    keys = {asked: run_aetia("why", asked, "--deck", folder).stdout.partition(":")[0] for asked in ("№1", "2", "2·2")}
    assert keys == {"№1": "air", "2": "dew", "2·2": "dew"}, "the card on paper keeps its number"
    assert run_aetia("why", "DEW", "--deck", folder).stdout.startswith("dew: Dew")
    assert run_aetia("why", "99", "--deck", folder).returncode == 2


def test_why_says_of_a_card_that_the_author_gave_up_when_that_was(deck, tmp_path, run_aetia):
    folder = deck()
    build_package(folder, tmp_path / "out.apkg", NOW, no_progress)
    text = (folder / "deck.yaml").read_text()
    (folder / "deck.yaml").write_text(text[: text.index("  dew:")])
    build_package(folder, tmp_path / "out.apkg", NOW, no_progress, retire=True)
    done = run_aetia("why", "dew", "--deck", folder)
    assert done.returncode == 2
    assert "`dew` of rain was retired on 20" in done.stderr


def test_a_package_of_reviewed_entries_has_no_others_and_the_lock_forgets_none(deck, tmp_path):
    folder = deck(fog=REVIEWED)
    built, _ = build(folder, tmp_path)
    assert [(n.note_type, n.key) for n in built.prepared.stamped.release.notes.notes] == [("cause", "fog")]
    assert ("cause", "dew") in built.prepared.stamped.lock.notes
    assert built.prepared.stamped.lock.notes["cause", "dew"].retired is None
    assert ("contrast", "dew~fog") not in {(n.note_type, n.key) for n in built.prepared.stamped.release.notes.notes}


@pytest.mark.parametrize(
    ("fog", "code"),
    [
        ("review: {state: checked, by: Ann, on: 2026-01-31}", "nothing-reviewed"),
        ("review: {state: reviewed, on: 2026-01-31}", "incomplete-review"),
        ("review: {state: reviewed, by: Ann}", "incomplete-review"),
        ("review: {state: reviewed, by: Ann, on: 2020-01-31, next: 2021-01-31}", "nothing-reviewed"),
    ],
)
def test_a_package_of_reviewed_entries_fails_closed(deck, tmp_path, fog, code):
    folder = deck(fog=fog)
    built, findings = build(folder, tmp_path)
    assert built is None
    assert code in {diagnostic.code for diagnostic in findings.diagnostics}
    assert not (tmp_path / "out.apkg").exists()
    assert not (folder / "deck.lock").exists()


def test_a_review_that_rests_on_general_knowledge_alone_is_not_enough(deck, tmp_path):
    built, findings = build(deck(dew=REVIEWED), tmp_path)
    assert built is None
    assert "a source that was read" in findings.diagnostics[-1].message


def test_a_full_package_that_is_there_already_is_not_taken_for_the_reviewed_one(deck, tmp_path, run_aetia):
    folder, package = deck(fog=REVIEWED.replace(", on: 2026-01-31", "")), tmp_path / "out.apkg"
    assert run_aetia("build", folder, "-o", package).returncode == 0
    assert run_aetia("build", folder, "-o", package, "--reviewed-only").returncode == 1
