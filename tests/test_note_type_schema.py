"""The bundled note types keep what learners' Anki holds on to; a change reaches learners only with a newer time."""

import importlib.util
from pathlib import Path

import pytest

from generator.ledger.stamp import note_type_hash

_SPEC = importlib.util.spec_from_file_location("record", Path(__file__).parent / "schemas" / "record.py")
record = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(record)

NOTE_TYPES = record.bundled_note_types()
UPDATE = "run `python tests/schemas/record.py`"


@pytest.mark.parametrize("key", NOTE_TYPES)
def test_ids_order_and_sort_field_of_a_note_type_never_change(key):
    recorded = record.read_record()["note-types"].get(key)
    assert recorded, f"{key} is new: {UPDATE}"
    assert recorded["schema"] == record.schema_of(NOTE_TYPES[key]), f"never insert, remove or reorder; else {UPDATE}"


@pytest.mark.parametrize("key", NOTE_TYPES)
def test_a_note_type_changes_only_with_a_newer_time(key):
    recorded = record.read_record()["note-types"].get(key)
    assert recorded, f"{key} is new: {UPDATE}"
    now = (note_type_hash(NOTE_TYPES[key]), NOTE_TYPES[key].modified)
    assert now == (recorded["hash"], recorded["modified"]), f"the templates of {key} changed: {UPDATE}"


def test_a_recorded_note_type_is_not_dropped():
    assert set(record.read_record()["note-types"]) <= set(NOTE_TYPES)


def test_no_two_fields_templates_or_note_types_share_an_id():
    note_types = NOTE_TYPES.values()
    for ids in (
        [note_type.id for note_type in note_types],
        [field.id for note_type in note_types for field in note_type.fields],
        [template.id for note_type in note_types for template in note_type.templates],
    ):
        assert len(ids) == len(set(ids))


def test_spare_fields_and_templates_stand_at_the_end():
    for note_type in NOTE_TYPES.values():
        spare = [field.spare for field in note_type.fields]
        assert spare == sorted(spare)
        assert any(spare)
        assert note_type.fields[note_type.sort_field].spare is False


def test_the_frozen_record_refuses_another_schema(tmp_path, monkeypatch):
    changed = record.read_record() | {"frozen": True}
    changed["note-types"]["cause"]["schema"]["fields"].pop()
    monkeypatch.setattr(record, "FILE", tmp_path / "record.json")
    record.FILE.write_text(record.json.dumps(changed), encoding="utf-8")
    with pytest.raises(SystemExit, match="must stay"):
        record.main()
