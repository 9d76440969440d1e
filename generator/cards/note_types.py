"""Compile template files into Anki's note types and their readings.

A template has a block `front` and a block `answer`. The back repeats the front (or has the block `question` in its
place) above the answer. A block `back` replaces all of this.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import TemplateSyntaxError
from markupsafe import Markup

from generator.cards.environment import Blocks, CardEnvironment
from generator.cards.foreign import ForeignNoteType, SpecialFields
from generator.cards.readings import FILLED, FieldForAnki, FieldForCards, FieldForNote, Fields
from generator.model.kinds import kind_of_template
from generator.model.notes import CardTemplate, Faces, NoteField, NoteType
from generator.model.templates import SHARED_STYLE, NoteTypeFile, Slot, Templates
from generator.text.anki_markup import check_template
from generator.text.cloze import cloze_numbers
from generator.text.html import is_blank

_LINE = '<hr id="answer">'


@dataclass(frozen=True)
class Setting:
    """What is the same for all notes of a deck, and compiled into its note types.

    `namespace` goes into the ids, `deck` into the names. `constants` are variables of the templates. `facets` gives the
    name and the question of the facet in each slot. `skipped` are kinds that the deck does without: their templates
    are empty, or, in a cloze note type, which has one template for several kinds, their notes are not made. `style` is
    css. `files` gives the packed names of the deck's files.
    """

    namespace: str
    deck: str
    language: str
    direction: str
    constants: Mapping[str, Any]
    facets: Mapping[int, tuple[str, Markup | None]]
    skipped: frozenset[str]
    style: str
    files: Mapping[str, str]


class CompiledNoteType:
    """A note type with compiled templates, which finds the cards of a note and renders their sides."""

    media: Sequence[str] = ()

    def __init__(self, environment: CardEnvironment, templates: Templates, key: str, setting: Setting) -> None:
        folder = f"notetypes/{key}/"
        file = templates.note_types[key]
        self._key, self._setting, self._file = key, setting, file
        self._slots = file.card_slots
        self._sides = {
            slot.name: Blocks(environment, f"{folder}{slot.name}.html") for slot in self._slots if not slot.spare
        }
        self.field_names = tuple(slot.name for slot in file.field_slots)
        self._empty = dict.fromkeys(self.field_names, "")
        self.cloze = file.kind == "cloze"
        self.note_type = self._note_type(templates)
        fronts = "".join(template.front for template in self.note_type.templates)
        self._asked = tuple(n for n, name in enumerate(self.field_names) if f"{name}}}}}" in fronts)
        self._ordinals = cache(self._ordinals_of)

    def values(self, fields: Mapping[str, str]) -> tuple[str, ...]:
        """Return the values of a note in the order of the fields. Raise KeyError for an unknown field."""
        values = self._empty | dict(fields)
        if len(values) > len(self._empty):
            raise KeyError(min(fields.keys() - self._empty))
        return tuple(values.values())

    def cards(self, values: Sequence[str]) -> tuple[int, ...]:
        """Return the ordinals, from 0, of the cards that Anki makes of these values."""
        if self.cloze:
            return tuple(sorted(number - 1 for number in set().union(*map(cloze_numbers, values)) if number))
        return self._ordinals(tuple([bool(v := values[n]) and not is_blank(v) for n in self._asked]))

    def show(self, values: Sequence[str], ordinal: int, _: SpecialFields | None = None) -> Faces:
        """Return the faces of one card as Anki shows them."""
        slot = self._slots[0 if self.cloze else ordinal]

        def fields(hidden: bool) -> Fields:
            pairs = zip(self.field_names, values, strict=True)
            return Fields({name: FieldForNote(value, ordinal + 1, hidden) for name, value in pairs})

        front = self._front(slot, fields(hidden=True))
        back = self._back(slot, fields(hidden=False), front)
        return Faces(front, back, back.rpartition(_LINE)[2])

    def _ordinals_of(self, filled: tuple[bool, ...]) -> tuple[int, ...]:
        """Return the ordinals of the cards for a set of filled fields. Only fields on fronts matter."""
        asked = dict(zip(self._asked, filled, strict=True))
        field = Fields({name: FieldForCards(asked.get(n, False)) for n, name in enumerate(self.field_names)})
        return tuple(n for n, slot in enumerate(self._slots) if FILLED in self._front(slot, field))

    def _front(self, slot: Slot, field: Any) -> str:
        skipped = not self.cloze and kind_of_template(self._key, slot.name) in self._setting.skipped
        if slot.spare or skipped:
            return self._never(slot, field)
        return self._framed(self._block(slot, "front", field))

    def _back(self, slot: Slot, field: Any, front: str) -> str:
        if slot.spare:
            return front
        blocks = self._sides[slot.name]
        if "back" in blocks:
            return self._block(slot, "back", field, Markup(front))
        above = self._framed(self._block(slot, "question", field)) if "question" in blocks else front
        return f"{above}\n{_LINE}\n{self._framed(self._block(slot, 'answer', field))}"

    def _never(self, slot: Slot, field: Any) -> str:
        """Return the front of a card that no note has. Anki requires a field on it, and different fronts."""
        first = getattr(field, self.field_names[0].replace(" ", "_"))
        shown = Markup("{} {}").format(slot.name, Markup(first))
        return str(first.section(True, lambda: first.section(False, lambda: shown)))

    def _block(self, slot: Slot, block: str, field: Any, front: Markup | None = None) -> str:
        facets = [
            {"name": name, "field": getattr(field, f"Facet_{number}", None)}
            for number, (name, _) in sorted(self._setting.facets.items())
        ]
        asks = [ask for _, (_, ask) in sorted(self._padded().items())]
        variables = {**self._setting.constants, "field": field, "front": front, "facets": facets, "facet_asks": asks}
        return self._sides[slot.name].render(block, variables)

    def _padded(self) -> Mapping[int, tuple[str, Markup | None]]:
        """Return the facets of all slots of the note type, including those that the deck does not use."""
        slots = [int(name.removeprefix("Facet ")) for name in self.field_names if name.startswith("Facet ")]
        return dict.fromkeys(slots, ("", Markup())) | dict(self._setting.facets)

    def _framed(self, html: str) -> str:
        """Return a side with the language and direction of its text. Without a filled field, a front stays empty."""
        setting = self._setting
        return f'<div class="aetia" lang="{setting.language}" dir="{setting.direction}">\n{html}</div>'

    def _note_type(self, templates: Templates) -> NoteType:
        file, setting = self._file, self._setting
        field = Fields({name: FieldForAnki(name) for name in self.field_names})
        sort_field = file.sort_field or self.field_names[0]
        return NoteType(
            key=self._key,
            name=name_of(file, setting),
            id=note_type_id(file, setting.namespace, self._key),
            cloze=self.cloze,
            fields=tuple(
                NoteField(s.name, self._slot_id("field", s), s.spare, s.folded, s.tag) for s in file.field_slots
            ),
            templates=tuple(
                CardTemplate(
                    slot.name,
                    self._slot_id("card", slot),
                    self._front(slot, field),
                    self._back(slot, field, "{{FrontSide}}"),
                )
                for slot in self._slots
            ),
            css=templates.texts[SHARED_STYLE]
            + templates.texts.get(f"notetypes/{self._key}/style.css", "")
            + setting.style,
            sort_field=self.field_names.index(sort_field),
            stock_kind=file.stock_kind,
        )

    def _slot_id(self, what: str, slot: Slot) -> int:
        return _derive_id(self._setting.namespace, self._key, what, slot.first) % 10**12


def compile_note_type(
    environment: CardEnvironment, templates: Templates, key: str, setting: Setting
) -> CompiledNoteType | ForeignNoteType:
    """Return a note type that is ready to be filled, with templates in our language or in Anki's."""
    file = templates.note_types[key]
    if file.markup == "aetia":
        compiled = CompiledNoteType(environment, templates, key, setting)
        if key in templates.own:
            _check(compiled.note_type)
        return compiled
    id_ = note_type_id(file, setting.namespace, key)
    return ForeignNoteType(templates, key, name_of(file, setting), id_, setting.files.get)


def _check(note_type: NoteType) -> None:
    """Raise TemplateSyntaxError if a project's template becomes one that Anki cannot read."""
    fields = [field.name for field in note_type.fields]
    for card in note_type.templates:
        for text in (card.front, card.back):
            if fault := check_template(text, fields, back=text is card.back):
                message = f"Anki shows an error in place of this card: {fault}"
                raise TemplateSyntaxError(message, 1, f"notetypes/{note_type.key}/{card.name}.html")


def note_type_id(file: NoteTypeFile, namespace: str, key: str) -> int:
    """Return the id of a note type in Anki, whether or not the deck has a note of it."""
    return file.id or _derive_id(namespace, key, "note type")


def name_of(file: NoteTypeFile, setting: Setting) -> str:
    """Return a note type's name in Anki: its own if it states its id, or else one that begins with the deck's name."""
    return file.name if file.id else f"{setting.deck} · {file.name}"


def _derive_id(*parts: str) -> int:
    """Return an id in the range of Anki's own, which is the same on every machine and differs between decks."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return 1_500_000_000_000 + int.from_bytes(digest[:6]) % 200_000_000_000
