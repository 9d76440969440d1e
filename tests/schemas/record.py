"""Keep the record of the bundled note types' schemas: `python tests/schemas/record.py` after a note type is added.

The ids of fields and card templates derive from the names that they had first, so that these names, their order and the
sort field are what learners' Anki holds on to. `--anew` takes other changes too, until the record is `frozen`.
"""

import json
import sys
from pathlib import Path
from typing import Any

from generator.load.templates import load_templates
from generator.model.templates import NoteTypeFile
from generator.resources import bundled

FILE = Path(__file__).with_name("note_types.json")


def bundled_note_types() -> dict[str, NoteTypeFile]:
    """Return the note types that come with Aetia as they are declared, by the name of their folder."""
    templates, faults = load_templates(bundled("templates"), None)
    assert not faults, faults
    return dict(sorted(templates.note_types.items()))


def schema_of(note_type: NoteTypeFile) -> dict[str, Any]:
    """Return what may never change: with another schema Anki takes a note type for a new one."""
    firsts = {slot.name: slot.first for slot in note_type.field_slots}
    return {
        "kind": note_type.kind,
        "stock-kind": note_type.stock_kind,
        "sort-field": firsts[note_type.sort_field or note_type.field_slots[0].name],
        "fields": list(firsts.values()),
        "cards": [slot.first for slot in note_type.card_slots],
    }


def read_record() -> dict[str, Any]:
    """Return the record: whether it is frozen, and the schema of each note type."""
    record: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return record


def main() -> None:
    """Bring the record up to date, or refuse."""
    old = read_record()
    now = {key: schema_of(note_type) for key, note_type in bundled_note_types().items()}
    for key, schema in old["note-types"].items():
        if now.get(key) != schema and (old["frozen"] or "--anew" not in sys.argv):
            raise SystemExit(f"{key}: the schema of a note type stays as it is; use a spare field or card template")
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(schema)}" for key, schema in now.items())
    FILE.write_text(f'{{"frozen": {json.dumps(old["frozen"])}, "note-types": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
