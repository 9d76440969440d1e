"""Read YAML files that come with Aetia. A fault in one is a slip of whoever works on Aetia, so it is an exception."""

from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from generator.diagnostics import Diagnostic, Place
from generator.load.positions import find_positions
from generator.load.yaml import parse_yaml

T = TypeVar("T")


def read_bundled(form: type[T], file: Path) -> T:
    """Return what a file says, in a form. Raise ValueError, which names file and line, if it does not have the form."""
    data, faults = parse_yaml(file, file.read_text("utf-8"))
    try:
        value = TypeAdapter(form).validate_python(data)
    except ValidationError as error:
        wrong = (Diagnostic("wrong-type", fault["msg"], Place(file, fault["loc"])) for fault in error.errors())
        faults = faults or tuple(wrong)
    if faults:
        lines = find_positions(fault.place for fault in faults)
        raise ValueError("\n".join(f"{file}:{lines[fault.place].line}: {fault.message}" for fault in faults)) from None
    return value
