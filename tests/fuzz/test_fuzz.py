"""A few made-up decks at each run of the tests; `python -m tests.fuzz` tries many more."""

import tempfile
from pathlib import Path

from anki.collection import Collection
from conftest import NOW, import_package
from hypothesis import given, settings

from generator import pipeline
from generator.preparing import no_progress
from tests.fuzz.decks import good_decks, nearly_good_decks, rubbish
from tests.fuzz.judge import deck_folder, judge


@given(rubbish())
@settings(max_examples=40)
def test_any_bytes_get_an_answer(files):
    judge(files)


@given(nearly_good_decks())
@settings(max_examples=60)
def test_a_deck_with_slips_gets_an_answer(files):
    judge(files)


@given(good_decks())
@settings(max_examples=8)
def test_a_good_deck_arrives_in_anki_whole_and_is_built_to_the_same_bytes_again(files):
    with deck_folder(files) as folder:
        package = folder.parent / "deck.apkg"
        built, findings = pipeline.build(folder, package, NOW, no_progress)
        assert built is not None, findings.diagnostics
        first = package.read_bytes()
        package.unlink()
        pipeline.build(folder, package, NOW + 1000, no_progress)
        assert package.read_bytes() == first
        notes = built.prepared.stamped.release.notes.notes
        with tempfile.TemporaryDirectory() as temporary:
            collection = Collection(str(Path(temporary, "c.anki2")))
            imported = import_package(collection, package)
            counts = imported.counts[0], collection.note_count(), collection.card_count()
            empty = collection.get_empty_cards().notes
            collection.close()
        assert counts == (len(notes), len(notes), sum(len(note.cards) for note in notes))
        assert not empty
