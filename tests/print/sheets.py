"""A deck that has everything hard to print, and printing it in one call."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from generator.load.stocks import load_stocks
from generator.model.stock import Stock
from generator.print.engine import read_styles
from generator.print.faces import SMALL_PRINT, Face, make_faces, number_faces, select, sort_faces
from generator.print.fonts import Fonts
from generator.print.lines import Setter
from generator.print.order import Order, Printed
from generator.print.placements import Placement, impose
from generator.print.sheet import Job, Look
from generator.resources import bundled
from generator.workflows.prepare import Findings, no_progress, prepare
from generator.workflows.print_ import print_sheets

TEMPLATES = bundled("templates") / "print"
STYLES = read_styles(TEMPLATES)
STOCKS, _ = load_stocks([TEMPLATES / "stocks"])
FONTS = Fonts(TEMPLATES / "fonts")
SETTER = Setter(FONTS, STYLES.faces)

DECK = """\
deck: Science::Low sodium
notice: true
finding: {name: Low sodium, effect: lower the sodium}
cards: {add: [tree, reverse]}
categories:
  dilution: {name: Too much water, definition: Water is kept.}
  loss: {name: Loss of salt, definition: Salt leaves the body., listed: true}
questions:
  speed: {ask: "Low sodium: how fast may it rise?", answer: 10 mmol/L a day, because: The brain has adapted}
causes:
  siadh:
    cause: SIADH
    category: dilution
    mechanism: {summary: "Water stays although $P_{osm} < 275$; 10<sup>3</sup> cells, CO<sub>2</sub>, α → β ≥ 2",
                steps: [Vasopressin acts, Water is kept]}
    clue: "Sodium 118 mmol/L with *dense* urine and **no oedema**, ğšż"
    pearl: Restrict water first
    versus: {polydipsia: {on: the urine, here: Dense, there: Dilute}}
  polydipsia: {cause: Polydipsia, category: dilution, mechanism: More water comes in than the kidney can let go}
  thiazides: {cause: Thiazides, category: loss, mechanism: Salt is lost where urine is diluted, clue: A new tablet}
  addison: {cause: Addison, category: loss, mechanism: Without aldosterone salt runs away, clue: Dark palms}
"""
"""Cards of most kinds, with Greek, arrows, raised and lowered figures, maths, Latin letters with marks."""


class Sheets(NamedTuple):
    """What a print gave."""

    printed: Printed | None
    findings: Findings
    file: Path
    faces: tuple[Face, ...]
    job: Job
    places: tuple[Placement, ...]

    @property
    def pdf(self) -> bytes:
        return self.file.read_bytes()


def print_deck(tmp_path: Path, write_deck: Callable[..., Path], text: str = DECK, **order: object) -> Sheets:
    """Write a deck and print it with an `Order`."""
    return print_folder(tmp_path, write_deck(text), **order)


def print_folder(tmp_path: Path, folder: Path, **order: object) -> Sheets:
    """Print a deck with an `Order` and return what came of it."""
    file = tmp_path / "sheets.pdf"
    file.unlink(missing_ok=True)
    wanted = Order(**order)
    printed, findings = print_sheets(folder, file, wanted, tmp_path / "memory", no_progress)
    prepared, _ = prepare(folder, 0)
    hidden = () if wanted.details else SMALL_PRINT
    made = number_faces(make_faces(prepared.stamped.release.notes, prepared.deck, prepared.words, hidden), {})
    faces = sort_faces(select(made, wanted.only, wanted.without), wanted.sort)
    stock = wanted.stock if isinstance(wanted.stock, Stock) else STOCKS[wanted.stock]
    look = Look(safe=wanted.safe, offset=wanted.printer.offset, rotation=wanted.printer.rotation)
    job = Job(
        faces,
        stock,
        str(wanted.stock),
        wanted.scheme,
        look,
        wanted.floor,
        "en",
        "Low sodium",
        SETTER,
        prepared.words,
        wanted.copies,
    )
    return Sheets(printed, findings, file, faces, job, impose(len(faces), stock, wanted.scheme, wanted.copies))
