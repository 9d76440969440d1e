"""What is too long for a card: continued on further cards, without a word lost; and what a printer cannot print."""

import re
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import DECK, FONTS, SETTER, STYLES, print_deck, print_folder

from generator.print.job import BATCH
from generator.print.lines import Setter
from generator.print.order import READABLE, OrderError, Printer
from generator.print.split import split
from generator.print.typography import set_type
from generator.print.verify import read_letters
from generator.resources import bundled
from generator.text.html import visible_text
from generator.workflows.print_ import mark_done

pytestmark = pytest.mark.slow
LONG = DECK.replace("A new tablet", "A new tablet, pearl: " + " ".join(f"word{i}." for i in range(400)))


@pytest.fixture
def print_sheets(tmp_path, write_deck):
    return partial(print_deck, tmp_path, write_deck)


def plain(html):
    return re.sub(r"<[^>]*>", "", html)


blocks = st.lists(
    st.sampled_from(["<div>", "</div>", "<ol>", "<li>", "</li>", "</ol>", "<b>", "</b>", "<br>"])
    | st.text("ab. ", min_size=1, max_size=30),
    max_size=30,
)


def balanced(parts):
    """HTML in which each tag that is opened is closed, in order."""
    open_, out = [], []
    for part in parts:
        name = part.strip("</>").partition(" ")[0]
        if part.startswith("</"):
            if name in open_:
                while (last := open_.pop()) != name:
                    out.append(f"</{last}>")
                out.append(part)
        else:
            if part.startswith("<") and part != "<br>":
                open_.append(name)
            out.append(part)
    return "".join((*out, *(f"</{name}>" for name in reversed(open_))))


@given(blocks.map(balanced), st.integers(5, 60))
def test_pieces_are_whole_html_hold_every_letter_once_and_fit(html, room):
    def fits(piece):
        return len(plain(piece)) <= room

    pieces = split(html, fits)
    assert "".join(map(plain, pieces)) == plain(html)
    for piece in pieces:
        assert balanced(re.findall(r"<[^>]*>|[^<]+", piece)) == piece
    assert all(map(fits, pieces)) or len(pieces) == 1


def test_a_list_goes_on_counting_on_the_next_card_and_a_sentence_is_not_cut_if_it_need_not_be():
    html = "<div>One. Two three.</div><ol><li>first of all</li><li>second. And more</li><li>third</li></ol>"
    assert split(html, lambda piece: len(plain(piece)) <= 28) == (
        "<div>One. Two three.</div><ol><li>first of all</li></ol>",
        '<ol start="2"><li>second. And more</li><li>third</li></ol>',
    )
    assert split(html, lambda piece: len(plain(piece)) <= 9) [-2:] == (
        '<ol start="2"><li>And more</li></ol>', '<ol start="3"><li>third</li></ol>',
    )  # fmt: skip


def test_a_table_is_cut_between_rows_and_repeats_its_head():
    head = "<thead><tr><th>Type one</th><th>Salt</th></tr></thead>"
    rows = ["<tr><td>first of all</td><td>high</td></tr>", "<tr><td>second</td><td>low or high</td></tr>"]
    html = f"<div>Before.</div><table>{head}<tbody>{''.join(rows)}</tbody></table>"
    one, two = (f"<table>{head}<tbody>{row}</tbody></table>" for row in rows)
    assert split(html, lambda piece: len(plain(piece)) <= 40) == ("<div>Before.</div>" + one, two)
    assert split(html, lambda piece: len(plain(piece)) <= 30) == ("<div>Before.</div>", one, two)
    assert split(html, lambda piece: len(plain(piece)) <= 20) == (html,), "a row is not cut"


@pytest.mark.slow
def test_a_back_that_is_too_long_continues_on_further_cards_with_the_same_front(print_sheets):
    assert print_sheets(LONG, stock="avery-5371", fit="shrink", details=True).printed is None
    sheets = print_sheets(LONG, stock="avery-5371", details=True)
    assert min(fitted.size for fitted in sheets.printed.fitted) >= READABLE
    assert sheets.printed.split > 1
    assert sheets.printed.cards == len(sheets.faces) + sheets.printed.split
    pages = ["".join(letter.text for letter in page) for page in read_letters(sheets.pdf)]
    fronts, backs = "".join(pages[::2]), "".join(pages[1::2])
    face = next(face for face in sheets.faces if face.key == "thiazides" and face.kind == "clue")
    parts = [int(part) for part in re.findall(rf"№{face.number}·(\d)", fronts)]
    assert parts == list(range(1, len(parts) + 1))
    for number in parts:
        for side in (fronts, backs):
            assert f"{number}of{len(parts)}·" in side, "both sides say which of how many cards it is"
    places = [backs.index(word) for word in visible_text(face.back).split() if word.startswith("word")]
    assert len(places) == 400


@pytest.mark.slow
def test_one_side_printed_alone_has_the_cards_of_the_whole_job_also_where_texts_continue(print_sheets):
    both = print_sheets(LONG, stock="avery-5371", details=True)
    pages = [re.findall(r"№\d+(?:·\d)?", "".join(a.text for a in page)) for page in read_letters(both.pdf)]
    assert any("·" in sign for page in pages for sign in page)
    for side in (0, 1):
        alone = print_sheets(LONG, stock="avery-5371", details=True, sides=("fronts", "backs")[side], check=True)
        assert alone.printed.cards == both.printed.cards
        found = [re.findall(r"№\d+(?:·\d)?", "".join(a.text for a in page)) for page in read_letters(alone.pdf)]
        assert found == pages[side::2]


@pytest.mark.slow
def test_a_card_is_set_as_large_beside_one_that_continues_as_alone(tmp_path):
    folder = bundled("decks") / "leukopenia"
    order = {"stock": "avery-5371", "only": ("production/drugs", "question")}
    sheets = print_folder(tmp_path, folder, **order)
    assert sheets.printed.split
    assert min(fitted.size for fitted in sheets.printed.fitted) == READABLE


@pytest.mark.slow
def test_the_fit_report_counts_the_cards_that_continue_as_a_print_does(print_sheets):
    printed = print_sheets(LONG, stock="avery-5371", details=True).printed
    suits = print_sheets(LONG, details=True, report=True).printed.report["avery-5371"]
    assert (suits.sheets, suits.fitted) == (printed.sheets, printed.fitted)


def test_a_used_slot_that_the_sheet_does_not_have_is_refused(print_sheets):
    with pytest.raises(OrderError, match=r"There is no slot 12: a4-8 has slots 1 to 8, row by row\."):
        print_sheets(skip=frozenset({2, 12}))


def test_a_continued_card_says_so_in_the_language_of_the_deck(print_sheets):
    sheets = print_sheets(f"language: de\n{LONG}", stock="avery-5371", details=True, only=("thiazides",))
    (front, *_) = ("".join(letter.text for letter in page) for page in read_letters(sheets.pdf))
    assert re.search(r"1von\d·", front)


@pytest.mark.parametrize("kind", ["clue", "question"])
def test_the_fronts_of_one_kind_on_a_sheet_have_at_most_three_sizes_of_type(tmp_path, kind):
    sheets = print_folder(tmp_path, bundled("decks") / "leukopenia", stock="avery-c32011", only=(kind,))
    fitted = sheets.printed.fitted
    sizes = [side.size for side in fitted[: len(fitted) // 2]]
    assert 50 < len(sizes) < BATCH, "the fronts of a batch come first"
    assert max(len(set(sizes[i : i + 10])) for i in range(0, len(sizes), 10)) in (2, 3)


def test_no_card_is_spent_on_references(tmp_path, write_deck):
    titles = ", ".join(f"{{id: s{i}, title: {'A very long title indeed ' * 4}{i}}}" for i in range(9))
    cited = "; ".join(f"@s{i}" for i in range(9))
    text = "reviews: true\n" + DECK
    text = text.replace("Salt is lost where urine is diluted", f'"Salt is lost [{cited}]"')
    folder = write_deck(text, {"sources.yaml": f"references: [{titles}]"})
    sheets = print_folder(tmp_path, folder, details=True, stock="avery-5371", only=("thiazides",))
    assert sheets.printed.split == 0
    words = "".join(letter.text for page in read_letters(sheets.pdf) for letter in page)
    assert "Saltislost" in words
    assert "verylongtitle" not in words


@pytest.mark.slow
def test_a_drawing_that_has_no_room_is_left_out_with_a_word_and_stays_unprinted(tmp_path, write_deck):
    branches = "".join(f"  b{i}: {{name: Branch of a long name {i}}}\n" for i in range(12))
    folder = write_deck(DECK.replace("categories:\n", f"categories:\n{branches}"))
    sheets = print_folder(tmp_path, folder, stock="avery-5371")
    assert "left out, because the drawing is too large for avery-5371: Overview" in "".join(sheets.printed.warnings)
    mark_done(folder, [sheets.file], tmp_path / "memory")
    left = print_folder(tmp_path, folder, stock="a4-a6", changed=True)
    assert {fitted.fits for fitted in left.printed.fitted} == {True}
    assert left.printed.cards == len(sheets.faces) - sheets.printed.cards > 0


def test_marks_of_citations_are_on_backs_with_details_and_only_neighbours_have_a_comma(tmp_path, write_deck):
    text = '"Salt is lost [@a; @b] where urine is [@c] diluted"'
    sources = "references: [{id: a, title: A}, {id: b, title: B}, {id: c, title: C}]"
    folder = write_deck(DECK.replace("Salt is lost where urine is diluted", text), {"sources.yaml": sources})
    sheets = print_folder(tmp_path, folder, details=True, stock="a4-a6", only=("thiazides",))
    pages = ["".join(letter.text for letter in page) for page in read_letters(sheets.pdf)]
    assert "Saltislost1,2whereurineis3diluted" in "".join(pages[1::2])
    assert "Saltislostwhereurineisdiluted" in "".join(pages[::2])


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>It is above 30 mmol/L and 4 ×10</p>", "<p>It is above 30~mmol/L and 4~×~10</p>"),
        ("<p>1 098 344 in 2012 and ≥ 2</p>", "<p>1~098~344 in 2012 and ≥~2</p>"),
        ("<p>The patient's \"old\" ones, the '90s</p>", "<p>The patient’s “old” ones, the ’90s</p>"),
        ("<p><b>Addison</b>'s &quot;5' end of build 4711&quot;</p>", "<p><b>Addison</b>’s “5′ end of build 4711”</p>"),
        ("<p><code>'a'</code> and 'b'</p>", "<p><code>'a'</code> and ‘b’</p>"),
        ('<a href="https://a.org/b">a.org/b</a>', '<a href="https://a.org/b">a.org/<wbr>b</a>'),
    ],
)
def test_numbers_stay_with_their_units_and_quotation_marks_are_curved(html, kept):
    assert set_type(html, "en").replace("\u202f", "~").replace("\u2019", "’") == kept


def test_quotation_marks_are_those_of_the_language():
    assert set_type("<p>\"Rot\" und 'blau'</p>", "de-AT") == "<p>„Rot“ und ‚blau‘</p>"
    assert set_type('<p>le "rouge"</p>', "fr") == "<p>le «\u202frouge\u202f»</p>"


def lines_of(text, width, language="en"):
    html, _ = (
        Setter(replace(FONTS, language=language), STYLES.faces).read(f'<div class="ask whole">{text}</div>').set(width)
    )
    return plain(html.replace("<br>", "\n")).split("\n")


def test_lines_are_even_and_as_few_as_possible():
    assert lines_of("Which two causes lower the count at once", 16) == ["Which two causes", "lower the count at once"]
    assert lines_of("Short", 16) == ["Short"]


@pytest.mark.parametrize(
    "text", ["Intrathorakaler Druck ↑ → venöser Rückstrom ↓", "Im Blut CO<sub>2</sub> ↑↑, Kalium ⇩."]
)
def test_an_arrow_stays_with_the_word_before_it(text):
    text = set_type(text, "de")
    lines = [line for width in range(6, 40) for line in lines_of(text, width, "de")]
    assert any(line.endswith(("↑", "↑↑,")) for line in lines)
    assert not any(line.startswith(("↑", "↓", "⇩")) for line in lines)


def test_long_words_are_parted_as_their_language_parts_them():
    assert lines_of("Die Donaudampfschifffahrt", 8, "de") == ["Die Donau\u2010", "dampfschifffahrt"]
    assert lines_of("Die Donaudampfschifffahrt", 8, "xx") == ["Die", "Donaudampfschifffahrt"]


pieces = st.sampled_from(["a", "word", "<b>bold</b>", "x<sup>2</sup>", "Thrombocytopenia", "CO&lt;"])


@given(st.lists(pieces, min_size=1), st.floats(6, 30))
def test_breaks_take_the_place_of_spaces_and_nothing_else_changes(words, width):
    html = f"<div>{' '.join(words)}</div>"
    text, _ = SETTER.read(html).set(width)
    assert text.replace("\u2010<br>", "").replace("<br>", " ") == html


def test_what_fits_is_never_split(print_sheets):
    assert print_sheets(fit="split").pdf == print_sheets().pdf


def test_a_printer_that_leaves_edges_blank_is_told_of_where_cards_reach_into_them(print_sheets):
    blank = Printer(blank=(2, 2, 13, 2))
    assert print_sheets(stock="a4-8", printer=blank).printed.warnings == ()
    (warning,) = print_sheets(stock="a4-a7", printer=blank).printed.warnings
    assert warning == (
        "the printer leaves 13 mm blank at the bottom, so 10.4 mm of cards are lost: --safe 14.4 keeps the text clear "
        "of it"
    )


def test_backs_that_are_moved_for_a_printer_may_reach_into_its_blank_edge(print_sheets):
    blank = Printer(blank=(0, 5, 0, 0), offset=(3, 0))
    assert print_sheets(stock="a4-a7", safe=6.5, sides="fronts", printer=blank).printed.warnings == ()
    for sides in ("backs", "duplex"):
        (warning,) = print_sheets(stock="a4-a7", safe=6.5, sides=sides, printer=blank).printed.warnings
        assert "at the right, so 2.9 mm" in warning
        assert print_sheets(stock="a4-a7", safe=9.4, sides=sides, printer=blank).printed.warnings == ()


def test_cards_are_left_out_by_entry_or_kind_and_a_near_name_is_suggested(print_sheets):
    everything = print_sheets()
    sheets = print_sheets(without=("siadh", "clue"))
    gone = {face.key for face in everything.faces} - {face.key for face in sheets.faces}
    assert gone == {"siadh", "siadh/reverse", "polydipsia~siadh"}
    assert sheets.printed.cards == sum(f.key not in gone and f.kind != "clue" for f in everything.faces)
    with pytest.raises(OrderError, match=r"Nothing is called `thiazide`[.] Did you mean `thiazides`"):
        print_sheets(without=("thiazide",))


@pytest.mark.parametrize(
    ("asked", "meant"),
    {"a4-9": "a4-8", "5371x": "5371", "2537": "25371", "OCC-334": "OCC-3342"}.items(),
)
def test_of_all_names_and_part_numbers_of_stocks_the_nearest_is_suggested(print_sheets, asked, meant):
    with pytest.raises(
        OrderError, match=rf"There is no stock `{asked}`[.] Did you mean `{meant}`[?] `aetia print stocks`"
    ):
        print_sheets(stock=asked)
