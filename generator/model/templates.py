"""Note types, templates and phrases, as they are in the template folders."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, RootModel, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from generator.model.entry import Entry
from generator.model.values import Key, Name

SHARED_STYLE = "notetypes/card.css"
"""The css of all cards."""
BUNDLED = "bundled/"
"""The prefix under which a project's template can extend the bundled one that it overrides."""
PLACEHOLDER = re.compile(r"(?<!\{)\{([^{}&\s]*)\}(?!\})")
"""`{cause}` in a phrase. `{{cause}}` is text."""

FieldName = Annotated[str, StringConstraints(pattern=r'^[^\s:{}"#^/][^:{}"]*$')]
"""The name of a field in a form that Anki accepts."""
_PLAIN_NAME = re.compile(r"[^\W_][\w ]*")
"""A name of letters, digits and spaces, which our templates write with `_` for a space."""
Stored = Mapping[str, Any]


class WordsFile(RootModel[Mapping[Key, Name]]):
    """`words/<language>.yaml`: the phrases on cards in one language."""


class FieldEntry(Entry):
    """A field of a note type."""

    shorthand = "name"

    name: FieldName = Field(description="What it is called in Anki and in templates.")
    was: FieldName | None = Field(None, description="The first name that it had, or the spare whose place it took.")
    tag: int | None = Field(None, description="Anki's own number for what the field holds.")
    id: int | None = Field(None, description="Its id in the collections of learners, if the note type states its own.")
    anki: Stored = Field({}, description="What else Anki stores of it, by Anki's own names.")


class CardEntry(Entry):
    """A card template of a note type. `key` is the name of its file and in the card list."""

    shorthand = "key"

    key: Key = Field(description="The name of its file, `KEY.html`.")
    was: Name | None = Field(None, description="The first key that it had, or the spare whose place it took.")
    name: Name | None = Field(None, description="What learners see in the card list; the key if absent.")
    id: int | None = Field(None, description="Its id in the collections of learners, if the note type states its own.")
    anki: Stored = Field({}, description="What else Anki stores of it, by Anki's own names.")


class Spares(Entry):
    """Spare fields and card templates at the end. Using one later does not change the schema that Anki compares."""

    fields_: int = Field(0, alias="fields", ge=0, le=20, description="How many fields.")
    cards: int = Field(0, ge=0, le=20, description="How many card templates.")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the schema of a note type. `first` is the name from which its id was derived; a spare is not used yet.

    `id` is set if the note type states its own ids, `title` if Anki's name for it is another.
    """

    name: str
    first: str
    spare: bool = False
    folded: bool = False
    tag: int | None = None
    id: int | None = None
    title: str = ""
    stored: Mapping[str, Any] = field(default_factory=dict)


class NoteTypeFile(Entry):
    """`notetype.yaml`: the schema of a note type. The order of fields and cards never changes."""

    name: Name = Field(description="Its name in Anki, after that of the deck; as it is if `id` is stated.")
    id: int | None = Field(
        None, gt=0, description="Its id in the collections of learners who have it already; derived if absent."
    )
    markup: Literal["aetia", "anki"] = Field(
        "aetia",
        description="The language of its templates. `anki` is Anki's own: `KEY.front.html` and `KEY.back.html` go into "
        "the package as they are, and so do the fields and tags of notes.",
    )
    kind: Literal["standard", "cloze"] = Field("standard", description="Whether its cards are cloze deletions.")
    stock_kind: int | None = Field(None, description="Anki's own number for a note type that its editor knows.")
    sort_field: FieldName | None = Field(
        None, description="The field by which Anki's browser sorts; the first if absent."
    )
    fields_: tuple[FieldEntry, ...] = Field(alias="fields", min_length=1, description="The fields, in their order.")
    folded: tuple[FieldEntry, ...] = Field((), description="Further fields, folded in Anki's editor.")
    cards: tuple[CardEntry, ...] = Field(min_length=1, description="The card templates, in their order.")
    spares: Spares = Field(Spares.model_construct(), description="Room for fields and cards that come later.")
    anki: Stored = Field({}, description="What else Anki stores of it, by Anki's own names.")

    @field_validator("fields_", "folded", "cards")
    @classmethod
    def _check_names(cls, slots: tuple[FieldEntry | CardEntry, ...], info: ValidationInfo) -> Any:
        """Refuse a name that no template can write, and one that Anki would take for that of another."""
        before = info.data.get("fields_", ()) if info.field_name == "folded" else ()
        seen = {field.name.casefold() for field in before}
        for name in (slot.key if isinstance(slot, CardEntry) else slot.name for slot in slots):
            if info.field_name != "cards" and info.data.get("markup") == "aetia" and not _PLAIN_NAME.fullmatch(name):
                raise PydanticCustomError("name", "`{name}` holds more than letters, digits and spaces", {"name": name})
            if name.casefold() in seen:
                raise PydanticCustomError("name", "`{name}` is in the list twice", {"name": name})
            seen.add(name.casefold())
        return slots

    @property
    def field_slots(self) -> tuple[Slot, ...]:
        """All fields in their order, the spare ones at the end."""
        folded = {field.name for field in self.folded}
        return tuple(
            _with_spares(
                [
                    Slot(f.name, f.was or f.name, folded=f.name in folded, tag=f.tag, id=f.id, stored=f.anki)
                    for f in (*self.fields_, *self.folded)
                ],
                self.spares.fields_,
            )
        )

    @property
    def card_slots(self) -> tuple[Slot, ...]:
        """All card templates in their order, the spare ones at the end."""
        used = [Slot(c.key, c.was or c.key, id=c.id, title=c.name or c.key, stored=c.anki) for c in self.cards]
        return tuple(_with_spares(used, self.spares.cards))


def _with_spares(used: list[Slot], count: int) -> Iterator[Slot]:
    yield from used
    taken = {slot.first for slot in used}
    names = (f"Spare {number}" for number in range(1, count + 1))
    yield from (Slot(name, name, spare=True, folded=True) for name in names if name not in taken)


@dataclass(frozen=True)
class Templates:
    """Everything that shapes cards: template texts by name, the file of each, note types and phrases.

    `own` names the note types of which the project has a file, `added` those of them that are not bundled. `words` are
    the bundled phrases by language, `own_words` those of the project, which replace them.
    """

    texts: Mapping[str, str]
    files: Mapping[str, Path]
    note_types: Mapping[str, NoteTypeFile]
    words: Mapping[str, Mapping[str, str]]
    own: frozenset[str]
    added: frozenset[str] = frozenset()
    own_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def words_in(self, language: str) -> Mapping[str, str]:
        """Return the phrases in a language, or in its base language, or nothing if neither is known."""
        name = self.language_of(language)
        return {**self.words.get(name, {}), **self.own_words.get(name, {})}

    def language_of(self, language: str) -> str:
        """Return the language whose phrases a language takes: its own, or else those of its base language."""
        return language if language in self.words.keys() | self.own_words else language.partition("-")[0]
