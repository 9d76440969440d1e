"""Prepare a card for a page without Anki's scripts: browsers show MathML and boxes by themselves."""

from generator.screen.maths import set_maths
from generator.screen.occlusion import draw_occlusion

STYLE = """\
.occlusion { position: relative; display: inline-block; }
.occlusion img { display: block; max-width: 100%; }
.mask { position: absolute; box-sizing: border-box; }
.mask.hidden { background: var(--active-shape-color); border: solid var(--active-shape-border); }
.mask.inactive { background: var(--inactive-shape-color); border: solid var(--inactive-shape-border); }
.mask.shown { background: var(--highlight-shape-color); border: solid var(--highlight-shape-border); }
"""
"""The css of masks, in the colours that the note type sets for Anki's masks."""


def set_card(html: str) -> str:
    """Return a side of a card with its formulas as MathML and its masks as boxes."""
    return set_maths(draw_occlusion(html))
