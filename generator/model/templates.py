"""What shapes cards: note types, templates and phrases as they stand in the template folders."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, RootModel, StringConstraints

from generator.model.entries import Entry, Key, Name

BUNDLED = "bundled/"
"""The prefix under which a project's template can extend the bundled one that it overrides."""


class WordsFile(RootModel[Mapping[Key, Name]]):
    """`words/<language>.yaml`: the phrases on cards in one language."""


class FieldEntry(Entry):
    """A field of a note type, with its permanent id."""

    name: Annotated[str, StringConstraints(pattern=r"^[^\W_][\w ]*$")]
    id: int
    spare: bool = False
    tag: int | None = Field(None, description="Anki's own number for what the field holds.")


class CardEntry(Entry):
    """A card template of a note type, with its permanent id. `key` is its file's name and the author's name for it."""

    key: Key
    name: Name
    id: int
    spare: bool = False


class NoteTypeFile(Entry):
    """`notetype.yaml`: the frozen schema of a note type."""

    name: Name
    id: int
    kind: Literal["standard", "cloze"]
    modified: int | None = Field(
        None, description="When it last changed, in seconds since 1970; a build's task if absent."
    )
    stock_kind: int | None = Field(None, description="Anki's own number for a note type that its editor knows.")
    sort_field: Name
    fields_: tuple[FieldEntry, ...] = Field(alias="fields", min_length=1)
    cards: tuple[CardEntry, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Templates:
    """Everything that shapes cards: template texts by name, where each stands, note types and phrases.

    `own` names the note types that the project changed.
    """

    texts: Mapping[str, str]
    files: Mapping[str, Path]
    note_types: Mapping[str, NoteTypeFile]
    words: Mapping[str, Mapping[str, str]]
    own: frozenset[str]
