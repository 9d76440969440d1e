"""A deck with every kind of card, imported into the real Anki, in several languages and looks."""

import re

import full
import pytest
from conftest import NOW, import_package

from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress

ARABIC = {"../../templates/words/ar.yaml": 'ask-mechanism: "كيف يمكن أن {effect} {cause}؟"\n'}
PAST = NOW - 10_000_000
"""A time that is past on any day this runs: Anki gives ids from the future new values."""
VARIANTS = {
    "as it is": ({}, {}),
    "right to left": ({"version: deckversion": "version: deckversion\nlanguage: ar"}, ARABIC),
    "German": ({"version: deckversion": "version: deckversion\nlanguage: de"}, {}),
    "without style, reviews and notice": (
        {"  font: stylefont\n  size: 21\n": "  size: 12\n", "notice: Decknotice": "notice: false\nreviews: false"}, {},
    ),
    "fewer kinds": ({"cards:\n  add:": "cards:\n  skip: [clue, example, contrast, list]\n  add:"}, {}),
}  # fmt: skip
"""What is changed in the deck, and further files."""


@pytest.fixture(params=VARIANTS)
def variant(request):
    return request.param


@pytest.fixture
def imported(variant, tmp_path, open_collection):
    changed, files = VARIANTS[variant]
    folder = full.write(tmp_path, changed, **files)
    built, findings = build_package(folder, tmp_path / "full.apkg", PAST, no_progress)
    assert built is not None, findings.diagnostics
    return built.prepared.stamped.release, import_package(open_collection(), built.package)


def test_anki_shows_every_card_as_we_do_byte_for_byte(imported):
    release, (collection, _) = imported
    by_guid = {identity.guid: id_ for id_, identity in release.identities.items()}
    notes = {note.id: note for note in release.notes.notes}
    shown = 0
    for cid in collection.find_cards(""):
        card = collection.get_card(cid)
        output, note = card.render_output(), notes[by_guid[card.note().guid]]
        assert (output.question_text, output.answer_text) == release.notes.show(note, card.ord)[:2], note.id
        assert not re.search(r"\{\{|\{%|has a problem|front of this card is blank", output.question_text)
        shown += 1
    assert shown == sum(len(note.card_ordinals) for note in release.notes.notes)
    assert not collection.get_empty_cards().notes


def test_every_card_says_which_language_it_is_in_and_how_it_is_read(imported, variant):
    release, _ = imported
    wanted = {"right to left": 'lang="ar" dir="rtl"', "German": 'lang="de" dir="ltr"'}.get(
        variant, 'lang="en" dir="ltr"'
    )
    for note in release.notes.notes:
        for ordinal in note.card_ordinals:
            assert wanted in release.notes.show(note, ordinal).front


def test_a_style_goes_after_the_css_of_all_cards_and_into_every_note_type(imported, variant):
    release, (collection, _) = imported
    for note_type in release.notes.note_types.values():
        css = collection.models.by_name(note_type.name)["css"]
        size = "12px" if "style" in variant else "21px"
        assert css.rindex(f"font-size: {size}") > css.index(".card")
        assert "--ink: #010203; --paper: #fdfcfb; --accent: #0a0b0c" in css
        assert re.search(r"nightMode[^}]*\{ --ink: #e1e2e3; --paper: #111213; --accent: #d1d2d3", css)
        assert ("stylefont" in css) == ("style" not in variant)


def test_kinds_that_a_deck_skips_are_not_made_and_leave_no_empty_note(imported, variant):
    release, (collection, _) = imported
    made = {card.kind for note in release.notes.notes for card in note.cards if card.ordinal in note.card_ordinals}
    skipped = {"clue", "example", "contrast", "list"}
    assert made.isdisjoint(skipped) if variant == "fewer kinds" else made > skipped
    assert all(collection.get_note(nid).card_ids() for nid in collection.find_notes(""))


def test_the_picture_of_the_tree_opens_in_ankis_image_occlusion_editor(imported):
    release, (collection, _) = imported
    note = next(note for note in release.notes.notes if note.note_type == "picture")
    answer = collection.get_image_occlusion_note(release.identities[note.id].id).note
    assert len(answer.occlusions) == len(note.card_ordinals) == 3
    assert answer.image_data.startswith(b"<svg")


def test_learners_can_change_every_note_type(imported):
    """Anki refuses a change to a note type if one of its templates has a problem, such as the front of another."""
    release, (collection, _) = imported
    models = collection.models
    mine = [models.get(entry.id) for entry in models.all_names_and_ids() if entry.name.startswith("Deckdeck · ")]
    assert len(mine) == len(release.notes.note_types)
    for model in mine:
        models.add_field(model, models.new_field("Mine"))
        models.update_dict(model)
