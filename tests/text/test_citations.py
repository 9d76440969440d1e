"""What looks like a citation and is none is found, and nothing else is taken for one."""

import pytest

from generator.text.citations import shown_citations


@pytest.mark.parametrize(("text", "found"), [
    ("The scrap of paper (@otte2014)", [("(@otte2014)", "[@otte2014]")]),
    ("The scrap of paper (@otte2014, p. 12) tore", [("(@otte2014, p. 12)", "[@otte2014, p. 12]")]),
    ("As @clark2012. said", [("@clark2012", "[@clark2012]")]),
    ("Right [@clark2012, p. 3; @otte2014]", []),
    ("As said [clark2012] and [clark2012, p. 3]",
     [("[clark2012]", "[@clark2012]"), ("[clark2012, p. 3]", "[@clark2012, p. 3]")]),
    ("As said [@otte2014, clark2012]", [("[@otte2014, clark2012]", "[@otte2014; @clark2012]")]),
    ("As said [@otte2014, p. 3, @clark2012]", [("[@otte2014, p. 3, @clark2012]", "[@otte2014, p. 3; @clark2012]")]),
    ("A [clark2012](https://example.org) and [otte2014]", []),
    ("Write to ann@clark2012 or @someone (at home)", []),
    ("https://example.org/@clark2012", []),
])  # fmt: skip
def test_a_source_that_is_named_without_square_brackets_is_found(text, found):
    assert list(shown_citations(text, {"clark2012"})) == found
