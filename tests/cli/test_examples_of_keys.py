"""`aetia explain` shows how a mapping is written, in a form that the deck's files take."""

import pytest
from conftest import MINIMAL

from generator.load.deck import load_deck
from generator.workflows.check import check_folder
from generator.workflows.explain import EXAMPLES, FILES

FILE_OF = {name: file for file, names in FILES.items() for name in names} | {"deck.words": "deck.yaml"}
LACKS = {"image": ["missing-image"], "note": ["unknown-note-type"], "review": ["no-source"]}
"""What the smallest deck lacks for an example."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_read_without_a_fault(write_deck, name):
    text, file, key = EXAMPLES[name], FILE_OF[name], EXAMPLES[name].partition(":")[0]
    files = {}
    if file.endswith("syllabus.yaml") or file == "sources.yaml":
        deck, files = MINIMAL, {file: text}
    elif file == "deck.yaml" or name in ("cause", "note"):
        top = "".join(line for line in MINIMAL.splitlines(True) if not line.startswith(f"{key}:"))
        deck = f"{text}\n" + (MINIMAL.partition("causes:")[0] if name == "cause" else top)
    else:
        entry = MINIMAL if key != "mechanism" else MINIMAL.rpartition("    mechanism:")[0]
        deck = f"{entry}    {text}\n"
    folder = write_deck(deck, files)
    assert load_deck(folder)[1] == ()
    assert [found.code for found in check_folder(folder).diagnostics if found.severity == "error"] == LACKS.get(
        name, []
    )


def test_every_mapping_of_the_two_files_that_authors_write_most_has_an_example():
    wanted = {name for file in ("deck.yaml", "causes/*.yaml") for name in FILES[file]} - {"deck", "hallmark"}
    assert wanted - EXAMPLES.keys() == set()


@pytest.mark.parametrize(("topic", "shown"), [
    ("lints", "lints: {no-source: off,"), ("deck.lints", "lints: {no-source: off,"), ("deck.cards", "cards: {add: ["),
    ("deck.words", "words: {ask-mechanism"), ("style", "style: {font: Georgia"), ("contrast", "versus: {siadh: {on:"),
])  # fmt: skip
def test_explain_shows_how_a_key_that_takes_a_mapping_is_written(run_aetia, topic, shown):
    assert f"  for example  {shown}" in run_aetia("explain", topic).stdout
