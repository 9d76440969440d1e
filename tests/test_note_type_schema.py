"""The bundled note types keep what learners' Anki holds on to: names and order of fields and cards."""

import importlib.util
from pathlib import Path

import pytest
from conftest import MINIMAL

from generator.model.templates import NoteTypeFile
from generator.workflows.prepare import prepare

_SPEC = importlib.util.spec_from_file_location("record", Path(__file__).parent / "schemas" / "record.py")
record = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(record)

NOTE_TYPES = record.bundled_note_types()
UPDATE = "run `python tests/schemas/record.py`"


@pytest.mark.parametrize("key", NOTE_TYPES)
def test_names_order_and_sort_field_of_a_note_type_never_change(key):
    recorded = record.read_record()["note-types"].get(key)
    assert recorded, f"{key} is new: {UPDATE}"
    assert recorded == record.schema_of(NOTE_TYPES[key]), f"never insert, remove or reorder; else {UPDATE}"


def test_a_recorded_note_type_is_not_dropped():
    assert set(record.read_record()["note-types"]) <= set(NOTE_TYPES)


@pytest.mark.parametrize("key", NOTE_TYPES)
def test_no_two_fields_or_cards_of_a_note_type_share_a_name_now_or_at_first(key):
    for slots in (NOTE_TYPES[key].field_slots, NOTE_TYPES[key].card_slots):
        assert len({slot.name for slot in slots}) == len({slot.first for slot in slots}) == len(slots)


@pytest.mark.parametrize("key", NOTE_TYPES)
def test_a_note_type_has_room_for_more_fields_at_its_end(key):
    spare = [slot.spare for slot in NOTE_TYPES[key].field_slots]
    assert spare == sorted(spare)
    assert any(spare)


def test_a_field_that_takes_the_place_of_a_spare_or_changes_its_name_changes_no_schema():
    before = {"name": "Quote", "fields": ["Quote", "Who"], "cards": ["who"], "spares": {"fields": 2, "cards": 1}}
    after = {**before, "cards": ["who", {"key": "when", "was": "Spare 1"}],
             "fields": ["Quote", {"name": "Speaker", "was": "Who"}, {"name": "Year", "was": "Spare 1"}]}  # fmt: skip
    old, new = (NoteTypeFile.model_validate(declared) for declared in (before, after))
    assert record.schema_of(new) == record.schema_of(old)
    assert [slot.name for slot in new.field_slots] == ["Quote", "Speaker", "Year", "Spare 2"]
    inserted = NoteTypeFile.model_validate({**before, "fields": ["Quote", "Year", "Who"]})
    assert record.schema_of(inserted) != record.schema_of(old)


def test_ids_of_fields_and_cards_derive_from_the_deck_and_their_first_names(write_deck):
    def note_type(deck, name):
        prepared, _ = prepare(write_deck(deck, name=name), now=0)
        return prepared.stamped.release.notes.note_types["cause"]

    one, again, other = (
        note_type(f"id: {id_}\n{MINIMAL}".replace("Hyponatraemia\n", f"{name}\n", 1), id_)
        for id_, name in (("salt-1", "Here"), ("salt-1", "There"), ("salt-2", "Elsewhere"))
    )
    assert (one.id, one.fields, [t.id for t in one.templates]) == (
        again.id, again.fields, [t.id for t in again.templates],
    )  # fmt: skip
    assert one.name != again.name
    assert one.id != other.id
    assert {field.id for field in one.fields}.isdisjoint(field.id for field in other.fields)


def test_the_frozen_record_refuses_another_schema(tmp_path, monkeypatch):
    changed = record.read_record() | {"frozen": True}
    changed["note-types"]["cause"]["fields"].pop()
    monkeypatch.setattr(record, "FILE", tmp_path / "record.json")
    record.FILE.write_text(record.json.dumps(changed), encoding="utf-8")
    with pytest.raises(SystemExit, match="stays as it is"):
        record.main()
