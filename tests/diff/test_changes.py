"""What differs between two releases: found by the ledger, told as text, as release notes and as JSON."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from generator.changes.changelog import Changelog, Corrected, Kind, NoteTypeChange
from generator.changes.compare import compare, mark_words
from generator.changes.data import changes_json
from generator.changes.markdown import release_notes
from generator.changes.page import changes_page
from generator.changes.text import format_changes, format_outline
from generator.model.notes import (
    CardTemplate,
    EarlierRelease,
    Faces,
    Identity,
    Note,
    NoteField,
    NoteSet,
    NoteType,
    Release,
)
from generator.resources import bundled
from generator.text.html import visible_text

EXPECTED = Path(__file__).parent / "expected"
"""What the formats looked like when a person last read them; a changed form is written over by hand."""

OUTAGE = NoteType(
    key="outage", name="Outage", id=1, cloze=False,
    fields=tuple(NoteField(name, i) for i, name in enumerate(("Cause", "Key", "Mechanism", "Place"), 10)),
    templates=(CardTemplate("mechanism", 20, "{{Cause}}", "{{Mechanism}}"),
               CardTemplate("reverse", 21, "{{Mechanism}}", "{{Cause}}")),
    css=".card {}", sort_field=0,
)  # fmt: skip


def note(key: str, mechanism: str, place: str = "Network", cards: tuple[int, ...] = (0, 1)) -> Note:
    tag = f"outage::{place.casefold()}"
    return Note(key, "outage", (key.capitalize(), key, mechanism, place), (tag,), cards, {})


def release(*notes: tuple[str, int, Note], note_type: NoteType = OUTAGE, deck: str = "Outage") -> Release:
    """A release of notes, each with its guid and time."""
    notes_only = tuple(n for _, _, n in notes)
    identities = {n.id: Identity(guid, 1000, modified) for guid, modified, n in notes}
    note_set = NoteSet(
        deck=deck, description="", note_types={"outage": note_type}, notes=notes_only, media=(), withheld=(), tree={},
        renamed={}, show=lambda *_: Faces("", "", ""),
    )  # fmt: skip
    return Release(note_set, identities, {"outage": 1000})


OLD = release(
    ("a", 100, note("dns", "Names are resolved by <b>one</b> server; when it is slow every call waits for it")),
    ("b", 100, note("disk", "The log fills the volume and writes fail", "Storage")),
    ("c", 100, note("lease", "Two leaders write at the same time", "Storage")),
    ("d", 100, note("retry", "Clients retry at once")),
    ("e", 100, note("clock", "Certificates seem expired")),
    ("f", 100, note("bgp", "A route leaks")),
)
NEW = release(
    ("a", 200, note("dns", "Names are resolved by <b>one</b> server; when it is overloaded every call waits for it")),
    ("b", 200, note("volume", "The log fills the volume and writes fail", "Storage")),
    ("c", 200, note("lease", "Two leaders write at the same time", "Network")),
    ("d", 200, note("retry", "Clients retry *at once* &amp; together", cards=(0,))),
    ("e", 100, note("clock", "Certificates seem expired")),
    ("g", 200, note("cache", "An empty cache sends every read to the store")),
    ("h", 200, note("quota", "A limit is reached that nobody watches")),
    note_type=replace(OUTAGE, css=".card {color: red}", fields=(*OUTAGE.fields[:2], NoteField("How", 12),
                                                                 OUTAGE.fields[3])),
)  # fmt: skip
CORRECTIONS = {"retry": Corrected("K1", "Retries *help*", "Retries without delay multiply the load")}


@pytest.fixture
def changes() -> Changelog:
    return compare(EarlierRelease(OLD, "v1", frozenset({"h"})), NEW, CORRECTIONS)


def test_every_kind_of_change_is_told_apart_and_counted_once(changes):
    kinds = {entry.key: entry.kind for entry in changes.entries}
    assert kinds == {
        "dns": Kind.CHANGED, "volume": Kind.RENAMED, "lease": Kind.MOVED, "retry": Kind.CHANGED, "cache": Kind.ADDED,
        "quota": Kind.RETURNED, "bgp": Kind.RETIRED,
    }  # fmt: skip
    assert changes.summary == "2 changed, 1 new, 1 renamed, 1 moved, 1 returned, 1 retired, 1 untouched"


def test_the_effect_counts_the_notes_whose_time_is_newer_as_overwritten(changes):
    assert (changes.effect.new, changes.effect.updated, changes.effect.untouched) == (1, 5, 1)
    assert (changes.effect.undelivered, changes.effect.conflicting, changes.effect.emptied) == (0, 0, 1)


def test_a_change_without_a_newer_time_is_told_as_one_that_anki_does_not_take():
    new = release(("a", 100, note("dns", "Something else")))
    assert compare(EarlierRelease(OLD, "v1"), new, {}).effect.undelivered == 1


def test_without_known_times_other_content_counts_as_overwritten():
    new = release(("a", 50, note("dns", "Something else")), ("e", 900, note("clock", "Certificates seem expired")))
    effect = compare(EarlierRelease(OLD, "v1", timed=False), new, {}).effect
    assert (effect.updated, effect.untouched, effect.undelivered) == (1, 1, 0)


def test_a_note_type_with_another_field_puts_every_note_in_conflict():
    wider = replace(OUTAGE, fields=(*OUTAGE.fields, NoteField("Pearl", 99)))
    first = note("dns", "Slow")
    grown = replace(first, fields=(*first.fields, "A pearl"))
    changes = compare(EarlierRelease(release(("a", 1, first)), "v1"), release(("a", 2, grown), note_type=wider), {})
    assert changes.effect.conflicting == 1
    assert [(item.parts, item.matches) for item in changes.note_types] == [(("field Pearl added",), False)]


@pytest.mark.parametrize(("changed", "cards", "said"), [
    ((0, 1), (0, 1), [("the look of all cards",)]),
    ((0,), (0, 1), [("card mechanism",)]),
    ((0, 1), (0,), [("card mechanism",)]),
    ((1,), (0,), []),
])  # fmt: skip
def test_a_new_look_is_told_of_the_cards_that_are_made_and_of_no_others(changed, cards, said):
    restyled = (replace(t, front=f"<b>{t.front}</b>") if n in changed else t for n, t in enumerate(OUTAGE.templates))
    new = release(("a", 1, note("dns", "Slow", cards=cards)), note_type=replace(OUTAGE, templates=tuple(restyled)))
    changes = compare(EarlierRelease(release(("a", 1, note("dns", "Slow", cards=cards))), "v1"), new, {})
    assert [item.parts for item in changes.note_types] == said


def test_a_field_that_was_renamed_is_the_same_field(changes):
    (words,) = (field.words for entry in changes.entries if entry.key == "dns" for field in entry.fields)
    assert [span.text for span in words if span.mark != "="] == ["slow", "overloaded"]


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("one two three", "one 2 three", "one [-two-]{+2+} three"),
        ("a b c d", "a x y d", "a [-b c-]{+x y+} d"),
        ("<b>bold</b> move", "bold move", "[-<b>-]bold[-</b>-] move"),
        ("", "new text", "{+new text+}"),
        ("old", "", "[-old-]"),
        ("x<br>y &amp; z", "x<br>y &amp; q", "x / y & [-z-]{+q+}"),
        ('<img src="a-1.svg">', '<img src="a-2.svg">', "[a-[-1-]{+2+}.svg]"),
        ("{{c1::North::N…}}", "{{c2::North::N…}}", "{{[-c1-]{+c2+}::North::N…}}"),
        ("gegenüber größer", "gegenüber großer", "gegenüber [-größer-]{+großer+}"),
    ],
)  # fmt: skip
def test_the_words_that_differ_are_marked(before, after, marked):
    signs = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    assert "".join(signs[span.mark].format(span.text) for span in mark_words(before, after)) == marked


def test_marked_words_hold_both_texts_whole():
    before, after = "the quick brown fox jumps over it", "a quick red fox leaps over the fence"
    words = mark_words(before, after)
    assert "".join(span.text for span in words if span.mark != "+") == before
    assert "".join(span.text for span in words if span.mark != "-") == after


def test_words_that_became_bold_are_shown_as_their_author_wrote_them():
    words = mark_words("does <em>not</em> foam", "does <em>not</em> <strong>foam</strong>")
    assert [(span.mark, span.text) for span in words] == [("=", "does *not* "), ("+", "**"), ("=", "foam"), ("+", "**")]
    words = mark_words("run date", "run <code>date</code>")
    assert "".join(span.text for span in words if span.mark != "-") == "run `date`"


def test_one_change_of_several_note_types_is_told_once():
    types = tuple(NoteTypeChange(name, ("css",), True) for name in ("A · Cause", "A · List"))
    changes = replace(compare(EarlierRelease(OLD, "v1"), OLD, {}), note_types=types)
    lines = list(format_outline(changes, lambda text, _: text, 3))
    assert lines[1:] == ["    note types A · Cause, A · List changed: css"]


def words_of_page(changes):
    """What the page says, without its style; a line for each block."""
    html = re.sub(r"<style>.*?</style>", "", changes_page(changes, OLD.notes, NEW.notes), flags=re.DOTALL)
    lines = (
        visible_text(line).strip() for line in re.sub(r"(</(?:h\d|p|li|div|summary)>)", r"\1\n", html).splitlines()
    )
    return "".join(f"{line}\n" for line in lines if line)


def phrases(language: str) -> dict[str, str]:
    return yaml.safe_load((bundled("templates") / "words" / f"{language}.yaml").read_text("utf-8"))


FORMATS = {
    "page.txt": words_of_page,
    "changes.txt": lambda changes: "".join(f"{line}\n" for line in format_changes(changes, lambda text, _: text)),
    "outline.txt": lambda changes: "".join(f"{line}\n" for line in format_outline(changes, lambda text, _: text, 3)),
    "changes.md": lambda changes: release_notes(changes, phrases("en")),
    "changes-de.md": lambda changes: release_notes(changes, phrases("de")),
    "changes.json": changes_json,
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_reads_as_it_did_when_a_person_last_read_it(changes, name):
    assert FORMATS[name](changes) == (EXPECTED / name).read_text(encoding="utf-8")


def test_no_expected_output_is_left_without_a_format():
    assert {file.name for file in EXPECTED.iterdir()} == set(FORMATS)


def test_json_keeps_its_keys(changes):
    document = json.loads(changes_json(changes))
    assert document["format"] == 1
    assert document["counts"] == {
        "new": 1, "returned": 1, "retired": 1, "renamed": 1, "moved": 1, "changed": 2,
    }  # fmt: skip


def test_nothing_changed_says_so():
    changes = compare(EarlierRelease(OLD, "v1"), OLD, {})
    assert changes.empty
    assert changes.summary == "6 untouched"
    assert release_notes(changes, phrases("en")) == "# Outage\n\nSince v1: 6 untouched.\n"
