"""Note types: template files in, Anki's note types and their readings out."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup

from generator.cards.environment import Blocks, CardEnvironment
from generator.cards.readings import FILLED, FieldForAnki, FieldForCards, FieldForNote, Fields
from generator.model.notes import CardTemplate, NoteField, NoteType
from generator.model.templates import CardEntry, NoteTypeFile, Templates
from generator.text.cloze import cloze_numbers
from generator.text.html import is_blank

SHARED_STYLE = "notetypes/card.css"


class CompiledNoteType:
    """A note type with its templates compiled: makes field values, finds the cards and reads the sides."""

    def __init__(self, environment: CardEnvironment, templates: Templates, key: str, owner: str) -> None:
        folder = f"notetypes/{key}/"
        entry = templates.note_types[key]
        self._environment = environment
        self._fields = Blocks(environment, folder + "fields.html")
        self._sides = {
            card.key: Blocks(environment, f"{folder}{card.key}.html") for card in entry.cards if not card.spare
        }
        self._blocks = [field.name.replace(" ", "_") if not field.spare else None for field in entry.fields_]
        self._filled = [block for block in self._blocks if block]
        self.card_keys = tuple(card.key for card in entry.cards)
        self.note_type = self._note_type(templates, key, entry, owner)
        self._names = tuple(field.name for field in entry.fields_)
        self._ordinals = cache(self._ordinals_of)

    def values(self, variables: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the field values of a note, in the order of the fields."""
        rendered = iter(self._fields.render(self._filled, variables))
        return tuple([next(rendered).strip() if block else "" for block in self._blocks])

    def cards(self, values: Sequence[str]) -> tuple[int, ...]:
        """Return the ordinals, from 0, of the cards that Anki makes of these values."""
        if self.note_type.cloze:
            return tuple(sorted(number - 1 for number in cloze_numbers("\n".join(values)) if number))
        return self._ordinals(tuple(map(is_blank, values)))

    def _ordinals_of(self, blank: tuple[bool, ...]) -> tuple[int, ...]:
        field = Fields({name: FieldForCards(not b) for name, b in zip(self._names, blank, strict=True)})
        fronts = (self._side(card, "front", {"field": field}) for card in self._cards())
        return tuple(ordinal for ordinal, front in enumerate(fronts) if FILLED in front)

    def show(self, values: Sequence[str], ordinal: int) -> tuple[str, str]:
        """Return front and back of one card as Anki shows them."""
        card = self._cards()[0 if self.note_type.cloze else ordinal]

        def fields(hidden: bool) -> Fields:
            return Fields({n: FieldForNote(v, ordinal + 1, hidden) for n, v in zip(self._names, values, strict=True)})

        front = self._side(card, "front", {"field": fields(hidden=True)})
        back = self._side(card, "back", {"field": fields(hidden=False), "front": Markup(front)})
        return front, back

    def _cards(self) -> tuple[CardEntry, ...]:
        return self._entry.cards

    def _side(self, card: CardEntry, side: str, variables: Mapping[str, Any]) -> str:
        if card.spare:
            return self._spare(card, variables["field"])
        return self._sides[card.key].render([side], variables)[0]

    def _spare(self, card: CardEntry, field: Any) -> str:
        """A spare template shows the spare field of its name, which is empty until the schema needs it."""
        spare = getattr(field, card.name.replace(" ", "_"))
        return str(spare.section(True, lambda: Markup(spare)))

    def _note_type(self, templates: Templates, key: str, entry: NoteTypeFile, owner: str) -> NoteType:
        self._entry = entry
        mine = key in templates.own
        field = Fields({f.name: FieldForAnki(f.name) for f in entry.fields_})
        for_anki = {"field": field, "front": Markup("{{FrontSide}}")}
        return NoteType(
            key=key,
            name=f"{entry.name} ({owner})" if mine else entry.name,
            id=_own_id(owner, key) if mine else entry.id,
            cloze=entry.kind == "cloze",
            fields=tuple(NoteField(f.name, f.id, f.spare, f.tag) for f in entry.fields_),
            templates=tuple(
                CardTemplate(c.name, c.id, self._side(c, "front", for_anki), self._side(c, "back", for_anki))
                for c in entry.cards
            ),
            css=templates.texts[SHARED_STYLE] + templates.texts.get(f"notetypes/{key}/style.css", ""),
            sort_field=next(i for i, f in enumerate(entry.fields_) if f.name == entry.sort_field),
            modified=None if mine else entry.modified,
            stock_kind=entry.stock_kind,
        )


def _own_id(owner: str, key: str) -> int:
    """Return a note type id for a project that changed a bundled one: stable, and unlike that of any other project."""
    digest = hashlib.sha256(f"{owner}\x1f{key}".encode()).digest()
    return 1_600_000_000_000 + int.from_bytes(digest[:5]) % 100_000_000_000
