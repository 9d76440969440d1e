"""Load template folders as `Templates`. A project's files override the bundled ones."""

from collections.abc import Iterator, Mapping
from filecmp import cmp
from pathlib import Path
from typing import Literal, TypeVar, get_args

from pydantic import BaseModel

from generator.diagnostics import Diagnostic, Place
from generator.files import is_inside
from generator.load.bundled import read_bundled
from generator.load.folders import is_folder, list_files
from generator.load.overrides import check_overrides
from generator.load.schema import validate
from generator.load.text import read_text
from generator.load.yaml import parse_yaml
from generator.model.templates import BUNDLED, NoteTypeFile, Templates, WordsFile

M = TypeVar("M", bound=BaseModel)

NOTE_TYPES = "notetypes/"
Meaning = Literal["affirmed", "denied", "places", "asks", "causes-of"]
"""What words in `templates/import/` mean that are in cells of tables and in names of decks, not in headers."""
_ENGLISH = f"{BUNDLED}words/en.yaml"
"""The phrases that stand in for those that a language lacks, so that no card can do without them."""


def load_templates(bundled: Path, project: Path | None) -> tuple[Templates, tuple[Diagnostic, ...]]:
    """Read both folders. The project's files win.

    A note type is the project's own if the project has one of its files, or a file that all note types share.
    """
    texts: dict[str, str] = {}
    files: dict[str, Path] = {}
    faults: list[Diagnostic] = []
    own: set[str] = set()

    def read(folder: Path, mine: bool) -> None:
        found, unreadable = _files(folder)
        faults.extend(unreadable)
        for file in found:
            name = file.relative_to(folder).as_posix()
            text = read_text(file, folder.parent if mine else None)
            if isinstance(text, Diagnostic):
                faults.append(text)
                continue
            if mine and name.startswith(NOTE_TYPES):
                own.add(name.split("/")[1])
            for entry in (name,) if mine else (name, BUNDLED + name):
                texts[entry], files[entry] = text, file

    read(bundled, mine=False)
    if project and project.is_dir() and not _is_copy(project, bundled):
        read(project, mine=True)

    note_types = {
        name.split("/")[1]: note_type
        for name in sorted(texts)
        if name.startswith(NOTE_TYPES) and name.endswith("/notetype.yaml")
        if (note_type := _parse(NoteTypeFile, files[name], texts[name], faults))
    }
    faults += check_overrides(project, texts, files, note_types)
    shared = own - note_types.keys()
    for name in sorted(own & note_types.keys()):
        if lacking := [*_check_complete(name, note_types[name], texts, files)]:
            faults += lacking
            del note_types[name]
    words, own_words = _words(texts, files, faults)
    added = frozenset(n for n in own & note_types.keys() if f"{BUNDLED}{NOTE_TYPES}{n}/notetype.yaml" not in texts)
    restyled = frozenset(note_types if shared else own)
    return Templates(texts, files, note_types, words, restyled, added, own_words), tuple(faults)


def _check_complete(
    name: str, note_type: NoteTypeFile, texts: Mapping[str, str], files: Mapping[str, Path]
) -> Iterator[Diagnostic]:
    """Yield an error for each field and card that a project's file of a bundled note type leaves out."""
    file = f"{NOTE_TYPES}{name}/notetype.yaml"
    bundled = _parse(NoteTypeFile, files[file], texts.get(BUNDLED + file, texts[file]), [])
    if bundled is None:
        return
    for what, key, at, own, whole in (
        ("field", "name", "folded", note_type.field_slots, bundled.field_slots),
        ("card", "key", "cards", note_type.card_slots, bundled.card_slots),
    ):
        kept = {slot.name for slot in own}
        spares = (slot.name for slot in own if slot.spare)
        for slot in whole:
            if not slot.spare and slot.name not in kept:
                message = f"the note type `{name}` lacks the {what} `{slot.name}`, which every deck has"
                hint = "a note type of your own needs a name of its own"
                if slot.first != slot.name and (spare := next(spares, None)):
                    taking = f"{{{key}: {slot.name}, was: {spare}}}"
                    hint = f"it came with a later version of Aetia: write `{taking}` last in `{at}`"
                yield Diagnostic("incomplete-note-type", message, Place(files[file], line=1, column=1), hint=hint)


def _is_copy(project: Path, bundled: Path) -> bool:
    """Return whether a project has exactly the bundled templates, as a checkout of Aetia itself has."""
    found, unreadable = _files(project)
    names = {f.relative_to(bundled) for f in _files(bundled)[0] if f.is_relative_to(bundled / "notetypes")}
    names |= {file.relative_to(project) for file in found}
    pairs = ((project / name, bundled / name) for name in names)
    return not unreadable and all(
        is_inside(project.parent, a) and a.is_file() and b.is_file() and cmp(a, b, shallow=False) for a, b in pairs
    )


def _words(
    texts: Mapping[str, str], files: Mapping[str, Path], faults: list[Diagnostic]
) -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, Mapping[str, str]]]:
    """Return the phrases on cards by language: the bundled ones, and the project's own."""
    words: dict[str, Mapping[str, str]] = {}
    own: dict[str, Mapping[str, str]] = {}
    for name in sorted(texts):
        if files[name] == files.get(BUNDLED + name):
            continue
        if name.removeprefix(BUNDLED).startswith("words/") and name.endswith(".yaml"):
            if name == _ENGLISH:
                phrases: WordsFile | None = read_bundled(WordsFile, files[name])
            else:
                phrases = _parse(WordsFile, files[name], texts[name], faults)
            (words if name.startswith(BUNDLED) else own)[Path(name).stem] = phrases.root if phrases else {}
    return words, own


def _parse(model: type[M], file: Path, text: str, faults: list[Diagnostic]) -> M | None:
    """Return the model of a YAML text, or add its faults to `faults`."""
    data, found = parse_yaml(file, text)
    value, invalid = validate(model, data, file) if not found else (None, found)
    faults.extend(invalid)
    return value


def load_columns(bundled: Path) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Read the headers by which the columns of a table are known, without case, by language and key of a cause."""
    known = {file.stem: _headers(file).items() for file in sorted((bundled / "import").glob("*.yaml"))}
    return {
        language: {
            key: tuple(map(str.casefold, words))
            for key, words in headers
            if isinstance(words, tuple) and key not in get_args(Meaning)
        }
        for language, headers in known.items()
    }


def load_words(bundled: Path, meaning: Meaning) -> frozenset[str]:
    """Read the words of one meaning in all languages, without case."""
    files = (bundled / "import").glob("*.yaml")
    return frozenset(word.casefold() for file in files for word in _headers(file).get(meaning, ()))


def load_usual_effect(bundled: Path, language: str) -> str:
    """Return the usual effect of causes, with `{finding}` in it, in the language or else in English."""
    return str(_headers_in(bundled, language)["effect"])


def load_signs(bundled: Path, language: str) -> Mapping[int, str]:
    """Return what stands in numbers for the `.` and `,` of English, in the language or else in English."""
    said = _headers_in(bundled, language)
    return str.maketrans({".": str(said["decimal"]), ",": str(said["thousands"])})


def _headers_in(bundled: Path, language: str) -> Mapping[str, str | tuple[str, ...]]:
    """Read the headers of a language, or else of English."""
    named = (bundled / "import" / f"{name}.yaml" for name in (language, language.partition("-")[0], "en"))
    return _headers(next(file for file in named if file.exists()))


def _headers(file: Path) -> Mapping[str, str | tuple[str, ...]]:
    return read_bundled(dict[str, str | tuple[str, ...]], file)


def _files(folder: Path) -> tuple[list[Path], tuple[Diagnostic, ...]]:
    """Return the template files of a folder, links to folders (which are refused), and folders that cannot be read."""
    notetypes, unread = list_files(folder / "notetypes")
    words, unreadable = list_files(folder / "words")
    kinds = (".html", ".css", ".yaml")
    return sorted(f for f in (*notetypes, *words) if f.suffix in kinds or is_folder(f)), unread + unreadable
