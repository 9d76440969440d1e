"""The update text: a file that Anki's text import takes into existing notes, without touching learners' tags.

Notes are found by their guid. The file has only the author's fields, so spare fields and the fields that a learner
added after them stay. Cards, tags and the look of cards come only with the package, and so do notes with pictures or
sounds: Anki takes files only with notes that the package adds or updates, and after this text it updates none.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from generator.files import write_whole
from generator.model.notes import NoteType, Release


def write_update_text(release: Release, file: Path) -> None:
    """Write the file in one step. Raise OSError and leave the old file if that fails."""
    write_whole(file, update_text(release).encode())


def update_text(release: Release) -> str:
    """Return the text: a header that tells Anki what the columns are, and one row for each note without files.

    If all notes have one note type, the columns have the names of the fields, and Anki goes by these. Otherwise a
    column gives the note type, and Anki goes by position and leaves fields alone that a shorter row does not reach.
    The deck, or the column of decks, is for notes that are new to the learner: Anki moves no existing card.
    """
    notes = release.notes
    used = [nt for key, nt in notes.note_types.items() if any(note.note_type == key for note in notes.notes)]
    single, parted = len(used) == 1, any(note.subdeck for note in notes.notes)
    head = ["#separator:tab", "#html:true"]
    head += [f"#notetype:{used[0].name}"] if single else []
    head += [] if parted else [f"#deck:{notes.deck}"]
    labels = ["GUID", *([] if single else ["Note type"]), *(["Deck"] if parted else [])]
    head += ["#guid column:1"]
    head += [] if single else ["#notetype column:2"]
    head += [f"#deck column:{len(labels)}"] if parted else []
    lines = [*head, _row("#columns:", [*labels, *_labels(used)])]
    for note in (note for note in notes.notes if not note.media):
        note_type = notes.note_types[note.note_type]
        start = [release.identities[note.id].guid, *([] if single else [str(note_type.id)])]
        start += [notes.home(note)] if parted else []
        lines.append(_row("", (*start, *(note.fields[i] for i in _authored(note_type)))))
    return "\n".join(lines) + "\n"


def _authored(note_type: NoteType) -> range:
    """Return the positions of the author's fields, without the spare fields that follow."""
    return range(next((i for i, field in enumerate(note_type.fields) if field.spare), len(note_type.fields)))


def _labels(note_types: Iterable[NoteType]) -> Iterator[str]:
    """Return the name of each column: all names, if note types have different fields in the same position."""
    names = [[nt.fields[i].name for i in _authored(nt)] for nt in note_types]
    for place in range(max(map(len, names), default=0)):
        yield " / ".join(dict.fromkeys(fields[place] for fields in names if place < len(fields)))


def _row(start: str, values: Iterable[str]) -> str:
    """Return a row with every value in quotes, so that tabs, new lines and `#` stay part of it."""
    return start + "\t".join('"' + value.replace('"', '""') + '"' for value in values)
