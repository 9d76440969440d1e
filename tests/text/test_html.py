"""A field of a note reads as each reader needs it: on one line, for a search, or as it is seen."""

import pytest

from generator.text.html import one_line, searchable_text, visible_text

FIELD = (
    '<span class="label">Clue</span> Low <b>pO₂</b> &amp; {{c1::cherry-red::colour}} skin<sup class="cite">1</sup>'
    '<br><img src="curve.svg" alt="A curve">'
)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (one_line, "Clue Low pO₂ & cherry-red skin [1] / [curve.svg]"),
        (searchable_text, "Clue Low pO₂ & cherry-red::colour skin 1"),
        (lambda html: visible_text(html, ("label", "cite")), "Low pO₂ & {{c1::cherry-red::colour}} skin"),
    ],
)
def test_a_field_reads_as_its_reader_needs_it(read, text):
    assert " ".join(read(FIELD).split()) == text
