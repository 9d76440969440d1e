"""The second channel: a text file that Anki imports into notes which are there, leaving learners' tags alone.

Notes are found by their guid. Only the author's fields are in it, so spare fields and whatever a learner added after
them stay; cards, tags, pictures and the look of cards travel in the package alone.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from generator.files import write_whole
from generator.model.notes import NoteType, Release


def write_update_text(release: Release, file: Path) -> None:
    """Write the file in one step. Raises OSError with the old file untouched."""
    write_whole(file, update_text(release).encode())


def update_text(release: Release) -> str:
    """Return the text: a head that tells Anki what the columns are, and one row for each note.

    Notes of one note type have columns with the fields' names, which Anki goes by. Anki goes by position where a
    column gives the note type, and leaves the fields alone that a shorter row does not reach. The deck is for notes
    that are new to the learner: Anki moves no card that is there.
    """
    notes = release.notes
    used = [nt for key, nt in notes.note_types.items() if any(note.note_type == key for note in notes.notes)]
    single = len(used) == 1
    head = ["#separator:tab", "#html:true"]
    head += [f"#notetype:{used[0].name}"] if single else []
    head += [f"#deck:{notes.deck}", "#guid column:1"]
    head += [] if single else ["#notetype column:2"]
    labels = ["GUID", *([] if single else ["Note type"]), *_labels(used)]
    lines = [*head, _row("#columns:", labels)]
    for note in notes.notes:
        note_type = notes.note_types[note.note_type]
        start = [release.identities[note.id].guid, *([] if single else [str(note_type.id)])]
        lines.append(_row("", (*start, *(note.fields[i] for i in _authored(note_type)))))
    return "\n".join(lines) + "\n"


def _authored(note_type: NoteType) -> range:
    """The places of the author's fields; the spare ones stand behind them."""
    return range(next((i for i, field in enumerate(note_type.fields) if field.spare), len(note_type.fields)))


def _labels(note_types: Iterable[NoteType]) -> Iterator[str]:
    """The name of each column; where note types have different fields in one place, all their names."""
    names = [[nt.fields[i].name for i in _authored(nt)] for nt in note_types]
    for place in range(max(map(len, names), default=0)):
        yield " / ".join(dict.fromkeys(fields[place] for fields in names if place < len(fields)))


def _row(start: str, values: Iterable[str]) -> str:
    """A row with every value in quotes: whatever is in a value, a tab, a new line or a `#`, stays in it."""
    return start + "\t".join('"' + value.replace('"', '""') + '"' for value in values)
