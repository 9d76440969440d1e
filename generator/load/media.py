"""Load the pictures of a deck, with names for Anki that change with their content. Refuse unsuitable files."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.diagnostics import Diagnostic, Place, Related
from generator.files import is_inside
from generator.load.drawings import drawing_fault
from generator.load.folders import is_leftover
from generator.load.pictures import HEIC, MAX_PIXELS, damage, has_too_many_pixels
from generator.load.text import outside
from generator.model.deck import MediaFile

MAX_BYTES = 20 * 2**20
MAX_FILES = 10_000
_SMALLER = "make the picture smaller; learners load it on their phones"

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]|[. ]$|^ ')
_UNSAFE = re.compile(r"[^\w-]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def load_media(folder: Path) -> tuple[Mapping[str, MediaFile], tuple[Diagnostic, ...], frozenset[str]]:
    """Return the files of a deck's `media/` folder by their names in NFC, faults, and the names of what cannot be used.

    The name `*` stands for any name.
    """
    files, faults = _files(folder / "media")
    if faults:
        return {}, faults, frozenset("*")
    media: dict[str, MediaFile] = {}
    seen: dict[str, Path] = {}
    found: list[Diagnostic] = []
    unusable: set[str] = set()
    for file in files:
        name = unicodedata.normalize("NFC", file.name)
        first = seen.setdefault(name.casefold(), file)
        loaded = _load(folder, file, name)
        fault = _clash(file, first) if first != file and not isinstance(loaded, Diagnostic) else loaded
        if isinstance(fault, Diagnostic):
            found.append(fault)
            unusable.add(name)
        else:
            media[name] = fault
            found += _damaged(fault)
    return media, tuple(found), frozenset(unusable)


def _files(folder: Path) -> tuple[list[Path], tuple[Diagnostic, ...]]:
    """Return the files of a folder and links to folders (which are refused), or why none is read."""
    if not is_inside(folder.parent, folder):
        return [folder], ()
    try:
        with os.scandir(folder) as entries:
            names = [e.name for e in entries if not is_leftover(e.name) and (e.is_symlink() or not e.is_dir())]
    except FileNotFoundError:
        return [], ()
    except OSError as error:
        message = f"this folder cannot be read: {error.strerror}"
        return [], (Diagnostic("unreadable-file", message, _named(folder)),)
    if len(names) > MAX_FILES:
        message = f"there are more than {MAX_FILES} files in `media/`"
        return [], (Diagnostic("too-many-media", message, _named(folder)),)
    return sorted(Path(folder, name) for name in names), ()


def _load(folder: Path, file: Path, name: str) -> MediaFile | Diagnostic:
    try:
        if fault := _refuse(folder, file):
            return fault
        content = file.read_bytes()
    except OSError as error:
        return Diagnostic("unreadable-file", f"this file cannot be read: {error.strerror}", _named(file))
    if has_too_many_pixels(content):
        message = f"this picture has more than {MAX_PIXELS / 1e6:.0f} million pixels"
        return Diagnostic("media-too-large", message, _named(file), hint=_SMALLER)
    if reason := drawing_fault(content):
        return Diagnostic("media-too-large", reason, _named(file), hint="save it as plain SVG, or as PNG")
    return MediaFile(file, packed_name(name, content), damage(name, content))


def _refuse(folder: Path, file: Path) -> Diagnostic | None:
    name = file.name
    if not is_inside(folder, file):
        return outside(folder, file)
    if not file.is_file():
        return Diagnostic("unreadable-file", "this is not a file", _named(file))
    if not is_file_name(name):
        hint = "use letters, digits, `-`, `_` and `.`"
        return Diagnostic(
            "bad-media-name", f"`{shown(name)}` is not a valid file name on every system", _named(file), hint=hint
        )
    if (size := file.stat().st_size) > MAX_BYTES:
        message = f"this file has {size / 2**20:.0f} MB; the limit is {MAX_BYTES // 2**20} MB"
        return Diagnostic("media-too-large", message, _named(file), hint=_SMALLER)
    return None


def is_file_name(name: str) -> bool:
    """Return whether a file can have this name on every system."""
    return not _FORBIDDEN.search(name) and not _RESERVED.match(name) and name.isprintable()


def _damaged(media: MediaFile) -> Iterator[Diagnostic]:
    if media.damage:
        message = f"this picture is damaged, so nothing can show it: {media.damage}"
        hint = "export it as JPEG or PNG" if media.damage == HEIC else "save or download it again"
        yield Diagnostic("damaged-picture", message, _named(media.file), hint=hint)


def _clash(file: Path, first: Path) -> Diagnostic:
    message = f"`{file.name}` and `{first.name}` are the same name on some systems"
    return Diagnostic(
        "media-name-clash",
        message,
        Place(file, closed=True),
        hint="rename one",
        related=(Related("the other is here", Place(first, closed=True)),),
    )


def shown(name: str) -> str:
    """Return a name with its unprintable characters escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def _named(file: Path) -> Place:
    return Place(file, line=1, column=1, closed=True)


def packed_name(name: str, content: bytes) -> str:
    """Return the name of a file in the package. Anki never replaces a file, so a changed picture needs a new name.

    Of the files that no field shows, Anki takes only those whose names begin with `_`, so a `_` there stays.
    """
    stem, dot, suffix = name.rpartition(".")
    stem = _UNSAFE.sub("-", stem if dot else name)
    mark = "_" if stem.startswith("_") else ""
    ending = dot and "." + _UNSAFE.sub("-", suffix).lower()
    return f"{mark}{stem.strip('_') or 'media'}-{hashlib.sha256(content).hexdigest()[:8]}{ending}"
