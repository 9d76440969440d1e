"""Every card of every shipped deck fits a phone and can be read, by day and by night, in Anki's frame in Chromium."""

import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import MINIMAL, NOW, SHIPPED

from generator.cards.render import render_notes
from generator.cards.tree import WIDEST
from generator.model.kinds import KINDS
from generator.model.notes import NoteSet, Remembered
from generator.resources import bundled
from generator.workflows.prepare import no_progress, prepare, read_deck

pytestmark = pytest.mark.slow

ANKI = """
:root { --canvas: #f5f5f5; --fg: #020202; }
:root.night-mode { --canvas: #2c2c2c; --fg: #fcfcfc; color-scheme: dark; }
body { margin: 20px; overflow-wrap: break-word; background-color: var(--canvas); color: var(--fg); }
body.nightMode { background-color: var(--canvas); color: var(--fg); }
hr { background-color: #737373; margin: 1em 0; border: none; height: 1px; }
img { max-width: 100%; max-height: 95vh; }
li { text-align: start; }
a { color: #2563eb; text-decoration: none; }
#image-occlusion-container { position: relative; margin: 0 auto; }
#image-occlusion-container img { position: absolute; width: 100%; height: 100%; max-width: unset; }
#image-occlusion-canvas { position: absolute; width: 100%; height: 100%; }
"""
"""What Anki's own style sheets say of the things that cards have."""
SIZES = {"320 px": (320, 1.0), "380 px": (380, 1.0), "380 px, large text": (380, 1.5), "1000 px": (1000, 1.0)}
"""Widths of a screen, and how far the learner has zoomed in."""
MODES = {"day": "", "night": "nightMode night_mode"}

RICH = """\
deck: Looks
finding: {name: Hyponatraemia, effect: lower the serum sodium, ordered: true, listed: true}
report: https://example.org/errors
categories:
  gain:
    name: Vasopressin that should not be there and yet acts upon the collecting duct of the kidney
    definition: More water than the kidney can excrete
    hallmark: {is: Urine that is denser than it should be, from: [loss]}
  loss: Pseudopseudohypoparathyroidismpseudopseudohypoparathyroidism
causes:
  siadh:
    cause: Pseudopseudohypoparathyroidismpseudopseudohypoparathyroidism
    aka: [SIADH]
    category: gain
    mechanism:
      summary: "Dichlorodiphenyltrichloroethanemethylsulfonylmethanedichlorodiphenyl [@book] acts [@other]"
      steps: [One, "`a_long_name_of_a_configuration_value_that_does_not_break_anywhere=1`", Three]
      certainty: hypothesised
    time-course: {onset: "Days [@book]", peak: A week, recovery: Weeks}
    clue: "| test | result | unit | range |\\n|---|---|---|---|\\n| osmolality of serum | 255 | mmol/kg | 275 to 295 |"
    first-check: "1. Serum\\n2. Urine\\n\\n```\\nthe first line of some code that is longer than any phone\\n```"
    pearl: "See [the guideline](https://example.org/guideline) and ![duct](duct.svg)"
    image: {file: duct.svg, alt: A duct, credit: Own drawing}
    versus: {thiazides: {on: Pseudopseudohypoparathyroidismpseudopseudohypo, here: Normal volume, there: Low volume}}
    questions: {ask-it: {ask: Hyponatraemia with `a_long_name_of_a_configuration_value_that_does_not_break_anywhere`?,
                         answer: Pseudopseudohypoparathyroidismpseudopseudohypo, because: "It is so [@book]"}}
    examples: [{name: Small-cell cancer, note: it makes vasopressin, classic: true}]
  thiazides: {cause: Thiazides, category: loss, mechanism: Salt is lost, image: {file: duct.svg, alt: A duct}}
"""
FILES = {
    "sources.yaml": "references: [{id: book, title: A book}, {id: other, title: Another book}]",
    "media/duct.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="300"><path d="M9 9h800"/></svg>',
}

TOO_WIDE = """() => [...document.querySelectorAll('.side'), document.documentElement]
  .filter(side => side.scrollWidth > side.clientWidth)
  .map(side => `${side.dataset.name}: ${side.scrollWidth} of ${side.clientWidth}`)"""
TOO_FAINT = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => numbers(colour).slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => numbers(getComputedStyle(e).backgroundColor)[3] === 0 ? ground(e.parentElement)
    : getComputedStyle(e).backgroundColor;
  const faint = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !e.checkVisibility() || e.closest('script, style')) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.add(`${e.className || e.tagName}: ${ratio.toFixed(1)}`);
  }
  return [...faint];
}"""
SPILT = """() => [...document.querySelectorAll('svg')].flatMap(svg => [...svg.querySelectorAll('text')]
  .filter(text => text.getBBox().x + text.getBBox().width > svg.viewBox.baseVal.width)
  .map(text => text.textContent))"""

BOXES = """() => {
  const size = document.querySelector('svg').viewBox.baseVal;
  return [...document.querySelectorAll('text')].map(text => [text, text.getBBox()]).map(([text, box]) => ({
    text: text.textContent, x: box.x / size.width, width: box.width / size.width,
    y: (box.y + box.height / 2) / size.height }));
}"""
"""Where each line of a picture stands: its left edge, width and middle, in parts of the picture."""


class Screens(NamedTuple):
    """The sides of all cards of a deck, one page for each note type."""

    notes: NoteSet
    folder: Path

    def show(self, tab, note_type: str, mode: str) -> None:
        """Open the page of a note type."""
        (self.folder / "page.html").write_text(self._page(note_type, mode), encoding="utf-8")
        tab.goto((self.folder / "page.html").as_uri())

    def _page(self, note_type: str, mode: str) -> str:
        sides = "".join(
            f'<div class="side" data-name="{note.key} {ordinal} {name}">{html}</div>'
            for note in self.notes.notes
            if note.note_type == note_type
            for ordinal in note.card_ordinals
            for name, html in zip(("front", "back"), self.notes.show(note, ordinal)[:2], strict=True)
        )
        root = "night-mode" if "night" in mode else ""
        css = self.notes.note_types[note_type].css
        return (
            f'<!doctype html><html class="{root}"><meta charset="utf-8"><style>{ANKI}</style>'
            "<script>anki = {imageOcclusion: {setup() {}}}</script>"
            f'<body class="card card1 {mode}"><div id="qa"><style>{css}</style>{sides}</div></body></html>'
        )

    def too_wide(self, tab) -> list[str]:
        """Which sides are wider than the screen, at each size."""
        troubles = []
        for note_type in self.notes.note_types:
            self.show(tab, note_type, MODES["day"])
            for size, (width, zoom) in SIZES.items():
                tab.set_viewport_size({"width": width, "height": 700})
                tab.evaluate("zoom => { document.documentElement.style.zoom = zoom }", zoom)
                troubles += [f"{note_type}, {size}: {trouble}" for trouble in tab.evaluate(TOO_WIDE)]
        return troubles

    def too_faint(self, tab) -> list[str]:
        """Which texts are hard to tell from their ground, by day and by night."""
        troubles = []
        for note_type in self.notes.note_types:
            for mode, classes in MODES.items():
                self.show(tab, note_type, classes)
                troubles += [f"{note_type}, {mode}: {trouble}" for trouble in tab.evaluate(TOO_FAINT)]
        return troubles


def screens_of(folder_of_deck: Path, folder: Path) -> Screens:
    """The cards of a deck of every kind, also of those that its author did not ask for."""
    prepared, found = prepare(folder_of_deck, NOW)
    assert prepared is not None, found
    deck, templates, _ = read_deck(folder_of_deck)
    cards = deck.settings.cards.model_copy(update={"add": tuple(kind.name for kind in KINDS if not kind.default)})
    deck = replace(deck, settings=deck.settings.model_copy(update={"cards": cards}))
    notes, _ = render_notes(deck, templates, prepared.lock.namespace, Remembered(), no_progress)
    for media in notes.media:
        (folder / media.name).write_bytes(media.read())
    return Screens(notes, folder)


@pytest.fixture(scope="module", params=SHIPPED)
def shipped(request, tmp_path_factory) -> Screens:
    return screens_of(bundled("decks") / request.param, tmp_path_factory.mktemp(request.param))


def test_no_card_of_a_shipped_deck_is_wider_than_the_screen(shipped, page):
    assert shipped.too_wide(page) == []


def test_every_text_of_a_shipped_deck_stands_out_from_its_ground(shipped, page):
    assert shipped.too_faint(page) == []


def test_what_authors_may_write_fits_and_is_readable_too(write_deck, tmp_path, page):
    """Long words, tables, code, pictures and addresses."""
    screens = screens_of(write_deck(RICH, FILES), tmp_path)
    assert screens.too_wide(page) == []
    assert screens.too_faint(page) == []


def test_a_card_keeps_its_own_ground_at_night_and_a_drawing_in_black_is_seen_on_a_ground_that_does_not_glare(
    write_deck, tmp_path, page
):
    screens = screens_of(write_deck(RICH, FILES), tmp_path)
    screens.show(page, "cause", MODES["night"])
    ground = "e => getComputedStyle(e).backgroundColor"
    assert page.locator("body").evaluate(ground) == "rgb(27, 31, 35)"
    assert page.locator(".image img").first.evaluate(ground) == "rgb(221, 218, 212)"
    screens.show(page, "cause", MODES["day"])
    assert page.locator(".image img").first.evaluate(ground) == "rgb(255, 255, 255)"


def test_a_line_of_code_wraps_on_a_phone_and_keeps_its_spaces(write_deck, tmp_path, page):
    """Nobody sees that a line goes on where it is cut."""
    code = (
        "kubectl get nodes  --selector=a-label-that-is-longer/than-any-phone=and_does_not_break_anywhere_at_all_or_so"
    )
    question = f'questions: {{nodes: {{ask: Which command?, answer: "This:\\n\\n```\\n{code}\\n```"}}}}\n'
    screens = screens_of(write_deck(MINIMAL + question), tmp_path)
    page.set_viewport_size({"width": 360, "height": 700})
    screens.show(page, "question", MODES["day"])
    block = page.locator(".answer pre")
    assert block.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert block.bounding_box()["height"] > 3 * 20
    assert block.inner_text().strip() == code


def test_an_arrow_stays_with_the_word_before_it(write_deck, tmp_path, page):
    """The lines of a text are read off at each width of a narrow screen."""
    text = "Intrathorakaler Druck ↑ → venöser Rückstrom ↓"
    question = f"questions: {{flow: {{ask: '{text}: Was folgt?', answer: Vorlast ↓}}}}\n"
    deck = MINIMAL.replace("cause: Thiazide diuretics", "cause: Spannung in der Lunge ↑↑")
    screens = screens_of(write_deck(deck + question), tmp_path)
    lines = """() => [...document.querySelectorAll('.ask.whole')].flatMap(box => {
      const lines = [], range = new Range(), nodes = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
      let top = null;
      while (nodes.nextNode()) for (let i = 0; i < nodes.currentNode.data.length; i++) {
        range.setStart(nodes.currentNode, i); range.setEnd(nodes.currentNode, i + 1);
        const rect = [...range.getClientRects()].at(-1), letter = nodes.currentNode.data[i];
        if (!rect || !letter.trim()) continue;
        if (top === null || rect.top > top + 12) lines.push(''), top = rect.top;
        lines[lines.length - 1] += letter;
      }
      return lines;
    })"""
    for note_type in ("question", "cause"):
        screens.show(page, note_type, MODES["day"])
        for width in range(260, 440, 15):
            page.set_viewport_size({"width": width, "height": 700})
            found = page.evaluate(lines)
            assert len(found) > 1
            assert not [line for line in found if line.startswith(("↑", "↓"))], (note_type, width)


def test_a_key_is_not_broken_where_it_fits_on_a_line(write_deck, tmp_path, page):
    screens = screens_of(write_deck(MINIMAL.replace("siadh:", "a-key-of-several-words:")), tmp_path)
    screens.show(page, "cause", MODES["day"])
    page.set_viewport_size({"width": 320, "height": 700})
    key = page.locator(".key", has_text="a-key-of-several-words").first
    assert key.evaluate("e => e.getClientRects().length") == 1
    assert key.bounding_box()["height"] < 25


@pytest.mark.parametrize(
    ("axis", "changes"), [("urine", True), ("pH of urine", False), ("mRNA", False), ("DNA", False)]
)
def test_a_property_begins_with_a_capital_unless_its_word_has_capitals_of_its_own(
    write_deck, tmp_path, page, axis, changes
):
    versus = f"    versus: {{siadh: {{on: {axis}, here: Dense, there: Dilute}}}}\n"
    screens_of(write_deck(MINIMAL + versus), tmp_path).show(page, "contrast", MODES["day"])
    line = page.locator(".axis").last
    as_shown = line.screenshot()
    page.add_style_tag(content=".axis::first-letter { text-transform: none !important; }")
    assert (line.screenshot() != as_shown) is changes


def test_pictures_of_the_tree_hold_all_their_words_and_fit_a_phone(shipped, page):
    pictures = [media.read().decode() for media in shipped.notes.media if media.name.startswith("tree-")]
    assert pictures
    page.set_content("".join(pictures))
    assert page.evaluate(SPILT) == []
    assert page.evaluate("() => Math.max(...[...document.querySelectorAll('svg')].map(e => e.clientWidth))") <= WIDEST


def test_a_long_name_in_the_tree_is_broken_and_hidden_as_a_whole(write_deck, tmp_path, page):
    screens = screens_of(write_deck(RICH, FILES), tmp_path)
    hidden = next(note for note in screens.notes.notes if note.note_type == "picture")
    masks = [
        [float(edge) for edge in re.findall(r"=([\d.]+)", mask)] for mask in re.findall(r"rect:[^}]+", hidden.fields[0])
    ]
    picture = re.search(r'src="(tree-\w+\.svg)"', hidden.fields[1])[1]
    page.set_content((tmp_path / picture).read_text(encoding="utf-8"))
    boxes = page.evaluate(BOXES)
    covered = [
        any(
            left <= box["x"] and box["x"] + box["width"] <= left + width and top <= box["y"] <= top + height
            for left, top, width, height in masks
        )
        for box in boxes
    ]
    assert [box["text"] for box in boxes][1].startswith("Vasopressin that should")
    assert covered == [False, *[True] * (len(boxes) - 1)]
    assert len(boxes) > 3
