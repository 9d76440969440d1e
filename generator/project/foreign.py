"""Combine what one file says about learners' notes with another file: a table, or a deck without ids."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from generator.model.foreign import ForeignDeck, ForeignNote
from generator.model.notes import CardTemplate, NoteField, NoteType
from generator.project.table import At, Table

_COLUMNS = ("guid", "note type", "deck", "tags")
"""The columns that are not fields."""


class NoNoteTypesError(ValueError):
    """The notes of a file need another file with their note types; the message says why."""


def has_guids(table: Table) -> bool:
    """Return whether a table says which note each row is."""
    return "guid" in table.columns


def read_rows(table: Table, known: ForeignDeck) -> ForeignDeck:
    """Return the notes of a table with guids. Note types, and what the table has no column for, come from `known`.

    Cells are HTML, as in Anki's fields, unless the table says that they are plain text.
    """
    by_guid = {note.guid: note for note in known.notes}
    notes: list[ForeignNote] = []
    refused: list[tuple[str, str]] = []
    for at, row in table.rows:
        cells = table.cells(row)
        note = by_guid.get(cells["guid"])
        note_type = _note_type(cells, table, known, note)
        if not cells["guid"]:
            refused.append((str(at), "it has no guid"))
        elif note_type is None:
            refused.append((str(at), "its note type is not known"))
        else:
            fields = _fields(row, table, note_type, note)
            tags = tuple(cells["tags"].split()) if "tags" in cells else note.tags if note else ()
            deck = cells.get("deck") or (note.deck if note else known.notes[0].deck)
            id_, modified = (note.id, note.modified) if note else (0, 0)
            notes.append(ForeignNote(cells["guid"], id_, modified, note_type.id, fields, tags, deck))
    missing = len(by_guid.keys() - {note.guid for note in notes})
    left = (f"{missing} notes that are not in the table",) if missing else ()
    return replace(known, notes=tuple(notes), left=left, refused=tuple(refused))


def as_table(foreign: ForeignDeck) -> Table:
    """Return the notes of a deck as rows, with a column for each field name and one for the tags."""
    names = dict.fromkeys(field.name for nt in foreign.note_types.values() for field in nt.fields)
    rows = []
    for number, note in enumerate(foreign.notes, 1):
        cells = dict(zip((f.name for f in foreign.note_types[note.note_type].fields), note.fields, strict=False))
        rows.append((At(number, number), (*(cells.get(name, "") for name in names), " ".join(note.tags))))
    left = (*foreign.left, *(f"{note}: {reason}" for note, reason in foreign.refused))
    return Table((*names, "tags"), tuple(rows), html=True, left_out=left)


def align(foreign: ForeignDeck, known: ForeignDeck) -> ForeignDeck:
    """Return a deck whose note types have the ids that learners have, matched by name.

    Raise NoNoteTypesError if the fields or cards of one differ from what learners have.
    """
    by_name = {note_type.name: note_type for note_type in known.note_types.values()}
    ids = {}
    note_types = {}
    for id_, note_type in foreign.note_types.items():
        learnt = by_name.get(note_type.name, note_type)
        ids[id_] = learnt.id
        note_types[learnt.id] = _with_ids(note_type, learnt)
    by_guid = {note.guid: note for note in known.notes}
    notes = (replace(note, note_type=ids[note.note_type]) for note in foreign.notes)
    same = tuple(
        replace(note, id=had.id, modified=had.modified, cards=had.cards) if (had := by_guid.get(note.guid)) else note
        for note in notes
    )
    return replace(foreign, note_types=note_types, times=known.times, notes=same)


def _with_ids(note_type: NoteType, had: NoteType) -> NoteType:
    def names(parts: Sequence[NoteField] | Sequence[CardTemplate]) -> list[str]:
        return [part.name for part in parts]

    if names(note_type.fields) != names(had.fields) or names(note_type.templates) != names(had.templates):
        raise NoNoteTypesError(f"the note type `{had.name}` has other fields or cards than the one that learners have")
    fields = zip(note_type.fields, had.fields, strict=True)
    templates = zip(note_type.templates, had.templates, strict=True)
    return replace(
        note_type,
        id=had.id,
        fields=tuple(replace(field, id=old.id) for field, old in fields),
        templates=tuple(replace(template, id=old.id) for template, old in templates),
    )


def _note_type(cells: Mapping[str, str], table: Table, known: ForeignDeck, had: ForeignNote | None) -> NoteType | None:
    """Return the note type that the row names, or that of its note, or the only one with fields of these names."""
    named = cells.get("note type", "")
    if named:
        return next((nt for nt in known.note_types.values() if named in (nt.name, str(nt.id))), None)
    if had:
        return known.note_types[had.note_type]
    named_by = table.columns.keys() - {"tags"}
    fitting = [nt for nt in known.note_types.values() if {field.name.casefold() for field in nt.fields} & named_by]
    return fitting[0] if len(fitting) == 1 else None


def _fields(row: Sequence[str], table: Table, note_type: NoteType, had: ForeignNote | None) -> tuple[str, ...]:
    """Return the fields of a row by the names of columns or, if columns have no names, by their order."""
    named = [table.columns.get(field.name.casefold()) for field in note_type.fields]
    if not any(column is not None for column in named):
        free = [number for number, name in enumerate(table.header) if name.casefold() not in _COLUMNS]
        named = [*free, *[None] * len(note_type.fields)][: len(note_type.fields)]
    before = had.fields if had and len(had.fields) == len(named) else ("",) * len(named)
    return tuple(
        _html(row[column], table) if column is not None and column < len(row) else old
        for column, old in zip(named, before, strict=True)
    )


def _html(cell: str, table: Table) -> str:
    return cell if table.html or not table.from_anki else escape(cell, quote=False).replace("\n", "<br>")
