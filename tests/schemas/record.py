"""Keep the record of the bundled note types: `python tests/schemas/record.py` after a change to their templates.

It gives each note type whose content changed a newer `modified` time and writes the record anew. What learners' Anki
holds on to (the ids, order and sort field) it changes only while the record says that it is not yet `frozen`.
"""

import json
import re
import time
from pathlib import Path
from typing import Any

from generator.cards.environment import make_environment
from generator.cards.note_types import CompiledNoteType
from generator.ledger.stamp import note_type_hash
from generator.load.templates import load_templates
from generator.model.notes import NoteType
from generator.resources import bundled

FILE = Path(__file__).with_name("note_types.json")


def bundled_note_types() -> dict[str, NoteType]:
    """Return the note types that come with Aetia, by the name of their folder."""
    templates, faults = load_templates(bundled("templates"), None)
    assert not faults, faults
    environment = make_environment(templates)
    return {key: CompiledNoteType(environment, templates, key, "").note_type for key in sorted(templates.note_types)}


def schema_of(note_type: NoteType) -> dict[str, Any]:
    """Return what may never change: with another schema Anki takes a note type for a new one."""
    return {
        "id": note_type.id,
        "cloze": note_type.cloze,
        "sort-field": note_type.sort_field,
        "fields": [field.id for field in note_type.fields],
        "templates": [template.id for template in note_type.templates],
    }


def read_record() -> dict[str, Any]:
    """Return the record: whether it is frozen, and schema, hash and time of each note type."""
    record: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return record


def main() -> None:
    """Bring the record up to date, or refuse."""
    old = read_record()
    note_types = {}
    for key, note_type in bundled_note_types().items():
        known = old["note-types"].get(key)
        if old["frozen"] and known and known["schema"] != schema_of(note_type):
            raise SystemExit(f"{key}: the schema of a released note type must stay; use a spare field or template")
        hash_, modified = note_type_hash(note_type), note_type.modified or 0
        if known and known["hash"] != hash_ and modified <= known["modified"]:
            modified = max(int(time.time()), known["modified"] + 1)
            file = bundled("templates") / "notetypes" / key / "notetype.yaml"
            text = file.read_text(encoding="utf-8")
            file.write_text(re.sub(r"(?m)^modified: \d+$", f"modified: {modified}", text), encoding="utf-8")
        note_types[key] = {"schema": schema_of(note_type), "hash": hash_, "modified": modified}
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(entry)}" for key, entry in note_types.items())
    text = f'{{"frozen": {json.dumps(old["frozen"])}, "note-types": {{\n{lines}\n}}}}\n'
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
