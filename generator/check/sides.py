"""What a card asks and answers, as words: read from note fields and card templates, whatever note type they are of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from generator.model.notes import Note, NoteSet, NoteType
from generator.text.cloze import CLOZE
from generator.text.html import wording
from generator.text.words import words_of

_CLASS_OR_FIELD = re.compile(r'class="([^"]*)"|\{\{(cloze:)?([^#^/{}]+)\}\}')
_MASK = "image-occlusion:"
"""How Anki writes the place of a mask on a picture, which is no text to recall."""
_ASK, _ANSWER, _HINT = "ask", "answer", "hint"
"""The classes by which a template tells its question, its answer and its hint."""


@dataclass(frozen=True)
class Side:
    """One card as words. `cue` is what the question is about, `ask` the question; `fields` name where each stands."""

    note: Note
    ordinal: int
    template: int
    ask: str
    cue: str
    answer: str
    hints: tuple[tuple[str, str], ...]
    cue_field: str
    answer_field: str

    @cached_property
    def cue_words(self) -> tuple[str, ...]:
        """The words of what the question is about; of the question itself if that is all there is."""
        return words_of(self.cue or self.ask)

    @cached_property
    def answer_words(self) -> tuple[str, ...]:
        """The words of the answer."""
        return words_of(self.answer)


@dataclass(frozen=True)
class _Layout:
    """Which fields of a note stand where on one card template, by their places in the note."""

    ask: tuple[int, ...]
    cue: tuple[int, ...]
    answer: int | None
    cloze: tuple[int, ...]


def read_sides(notes: NoteSet) -> Iterator[Side]:
    """Yield every card that the notes make."""
    layouts = {key: [_layout(note_type, i) for i in range(len(note_type.templates))]
               for key, note_type in notes.note_types.items()}  # fmt: skip
    for note in notes.notes:
        note_type = notes.note_types[note.note_type]
        for ordinal in note.card_ordinals:
            template = 0 if note_type.cloze else ordinal
            yield _side(note, note_type, ordinal, template, layouts[note.note_type][template])


def _side(note: Note, note_type: NoteType, ordinal: int, template: int, layout: _Layout) -> Side:
    fields = note.fields
    cue_field = next((i for i in layout.cue if fields[i]), next(iter(layout.ask), 0))
    answer, answer_field = "", layout.answer
    hints: tuple[tuple[str, str], ...] = ()
    if layout.answer is not None:
        answer = wording(fields[layout.answer])
    for index in layout.cloze:
        found = [(m[2], m[3] or "") for m in CLOZE.finditer(fields[index])
                 if int(m[1]) == ordinal + 1 and not m[2].startswith(_MASK)]  # fmt: skip
        if found:
            hints = tuple((wording(text), wording(hint)) for text, hint in found)
            answer, answer_field = "; ".join(text for text, _ in hints), index
    return Side(
        note, ordinal, template,
        " ".join(wording(fields[i]) for i in layout.ask), " ".join(wording(fields[i]) for i in layout.cue if fields[i]),
        answer, hints, note_type.fields[cue_field].name,
        note_type.fields[answer_field if answer_field is not None else note_type.sort_field].name,
    )  # fmt: skip


def _layout(note_type: NoteType, template: int) -> _Layout:
    names = {field.name: index for index, field in enumerate(note_type.fields)}
    front = list(_parts(note_type.templates[template].front, names))
    back = list(_parts(note_type.templates[template].back, names))
    asked = {index for _, _, index in front}
    answers = [index for classes, cloze, index in back if _ANSWER in classes and not cloze]
    answers += [index for _, cloze, index in back if index not in asked and not cloze]
    return _Layout(
        ask=tuple(index for classes, _, index in front if _ASK in classes),
        cue=tuple(i for classes, cloze, i in front if not cloze and _ASK not in classes and _HINT not in classes),
        answer=None if note_type.cloze else next(iter(answers), None),
        cloze=tuple(dict.fromkeys(index for _, cloze, index in front if cloze)),
    )


def _parts(template: str, names: dict[str, int]) -> Iterator[tuple[tuple[str, ...], bool, int]]:
    """Yield each field that a template shows: the classes of its element, whether it is a cloze, and which it is."""
    classes: tuple[str, ...] = ()
    for match in _CLASS_OR_FIELD.finditer(template):
        if match[1] is not None:
            classes = tuple(match[1].split())
        elif match[3] in names:
            yield classes, bool(match[2]), names[match[3]]
