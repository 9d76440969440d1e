"""Checks of own notes: the note type exists, and has the fields that the note fills."""

from collections.abc import Iterator, Mapping

from generator.diagnostics import Diagnostic, Place
from generator.model.deck import Deck
from generator.model.entry import Written
from generator.model.templates import NoteTypeFile, Templates
from generator.text.anki_markup import check_template
from generator.text.suggest import did_you_mean

_MADE = frozenset({"Key", "Sources", "Uncited", "Draft", "Checked", "Reviewed"})
"""Fields that Aetia fills in every note whose note type has them."""


def check_own_notes(deck: Deck, templates: Templates) -> Iterator[Diagnostic]:
    """Every own note has a note type of the project, and fills its fields, including the sort field."""
    own = {name: templates.note_types[name] for name in templates.added}
    for name in deck.settings.notes.keys() | {key.partition("/")[0] for key in deck.notes}:
        if name not in own and (
            name in templates.note_types or f"notetypes/{name}/notetype.yaml" not in templates.texts
        ):
            first = next((key for key in deck.notes if key.startswith(f"{name}/")), "")
            home = deck.files.get(("notes", first), deck.folder / "deck.yaml")
            yield Diagnostic(
                "unknown-note-type",
                f"there is no note type `{name}` in `templates/notetypes/`",
                Place(home, ("notes", name), on_key=True),
                hint=did_you_mean(name, own) or f"`aetia new notetype {name} --fields Front,Back` writes one",
            )
    for key, note in deck.notes.items():
        note_type = own.get(key.partition("/")[0])
        if note_type:
            yield from _check_fields(deck, key, note.fields_, note_type)
    for name, note_type in own.items():
        if note_type.markup == "anki":
            yield from _check_templates(name, note_type, templates)


def _check_templates(name: str, note_type: NoteTypeFile, templates: Templates) -> Iterator[Diagnostic]:
    """Templates in Anki's own language exist, and Anki can read them."""
    fields = [slot.name for slot in note_type.field_slots]
    for slot in note_type.card_slots:
        front, back = (f"notetypes/{name}/{slot.name}.{side}.html" for side in ("front", "back"))
        if front not in templates.texts:
            place = Place(templates.files[f"notetypes/{name}/notetype.yaml"], line=1, column=1)
            yield Diagnostic("missing-template", f"there is no template `{front}`", place)
        for file in (front, back):
            if fault := check_template(templates.texts.get(file, ""), fields, back=file == back):
                place = Place(templates.files[file], line=1, column=1)
                yield Diagnostic("anki-template", f"Anki shows an error in place of this card: {fault}", place)


def _check_fields(deck: Deck, key: str, texts: Mapping[str, Written], note_type: NoteTypeFile) -> Iterator[Diagnostic]:
    foreign = note_type.markup == "anki"
    names = [slot.name for slot in note_type.field_slots if not slot.spare and (foreign or slot.name not in _MADE)]
    for name in texts:
        if name not in names:
            message = f"`{name}` is not a field of the note type `{note_type.name}`"
            listed = f"its fields are {', '.join(f'`{n}`' for n in names)}" if names else "it has no field to fill"
            hint = did_you_mean(name, names) or listed
            yield Diagnostic("unknown-note-field", message, deck.place("notes", key, name, on_key=True), hint=hint)
    first = note_type.sort_field or next(iter(names), None)
    if first in names and first not in texts and not foreign:
        message = f"the field `{first}` is empty; Anki sorts notes and tells them apart by it"
        yield Diagnostic("empty-note-field", message, deck.place("notes", key, on_key=True))
