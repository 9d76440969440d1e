"""The pictures of a deck, with names for Anki that change with their content."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from generator.model import MediaFile


def load_media(folder: Path) -> Mapping[str, MediaFile]:
    """Return the files of a deck's `media/` folder by their names."""
    return {
        file.name: MediaFile(file, _packed(file)) for file in sorted((folder / "media").glob("*")) if file.is_file()
    }


def _packed(file: Path) -> str:
    """Anki never replaces a file of the same name, so a changed picture needs a new one."""
    stem = re.sub(r"[^\w-]", "-", file.stem).strip("_") or "media"
    return f"{stem}-{hashlib.sha256(file.read_bytes()).hexdigest()[:8]}{file.suffix.lower()}"
