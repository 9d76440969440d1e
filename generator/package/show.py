"""Anki's own template language to what Anki shows: the reading of a note type that stands in a package."""

import re
from collections.abc import Mapping, Sequence

from generator.model.notes import Faces, NoteType
from generator.text.cloze import show_cloze
from generator.text.html import is_blank

_SECTION = re.compile(r"\{\{([#^])([^{}]+)\}\}((?:(?!\{\{[#^/]).)*)\{\{/\2\}\}", re.DOTALL)
"""A section without another inside."""
_NAME = re.compile(r"\{\{(cloze:)?([^#^/{}]+?)\}\}")
_FRONT = "FrontSide"
_LINE = '<hr id="answer">'


def show_packed(note_type: NoteType, values: Sequence[str], ordinal: int) -> Faces:
    """Return the faces of one card as Anki shows them, for templates such as Aetia writes."""
    template = note_type.templates[0 if note_type.cloze else ordinal]
    fields = {field.name: value for field, value in zip(note_type.fields, values, strict=True)}
    front = _side(template.front, fields, ordinal + 1, hidden=True)
    back = _side(template.back, {**fields, _FRONT: front}, ordinal + 1, hidden=False)
    return Faces(front, back, back.rpartition(_LINE)[2])


def _side(template: str, fields: Mapping[str, str], cloze: int, hidden: bool) -> str:
    def name(match: re.Match[str]) -> str:
        value = fields.get(match[2], "")
        return show_cloze(value, cloze, hidden) if match[1] else value

    return _NAME.sub(name, _sections(template, fields))


def _sections(template: str, fields: Mapping[str, str]) -> str:
    """Keep or drop each section, from the inside out: one may hold others, even of its own name."""

    def section(match: re.Match[str]) -> str:
        wanted = is_blank(fields.get(match[2], "")) == (match[1] == "^")
        return match[3] if wanted else ""

    found = 1
    while found:
        template, found = _SECTION.subn(section, template)
    return template
