"""Note types with templates in Anki's own language. They go into the package as they are, and are read as Anki does.

The reading is exact apart from what files cannot tell: filters of add-ons, LaTeX images, and flags.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from generator.model.notes import CardTemplate, Faces, NoteField, NoteType
from generator.model.templates import NoteTypeFile, Slot, Templates
from generator.text.anki_markup import (
    FRONT_SIDE,
    Side,
    TemplateError,
    fill_in,
    makes_card,
    parse_or_nothing,
    parse_template,
    render,
)
from generator.text.cloze import cloze_numbers
from generator.text.files import map_files
from generator.text.html import is_blank

_LINE = re.compile(r"""<hr\b[^>]*\bid=["']?answer["']?[^>]*>""", re.IGNORECASE)
SpecialFields = Mapping[str, str]
"""What Anki's templates can show besides fields: `Tags`, `Deck`, `Subdeck`."""
DeriveId = Callable[[str, Slot], int | None]


class ForeignNoteType:
    """A note type in Anki's own language. `packed` returns the name in the package of a file that it shows, or None."""

    def __init__(
        self,
        templates: Templates,
        key: str,
        name: str,
        id_: int,
        packed: Callable[[str], str | None],
    ) -> None:
        file = templates.note_types[key]
        self.field_names = tuple(slot.name for slot in file.field_slots)
        self.cloze = file.kind == "cloze"
        self.media: list[str] = []

        def pack(name: str) -> str | None:
            if (file_name := packed(name)) is not None:
                self.media.append(file_name)
            return file_name

        self.note_type = _note_type(templates, key, file, name, id_, lambda text: map_files(text, pack))
        self._fronts = [parse_or_nothing(template.front) for template in self.note_type.templates]

    def values(self, fields: Mapping[str, str]) -> tuple[str, ...]:
        """Return the values of a note in the order of the fields."""
        return tuple(fields.get(name, "") for name in self.field_names)

    def cards(self, values: Sequence[str]) -> tuple[int, ...]:
        """Return the ordinals, from 0, of the cards that Anki makes of these values."""
        if self.cloze:
            return tuple(sorted(number - 1 for number in set().union(*map(cloze_numbers, values)) if number))
        filled = frozenset(n for n, value in zip(self.field_names, values, strict=True) if not is_blank(value))
        return tuple(n for n, front in enumerate(self._fronts) if makes_card(front, filled))

    def show(self, values: Sequence[str], ordinal: int, special: SpecialFields | None = None) -> Faces:
        """Return the faces of one card as Anki shows them, with a line where learners type."""
        front, back, answer = show_foreign(self.note_type, values, ordinal, special)
        fields = dict(zip(self.field_names, values, strict=True))
        asked, answered = Side(ordinal + 1, hidden=True), Side(ordinal + 1, hidden=False)
        return Faces(fill_in(front, fields, asked), fill_in(back, fields, answered), fill_in(answer, fields, answered))


def show_foreign(
    note_type: NoteType, values: Sequence[str], ordinal: int, special: SpecialFields | None = None
) -> Faces:
    """Return the faces of a card of a note type whose templates may use all of Anki's language."""
    template = note_type.templates[0 if note_type.cloze else ordinal]
    known = {"Tags": "", "Deck": "", "Subdeck": "", **(special or {}), "Type": note_type.name, "Card": template.name,
             "CardFlag": "flag0", "CardID": "0"}  # fmt: skip
    fields = known | {field.name: value for field, value in zip(note_type.fields, values, strict=True)}
    try:
        front = render(parse_template(template.front), fields, Side(ordinal + 1, hidden=True))
        parts, side = parse_template(template.back), Side(ordinal + 1, hidden=False)
        back = render(parts, fields | {FRONT_SIDE: front}, side)
        alone = render(parts, fields | {FRONT_SIDE: ""}, side)
    except TemplateError as error:
        return Faces(str(error), str(error), str(error))
    return Faces(front, back, _LINE.split(alone)[-1])


def _note_type(
    templates: Templates, key: str, file: NoteTypeFile, name: str, id_: int, with_files: Callable[[str], str]
) -> NoteType:
    def text(part: str) -> str:
        return with_files(templates.texts.get(f"notetypes/{key}/{part}", ""))

    sort_field = file.sort_field or file.field_slots[0].name
    return NoteType(
        key=key,
        name=name,
        id=id_,
        cloze=file.kind == "cloze",
        fields=tuple(NoteField(s.name, s.id, s.spare, s.folded, s.tag, s.stored) for s in file.field_slots),
        templates=tuple(
            CardTemplate(s.title, s.id, text(f"{s.name}.front.html"), text(f"{s.name}.back.html"), s.stored)
            for s in file.card_slots
        ),
        css=text("style.css"),
        sort_field=[slot.name for slot in file.field_slots].index(sort_field),
        stock_kind=file.stock_kind,
        stored=file.anki,
        foreign=True,
    )
