"""Typesetting engines, from HTML to heights and PDF. An engine is imported only when it is used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, Protocol

from generator.diagnostics import WrongUseError
from generator.print.fonts import Fonts

ENGINES = {"plutoprint": "generator.print.pluto", "weasyprint": "generator.print.weasy"}
"""The module of each engine, the better one first."""


class Styles(NamedTuple):
    """The css of faces, with which they are measured, and the css of everything else on a sheet."""

    faces: str
    sheets: str


def read_styles(folder: Path) -> Styles:
    """Return the css of print templates."""
    return Styles(*((folder / f"{name}.css").read_text("utf-8") for name in Styles._fields))


@dataclass(frozen=True)
class Resources:
    """All that an engine may read: fonts, styles, and pictures by the names that cards use."""

    fonts: Fonts
    styles: Styles
    pictures: Mapping[str, bytes]
    title: str
    language: str
    accessible: bool = False


class Engine(Protocol):
    """A typesetter."""

    def measure(self, faces: Sequence[tuple[str, float]], width: float) -> Sequence[float]:
        """Return the height in mm of each face at a type size in points, set to a width in mm."""

    def paint(self, documents: Iterable[str], size: tuple[float, float] | None) -> bytes:
        """Return one PDF of all documents, on pages of a size in mm or, without a size, as their css says."""


class EngineMissingError(WrongUseError):
    """No engine is installed, or the one that was asked for is not."""


def installed_engine(wanted: str) -> str:
    """Return the name of the engine to use. Raise EngineMissingError, which says what to install."""
    if find_spec("pikepdf") is None:
        raise EngineMissingError(
            "Sheets need pikepdf, which has no wheel for this machine. With the library qpdf installed, "
            "`pip install pikepdf` builds it; all other commands work without it."
        )
    names = list(ENGINES) if wanted == "auto" else [wanted]
    for name in names:
        if find_spec(name):
            return name
    if wanted == "plutoprint":
        raise EngineMissingError("PlutoPrint is not installed here; `--engine weasyprint` is the other engine.")
    missing = (
        "Neither PlutoPrint nor WeasyPrint is installed here"
        if wanted == "auto"
        else "WeasyPrint is not installed here"
    )
    raise EngineMissingError(
        f"{missing}. Install it: pip install 'aetia[weasyprint]'; "
        "on Linux it also needs the system's Pango library (libpango-1.0-0, libpangoft2-1.0-0)."
    )
