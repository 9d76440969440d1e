"""PlutoPrint, the first engine. It is fast, comes as a wheel, uses only the given fonts, and never the network."""

import atexit
import io
import mimetypes
import re
import shutil
from collections.abc import Iterable, Sequence
from html import escape
from math import inf
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import unquote

import plutoprint
from plutoprint import Book, PageSize, PDFCanvas, ResourceData, ResourceFetcher

from generator.print.engine import Resources
from generator.print.fonts import Fonts

_MM = plutoprint.UNITS_MM
_PX_IN_MM = 25.4 / 96
_DATE = "2000-01-01T00:00:00Z"
"""The date in every PDF, so that the same cards give the same bytes."""
_DATES = (plutoprint.PDF_METADATA_CREATION_DATE, plutoprint.PDF_METADATA_MODIFICATION_DATE)
_EMPTY = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
"""Without a picture, the engine would complain past our messages."""
_ROUNDING = 0.3
_HOME = "card:"
_SPACE = re.compile(r"/\*.*?\*/|\s+", re.DOTALL)
"""The comments and white space of css, which are left out."""


class _Pictures(ResourceFetcher):
    """Serves the deck's pictures, and an empty one for everything else."""

    def __init__(self, resources: Resources) -> None:
        super().__init__()
        self._pictures = resources.pictures

    def fetch_url(self, url: str) -> ResourceData:
        name = unquote(url.rpartition("/")[2])
        content = self._pictures.get(name) if url.startswith(_HOME) else None
        if content is None:
            return ResourceData(_EMPTY, "image/svg+xml")
        return ResourceData(content, mimetypes.guess_type(name)[0] or "application/octet-stream")


class Pluto:
    """Typesets with PlutoPrint."""

    def __init__(self, resources: Resources) -> None:
        plutoprint.plutobook_set_fontconfig_path(_configure(resources.fonts))
        self._style = f"<style>{''.join(resources.styles)}</style>"
        self._face_style = f"<style>{_SPACE.sub(' ', resources.styles.faces)}</style>"
        self._pictures = _Pictures(resources)

    def measure(self, faces: Sequence[tuple[str, float]], width: float) -> Sequence[float]:
        """Set each face alone on a page without an end; one that cannot be broken to the width has no height."""
        return [self._height(face, width) for face, _ in faces]

    def _height(self, face: str, width: float) -> float:
        book = self._book(self._face_style + face, PageSize(width * _MM, 0))
        if book.get_document_width() * _PX_IN_MM > width + _ROUNDING:
            return inf
        return float(book.get_document_height() * _PX_IN_MM)

    def paint(self, documents: Iterable[str], size: tuple[float, float] | None) -> bytes:
        """Paint documents one after the other onto one canvas, so that they share fonts and pictures."""
        page = PageSize(size[0] * _MM, size[1] * _MM) if size else plutoprint.PAGE_SIZE_A4
        stream = io.BytesIO()
        canvas = PDFCanvas.create_for_stream(stream, page)
        for date in _DATES:
            canvas.set_metadata(date, _DATE)
        for document in documents:
            book = self._book(self._style + document, page)
            for index in range(book.get_page_count()):
                canvas.set_size(book.get_page_size_at(index))
                canvas.save_state()
                canvas.scale(plutoprint.UNITS_PX, plutoprint.UNITS_PX)
                book.render_page(canvas, index)
                canvas.restore_state()
                canvas.show_page()
        canvas.finish()
        return stream.getvalue()

    def _book(self, html: str, size: PageSize) -> Any:
        book = Book(size, plutoprint.PAGE_MARGINS_NONE, plutoprint.MEDIA_TYPE_PRINT)
        book.custom_resource_fetcher = self._pictures
        book.load_html(html, base_url=f"{_HOME}///")
        return book


def _configure(fonts: Fonts) -> Path:
    """Return a folder whose `fonts.conf` shows the engine only these fonts. Its files are deleted with the process."""
    if not fonts.files:
        return fonts.bundled
    folder = Path(mkdtemp(prefix="aetia-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for number, file in enumerate(fonts.files):
        shutil.copy(file, folder / f"{number}{file.suffix}")
    folders = "".join(f"<dir>{escape(str(where))}</dir>" for where in (fonts.bundled, folder))
    conf = f'<?xml version="1.0"?><fontconfig>{folders}<cachedir>{escape(str(folder))}</cachedir></fontconfig>'
    (folder / "fonts.conf").write_text(conf, "utf-8")
    return folder


make = Pluto
