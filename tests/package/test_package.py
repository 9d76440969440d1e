"""An earlier release, read back from the package that was built of it."""

import json
import sqlite3
import zipfile

import genanki
import pytest
from anki.collection import ExportAnkiPackageOptions
from conftest import SHIPPED

from generator.cards.foreign import show_foreign
from generator.diagnostics import Diagnostic
from generator.package.read import load_package
from generator.resources import bundled

WIND = "deck: D\nfinding: {name: F, effect: fall}\ncauses:\n  a: {cause: Wind, mechanism: It blows}\n"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_package_gives_back_every_note_card_and_time(build_deck, tmp_path, name):
    built = build_deck(_copy(bundled("decks") / name, tmp_path))
    release = built.release
    read = load_package(built.package, show_foreign)
    assert not isinstance(read, Diagnostic)
    ids = {note_type.key: str(note_type.id) for note_type in release.notes.note_types.values()}
    assert {(n.key, n.fields, n.tags, n.card_ordinals) for n in read.notes.notes} == {
        (n.key, n.fields, n.tags, n.card_ordinals) for n in release.notes.notes
    }
    assert read.identities == {(ids[kind], key): identity for (kind, key), identity in release.identities.items()}
    assert (read.notes.deck, read.notes.description) == (release.notes.deck, release.notes.description)
    used = {note.note_type for note in release.notes.notes}
    assert {t.id: (t.name, t.fields, t.templates, t.css) for t in read.notes.note_types.values()} == {
        t.id: (t.name, t.fields, t.templates, t.css) for t in release.notes.note_types.values() if t.key in used
    }


def test_cards_read_from_a_package_look_as_anki_shows_them(build_deck, anki_import, tmp_path):
    built = build_deck(_copy(bundled("decks") / "outage", tmp_path))
    read = load_package(built.package, show_foreign)
    assert not isinstance(read, Diagnostic)
    collection = anki_import(built.package).collection
    guids = {read.identities[note.note_type, note.key].guid: note for note in read.notes.notes}
    compared = 0
    for card_id in collection.find_cards(""):
        card = collection.get_card(card_id)
        output = card.render_output()
        shown = read.notes.show(guids[card.note().guid], card.ord)
        assert (shown.front, shown.back) == (output.question_text, output.answer_text)
        compared += 1
    assert compared > 50


def test_media_come_back_as_they_were_packed(build_deck):
    picture = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    text = (
        "deck: D\nfinding: {name: F, effect: fall}\n"
        "causes:\n  a: {cause: Wind, mechanism: It blows things over, image: {file: p.svg, alt: A picture}}\n"
    )
    built = build_deck(text, {"media/p.svg": picture})
    read = load_package(built.package, show_foreign, with_media=True)
    assert not isinstance(read, Diagnostic)
    (media,) = read.notes.media
    assert media.name.startswith("p-")
    assert media.read() == picture.encode()


def foreign(tmp_path, anki_import, build_deck):
    """Files that are no package of ours, with what is said of each."""
    text = tmp_path / "text.apkg"
    text.write_text("not a zip")
    yield text, "not an Anki package"
    empty = tmp_path / "empty.apkg"
    zipfile.ZipFile(empty, "w").close()
    yield empty, "not an Anki package"
    other = tmp_path / "other.apkg"
    model = genanki.Model(5, "Basic", fields=[{"name": "Front"}], templates=[{"name": "1", "qfmt": "{{Front}}"}])
    deck = genanki.Deck(6, "Other")
    deck.add_note(genanki.Note(model, ["x"]))
    genanki.Package(deck).write_to_file(other)
    yield other, "not made by Aetia"
    broken = tmp_path / "broken.apkg"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("collection.anki2", b"SQLite format 3\0 and then nothing")
        archive.writestr("media", "{}")
    yield broken, "database of this package is damaged"
    modern = tmp_path / "modern.apkg"
    collection = anki_import(build_deck(WIND).package).collection
    collection.export_anki_package(out_path=str(modern), options=ExportAnkiPackageOptions(legacy=False), limit=None)
    yield modern, "newer format"
    yield tmp_path / "absent.apkg", "no such package"


def test_a_package_of_another_make_is_told_by_what_it_is(tmp_path, anki_import, build_deck):
    for file, expected in foreign(tmp_path, anki_import, build_deck):
        found = load_package(file, show_foreign)
        assert isinstance(found, Diagnostic), file
        assert expected in found.message
        assert found.hint


def test_a_package_with_a_note_that_does_not_fit_its_note_type_is_refused(build_deck, tmp_path):
    built = build_deck(WIND)
    database = sqlite3.connect(":memory:")
    with zipfile.ZipFile(built.package) as archive:
        database.deserialize(archive.read("collection.anki2"))
    database.execute("update notes set flds = 'one'")
    database.commit()
    bent = tmp_path / "bent.apkg"
    with zipfile.ZipFile(bent, "w") as archive:
        archive.writestr("collection.anki2", database.serialize())
        archive.writestr("media", json.dumps({}))
    database.close()
    assert isinstance(load_package(bent, show_foreign), Diagnostic)


def _copy(folder, tmp_path):
    """A deck in a project of its own, so that its lock is not written where it is shipped."""
    from shutil import copytree

    return copytree(folder, tmp_path / "copy" / "decks" / folder.name)
