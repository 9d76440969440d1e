"""The pictures of the README, made from the shipped decks: `python tests/pictures.py` writes them into `.github/`.

Needs Chromium and pdftoppm, as the tests in a browser do.
"""

import base64
import re
import shutil
import subprocess
import sys
import tempfile
from difflib import unified_diff
from html import escape
from pathlib import Path

from browser import CHROMIUM, FLAGS, Servers
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from generator.model.notes import NoteSet
from generator.resources import bundled
from generator.screen.card import STYLE, set_card
from generator.workflows.prepare import prepare

TARGET = Path(__file__).parents[1] / ".github"
DECK, CARD = "leukopenia", ("cause", "clozapine", 0)
FRAME = (350, 510)
EDIT = (
    "causes/drugs-idiosyncratic.yaml",
    "with haemoglobin and platelets normal",
    "but haemoglobin and platelets are normal",
)
"""A line of the deck, and the words that the promise changes in it."""
PROMISE = """
body { display: grid; grid-template-columns: 100%; gap: 12px; width: 880px; margin: 0; padding: 12px; }
body { background: #e4e2dc; }
div, img { overflow: hidden; width: 100%; border-radius: 8px; background: #fff; color: #24292f; }
h2 { margin: 0; padding: 7px 14px; background: #d3d8dc; font: 14px system-ui, sans-serif; }
pre { margin: 0; padding: 8px 14px; font: 13.5px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
span { display: block; margin: 0 -14px; padding: 0 14px; }
.gone { background: #ffe3e0; }
.come { background: #d9f5dc; }
.shell { background: #16191d; color: #e8e6e1; }
.shell pre { font-size: 11.5px; }
"""
AETIA = (sys.executable, "-c", "from generator.cli.main import main; main()")


def main() -> None:
    """Write all pictures."""
    prepared, _ = prepare(bundled("decks") / DECK, now=0)
    assert prepared
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(device_scale_factor=2)
        shoot_card(page, prepared.release.notes)
        shoot_promise(page)
        shoot_preview(page)
        browser.close()
    shoot_sheet()


def shoot_card(page: Page, notes: NoteSet) -> None:
    """One card: its question, and its answer by day and by night."""
    note_type, key, ordinal = CARD
    note = next(note for note in notes.notes if note.id == (note_type, key))
    media = {item.name: item.read() for item in notes.media}
    faces, css = notes.show(note, ordinal), STYLE + notes.note_types[note_type].css
    width, height = FRAME

    def frame(html: str, night: str) -> str:
        inside = re.sub(r'src="([^"]+)"', lambda m: f'src="{_address(m[1], media)}"', set_card(html))
        document = f'<style>{css}</style><body class="card {night}">{inside}</body>'
        return f'<iframe width="{width}" height="{height}" style="border:0" srcdoc="{escape(document)}"></iframe>'

    shown = ((faces.front, ""), (faces.back, ""), (faces.back, "nightMode"))
    frames = "".join(frame(side, night) for side, night in shown)
    page.set_viewport_size({"width": 3 * width + 32, "height": height + 16})
    page.set_content(f'<body style="margin:8px;display:flex;gap:8px;background:#8a8a8a">{frames}</body>')
    page.wait_for_timeout(400)
    page.screenshot(path=TARGET / "card.png")


def shoot_promise(page: Page) -> None:
    """A line that is edited, its card before and after as the preview shows it, and what the build says of it."""
    name, before, after = EDIT
    with tempfile.TemporaryDirectory() as folder:
        deck = Path(folder, "decks", DECK)
        shutil.copytree(bundled("decks") / DECK, deck)
        _said(folder, "build", DECK)
        file = deck / name
        old = file.read_text(encoding="utf-8")
        new = old.replace(before, after, 1)
        file.write_text(new, encoding="utf-8")
        _said(folder, "preview", DECK, "--export", "cards.html")
        page.set_viewport_size({"width": 1180, "height": 900})
        page.goto(Path(folder, "cards.html").as_uri() + "#kind=clue&changed=1")
        page.wait_for_selector("figure")
        pair = base64.b64encode(page.locator(".item .faces").screenshot()).decode()
        told = "\n".join(_said(folder, "build", DECK).splitlines()[:4])
    said = re.sub(r"\d+ changed.*", r"<b>\g<0></b>", escape(told))
    looks = {"-": "gone", "+": "come", " ": ""}
    changed = list(unified_diff(old.splitlines(), new.splitlines(), n=1, lineterm=""))[3:]
    lines = "".join(f'<span class="{looks[line[0]]}">{escape(line)}</span>' for line in changed)
    page.set_content(
        f"<!doctype html><style>{PROMISE}</style><div><h2>decks/{DECK}/{name}</h2><pre>{lines}</pre></div>"
        f'<img src="data:image/png;base64,{pair}">'
        f'<div class="shell"><pre><b>$ aetia build {DECK}</b>\n{said}</pre></div>'
    )
    page.wait_for_timeout(300)
    page.locator("body").screenshot(path=TARGET / "promise.png")


def _said(folder: str, *words: str) -> str:
    """What a command prints in a folder."""
    return subprocess.run([*AETIA, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def shoot_preview(page: Page) -> None:
    """The preview of a deck on a wide screen."""
    servers = Servers()
    page.set_viewport_size({"width": 1200, "height": 760})
    page.goto(servers(bundled("decks") / DECK))
    page.wait_for_timeout(2500)
    page.screenshot(path=TARGET / "preview.png")
    servers.stop()


def shoot_sheet() -> None:
    """The upper half of the fronts and backs of one sheet, side by side, large enough to read."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "sheet.pdf")
        options = ["--only", "production/drugs/idiosyncratic", "--stock", "a4-8", "-o", file]
        subprocess.run([*AETIA, "print", DECK, *options], check=True)
        subprocess.run(["pdftoppm", "-r", "130", "-l", "2", "-png", file, Path(folder, "page")], check=True)
        first, second = sorted(Path(folder).glob("page*.png"))
        with Image.open(first) as front, Image.open(second) as back:
            sheet = Image.new("RGB", (front.width + back.width + 24, front.height * 51 // 100), "#8a8a8a")
            sheet.paste(front, (0, 0))
            sheet.paste(back, (front.width + 24, 0))
            sheet.save(TARGET / "sheet.png", optimize=True)


def _address(name: str, media: dict[str, bytes]) -> str:
    kind = "svg+xml" if name.endswith(".svg") else Path(name).suffix[1:]
    return f"data:image/{kind};base64,{base64.b64encode(media[name]).decode()}" if name in media else name


if __name__ == "__main__":
    main()
