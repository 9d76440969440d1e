"""What is read back from the finished PDF: places, words, letters, colours, catalogue."""

import hashlib
import importlib
import io
import os
import re
from collections import defaultdict
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise, product

import pikepdf
import pypdfium2
import pytest
from conftest import MINIMAL, SHIPPED
from pypdfium2 import raw
from sheets import DECK, FONTS, STOCKS, STYLES, print_deck, print_folder

from generator.model.kinds import BY_NAME
from generator.print.engine import Resources
from generator.print.finish import Binding, finish
from generator.print.job import fit_faces, open_engine, print_cards
from generator.print.order import Printer
from generator.print.placements import impose
from generator.print.sheet import make_pages
from generator.print.verify import find_strays, read_letters
from generator.resources import bundled
from generator.text.html import visible_text
from generator.workflows.prepare import no_progress

pytestmark = pytest.mark.slow

MM = 72 / 25.4
SKEWED = "herma-5028"


def second_engine_is_missing() -> bool:
    """Whether the system libraries that WeasyPrint needs are missing; in continuous integration they must be there."""
    try:
        importlib.import_module("weasyprint")
    except OSError:
        return not os.environ.get("CI")
    return False


needs_second_engine = pytest.mark.skipif(
    second_engine_is_missing(), reason="WeasyPrint finds no Pango on this machine, so the second engine was not tested"
)
SECOND_ENGINE = pytest.param("weasyprint", marks=needs_second_engine)


@pytest.fixture
def print_sheets(tmp_path, write_deck):
    return partial(print_deck, tmp_path, write_deck)


def engine(name="plutoprint", **extra):
    return open_engine(name, Resources(FONTS, STYLES, {}, "t", "en", **extra))


@pytest.mark.parametrize("flip", ["long-edge", "short-edge"])
@pytest.mark.parametrize("turn", ["side", "top"])
@pytest.mark.parametrize("stock", ["a4-8", SKEWED, "sigel-lp800", "a6-1"])
def test_every_back_lies_behind_its_front_on_a_part_filled_sheet_with_moved_backs(print_sheets, stock, flip, turn):
    start = 1 if stock == "a6-1" else 4
    sheets = print_sheets(stock=stock, flip=flip, turn=turn, start=start, printer=Printer((0.7, -0.4)), check=True)
    assert sheets.printed.strays == ()


def paint(job, places):
    typesetter = engine()
    texts = {which: fitted.html for which, fitted in fit_faces(job, typesetter, no_progress).items()}
    pages = make_pages(job, places, texts)
    pdf = typesetter.paint(["".join(pages)], job.stock.page)
    return finish(pdf, Binding("t", "en", flip=job.scheme.flip))


def test_the_check_sees_backs_reversed_within_the_grid_instead_of_about_the_page(print_sheets):
    """Herma 5028 has 18.6 mm left and 18.4 mm right: reversing the columns puts backs 0.2 mm off."""
    sheets = print_sheets(stock=SKEWED)
    assert find_strays(paint(sheets.job, sheets.places), sheets.job, sheets.places) == ()
    columns = [x for x, _ in sheets.job.stock.slots][:2]
    naive = tuple(
        place if place.side == "front" else replace(place, x=columns[1 - place.slot % 2]) for place in sheets.places
    )
    strays = find_strays(paint(sheets.job, naive), sheets.job, naive)
    assert all(re.search(r"lies 0\.(19|20|21) mm from its front", stray) for stray in strays)
    assert len(strays) == len(sheets.faces)


def test_the_check_sees_backs_that_were_laid_out_for_another_stock_or_not_mirrored_at_all(print_sheets):
    sheets = print_sheets(stock=SKEWED)
    other = impose(len(sheets.faces), STOCKS["avery-l7414"], sheets.job.scheme)
    for wrong in (
        tuple(mine if mine.side == "front" else theirs for mine, theirs in zip(sheets.places, other, strict=True)),
        tuple(
            place if place.side == "front" else replace(place, x=x, y=y)
            for place in sheets.places for x, y in [sheets.job.stock.slots[place.slot]]
        ),
    ):  # fmt: skip
        strays = [
            fault for fault in find_strays(paint(sheets.job, wrong), sheets.job, wrong) if "from its front" in fault
        ]
        assert len(strays) == len(sheets.faces)


def test_the_check_sees_a_sheet_turned_about_the_wrong_edge(print_sheets):
    sheets = print_sheets()
    wrong = finish(sheets.pdf, Binding("t", "en", flip="short-edge"))
    assert len(find_strays(wrong, sheets.job, sheets.places)) >= len(sheets.faces)


def test_the_check_sees_text_that_runs_over_its_card(print_sheets):
    sheets = print_sheets()
    long = replace(sheets.faces[0], front="far too long " * 150)
    job = replace(sheets.job, faces=(long, *sheets.faces[1:]), floor=11)
    strays = find_strays(paint(job, sheets.places), job, sheets.places)
    assert strays
    assert f"page 1: `{long.key}` runs over its edge" in "".join(strays)


@pytest.mark.parametrize("name", ["plutoprint", SECOND_ENGINE])
def test_every_word_of_every_card_is_in_its_own_cell_with_either_engine(print_sheets, name):
    sheets = print_sheets(stock="a4-8", engine=name)
    assert sheets.printed.engine == name
    words = words_by_cell(sheets)
    for place in sheets.places:
        face = sheets.faces[place.card]
        wanted = visible_text(face.side(place.side)).casefold().split()
        found = words[place.page, place.slot].casefold()  # the line of an axis begins with a capital
        assert wanted
        assert not [word for word in wanted if word not in found]


@pytest.mark.parametrize("name", ["plutoprint", SECOND_ENGINE])
@pytest.mark.parametrize(("axis", "line"), [("urine", "Urine"), ("pH", "pH")])
def test_the_line_of_a_property_keeps_the_capitals_of_its_word(tmp_path, write_deck, axis, line, name):
    text = DECK.replace("on: the urine", f"on: {axis}")
    sheets = print_deck(tmp_path, write_deck, text, only=("contrast",), engine=name)
    backs = [place for place in sheets.places if place.side == "back"]
    assert line in "".join(words_by_cell(sheets)[place.page, place.slot] for place in backs)


@pytest.mark.parametrize("deck", SHIPPED)
def test_shipped_decks_print_with_no_letter_on_another_and_words_parted_only_at_a_hyphen(deck, tmp_path):
    """On small cards lines are short, so that most words come to stand at the end of one."""
    sheets = print_folder(tmp_path, bundled("decks") / deck, stock="a4-poker-9", check=True)
    assert sheets.printed.strays == ()
    pages = list(read_letters(sheets.pdf))
    assert not [pair for letters in pages for pair in overprinted(letters)]
    cells = letters_by_cell(sheets, pages)
    for place in sheets.places:
        face, letters = sheets.faces[place.card], cells[place.page, place.slot]
        lines = "".join(
            letter.text if abs(letter.cell[1] - before.cell[1]) < 2 else f"\n{letter.text}"
            for before, letter in pairwise([letters[0], *letters])
        )
        lines = lines.replace("\u2010\n", "").casefold()
        words = {word for word in visible_text(face.side(place.side), ("whole",)).casefold().split() if word.isalpha()}
        assert not [word for word in words if word not in lines], face.name


@pytest.mark.parametrize("name", ["plutoprint", SECOND_ENGINE])
def test_what_a_card_folds_away_is_printed_only_on_request(print_sheets, name):
    for details in (False, True):
        cells = words_by_cell(print_sheets(engine=name, only=("siadh",), details=details))
        words = "".join(cells.values()).replace("\u00a0", "")
        assert ("Restrictwaterfirst" in words) == details
        assert ("Forlearningonly" in words) == details
        assert "Vasopressinacts" in words, "steps are no details"


def test_fronts_are_labelled_with_the_name_of_their_kind(print_sheets):
    sheets = print_sheets(sides="fronts")
    words = words_by_cell(sheets)
    for place in sheets.places:
        face = sheets.faces[place.card]
        assert f"{face.label.replace(' ', '')}№{face.number}" in words[place.page, place.slot]
    kinds = {face.kind.rstrip("0123456789 ") for face in sheets.faces}
    assert {"clue", "mechanism", "contrast", "question", "list", "reverse", "tree"} <= kinds <= set(BY_NAME)


def test_a_list_asks_without_its_members_and_answers_with_all(print_sheets):
    words = words_by_cell(print_sheets(only=("list",)))
    front, back = words[0, 0], words[1, 0]
    assert "Lowsodium,Lossofsalt:which2belonghere?" in front
    assert "Thiazides" not in front
    assert "[...]" not in front, "the question says how many there are"
    assert "•Thiazides•Addison" in back


def overprinted(letters):
    """Pairs of letters of which one covers much of the other; those of a ligature share one place."""
    places = defaultdict(list)
    for letter in letters:
        places[round(letter.left / 5), round(letter.top / 5)].append(letter)
    for (x, y), group in places.items():
        near = [other for dx in (0, 1) for dy in (-1, 0, 1) for other in places.get((x + dx, y + dy), ())]
        for one, other in product(group, near):
            width = min(one.right, other.right) - max(one.left, other.left)
            height = min(one.bottom, other.bottom) - max(one.top, other.top)
            least = min((letter.right - letter.left) * (letter.bottom - letter.top) for letter in (one, other))
            if one.cell != other.cell and width > 0 and height > 0 and width * height > 0.4 * least:
                yield one.text, other.text


def words_by_cell(sheets):
    """All letters of a cell without spaces, as read from the PDF."""
    cells = letters_by_cell(sheets, read_letters(sheets.pdf))
    return defaultdict(str, {cell: "".join(letter.text for letter in letters) for cell, letters in cells.items()})


def letters_by_cell(sheets, pages):
    cells = defaultdict(list)
    width, height = sheets.job.stock.card
    places = defaultdict(list)
    for place in sheets.places:
        places[place.page].append(place)
    for page, letters in enumerate(pages):
        for letter, place in product(letters, places[page]):
            if place.x < letter.left < place.x + width and place.y < letter.top < place.y + height:
                cells[page, place.slot].append(letter)
    return cells


@needs_second_engine
def test_both_engines_put_each_card_in_the_same_place(print_sheets):
    sheets = [print_sheets(stock=SKEWED, engine=name, check=True) for name in ("plutoprint", "weasyprint")]
    assert [sheet.printed.strays for sheet in sheets] == [(), ()]


def test_raised_and_lowered_figures_are_above_and_below_their_line(print_sheets):
    sheets = print_sheets(only=("siadh",))
    letters = [letter for page in read_letters(sheets.pdf) for letter in page]
    text = "".join(letter.text for letter in letters)
    ten, co = text.index("103cells"), text.index("CO2")
    assert letters[ten + 2].bottom < letters[ten + 1].bottom - 0.3
    assert letters[co + 2].bottom > letters[co + 1].bottom + 0.1


def test_pages_have_the_size_of_the_sheet(print_sheets):
    for stock in ("a4-8", "letter-8", "index-3x5-1"):
        sheets = print_sheets(stock=stock)
        for page in pypdfium2.PdfDocument(sheets.pdf):
            assert page.get_size() == pytest.approx([side * MM for side in sheets.job.stock.page], abs=0.05 * MM)


def test_the_pdf_presets_the_edge_and_no_scaling_and_has_labels_outline_title_and_language(print_sheets):
    sheets = print_sheets(flip="short-edge")
    with pikepdf.open(sheets.file) as pdf:
        wishes = pdf.Root.ViewerPreferences
        assert (str(wishes.PrintScaling), str(wishes.Duplex)) == ("/None", "/DuplexFlipShortEdge")
        assert wishes.PickTrayByPDFSize is True
        assert (str(pdf.Root.Lang), str(pdf.docinfo["/Title"])) == ("en", "Low sodium")
        count = sheets.places[-1].sheet + 1
        labels = [f"{n + 1} {side}" for n in range(count) for side in ("front", "back")]
        assert [page.label for page in pdf.pages] == labels
        assert [page.trimbox for page in pdf.pages] == [page.mediabox for page in pdf.pages]
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
            assert titles[0].startswith("Sheet 1: ")
            assert len(titles) == count


@pytest.mark.parametrize("name", ["plutoprint", SECOND_ENGINE])
@pytest.mark.parametrize("layout", ["cards", "list", "key"])
def test_the_pdf_is_free_of_faults_to_qpdf(print_sheets, name, layout):
    """What `qpdf --check` does: pikepdf is made of the same library, so the program itself need not be there."""
    with pikepdf.open(print_sheets(engine=name, layout=layout).file) as pdf:
        assert not pdf.check_pdf_syntax()


def test_one_sided_sheets_ask_for_one_side(print_sheets):
    with pikepdf.open(print_sheets(sides="fold").file) as pdf:
        assert str(pdf.Root.ViewerPreferences.Duplex) == "/Simplex"


@pytest.mark.parametrize("name", ["plutoprint", SECOND_ENGINE])
def test_the_same_cards_give_the_same_bytes(print_sheets, name):
    first, second = (hashlib.sha256(print_sheets(engine=name).pdf).hexdigest() for _ in range(2))
    assert first == second


def painted_boxes(pdf, index):
    """Edges in mm from the top left of every path on a page."""
    page = pypdfium2.PdfDocument(pdf)[index]
    height = page.get_height()
    for item in page.get_objects([raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = item.get_bounds()
        yield left / MM, (height - top) / MM, right / MM, (height - bottom) / MM


def test_crop_marks_are_on_the_cut_lines_and_clear_of_every_card(print_sheets):
    sheets = print_sheets(stock="a4-8", marks="crop")
    stock = sheets.job.stock
    marks = [box for box in painted_boxes(sheets.pdf, 0) if min(box[2] - box[0], box[3] - box[1]) < 0.5]
    columns = {x + w for x, _ in stock.slots for w in (0, stock.card[0])}
    rows = {y + h for _, y in stock.slots for h in (0, stock.card[1])}
    seen = set()
    for left, top, right, bottom in marks:
        upright = bottom - top > right - left
        middle = (left + right) / 2 if upright else (top + bottom) / 2
        nearest = min(columns if upright else rows, key=lambda line: abs(line - middle))
        assert middle == pytest.approx(nearest, abs=0.02)
        seen.add((upright, nearest))
        for x, y in stock.slots:
            over = right > x and left < x + stock.card[0] and bottom > y and top < y + stock.card[1]
            assert not over
    assert seen == {(True, column) for column in columns} | {(False, row) for row in rows}
    assert len(marks) == 2 * len(seen)


@pytest.mark.parametrize("flip", ["long-edge", "short-edge"])
def test_a_fold_is_a_dashed_line_from_edge_to_edge_and_no_cut(print_sheets, flip):
    sheets = print_sheets(sides="fold", flip=flip)
    middle, axis = (105, 0) if flip == "long-edge" else (148.5, 1)
    on_fold = [
        box for box in painted_boxes(sheets.pdf, 0)
        if abs(box[axis] - middle) < 0.3 and abs(box[axis + 2] - middle) < 0.3
    ]  # fmt: skip
    assert len(on_fold) == 1, "no cut mark stands on the fold"
    assert on_fold[0][3 - axis] - on_fold[0][1 - axis] > 200
    with pikepdf.open(sheets.file) as pdf:
        assert [str(op) for _, op in pikepdf.parse_content_stream(pdf.pages[0])].count("d") > 0


def test_each_set_begins_on_a_new_sheet_and_carries_its_number(print_sheets):
    sheets = print_sheets(copies=2, start=3, check=True)
    count = len(sheets.faces)
    assert (sheets.printed.cards, sheets.printed.strays) == (2 * count, ())
    words = words_by_cell(sheets)
    for place in sheets.places:
        assert f"Set{place.set + 1}№{sheets.faces[place.card].number}" in words[place.page, place.slot]
    sets = {set_: {place.sheet for place in sheets.places if place.set == set_} for set_ in (0, 1)}
    assert not sets[0] & sets[1]
    with pikepdf.open(sheets.file) as pdf, pdf.open_outline() as outline:
        assert [item.title.partition(":")[0] for item in outline.root][max(sets[0]) + 1] == "Set 2, Sheet 1"


def test_stock_that_is_cut_already_gets_no_marks(print_sheets):
    assert not list(painted_boxes(print_sheets(stock=SKEWED, sides="fronts", only=("clue",)).pdf, 0))


def colours(pdf):
    """Every colour that is set in a PDF, as its red, green and blue or its grey."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pending = [page.obj for page in document.pages]
        while pending:
            stream = pending.pop()
            for operands, operator in pikepdf.parse_content_stream(stream):
                if str(operator) in ("rg", "RG", "g", "G", "k", "K"):
                    yield tuple(float(value) for value in operands)
            forms = stream.get("/Resources", {}).get("/XObject", {})
            pending += [form for form in forms.values() if form.get("/Subtype") == "/Form"]


def test_grey_ink_is_grey_and_only_when_asked(print_sheets):
    coloured = [c for c in colours(print_sheets().pdf) if len(set(c)) > 1]
    assert len(set(coloured)) == 2, "one colour for each category"
    assert not [c for c in colours(print_sheets(ink="grey").pdf) if len(set(c)) > 1]


def test_a_category_is_told_by_name_and_pattern_without_colour(print_sheets):
    sheets = print_sheets(ink="grey", sides="backs", only=("siadh", "thiazides"))
    words = words_by_cell(sheets)
    for place in sheets.places:
        assert sheets.faces[place.card].category.replace(" ", "") in words[place.page, place.slot]
    strokes = set()
    with pikepdf.open(sheets.file) as pdf:
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(operator) == "d":
                strokes.add(str(list(operands[0])))
    assert len(strokes) == 2


def test_fronts_do_not_give_the_answer_away(print_sheets):
    sheets = print_sheets()
    words = words_by_cell(sheets)
    for place in (place for place in sheets.places if place.side == "front"):
        face = sheets.faces[place.card]
        if face.note_type == "cause":
            assert face.key not in words[place.page, place.slot]
            assert face.category.replace(" ", "") not in words[place.page, place.slot]


def test_backs_say_that_the_text_was_not_reviewed_and_carry_name_and_number(print_sheets):
    sheets = print_sheets()
    words = words_by_cell(sheets)
    for place in sheets.places:
        found = words[place.page, place.slot]
        face = sheets.faces[place.card]
        assert f"№{face.number}" in found
        if place.side == "back":
            assert f"{face.title}·{face.label}·{face.review}".strip("·").replace(" ", "") in found


@pytest.mark.parametrize("flip", ["long-edge", "short-edge"])
@pytest.mark.parametrize("turn", ["side", "top"])
@pytest.mark.parametrize("stock", ["a4-poker-9", "avery-8373"])
def test_bleed_runs_over_the_edges_of_cards_and_never_onto_their_neighbours(print_sheets, stock, flip, turn):
    bleed = 3.0
    sheets = print_sheets(stock=stock, bleed=bleed, flip=flip, turn=turn, only=("dilution",))
    width, height = sheets.job.stock.card
    pitch = sheets.job.stock.pitch
    picture = pypdfium2.PdfDocument(sheets.pdf)[1].render(scale=4).to_pil().convert("L")
    backs = [place for place in sheets.places if place.page == 1]
    taken = {(round(place.x, 1), round(place.y, 1)) for place in backs}

    def coloured(x, y):
        return picture.getpixel((round(x * 4 * MM), round(y * 4 * MM))) < 200

    for place in backs:
        down = 1 if place.turned else -1
        edge = place.y + height if place.turned else place.y
        for dx, dy, x, y, gap in (
            (-1, 0, place.x, edge - down * 0.7, pitch[0] - width),
            (1, 0, place.x + width, edge - down * 0.7, pitch[0] - width),
            (0, down, place.x + width / 2, edge, pitch[1] - height),
        ):
            beside = (round(place.x + dx * pitch[0], 1), round(place.y + dy * pitch[1], 1)) in taken
            room = min(bleed, gap / 2) if beside else bleed
            assert coloured(x - dx * 0.4, y - dy * 0.4)
            assert coloured(x + dx * (room - 0.4), y + dy * (room - 0.4))
            if not beside or dy:
                assert not coloured(x + dx * (room + 0.4), y + dy * (room + 0.4))


def overlap(box, card):
    """The area in square mm that a box has in common with a card."""
    x, y, width, height = card
    left, top, right, bottom = box
    return max(0, min(right, x + width) - max(left, x)) * max(0, min(bottom, y + height) - max(top, y))


@pytest.mark.parametrize("side", ["front", "back"])
def test_fronts_or_backs_alone_are_where_the_duplex_sheet_has_them(print_sheets, side):
    both = list(read_letters(print_sheets().pdf))[side == "back" :: 2]
    alone = list(read_letters(print_sheets(sides=f"{side}s").pdf))
    assert [len(page) for page in both] == [len(page) for page in alone]
    for one, other in zip(chain.from_iterable(both), chain.from_iterable(alone), strict=True):
        assert (one.text, one.left, one.top) == (
            other.text, pytest.approx(other.left, abs=0.01), pytest.approx(other.top, abs=0.01)
        )  # fmt: skip


def test_used_slots_stay_empty_on_both_sides_of_the_first_sheet_only(print_sheets):
    sheets = print_sheets(start=3, skip=frozenset({5}), check=True)
    words = words_by_cell(sheets)
    stock = sheets.job.stock
    for page, letters in enumerate(read_letters(sheets.pdf)):
        used = [stock.slots[slot] for slot in (0, 1, 4)] if page < 2 else []
        if page == 1:
            used = [(stock.page[0] - x - stock.card[0], y) for x, y in used]
        for x, y in used:
            ink = ((letter.left, letter.top, letter.right, letter.bottom) for letter in letters)
            assert not any(overlap(box, (x, y, *stock.card)) for box in ink)
    assert all(words[page, slot] for page in (0, 1) for slot in (2, 3, 5, 6, 7))
    assert words[2, 0]


def test_each_copy_is_a_whole_pile_with_numbers_of_its_own(print_sheets):
    sheets = print_sheets(copies=2, only=("siadh",), check=True)
    text = ["".join(letter.text for letter in page) for page in read_letters(sheets.pdf)]
    fronts = "".join(text[::2])
    assert sheets.printed.cards == 2 * len(print_sheets(only=("siadh",)).faces)
    assert fronts.count("№") == sheets.printed.cards == len(set(re.findall(r"Set\d№\d+", fronts)))
    assert sheets.printed.strays == ()


@pytest.mark.parametrize("name", ["plutoprint", SECOND_ENGINE])
def test_nothing_is_fetched_from_outside(print_sheets, name):
    """The address would be asked for over the network, and a file of the machine would be read."""
    sheets = print_sheets(MINIMAL)
    bad = replace(sheets.faces[0], front='<img src="http://127.0.0.1:9/a.png"><img src="file:///etc/hostname">x')
    job = replace(sheets.job, faces=(bad,))
    typesetter = engine(name)
    pdf, _ = print_cards(job, fit_faces(job, typesetter, no_progress), typesetter, no_progress)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert not document.pages[0].get_images()


@needs_second_engine
def test_an_accessible_pdf_is_tagged_and_says_so(print_sheets):
    with pikepdf.open(print_sheets(engine="weasyprint", accessible=True).file) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.StructTreeRoot
        with pdf.open_metadata() as metadata:
            assert str(metadata["pdfuaid:part"]) == "1"


def test_a_printer_that_turns_sheets_gets_turned_backs(print_sheets):
    pdfs = [print_sheets(printer=Printer(rotation=angle), sides="backs", stock="a4-a6").pdf for angle in (0.0, 0.5)]
    first = [[letter for letter in next(read_letters(pdf)) if letter.text == "№"] for pdf in pdfs]
    moved = [(b.left - a.left, b.top - a.top) for a, b in zip(*first, strict=True)]
    assert max(abs(dy) for _, dy in moved) > 0.3
