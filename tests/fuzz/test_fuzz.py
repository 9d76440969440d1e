"""A few made-up decks at each run of the tests; `python -m tests.fuzz` tries many more."""

import pytest
from hypothesis import given, settings

from tests.fuzz.decks import good_decks, nearly_good_decks, rubbish
from tests.fuzz.judge import judge, judge_good

pytestmark = pytest.mark.slow


@given(rubbish())
@settings(max_examples=40)
def test_any_bytes_get_an_answer(files):
    judge(files)


@given(nearly_good_decks())
@settings(max_examples=60)
def test_a_deck_with_slips_gets_an_answer(files):
    judge(files)


@given(good_decks())
@settings(max_examples=8)
def test_a_good_deck_arrives_in_anki_whole_and_is_built_to_the_same_bytes_again(files):
    judge_good(files)
