"""A table that people have becomes a deck; what cannot be taken is named by row."""

import csv
import io
import random
import re
from html import unescape

import pytest
from openpyxl import Workbook

from generator.load.deck import load_deck
from generator.outputs.project.table import read_table

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
    notes = [collection.get_note(note_id) for note_id in collection.find_notes('"note:Aetia Cause"')]
    read = {as_read(note["Cause"]): as_read(note["Mechanism"]) for note in notes}
    assert read == {" ".join(row[0].split()): " ".join(row[1].split()) for row in table}


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separator_and_encoding_are_found_out(tmp_path, separator, encoding):
    table = [["Cause", "Mechanism"], ["Größe, klein; groß", 'sagt "so"'], ["Zwei", "b\tc|d"]]
    read = read_table(write_csv(tmp_path / "cards.csv", table, separator, encoding))
    assert [read.header, *(row for _, row in read.rows)] == [tuple(row) for row in table]


def test_an_excel_sheet_is_read(run_aetia, tmp_path):
    book = Workbook()
    for row in (["Ursache", "Mechanismus", "Hinweis"], ["Kälte", "Enzyme sind langsam", 5], [None, None, None]):
        book.active.append(row)
    book.save(tmp_path / "karten.xlsx")
    result = run_aetia("import", tmp_path / "karten.xlsx")
    assert result.returncode == 0, result.stderr
    deck, _ = load_deck(tmp_path / "decks" / "karten")
    assert deck.causes["kalte"].clue == "5"


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
    assert run_aetia("import", file).returncode == 1
    assert (tmp_path / "decks/cards/deck.yaml").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"\n\n", b'Cause,Mechanism\n"open,b\n', b"\x00\x01\x02"])
def test_a_file_that_is_no_table_is_refused_with_what_is_wrong(run_aetia, tmp_path, content):
    for name in ("t.csv", "t.xlsx"):
        (tmp_path / name).write_bytes(content)
        result = run_aetia("import", tmp_path / name)
        assert result.returncode in (1, 2)
        assert "Traceback" not in result.stderr
        assert name in result.stderr or "--map" in result.stderr
