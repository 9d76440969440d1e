"""Every script on paper: fonts of the system and of the user, and what is said when there is none."""

import re
import shutil

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from sheets import DECK

from generator.print.verify import read_letters
from generator.resources import bundled

pytestmark = pytest.mark.slow


def make_font(file, family, characters):
    """Write a font whose letters are boxes."""
    names = {ord(character): f"u{ord(character):04X}" for character in characters}
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 700), (450, 700), (450, 0)):
        pen.lineTo(point)
    pen.closePath()
    box = pen.glyph()
    glyphs = [".notdef", *names.values()]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap(names)
    builder.setupGlyf(dict.fromkeys(glyphs, box))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (500, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    file.parent.mkdir(parents=True, exist_ok=True)
    builder.save(file)


@pytest.fixture
def print_with(write_deck, run_aetia, tmp_path):
    """Print a deck on a machine that has the fonts under a folder and no others."""

    def run(text, *arguments):
        write_deck(text)
        env = {"XDG_DATA_DIRS": str(tmp_path / "share"), "XDG_DATA_HOME": str(tmp_path / "none")}
        return run_aetia("print", "deck", *arguments, cwd=tmp_path / "project", env=env)

    return run


def fonts_of(file):
    with pikepdf.open(file) as pdf:
        return {str(item["/BaseFont"]) for item in pdf.objects
                if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item}  # fmt: skip


def text_of(file):
    return "".join(letter.text for page in read_letters(file.read_bytes()) for letter in page)


HAN = DECK.replace("A new tablet", "A 漢 tablet")


def test_what_no_font_has_is_an_error_with_card_character_font_and_package(print_with):
    result = print_with(HAN)
    assert result.returncode == 1
    assert "`thiazides` (clue) has characters that no font here can print: 漢 (U+6F22)" in result.stderr
    assert (
        "install Noto Sans CJK (Debian: fonts-noto-cjk), or set all cards in a font file that has it: --font FILE"
        in re.sub(r"\s+", " ", result.stderr)
    )


def test_what_the_bundled_fonts_lack_is_taken_from_the_fonts_of_the_system(print_with, tmp_path):
    make_font(tmp_path / "share" / "fonts" / "Han-Regular.ttf", "Han", "漢")
    make_font(tmp_path / "share" / "fonts" / "Other.ttf", "Other", "字")
    result = print_with(HAN, "--check")
    assert (result.returncode, "checked" in result.stdout) == (0, True), result.stderr
    file = tmp_path / "project" / "dist" / "deck.pdf"
    assert "A漢tablet" in text_of(file)
    names = " ".join(fonts_of(file))
    assert "Han" in names
    assert "SourceSans3" in names
    assert "Other" not in names


@pytest.mark.parametrize("option", [True, False], ids=["--font", "style"])
def test_a_font_that_the_user_or_the_deck_wishes_is_that_of_all_text(print_with, tmp_path, option):
    source = bundled("templates") / "print" / "fonts" / "DejaVuSansCondensed.ttf"
    target = tmp_path / "share" / "fonts" / "DejaVuSansCondensed.ttf"
    target.parent.mkdir(parents=True)
    shutil.copy(source, target)
    style = "" if option else "style: {font: 'Nowhere, DejaVu Sans Condensed'}\n"
    result = print_with(DECK + style, "--without", "tree", *(("--font", str(target)) if option else ()))
    assert result.returncode == 0, result.stderr
    names = fonts_of(tmp_path / "project" / "dist" / "deck-without-tree.pdf")
    assert not [name for name in names if "SourceSans3-Regular" in name]


def test_a_wish_that_this_machine_cannot_grant_is_named_and_a_file_that_is_no_font_is_wrong_use(print_with, tmp_path):
    for wish, told in (
        ("Nowhere", "called Nowhere; the cards are set in Source Sans 3, see --font"),
        ("Nowhere, 'No Where', sans-serif", "called Nowhere or No Where; the cards are set in Source Sans 3"),
    ):
        result = print_with(DECK + f'style: {{font: "{wish}"}}\n', "--only", "siadh")
        assert f"this machine has no font {told}" in re.sub(r"\s+", " ", result.stderr)
    (tmp_path / "no.ttf").write_text("none")
    result = print_with(DECK, "--font", str(tmp_path / "no.ttf"))
    assert (result.returncode, "no.ttf is not a font" in re.sub(r"\s+", " ", result.stderr)) == (2, True)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("serif", ""),
        ("'Nowhere, serif'", "this machine has no font called Nowhere; the cards are set in DejaVu Serif"),
        ("'DejaVu Serif, Nowhere'", ""),
    ],
)
def test_the_first_font_of_a_list_that_the_machine_has_is_taken_also_by_its_kind(print_with, tmp_path, wish, told):
    letters = "".join(map(chr, range(0x20, 0x7F)))
    make_font(tmp_path / "share" / "fonts" / "DejaVuSerif.ttf", "DejaVu Serif", letters)
    result = print_with(DECK + f"style: {{font: {wish}}}\n", "--only", "thiazides")
    assert result.returncode == 0, result.stderr
    assert "Serif" in " ".join(fonts_of(tmp_path / "project" / "dist" / "deck-thiazides.pdf"))
    said = re.sub(r"\s+", " ", result.stderr)
    assert (told in said, "no font" in said) == (True, bool(told))


def test_a_deck_in_a_language_from_right_to_left_begins_its_lines_at_the_right(print_with, tmp_path):
    arabic = DECK.replace("A new tablet", "دواء جديد").replace("deck: Science", "language: ar\ndeck: Science")
    result = print_with(arabic, "--only", "thiazides", "--only", "clue", "--sides", "fronts", "--check")
    assert result.returncode == 0, result.stderr
    (page,) = list(read_letters((tmp_path / "project" / "dist" / "deck-thiazides-clue-fronts.pdf").read_bytes()))[:1]
    arabic_letters = [letter for letter in page if "\u0600" <= letter.text <= "\ufeff" and letter.text > "\u0600"]
    assert arabic_letters
    right = max(letter.right for letter in page if letter.top == pytest.approx(arabic_letters[0].top, abs=3))
    assert right % 95 == pytest.approx((10 + 95 - 4) % 95, abs=1.5)
