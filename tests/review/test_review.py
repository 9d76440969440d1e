"""A specialist who does not know git signs off a deck: marks come back as one file and end in the author's entries."""

import json

import pytest
import yaml
from conftest import NOW

from generator.load.deck import load_deck
from generator.load.marks import MAX_BYTES
from generator.model.notes import EntryRef, card_id
from generator.model.reviewed import fingerprint
from generator.project.edit import CannotEditError, InBraces, change_values
from generator.workflows.prepare import prepare

TODAY = "2026-11-24"
DECK = """\
# A deck with a comment here,
deck: Biology::Leaves
id: leaves
finding: {name: Yellow leaves, effect: turn leaves yellow}   # here,
categories:
  soil: {name: Soil, definition: What the roots find, listed: true}
  air: Air
causes:
  iron:
    cause: Lack of iron   # and here
    category: soil
    mechanism: Without the metal no chlorophyll is made
    clue: Young leaves go first, **veins stay green**
    # a comment on the question
    questions:
      first-leaves:
        ask: Which leaves go yellow first without iron?
        answer: The young ones   # last words

  cold: {cause: A cold night, category: air, mechanism: Enzymes work slowly below 10 °C}
  salt:
    cause: Salt
    category: soil
    mechanism: Roots cannot drink
    review: {state: checked, by: The author, on: 2026-01-31}  # kept
"""
SOURCES = "references: [{id: green, type: book, title: Leaves}]\n"
IRON, COLD, SALT = (EntryRef("causes", key) for key in ("iron", "cold", "salt"))
NAME = "Dr Ada Root"


def all_right(_):
    return "right"


def marks_on(folder, verdict=all_right, **changes):
    """What the page saves of a deck as it stands when its reader marks each card with a verdict, or not with None."""
    prepared, faults = prepare(folder, NOW)
    assert prepared, faults
    cards = [(card_id(note.id, card.ordinal), card) for note in prepared.release.notes.notes for card in note.cards]
    marks = [
        {"card": name, "kind": card.kind, "mark": verdict(card), "fingerprint": fingerprint(prepared.deck, card.entry),
         "remark": f"On {name}" if verdict(card) != "right" else ""}
        for name, card in cards if verdict(card)
    ]  # fmt: skip
    return {"aetia-review": 1, "deck": folder.name, "reader": NAME, "role": "Gardener", "marks": marks} | changes


@pytest.fixture
def take(run_aetia, tmp_path):
    """`take(folder, marks, *options)` runs `aetia review` on marks saved as a file."""

    def run(folder, marks, *options):
        file = tmp_path / "marks.json"
        file.write_text(marks if isinstance(marks, str) else json.dumps(marks, indent=1), encoding="utf-8")
        return run_aetia("review", file, folder, *options, env={"SOURCE_DATE_EPOCH": str(NOW)})

    return run


def test_a_page_is_not_the_file_of_marks_that_it_saves(write_deck, run_aetia, tmp_path):
    folder = write_deck(DECK)
    assert run_aetia("preview", folder, "--export", tmp_path / "deck.html").returncode == 0
    result = run_aetia("review", tmp_path / "deck.html", folder)
    assert (result.returncode, "Name the file that it saves" in " ".join(result.stderr.split())) == (2, True)


def test_marks_can_be_read_as_json(write_deck, take):
    folder = write_deck(DECK)
    marks = marks_on(folder, lambda card: "unclear" if card.kind == "clue" else "right")
    found = json.loads(take(folder, marks, "--format", "json").stdout)
    assert {fault["severity"] for fault in found} == {"warning"}


def reviews(folder):
    deck, faults = load_deck(folder)
    assert not faults
    return {ref: deck.entry(ref).review for ref in (IRON, COLD, SALT, EntryRef("categories", "soil"))}


def test_marks_are_told_at_the_lines_of_the_entries(write_deck, take):
    folder = write_deck(DECK)
    verdicts = {"clue": "wrong", "mechanism": "unclear"}
    result = take(folder, marks_on(folder, lambda card: verdicts.get(card.kind, "right")), "--format", "concise")
    assert result.returncode == 1, "a card that is wrong is an error in the content"
    told = [line.split(": ", 2) for line in result.stderr.splitlines() if "marked-" in line]
    assert [(place.rsplit("deck.yaml:")[1], code) for place, code, _ in told] == [
        ("12:16", "warning[marked-unclear]"), ("13:11", "error[marked-wrong]"), ("20:57", "warning[marked-unclear]"),
        ("24:16", "warning[marked-unclear]"),
    ]  # fmt: skip
    assert f"{NAME} marks the clue of `iron` wrong: On cause/iron/1" in result.stderr
    assert "marked 6 of 6 cards: 2 right, 3 unclear, 1 wrong" in result.stdout
    assert reviews(folder)[IRON].state == "draft"


def test_what_is_all_right_is_signed_in_its_place_and_all_else_stays(write_deck, take):
    folder = write_deck(DECK.replace("\n", "\r\n").encode("utf-8-sig"))
    result = take(folder, marks_on(folder), "--sign")
    assert result.returncode == 0, result.stderr
    assert f"5 entries signed by {NAME}" in result.stdout
    for review in reviews(folder).values():
        assert (review.state, review.by, review.role, str(review.on)) == ("reviewed", NAME, "Gardener", TODAY)
    raw = (folder / "deck.yaml").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    new, old = raw.decode("utf-8-sig").splitlines(), DECK.splitlines()
    changed = [line for line in new if line not in old]
    assert len(changed) == 5
    replaced = [line.split()[0] for line in old if line not in new]
    assert replaced == ["soil:", "cold:", "review:"], "others get a line of their own"
    assert changed[-1].startswith('    review: {state: reviewed, by: "Dr Ada Root"')
    assert changed[-1].endswith("  # kept")


def test_entries_that_name_no_source_are_told_before_they_are_signed(write_deck, take):
    folder = write_deck(DECK.replace("chlorophyll is made", "chlorophyll is made [@green]"), {"sources.yaml": SOURCES})
    told = "2 entries without a source, which a signed entry needs: `cold`, `salt`; "
    before = take(folder, marks_on(folder)).stdout
    assert before.index("5 entries can be signed") < before.index(told)
    assert told in take(folder, marks_on(folder), "--sign").stdout


def test_an_entry_with_a_card_that_is_doubted_or_unread_is_not_signed(write_deck, take):
    folder = write_deck(DECK)
    verdicts = {("iron", "clue"): "wrong", ("salt", "mechanism"): None}
    marks = marks_on(folder, lambda card: verdicts.get((card.entry.key, card.kind), "right"))
    result = take(folder, marks, "--sign")
    states = {ref.key: review.state for ref, review in reviews(folder).items()}
    assert states == {"iron": "draft", "cold": "reviewed", "salt": "checked", "soil": "reviewed"}
    assert "\n1 entry not to be signed, as a card is wrong or unclear: `iron`\n" in result.stdout
    assert "not to be signed, as a card has no mark: `" not in result.stdout, "nobody read any of its cards"
    assert "\n3 entries signed" in result.stdout
    assert (result.returncode, result.stdout.endswith("remain, so the exit code is 1\n")) == (1, True)


def test_an_entry_that_is_read_in_part_is_named(write_deck, take):
    folder = write_deck(DECK)
    result = take(folder, marks_on(folder, lambda card: "right" if card.kind == "mechanism" else None))
    assert "1 entry not to be signed, as a card has no mark: `iron`\n" in result.stdout


def test_a_text_that_was_edited_since_it_was_read_is_told_and_not_signed(write_deck, take):
    folder = write_deck(DECK)
    marks = marks_on(folder)
    (folder / "deck.yaml").write_text(DECK.replace("Enzymes work slowly", "Enzymes rest"))
    result = take(folder, marks, "--sign")
    assert "deck.yaml:22:3: warning[read-before-edit]: `cold` was edited since Dr Ada Root read it" in result.stderr
    assert {ref.key: r.state for ref, r in reviews(folder).items()}["cold"] == "draft"
    assert reviews(folder)[IRON].state == "reviewed"


EDITS = {
    "its words": ("A cold night", "A cold wind"),
    "its branch": ("A cold night, category: air", "A cold night, category: soil"),
    "the name of its branch": ("air: Air", "air: Wind"),
}
UNREAD = {
    "the key of its branch": ("air: Air", "wind: {name: Air, was: air}", "category: air", "category: wind"),
    "the key of another entry": ("  salt:\n", "  brine:\n    was: salt\n"),
    "a comment": ("# and here", "# and there"),
    "a tag": ("category: air,", "category: air, tags: [core],"),
    "the way it is written": ("{cause: A cold night,", "{cause: 'A cold night',"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_lets_the_review_lapse_by_itself(write_deck, take, run_aetia, edit):
    folder = write_deck(DECK)
    take(folder, marks_on(folder), "--sign")
    file = folder / "deck.yaml"
    signed = file.read_text()
    assert "lapsed-review" not in run_aetia("check", folder).stderr
    file.write_text(signed.replace(*EDITS[edit]))
    assert file.read_text() != signed
    assert reviews(folder)[COLD].state == "draft"
    assert reviews(folder)[IRON].state == "reviewed"
    told = run_aetia("check", folder).stderr
    assert "warning[lapsed-review]: `cold` was edited since Dr Ada Root read it" in told
    prepared, _ = prepare(folder, NOW)
    notes = {note.key: note for note in prepared.release.notes.notes}
    assert notes["cold"].unreviewed
    file.write_text(signed)
    assert reviews(folder)[COLD].state == "reviewed", "the text that was read holds again"


@pytest.mark.parametrize("edit", UNREAD)
def test_what_no_card_says_can_change_and_the_review_stays(write_deck, take, edit):
    folder = write_deck(DECK)
    take(folder, marks_on(folder), "--sign")
    signed = (folder / "deck.yaml").read_text()
    edited = signed
    for old, new in zip(UNREAD[edit][::2], UNREAD[edit][1::2], strict=True):
        edited = edited.replace(old, new)
    (folder / "deck.yaml").write_text(edited)
    assert (folder / "deck.yaml").read_text() != signed
    deck, _ = load_deck(folder)
    assert {entry.review.state for _, _, entry in deck.entries} == {"reviewed"}


ASKED = """\
deck: Biology::Leaves
finding: {name: Yellow leaves, effect: turn leaves yellow}
categories:
  soil: {name: Soil, listed: true, hallmark: {is: It is below, from: [air]}}
  air: Air
facets: {age: {name: Age, ask: Which leaves go first?, values: {old: Old ones, young: Young ones}}}
causes:
  iron:
    cause: Lack of iron
    category: soil
    mechanism: Without the metal no chlorophyll is made
    facets: {age: [young]}
    versus: {salt: {on: place, here: "Leaves", there: "Roots"}}
  salt: {cause: Salt, category: soil, mechanism: Roots cannot drink}
  cold: {cause: A cold night, category: air, mechanism: Enzymes work slowly}
questions:
  colour: {ask: What makes leaves green?, answer: Chlorophyll}
"""
IRON_AND_SOIL = {"iron", "soil"}
CAUSES = {"iron", "salt", "cold", "soil"}
TURNED = {
    "the effect, which the question about a mechanism asks for": ("effect: turn leaves", "effect: keep leaves", CAUSES),
    "the finding": ("name: Yellow leaves", "name: Brown leaves", CAUSES),
    "the question about a facet": ("Which leaves go first?", "Which leaves go last?", {"iron"}),
    "the name of a value of a facet": ("young: Young ones", "young: The youngest", {"iron"}),
    "the name of a rival": ("cause: Salt,", "cause: Sugar,", IRON_AND_SOIL | {"salt"}),
    "the rival": ("versus: {salt:", "versus: {cold:", {"iron"}),
    "the name of a sibling": ("air: Air", "air: Sky", {"soil", "cold"}),
    "the key of a rival": ("salt: {", "brine: {", set()),
    "the key of a facet": ("age:", "years:", set()),
}


@pytest.mark.parametrize("what", TURNED)
def test_the_fingerprint_holds_the_words_that_cards_ask_and_say_and_no_key(write_deck, what):
    def found(text):
        deck, faults = load_deck(write_deck(text))
        assert not faults
        refs = [EntryRef(kind, key) for kind, key, _ in deck.entries] + [EntryRef("categories", "soil")]
        return {ref.key: fingerprint(deck, ref) for ref in refs}

    old, new, lapsed = TURNED[what]
    text = ASKED.replace(old, new)
    assert text != ASKED
    before, after = found(ASKED), found(text)
    assert {key for key, now in after.items() if before.get(key, before["salt"]) != now} == lapsed


def test_a_new_member_lets_the_review_of_a_listed_branch_lapse(write_deck, take):
    folder = write_deck(DECK)
    take(folder, marks_on(folder), "--sign")
    with (folder / "deck.yaml").open("a") as file:
        file.write("  pot: {cause: A small pot, category: soil, mechanism: Roots fill it}\n")
    assert reviews(folder)[EntryRef("categories", "soil")].state == "draft"
    assert reviews(folder)[SALT].state == "reviewed"


def test_the_correction_and_the_picture_that_an_entry_names_are_part_of_its_text(write_deck):
    text = DECK.replace("  salt:\n", "  salt:\n    correction: c1\n    image: {file: pot.svg, alt: A pot}\n")
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} 9"><path d="M0 0h9"/></svg>'
    syllabus = "corrections: {{c1: {{says: Salt helps, correct: Salt {}}}}}\n"
    found = set()
    for width, words in (("9", "harms"), ("8", "harms"), ("9", "kills")):
        files = {"media/pot.svg": picture.format(width), "syllabus.yaml": syllabus.format(words)}
        deck, faults = load_deck(write_deck(text, files))
        assert not faults
        found.add(fingerprint(deck, SALT))
    assert len(found) == 3


def test_a_review_of_somebody_else_that_holds_is_left_alone(write_deck, take):
    folder = write_deck(DECK.replace("state: checked, by: The author, on: 2026-01-31", "state: reviewed, by: Other"))
    result = take(folder, marks_on(folder), "--sign")
    assert "1 entry left as signed by somebody else: `salt`\n" in result.stdout
    assert reviews(folder)[SALT].by == "Other"


def test_a_file_without_a_name_shows_and_does_not_sign(write_deck, take):
    folder = write_deck(DECK)
    marks = marks_on(folder, reader=None)
    assert take(folder, marks).returncode == 0
    result = take(folder, marks, "--sign")
    assert result.returncode == 2
    assert "names no reader" in result.stderr
    assert (folder / "deck.yaml").read_text() == DECK
    assert f"5 entries signed by {NAME}" in take(folder, marks, "--sign", "--by", f" {NAME}\n").stdout
    assert reviews(folder)[IRON].by == NAME


def test_the_author_cannot_sign_for_another_than_the_reader_whom_the_file_names(write_deck, take):
    folder = write_deck(DECK)
    result = take(folder, marks_on(folder), "--sign", "--by", "Somebody")
    assert (result.returncode, f"the review of {NAME}" in " ".join(result.stderr.split())) == (2, True)
    assert (folder / "deck.yaml").read_text() == DECK
    assert take(folder, marks_on(folder), "--sign", "--by", NAME).returncode == 0


def test_the_deck_is_found_by_the_name_in_the_file(write_deck, run_aetia, tmp_path):
    folder = write_deck(DECK)
    write_deck(DECK.replace("Leaves", "Roots").replace("id: leaves", "id: roots"), name="other")
    (tmp_path / "marks.json").write_text(json.dumps(marks_on(folder)))
    here = folder.parents[1]
    assert "deck: Dr Ada Root marked 6 of 6" in run_aetia("review", tmp_path / "marks.json", cwd=here).stdout
    (tmp_path / "marks.json").write_text(json.dumps(marks_on(folder, deck="../deck")))
    result = run_aetia("review", tmp_path / "marks.json", cwd=here)
    assert (result.returncode, "which is not here" in result.stderr) == (2, True)


HOSTILE = {
    "nothing": ("", "empty-file"),
    "no JSON": ("}{", "bad-yaml"),
    "a deck": (DECK, "missing-key"),
    "a list": ("[1, 2]", "wrong-type"),
    "deep": ("[" * 5000, "too-deep"),
    "deep and closed": ("[" * 300 + "]" * 300, "too-deep"),
    "aliases": ("a: &a [x, x]\nb: &b [*a, *a]\n", "missing-key"),
    "a later format": ('{"aetia-review": 2, "deck": "deck", "marks": []}', "bad-value"),
    "too large": (" " * (MAX_BYTES + 1), "file-too-large"),
    "a control character": ('{"aetia-review": 1, "deck": "a\\u001bb", "marks": []}', "bad-character"),
    "half a character": ('{"aetia-review": 1, "deck": "\\ud800", "marks": []}', "bad-yaml"),
    "a name of two lines": ('{"aetia-review": 1, "deck": "deck", "reader": "a\\nb", "marks": []}', "bad-value"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_is_not_a_review_is_refused_with_its_place(write_deck, take, what):
    text, code = HOSTILE[what]
    result = take(write_deck(DECK), text)
    assert result.returncode == 1
    assert "marks.json:" in result.stderr
    assert f"error[{code}]" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") < 20


@pytest.mark.parametrize("change", [
    {"remark": "x" * 2001}, {"mark": "right\n"}, {"fingerprint": "AAAA"}, {"card": 5}, {"card": "a\nb"},
    {"card": "cause/iron/1"},
])  # fmt: skip
def test_an_unknown_mark_is_refused(write_deck, take, change):
    folder = write_deck(DECK)
    marks = marks_on(folder)
    marks["marks"][2] |= change
    result = take(folder, marks, "--sign")
    assert result.returncode == 1
    assert "marks.json:" in result.stderr
    assert (folder / "deck.yaml").read_text() == DECK


MANY = {
    "marks": {"aetia-review": 1, "deck": "deck", "marks": [{}] * 19_999},
    "too many marks": {"aetia-review": 1, "deck": "deck", "marks": [{}] * 20_001},
    "keys": {f"k{number}": number for number in range(90_000)},
    "keys of a mark": {"aetia-review": 1, "deck": "deck", "marks": [{f"k{n}": 1 for n in range(90_000)}]},
}


@pytest.mark.slow
@pytest.mark.parametrize("what", MANY)
def test_thousands_of_faults_are_a_few_messages(write_deck, take, what):
    result = take(write_deck(DECK), json.dumps(MANY[what]))
    assert result.returncode == 1
    assert 0 < result.stderr.count("error[") < 10
    assert len(result.stderr) < 5000


def test_what_a_later_page_may_save_besides_is_passed_over(write_deck, take):
    folder = write_deck(DECK)
    marks = marks_on(folder, colour="red")
    marks["marks"][0]["seconds"] = 12
    assert take(folder, marks).returncode == 0


def test_a_name_that_is_yaml_stays_a_name(write_deck, take):
    folder = write_deck(DECK)
    name = 'Dr "}, state: x # \\u0041 {{c1::a}} <script>'
    assert take(folder, marks_on(folder, reader=name), "--sign").returncode == 0
    assert {review.by for review in reviews(folder).values()} == {name}


def test_release_notes_tell_of_a_signature_in_the_words_of_the_cards(write_deck, take, run_aetia, tmp_path):
    folder = write_deck(DECK)
    released = tmp_path / "v1.apkg"
    assert run_aetia("build", folder, "-o", released).returncode == 0
    take(folder, marks_on(folder, lambda card: "right" if card.entry == COLD else None), "--sign")
    told = run_aetia("diff", folder, "--against", released, "--format", "markdown").stdout
    assert "**A cold night**\n  - Reviewed: **2026-11-24, Dr Ada Root, Gardener**\n" in told
    assert "  - ~~Draft, not yet reviewed~~\n" in told
    assert "1~~" not in told


def test_marks_on_cards_that_are_gone_are_told_with_their_remark(write_deck, take):
    folder = write_deck(DECK)
    marks = marks_on(folder, lambda card: "wrong" if card.entry == COLD else "right")
    (folder / "deck.yaml").write_text(DECK.replace("  cold:", "  frost:"))
    result = take(folder, marks)
    assert "warning[unknown-card]: the card `cause/cold/2`, marked wrong, no longer exists" in result.stderr
    assert "On cause/cold/2" in result.stderr


def test_marks_on_an_entry_that_was_renamed_since_are_those_of_its_cards(write_deck, take):
    folder = write_deck(DECK)
    marks = marks_on(folder)
    (folder / "deck.yaml").write_text(DECK.replace("  cold: {", "  frost: {was: cold, "))
    result = take(folder, marks, "--sign")
    assert (result.returncode, "unknown-card" in result.stderr) == (0, False)
    assert load_deck(folder)[0].causes["frost"].review.by == NAME


def test_a_review_of_another_deck_is_not_taken(write_deck, take):
    folder = write_deck(DECK)
    marks = marks_on(folder, deck="roses")
    for mark in marks["marks"]:
        mark["card"] = f"x{mark['card']}"
    result = take(folder, marks)
    assert (result.returncode, "it is of the deck `roses`" in result.stderr) == (2, True)


REVIEW = {"state": "reviewed", "fingerprint": "aaaaaaaaaaaaaaaa"}
WRITTEN = {
    "a block": "causes:\n  a:\n    cause: A\n  b:\n    cause: B\n",
    "a text of several lines": "causes:\n  a:\n    cause: A\n    clue: |\n      One\n\n      two\n\n  b: {cause: B}\n",
    "braces": "causes: {a: {cause: A}, b: {cause: B}}\n",
    "braces over lines": "causes:\n  a: {\n    cause: A,  # one\n    clue: B,  # two\n  }\n",
    "a block review": "causes:\n  a:\n    review:\n      state: draft\n    cause: A\n",
    "no end of line": "causes:\n  a:\n    cause: A",
    "quotes": "'causes':\n  \"a\":\n    \"cause\": 'A'\n",
    "a comment at the end": "causes:\n  a:\n    cause: A # last\n    # after\n  # before b\n  b: {cause: B}\n",
    "a list at the end": "causes:\n  a:\n    cause: A\n    tags:\n    - x\n    - y\n",
    "letters of four bytes": "# 😀 ä\ncauses:\n  a:\n    cause: 😀\n    clue: ü  # ö\n",
}


def sign(text):
    return change_values(text, {("causes", "a", "review"): InBraces(REVIEW)}, short_for="name")


@pytest.mark.parametrize("how", WRITTEN)
def test_a_review_fits_into_an_entry_however_it_is_written(how):
    text = WRITTEN[how]
    signed = sign(text)
    before, after = yaml.safe_load(text), yaml.safe_load(signed)
    before["causes"]["a"]["review"] = REVIEW
    assert after == before
    lost = [line for line in text.splitlines() if line not in signed.splitlines()]
    assert len(lost) <= (3 if how == "a block review" else 1)
    assert all(comment in signed for line in text.splitlines() if (comment := line.partition("#")[2]))


@pytest.mark.parametrize("text", [
    "causes:\n  b: &x {cause: A}\n  a: *x\n",
    "causes:\n  a:\n    cause: A\n    review:\n      state: draft\n      # by hand\n      by: A\n",
    "causes:\n  a:\n    cause: A\n    clue: |+\n      One\n\n\n  b: {cause: B}\n",
    "causes:\n  b: {cause: B}\n",
    "",
])  # fmt: skip
def test_an_entry_that_cannot_take_a_review_is_left_alone(text):
    with pytest.raises(CannotEditError):
        sign(text)


def test_one_entry_that_cannot_take_its_review_does_not_hinder_others(write_deck, take):
    kept = "  pot:\n    cause: A small pot\n    mechanism: |+\n      Roots fill it\n\n\n"
    text = DECK.replace("  salt:\n", f"{kept}  salt:\n")
    folder = write_deck(text)
    result = take(folder, marks_on(folder), "--sign")
    assert result.returncode == 1
    assert result.stderr.count("error[cannot-sign]") == 1
    assert {review.state for review in reviews(folder).values()} == {"reviewed"}
