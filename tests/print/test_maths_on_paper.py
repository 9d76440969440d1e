"""Formulas on paper: where their signs stand, as read from the PDF, with either engine."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_finished_pdf import SECOND_ENGINE, engine

from generator.print.maths import draw_formula
from generator.print.verify import read_letters
from generator.screen.maths import UNREAD, set_maths


def set_on_paper(name, tex):
    """The letters of a formula by their text."""
    formula = set_maths(rf"\({tex}\)", draw_formula)
    body = f'<div class="face" style="font-size:11pt;width:80mm">{formula}</div>'
    (letters,) = read_letters(engine(name).paint([body], (100, 60)))
    return {letter.text: letter for letter in letters}


@pytest.mark.parametrize("name", ["plutoprint", SECOND_ENGINE])
@pytest.mark.parametrize(
    ("tex", "above", "below"),
    [
        (r"\frac{a+b}{2}", "a", "2"),
        (r"y\frac{a}{\frac{c}{d}}", "c", "d"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "b", "d"),
        (r"\begin{cases} a & x \\ b & y \end{cases}", "x", "y"),
        (r"\binom{n}{k}", "n", "k"),
        (r"\overset{k}{\to}", "k", "→"),
        (r"\mathrm{HCO_3^-}", "−", "3"),
        (r"\sum_{i}^{n}", "n", "i"),
    ],
)
def test_what_belongs_above_is_above(name, tex, above, below):
    signs = set_on_paper(name, tex)
    assert signs[above].bottom < signs[below].top + 0.2


@pytest.mark.parametrize("name", ["plutoprint", SECOND_ENGINE])
def test_cells_of_a_row_are_on_one_line_and_those_of_a_column_under_one_another(name):
    signs = set_on_paper(name, r"\begin{matrix} n & u \\ o & v \end{matrix}")
    assert signs["n"].bottom == pytest.approx(signs["u"].bottom, abs=0.2)
    assert signs["n"].right < signs["u"].left
    assert (signs["n"].left + signs["n"].right) / 2 == pytest.approx((signs["o"].left + signs["o"].right) / 2, abs=0.3)


@pytest.mark.parametrize(
    ("tex", "html"),
    [
        (r"x_1 \ge -a", "<i>x</i><sub>1</sub>\u00a0≥ −<i>a</i>"),
        (r"\text{Na}^+ &lt; 135", "Na<sup>+</sup>\u00a0&lt; 135"),
        (r"0.1 \times 10^{9}/\mathrm{L}", "0.1\u00a0× 10<sup>9</sup>/L"),
        (r"\mathrm{CO_2} \rightleftharpoons \alpha", "CO<sub>2</sub>\u00a0⇌ <i>α</i>"),
        (r"37^\circ \to \sqrt{x}", '37°\u00a0→ √<span class="overlined"><i>x</i></span>'),
        (r"\sqrt[3]{a+b}", '<sup>3</sup>√<span class="overlined"><i>a</i>\u00a0+ <i>b</i></span>'),
        (r"\vec{v}\mathbf{B}\ln f'", "<i>v\u20d7</i><b>B</b>ln\u2009<i>f</i>′"),
        (r"e^{-x}\,5\,\%", "<i>e</i><sup>−<i>x</i></sup>\u20095\u2009%"),
        (r"\begin{aligned} a &amp;= b\end{aligned}", "<i>a</i>\u00a0= <i>b</i>"),
    ],
)
def test_signs_have_room_where_they_stand_between_terms_and_variables_slant(tex, html):
    assert set_maths(rf"\({tex}\)", draw_formula) == html


@pytest.mark.parametrize("tex", [r"\ce{H2O}", r"\frac{a}{", "^", r"\unheard{x}"])
def test_what_cannot_be_read_stays_as_written_on_screen_and_paper(tex):
    assert set_maths(rf"\({tex}\)") == set_maths(rf"\({tex}\)", draw_formula) == f"{UNREAD}{tex}</code>"


@example("\\\\")
@given(st.text("\\(){}[]^_abc1 +fracsqrt&;<>'", max_size=40))
def test_no_formula_however_broken_stops_a_print_or_breaks_the_page(tex):
    for draw in (None, draw_formula):
        html = set_maths(rf"\({tex}\)".replace("&", "&amp;").replace("<", "&lt;"), draw)
        ET.fromstring(f"<div>{html}</div>")
