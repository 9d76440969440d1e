"""The pictures of the README, made from the shipped decks: `python tests/pictures.py` writes them into `.github/`.

Needs Chromium and pdftoppm, as the tests in a browser do.
"""

import base64
import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

from browser import CHROMIUM, FLAGS
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from generator.model.notes import NoteSet
from generator.resources import bundled
from generator.screen.card import STYLE, set_card
from generator.workflows.prepare import prepare

TARGET = Path(__file__).parents[1] / ".github"
DECK, CARD = "leukopenia", ("cause", "clozapine", 0)
FRAME = (390, 430)
AETIA = (sys.executable, "-c", "from generator.cli.main import main; main()")


def main() -> None:
    """Write all pictures."""
    prepared, _ = prepare(bundled("decks") / DECK, now=0)
    assert prepared
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(device_scale_factor=2)
        shoot_card(page, prepared.release.notes)
        shoot_preview(page)
        browser.close()
    shoot_sheet()


def shoot_card(page: Page, notes: NoteSet) -> None:
    """One card, question and answer, by day and by night."""
    note_type, key, ordinal = CARD
    note = next(note for note in notes.notes if note.id == (note_type, key))
    media = {item.name: item.read() for item in notes.media}
    faces, css = notes.show(note, ordinal), STYLE + notes.note_types[note_type].css
    width, height = FRAME

    def frame(html: str, night: str) -> str:
        inside = re.sub(r'src="([^"]+)"', lambda m: f'src="{_address(m[1], media)}"', set_card(html))
        document = f'<style>{css}</style><body class="card {night}">{inside}</body>'
        return f'<iframe width="{width}" height="{height}" style="border:0" srcdoc="{escape(document)}"></iframe>'

    frames = "".join(frame(side, night) for night in ("", "nightMode") for side in (faces.front, faces.back))
    page.set_viewport_size({"width": 4 * width + 40, "height": height + 16})
    page.set_content(f'<body style="margin:8px;display:flex;gap:8px;background:#8a8a8a">{frames}</body>')
    page.wait_for_timeout(400)
    page.screenshot(path=TARGET / "card.png")


def shoot_preview(page: Page) -> None:
    """The preview of a deck on a wide screen."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "cards.html")
        subprocess.run([*AETIA, "preview", DECK, "--export", file], check=True)
        page.set_viewport_size({"width": 1200, "height": 760})
        page.goto(file.as_uri())
        page.wait_for_timeout(1500)
        page.screenshot(path=TARGET / "preview.png")


def shoot_sheet() -> None:
    """Fronts and backs of one sheet, side by side."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "sheet.pdf")
        options = ["--only", "production/drugs/idiosyncratic", "--stock", "a4-8", "-o", file]
        subprocess.run([*AETIA, "print", DECK, *options], check=True)
        subprocess.run(["pdftoppm", "-r", "110", "-l", "2", "-png", file, Path(folder, "page")], check=True)
        first, second = sorted(Path(folder).glob("page*.png"))
        with Image.open(first) as front, Image.open(second) as back:
            sheet = Image.new("RGB", (front.width + back.width + 24, front.height), "#8a8a8a")
            sheet.paste(front, (0, 0))
            sheet.paste(back, (front.width + 24, 0))
            sheet.save(TARGET / "sheet.png", optimize=True)


def _address(name: str, media: dict[str, bytes]) -> str:
    kind = "svg+xml" if name.endswith(".svg") else Path(name).suffix[1:]
    return f"data:image/{kind};base64,{base64.b64encode(media[name]).decode()}" if name in media else name


if __name__ == "__main__":
    main()
