"""Columns of a table that name something besides words: pictures, works, and causes to tell apart."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from generator.load.media import is_file_name
from generator.project.keys import make_key
from generator.text.files import files_in

_PARTS = re.compile(r"[;\n]")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s;,]+")
_URL = re.compile(r"https?://[^\s;]+")


def split_cell(text: str) -> list[str]:
    """Return the parts of a cell between semicolons and lines."""
    return [part.strip() for part in _PARTS.split(text) if part.strip()]


def picture_of(cell: str) -> str:
    """Return the file that a cell names, as it is or in HTML."""
    return next(iter(files_in(cell)), cell.strip())


def cite(cell: str, works: dict[str, dict[str, object]]) -> list[str]:
    """Return the keys of the works that a cell names, in the author's words, and add those that are new."""
    keys = []
    for part in split_cell(cell):
        known = next((key for key, work in works.items() if work["title"] == part), None)
        if known is None:
            known = make_key(part, works, f"source-{len(works) + 1}")
            doi, url = _DOI.search(part), _URL.search(part)
            works[known] = {"id": known, "type": "document", "title": part}
            works[known] |= {"DOI": doi[0]} if doi else {"URL": url[0]} if url else {}
        keys.append(known)
    return keys


def contrasts_of(cell: str, names: Mapping[str, str]) -> tuple[dict[str, object], list[str]]:
    """Return the contrasts in a cell, `Rival | property | here | there`, and those whose rival is no cause here.

    `names` are the keys of the causes by name. The property may be left out.
    """
    found: dict[str, object] = {}
    lost = []
    for part in split_cell(cell):
        rival, *sides = (piece.strip() for piece in part.split("|"))
        key = names.get(rival.casefold())
        if key is None or len(sides) not in (2, 3) or not all(sides):
            lost.append(f"the contrast `{part}`")
        else:
            found[key] = dict(zip(("on", "here", "there")[3 - len(sides) :], sides, strict=True))
    return found, lost


def find_pictures(names: Iterable[str], folders: Sequence[Path]) -> Iterator[tuple[str, Path | None]]:
    """Yield each picture with its file, None if there is none in the folders."""
    for name in names:
        files = (folder / name for folder in folders if is_file_name(name))
        yield name, next((file for file in files if file.is_file() and not file.is_symlink()), None)
