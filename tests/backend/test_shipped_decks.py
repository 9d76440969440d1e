"""Every deck that comes with Aetia, built and imported into the real Anki, which is the judge of every card."""

import re
import shutil
from collections.abc import Iterator
from typing import NamedTuple

import genanki
import pytest
from anki.collection import Collection
from conftest import NOW, SHIPPED, Imported, import_package

from generator.report.build import show_build
from generator.resources import bundled
from generator.workflows.build import Built, build_package
from generator.workflows.prepare import locate, no_progress, prepare


class Shipped(NamedTuple):
    """A shipped deck, built and imported."""

    built: Built
    imported: Imported


@pytest.fixture(scope="module", params=SHIPPED)
def shipped(request, tmp_path_factory) -> Iterator[Shipped]:
    folder = tmp_path_factory.mktemp(request.param)
    deck = shutil.copytree(bundled("decks") / request.param, folder / request.param)
    built, findings = build_package(deck, folder / "deck.apkg", NOW, no_progress)
    assert built is not None, findings.diagnostics
    collection = Collection(str(folder / "collection.anki2"))
    yield Shipped(built, import_package(collection, built.package))
    collection.close()


def release_of(shipped: Shipped):
    return shipped.built.prepared.stamped.release


def test_a_shipped_deck_has_nothing_wrong(shipped):
    _, findings = prepare(shipped.built.prepared.deck.folder, NOW)
    assert not locate(findings).errors


def test_anki_takes_every_note_and_card_of_the_build_summary(shipped, capsys):
    show_build(shipped.built)
    notes, cards = re.search(r"([\d,]+) notes?, ([\d,]+) cards?", capsys.readouterr().out).groups()
    collection = shipped.imported.collection
    assert shipped.imported.counts == (int(notes.replace(",", "")), 0, 0, 0)
    assert collection.note_count() == int(notes.replace(",", ""))
    assert collection.card_count() == int(cards.replace(",", ""))


def test_the_questions_about_one_cause_are_siblings_on_one_note(shipped):
    """Anki buries siblings; a question and a contrast are notes of their own."""
    collection = shipped.imported.collection
    notes = [collection.get_note(nid) for nid in collection.find_notes('"note:*· Cause"')]
    assert sorted(note["Key"] for note in notes) == sorted(shipped.built.prepared.deck.causes)
    assert any(len(note.card_ids()) > 1 for note in notes)


def test_no_card_is_empty(shipped):
    assert not shipped.imported.collection.get_empty_cards().notes


def test_anki_finds_no_card_missing(shipped):
    """Anki generates the cards of a note when it is saved; it finds none to add."""
    collection = shipped.imported.collection
    before = collection.card_count()
    for nid in collection.find_notes(""):
        collection.update_note(collection.get_note(nid), skip_undo_entry=True)
    assert collection.card_count() == before


def test_the_integrity_check_finds_nothing_to_repair(shipped):
    problems, clean = shipped.imported.collection.fix_integrity()
    assert clean, problems


def test_anki_shows_every_card_as_we_do_byte_for_byte(shipped):
    collection, notes = shipped.imported.collection, release_of(shipped).notes
    by_guid = {release_of(shipped).identities[n.note_type, n.key].guid: n for n in notes.notes}
    for cid in collection.find_cards(""):
        card = collection.get_card(cid)
        shown = card.render_output()
        note = by_guid[card.note().guid]
        assert (shown.question_text, shown.answer_text) == notes.show(note, card.ord)[:2], note.key


def test_no_card_shows_an_error_of_a_template(shipped):
    collection = shipped.imported.collection
    for cid in collection.find_cards(""):
        shown = collection.get_card(cid).render_output()
        for side in (shown.question_text, shown.answer_text):
            assert "{{" not in side
            assert "has a problem" not in side
            assert "front of this card is blank" not in side
            assert not re.search(r"\{%|%\}|\{#|#\}", side)


def test_every_card_is_in_the_deck_and_the_deck_under_its_ancestors(shipped):
    collection = shipped.imported.collection
    name = shipped.built.prepared.deck.settings.deck
    parts = name.split("::")
    names = {deck.name for deck in collection.decks.all_names_and_ids()}
    assert {"::".join(parts[: depth + 1]) for depth in range(len(parts))} <= names
    assert {collection.decks.name(collection.get_card(cid).did) for cid in collection.find_cards("")} == {name}


def test_the_deck_says_what_it_is_and_that_it_is_for_learning_only(shipped):
    collection, deck = shipped.imported.collection, shipped.built.prepared.deck
    description = collection.decks.by_name(deck.settings.deck)["desc"]
    assert description == release_of(shipped).notes.description
    assert "learning only" in description or (deck.settings.notice or "") in description


def test_new_cards_come_in_the_order_to_learn_them(shipped):
    collection = shipped.imported.collection
    rows = collection.db.all("select n.guid, c.due from cards c join notes n on n.id = c.nid order by c.due, c.ord")
    order = list(dict.fromkeys(guid for guid, _ in rows))
    release = release_of(shipped)
    assert order == [release.identities[n.note_type, n.key].guid for n in release.notes.notes]
    assert len({due for _, due in rows}) == len(order)


def test_tags_follow_the_tree_of_categories(shipped):
    collection, deck = shipped.imported.collection, shipped.built.prepared.deck
    root = "-".join(deck.settings.deck.rpartition("::")[2].casefold().split())
    for nid in collection.find_notes('"note:*· Cause"'):
        note = collection.get_note(nid)
        category = deck.causes[note["Key"]].category
        assert "::".join((root, *(category.split("/") if category else ()))) in note.tags
    assert all(tag.split("::")[0] == root for tag in collection.tags.all())


def test_a_learner_of_every_deck_gets_the_note_types_of_each(build_deck, open_collection, tmp_path):
    """Each deck has its own, which sort together by the name of the deck."""
    collection = open_collection()
    used = {note_type.name for note_type in collection.models.all_names_and_ids()}
    for name in SHIPPED:
        built = build_deck(shutil.copytree(bundled("decks") / name, tmp_path / name))
        mine = {note_type.name for note_type in built.prepared.stamped.release.notes.note_types.values()}
        last = built.prepared.deck.settings.deck.rpartition("::")[2]
        assert all(note_type.startswith(f"{last} · ") for note_type in mine)
        assert used.isdisjoint(mine)
        used |= mine
        import_package(collection, built.package)
    assert {note_type.name for note_type in collection.models.all_names_and_ids()} == used


def test_the_package_is_at_most_three_tenths_of_what_genanki_writes(build_deck, tmp_path):
    built = build_deck(shutil.copytree(bundled("decks") / "leukopenia", tmp_path / "leukopenia"))
    notes = built.prepared.stamped.release.notes
    models = {
        key: genanki.Model(
            nt.id, nt.name, [{"name": field.name} for field in nt.fields],
            [{"name": t.name, "qfmt": t.front + "{{Key}}" * nt.cloze, "afmt": t.back} for t in nt.templates],
            css=nt.css, model_type=genanki.Model.CLOZE if nt.cloze else genanki.Model.FRONT_BACK,
        )
        for key, nt in notes.note_types.items()
    }  # fmt: skip
    deck = genanki.Deck(1, notes.deck)
    for note in notes.notes:
        deck.add_note(genanki.Note(models[note.note_type], list(note.fields), tags=list(note.tags)))
    genanki.Package(deck).write_to_file(tmp_path / "plain.apkg")
    assert built.size <= 0.3 * (tmp_path / "plain.apkg").stat().st_size
