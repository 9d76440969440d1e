"""The notes of a project's own note types. Their fields are Markdown texts, named as in the note type."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.cards.drafts import Draft, Making
from generator.cards.writer import Writer
from generator.model.entries import OwnNote
from generator.model.notes import EntryRef, NoteId


@dataclass(frozen=True)
class OwnSubject:
    """The content of an own note. Its note type is known when its fields are written."""

    note: OwnNote


def draft_own(making: Making) -> Iterator[Draft]:
    """Yield each note of the project's own note types."""
    for name, note in making.deck.notes.items():
        note_type, _, key = name.partition("/")
        entry = EntryRef("notes", name)
        yield Draft(
            NoteId(note_type, key), write_own, OwnSubject(note), (entry,), note.review, (),
            making.branch_of(note.category), note.tags, was=note.was, subdeck=note.deck or "",
        )  # fmt: skip


def write_own(writer: Writer, subject: OwnSubject) -> dict[str, str]:
    """Return the fields of an own note, with those that all notes of our templates have."""
    note = subject.note
    texts = {name: writer.written(text) for name, text in note.fields_.items()}
    return texts if writer.foreign else {**texts, **writer.backing(note.sources, note.review)}
