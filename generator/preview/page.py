"""The page, live or as one file to send to others."""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from generator.files import write_whole
from generator.preview.cards import Preview
from generator.resources import bundled


def _read(name: str) -> str:
    return (bundled("templates") / "preview" / name).read_text(encoding="utf-8")


SCRIPTS = ("preview.js", "study.js", "paper.js", "review.js")
"""The page's scripts in the order in which they run."""

ASSETS: Mapping[str, str] = {**dict.fromkeys(SCRIPTS, "text/javascript"), "preview.css": "text/css"}
"""The files that the live page loads, with their media types."""


def asset(name: str) -> str:
    """Return the text of one of `ASSETS`."""
    return _read(name)


def page() -> str:
    """Return the live page, which fetches the cards from the server."""
    scripts = "".join(f'<script src="{name}" defer></script>' for name in SCRIPTS)
    return _read("preview.html").replace("<!--assets-->", f'<link rel="stylesheet" href="preview.css">{scripts}')


def write_page(preview: Preview, file: Path) -> None:
    """Write one self-contained page with all cards and pictures. Raise OSError and leave the old file if that fails."""
    whole = {
        "version": 0,
        "edition": 0,
        **preview.index(),
        "faces": preview.faces(preview.cards),
        "where": preview.where(),
        "review": {
            "deck": preview.folder.resolve().name,
            "texts": preview.fingerprints(),
            "formers": preview.formers(),
        },
        "media": preview.pictures(),
    }
    data = json.dumps(whole, ensure_ascii=False).replace("<", r"\u003c")
    script, style = "".join(map(_read, SCRIPTS)), _read("preview.css")
    policy = (
        f"default-src 'none'; script-src 'sha256-{_digest(script)}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><style>{style}</style>'
        f'<script type="application/json" id="data">{data}</script>'
    )
    html = _read("preview.html").replace("<!--assets-->", head)
    write_whole(file, html.replace("</body>", f"<script>{script}</script></body>").encode())


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
