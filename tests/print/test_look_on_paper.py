"""What an author's style and a card's own marks look like on paper."""

import re

import pikepdf
import pytest
from sheets import DECK, print_deck

from generator.print.faces import make_faces
from generator.print.verify import read_letters
from generator.workflows.prepare import prepare

STYLE = 'style: {day: {text: "#123456", accent: "#a3480f"}}\n'
TEXT, QUIET, ACCENT = "#123456", "#546d85", "#a3480f"


def colours_in(file):
    """The colours of all letters in a PDF, and those of all strokes. A border of css is a filled ring, and neither."""
    letters, strokes = set(), set()
    with pikepdf.open(file) as pdf:
        for page in pdf.pages:
            fill, stroke, kept = (0.0,), (0.0,), []
            for values, operator in pikepdf.parse_content_stream(page):
                match str(operator):
                    case "q":
                        kept.append((fill, stroke))
                    case "Q":
                        fill, stroke = kept.pop()
                    case "rg" | "g":
                        fill = values
                    case "RG" | "G":
                        stroke = values
                    case "Tj" | "TJ":
                        letters.add(named(fill))
                    case "S":
                        strokes.add(named(stroke))
    return letters, strokes


def named(values):
    parts = [round(float(value) * 255) for value in values]
    return f"#{bytes(parts * (3 // len(parts))).hex()}"


@pytest.mark.parametrize("layout", ["cards", "list"])
def test_all_text_has_the_colour_of_text_and_what_is_accent_on_a_screen_and_every_heading_the_accent(
    tmp_path, write_deck, layout
):
    made = print_deck(tmp_path, write_deck, STYLE + DECK, layout=layout, without=("tree",))
    letters, strokes = colours_in(made.file)
    assert letters - {"#000000"} == {TEXT, QUIET, ACCENT}
    assert ("#000000" in letters) == (layout == "list"), "the number of a page is the sheet's"
    if layout == "cards":
        assert strokes == {ACCENT}


def test_a_colour_that_cannot_be_read_on_white_paper_stays_on_the_screen(tmp_path, write_deck):
    style = 'style: {day: {text: "#eeeeee", background: "#222222", accent: "#ffff00"}}\n'
    letters, _ = colours_in(print_deck(tmp_path, write_deck, style + DECK, only=("siadh",)).file)
    assert letters == {"#000000", "#444444"}


def test_grey_ink_has_no_colours(tmp_path, write_deck):
    letters, strokes = colours_in(print_deck(tmp_path, write_deck, STYLE + DECK, only=("siadh",), ink="grey").file)
    assert letters | strokes == {"#000000", "#444444", "#555555"}


def test_the_back_quotes_the_deciding_words_of_the_clue(write_deck):
    prepared, _ = prepare(write_deck(DECK), 0)
    faces = make_faces(prepared.stamped.release.notes, prepared.deck, prepared.words, ())
    quoted = {face.key: face.back for face in faces if face.kind == "clue"}
    assert '<div class="deciding">“no oedema”</div>' in quoted["siadh"]
    assert "deciding" not in quoted["thiazides"]
    assert not [face for face in faces if face.kind == "mechanism" and "deciding" in face.back]


def test_a_question_is_named_by_what_it_belongs_to_and_a_draft_is_called_that_once(tmp_path, write_deck):
    own = "    questions: {dose: {ask: What of its dose?, answer: A small one is enough}}\n"
    deck = "reviews: true\n" + DECK.replace("    pearl: Restrict", own + "    pearl: Restrict")
    deck = deck.replace("because: The brain has adapted", "category: loss")
    made = print_deck(tmp_path, write_deck, deck, details=True, only=("question", "mechanism"))
    assert {face.key: face.title for face in made.faces if face.kind == "question"} == {
        "dose": "SIADH", "speed": "Loss of salt",
    }  # fmt: skip
    words = "".join(letter.text for page in read_letters(made.pdf) for letter in page)
    assert words.count("Draft,notyetreviewed") == len(made.faces)
    assert words.count("Forlearningonly") == len(made.faces)


@pytest.mark.parametrize(
    ("name", "foot"),
    [
        ("Thiazides", "Thiazides·Mechanism·Draft,notyetreviewed№"),
        ("Hardened portafilter gasket", "Hardenedportafiltergasket·Draft,notyetreviewed№"),
        ("A hardened portafilter gasket in an old machine", "(?<!machine·)Mechanism·Draft,notyetreviewed№"),
    ],
)
def test_what_a_foot_has_no_room_for_is_left_out_whole(tmp_path, write_deck, name, foot):
    deck = "reviews: true\n" + DECK.replace("cause: Thiazides", f"cause: {name}")
    made = print_deck(tmp_path, write_deck, deck, stock="avery-5371", only=("thiazides",))
    text = "".join(letter.text for page in read_letters(made.pdf) for letter in page)
    assert re.search(foot, text)
    assert "…" not in text
