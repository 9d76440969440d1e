"""Tell whether a build would write the same package again.

A package that was built without a diagnostic has a fingerprint of all that it was made from: the deck, its lock, the
templates and Aetia itself. This module does not look at what these files mean.
"""

import hashlib
import os
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path

from generator.files import is_inside
from generator.package.archive import UnreadableError, open_archive, read_memory
from generator.resources import bundled, project_templates

_CODE = Path(__file__).parents[1]


def current_mark(package: Path, folder: Path) -> str:
    """Return the fingerprint in a package, or nothing if a build of the deck would write another package."""
    try:
        with open_archive(package) as archive:
            found = read_memory(archive).fingerprint
        return found if found and found == fingerprint(folder, package) else ""
    except (UnreadableError, OSError):
        return ""


def ends_in(file: Path, mark: bytes) -> bool:
    """Return whether a file ends with these bytes, such as the fingerprint of what it was made from."""
    try:
        with file.open("rb") as stream:
            stream.seek(-len(mark), os.SEEK_END)
            return stream.read() == mark
    except OSError:
        return False


def fingerprint(folder: Path, package: Path) -> str:
    """Return the fingerprint of everything that shapes the package of a deck. Line endings do not count."""
    digest = hashlib.sha256()
    for name, file in _ingredients(folder, package):
        content = file.read_bytes() if file.is_file() and is_inside(file.parent, file) else b""
        if not name.startswith("media/"):
            content = content.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _ingredients(folder: Path, package: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file, with a name that does not depend on where the deck and Aetia are."""
    for lock in (folder / "deck.lock", package.with_suffix(".lock")):
        if lock.is_file():
            yield lock.suffix, lock
    groups = (
        ("deck", folder, (".yaml", ".yml")),
        ("media", folder / "media", ""),
        ("shared", bundled("templates"), (".html", ".css", ".yaml")),  # fonts are for paper
        ("own", project_templates(folder), ""),
        ("code", _CODE, ".py"),
    )
    for group, root, endings in groups:
        for parent, folders, names in os.walk(root):
            folders.sort()
            at = group + parent.removeprefix(str(root)).replace(os.sep, "/")
            for name in sorted(names):
                if name.endswith(endings):
                    yield f"{at}/{name}", Path(parent, name)
