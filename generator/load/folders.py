"""What an author's folder holds: its files in order, without what editors and systems leave in it."""

import os
from pathlib import Path

from generator.diagnostics import Diagnostic, Place
from generator.files import is_inside

_OF_SYSTEMS = frozenset(("thumbs.db", "desktop.ini"))


def is_leftover(name: str) -> bool:
    """Whether a name is hidden, or one that an editor or the system gives to files of its own."""
    return name.startswith((".", "#")) or name.endswith("~") or name.casefold() in _OF_SYSTEMS


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder, as far as the system lets us see."""
    try:
        return path.is_dir()
    except OSError:
        return False


def list_files(folder: Path) -> tuple[tuple[Path, ...], tuple[Diagnostic, ...]]:
    """Return the files of a folder and its subfolders, and which of these cannot be read; none if there is no folder.

    A link to a folder comes as if it were a file, to be refused, and so does the folder if it leads elsewhere itself.
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
