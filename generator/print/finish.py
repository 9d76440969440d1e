"""The last pass over a PDF: title, language, outline, page labels, and presets for the print dialogue."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

DUPLEX = {"long-edge": "/DuplexFlipLongEdge", "short-edge": "/DuplexFlipShortEdge", None: "/Simplex"}


@dataclass(frozen=True, slots=True)
class Binding:
    """The metadata of a finished PDF. `labels` name its pages, `outline` leads to pages by their index."""

    title: str
    language: str
    labels: Sequence[str] = ()
    outline: Sequence[tuple[str, int]] = ()
    flip: str | None = None


def finish(pdf: bytes, binding: Binding) -> bytes:
    """Return the PDF with its metadata. The same input gives the same bytes."""
    import pikepdf  # not installed on every machine: see `installed_engine`
    from pikepdf import Array, Dictionary, Name, OutlineItem, String

    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        root.Lang = String(binding.language)
        root.ViewerPreferences = Dictionary(
            PrintScaling=Name("/None"),
            Duplex=Name(DUPLEX[binding.flip]),
            PickTrayByPDFSize=True,
            DisplayDocTitle=True,
        )
        document.docinfo["/Title"] = binding.title
        for key in ("/Producer", "/Creator"):
            if key in document.docinfo:
                del document.docinfo[key]
        for page in document.pages:
            page.trimbox = page.mediabox
        if binding.labels:
            numbers: list[object] = []
            for index, label in enumerate(binding.labels):
                numbers += [index, Dictionary(P=String(label))]
            root.PageLabels = Dictionary(Nums=Array(numbers))
        with document.open_outline() as outline:
            outline.root.extend(OutlineItem(title, page) for title, page in binding.outline)
        out = io.BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def count_pages(pdf: bytes) -> int:
    """Return the number of pages of a PDF."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)
