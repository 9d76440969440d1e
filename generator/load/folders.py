"""The files in an author's folder, in order, without those that editors and systems leave there."""

import os
from pathlib import Path

from generator.diagnostics import Diagnostic, Place
from generator.files import is_inside

_OF_SYSTEMS = frozenset(("thumbs.db", "desktop.ini"))


def is_leftover(name: str) -> bool:
    """Return whether a name is hidden, or a name that an editor or the system uses for its own files."""
    return name.startswith((".", "#")) or name.endswith("~") or name.casefold() in _OF_SYSTEMS


def is_folder(path: Path) -> bool:
    """Return whether a path leads to a folder, as far as the system shows."""
    try:
        return path.is_dir()
    except OSError:
        return False


def list_files(folder: Path) -> tuple[tuple[Path, ...], tuple[Diagnostic, ...]]:
    """Return the files of a folder and its subfolders, and the subfolders that cannot be read.

    A link to a folder is returned as a file, to be refused, and so is the folder itself if it is such a link.
    """
    if not is_inside(folder.parent, folder):
        return (folder,), ()
    found: list[Path] = []
    faults: list[Diagnostic] = []

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            what = "this is not a folder" if isinstance(error, NotADirectoryError) else "this folder cannot be read"
            reason = "" if isinstance(error, NotADirectoryError) else f": {error.strerror}"
            place = Place(Path(error.filename), closed=True)
            faults.append(Diagnostic("unreadable-file", what + reason, place))

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not is_leftover(name))
        found += (link for name in folders if (link := Path(parent, name)).is_symlink())
        found += (Path(parent, name) for name in sorted(names) if not is_leftover(name))
    return tuple(found), tuple(faults)
