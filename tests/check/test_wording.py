"""Phrases are held to the same rules in `words:` of a deck and in the files of a project's own language."""

import json

import pytest
from conftest import MINIMAL, NOW

from generator.resources import bundled
from generator.workflows.check import check_folder

LATIN = "../../templates/words/la.yaml"
CARD = "{{% block front %}}{{% when field.Quote %}}{} {{{{ field.Quote }}}}{{% endwhen %}}{{% endblock %}}"
QUOTES = {
    "../../templates/notetypes/quote/notetype.yaml": "name: Quote\nfields: [Quote, Key]\ncards: [quote]\n",
    "../../templates/notetypes/quote/quote.html": CARD.format('{{ ask("whose") }} {{ words.long_ago }}')
    + "{% block answer %}{{ finding }}{% endblock %}",
}


@pytest.fixture
def told(write_deck):
    """Line, code, message and hint of what is said about the phrases in some files."""

    def told(files, deck=f"language: la\n{MINIMAL}", code=("unknown-phrase", "phrase-mark", "stray-markup")):
        findings = check_folder(write_deck(deck, files), NOW)
        found = [d for d in findings.diagnostics if d.code in code]
        return [(d.place.file.name, findings.positions[d.place].line, d.code, d.message, d.hint) for d in found]

    return told


FAULTY = {
    "ask-mechanisms": "Hoe zo, {cause}?", "ask-mechanism": "Hoe zo?", "ask-dose": "{cause}, {oops}?", "more": "**Meer**"
}  # fmt: skip


def test_a_phrase_of_a_projects_own_language_is_checked_as_one_of_the_deck_is(told):
    lines = [f"{key}: {json.dumps(text)}" for key, text in FAULTY.items()]
    in_file = told({LATIN: "\n".join(lines)})
    assert [found[:3] for found in in_file] == [
        ("la.yaml", 1, "unknown-phrase"), ("la.yaml", 2, "phrase-mark"), ("la.yaml", 3, "phrase-mark"),
        ("la.yaml", 4, "stray-markup"),
    ]  # fmt: skip
    in_deck = told({}, f"words: {json.dumps(FAULTY)}\n{MINIMAL}")
    assert [found[2:] for found in in_deck] == [found[2:] for found in in_file]


def test_a_phrase_that_only_the_projects_own_cards_show_is_one(told):
    own = {LATIN: "ask-whose: Van wie?\nlong-ago: Lang geleden\nkind-quote: Citaat\nask-whom: Aan wie?\n"}
    assert [found[1:3] for found in told({**own, **QUOTES})] == [(4, "unknown-phrase")]


def test_phrases_that_a_language_lacks_are_named_with_the_file_where_they_belong(told):
    english = (bundled("templates") / "words/en.yaml").read_text("utf-8").splitlines()
    phrases = [line for line in english if line and line[0] not in " #"]
    names = [phrase.partition(":")[0] for phrase in phrases]
    ((*_, hint),) = told({}, code=("untranslated",))
    assert hint.startswith(f"write them under `words`: `{names[0]}`, ")
    assert f"`{names[9]}` and {len(names) - 10} more; `aetia explain phrases`" in hint
    ((*_, message, hint),) = told({LATIN: "\n".join(phrases[2:])}, code=("untranslated",))
    assert message.startswith("2 of the phrases")
    assert hint.startswith(f"write them in `templates/words/la.yaml`: `{names[0]}`, `{names[1]}`; ")
