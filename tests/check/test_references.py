"""What an entry names must be there. If it has another key by now, the hint says which."""

import pytest
from conftest import NOW

from generator.workflows.check import check_folder

HEAD = """\
deck: Photography::Blur
id: blur-x7kq
finding: {name: Blur, effect: blur a picture}
"""
TREE = """\
categories:
  movement: {name: Movement, members: [moving-subject, camera-shake]}
  optics: {name: Optics, hallmark: {is: Light, from: [movement]}, versus: {movement: CONTRAST}}
""".replace("CONTRAST", "{on: what moves, here: Light, there: The camera}")
SUBJECT = """\
  moving-subject:
    cause: Moving subject
    category: movement
    mechanism: The image of a runner travels across the sensor while the shutter is open
"""
OTHERS = """\
  camera-shake:
    cause: Camera shake
    category: movement
    mechanism: The hand trembles, so that the whole image travels across the sensor
    versus:
      moving-subject: {on: what is sharp, here: Nothing, there: The background}
    see-also: moving-subject
  haze:
    cause: Haze
    category: optics
    also-in: movement
    mechanism: Droplets in the air scatter light on its long way
"""
DECK = f"{HEAD}{TREE}causes:\n{SUBJECT}{OTHERS}"


@pytest.fixture
def faults_of(build_deck):
    """`faults_of(text)`: what is wrong with the deck after an edit of the one that was built, as code and hint."""
    folder = build_deck(DECK).prepared.deck.folder

    def edit(text):
        (folder / "deck.yaml").write_text(text)
        return [(fault.code, fault.hint) for fault in check_folder(folder, NOW).diagnostics]

    return edit


def test_whatever_names_a_renamed_cause_is_told_its_new_key(faults_of):
    now = ("unknown-cause", "it is now `subject-motion`: write that here")
    renamed = SUBJECT.replace("moving-subject:\n", "subject-motion:\n    was: moving-subject\n")
    assert faults_of(DECK.replace(SUBJECT, renamed)) == [now] * 3
    twice = SUBJECT.replace("moving-subject:\n", "subject-motion:\n    was: [subject, moving-subject]\n")
    assert faults_of(DECK.replace(SUBJECT, twice)) == [now] * 3


def test_whatever_names_a_cause_that_may_have_a_new_key_is_told_how_to_rename_and_what_else_to_do(faults_of):
    gone = "`moving-subject` was in the last build and is gone"
    new = "write that here, and `was: moving-subject` in that entry; else remove this too"
    found = faults_of(DECK.replace(SUBJECT, SUBJECT.replace("moving-subject", "runner")))
    assert [hint for code, hint in found if code == "unknown-cause"] == [f"{gone}. If it has a new key, {new}"] * 3
    found = faults_of(DECK.replace(SUBJECT, ""))
    assert found == [("unknown-cause", f"{gone}: remove this too, or bring the cause back")] * 3


def test_whatever_names_a_category_that_was_renamed_or_moved_is_told_its_new_path(faults_of):
    renamed = DECK.replace("  movement: {name", "  travel: {was: movement, name")
    now = ("unknown-category", "it is now `travel`: write that here")
    assert faults_of(renamed) == [now] * 5
    moved = renamed.replace("  travel: {", "  hand: {name: Hand, children: {travel: {").replace("shake]}", "shake]}}}")
    there = ("unknown-category", "it is now `hand/travel`: write that here")
    sibling = ("unknown-category", "its siblings are `hand`")
    assert faults_of(moved) == [sibling, *[there] * 4]


def test_a_hallmark_that_names_no_sibling_is_refused(faults_of):
    assert faults_of(DECK.replace("from: [movement]", "from: [movment, optics]")) == [
        ("unknown-category", "did you mean `movement`?"),
        ("unknown-category", "its siblings are `movement`"),
    ]


@pytest.mark.parametrize(("review", "severity"), [
    ("{state: draft}", "warning"), ("{state: checked, by: A. Author, on: 2026-01-31}", "error"),
])  # fmt: skip
def test_an_entry_without_a_source_is_an_error_once_it_is_checked(review, severity, write_deck):
    works = {"sources.yaml": "references: [{id: ray, title: A work}]\n"}
    folder = write_deck(f"{DECK}    review: {review}\n", works)
    told = {d.message: d.severity for d in check_folder(folder, NOW).diagnostics if d.code == "no-source"}
    assert told["`haze` names no source"] == severity


@pytest.mark.parametrize(("written", "hint"), [
    ("cause: A [@ray2002]", "cite the source in another text of the entry, or under `sources`"),
    ("aka: A [@ray2002]", "cite the source in another text of the entry, or under `sources`"),
    ("clue: A [@ray2002, lord1999]", "write `[@ray2002; @lord1999]`"),
    ("clue: A [ray2002]", "write `[@ray2002]`"),
    ("examples: ['A [@ray2002]']", None),
])  # fmt: skip
def test_what_would_show_a_citation_as_written_is_told_how_to_cite(written, hint, write_deck):
    sources = "references: [{id: ray2002, title: A}, {id: lord1999, title: B}]\n"
    entry = "causes:\n  a:\n    cause: B\n    mechanism: It acts [@lord1999; @ray2002]\n"
    written = f"    {written}\n"
    deck = HEAD + (entry.replace("    cause: B\n", written) if "cause:" in written else entry + written)
    found = check_folder(write_deck(deck, {"sources.yaml": sources}), NOW).diagnostics
    assert [d.hint for d in found if d.code == "unread-citation"] == ([hint] if hint else [])
