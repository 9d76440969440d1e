"""A few made-up decks at each run of the tests; `python -m tests.fuzz` tries many more."""

import pytest
from hypothesis import given, settings

from tests.fuzz import commands
from tests.fuzz.commands import judge_commands
from tests.fuzz.decks import good_decks, nearly_good_decks, rubbish
from tests.fuzz.judge import judge, judge_good
from tests.fuzz.lines import LINES, good_line
from tests.fuzz.projects import Try, tries
from tests.fuzz.samples import good_project

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


@given(tries())
@settings(max_examples=30)
def test_every_command_answers_in_any_project_and_writes_nothing_elsewhere(trial):
    judge_commands(trial)


@pytest.mark.parametrize("name", LINES)
def test_a_command_of_the_fuzz_works_where_nothing_is_spoilt(name, monkeypatch):
    """One that is refused for its words would try nothing."""
    said = []
    monkeypatch.setattr(commands, "_judge", lambda *judged: said.append(judged[2]))
    names = ["print", name] if name == "print done" else [name]
    commands.judge_commands(Try(good_project(), good_project(), tuple((n, *good_line(LINES[n])) for n in names)))
    assert all(result is None or result.exit_code != 2 for result in said), said[-1].output
