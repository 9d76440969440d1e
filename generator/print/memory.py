"""What `aetia print` saves for a user: which cards are on paper, and how each printer shifts backs."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from generator.files import write_whole
from generator.model.stock import Stock
from generator.print.order import OrderError, Printer

_NAME = re.compile(r"\w[\w .-]{0,60}")
"""The form of a printer's name, which cannot lead to another folder."""


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A card as it was printed: its number, whether it had details, a hash that changes with it, its stock and copies.

    Without a hash, it is a card that the user was told to throw away, because its entry is gone. The stock is a name,
    a sheet of the user's own, or unknown. The time is that of the PDF from which it went onto paper.
    """

    number: int
    details: bool
    hash: str
    stock: str | Stock = ""
    time: float = 0
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Made:
    """A PDF of sheets: its time in seconds since 1970, a hash of its content, and its cards by name."""

    time: float
    content: str
    cards: Mapping[str, OnPaper]


_RECORD = TypeAdapter(dict[str, OnPaper])
_MADE = TypeAdapter(dict[str, Made])
T = TypeVar("T")


def read_printed(record: Path) -> Mapping[str, OnPaper]:
    """Return the cards that are on paper, by name, those that went there last at the end."""
    return _load(_RECORD, record)


def remember_made(cards: Mapping[str, OnPaper], gone: Mapping[str, OnPaper], pdf: Path, record: Path) -> None:
    """Save the cards of a PDF beside the record. Once the user confirms it, they count as printed, others as gone."""
    made = {name: made for name, made in _load(_MADE, _beside(record)).items() if _is_as_made(Path(name), made)}
    thrown = {name: replace(card, hash="") for name, card in gone.items()}
    made.pop(str(pdf.absolute()), None)  # the last one made is the last in the file
    made[str(pdf.absolute())] = Made(pdf.stat().st_mtime, _content(pdf), {**thrown, **cards})
    write_whole(_beside(record), _MADE.dump_json(made, indent=1))


def take_over(pdfs: Sequence[Path], record: Path) -> tuple[Path, Made, tuple[int, ...]]:
    """Add the cards of the latest of several PDFs to the record of printed cards, and return that PDF with these cards.

    The numbers are those of the cards that it has too, but that went onto paper from a newer PDF: they stay. Raise
    OrderError if none of the PDFs is as it was made, or if other printed cards have the same numbers.
    """
    known = _load(_MADE, _beside(record))
    there = {name: made for name, made in known.items() if _is_as_made(Path(name), made)}
    asked = {str(pdf.absolute()) for pdf in pdfs}
    found = [name for name in there if name in asked]
    if not found:
        others = f" Made were: {', '.join(there)}; name one: --done -o FILE." if there else ""
        raise OrderError(f"{pdfs[0]} has no sheets of this deck that could be on paper, or was changed since.{others}")
    last = found[-1]
    made, before = there[last], read_printed(record)
    newer = {name for name in made.cards if name in before and before[name].time > made.time}
    cards = {name: replace(card, time=made.time) for name, card in made.cards.items() if name not in newer}
    printed = {**{name: card for name, card in before.items() if name not in cards}, **cards}
    counts = Counter(card.number for card in printed.values())
    if twice := [number for number, count in counts.items() if count > 1]:
        raise OrderError(
            f"Since {last} was made, another card with the number {min(twice)} went onto paper. Print them again."
        )
    write_whole(record, _RECORD.dump_json(printed, indent=1))
    return Path(last), replace(made, cards=cards), tuple(sorted(before[name].number for name in newer))


def _load(adapter: TypeAdapter[dict[str, T]], file: Path) -> dict[str, T]:
    """Return the content of a file, or nothing if it is missing or damaged: then all cards count as not printed."""
    try:
        return adapter.validate_json(file.read_bytes())
    except (OSError, ValueError):
        return {}


def _is_as_made(pdf: Path, made: Made) -> bool:
    return pdf.is_file() and _content(pdf) == made.content


def _content(pdf: Path) -> str:
    return sha256(pdf.read_bytes()).hexdigest()


def _beside(record: Path) -> Path:
    return record.with_suffix(".made.json")


def load_printer(name: str, folder: Path) -> Printer:
    """Return a saved printer. Raise OrderError, which lists the saved ones, if there is none with this name."""
    data = _read(_printer_file(name, folder))
    if not data:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.json"))) or "none"
        raise OrderError(f"There is no saved printer `{name}`. Saved: {known}.")
    try:
        x, y = data["offset"]
        top, right, bottom, left = (float(edge) for edge in data.get("blank", (0, 0, 0, 0)))
        return Printer(
            (float(x), float(y)), float(data["rotation"]), (top, right, bottom, left), str(data.get("measured", ""))
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise OrderError(f"What was saved of the printer `{name}` is damaged; measure and save it again.") from error


def save_printer(name: str, printer: Printer, folder: Path) -> Path:
    """Save a printer under a name and return its file."""
    file = _printer_file(name, folder)
    _write(file, asdict(printer))
    return file


def _printer_file(name: str, folder: Path) -> Path:
    if not _NAME.fullmatch(name):
        raise OrderError(f"`{name[:60]}` cannot name a printer: use letters, digits, spaces and `-`.")
    return folder / f"{name}.json"


def _read(file: Path) -> Mapping[str, Any]:
    """Return the content of a file, or nothing if it is missing or damaged."""
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _write(file: Path, data: Mapping[str, object]) -> None:
    write_whole(file, (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
