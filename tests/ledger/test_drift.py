"""What a package cannot undo is said before anything is written."""

import re
from dataclasses import replace

import pytest
from conftest import MINIMAL, NOW, commit

from generator.diagnostics import Severity
from generator.ledger.lock import read_lock, write_lock
from generator.resources import bundled
from generator.workflows.build import build_package
from generator.workflows.check import check_folder
from generator.workflows.prepare import no_progress

TREE = """\
deck: Rivers
finding: {name: Flood, effect: raise the river}
categories:
  rain:
    name: Rain
    children:
      short: {name: Short rain, ordered: true}
      long: Long rain
causes:
  drizzle: {cause: Drizzle, mechanism: The ground takes no more, category: rain/long}
"""
TREE += "".join(
    f"  {key}: {{cause: {key.title()} storm, mechanism: {key} water falls quickly, category: rain/short}}\n"
    for key in ("north", "south", "east", "west", "spring", "summer", "autumn", "winter")
)


def rebuild(folder, text, retire=False, now=NOW + 100):
    """Build an edited deck; return what was built and the diagnostics by code."""
    (folder / "deck.yaml").write_text(text)
    built, findings = build_package(folder, folder / "deck.apkg", now, no_progress, retire)
    return built, {diagnostic.code: diagnostic for diagnostic in findings.diagnostics}, findings.positions


@pytest.fixture
def built_tree(build_deck):
    return build_deck(TREE).prepared.deck.folder


def without(text, *keys):
    return "".join(line for line in text.splitlines(True) if not line.startswith(tuple(f"  {key}:" for key in keys)))


def test_lock_of_another_deck_is_refused(build_deck):
    folder = build_deck("id: one\n" + MINIMAL).prepared.deck.folder
    built, found, positions = rebuild(folder, "id: two\n" + MINIMAL)
    assert built is None
    assert positions[found["foreign-lock"].place].line == 1
    assert "`id: one`" in found["foreign-lock"].hint
    assert "delete its deck.lock" in found["foreign-lock"].hint
    assert read_lock(folder)[0].namespace == "one"


def test_id_that_is_written_later_must_be_the_one_in_the_lock(build_deck):
    folder = build_deck(MINIMAL).prepared.deck.folder
    namespace = read_lock(folder)[0].namespace
    assert "foreign-lock" in rebuild(folder, "id: two\n" + MINIMAL)[1]
    assert rebuild(folder, f"id: {namespace}\n" + MINIMAL)[1] == {}


def test_renamed_deck_keeps_every_identity_and_says_where_old_cards_stay(build_deck):
    folder = build_deck(MINIMAL).prepared.deck.folder
    before = read_lock(folder)[0]
    built, found, positions = rebuild(folder, MINIMAL.replace("deck: Medicine::", "deck: Doctor::"))
    assert built.lock.notes == before.notes
    assert found["deck-renamed"].severity is Severity.WARNING
    assert "cards that learners have stay there" in found["deck-renamed"].message
    assert positions[found["deck-renamed"].place].line == 1


def test_clock_that_is_behind_the_lock_is_told(build_deck):
    folder = build_deck(MINIMAL).prepared.deck.folder
    changed = MINIMAL.replace("lost", "wasted")
    assert rebuild(folder, MINIMAL, now=NOW - 90 * 86_400)[1] == {}
    _, found, _ = rebuild(folder, changed, now=NOW - 90 * 86_400)
    assert "90 days" in found["lock-ahead-of-clock"].message


SCHEMA = "../../templates/notetypes/cause/notetype.yaml"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("{fields: 6", "{fields: 5", "lost the field with id {old.fields[45]}"),
        ("{fields: 6", "{fields: 7", "gained the field `Spare 7`"),
        ("Clue, Mechanism", "Mechanism, Clue", "has its fields in another order"),
        ("[clue, mechanism", "[mechanism, clue", "has its card templates in another order"),
        ("cards: 3}", "cards: 2}", "lost the card template with id {old.cards[7]}"),
        ("\nfields:", "\nsort-field: Key\nfields:", "is sorted by another field"),
    ],
)
def test_changed_schema_of_a_projects_note_type_stops_the_build(write_deck, old, new, what):
    schema = (bundled("templates") / "notetypes/cause/notetype.yaml").read_text()
    folder = write_deck(MINIMAL, {SCHEMA: schema})
    assert rebuild(folder, MINIMAL, now=NOW)[0]
    before = read_lock(folder)[0].note_types["cause"]
    assert schema.count(old) == 1
    (folder / SCHEMA).write_text(schema.replace(old, new))
    built, found, _ = rebuild(folder, MINIMAL)
    assert built is None
    lock = folder / "deck.lock"
    lock.write_text("".join(line for line in lock.read_text().splitlines(True) if '"note-type": "cause"' not in line))
    assert rebuild(folder, MINIMAL)[0], "without its line the new schema is taken"
    after = read_lock(folder)[0].note_types["cause"]
    assert what.format(old=before, new=after) in found["note-type-changed"].message


def test_a_field_that_came_later_is_named_where_it_stands_with_the_spare_that_it_may_take(write_deck):
    file = "../../templates/notetypes/quote/notetype.yaml"
    schema = "name: Quote\nfields: [Quote, Who]\nfolded: [Key]\ncards: [quote]\nspares: {fields: 4}\n"
    blocks = "{% block front %}{{ field.Quote }}{% endblock %}{% block back %}{{ field.Who }}{% endblock %}"
    card = {"../../templates/notetypes/quote/quote.html": blocks}
    deck = "deck: A\nnotes: {quote: {scrap: {Quote: A scrap of paper, Who: Bethmann Hollweg}}}\n"
    folder = write_deck(deck, {file: schema, **card})
    assert rebuild(folder, deck, now=NOW)[0]
    (folder / file).write_text(schema.replace("Who]", "Who, When]"))
    built, found, positions = rebuild(folder, deck)
    told = found["note-type-changed"]
    assert built is None
    assert "the note type `quote` gained the field `When`" in told.message
    assert "write it last under `folded`, where the spare fields follow: `{name: When, was: Spare 1}`" in told.hint
    assert (told.place.file.name, positions[told.place].line, positions[told.place].column) == ("notetype.yaml", 2, 22)
    (folder / file).write_text(schema.replace("[Key]", "[Key, {name: When, was: Spare 1}]"))
    assert rebuild(folder, deck)[0]


def test_field_that_takes_the_place_of_a_spare_changes_no_schema(write_deck):
    schema = (bundled("templates") / "notetypes/cause/notetype.yaml").read_text()
    folder = write_deck(MINIMAL, {SCHEMA: schema})
    first, _, _ = rebuild(folder, MINIMAL, now=NOW)
    spare = next(field.name for field in first.release.notes.note_types["cause"].fields if field.spare)
    end = "]\ncards:"
    assert schema.count(end) == 1
    (folder / SCHEMA).write_text(schema.replace(end, f", {{name: Outlook, was: {spare}}}{end}"))
    built, found, _ = rebuild(folder, MINIMAL)
    assert found == {}
    assert "Outlook" in {field.name for field in built.release.notes.note_types["cause"].fields}
    assert built.lock.notes == first.lock.notes
    assert built.lock.note_types["cause"].modified == NOW + 100


def test_bundled_note_type_that_the_project_restyles_stays_the_learners_own(build_deck):
    first = build_deck(MINIMAL)
    folder = first.prepared.deck.folder
    own = folder / "../../templates/notetypes/cause/style.css"
    own.parent.mkdir(parents=True)
    own.write_text(".card { color: navy; }")
    built, found, _ = rebuild(folder, MINIMAL)
    assert found == {}
    assert built.lock.note_types["cause"].id == first.lock.note_types["cause"].id
    assert built.lock.notes == first.lock.notes
    assert built.lock.note_types["cause"].modified == NOW + 100


def test_note_type_under_another_id_than_learners_have_stops_the_build(build_deck):
    folder = build_deck(MINIMAL).prepared.deck.folder
    lock, _ = read_lock(folder)
    write_lock(folder, replace(lock, note_types={"cause": replace(lock.note_types["cause"], id=7)}))
    built, found, _ = rebuild(folder, MINIMAL)
    assert built is None
    assert "is a different one now" in found["note-type-changed"].message


def test_former_that_no_build_had_is_told_with_what_was_meant(build_deck):
    folder = build_deck(TREE).prepared.deck.folder
    text = TREE.replace("  north: {", "  polar: {was: norht, ")
    _, found, positions = rebuild(folder, text, retire=True)
    assert found["unknown-former"].hint == "did you mean `north`?"
    assert positions[found["unknown-former"].place].source.startswith("  polar: {was: norht")


def test_former_of_a_branch_without_a_note_is_taken_as_it_is_written(built_tree):
    text = TREE.replace("  rain:\n    name: Rain", "  water:\n    was: rain\n    name: Rain").replace("rain/", "water/")
    built, found, _ = rebuild(built_tree, text)
    assert found == {}
    assert built.prepared.stamped.added == built.prepared.stamped.retired == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("  siadh:\n", "  siadh:\n    was: thiazides\n", "former-still-there", 5),
        ("  siadh:\n", "  siadh:\n    was: [sdi, thiazides]\n", "former-still-there", 5),
        ("  siadh:\n", "  siadh:\n    was: siadh\n", "former-still-there", 5),
        (
            "  siadh:\n",
            "  adh: {cause: ADH, was: sdi, mechanism: None}\n  siadh:\n    was: sdi\n",
            "former-claimed-twice",
            6,
        ),
        (
            "causes:\n",
            "categories:\n  a: {name: A, children: {b: B}}\n  c: {name: C, was: a/b}\ncauses:\n",
            "former-still-there",
            5,
        ),
        (
            "causes:\n",
            "questions:\n  f: {ask: A?, answer: A, was: h}\n  g: {ask: A?, answer: A, was: h}\ncauses:\n",
            "former-claimed-twice",
            5,
        ),
    ],
)
def test_contradicting_formers_are_shown_where_they_stand(write_deck, old, new, code, line):
    findings = check_folder(write_deck(MINIMAL.replace(old, new, 1)))
    (fault,) = [diagnostic for diagnostic in findings.diagnostics if diagnostic.code == code]
    assert fault.severity is Severity.ERROR
    assert findings.positions[fault.place].line == line
    assert fault.related


GONE = ("north", "south", "east", "west", "spring")


def test_more_than_a_fifth_of_the_notes_does_not_retire_unasked(build_deck):
    more = TREE + "".join(
        f"  {key}: {{cause: {key.title()} rain, mechanism: {key} clouds burst over the hills, category: rain/long}}\n"
        for key in ("dawn", "noon", "dusk", "night")
    )
    folder = build_deck(more).prepared.deck.folder
    assert rebuild(folder, without(more, *GONE[:4]))[0], "four are seen at a glance"
    rebuild(folder, more)
    text = without(more, *GONE)
    built, found, _ = rebuild(folder, text)
    assert built is None
    assert re.search(r"[56] of \d+ notes would retire", found["mass-retirement"].message)
    for case in ("a file is missing", "`was: OLD-KEY`", "`--retire`"):
        assert case in found["mass-retirement"].hint
    built, found, _ = rebuild(folder, text, retire=True)
    assert found == {}
    assert {key for kind, key in built.prepared.stamped.retired if kind == "cause"} == set(GONE)


def test_half_of_a_small_deck_may_go_unasked(write_deck):
    causes = "".join(f"  {key}: {{cause: {key} wind, mechanism: {key} air flows}}\n" for key in "abcdefgh")
    text = "deck: D\nfinding: {name: F, effect: fall}\ncauses:\n" + causes
    folder = write_deck(text)
    assert rebuild(folder, text)[0]
    built, found, _ = rebuild(folder, without(text, *"abcdef"))
    assert built, found
    assert len(built.prepared.stamped.retired) == 6


def test_deck_whose_lock_git_never_had_may_lose_what_it_likes(build_deck):
    more = TREE + "".join(
        f"  {k}: {{cause: {k} rain, mechanism: {k} clouds burst}}\n" for k in ("dawn", "noon", "dusk")
    )
    folder = build_deck(more).prepared.deck.folder
    assert "mass-retirement" in rebuild(folder, without(more, *GONE))[1]
    commit(folder, "deck.yaml")
    assert "mass-retirement" not in rebuild(folder, without(more, *GONE))[1]


def test_same_content_under_a_new_key_is_pointed_out(built_tree):
    text = TREE.replace("  north: {", "  polar: {")
    built, found, positions = rebuild(built_tree, text)
    assert built is None
    fault = found["probable-rename"]
    assert "add `was: north`" in fault.hint
    assert positions[fault.place].source.startswith("  polar:")
    assert rebuild(built_tree, text.replace("polar: {", "polar: {was: north, "))[0].prepared.stamped.renamed == {
        ("cause", "polar"): ("cause", "north")
    }


def test_new_content_under_a_mended_key_is_pointed_out(built_tree):
    text = without(TREE, "autumn") + "  automn: {cause: Leaves, mechanism: They block the drain}\n"
    assert "add `was: autumn`" in rebuild(built_tree, text)[1]["probable-rename"].hint
    built, found, _ = rebuild(built_tree, text, retire=True)
    assert found == {}
    assert built.prepared.stamped.added == (("cause", "automn"),)


def test_another_entry_in_place_of_one_that_left_is_not_a_rename(built_tree):
    text = without(TREE, "autumn") + "  leaves: {cause: Leaves, mechanism: They block the drain}\n"
    built, found, _ = rebuild(built_tree, text)
    assert found == {}
    assert len(built.prepared.stamped.retired) == 1


def test_two_decks_of_one_name_need_an_id(write_deck):
    write_deck(MINIMAL, name="one")
    folder = write_deck(MINIMAL, name="two")
    (fault,) = [d for d in check_folder(folder).diagnostics if d.code != "no-id"]
    assert (fault.code, fault.severity, fault.place.keys) == ("shared-id", "warning", ("deck",))
    write_deck("id: two-1\n" + MINIMAL, name="two")
    assert not check_folder(folder).diagnostics
