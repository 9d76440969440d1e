"""Turn Jinja's errors into diagnostics at the template that an author wrote: file, line and what was meant."""

import re
import traceback
from pathlib import Path

from jinja2 import TemplateNotFound, TemplateSyntaxError

from generator.diagnostics import Diagnostic, Place
from generator.model.templates import Templates
from generator.text.suggest import did_you_mean

_NO_FIELD = re.compile(r"Fields object' has no attribute '(\w+)'")
_NO_NAME = re.compile(r"'(\w+)' is undefined")


def template_fault(error: Exception, templates: Templates) -> Diagnostic | None:
    """Return the diagnostic for a template, or None if the error does not come from a template."""
    if isinstance(error, TemplateNotFound):
        name = str(error.name or "")
        return Diagnostic("missing-template", f"there is no template `{name}`", _wanted(name, templates))
    if isinstance(error, TemplateSyntaxError) and (file := error.filename or error.name):  # Jinja confuses the two
        place = _line(templates.files.get(file, Path(file)), error.lineno)
        return Diagnostic("bad-template", error.message or "syntax error", place)
    where = _frame(error, templates)
    if where is None:
        return None
    message = str(error)
    if field := _NO_FIELD.search(message):
        fields = {f.name.replace(" ", "_") for nt in templates.note_types.values() for f in nt.fields_}
        hint = did_you_mean(field[1], fields, before="field.")
        return Diagnostic("unknown-field", f"`field.{field[1]}` is not a field of this note type", where, hint=hint)
    if unknown := _NO_NAME.search(message):
        return Diagnostic("bad-template", f"`{unknown[1]}` is not known here", where)
    return Diagnostic("bad-template", message, where)


def _wanted(name: str, templates: Templates) -> Place:
    """Return where a template is asked for: the line that names it, or the note type of its card."""
    for asking, text in templates.texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            if f'"{name}"' in line or f"'{name}'" in line:
                return _line(templates.files[asking], number)
    return _line(templates.files.get(f"{name.rpartition('/')[0]}/notetype.yaml", Path(name)), 1)


def _frame(error: Exception, templates: Templates) -> Place | None:
    """Return the innermost line of a template that the error passed through."""
    files = {str(file) for file in templates.files.values()}
    lines = [
        _line(Path(frame.filename), frame.lineno or 1)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename in files
    ]
    return lines[-1] if lines else None


def _line(file: Path, line: int) -> Place:
    return Place(file, line=line, column=1)
