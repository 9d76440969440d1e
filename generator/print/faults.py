"""Faults of cards on paper: text that does not fit, characters that no font has, formulas that cannot be read."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from math import inf

from generator.diagnostics import Diagnostic, Place
from generator.model.deck import Deck
from generator.print.faces import Face, missing_characters
from generator.print.fonts import suggest
from generator.print.job import Sizes
from generator.print.placements import Side
from generator.print.sheet import Job
from generator.screen.maths import UNREAD

_UNREAD = re.compile(f"{UNREAD}(.*?)</code>", re.DOTALL)

FittingStocks = Callable[[Face, Side], tuple[str, ...]]
"""Names the stocks on which a side of a card would fit."""


def overflow_faults(deck: Deck, job: Job, sizes: Sizes, strict: bool, fitting: FittingStocks) -> Iterator[Diagnostic]:
    """Yield a fault for each side that does not fit at the smallest type size, or, with `strict`, at the usual one."""
    for (index, side), fitted in sizes.items():
        face = job.faces[index]
        if not fitted.fits:
            excess = "too wide" if fitted.over == inf else f"{fitted.over:.1f} mm too long"
            what = f"does not fit on {job.stock_name}: at {fitted.size:g} pt it is {excess}"
        elif strict and fitted.shrunk:
            what = f"fits on {job.stock_name} only at {fitted.size:g} pt instead of {fitted.base:g}"
        else:
            continue
        others = ", ".join(fitting(face, side)[:4])
        yield Diagnostic(
            "card-overflow",
            f"the {side} of `{face.key}` ({face.kind}) {what}",
            place_of(deck, face),
            hint=(f"it fits on {others}; or " if others else "")
            + f"shorten it, or leave it out: --without '{face.key}'",
        )


def glyph_faults(deck: Deck, faces: tuple[Face, ...], covered: frozenset[str]) -> Iterator[Diagnostic]:
    """Yield a fault for each card with characters that no font has."""
    for face in faces:
        if missing := missing_characters(face, covered):
            shown = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing)
            helpful = " and ".join(dict.fromkeys(map(suggest, missing)))
            yield Diagnostic(
                "missing-glyph",
                f"the card `{face.key}` ({face.kind}) has characters that no font here can print: {shown}",
                place_of(deck, face),
                hint=f"install {helpful}, or set all cards in a font file that has it: --font FILE",
            )


def maths_faults(deck: Deck, faces: tuple[Face, ...]) -> Iterator[Diagnostic]:
    """Yield a warning for each card with a formula that is printed as it was written."""
    for face in faces:
        if found := _UNREAD.search(face.front + face.back):
            yield Diagnostic(
                "unread-maths",
                f"a formula of `{face.key}` ({face.kind}) prints as it is written: {unescape(found[1])}",
                place_of(deck, face),
                hint="Anki may know this TeX and paper does not; write it another way",
            )


def place_of(deck: Deck, face: Face) -> Place:
    """Return where an author finds the entry or category that a card is made from."""
    return deck.entry_place(face.entry)
