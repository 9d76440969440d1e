"""What is long is cut so that a message says it has more."""

import pytest

from generator.text.short import name_some, shorten


@pytest.mark.parametrize(
    ("text", "shown"), [("a" * 9, "a" * 9), ("a" * 10, "a" * 10), ("a" * 11, "a" * 9 + "…"), ("", "")]
)
def test_a_text_is_cut_when_it_is_longer_than_may_be(text, shown):
    assert shorten(text, 10) == shown


@pytest.mark.parametrize(
    ("names", "shown"),
    [("ab", "`a`, `b`"), ("abcde", "`a`, `b`, `c`, `d`, `e`"), ("abcdef", "`a`, `b`, `c`, `d`, `e`, …")],
)
def test_of_many_names_the_first_five_are_told(names, shown):
    assert name_some(names) == shown
