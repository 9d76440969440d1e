"""What print keeps on a user's machine: which cards are on paper already, and how each printer shifts the backs."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from generator.files import write_whole
from generator.print.faces import Face
from generator.print.order import OrderError, Printer

_NAME = re.compile(r"\w[\w .-]{0,60}")
"""A printer's name, which leads to no other folder."""


def changed_since(faces: Iterable[Face], file: Path) -> tuple[Face, ...]:
    """Return the cards that are not on paper as they are now, by the record of what was printed."""
    printed = _read(file)
    return tuple(face for face in faces if printed.get(face.name) != face.hash)


def remember_last(faces: Iterable[Face], file: Path) -> None:
    """Keep the cards of the last PDF beside the record; they count as on paper once the user says so."""
    _write(_last(file), {face.name: face.hash for face in faces})


def take_over(file: Path) -> int:
    """Add the cards of the last PDF to the record of what is on paper, and return their number."""
    last = _read(_last(file))
    if last:
        _write(file, {**_read(file), **last})
    return len(last)


def _last(file: Path) -> Path:
    return file.with_suffix(".last.json")


def load_printer(name: str, folder: Path) -> Printer:
    """Return a saved printer. Raises OrderError with the names of those that are saved."""
    data = _read(_printer_file(name, folder))
    if not data:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.json"))) or "none"
        raise OrderError(f"There is no saved printer `{name}`. Saved: {known}.")
    try:
        x, y = data["offset"]
        top, right, bottom, left = (float(edge) for edge in data.get("blank", (0, 0, 0, 0)))
        return Printer((float(x), float(y)), float(data["rotation"]), (top, right, bottom, left))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise OrderError(f"What was saved of the printer `{name}` is damaged; measure and save it again.") from error


def save_printer(name: str, printer: Printer, folder: Path) -> Path:
    """Save a printer under a name and return its file."""
    file = _printer_file(name, folder)
    _write(file, {"offset": list(printer.offset), "rotation": printer.rotation, "blank": list(printer.blank)})
    return file


def _printer_file(name: str, folder: Path) -> Path:
    if not _NAME.fullmatch(name):
        raise OrderError(f"`{name[:60]}` cannot name a printer: use letters, digits, spaces and `-`.")
    return folder / f"{name}.json"


def _read(file: Path) -> Mapping[str, Any]:
    """The content of a file, or nothing if it is not there or was damaged: then all counts as not yet printed."""
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _write(file: Path, data: Mapping[str, object]) -> None:
    write_whole(file, (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
