"""Marks that an author wrote to make words bold, a formula or a link, and that a card would show."""

import pytest
from conftest import NOW

from generator.workflows.check import check_folder

HEAD = "deck: D\nid: d-1\nfinding: {name: War, effect: bring about war}\n"
CAUSE = "causes:\n  a:\n    cause: Alliances\n    mechanism: Each is bound to the next\n"


def said(folder):
    findings = check_folder(folder, NOW)
    found = [(d, findings.positions[d.place]) for d in findings.diagnostics if d.code == "stray-markup"]
    return [(f"{at.line}:{at.column}", d.message) for d, at in found]


@pytest.mark.parametrize(("text", "places"), [
    ("A German **gunboat off Agadir", ["8:20"]),
    ("The ** gunboat ** came", ["8:15"]),
    ("A German **gunboat** off **Agadir", ["8:36"]),
    ("A German **gunboat**, `2 ** 3` and $2**3$", []),
    ("Two asterisks are \\*\\*", []),
])  # fmt: skip
def test_asterisks_in_a_text_that_make_nothing_bold_are_told(text, places, write_deck):
    found = said(write_deck(f"{HEAD}{CAUSE}    dose: {text}\n    comment: '** later'\n"))
    assert [place for place, _ in found] == places


@pytest.mark.parametrize(("text", "places"), [
    ("Small *gunboats off Agadir", ["8:18"]),
    ("Small `gunboats", ["8:18"]),
    (r"Small $K^+ and $\ce{K+}$", ["8:18"]),
    (r"Small $\ce{K+}", ["8:18"]),
    ("Small [gunboats](https://a.org", ["8:18"]),
    ("*Small*, `gunboats`, $K^+$ and [gunboats](https://a.org)", []),
    ("HLA-B*57:01, 2 *3, 5` and $5 of $6", []),
    (r"\*Small, \`gunboats and \$K^+", []),
])  # fmt: skip
def test_a_mark_without_its_second_one_is_told(text, places, write_deck):
    assert [place for place, _ in said(write_deck(f"{HEAD}{CAUSE}    dose: '{text}'\n"))] == places


@pytest.mark.parametrize("name", ["aka: Entente **cordiale**", "examples: {name: The **Entente**}"])
def test_a_name_is_plain_text_and_an_example_is_markdown(name, write_deck):
    found = said(write_deck(f"{HEAD}{CAUSE}    {name}\n"))
    assert found == ([("8:18", "a name is plain text, so its `**` is shown")] if "aka" in name else [])


def test_a_phrase_is_plain_text_and_a_build_says_so(run_aetia, write_deck):
    folder = write_deck(f'{HEAD}words: {{ask-example: "**{{example}}**: which cause?"}}\n{CAUSE}')
    built = run_aetia("build", "deck", cwd=folder.parent.parent)
    assert "a phrase is plain text, so its `**` is shown" in built.stderr
    assert built.returncode == 0
