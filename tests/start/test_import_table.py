"""A table that people have becomes a deck; what cannot be taken is named by row."""

import csv
import gc
import io
import random
import re
import shlex
import zipfile
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from generator.cards.markdown import render_markdown
from generator.load.deck import load_deck
from generator.project.headers import Headers
from generator.project.table import TableError, read_table
from generator.project.written import write_cell

HEADER = ["Disease", "Why it happens", "Clue", "Category", "Also called", "Page"]
MAPPED = ("--map", "cause=Disease", "--map", "mechanism=Why it happens")


HARD = [
    'say "so"', "two\nlines", "Größe und Maß; klein", "5 < 6 & 7 > 2", "*stars* and _lines_", "$5 or 6$", "- dash",
    "[a] {b} | c", "`code` \\ back", "# no heading", "1. no list", "&amp; as it is", "x: y", "no", "ελληνικά → ok",
]  # fmt: skip
"""All that makes tables hard: quotes, line breaks, umlauts, markup, separators in cells."""


def rows(count):
    chance = random.Random(1)
    for number in range(count):
        name = f"Cause {number} {chance.choice(HARD[:3])}"
        text = f"{chance.choice(HARD)} {number} {chance.choice(HARD)}"
        yield [name, text, chance.choice(HARD), f"Group {number % 4}", f"A{number}; B{number}", "12"]


def as_read(html):
    """What a learner reads of a field."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def write_csv(file, table, separator=";", encoding="utf-8-sig"):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(table)
    file.write_bytes(text.getvalue().encode(encoding))
    return file


@pytest.mark.slow
def test_five_thousand_rows_with_ten_broken_ones(run_aetia, tmp_path):
    table = list(rows(5000))
    broken = [11, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4990]
    for index in broken[:4]:
        table[index][0] = ""
    for index in broken[4:7]:
        table[index][1] = " "
    for index in broken[7:9]:
        table[index] += ["one too many"]
    table[broken[9]][0] = table[0][0].upper()
    file = write_csv(tmp_path / "cards.csv", [HEADER, *table])
    result = run_aetia("import", file, *MAPPED, "--finding", "Trouble", "--effect", "cause trouble")
    named = [line for line in result.stderr.splitlines() if "not taken" in line]
    assert len(named) == 10, result.stderr[-2000:]
    assert all(line.startswith(f"{file}:") for line in named)
    assert result.returncode == 1
    deck, faults = load_deck(tmp_path / "decks" / "cards")
    assert deck is not None, faults
    assert len(deck.causes) == 4990
    assert len(deck.settings.categories) == 4


def test_what_a_learner_reads_is_what_stood_in_the_table(run_aetia, tmp_path, build_deck, anki_import):
    table = list(rows(60))
    file = write_csv(tmp_path / "cards.csv", [HEADER, *table], ",", "utf-8")
    assert run_aetia("import", file, *MAPPED).returncode == 0
    collection = anki_import(build_deck(tmp_path / "decks" / "cards").package).collection
    notes = [collection.get_note(note_id) for note_id in collection.find_notes('"note:* · Cause"')]
    read = {as_read(note["Cause"]): as_read(note["Mechanism"]) for note in notes}
    assert read == {" ".join(row[0].split()): " ".join(row[1].split()) for row in table}


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separator_and_encoding_are_found_out(tmp_path, separator, encoding):
    table = [["Cause", "Mechanism"], ["Größe, klein; groß", 'sagt "so"'], ["Zwei", "b\tc|d"]]
    read = read_table(write_csv(tmp_path / "cards.csv", table, separator, encoding), Headers())
    assert [read.header, *(row for _, row in read.rows)] == [tuple(row) for row in table]


def test_an_excel_sheet_is_read(run_aetia, tmp_path):
    book = Workbook()
    for row in (["Ursache", "Mechanismus", "Hinweis"], ["Kälte", "Enzyme sind langsam", 5], [None, None, None]):
        book.active.append(row)
    book.save(tmp_path / "karten.xlsx")
    result = run_aetia("import", tmp_path / "karten.xlsx")
    assert result.returncode == 0, result.stderr
    deck, _ = load_deck(tmp_path / "decks" / "karten")
    assert deck.causes["kaelte"].clue == "5"


@given(st.text(alphabet=[*"#+-=*_~.)1 9\n\t:|>`a[]()!$^<&\\;{}"], max_size=14))
@example("-\n+\n1.\n#\n##\n---\n***\n===")
@example("## not a heading")
def test_signs_that_mean_something_in_markdown_are_shown_as_written(text):
    html = render_markdown(write_cell(text), lambda _, __: "", str, acts=True)
    assert {*re.findall(r"<(\w+)", html)} <= {"br", "span"}
    assert as_read(html).replace(" ", "") == "".join(text.split())


@pytest.mark.parametrize("dash", ["-", "\u2013", " \u2014 ", "\u2212"])
def test_a_cell_that_holds_only_a_dash_is_empty(run_aetia, tmp_path, dash):
    header = ["Cause", "Mechanism", "Clue", "Sources", "Examples", "Typical"]
    table = [header, ["Cold", "slow", dash, dash, f"{dash}; Ice", dash], ["Heat", dash, "", "", "", ""]]
    write_csv(tmp_path / "t.csv", table)
    done = run_aetia("import", "t.csv")
    assert done.stderr == "t.csv: row 3: not taken: no mechanism for `Heat`\n"
    cold = load_deck(tmp_path / "decks" / "t")[0].causes["cold"]
    assert (cold.clue, cold.sources, cold.classic) == (None, (), False)
    assert [example.name for example in cold.examples] == ["Ice"]
    write_csv(tmp_path / "t.csv", [header, ["Cold", "slow", "---", "", "", ""]])
    assert run_aetia("import", "t.csv", "--into", "t", "--update").returncode == 0
    assert load_deck(tmp_path / "decks" / "t")[0].causes["cold"].clue == "--\\-"


ERRORS = ("#REF!", "#NAME?", "#DIV/0!", "#VALUE!", "#N/A", "#BEZUG!", "#NV", "#WERT!", "#¡REF!", "Err:502", "#####")


def test_an_error_of_a_spreadsheet_is_not_taken_for_a_text(run_aetia, tmp_path):
    more = [[f"Cause {n}", "m", error, error, "#Hash!", "#H"] for n, error in enumerate(ERRORS)]
    table = [["Cause", "Mechanism", "Clue", "Sources", "Pearl", "Dose"], *more]
    table += [["No", "#REF!", "c", "", "", ""], ["#N/A", "m", "c", "", "", ""]]
    done = run_aetia("import", write_csv(tmp_path / "t.csv", table))
    causes, rest = load_deck(tmp_path / "decks" / "t")[0].causes, len(ERRORS) + 2
    assert "t.csv: row 2: taken without its clue: the table has an error there: `#REF!`\n" in done.stderr
    assert f"row {rest}: not taken: no mechanism for `No`: the table has an error there: `#REF!`\n" in done.stderr
    assert f"row {rest + 1}: not taken: the table has an error in its cause: `#N/A`\n" in done.stderr
    assert len(causes) == len(ERRORS)
    assert {(cause.clue, cause.sources, cause.dose) for cause in causes.values()} == {(None, (), "#H")}
    assert causes["cause-0"].pearl == "#Hash!"


def test_an_error_in_an_excel_cell_is_known(run_aetia, tmp_path):
    book = Workbook()
    for row in (["Cause", "Mechanism", "Clue"], ["Cold", "Enzymes are slow", "#NAME?"]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    assert "row 2: taken without its clue: the table has an error" in run_aetia("import", "t.xlsx").stderr


def test_a_column_that_is_not_clear_is_asked_for_and_one_left_out_is_named(run_aetia, tmp_path):
    file = write_csv(tmp_path / "cards.csv", [["A", "B"], ["x", "y"]])
    result = run_aetia("import", file)
    assert result.returncode == 2
    assert "--map cause=HEADER" in result.stderr
    file = write_csv(tmp_path / "cards.csv", [["Cause", "Mechanism", "Colour"], ["x", "y", "red"]])
    assert "columns left out: Colour" in run_aetia("import", file).stderr


def test_a_deck_that_is_there_is_not_overwritten(run_aetia, tmp_path):
    file = write_csv(tmp_path / "cards.csv", [["Cause", "Mechanism"], ["x", "y"]])
    run_aetia("import", file)
    before = (tmp_path / "decks/cards/deck.yaml").read_bytes()
    again = run_aetia("import", "cards.csv", "--map", "clue=Typical sign")
    assert again.returncode == 1
    assert (
        'there is a deck here already; run `aetia import cards.csv --into cards --update --map "clue=Typical sign"` to '
        "bring the table into it, or delete the folder"
    ) in again.stderr
    assert (tmp_path / "decks/cards/deck.yaml").read_bytes() == before


def test_a_repeated_import_says_how_a_column_that_was_left_out_fills_its_key(run_aetia, tmp_path):
    write_csv(tmp_path / "cards.csv", [["Cause", "Mechanism", "Typical sign"], ["x", "y", "z"]])
    run_aetia("import", "cards.csv")
    told = run_aetia("import", "cards.csv", "--map", "clue=Typical sign").stderr
    words = shlex.split(re.search("`aetia (.*)`", told)[1])
    assert run_aetia(*words).returncode == 0
    assert load_deck(tmp_path / "decks" / "cards")[0].causes["x"].clue == "z"


def test_rows_that_were_not_taken_are_named_last_with_what_to_do(run_aetia, tmp_path):
    table = [["Cause", "Mechanism"], ["x", "y"], ["no mechanism", ""], ["", "no cause"]]
    write_csv(tmp_path / "cards.csv", table)
    done = run_aetia("import", "cards.csv")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == (
        "decks/cards was written without 2 rows that could not be taken (row 3, row 4); mend them in the table and run "
        "aetia import cards.csv --into cards --update"
    )
    write_csv(tmp_path / "cards.csv", [*table[:2], ["mended", "z"]])
    assert run_aetia("import", "cards.csv", "--into", "cards", "--update").returncode == 0


GERMAN = 'Ursache;Mechanismus\r\nKälte;"sagt ""träge"", ja\r\nnein"\r\n\r\nGröße;Maß, voll\r\n'


@pytest.mark.parametrize("text", [GERMAN, "sep=;\r\n" + GERMAN], ids=["plain", "with sep="])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_what_a_german_excel_saves_is_read(run_aetia, tmp_path, text, encoding):
    (tmp_path / "karten.csv").write_bytes(text.encode(encoding))
    done = run_aetia("import", tmp_path / "karten.csv")
    assert (done.returncode, done.stderr) == (0, "")
    deck, _ = load_deck(tmp_path / "decks" / "karten")
    read = {cause.cause: cause.mechanism.summary for cause in deck.causes.values()}
    assert read == {"Kälte": 'sagt "träge", ja\\\nnein', "Größe": "Maß, voll"}


ANKI = """\
#separator:tab
#html:true
#notetype column:1
#tags column:4
Basic\tCold\t"Enzymes are <b>slow</b> &lt; 10 °C<br>and ""few"" *"\tcold winter
Basic\t<span style=""x"">Heat</span>\tProteins unfold <img src=""a.png"">[sound:a.mp3]\t
"""


def test_a_text_export_of_anki_is_read_and_what_is_lost_is_named(run_aetia, tmp_path, build_deck, anki_import):
    file = tmp_path / "anki.txt"
    file.write_text(ANKI)
    done = run_aetia("import", file, "--map", "cause=column 2", "--map", "mechanism=column 3")
    assert done.returncode == 0, done.stderr
    assert f"{file}: line 6: taken without <img>" in done.stderr
    assert "columns left out: note type" in done.stderr
    folder = tmp_path / "decks" / "anki"
    deck, _ = load_deck(folder)
    assert deck.causes["cold"].tags == ("cold", "winter")
    collection = anki_import(build_deck(folder).package).collection
    notes = [collection.get_note(note_id) for note_id in collection.find_notes('"note:* · Cause"')]
    read = {as_read(note["Cause"]): as_read(note["Mechanism"]) for note in notes}
    assert read["Cold"] == 'Enzymes are slow < 10 °C and "few" *'
    assert any("<b>slow</b>" in note["Mechanism"] for note in notes)


def test_an_export_of_anki_with_named_columns_needs_no_mapping(run_aetia, tmp_path):
    (tmp_path / "anki.txt").write_text("#separator:semicolon\n#columns:Front;Back\nCold;Enzymes are slow <\n")
    assert run_aetia("import", tmp_path / "anki.txt").returncode == 0
    deck, _ = load_deck(tmp_path / "decks" / "anki")
    assert deck.causes["cold"].mechanism.summary == "Enzymes are slow \\<"


def test_a_table_of_which_nothing_can_be_taken_makes_no_deck(run_aetia, tmp_path):
    file = tmp_path / "cards.csv"
    for text, said in (
        ("Cause,Mechanism\n", "no row below it"), ("Cause,Mechanism\nX,\n", f"{file}: row 2: not taken: no mechanism")
    ):  # fmt: skip
        file.write_text(text)
        done = run_aetia("import", file)
        assert done.returncode == 1
        assert said in done.stderr.replace("\n", "")
        assert "Next" not in done.stdout
        assert not (tmp_path / "decks").exists()


def test_further_sheets_of_a_book_are_named(run_aetia, tmp_path):
    book = Workbook()
    for row in (["Cause", "Mechanism"], ["Cold", "Enzymes are slow"]):
        book.active.append(row)
    book.create_sheet("More").append(["Cause"])
    book.create_sheet("Empty")
    book.save(tmp_path / "cards.xlsx")
    done = run_aetia("import", tmp_path / "cards.xlsx")
    assert "left out: sheet “More”" in done.stderr
    assert "Empty" not in done.stderr


TITLED = [["Causes, of, cold, and more", "", ""], ["", "", ""], ["as of", "2026", ""], ["Cause", "Mechanism", "Clue"],
          ["Cold", "Enzymes are slow", "5"]]  # fmt: skip


def write_book(file, **sheets):
    book = Workbook()
    book.remove(book.active)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for row in table:
            sheet.append(row)
    book.save(file)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_headers_are_found_below_a_title_and_said_to_be_there(run_aetia, tmp_path, ending):
    def write(table):
        if ending == "csv":
            write_csv(tmp_path / "t.csv", table)
        else:
            write_book(tmp_path / "t.xlsx", Data=table)

    write(TITLED)
    done = run_aetia("import", f"t.{ending}")
    assert (done.returncode, done.stderr) == (0, f"t.{ending}: the headers are in row 4\n")
    assert load_deck(tmp_path / "decks" / "t")[0].causes["cold"].clue == "5"
    write([*TITLED[:4], ["Cold", "Enzymes are lazy", ""], ["", "none", ""]])
    done = run_aetia("import", f"t.{ending}", "--into", "t", "--update")
    assert f"t.{ending}: the headers are in row 4\n" in done.stderr
    assert f"t.{ending}: row 6: not taken: no cause" in done.stderr
    assert load_deck(tmp_path / "decks" / "t")[0].causes["cold"].mechanism.summary == "Enzymes are lazy"


def test_headers_that_are_named_are_found_below_a_title_and_remembered(run_aetia, tmp_path):
    table = [["Ours"], ["Wort", "Weil", "Zeichen"], ["Kalt", "träge", "x"]]
    write_csv(tmp_path / "t.csv", table)
    assert run_aetia("import", "t.csv", "--map", "cause=Wort", "--map", "mechanism=weil").returncode == 0
    write_csv(tmp_path / "t.csv", [*table, ["Warm", "schnell", "y"]])
    done = run_aetia("import", "t.csv", "--into", "t")
    assert "+ new Warm (warm)" in done.stdout
    assert "the headers are in row 2" in done.stderr


def test_the_first_sheet_with_headers_is_taken(run_aetia, tmp_path):
    write_book(tmp_path / "t.xlsx", Cover=[["Clinic", "2026"]], Data=TITLED, More=TITLED[3:])
    done = run_aetia("import", "t.xlsx")
    assert "t.xlsx: the headers are in row 4 of the sheet “Data”\n" in done.stderr
    assert "left out: sheet “Cover”\n" in done.stderr
    assert "left out: sheet “More”\n" in done.stderr
    assert [*load_deck(tmp_path / "decks" / "t")[0].causes] == ["cold"]


def test_sheets_without_headers_are_named(run_aetia, tmp_path):
    write_book(tmp_path / "t.xlsx", Cover=[["Clinic"], ["2026"]], Data=[["A", "B"], ["x", "y"]])
    done = run_aetia("import", "t.xlsx")
    assert done.returncode == 2
    said = " ".join(done.stderr.split())
    assert "The columns of the sheet “Cover” are Clinic. Not read: sheet “Data”." in said


@pytest.mark.parametrize("content", [b"", b"\n\n", b'Cause,Mechanism\n"open,b\n', b"\x00\x01\x02", b"PK\x03\x04"])
def test_a_file_that_is_not_a_table_is_refused_with_what_is_wrong(run_aetia, tmp_path, content):
    for name in ("t.csv", "t.xlsx"):
        (tmp_path / name).write_bytes(content)
        result = run_aetia("import", tmp_path / name)
        assert result.returncode in (1, 2)
        assert "Traceback" not in result.stderr
        assert name in result.stderr or "--map" in result.stderr


def test_a_sheet_is_read_whole_whatever_size_it_claims(run_aetia, tmp_path):
    book = Workbook()
    for row in (["Cause", "Mechanism"], ["Cold", "Enzymes are slow"], ["Age", "Enzymes are spent"]):
        book.active.append(row)
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "cards.xlsx", "w") as lying:
        for name in whole.namelist():
            lying.writestr(name, whole.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:A1"'))
    assert b'ref="A1:A1"' in zipfile.ZipFile(tmp_path / "cards.xlsx").read("xl/worksheets/sheet1.xml")
    assert run_aetia("import", "cards.xlsx").returncode == 0
    assert len(load_deck(tmp_path / "decks" / "cards")[0].causes) == 2


def test_pictures_works_and_contrasts_come_from_columns_and_what_leads_nowhere_is_named(run_aetia, tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "gas.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    table = [
        ["Cause", "Mechanism", "Picture", "Sources", "Versus"],
        [
            "Old yeast",
            "No gas",
            "gas.svg",
            "Smith doi:10.1000/xyz; Bread, 3rd ed.",
            "Too much salt | taste | *none* | salty",
        ],
        ["Too much salt", "Water leaves cells", "lost.png", "Bread, 3rd ed.", "Cold kitchen | cold | warm"],
        ["Cold kitchen", "Cells are slow", '<img src="gas.svg">', "", "Nobody | a | b; Old yeast | only one"],
    ]
    done = run_aetia("import", write_csv(tmp_path / "bread.csv", table))
    assert "bread.csv: row 3: taken without the picture `lost.png`, which is not beside the table" in done.stderr
    assert (
        "bread.csv: row 4: taken without the contrast `Nobody | a | b`; write the name of a cause first: "
        "`Rival | property | here | there`\n"
    ) in done.stderr
    assert "bread.csv: row 4: taken without the contrast `Old yeast | only one`\n" in done.stderr, "it is said once"
    deck, faults = load_deck(tmp_path / "decks" / "bread")
    assert not faults
    yeast, salt, kitchen = (deck.causes[key] for key in ("old-yeast", "too-much-salt", "cold-kitchen"))
    assert (yeast.image.file, kitchen.image.file, salt.image) == ("gas.svg", "gas.svg", None)
    assert (yeast.versus["too-much-salt"][""].on, yeast.versus["too-much-salt"][""].there) == ("taste", "salty")
    assert yeast.versus["too-much-salt"][""].here == "\\*none\\*", "it reads as in the table"
    assert salt.versus["cold-kitchen"][""].here == "cold"
    assert [deck.sources[key].title for key in yeast.sources] == ["Smith doi:10.1000/xyz", "Bread, 3rd ed."]
    assert salt.sources == yeast.sources[1:]
    assert run_aetia("build", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("content", [b"", b"<a", b"<a/>"])
def test_a_damaged_book_is_a_message(run_aetia, tmp_path, part, content):
    book = Workbook()
    for row in (["Cause", "Mechanism"], ["Cold", "Enzymes are slow"]):
        book.active.append(row)
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "cards.xlsx", "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, content if name == part else whole.read(name))
    done = run_aetia("import", "cards.xlsx")
    assert done.returncode == 1
    assert "cards.xlsx" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_book_is_not_kept_open(tmp_path):
    """On Windows its author could not save it again."""
    with zipfile.ZipFile(tmp_path / "cards.xlsx", "w") as broken:
        broken.writestr("[Content_Types].xml", "<a/>")
    with pytest.raises(TableError, match="damaged") as raised:
        read_table(tmp_path / "cards.xlsx", Headers())
    assert raised.tb, "it holds what the library opened"
    held = [thing for thing in gc.get_objects() if isinstance(thing, io.FileIO) and not thing.closed]
    assert str(tmp_path / "cards.xlsx") not in [str(file.name) for file in held]


def test_a_book_that_unfolds_without_bounds_is_refused(run_aetia, tmp_path):
    with zipfile.ZipFile(tmp_path / "cards.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", bytes(201 * 2**20))
    done = run_aetia("import", "cards.xlsx")
    assert (done.returncode, "unpacks to more than 200 MB" in done.stderr) == (1, True)


def test_an_import_that_fails_leaves_no_half_of_a_deck(run_aetia, tmp_path):
    write_csv(tmp_path / "cards.csv", [["Cause", "Mechanism"], ["Cold", "Enzymes are slow"]])
    (tmp_path / "decks" / "cards").mkdir(parents=True)
    (tmp_path / "decks" / "cards" / "causes").write_text("in the way")
    assert run_aetia("import", "cards.csv").returncode == 1
    assert [file.name for file in (tmp_path / "decks" / "cards").iterdir()] == ["causes"]


def test_a_path_in_the_column_of_categories_becomes_branches(run_aetia, tmp_path):
    table = [
        ["Ursache", "Mechanismus", "Kategorie"], ["a", "x", "Politik/Hof"], ["b", "x", "Politik"],
        ["c", "x", "politik / Hof "], ["d", "x", "Recht/Hof"], ["e", "x", "Hof"], ["f", "x", "/"],
    ]  # fmt: skip
    done = run_aetia("import", write_csv(tmp_path / "cards.csv", table))
    assert "cards.csv: row 7: taken without the category `/`" in done.stderr
    deck, faults = load_deck(tmp_path / "decks" / "cards")
    assert not faults
    assert [cause.category for cause in deck.causes.values()] == [
        "politik/hof", "politik", "politik/hof", "recht/hof", "hof", None,
    ]  # fmt: skip
    assert {path: branch.category.name for path, branch in deck.tree.items() if path} == {
        "politik": "Politik", "politik/hof": "Hof", "recht": "Recht", "recht/hof": "Hof", "hof": "Hof",
    }  # fmt: skip
    assert run_aetia("build").returncode == 0


def test_a_mistyped_deck_is_told_the_decks_of_the_project(run_aetia, tmp_path):
    file = write_csv(tmp_path / "cards.csv", [["Cause", "Mechanism"], ["x", "y"]])
    run_aetia("import", file)
    assert "Known: cards." in " ".join(run_aetia("import", file, "--into", "crads").stderr.split())


def test_the_kinds_of_card_that_columns_filled_and_nobody_asked_for_are_named_and_come_if_asked_for(
    run_aetia, tmp_path
):
    table = [
        ["Cause", "Mechanism", "First check", "Dose", "Clue"],
        ["Cold", "Enzymes are slow", "The oven", "Degrees", ""],
    ]
    write_csv(tmp_path / "cards.csv", table)
    said = run_aetia("import", "cards.csv").stdout
    asked = "cards: {add: [reverse, dose, check]}"
    assert f"  more kinds of card are possible: `{asked}` in deck.yaml asks for these (aetia explain KIND)\n" in said
    freed = "  `check` cards are made of reviewed entries only, unless you write `if-reviewed: []` beside `add`\n"
    assert freed in said
    head = tmp_path / "decks/cards/deck.yaml"
    head.write_text(head.read_text() + asked.replace("]}", "], if-reviewed: []}") + "\n")
    assert "1 reverse, 1 dose, 1 check" in run_aetia("build", "cards").stdout
    write_csv(tmp_path / "short.csv", [["Cause", "Mechanism"], ["Cold", "Cold is slow"]])
    assert "possible" not in run_aetia("import", "short.csv").stdout


@pytest.mark.parametrize(("separator", "called"), [(",", "a comma"), (";", "a semicolon"), ("\t", "a tab")])
def test_of_a_row_with_too_many_cells_the_likely_reason_is_told(run_aetia, tmp_path, separator, called):
    text = "Cause,Mechanism\nCold,slow\nHeat,fast,too fast\n".replace(",", separator)
    (tmp_path / "cards.csv").write_text(text)
    said = f"row 3: not taken: 3 cells, but the header has 2; is {called} in a text without quotation marks?"
    assert said in run_aetia("import", "cards.csv").stderr


def test_of_a_sheet_with_too_many_cells_no_separator_is_told(run_aetia, tmp_path):
    book = Workbook()
    for row in (["Cause", "Mechanism"], ["Cold", "slow"], ["Heat", "fast", "too fast"]):
        book.active.append(row)
    book.save(tmp_path / "cards.xlsx")
    assert "quotation" not in run_aetia("import", "cards.xlsx").stderr


@pytest.mark.parametrize(("row", "line", "said"), [
    ('"Cold" one,slow', 4, "',' expected after '\"'"), ('"Cold,slow', 4, "unexpected end of data"),
    ('"two\nlines" and,slow', 5, "',' expected"),
])  # fmt: skip
def test_a_fault_in_a_table_is_told_at_its_line(run_aetia, tmp_path, row, line, said):
    (tmp_path / "cards.csv").write_text(f"sep=,\nCause,Mechanism\nHeat,fast\n{row}\nWind,dust\n")
    done = run_aetia("import", "cards.csv")
    assert done.returncode == 1
    assert re.search(rf"^cards.csv:{line}:1: error\[unreadable-file\]: {re.escape(said)}", done.stderr, re.MULTILINE), (
        done.stderr
    )
