"""A slip that makes a file no YAML is pointed at where it was made, with what to write."""

from pathlib import Path

import pytest

from generator.load.yaml import parse_yaml

DECK = """\
deck: A
causes:
  crises:
    cause: the Moroccan crises
    category: imperialism
    clue: The gunboat Panther
    questions:
      who: {ask: Who shot?, answer: Princip}
"""


@pytest.mark.parametrize(("right", "wrong", "line", "hint"), [
    ("cause: the", "cause the", 4, "is a colon missing after `cause`?"),
    ("crises:", "crises", 3, "is a colon missing after `crises`?"),
    ("questions:", "questions", 7, "is a colon missing after `questions`?"),
    ("clue: The", "clue:The", 6, "write a space after `clue:`"),
    ("ask: Who", "ask: Sarajevo: who", 8, "put quotes round a text that contains `: `"),
    ("clue: The", "clue: Agadir: the", 6, "put quotes round a text that contains `: `"),
    ("The gunboat Panther", '"Scrap" of paper', 6, "put single quotes round the whole"),
    ("    category", "      category", 5, "begin this line as far in as those that it belongs with"),
    ("    category", "   category", 5, "begin this line as far in as those that it belongs with"),
    ("    category", "\tcategory", 5, "a tab is not allowed as indentation; use spaces"),
    ("clue: The", "clue: **The**", 6, "put quotes round a text that begins with `*`"),
])  # fmt: skip
def test_a_slip_is_pointed_at_with_what_to_write(right, wrong, line, hint):
    data, (found,) = parse_yaml(Path("deck.yaml"), DECK.replace(right, wrong, 1))
    assert data is None
    assert found.place.line == line
    assert hint in found.hint
