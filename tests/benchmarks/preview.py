"""The preview of a deck in a real Chromium: how soon cards are seen, and whether scrolling is smooth.

Times are those of the clock, with whatever else the machine does, and the least of some runs; since an edit is work for
most of its time, what counts there is the processor time of server and browser together.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.cost import AETIA
from tests.browser import CHROMIUM, FLAGS

_SEEN = """
(() => {
  window.seen = {};
  const faces = () => [...document.querySelectorAll(".faces > div")];
  const says = () => faces().map((host) => host.shadowRoot.textContent).join(" ");
  const look = () => {
    const text = window.wanted && !window.seen[window.wanted] ? says() : "";
    if (text.includes(window.wanted)) window.seen[window.wanted] = Date.now();
    if (!window.first && document.querySelector(".item")) window.first = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
_SCROLL = """
(frames) => new Promise((done) => {
  let last = performance.now(), longest = 0, most = 0, left = frames;
  const step = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    most = Math.max(most, document.querySelectorAll(".item").length);
    window.scrollBy(0, 60);
    if (left--) requestAnimationFrame(step);
    else setTimeout(() => done([longest, most]), 100);
  };
  requestAnimationFrame(step);
})
"""


class Seen(NamedTuple):
    """Seconds to the first card, from a save to its card, and of the longest frame of a scroll; cards in the page."""

    cards: int
    first: float
    edit: float
    edit_processor: float
    frame: float
    most: int


def look(deck: Path, runs: int) -> Seen:
    """Open the preview of a deck, edit its first cause and scroll; return the best of some runs."""
    done = [_look(deck, run) for run in range(runs)]
    return Seen(*map(min, *(seen[:-1] for seen in done)), most=max(seen.most for seen in done))  # type: ignore[arg-type]


def _look(deck: Path, run: int) -> Seen:
    file = min((deck / "causes").iterdir())
    with _served(deck) as address, _page() as page:
        page.goto(address)
        page.wait_for_function("() => window.first")
        cards = page.evaluate("() => state.cards.length")
        page.fill("#search", "cause-0")
        page.wait_for_function("() => state.shown.length < 20 && document.querySelector('.item')")
        text = file.read_text(encoding="utf-8")
        line = next(line for line in text.splitlines() if line.startswith("    cause:"))
        page.evaluate("(word) => { window.wanted = word; }", f"Edited {run}")
        saved, spent = time.time(), _processor()
        file.write_text(text.replace(line, f"    cause: Edited {run}", 1), encoding="utf-8")
        page.wait_for_function("() => window.seen[window.wanted]")
        spent = _processor() - spent
        edit = page.evaluate("() => window.seen[window.wanted]") / 1000 - saved
        page.fill("#search", "")
        page.wait_for_function("() => state.shown.length === state.cards.length && document.querySelector('.item')")
        frame, most = page.evaluate(_SCROLL, 240)
        return Seen(cards, page.evaluate("() => window.first") / 1000, edit, spent, frame / 1000, most)


def _processor() -> float:
    """Seconds of processor that the programs started from here have taken and that still run."""
    spent: dict[int, float] = {}
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
            spent[int(stat.parent.name)] = sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
    mine, grown = {os.getpid()}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in mine} - mine
        mine |= more
        grown = bool(more)
    return sum(seconds for process, seconds in spent.items() if process in mine)


@contextmanager
def _served(deck: Path) -> Iterator[str]:
    process = subprocess.Popen([AETIA, "preview", str(deck), "--no-browser"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield next(word for word in process.stdout.readline().split() if word.startswith("http://"))
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _page() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = chromium.new_page(viewport={"width": 1300, "height": 900})
        page.add_init_script(_SEEN)
        yield page
        chromium.close()
