"""Numbers and dates of Excel come to cards as Excel shows them."""

from datetime import datetime, time, timedelta

import pytest
from openpyxl import Workbook

from generator.load.deck import load_deck

DAY = datetime.fromisoformat("2026-01-02")
CELLS = [
    (0.031, "0.0%", "3,1%", "3.1%"),
    (0.03125, "0%", "3%", "3%"),
    (0.125, "0.0\\ %", "12,5 %", "12.5 %"),
    (0.125, "0.0 %", "12,5 %", "12.5 %"),
    (0.125, "0.00%", "12,50%", "12.50%"),
    (2.675, "0.00", "2,68", "2.68"),
    (1234567.891, "#,##0.00", "1.234.567,89", "1,234,567.89"),
    (1234567.891, "0", "1234568", "1234568"),
    (-1234.5, "#,##0.0_);[Red]\\(#,##0.0\\)", "-1.234,5", "-1,234.5"),
    (7, "000", "007", "007"),
    (1.5, '0.0" mg"', "1,5 mg", "1.5 mg"),
    (7.5, "General", "7,5", "7.5"),
    (12, "General", "12", "12"),
    (12.0, "General", "12", "12"),
    (1e-05, "General", "0,00001", "0.00001"),
    (0.1 + 0.2, "General", "0,3", "0.3"),
    (2e16, "0.00", "20000000000000000", "20000000000000000"),
    (1e-05, "0.00E+00", "0,00001", "0.00001"),
    (0.25, "# ?/?", "0,25", "0.25"),
    ("7.5", "General", "7.5", "7.5"),
    (True, "General", "True", "True"),
    (DAY, "dd\\.mm\\.yyyy", "02.01.2026", "02.01.2026"),
    (DAY, "[$-407]d/m/yy;@", "2/1/26", "2/1/26"),
    (DAY.date(), "YYYY-MM-DD", "2026-01-02", "2026-01-02"),
    (DAY, "mm-dd-yy", "2026-01-02", "2026-01-02"),
    (DAY, "d-mmm-yy", "2026-01-02", "2026-01-02"),
    (DAY.replace(hour=14, minute=30), "dd.mm.yyyy hh:mm", "2026-01-02 14:30", "2026-01-02 14:30"),
    (DAY.replace(hour=14, minute=30), "dd.mm.yyyy", "02.01.2026", "02.01.2026"),
    (time(14, 30), "h:mm", "14:30", "14:30"),
    (timedelta(hours=26, minutes=5), "[h]:mm", "26:05", "26:05"),
]
HEADERS = {"de": ("Ursache", "Mechanismus", "Hinweis"), "en": ("Cause", "Mechanism", "Clue")}


def write_book(file, header):
    book = Workbook()
    book.active.append(header)
    for number, (value, number_format, *_) in enumerate(CELLS):
        book.active.append([f"Cause {number}", "m", value])
        book.active.cell(number + 2, 3).number_format = number_format
    book.save(file)


def clues(folder):
    return [cause.clue for cause in load_deck(folder)[0].causes.values()]


@pytest.mark.parametrize("language", HEADERS)
def test_a_cell_reads_as_excel_shows_it_in_the_language_of_the_headers(run_aetia, tmp_path, language):
    write_book(tmp_path / "t.xlsx", HEADERS[language])
    assert run_aetia("import", "t.xlsx").returncode == 0
    assert clues(tmp_path / "decks/t") == [cell[2 if language == "de" else 3] for cell in CELLS]


def test_a_decimal_sign_is_that_of_the_language_that_was_said_and_stays_so_in_updates(run_aetia, tmp_path):
    write_book(tmp_path / "t.xlsx", HEADERS["en"])
    assert run_aetia("import", "t.xlsx", "--language", "de").returncode == 0
    assert clues(tmp_path / "decks/t") == [german for _, _, german, _ in CELLS]
    done = run_aetia("import", "t.xlsx", "--into", "t", "--update")
    assert f"0 new, 0 changed, {len(CELLS)} as they were" in done.stdout
