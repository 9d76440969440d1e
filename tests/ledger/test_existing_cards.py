"""A card that learners have stays until its own words go; what a release empties is counted."""

import json

import pytest
from conftest import NOW

from generator.workflows.check import check_folder
from generator.workflows.prepare import prepare

HEAD = {"deck": "Rivers", "id": "rivers-1", "finding": {"name": "Flood", "effect": "raise the river"}}
LETTERS = ("Thaw", "Ice jam", "Spring tide", "Broken dam", "Felled forest", "Cloudburst", "Landslide", "Storm surge")


def deck(cause=None, **settings):
    thaw = {"cause": "Melting of snow", "mechanism": "Warm wind frees the water of a whole winter", **(cause or {})}
    return json.dumps({**HEAD, "causes": {"thaw": thaw}, **settings})


def asked(built):
    """The kinds of the cards of a build with what each is about."""
    return {(card.kind, card.cue or card.ask) for note in built.release.notes.notes for card in note.cards}


def withheld(text, folder):
    """The kinds that a first build of a deck withholds."""
    (folder / "deck.yaml").write_text(text)
    (folder / "deck.lock").unlink()
    prepared, _ = prepare(folder, NOW)
    return [card.kind for card in prepared.release.notes.withheld]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ({"examples": [{"name": "Foehn", "classic": True}]}, "example"),
        ({"clue": "The **foehn** blows, and the brooks swell"}, "clue"),
        ({"mechanism": "The foehn frees the water of a whole winter", "cards": {"add": ["reverse"]}}, "reverse"),
    ],
)
def test_card_that_begins_to_leak_stays_once_learners_have_it_and_is_warned_of(build_deck, field, kind):
    first = build_deck(deck(field))
    leaking = deck({**field, "aka": ["Foehn"]})
    second = build_deck(leaking, now=NOW + 100)
    assert {card for card in asked(second) if card[0] == kind} == {card for card in asked(first) if card[0] == kind}
    assert kind in {card[0] for card in asked(second)}
    assert second.prepared.stamped.emptied == {}
    assert kind not in [card.kind for card in second.release.notes.withheld]
    folder = second.prepared.deck.folder
    (told,) = [found for found in check_folder(folder, NOW).diagnostics if found.code == "answer-leaked"]
    assert told.message.startswith(f"learners have this `{kind}` card, so it stays, but the ")
    assert told.severity == "warning"
    assert kind in withheld(leaking, folder), "nobody has it, so it is not made"


def test_first_check_whose_entry_loses_its_review_stays_with_the_mark_of_a_draft(build_deck):
    """Taken away, it would stay with learners as it was, and say for ever that it was reviewed."""
    check = {"first-check": "The gauge upstream", "cards": {"add": ["check"]}}
    build_deck(deck({**check, "review": {"state": "reviewed", "by": "A. Reader", "on": "2026-01-31"}}))
    draft = deck({**check, "first-check": "The gauge at the weir", "review": {"state": "draft"}})
    second = build_deck(draft, now=NOW + 100)
    assert "check" in {kind for kind, _ in asked(second)}
    assert second.prepared.stamped.retired == ()
    (note,) = [note for note in second.release.notes.notes if note.key == "thaw/check"]
    names = [field.name for field in second.release.notes.note_types["detail"].fields]
    assert dict(zip(names, note.fields, strict=True))["Draft"] == "1"
    assert "check" in withheld(draft, second.prepared.deck.folder), "nobody has it, so it is not made"


def test_card_of_a_kind_for_reviewed_entries_stays_when_the_review_goes(build_deck):
    onset = {"time-course": {"onset": "In March"}, "cards": {"add": ["onset"]}}
    reviewed = {"review": {"state": "reviewed", "by": "A. Reader", "on": "2026-01-31"}}
    build_deck(deck({**onset, **reviewed}, cards={"if-reviewed": ["onset"]}))
    second = build_deck(deck(onset, cards={"if-reviewed": ["onset"]}), now=NOW + 100)
    assert "onset" in {kind for kind, _ in asked(second)}
    assert second.prepared.stamped.retired == ()


def test_card_that_begins_to_leak_stays_through_a_rename(build_deck):
    field = {"examples": [{"name": "Foehn", "classic": True}], "aka": []}
    build_deck(deck(field))
    renamed = json.loads(deck({**field, "aka": ["Foehn"], "was": ["thaw"]}))
    renamed["causes"] = {"melting": renamed["causes"]["thaw"]}
    second = build_deck(json.dumps(renamed), now=NOW + 100)
    assert "example" in {card[0] for card in asked(second)}
    assert second.prepared.stamped.emptied == {}


def listed(count, **cards):
    names = {name.casefold().replace(" ", "-"): name for name in LETTERS[:count]}
    return json.dumps({**HEAD, "finding": {**HEAD["finding"], "listed": True}, "categories": names, "cards": cards})


@pytest.mark.parametrize(
    ("cards", "kinds"),
    [
        ({}, {"list"}),
        ({"add": ["blanks"]}, {"list", "blanks"}),
        ({"add": ["blanks"], "skip": ["list"]}, {"blanks"}),
    ],
)
def test_list_that_grows_beyond_what_one_card_asks_for_keeps_its_cards(build_deck, cards, kinds):
    first = build_deck(listed(7, **cards))
    second = build_deck(listed(8, **cards), now=NOW + 100)
    assert {kind for kind, _ in asked(first)} == {kind for kind, _ in asked(second)} == kinds
    assert second.prepared.stamped.retired == second.prepared.stamped.added == ()
    assert second.prepared.stamped.emptied == {}
    assert withheld(listed(8, **cards), second.prepared.deck.folder) == sorted(kinds, reverse=True)


def test_blanks_of_a_list_that_shrinks_keep_the_cards_of_the_members_that_stay(build_deck):
    build_deck(listed(3, add=["blanks"]))
    second = build_deck(listed(2, add=["blanks"]), now=NOW + 100)
    assert second.prepared.stamped.retired == ()
    assert second.prepared.stamped.emptied == {("list", "//blanks"): (2,)}


STEPS = ("Wind warms", "Snow melts", "Brooks swell", "Rivers rise", "Dykes leak", "Fields drown", "Houses stand in it")


def steps(*parts):
    return deck({"mechanism": {"summary": "Snow becomes water", "steps": parts}, "cards": {"add": ["steps"]}})


def test_steps_that_grow_too_many_keep_their_cards_also_without_the_first(build_deck):
    build_deck(steps(*STEPS[:5]))
    build_deck(steps(*STEPS[1:6]), now=NOW + 100)
    third = build_deck(steps("Foehn comes", *STEPS[1:]), now=NOW + 200)
    assert sum(kind == "steps" for kind, _ in asked(third)) == 7
    assert third.prepared.stamped.emptied == {}


def test_common_card_stays_when_one_of_its_causes_leaves(build_deck):
    def common(count):
        causes = {
            name.casefold().replace(" ", "-"): {"cause": name, "mechanism": "Water comes", "category": "sky"}
            for name in LETTERS[:count]
        }
        category = {"name": "Weather", "definition": "Water that falls from above"}
        return json.dumps({**HEAD, "categories": {"sky": category}, "causes": causes, "cards": {"add": ["common"]}})

    build_deck(common(3))
    second = build_deck(common(2), now=NOW + 100)
    assert "common" in {kind for kind, _ in asked(second)}
    assert second.prepared.stamped.retired == (("cause", "spring-tide"),)


def test_build_says_how_many_cards_it_empties_and_what_removes_them(run_aetia, write_deck):
    """`diff`, asked before each build, says it in the same words."""
    full = {"clue": "Brooks swell in the first warm week", "examples": [{"name": "Foehn", "classic": True}]}

    def said(text, *options):
        folder = write_deck(text)
        command = ("build", folder, "-o", "rivers.apkg", *options)
        told = run_aetia("diff", folder, "--against", "rivers.apkg") if (folder / "deck.lock").exists() else None
        done = run_aetia(*command)
        assert done.returncode == 0, done.stderr
        lines, before = ([line.strip() for line in run.stdout.splitlines() if "Empty Cards" in line]
                         for run in (done, told or done))  # fmt: skip
        assert lines == before
        return lines

    assert said(deck(full)) == []
    assert said(deck(full, cards={"skip": ["clue", "example"]})) == [
        "2 cards that learners have are now empty; Tools > Empty Cards in Anki removes them"
    ]
    assert said(deck(full)) == []
    assert said(deck({**full, "clue": None})) == [
        "1 card that learners have is now empty; Tools > Empty Cards in Anki removes it"
    ]
