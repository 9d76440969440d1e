"""WeasyPrint, the second engine, for machines without a wheel of PlutoPrint and for tagged PDF."""

import atexit
import gc
import mimetypes
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any
from urllib.parse import unquote

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from generator.print.engine import Resources
from generator.print.fonts import FALLBACK, FAMILY, family_of

atexit.register(gc.collect)  # deletes the temporary fonts of WeasyPrint, which go with their owner
_PX_IN_MM = 25.4 / 96
_HOME = "card:///"
_TALL = 4000
"""Height in mm of the page that a face is measured on."""


class _Files(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    """Serves the deck's pictures and the bundled fonts, and refuses everything else."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(allowed_protocols=())
        fonts = {
            file.name: file.read_bytes() for file in (*resources.fonts.bundled.glob("*.?tf"), *resources.fonts.files)
        }
        self._files = {**resources.pictures, **fonts}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = unquote(url.rpartition("/")[2])
        content = self._files.get(name) if url.startswith(_HOME) else None
        if content is None:
            raise ValueError(f"{url} is not one of the deck's files")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, content, {"Content-Type": kind})


class Weasy:
    """Typesets with WeasyPrint."""

    def __init__(self, resources: Resources) -> None:
        self._files = _Files(resources)
        self._style = "".join(resources.styles) + "".join(
            f'@font-face {{ font-family: "{FAMILY if file.suffix == ".otf" else FALLBACK}"; '
            f'src: url("{_HOME}{file.name}"); font-weight: {600 if "Semibold" in file.stem else "normal"}; '
            f"font-style: {'italic' if file.stem.endswith('It') else 'normal'}; }}\n"
            for file in sorted(resources.fonts.bundled.glob("*.?tf"))
        )
        self._style += "".join(
            f'@font-face {{ font-family: "{family_of(file, resources.language)}"; src: url("{_HOME}{file.name}"); '
            f"font-weight: {'bold' if 'Bold' in file.stem else 'normal'}; }}\n"
            for file in resources.fonts.files
        )
        self._accessible, self._title, self._language = resources.accessible, resources.title, resources.language

    def measure(self, faces: Sequence[tuple[str, float]], width: float) -> Sequence[float]:
        """Set every face on a tall page of its own, and see where it ends."""
        style = f"@page {{ size: {width:.3f}mm {_TALL}mm; margin: 0; }} .one + .one {{ break-before: page; }}"
        ones = (f'<div class="one">{face}<div id="end-{i}"></div></div>' for i, (face, _) in enumerate(faces))
        ends: dict[str, float] = {}
        for page in self._html("".join(ones), style).render().pages:
            ends |= {name: place[1] * _PX_IN_MM for name, place in page.anchors.items()}
        return [ends[f"end-{i}"] for i in range(len(faces))]

    def paint(self, documents: Iterable[str], size: tuple[float, float] | None) -> bytes:
        """Set all documents as one, so that the tags of an accessible PDF are one tree."""
        style = f"@page {{ size: {size[0]:g}mm {size[1]:g}mm; }}" if size else ""
        variant = {"pdf_variant": "pdf/ua-1"} if self._accessible else {}
        pdf: bytes = self._html("".join(documents), style).write_pdf(pdf_identifier=b"aetia", **variant)
        return pdf

    def _html(self, body: str, style: str) -> HTML:
        head = f"<meta charset=utf-8><title>{escape(self._title)}</title><style>{self._style}{style}</style>"
        html = f'<!doctype html><html lang="{escape(self._language)}"><head>{head}</head><body>{body}</body></html>'
        return HTML(string=html, base_url=_HOME, url_fetcher=self._files)


make = Weasy
