"""A part of a list or chain keeps its cloze number for life."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.cards.numbers import MAX_NUMBER, number_members, number_steps

CHAIN = (
    "Neutrophil oxidases activate the drug",
    "A reactive metabolite binds cell proteins",
    "Precursors in the marrow die",
    "Fewer neutrophils reach the blood",
)
KNOWN = {step: number for number, step in enumerate(CHAIN, 1)}

STEPS = st.lists(st.text("abcdefg ", min_size=4, max_size=16), max_size=8, unique_by=lambda text: text.strip())


def test_first_chain_is_numbered_in_order():
    assert list(number_steps(CHAIN, {}).values()) == [1, 2, 3, 4]


def test_inserted_step_gets_a_new_number_and_moves_no_other():
    steps = (CHAIN[0], "Hepatic enzymes may do the same", *CHAIN[1:])
    assert list(number_steps(steps, KNOWN).values()) == [1, 5, 2, 3, 4]


def test_removed_step_takes_its_number_with_it():
    assert list(number_steps(CHAIN[1:], KNOWN).values()) == [2, 3, 4]
    assert number_steps((*CHAIN[1:], "Infections follow within days"), KNOWN)["Infections follow within days"] == 5


@given(st.permutations(CHAIN))
def test_reordered_steps_keep_their_numbers(steps):
    assert number_steps(steps, KNOWN) == KNOWN


@pytest.mark.parametrize(
    "new",
    [
        "A reactive metabolite binds to cell proteins",
        "A reactive **metabolite** binds cell proteins [@curtis2017]",
        "A reactive nitrenium ion binds cell proteins",
    ],
)
def test_reworded_step_keeps_its_number(new):
    assert number_steps((CHAIN[0], new, *CHAIN[2:]), KNOWN) == {CHAIN[0]: 1, new: 2, CHAIN[2]: 3, CHAIN[3]: 4}


def test_step_that_was_mended_and_moved_keeps_its_number():
    new = "Precursors in the marrow die off"
    assert number_steps((new, CHAIN[0], CHAIN[1], CHAIN[3]), KNOWN)[new] == 3


def test_another_step_in_the_same_place_gets_a_new_number():
    new = "Complement lyses the coated cell"
    assert number_steps((CHAIN[0], new, *CHAIN[2:]), KNOWN)[new] == 5


def test_step_that_comes_back_gets_its_old_number():
    assert number_steps(CHAIN, {**{step: KNOWN[step] for step in CHAIN[1:]}, "Else": 9, CHAIN[0]: 1}) == KNOWN


def test_numbers_stay_below_the_gap_between_two_notes():
    """Only when every number up to the last was given are those of parts long gone given again."""
    known = {f"{number:03}": number for number in range(1, MAX_NUMBER + 1)}
    numbers = number_steps(("003", "quite another text", "067"), known)
    assert numbers == {"003": 3, "quite another text": 1, "067": 67}


@given(STEPS, STEPS)
def test_numbers_of_a_chain_are_distinct_and_never_change_for_a_text_that_stays(old, new):
    known = number_steps(old, {})
    numbers = number_steps(new, known)
    assert list(numbers) == list(dict.fromkeys(new))
    assert len(set(numbers.values())) == len(numbers)
    assert all(numbers[text] == known[text] for text in new if text in known)
    assert number_steps(new, {**numbers, **known}) == numbers


def test_member_keeps_its_number_under_a_new_key():
    assert number_members({"a": (), "c": ("b",), "d": ()}, {"a": 2, "b": 3}, 2) == {"a": 2, "c": 3, "d": 4}


def test_member_never_takes_the_number_of_one_that_is_there():
    assert number_members({"c": ("a",), "a": ()}, {"a": 2, "b": 3}, 2) == {"c": 4, "a": 2}
    assert number_members({"c": ("a",), "d": ("a",)}, {"a": 2}, 2) == {"c": 2, "d": 3}
