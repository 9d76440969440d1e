"""The second channel: what Anki's text import makes of the update text, judged by the real Anki."""

import csv
import io
import json
from shutil import copytree

import pytest
from anki.import_export_pb2 import ImportCsvRequest
from conftest import MINIMAL, NOW, import_package

from generator.model.notes import Release
from generator.package.update_text import update_text
from generator.resources import bundled
from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress

AWKWARD = """\
deck: Medicine::Hyponatraemia
finding: {name: Hyponatraemia, effect: lower the serum sodium}
causes:
  siadh:
    cause: "#SIADH, \\"inappropriate\\"; it's"
    mechanism: |
      One paragraph with `a tab	in code`.

      Another, with "quotes"; and #signs
      - a list
"""


def take_text(collection, file):
    """Import as the dialog does when nothing in it is touched; returns the log."""
    metadata = collection.get_csv_metadata(path=str(file), delimiter=None)
    return collection.import_csv(ImportCsvRequest(path=str(file), metadata=metadata)).log


def by_guid(collection):
    return {note.guid: note for note in map(collection.get_note, collection.find_notes(""))}


def expected_fields(release: Release):
    return {release.identities[note.note_type, note.key].guid: list(note.fields) for note in release.notes.notes}


@pytest.fixture
def outage(tmp_path):
    """A shipped deck with two note types, in a project of its own; `release` builds it with its update files."""
    folder = copytree(bundled("decks") / "outage", tmp_path / "p" / "decks" / "outage")

    def release(now):
        built, _ = build_package(folder, tmp_path / "outage.apkg", now, no_progress, asked=("text",))
        assert built is not None
        text, _ = built.beside
        return built, text

    return folder, release


def spare_of(note):
    """The first spare field that no release of the deck has taken."""
    return next(name for name in note.keys() if name.startswith("Spare "))  # noqa: SIM118  # a note of Anki is no dict


def test_the_update_text_changes_the_fields_of_notes_that_are_there_and_nothing_else(outage, anki_import):
    folder, release = outage
    built, _ = release(NOW)
    collection = anki_import(built.package).collection
    cards = {card: collection.get_card(card).did for card in collection.find_cards("")}
    mine = collection.decks.id("Mine")
    some = list(cards)[::3]
    collection.set_deck(some, mine)
    for note in by_guid(collection).values():
        note.tags.append("mine")
        note[spare_of(note)] = "written into a spare field"
        collection.update_note(note)
    deck_file = folder / "deck.yaml"
    words = deck_file.read_text().replace("\n    name: ", "\n    name: Great ")
    deck_file.write_text(words)
    built, text = release(NOW + 86_400)
    assert len(built.changes.entries) > 5

    log = take_text(collection, text)

    notes = by_guid(collection)
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, len(built.changes.entries), 0)
    assert all(note[spare_of(note)] == "written into a spare field" for note in notes.values())
    for note in notes.values():
        note[spare_of(note)] = ""
    assert {g: n.fields for g, n in notes.items()} == expected_fields(built.release)
    assert all("mine" in note.tags for note in notes.values())
    assert set(collection.find_cards("")) == set(cards)
    assert {card for card in cards if collection.get_card(card).did == mine} == set(some)


@pytest.mark.parametrize("text_first", [True, False])
def test_the_package_keeps_the_tags_if_the_text_came_first(build_deck, anki_import, text_first):
    author, month = NOW - 90 * 86_400, 30 * 86_400
    built = build_deck(MINIMAL, now=author)
    collection = anki_import(built.package).collection
    for note in by_guid(collection).values():
        note.tags.append("mine")
        collection.update_note(note)
    collection.db.execute("update notes set mod = ?", author + 1)
    built = build_deck(MINIMAL.replace("low tonicity", "low plasma tonicity"), now=author + month, asked=("text",))
    text, _ = built.beside
    if text_first:
        assert len(take_text(collection, text).updated) == 1
    assert anki_import(built.package, collection).counts == ((0, 0, 2, 0) if text_first else (0, 1, 1, 0))
    notes = by_guid(collection)
    assert {g: n.fields for g, n in notes.items()} == expected_fields(built.release)
    assert sum("mine" in note.tags for note in notes.values()) == (2 if text_first else 1)


def test_who_takes_the_text_and_then_the_package_has_the_newest_words_also_after_a_plain_build(build_deck, anki_import):
    """Anki dates a note that the text changed today, and keeps it against the package."""
    first, second, third = (NOW - days * 86_400 for days in (90, 60, 30))
    collection = anki_import(build_deck(MINIMAL, now=first).package).collection
    text, _ = build_deck(MINIMAL.replace("low tonicity", "low plasma tonicity"), now=second, asked=("text",)).beside
    built = build_deck(MINIMAL.replace("low tonicity", "a low tonicity"), now=third)
    take_text(collection, text)
    anki_import(built.package, collection)
    assert {g: n.fields for g, n in by_guid(collection).items()} == expected_fields(built.release)


def test_a_second_import_of_the_same_text_changes_nothing(outage, anki_import):
    _, release = outage
    built, text = release(NOW)
    collection = anki_import(built.package).collection
    log = take_text(collection, text)
    assert (len(log.new), len(log.updated)) == (0, 0)
    assert len(log.duplicate) == sum(not note.media for note in built.release.notes.notes)


def test_who_takes_the_text_and_then_the_package_has_every_picture(build_deck, anki_import):
    """Anki copies a picture only with a note that the package adds or updates."""
    deck = f"{MINIMAL}    image: {{file: a.svg, alt: A drawing, credit: me}}\n"
    drawings = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="9"/>' for size in (9, 8)]
    first = build_deck(deck, {"media/a.svg": drawings[0]}, now=NOW - 90 * 86_400)
    collection = anki_import(first.package).collection
    words = deck.replace("low tonicity", "a low tonicity")
    second = build_deck(words, {"media/a.svg": drawings[1]}, now=NOW - 60 * 86_400, asked=("text",))
    assert take_text(collection, second.beside[0]).updated, "the words of notes without pictures come with the text"
    anki_import(second.package, collection)
    assert {g: n.fields for g, n in by_guid(collection).items()} == expected_fields(second.release)
    assert not list(collection.media.check().missing)


def test_a_note_that_is_new_to_the_learner_goes_into_the_decks_place(outage, anki_import):
    _, release = outage
    built, text = release(NOW)
    collection = anki_import(built.package).collection
    collection.remove_notes(collection.find_notes("")[:2])
    assert len(take_text(collection, text).new) == 2
    decks = {collection.decks.name(collection.get_card(card).did) for card in collection.find_cards("")}
    assert decks == {built.release.notes.deck}


@pytest.mark.parametrize("kinds", [("card",), ("card", "other")])
def test_notes_that_are_new_go_into_their_subdecks_and_cards_that_are_there_stay(build_deck, anki_import, kinds):
    files = {
        f"../../templates/notetypes/{kind}/{name}": text
        for kind in kinds
        for name, text in (
            ("notetype.yaml", f"name: {kind}\nmarkup: anki\nfields: [Front, Deck]\ncards: [one]\n"),
            ("one.front.html", "{{Front}}"),
            ("one.back.html", "{{Deck}}"),
        )
    }
    keys = [f"{kind}-{n}" for kind in kinds for n in range(4)]
    decks = dict(zip(keys, ["", "A", "A::B", "C"] * 2, strict=False))

    def text(word, **moved):
        notes = {kind: {k: {"Front": f"{word} {k}", "Deck": "x"} for k in keys if k.startswith(kind)} for kind in kinds}
        for kind, key in ((kind, key) for kind, some in notes.items() for key in some):
            notes[kind][key] |= {"deck": deck} if (deck := {**decks, **moved}[key]) else {}
        return json.dumps({"deck": "Top", "id": "top-1", "notes": notes})

    collection = anki_import(build_deck(text("old"), files).package).collection
    collection.set_deck(collection.find_cards("card-1"), collection.decks.id("Mine"))
    collection.remove_notes(collection.find_notes("card-2 or card-0"))
    built = build_deck(text("new", **{"card-3": "Moved"}), files, now=NOW + 10, asked=("text",))
    log = take_text(collection, built.beside[0])
    assert (len(log.new), len(log.updated)) == (2, len(keys) - 2)
    notes = by_guid(collection).values()
    assert {note["Front"] for note in notes} == {f"new {key}" for key in keys}
    assert {note["Deck"] for note in notes} == {"x"}
    where = {note["Front"][4:]: collection.decks.name(card.did) for note in notes for card in note.cards()}
    assert {key: deck for key, deck in where.items() if key.startswith("card")} == {
        "card-0": "Top", "card-1": "Mine", "card-2": "Top::A::B", "card-3": "Top::C",
    }  # fmt: skip


def test_tabs_new_lines_quotes_and_hash_signs_arrive_as_they_are(build_deck, anki_import):
    built = build_deck(AWKWARD, asked=("text",))
    text, _ = built.beside
    expected = expected_fields(built.release)
    (fields,) = expected.values()
    for sign in ("\t", "\n", '"', "#"):
        assert any(sign in field for field in fields), f"the deck should try {sign!r}"
    collection = anki_import(built.package).collection
    (note,) = by_guid(collection).values()
    note.fields = ["" if i > 1 else "changed" for i in range(len(note.fields))]
    collection.update_note(note)
    assert len(take_text(collection, text).updated) == 1
    assert {g: n.fields for g, n in by_guid(collection).items()} == expected


def test_a_deck_of_one_note_type_names_its_columns_by_the_fields_and_anki_goes_by_the_names(build_deck, anki_import):
    built = build_deck(MINIMAL)
    text = update_text(built.release)
    head = [line for line in text.splitlines() if line.startswith("#")]
    (note_type,) = (nt for nt in built.release.notes.note_types.values() if nt.key == "cause")
    assert f"#notetype:{note_type.name}" in head
    labels = next(csv.reader([head[-1].removeprefix("#columns:")], delimiter="\t"))
    assert labels == ["GUID", *(field.name for field in note_type.fields if not field.spare)]
    collection = anki_import(built.package).collection
    rows = list(csv.reader(io.StringIO(text.split(head[-1] + "\n")[1]), delimiter="\t"))
    turned = [["changed" if i == 4 else row[i] for i in (0, *range(len(row) - 1, 0, -1))] for row in (labels, *rows)]
    turned[0] = [*labels[:1], *labels[:0:-1]]
    lines = ["\t".join('"' + value.replace('"', '""') + '"' for value in row) for row in turned]
    file = built.package.with_suffix(".turned.txt")
    file.write_text("\n".join([*head[:-1], "#columns:" + lines[0], *lines[1:]]) + "\n")
    assert len(take_text(collection, file).updated) == 2
    field = [f.name for f in note_type.fields].index(labels[4])
    assert {note.fields[field] for note in by_guid(collection).values()} == {"changed"}


def test_no_column_holds_tags_or_a_spare_field(outage):
    _, release = outage
    _, text = release(NOW)
    head = [line for line in text.read_text().splitlines() if line.startswith("#")]
    assert not [line for line in head if "tags" in line.casefold()]
    assert not [line for line in head if "Spare" in line]


def test_the_text_is_the_same_at_any_time(outage):
    _, release = outage
    _, text = release(NOW)
    first = text.read_bytes()
    release(NOW + 1_000_000)
    assert text.read_bytes() == first


def own_field(collection):
    """Add a field to each note type that is in use."""
    models = collection.models
    for note_type in models.all():
        if models.use_count(note_type):
            models.add_field(note_type, models.new_field("Mine"))
            models.update_dict(note_type)


def leech(collection):
    """Tag every note as Anki tags a leech."""
    collection.tags.bulk_add(collection.find_notes(""), "leech")


@pytest.mark.parametrize("merge", [False, True])
@pytest.mark.parametrize("habit", [own_field, leech])
def test_the_text_brings_what_the_package_cannot_to_a_learner_with_a_field_or_a_newer_note(
    build_deck, anki_import, habit, merge
):
    author = NOW - 90 * 86_400
    collection = anki_import(build_deck(MINIMAL, now=author).package).collection
    habit(collection)
    built = build_deck(MINIMAL.replace("low tonicity", "low plasma tonicity"), now=author + 60, asked=("text",))
    text, _ = built.beside
    import_package(collection, built.package, merge=merge)
    assert not collection.find_notes("plasma")
    assert len(take_text(collection, text).updated) == 1
    assert len(collection.find_notes("plasma")) == 1
