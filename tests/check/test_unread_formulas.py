"""Formulas in the marks of LaTeX and Anki, which Markdown takes for brackets."""

import pytest
from conftest import NOW

from generator.workflows.check import check_folder

DECK = "deck: D\nid: d-1\nfinding: {name: War, effect: bring about war}\ncauses:\n  a:\n    cause: Alliances\n"


@pytest.mark.parametrize(("text", "shown"), [
    (r"It grows by \(x\) and \(y\)", r"\(x\)"),
    (r"It grows by \[\frac{a}{b}\]", r"\[\frac{a}{b}\]"),
    (r"It grows by \[ 2^{10} \] each year", r"\[ 2^{10} \]"),
    (r"It grows \[sic\] by \[x_1\]", r"\[x_1\]"),
    (r"It grows by $x$, `\(x\)`, \\(x\\) and (x)", None),
    (r"The class \[^a-z\], the field \[x\_1\] and \[@key\] are no formulas", None),
    (r"It grows by $\left\(x\right\)$", None),
])  # fmt: skip
def test_a_formula_in_marks_that_are_no_formula_is_told(text, shown, write_deck):
    findings = check_folder(write_deck(f"{DECK}    mechanism: {text}\n"), NOW)
    found = [d for d in findings.diagnostics if d.code == "unread-formula"]
    assert [d.message.partition(" is ")[0] for d in found] == ([f"`{shown}`"] if shown else [])
    assert [findings.positions[d.place].column for d in found] == ([16 + text.index(shown)] if shown else [])
