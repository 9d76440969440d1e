"""A slip that makes a file no YAML is pointed at where it was made, with what to write."""

import json
import re
import time
from pathlib import Path

import pytest

from generator.load.yaml import find_lost_texts, parse_yaml
from generator.workflows.check import check_folder
from generator.workflows.prepare import prepare

JARGON = re.compile("mapping|token|expected|context|document is|sequence|scalar")
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
    ("    category", "      category", 5, "or give the text of `cause` a key too: `name: …`"),
    ("    clue", "      clue", 6, "indent this line like `category:`"),
    ("    category", "   category", 5, "indent this line like those that it belongs with"),
    ("    category", "\tcategory", 5, "a tab is not allowed as indentation; use spaces"),
    ("clue: The", "clue: **The**", 6, "put quotes round a text that begins with `*`"),
    ("The gunboat Panther", "The\n    **gunboat**", 7, "indent this line further than `clue:`"),
    ("The gunboat Panther", "The\n    gunboat", 7, "`gunboat`? If the line continues the text above"),
    ("    cause", "  cause", 4, "indent this line further if it belongs to `crises`"),
    ("    cause", "\n  # here\n  cause", 6, "indent this line further if it belongs to `crises`"),
    ("    cause", "cause", 4, "indent this line further if it belongs to `crises`"),
    ("The gunboat Panther", "The Kaiser\u2019s plan: war", 6, "put quotes round a text that contains `: `"),
    ("The gunboat Panther", "[#1 Agadir, two]", 6, "put quotes round a text that contains ` #`"),
    ("The gunboat Panther", "'The Kaiser's Panther'", 6, "the apostrophe in `Kaiser's` ends the text; put double"),
    ("Princip}", "'the Kaiser's'}", 8, "the apostrophe in `Kaiser's` ends the text; put double"),
    ("The gunboat Panther", "'Scrap' of paper", 6, "put double quotes round the whole"),
    ("The gunboat Panther", "“Agadir: the gunboat”", 6, '`"`, round the text: `“` is not a quotation mark in YAML'),
    ("Who shot?", "Who shot #2?", 8, "put quotes round a text that contains ` #`; a comment begins there"),
    ("Who shot?", '"Who?", answer: #1 Princip', 8, "put quotes round a text that contains ` #`"),
    ("Princip}", "#1 Princip}\n    clue: the gunboat", 8, "put quotes round a text that contains ` #`"),
    ("Princip}", "Princip", 8, "write `}` where it ends"),
    ("Princip}", "Princip\n  agadir:\n    cause: Agadir", 8, "write `}` where it ends"),
    ("The gunboat Panther", "[The gunboat, Panther", 6, "write `]` where it ends"),
    ("The gunboat Panther", "[The gunboat, {a: Panther]", 6, "write `}` where it ends"),
    ("Princip}", "Princip}}", 8, "delete it"),
    ("    clue: The", "  clue: A\n    aka: The", 6, "indent this line further if it belongs to `crises`"),
    ("    clue", "    - clue", 6, "delete the `- `"),
    ("    cause", "    - cause", 4, "delete the `- `"),
    ("clue: The", "clue: - The", 6, "begin the `- ` on a line of its own"),
    ("Princip}", "Princip [@a2000]}", 8, "put quotes round a text inside braces that contains `[`"),
    ("clue: The", "clue: > 6 weeks, the", 6, "put quotes round the whole text"),
    ("clue: The", "clue: | 6 weeks, the", 6, "put quotes round the whole text"),
    ("clue: The", "clue: [1911] The", 6, "put quotes round the whole text"),
    ("clue: The", "clue: {1911} The", 6, "put quotes round the whole text"),
    ("The gunboat Panther", '"The "gunboat" Panther"', 6, "put single quotes round the whole text"),
    ("The gunboat Panther", "\n      - A boat\n      two men\n      - Agadir", 8, "write `- ` before it"),
    ("The gunboat Panther", "\n    - A boat\n    men\n    - Agadir", 8, "write `- ` before it"),
    ("clue: The", "clue:\u00a0The", 6, "write a space in its place"),
    ("    clue", "  \u00a0 clue", 6, "write a space in its place"),
    ("clue: The", "clue\uff1a The", 6, "write a colon and a space in its place"),
    ("deck", "  deck", 1, "begin it in the column of these keys"),
    ("causes:", "---\ncauses:", 2, "delete the `---`"),
    ("The gunboat Panther", "123456789012345678901", 6, "put quotes round it if it is a text"),
    ("    clue", "    -99999999999999999999: The", 6, "put quotes round it if it is a text"),
])  # fmt: skip
def test_a_slip_is_pointed_at_with_what_to_write(right, wrong, line, hint):
    data, (found,) = parse_yaml(Path("deck.yaml"), DECK.replace(right, wrong, 1))
    assert data is None
    assert found.place.line == line
    assert hint in found.hint
    assert not JARGON.search(found.message), "the parser's own words"
    assert not found.related


@pytest.mark.parametrize(("right", "wrong", "line"), [
    ("The gunboat Panther", '"The gunboat Panther', 6),
    ("imperialism", "'imperialism", 5),
    ("{ask: Who shot?, answer: Princip}", '{ask: "Who shot?, answer: Princip}', 8),
])  # fmt: skip
@pytest.mark.parametrize("more", ["", "  agadir:\n    cause: \"Agadir\"\n    clue: The people's 'gunboat'\n"])
def test_a_quotation_that_does_not_end_is_pointed_at_where_it_begins(right, wrong, line, more):
    data, (found,) = parse_yaml(Path("deck.yaml"), DECK.replace(right, wrong, 1) + more)
    assert data is None
    assert found.place.line == line
    assert found.hint == "put the same quotation mark at its end"
    assert all(at.place.line <= len((DECK + more).splitlines()) for at in found.related), "past the end of the file"


def test_a_quotation_over_several_lines_is_not_a_slip():
    text = DECK.replace("The gunboat Panther", '"The gunboat\n      Panther"').replace("questions:", "questions")
    _, (found,) = parse_yaml(Path("deck.yaml"), text)
    assert (found.place.line, found.hint) == (8, "is a colon missing after `questions`?")


@pytest.mark.parametrize(("text", "cut"), [
    ("Blocks step #2 of synthesis", ["6:28"]),
    ("Blocks step  #two", ["6:29"]),
    ('"Blocks step #2 of synthesis"', []),
    ("Blocks step # 2 of synthesis", []),
    ("Blocks step#2 of synthesis", []),
    ("Blocks it  #! a shell", []),
    ("#1 of five blocks it", []),
    ("{summary: #1 of five\n      }", ["6:26"]),
    ("{summary: Blocks it, steps: [\n      #one\n    ]}", []),
    ("#yet to write\n      summary: Blocks it", []),
    ("#yet to write\n      - Blocks it", []),
    (">-\n      Blocks step #2 of synthesis", []),
])  # fmt: skip
def test_a_text_that_a_comment_cuts_short_or_hides_is_told(text, cut, write_deck):
    deck = "deck: A\nid: a-1\nfinding: {name: Fever, effect: raise it}\ncauses:\n"
    findings = check_folder(write_deck(f"{deck}  a:\n    mechanism: {text}\n    cause: Alpha\n"))
    found = [(findings.positions[d.place], d.code) for d in findings.diagnostics]
    assert [f"{at.line}:{at.column}" for at, code in found if code == "cut-text"] == cut


def test_a_comment_for_a_value_that_must_be_there_is_one_fault_with_what_to_write(write_deck):
    deck = "deck: A\nid: a-1\nfinding: {name: Fever, effect: raise it}\ncauses:\n"
    (found,) = check_folder(write_deck(f"{deck}  a:\n    mechanism: #1 of five blocks it\n    cause: A\n")).diagnostics
    assert found.code == "wrong-type"
    assert found.hint == "put quotes round the text; if it is a comment, write a space after the `#`"


def test_a_colour_without_quotes_is_told():
    text = "style:\n  day:\n    text: #2b2118\n    paper: #fff\n  night: {}  #later\n"
    told = [(found.place.line, found.hint) for found in find_lost_texts(Path("deck.yaml"), text)]
    comment = "; if it is a comment, write a space after the `#`"
    assert told == [(3, f"put quotes round `#2b2118`{comment}"), (4, f"put quotes round `#fff`{comment}")]


def test_a_build_tells_of_a_text_that_a_comment_cuts(write_deck):
    deck = "deck: A\nid: a-1\nfinding: {name: Fever, effect: raise it}\ncauses:\n"
    _, said = prepare(write_deck(f"{deck}  a:\n    cause: Alpha\n    mechanism: Cause #1 of all\n"), 0)
    assert [found.code for found in said] == ["cut-text"]


@pytest.mark.parametrize(
    "text", ["it's o'clock " * 40 + "{", "a" * 100_000 + ": {"], ids=["apostrophes", "a long word"]
)
def test_a_long_line_that_is_not_yaml_is_reported_at_once(text):
    """A search that went back over the line at every letter took hours."""
    data, (fault, *_) = parse_yaml(Path("deck.yaml"), f"deck: A\ncause: {{x: {text}\n")
    assert (data, fault.code) == (None, "bad-yaml")


@pytest.mark.parametrize("where", [0.5, 0.9])
def test_a_fault_in_a_long_file_of_brackets_is_told_at_once(where):
    """A file written as JSON is one bracket. For each word of it all lines before were read again."""
    causes = {f"k{n}": {"cause": f"Cause {n}", "mechanism": "It works", "aka": ["a", "b"]} for n in range(1000)}
    text = json.dumps({"causes": causes}, indent=1)
    at = text.index('"cause"', round(where * len(text)))
    start = time.process_time()
    data, (fault, *_) = parse_yaml(Path("deck.yaml"), f"{text[:at]}[{text[at:]}")
    assert (data, fault.code) == (None, "bad-yaml")
    assert time.process_time() - start < 1
