"""The page that tells learners how to take a new release, and its short form in the deck's description."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from conftest import MINIMAL, NOW

from generator.load.yaml import parse_yaml
from generator.resources import bundled

WORDS = {
    file.stem: parse_yaml(file, file.read_text(encoding="utf-8"))[0]
    for file in sorted((bundled("templates") / "words").glob("*.yaml"))
}


class Seen(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def page_of(built):
    _, page = built.beside
    return Seen(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", WORDS)
def test_the_page_says_every_phrase_in_the_decks_language(build_deck, language):
    seen = page_of(build_deck(MINIMAL + f"language: {language}\n", asked=("text",)))
    phrases = {key: text for key, text in WORDS[language].items() if key.startswith("update-")}
    missing = [key for key, text in phrases.items() if text not in seen.text]
    assert missing == ["update-short", "update-retired"]
    assert ("html", {"lang": language}) in seen.tags


def test_the_page_names_the_files_beside_it(build_deck):
    built = build_deck(MINIMAL, asked=("text",))
    text, page = built.beside
    assert text.parent == page.parent == built.package.parent
    seen = Seen(page.read_text(encoding="utf-8"))
    assert built.package.name in seen.text
    assert text.name in seen.text


def test_the_page_gives_a_search_that_finds_the_retired_notes_in_anki(build_deck, anki_import):
    more = "".join(f"  cause-{n}:\n    cause: Cause {n}\n    mechanism: Way number {n}\n" for n in range(5))
    gone = "  hypothyroidism:\n    cause: Hypothyroidism\n    mechanism: The heart pumps less\n"
    built = build_deck(MINIMAL + more + gone)
    collection = anki_import(built.package).collection
    _, page = build_deck(MINIMAL + more, now=NOW + 60, asked=("text",)).beside
    (search,) = [s for s in re.findall(r"<code>(.*?)</code>", page.read_text(encoding="utf-8")) if "Key" in s]
    (found,) = collection.find_notes(unescape(search))
    assert collection.get_note(found).fields[0] == "Hypothyroidism"


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(build_deck):
    seen = page_of(build_deck(MINIMAL, asked=("text",)))
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in seen.tags}
    assert not [attrs for _, attrs in seen.tags if {"src", "href", "onclick"} & attrs.keys()]


def test_markup_in_a_deck_name_is_shown_and_not_obeyed(build_deck):
    built = build_deck(
        MINIMAL.replace("deck: Medicine::Hyponatraemia", "deck: 'A <b>$bold</b> & deck'"), asked=("text",)
    )
    assert "A <b>$bold</b> & deck" in page_of(built).text


def test_markup_in_the_version_and_in_phrases_is_text_in_the_overview_of_anki(build_deck, anki_import):
    """H2: Anki shows the description of a deck as HTML."""
    evil = """version: "<script>x()</script>"\nwords: {update-short: "<img src=x onerror=y()>"}\n"""
    built = build_deck(evil + MINIMAL)
    text = anki_import(built.package).collection.decks.by_name("Medicine::Hyponatraemia")["desc"]
    assert "&lt;script&gt;x()" in text
    assert "&lt;img src=x" in text
    assert "<script" not in text
    assert "<img" not in text


@pytest.mark.parametrize("language", WORDS)
def test_learners_read_the_short_form_under_the_decks_name(build_deck, anki_import, language):
    collection = anki_import(build_deck(MINIMAL + f"language: {language}\n").package).collection
    deck = collection.decks.by_name("Medicine::Hyponatraemia")
    assert WORDS[language]["update-short"] in deck["desc"]


def test_a_build_writes_the_files_for_learners_only_when_asked(write_deck, run_aetia):
    root = write_deck(MINIMAL).parent.parent
    assert run_aetia("build", "deck", cwd=root).returncode == 0
    assert [file.name for file in (root / "dist").iterdir()] == ["deck.apkg"]
    result = run_aetia("build", "deck", "--text", cwd=root)
    assert result.returncode == 0
    names = {"deck.apkg", "deck.update.txt", "deck.how-to-update.html"}
    assert {file.name for file in (root / "dist").iterdir()} == names
    assert all(f"dist/{name}" in result.stdout for name in names)
