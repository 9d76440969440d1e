"""Load a folder as a `Deck`: which files belong to it, and how they are combined."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from generator.diagnostics import Diagnostic, Place, Related
from generator.files import is_inside
from generator.load.folders import is_folder, is_leftover, list_files
from generator.load.media import load_media
from generator.load.positions import find_positions
from generator.load.schema import validate_in_part
from generator.load.text import MAX_BYTES, read_text
from generator.load.yaml import find_lost_texts, parse_yaml
from generator.model.deck import Deck
from generator.model.entries import Cause, CausesFile, DeckFile, OwnNote, Question
from generator.model.reviewed import lapse_reviews
from generator.model.sources import SourcesFile
from generator.model.syllabus import SyllabusFile
from generator.text.suggest import closest

M = TypeVar("M", bound=BaseModel)

_SUFFIXES = (".yaml", ".yml")
_ENTRIES = ("causes", "notes")
"""The folders whose files hold entries of any kind."""
_FILES = ("deck.yaml", "sources.yaml", "syllabus.yaml")
_BESIDE = ("table.yaml",)
"""Files of a deck that do not affect its notes."""
_HELD = re.compile(rb"^(?:causes|questions|notes):", re.MULTILINE)
"""The first key of a file with entries."""
_SOURCE = re.compile(rb"\bid['\"]?: *['\"]?([A-Za-z0-9_][\w:.#$%&+?<>~/-]*)", re.ASCII)
"""The key of a source in `sources.yaml`."""
_FOLDERS = {"cause": "causes", "note": "notes", "media": "media"}
"""The folders of a deck, by their names in the singular."""


def load_deck(folder: Path) -> tuple[Deck | None, tuple[Diagnostic, ...]]:
    """Read a deck's folder. Return the deck without its faulty parts, and every fault of every file.

    The deck is None if there is nothing to check: no `deck.yaml`, or one that cannot be parsed.
    """
    faults: list[Diagnostic] = []
    dropped: set[tuple[str, str]] = set()

    def read(model: type[M], file: Path) -> M | None:
        text = read_text(file, folder)
        if isinstance(text, Diagnostic):
            faults.append(text)
            dropped.update((kind, "*") for kind in model.model_fields)
            return None
        data, found = parse_yaml(file, text)
        if model is SourcesFile:
            data = {"references": data} if isinstance(data, list) else data
            dropped.update({("references", "*")} if found else ())  # two works in one
        hopeless = found and data is None
        value, invalid, lost = (None, (), frozenset()) if hopeless else validate_in_part(model, data, file)
        lost_texts = () if hopeless else tuple(find_lost_texts(file, text))
        faults.extend((*found, *_joined(invalid, lost_texts)))
        dropped.update(lost if value else {(kind, "*") for kind in model.model_fields})
        return value

    def read_optional(model: type[M], file: Path) -> M:
        return (read(model, file) if os.path.lexists(file) else None) or model()

    deck_file = folder / "deck.yaml"
    settings = read(DeckFile, deck_file)
    parts: list[tuple[Path, DeckFile | CausesFile]] = [(deck_file, settings)] if settings else []
    cause_files, unreadable = _cause_files(folder)
    parts += [(file, more) for file in cause_files if (more := read(CausesFile, file))]
    if unreadable:
        dropped.update((kind, "*") for kind in CausesFile.model_fields)
    beside = _beside(folder)
    faults += (*unreadable, *_ignored(folder, beside))
    sources_file = folder / "sources.yaml"
    sources = read_optional(SourcesFile, sources_file)
    syllabus = read_optional(SyllabusFile, folder / "syllabus.yaml")

    entries = _gather(parts, faults)
    first: dict[str, int] = {}
    for index, source in enumerate(sources.references):
        if first.setdefault(source.id, index) != index:
            faults.append(_duplicate_source(source.id, sources_file, first[source.id], index))
            dropped.add(("references", "*"))  # one of the two may have another key

    media, media_faults, unusable = load_media(folder)
    faults += media_faults
    dropped.update(("media", name) for name in unusable)
    if settings is None:
        return None, tuple(faults)
    deck = Deck(
        folder=folder, settings=settings, causes=entries.causes, questions=entries.questions, owners=entries.owners,
        notes=entries.notes, references=sources.references, syllabus=syllabus, media=media, files=entries.files,
        dropped=frozenset(dropped), unread_sources=_unread_sources(beside),
    )  # fmt: skip
    return lapse_reviews(deck), tuple(faults)


@dataclass(frozen=True)
class _Entries:
    """The entries of all files of a deck, and the file of each."""

    causes: dict[str, Cause] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    notes: dict[str, OwnNote] = field(default_factory=dict)
    files: dict[tuple[str, str], Path] = field(default_factory=dict)


def _gather(parts: Iterable[tuple[Path, DeckFile | CausesFile]], faults: list[Diagnostic]) -> _Entries:
    """Combine the entries of all files. Add a fault for each that is in two files."""
    found = _Entries()
    for file, part in parts:
        own = {f"{note_type}/{key}": note for note_type, group in part.notes.items() for key, note in group.items()}
        groups: tuple[tuple[str, Iterable[str]], ...] = (
            ("causes", part.causes),
            ("questions", part.questions),
            ("notes", own),
        )
        for kind, keys in groups:
            faults += [
                _duplicate(kind, key, found.files[kind, key], file) for key in keys if (kind, key) in found.files
            ]
            found.files.update({(kind, key): file for key in keys})
        found.causes.update(part.causes)
        found.questions.update(part.questions)
        found.notes.update(own)
    for key, cause in found.causes.items():
        for name, question in cause.questions.items():
            if name in found.questions:
                faults.append(_duplicate_question(name, key, found.files))
            else:
                found.owners[name], found.files["questions", name] = key, found.files["causes", key]
                found.questions[name] = question
    return found


def deck_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of a deck that an author writes."""
    named = (folder / name for name in _FILES)
    return (*_cause_files(folder)[0], *(file for file in named if file.exists()))


def _joined(invalid: tuple[Diagnostic, ...], lost: tuple[Diagnostic, ...]) -> Iterator[Diagnostic]:
    """Yield faults of values, and hidden texts, as one fault if a comment is the reason for a missing value."""
    at = find_positions(fault.place for fault in invalid) if lost else {}
    hidden = {text.place.line: text for text in lost}
    missing = {fault: hidden.pop(at[fault.place].line, None) for fault in invalid if fault.place in at}
    for fault in invalid:
        text = missing.get(fault)
        yield replace(fault, hint=text.hint) if text else fault
    yield from hidden.values()


def _cause_files(folder: Path) -> tuple[tuple[Path, ...], tuple[Diagnostic, ...]]:
    """Return the YAML files with entries, links to folders (which are refused), and folders that cannot be read."""
    files, faults = zip(*(list_files(folder / name) for name in _ENTRIES), strict=True)
    named = (file for found in files for file in found if file.suffix in _SUFFIXES or is_folder(file))
    return tuple(named), tuple(fault for found in faults for fault in found)


def _ignored(folder: Path, beside: Iterable[Path]) -> Iterator[Diagnostic]:
    """Yield a warning for each file and folder that looks like part of the deck but is not read."""
    for file in (file for name in _ENTRIES for file in list_files(folder / name)[0]):
        if file.suffix not in _SUFFIXES and (_is_yaml(file) or (file.suffix == ".txt" and _HELD.search(_read(file)))):
            message, stem = f"`{file.name}` is not read: its name ends in `{file.suffix}`", _without_text(file).stem
            yield Diagnostic("ignored-file", message, Place(file, closed=True), hint=f"rename it to `{stem}.yaml`")
    for file in beside:
        place = Place(file, closed=True)
        if _is_stray(file):
            yield from _misnamed(file)
        known = _FOLDERS.get(file.name.casefold().removesuffix("s"))
        if known and file.name != known and is_folder(file) and not _is_one(file, folder / known):
            yield Diagnostic("ignored-file", f"`{file.name}/` is not read", place, hint=f"rename it to `{known}`")


def _misnamed(file: Path) -> Iterator[Diagnostic]:
    meant = _meant(file)
    if meant is None:
        hint = "move it into `causes/`"
    elif os.path.lexists(file.with_name(meant)):
        hint = f"move what it holds into `{meant}`"
    else:
        hint = f"rename it to `{meant}`"
    if not (meant and _is_one(file, file.with_name(meant))):
        yield Diagnostic("ignored-file", f"`{file.name}` is not read", Place(file, closed=True), hint=hint)


def _is_stray(file: Path) -> bool:
    """Return whether a file beside `deck.yaml` is YAML that is not read."""
    return _is_yaml(file) and file.name not in (*_FILES, *_BESIDE) and not is_folder(file)


def _unread_sources(beside: Iterable[Path]) -> Mapping[str, str]:
    """Return the keys of sources in files that were probably meant to be `sources.yaml`, each with what to do."""
    return {
        key.decode("ascii"): f"{fault.message}: {fault.hint}"
        for file in filter(_is_stray, beside)
        for fault in _misnamed(file)
        if _meant(file) == "sources.yaml"
        for key in _SOURCE.findall(_read(file))
    }


def _beside(folder: Path) -> tuple[Path, ...]:
    """Return what is in a deck's folder; none if that cannot be listed, so that `deck.yaml` cannot be read either."""
    try:
        return tuple(sorted(file for file in folder.iterdir() if not is_leftover(file.name)))
    except OSError:
        return ()


def _without_text(file: Path) -> Path:
    """Return a path without the ending that editors add to names that they do not know: `sources.yaml.txt`."""
    return file.with_suffix("") if file.suffix.casefold() == ".txt" else file


def _is_yaml(file: Path) -> bool:
    """Return whether a name was meant to be that of a YAML file."""
    return _without_text(file).suffix.casefold() in _SUFFIXES


def _meant(file: Path) -> str | None:
    """Return the file of a deck that a file was probably meant to be."""
    stem = closest(_without_text(file).stem, [Path(known).stem for known in _FILES])
    return stem and f"{stem}.yaml"


def _read(file: Path) -> bytes:
    """Return the content of a file that is not part of the deck, or nothing if it cannot or should not be read."""
    try:
        return file.read_bytes() if is_inside(file.parent, file) and file.stat().st_size <= MAX_BYTES else b""
    except OSError:
        return b""


def _is_one(file: Path, other: Path) -> bool:
    """Return whether two names are the same file on a system that ignores case."""
    try:
        return file.samefile(other)
    except OSError:
        return False


def _duplicate(kind: str, key: str, first: Path, second: Path) -> Diagnostic:
    return Diagnostic(
        "duplicate-key",
        f"the {kind[:-1]} `{key}` is in two files",
        Place(second, (kind, key), on_key=True),
        hint="rename one or join the two",
        related=(Related("the first is here", Place(first, (kind, key), on_key=True)),),
    )


def _duplicate_question(name: str, cause: str, files: Mapping[tuple[str, str], Path]) -> Diagnostic:
    return Diagnostic(
        "duplicate-key",
        f"there is another question `{name}`; the keys of questions are unique in the deck",
        Place(files["causes", cause], ("causes", cause, "questions", name), on_key=True),
        hint="rename one",
    )


def _duplicate_source(key: str, file: Path, first: int, second: int) -> Diagnostic:
    return Diagnostic(
        "duplicate-key",
        f"the source `{key}` appears here a second time",
        Place(file, ("references", second, "id")),
        hint="rename one or join the two",
        related=(Related("the first is here", Place(file, ("references", first, "id"))),),
    )
