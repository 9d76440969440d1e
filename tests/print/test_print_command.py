"""`aetia print` as a user meets it: what is printed, what is refused and why, what is remembered."""

import json
import math
import re
import sys
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import DECK, FONTS, STOCKS, STYLES, print_deck

from generator.cli.print_ import PANELS, print_
from generator.load.glabels import load_glabels
from generator.print.calibration import printer_from, scales
from generator.print.engine import Resources
from generator.print.fit import AIR, SIZES, fit
from generator.print.fonts import covered_characters
from generator.print.job import open_engine
from generator.print.lists import print_list
from generator.print.order import Order, OrderError, Printer
from generator.print.placements import behind
from generator.print.sheet import Box
from generator.print.verify import read_letters
from generator.resources import bundled
from generator.screen.occlusion import draw_occlusion
from generator.text.html import visible_text
from generator.workflows import print_ as workflow


@pytest.fixture
def print_sheets(tmp_path, write_deck):
    return partial(print_deck, tmp_path, write_deck)


def text_of(file):
    return "".join(letter.text for page in read_letters(file.read_bytes()) for letter in page)


def mark_done(folder, tmp_path):
    """Say that what `print_deck` made is on paper; return the number of its cards."""
    (_, made, _), _ = workflow.mark_done(folder, [tmp_path / "sheets.pdf"], tmp_path / "memory")
    return len(made.cards)


def test_with_no_option_it_makes_a_duplex_pdf_on_a4_or_where_paper_is_letter_on_letter(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    result = run_aetia("print", "deck", cwd=project)
    assert (result.returncode, result.stderr) == (0, "")
    assert re.match(r"\d+ cards on \d sheets of a4-8, \d pages\n", result.stdout)
    assert (project / "dist" / "deck.pdf").read_bytes().startswith(b"%PDF")
    american = run_aetia("print", "deck", cwd=project, env={"LC_ALL": "en_US.UTF-8"})
    assert "of letter-8" in american.stdout


NOWHERE = {"LC_ALL": "", "LANG": ""}
"""A process without a locale, which Python gives one of its own."""


@pytest.mark.parametrize(
    ("locale", "language", "stock"),
    [
        (NOWHERE, "de", "a4-8"),
        (NOWHERE, "en-US", "letter-8"),
        ({"LC_ALL": "C"}, "es-Latn-MX", "letter-8"),
        ({"LC_ALL": "de_DE.UTF-8"}, "en-US", "a4-8"),
        ({"LC_ALL": "en_US.UTF-8"}, "de", "letter-8"),
    ],
)
def test_where_no_locale_says_a_country_the_paper_is_that_of_the_decks_language(
    write_deck, run_aetia, tmp_path, locale, language, stock
):
    write_deck(DECK + f"language: {language}\n")
    done = run_aetia("print", "deck", cwd=tmp_path / "project", env=locale)
    assert f" of {stock}," in done.stdout, done.stderr


def test_the_only_deck_is_printed_without_its_name(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    assert run_aetia("print", cwd=tmp_path / "project").returncode == 0
    assert (tmp_path / "project" / "dist" / "deck.pdf").exists()


def test_a_list_leaves_the_sheets_alone(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    run_aetia("print", "deck", cwd=project)
    sheets = (project / "dist" / "deck.pdf").read_bytes()
    for layout, name in {"list": "study-list", "key": "answer-key"}.items():
        assert run_aetia("print", "deck", "--layout", layout, cwd=project).returncode == 0
        assert (project / "dist" / f"deck-{name}.pdf").exists()
    assert (project / "dist" / "deck.pdf").read_bytes() == sheets


def test_a_part_of_a_deck_leaves_the_sheets_of_the_whole_deck_alone_and_done_counts_the_last_of_them(
    write_deck, run_aetia, tmp_path
):
    write_deck(DECK)
    project = tmp_path / "project"
    run_aetia("print", "deck", cwd=project)
    whole = (project / "dist" / "deck.pdf").read_bytes()
    for name, options in {
        "deck-changed": ("--changed",),
        "deck-clue-low-sodium": ("--only", "clue", "--only", "low-sodium"),
        "deck-changed-without-loss-backs": ("--changed", "--without", "loss", "--sides", "backs"),
        "deck-without-clue-study-list": ("--without", "clue", "--layout", "list"),
        "deck-siadh": ("--only", "siadh"),
    }.items():
        run_aetia("print", "deck", *options, cwd=project)
        assert (project / "dist" / f"{name}.pdf").exists(), name
    assert (project / "dist" / "deck.pdf").read_bytes() == whole
    assert "cards of dist/deck-siadh.pdf" in run_aetia("print", "deck", "--done", cwd=project).stdout
    run_aetia("print", "deck", cwd=project)
    assert "cards of dist/deck.pdf" in run_aetia("print", "deck", "--done", cwd=project).stdout


DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20" width="90" height="20">
<text x="0" y="15">Drawn</text></svg>"""


def test_cards_are_on_paper_once_the_user_says_so(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    assert run_aetia("print", "deck", "--done", cwd=project).returncode == 2, "nothing was printed yet"
    made = run_aetia("print", "deck", cwd=project).stdout
    assert "aetia print deck --done" in made
    assert run_aetia("print", "deck", "--changed", cwd=project).stdout.split()[0] == made.split()[0]
    done = run_aetia("print", "--done", cwd=project)
    assert (done.returncode, done.stdout.split()[2]) == (0, made.split()[0])
    assert "nothing to print" in run_aetia("print", "deck", "--changed", cwd=project).stdout


SIGNED = "{state: reviewed, by: Dr Ada Root, on: 2026-11-01}"
NEW = "  acute: {ask: How fast is acute?, answer: Within 48 hours}\n"
"""A question that comes before those of the deck."""


def numbers_of(sheets):
    """The numbers on the cards of a PDF."""
    return {int(number) for number in re.findall(r"№(\d+)", text_of(sheets.file))}


def test_a_card_on_paper_keeps_its_number_and_a_new_one_gets_a_number_that_none_ever_had(
    print_sheets, write_deck, tmp_path
):
    old = next(face.number for face in print_sheets().faces if (face.key, face.kind) == ("thiazides", "clue"))
    count = mark_done(write_deck(DECK), tmp_path)
    longer = DECK.replace("questions:\n", f"questions:\n{NEW}")
    new = print_sheets(longer, changed=True)
    assert (new.printed.cards, numbers_of(new)) == (1, {count + 1})
    edited = print_sheets(longer.replace("A new tablet", "A tablet"), only=("thiazides",), changed=True)
    assert (edited.printed.cards, numbers_of(edited)) == (1, {old})
    for layout in ("list", "key"):
        assert str(count + 1) in text_of(print_sheets(longer, layout=layout, only=("acute",)).file)
    print_sheets(longer)
    mark_done(write_deck(longer), tmp_path)
    other = longer.replace("acute", "chronic")
    assert numbers_of(print_sheets(other, changed=True)) == {count + 2}, "no number is given twice"


def test_changed_names_the_old_cards_to_throw_away_with_those_of_deleted_entries_until_that_is_done(
    run_aetia, write_deck, print_sheets, tmp_path
):
    faces = print_sheets().faces
    (clue,) = (face.number for face in faces if (face.key, face.kind) == ("thiazides", "clue"))
    (gone,) = (face.number for face in faces if face.key == "speed")
    write_deck(DECK)
    project = tmp_path / "project"
    assert "throw away" not in run_aetia("print", "deck", "--changed", cwd=project).stdout
    run_aetia("print", "deck", "--done", cwd=project)
    assert "throw away" not in run_aetia("print", "deck", "--changed", cwd=project).stdout
    shorter = re.sub("questions:\n.*\n", "", DECK)
    write_deck(shorter)
    said = run_aetia("print", "deck", "--changed", cwd=project).stdout
    assert "nothing to print" in said
    assert f"  throw away the old card №{gone}\n" in said
    write_deck(shorter.replace("A new tablet", "A tablet"))
    both = ", ".join(f"№{number}" for number in sorted((gone, clue)))
    assert f"  throw away the old cards {both}\n" in run_aetia("print", "deck", "--changed", cwd=project).stdout
    assert run_aetia("print", "deck", "--done", cwd=project).stdout.startswith("on paper: 1 card of ")
    assert "throw away" not in run_aetia("print", "deck", "--changed", cwd=project).stdout
    write_deck(DECK.replace("A new tablet", "A tablet"))
    back = run_aetia("print", "deck", "--changed", cwd=project).stdout
    assert back.startswith("1 card on "), "what was thrown away is printed again"
    assert "throw away" not in back
    assert numbers_of(print_sheets(DECK.replace("A new tablet", "A tablet"), only=("speed",))) == {gone}


def test_sheets_that_bear_the_number_of_another_card_on_paper_do_not_count_as_printed(run_aetia, write_deck, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    run_aetia("print", "deck", cwd=project)
    write_deck(DECK.replace("questions:\n", f"questions:\n{NEW}"))
    run_aetia("print", "deck", "--only", "acute", "-o", "new.pdf", cwd=project)
    assert run_aetia("print", "deck", "--done", cwd=project).returncode == 0
    done = run_aetia("print", "deck", "--done", "-o", "new.pdf", cwd=project)
    assert (done.returncode, "Print them again" in told(done)) == (2, True)


def test_an_older_pdf_adds_only_cards_that_are_not_on_paper_from_a_newer_one(run_aetia, write_deck, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    run_aetia("print", "deck", "-o", "old.pdf", cwd=project)
    write_deck(DECK.replace("A new tablet", "A tablet"))
    run_aetia("print", "deck", "--only", "thiazides", cwd=project)
    run_aetia("print", "deck", "--done", cwd=project)
    done = run_aetia("print", "deck", "--done", "-o", "old.pdf", cwd=project)
    assert done.stdout.startswith("on paper: 13 cards of old.pdf, ")
    assert "  3 more cards went onto paper from newer sheets, which count (№11-13)\n" in done.stderr
    assert "nothing to print" in run_aetia("print", "deck", "--changed", cwd=project).stdout


def test_each_card_is_compared_as_it_was_printed_with_its_details_or_without(run_aetia, write_deck, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    run_aetia("print", "deck", "--details", cwd=project)
    run_aetia("print", "deck", "--done", cwd=project)
    assert "nothing to print" in run_aetia("print", "deck", "--changed", cwd=project).stdout
    write_deck(DECK.replace("Restrict water first", "Restrict water"))
    changed = run_aetia("print", "deck", "--changed", cwd=project)
    assert re.match(r"2 cards on .*\n  with details, as the cards on paper are\n", changed.stdout)
    assert "Restrictwater" in text_of(project / "dist" / "deck-changed.pdf")


def test_changed_cards_of_several_sets_are_wanted_for_each(run_aetia, write_deck, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    run_aetia("print", "deck", "--copies", "6", cwd=project)
    run_aetia("print", "deck", "--done", cwd=project)
    write_deck(DECK.replace("A new tablet", "A tablet"))
    told = "6 sets are on paper; --copies 6 prints these cards for each"
    assert told in run_aetia("print", "deck", "--changed", cwd=project).stderr
    assert told not in run_aetia("print", "deck", "--changed", "--copies", "6", cwd=project).stderr


@pytest.mark.parametrize("sheet", ["--stock C32011", "--paper 210x297 --card 85x54 --grid 2x5"])
def test_changed_cards_go_on_the_stock_of_the_last_sheets_on_paper(run_aetia, write_deck, tmp_path, sheet):
    write_deck(DECK)
    project = tmp_path / "project"
    name = "avery-c32011" if "C3" in sheet else "your own"
    run_aetia("print", "deck", cwd=project)
    run_aetia("print", "deck", "--done", cwd=project)
    run_aetia("print", "deck", "--only", "siadh", *sheet.split(), "-o", "a.pdf", cwd=project)
    run_aetia("print", "deck", "--done", "-o", "a.pdf", cwd=project)
    write_deck(DECK.replace("A new tablet", "A tablet"))
    changed = run_aetia("print", "deck", "--changed", "--start-at", "10", cwd=project).stdout
    assert changed.startswith(f"1 card on 1 sheet of {name}, 2 pages\n")
    assert f"  on sheets of {name}, as the cards on paper are\n" in changed
    other = run_aetia("print", "deck", "--changed", "--stock", "a4-8", cwd=project).stdout
    assert other.startswith("1 card on 1 sheet of a4-8, 2 pages\n")
    assert "on paper are" not in other
    assert "sheets of a4-8," in run_aetia("print", "deck", cwd=project).stdout, "only changed cards join those on paper"
    for file in tmp_path.rglob("printed/*.json"):
        cards = json.loads(file.read_text())
        file.write_text(json.dumps({name: {**card, "stock": "gone"} for name, card in cards.items()}))
    assert run_aetia("print", "deck", "--changed", cwd=project).stdout.startswith("1 card on 1 sheet of a4-8, ")


def test_a_record_without_stocks_is_read(run_aetia, write_deck, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    run_aetia("print", "deck", cwd=project)
    run_aetia("print", "deck", "--done", cwd=project)
    (record,) = (file for file in tmp_path.rglob("printed/*.json") if "made" not in file.name)
    cards = json.loads(record.read_text())
    record.write_text(json.dumps({name: {**card, "stock": None} for name, card in cards.items()}).replace(
        ', "stock": null', ""))  # fmt: skip
    assert "nothing to print" in run_aetia("print", "deck", "--changed", cwd=project).stdout


@pytest.mark.parametrize("details", [False, True])
def test_a_signature_alone_prints_no_card_anew(print_sheets, write_deck, tmp_path, details):
    deck = f"reviews: true\n{DECK}"
    assert all(face.review for face in print_sheets(deck, details=details).faces)
    mark_done(write_deck(deck), tmp_path)
    signed = re.sub(r"\{cause: Thiazides.*\}", lambda match: f"{match[0][:-1]}, review: {SIGNED}}}", deck)
    assert any("Dr Ada Root" in face.back for face in print_sheets(signed, details=True).faces)
    assert print_sheets(signed, changed=True).printed.file is None
    assert print_sheets(signed.replace("A new tablet", "A tablet"), changed=True).printed.cards == 1


def test_done_counts_the_usual_pdf_and_a_trial_only_if_it_is_named(run_aetia, write_deck, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    run_aetia("print", "deck", cwd=project)
    made = run_aetia("print", "deck", "--only", "siadh", "-o", "a trial.pdf", cwd=project).stdout
    assert 'aetia print deck --done -o "a trial.pdf"' in made
    done = run_aetia("print", "deck", "--done", cwd=project).stdout
    assert re.match(r"on paper: 1\d cards of dist/deck.pdf, made 20\d\d-\d\d-\d\d \d\d:\d\d\n", done)
    (project / "dist" / "deck.pdf").unlink()
    gone = run_aetia("print", "deck", "--done", cwd=project)
    assert gone.returncode == 2
    assert "trial.pdf; name one: --done -o FILE" in told(gone)
    assert re.match(r"on paper: \d cards of a trial.pdf", run_aetia("print", "deck", "--done", "-o", "a trial.pdf",
                    cwd=project).stdout)  # fmt: skip


def test_a_print_says_which_details_it_leaves_out_and_that_the_last_sheet_is_nearly_empty(
    run_aetia, write_deck, tmp_path
):
    write_deck(DECK)
    project = tmp_path / "project"
    plain = run_aetia("print", "deck", "--only", "siadh", "--start-at", "6", cwd=project).stdout
    assert re.match(r"4 cards on 2 sheets of a4-8, 4 pages; the last sheet holds 1 card\n", plain)
    assert "  2 cards with details that are not printed (№4-5): --details prints them\n" in plain
    full = run_aetia("print", "deck", "--only", "siadh", "--details", cwd=project).stdout
    assert "not printed" not in full
    assert "holds" not in full


def test_a_card_with_details_does_not_say_again_what_its_band_says(print_sheets):
    assert "Kindofcause" not in text_of(print_sheets(details=True).file)
    deep = DECK.replace("listed: true}", "children: {urine: {name: Urine}}}").replace(
        "category: loss, mechanism: Salt is", "category: loss/urine, mechanism: Salt is"
    )
    assert "Kindofcause:Lossofsalt" in text_of(print_sheets(deep, details=True).file), "the band lacks the second"


@pytest.mark.parametrize("engine", ["plutoprint", "weasyprint"])
def test_what_a_contrast_is_about_begins_with_a_capital_as_on_a_screen(print_sheets, engine):
    text = text_of(print_sheets(only=("contrast",), engine=engine).file)
    assert (text.count("Theurine"), text.count("theurine")) == (1, 1), "the question keeps its case"


@pytest.mark.parametrize("damage", ["", "[]", '{"a": 1}', '{"a": {"number": "x", "details": 1, "hash": 2}}', "\0"])
def test_a_damaged_record_counts_as_none(run_aetia, write_deck, tmp_path, damage):
    write_deck(DECK)
    project = tmp_path / "project"
    made = run_aetia("print", "deck", cwd=project)
    run_aetia("print", "deck", "--done", cwd=project)
    for file in tmp_path.rglob("printed/*.json"):
        file.write_text(damage)
    again = run_aetia("print", "deck", "--changed", cwd=project).stdout
    assert again.replace("deck-changed.pdf", "deck.pdf") == made.stdout


def test_fronts_and_backs_have_files_of_their_own_and_their_sheets_may_come_in_either_order(
    run_aetia, write_deck, tmp_path
):
    write_deck(DECK)
    project = tmp_path / "project"
    used = ("--start-at", "3")
    fronts = run_aetia("print", "deck", "--sides", "fronts", *used, cwd=project).stdout
    assert "aetia print deck --sides backs" in fronts
    assert "once it is on paper" in fronts.splitlines()[-1], "the backs come first"
    assert "add --reverse" in fronts
    run_aetia("print", "deck", "--sides", "backs", *used, cwd=project)
    fronts, backs = (cards_on_pages(project / "dist" / f"deck-{side}.pdf") for side in ("fronts", "backs"))
    assert fronts == backs == [6, 8, 2]
    run_aetia("print", "deck", "--sides", "backs", "--reverse", *used, cwd=project)
    assert cards_on_pages(project / "dist" / "deck-backs.pdf") == [2, 8, 6]
    assert run_aetia("print", "deck", "--done", cwd=project).stdout.startswith("on paper: ")
    refused = run_aetia("print", "deck", "--reverse", cwd=project)
    assert (refused.returncode, "--sides fronts" in told(refused)) == (2, True)


@pytest.mark.slow
def test_weasyprint_leaves_no_temporary_file_behind(run_aetia, write_deck, tmp_path):
    write_deck(DECK)
    (temporary := tmp_path / "temporary").mkdir()
    weasy = ("print", "deck", "--engine", "weasyprint", "--only", "siadh")
    done = run_aetia(*weasy, cwd=tmp_path / "project", env={"TMPDIR": str(temporary)})
    assert (done.returncode, list(temporary.iterdir())) == (0, []), done.stderr


def test_a_check_of_a_list_is_refused_because_it_would_prove_nothing(run_aetia, write_deck, tmp_path):
    write_deck(DECK)
    refused = run_aetia("print", "deck", "--layout", "list", "--check", cwd=tmp_path / "project")
    assert (refused.returncode, "--check is for cards on sheets, not for --layout list" in told(refused)) == (2, True)
    assert not (tmp_path / "project" / "dist").exists()


def cards_on_pages(file):
    """How many cards each page has."""
    return [sum(letter.text == "№" for letter in page) for page in read_letters(file.read_bytes())]


def told(result):
    """What an error says, on one line."""
    return re.sub(r"\s+", " ", result.stderr.replace("│", ""))


@pytest.mark.parametrize(
    "option", [("--measured", "2,0", "--save", "staff room"), ("--save", "staff room", "--blank", "4")]
)
def test_saving_a_printer_prints_nothing_and_needs_no_further_option(run_aetia, write_deck, tmp_path, option):
    write_deck(DECK)
    done = run_aetia("print", "deck", *option, cwd=tmp_path / "project")
    assert done.returncode == 0
    cure = "backs are printed 2 mm further right" if "--measured" in option else "backs are printed where they are"
    assert cure in " ".join(done.stdout.split())
    assert '--printer "staff room"' in done.stdout
    assert list(tmp_path.rglob("staff room.json"))
    assert not (tmp_path / "project" / "dist").exists()
    alone = run_aetia("print", "deck", "--measured", "2,0", cwd=tmp_path / "project")
    assert (alone.returncode, "--save NAME" in told(alone)) == (2, True)


def test_a_machine_without_fonts_prints_the_same_bytes(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    empty = tmp_path / "empty.conf"
    empty.write_text('<?xml version="1.0"?><fontconfig></fontconfig>')
    run_aetia("print", "deck", "-o", "plain.pdf", cwd=project)
    run_aetia("print", "deck", "-o", "fontless.pdf", cwd=project,
              env={"FONTCONFIG_FILE": str(empty), "FONTCONFIG_PATH": str(tmp_path / "none")})  # fmt: skip
    assert (project / "plain.pdf").read_bytes() == (project / "fontless.pdf").read_bytes()
    assert "Vasopressinacts" in text_of(project / "fontless.pdf")


def test_text_that_cannot_fit_is_an_error_that_names_entry_side_and_a_stock_that_fits(write_deck, run_aetia, tmp_path):
    words = " ".join(["word"] * 300)
    write_deck(DECK.replace("A new tablet", f"A new tablet, pearl: {words}"))
    arguments = ("print", "deck", "--stock", "5371", "--details", "--fit", "shrink")
    result = run_aetia(*arguments, cwd=tmp_path / "project")
    assert result.returncode == 1
    assert re.search(
        r"deck.yaml:\d+:\d+: error\[card-overflow\]: the back of `thiazides` \(.*?\) "
        r"does not fit on avery-5371: at 6 pt it is [\d.]+ mm too long",
        result.stderr,
    )
    assert "it fits on a4-" in result.stderr
    assert not (tmp_path / "project" / "dist").exists()


def test_what_cannot_be_broken_to_the_width_of_a_card_is_too_wide(print_sheets):
    wide = "| " + " | ".join(["Unbreakable"] * 12) + " |\\n|" + "-|" * 12
    sheets = print_sheets(DECK.replace("clue: A new tablet", f'clue: "{wide}"'))
    assert sheets.printed is None
    assert "too wide" in "".join(fault.message for fault in sheets.findings.diagnostics)


def test_a_formula_that_paper_does_not_know_is_named_and_prints_as_written(print_sheets):
    sheets = print_sheets(DECK.replace("A new tablet", r"A new $\ce H$ tablet"))
    (told,) = [fault for fault in sheets.findings.diagnostics if fault.code == "unread-maths"]
    assert told.message == r"a formula of `thiazides` (clue) prints as it is written: \ce H"
    assert r"Anew\ceHtablet" in text_of(sheets.file)


def test_the_coverage_is_that_of_the_font_file():
    from fontTools.ttLib import TTFont

    folder = bundled("templates") / "print" / "fonts"
    covered = covered_characters(FONTS)
    for file in folder.glob("*.?tf"):
        with TTFont(file) as font:
            assert {chr(code) for code in font.getBestCmap()} <= covered
    assert covered >= set("αΩ→⇌≥≤≈×⁺⁻₂³ĀğŠż°µ√∑∞−№·↻⁄")


def test_strict_refuses_what_would_be_set_smaller(print_sheets):
    assert print_sheets(stock="avery-5371", fit="shrink").printed
    long = "reviews: true\n" + DECK.replace("A new tablet", f"A new tablet, pearl: {'word ' * 90}")
    shrunk = print_sheets(long, stock="avery-5371", details=True, fit="shrink")
    assert min(fitted.size for fitted in shrunk.printed.fitted) < shrunk.printed.fitted[0].base
    refused = print_sheets(long, stock="avery-5371", fit="strict", details=True)
    assert {fault.code for fault in refused.findings.diagnostics if fault.severity == "error"} == {"card-overflow"}


@given(st.lists(st.floats(0.1, 40), min_size=1, max_size=6), st.floats(4, 11), st.sampled_from([0.5, 1.0, 1.05, 2.0]))
def test_each_face_gets_the_largest_type_that_fits_and_never_one_under_the_floor(lengths, floor, off):
    box = Box(80, 50, 11.0, 18)

    def fits(length, size):
        return length * size <= box.height * (1 - AIR if size > box.size else 1)

    fitted = fit(len(lengths), box, floor, lambda i, size: off * lengths[i] * size,
                 lambda tries: [lengths[i] * size for i, size in tries])  # fmt: skip
    for length, one in zip(lengths, fitted, strict=True):
        assert floor <= one.size <= max(18, floor)
        assert one.fits == fits(length, one.size)
        assert one.fits or one.size == floor
        larger = min((size for size in SIZES if one.size < size <= box.largest), default=None)
        assert larger is None or off > 1 or not fits(length, larger)


def test_only_what_changed_since_it_went_onto_paper_is_printed_again(print_sheets, write_deck, tmp_path):
    everything = print_sheets(changed=True)
    assert everything.printed.cards == len(everything.faces)
    assert print_sheets(changed=True).printed.cards == len(everything.faces), "a PDF is not yet on paper"
    assert mark_done(write_deck(DECK), tmp_path) == len(everything.faces)
    assert print_sheets(changed=True).printed.file is None
    edited = print_sheets(DECK.replace("A new tablet", "A tablet"), changed=True)
    assert edited.printed.cards == 1
    assert "Atablet" in text_of(edited.file)
    size = print_sheets("style: {size: 20, day: {background: white}}\n" + DECK, changed=True)
    assert size.printed.file is None, "paper has neither"
    accent = print_sheets("style: {day: {accent: teal}}\n" + DECK, changed=True)
    assert accent.printed.cards == len(everything.faces)


def test_two_cards_of_one_kind_and_note_are_on_paper_each_by_itself(print_sheets, write_deck, tmp_path):
    classic = "examples: [{name: Old age, classic: true}, {name: Hard winter, classic: true}]"
    deck = f"{DECK}  lung: {{cause: Lung, category: loss, mechanism: Nobody knows why, {classic}}}\n"
    everything = print_sheets(deck, changed=True)
    assert sum(face.kind == "example" for face in everything.faces) == 2
    assert mark_done(write_deck(deck), tmp_path) == len(everything.faces)
    assert print_sheets(deck, changed=True).printed.file is None


@pytest.mark.parametrize(
    ("only", "keys"),
    [
        ("siadh", {"siadh", "siadh/reverse", "polydipsia~siadh"}),
        ("loss", {"loss", "thiazides", "thiazides/reverse", "addison", "addison/reverse"}),
        ("clue", {"siadh", "thiazides", "addison"}),
        ("tree", {"/"}),
        ("addison", {"addison", "addison/reverse"}),
        ("LOSS of salt", {"/", "loss", "thiazides", "thiazides/reverse", "addison", "addison/reverse"}),
        ("Mechanism", {"siadh", "polydipsia", "thiazides", "addison"}),
    ],
)
def test_cards_are_chosen_by_entry_category_or_kind(print_sheets, only, keys):
    assert {face.key for face in print_sheets(only=(only,)).faces} == keys


def test_an_entry_is_chosen_with_its_own_questions_and_a_card_by_its_number(print_sheets):
    deck = DECK.replace("  addison: {", "  addison: {questions: {palms: {ask: Which colour?, answer: Dark}}, ")
    chosen = print_sheets(deck, only=("addison",)).faces
    assert {face.key for face in chosen} == {"addison", "addison/reverse", "palms"}
    (one,) = print_sheets(deck, only=(f"№{chosen[-1].number}",)).faces
    assert one == chosen[-1] == print_sheets(deck, only=(str(one.number),)).faces[0]


@pytest.mark.parametrize(
    "command",
    [("print", "deck", "--only", "nothing"), ("print", "stocks", "show", "x"), ("import", "x.csv", "--map", "x")],
)
def test_wrong_use_shows_how_the_command_is_used(write_deck, run_aetia, tmp_path, command):
    write_deck(DECK)
    (tmp_path / "project" / "x.csv").write_text("Cause,Mechanism\nCold,It freezes\n")
    result = run_aetia(*command, cwd=tmp_path / "project")
    usage = " ".join(("aetia", *command[: 3 if "stocks" in command else 1]))
    assert (result.returncode, result.stderr.startswith(f"Usage: {usage} [OPTIONS]")) == (2, True), result.stderr


def test_a_refused_print_says_that_the_pdf_is_still_the_old_one(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    run_aetia("print", "deck", cwd=project)
    write_deck(DECK.replace("A new tablet", "| Unbreakable " * 40))
    refused = run_aetia("print", "deck", "--fit", "strict", cwd=project)
    assert (refused.returncode, "dist/deck.pdf is still the old one" in refused.stderr) == (1, True)


def test_a_fold_between_cards_that_are_cut_already_is_told(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    for stock, loose in (("sigel-lp800", True), ("avery-l7414", False), ("a4-8", False)):
        done = run_aetia("print", "deck", "--stock", stock, "--sides", "fold", cwd=tmp_path / "project")
        assert (done.returncode, "two loose cards" in done.stderr) == (0, loose), stock


def test_the_number_of_a_card_is_set_in_type_that_is_read_at_arm_s_length(print_sheets):
    sheets = print_sheets(only=("siadh",))
    signs = [letter for page in read_letters(sheets.pdf) for letter in page if letter.text == "№"]
    assert len(signs) == 2 * len(sheets.faces)
    line = 0.984 + 0.273  # of the font, in em
    assert {round((sign.cell[3] - sign.cell[1]) * 72 / 25.4 / line, 1) for sign in signs} == {7.5}


def test_a_name_that_names_nothing_is_wrong_use(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    for arguments in (("--only", "nothing"), ("--stock", "l7415"), ("--start-at", "9"), ("--printer", "x"),
                      ("--stock", "avery-5388", "--sides", "fold")):  # fmt: skip
        result = run_aetia("print", "deck", *arguments, cwd=tmp_path / "project")
        assert result.returncode == 2, arguments
        assert "Traceback" not in result.stderr


def test_copies_print_the_whole_pile_again_and_shuffling_is_the_same_for_the_same_seed(print_sheets):
    once, twice = print_sheets().printed.cards, print_sheets(copies=2).printed.cards
    assert twice == 2 * once
    orders = [
        [face.name for face in print_sheets(sort=order).faces] for order in ("shuffle:1", "shuffle:1", "shuffle:2")
    ]
    assert orders[0] == orders[1] != orders[2]


WASTED = "  5 slots of the last sheet of each set stay empty; without 3 cards (--without) it takes a sheet less\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "  3 sets, each on 1 sheet\n  4 slots of the last sheet of each set stay empty\n"),
        (("--start-at", "3"), "  3 sets, each on 1 sheet; only set 1 begins on the part-used sheet\n"),
        (("--skip", "2"), "  3 sets, each on 1 sheet; only set 1 begins on the part-used sheet\n"),
        (("--only", "thiazides"), "  3 sets, each on 1 sheet\n  4 cards with details"),
        (("--only", "loss"), f"  3 sets, each on 2 sheets\n{WASTED}"),
    ],
)
def test_copies_say_how_many_sheets_a_set_takes_and_what_stays_empty(write_deck, run_aetia, tmp_path, options, said):
    write_deck(DECK)
    assert (
        said
        in run_aetia("print", "deck", "--copies", "3", "--only", "siadh", *options, cwd=tmp_path / "project").stdout
    )


@pytest.mark.parametrize("layout", ["list", "key"])
def test_a_list_and_an_answer_key_hold_every_answer(print_sheets, layout):
    sheets = print_sheets(layout=layout, only=("siadh",))
    found = text_of(sheets.file).casefold()
    assert all(str(face.number) in found for face in sheets.faces), "the numbers are those of the cards"
    for face in sheets.faces:
        sides = (face.front, face.back) if layout == "list" else (face.back,)
        assert not [word for side in sides for word in visible_text(side).casefold().split() if word not in found]


def test_a_heading_of_a_list_is_on_the_page_of_the_row_under_it(print_sheets):
    sheets = print_sheets(only=("speed",))
    engine = open_engine("plutoprint", Resources(FONTS, STYLES, {}, "T", "en"))
    broken = 0
    for count in range(20, 30):
        above = [replace(sheets.faces[0], number=i, category="Alpha", front="Ask", back="Reply") for i in range(count)]
        under = [replace(above[0], category="Omega", front="Under", number=i) for i in range(3)]
        pdf, _ = print_list(replace(sheets.job, faces=(*above, *under)), "list", engine)
        pages = ["".join(letter.text for letter in page) for page in read_letters(pdf)]
        (page,) = [page for page in pages if "Omega" in page]
        assert page.partition("Omega")[2].startswith("0Under"), count
        broken += pages.index(page) > 0
    assert 0 < broken < 10, "one of them is the last that has room"


def test_a_list_asks_once_in_a_category_what_each_clue_asks(print_sheets):
    text = text_of(print_sheets(layout="list", only=("clue",)).file)
    fronts = [face.front for face in print_sheets(only=("clue",)).faces]
    (ask,) = {re.search(r'class="ask">(.*?)</div>', front)[1] for front in fronts}
    assert (len(fronts), text.count(ask.replace(" ", ""))) == (3, 2)


def test_a_list_says_each_heading_each_picture_and_each_name_once(print_sheets):
    sheets = print_sheets(only=("thiazides",))
    clue, mechanism = sheets.faces[:2]
    shown = '<div class="image"><img src="a.svg" alt="Seen"></div>'
    rows = [replace(clue, back=clue.back + shown), replace(clue, category="Too much water"),
            replace(mechanism, back=mechanism.back + shown), replace(clue, category="", title="Of all")]  # fmt: skip
    engine = open_engine("plutoprint", Resources(FONTS, STYLES, {"a.svg": DRAWING}, "T", "en"))
    pdf, _ = print_list(replace(sheets.job, faces=tuple(rows)), "list", engine)
    text = "".join(letter.text for page in read_letters(pdf) for letter in page)
    assert [text.count(heading) for heading in ("Lossofsalt", "Toomuchwater", "Ofall", "Drawn")] == [1, 1, 1, 1]
    assert text.index("Ofall") < text.index("Lossofsalt") < text.index("Toomuchwater"), "no row is under another's"
    assert [text.count(name) for name in ("Thiazides", "Anewtablet")] == [4, 3]


def test_the_fit_report_names_every_stock_and_writes_nothing(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    result = run_aetia("print", "deck", "--fit-report", cwd=tmp_path / "project")
    assert result.returncode == 0
    assert all(name in result.stdout for name in STOCKS)
    lines = result.stdout.splitlines()
    assert lines[1] == "A4", "the paper of the locale comes first"
    assert not any("do not fit" in line for line in lines[1:5]), "what suits best comes first"
    assert re.search(
        r"^  a4-8 +2 sheets  usually \d+ pt, from \d+ pt; to cut from plain paper$", result.stdout, re.MULTILINE
    )
    assert "plain" not in next(line for line in lines if "avery-c32011" in line)
    facts = json.loads(run_aetia("print", "deck", "--fit-report", "--json", cwd=tmp_path / "project").stdout)
    assert [facts["report"][name]["plain"] for name in ("a4-8", "avery-c32011", "a6-1")] == [True, False, False]
    american = run_aetia("print", "deck", "--fit-report", cwd=tmp_path / "project", env={"LC_ALL": "en_US.UTF-8"})
    assert american.stdout.splitlines()[1] == "Letter"
    assert not (tmp_path / "project" / "dist").exists()


@pytest.mark.parametrize("order", [Order(), Order(report=True)], ids=["print", "report"])
def test_the_bar_is_told_how_much_there_is_to_do_and_comes_to_its_end(tmp_path, write_deck, order):
    told = []

    def progress(items, count):
        done = 0
        for item in items:
            done += 1
            yield item
        told.append((done, count))

    workflow.print_sheets(write_deck(DECK), tmp_path / "sheets.pdf", order, tmp_path / "memory", progress)
    assert len(told) == (1 if order.report else 2)
    assert all(done == count > 0 for done, count in told)


def test_the_help_shows_each_option_in_a_group(run_aetia):
    shown = [word for group in PANELS.values() for word in group.split()]
    names = [name.removeprefix("--") for option in print_.params for name in option.opts if name.startswith("--")]
    assert sorted(shown) == sorted([*names, "help"])
    said = run_aetia("print", "--help").stdout
    assert re.findall(r"^(\w+):$", said, re.MULTILINE) == [*PANELS]
    assert re.findall(r"^  (?:-\w, )?--([\w-]+)", said, re.MULTILINE) == shown


def test_json_tells_what_was_printed_and_the_check_what_it_found(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    result = run_aetia("print", "deck", "--json", "--check", "--only", "siadh", cwd=tmp_path / "project")
    facts = json.loads(result.stdout)
    assert (facts["stock"], facts["sheets"], facts["pages"], facts["strays"]) == ("a4-8", 1, 2, [])


def test_stocks_are_listed_shown_and_added(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    listed = run_aetia("print", "stocks").stdout
    assert listed == run_aetia("print", "stocks", "list").stdout
    papers = [line for line in listed.splitlines() if line[0] != " "]
    assert papers == ["A4", "Letter", "A6", "A7", "127 x 76.2 mm"]
    assert len(listed.splitlines()) == len(STOCKS) + len(papers)
    assert run_aetia("print", "stocks", env={"LC_ALL": "en_US.UTF-8"}).stdout.startswith("Letter\n")
    for name in ("sigel lp 800", "Sigel LP 800 business cards", "SIGEL-LP800"):
        assert 'stock: "Sigel LP 800' in run_aetia("print", "stocks", "show", name).stdout
    assert run_aetia("print", "stocks", "show", "avery").returncode == 2, "more than one is called so"
    shown = run_aetia("print", "stocks", "show", "8371").stdout
    (tmp_path / "mine.yaml").write_text(shown.replace("first: [19.05, 12.7]", "first: [20.0, 12.7]"))
    added = run_aetia("print", "stocks", "add", tmp_path / "mine.yaml")
    assert (added.returncode, added.stderr) == (0, "")
    assert "of mine" in run_aetia("print", "deck", "--stock", "mine", cwd=project).stdout
    (tmp_path / "wrong.yaml").write_text(shown.replace("first: [19.05, 12.7]", "first: [60.0, 12.7]"))
    refused = run_aetia("print", "stocks", "add", tmp_path / "wrong.yaml")
    assert refused.returncode == 1
    assert "error[bad-stock]: the cards reach" in refused.stderr


GLABELS = """\
<?xml version="1.0"?>
<Glabels-templates>
  <Template brand="Acme" part="10" size="A4" _description="Cards">
    <Label-rectangle id="0" width="90mm" height="147.4016pt" round="0">
      <Layout nx="2" ny="5" x0="15mm" y0="18.5mm" dx="90mm" dy="52mm"/>
    </Label-rectangle>
  </Template>
  <Template brand="Acme" part="11" equiv="10"/>
  <Template brand="Acme" part="12" size="A4" _description="Off the sheet">
    <Label-rectangle id="0" width="90mm" height="52mm">
    <Layout nx="3" ny="5" x0="15mm" y0="18mm" dx="90mm" dy="52mm"/></Label-rectangle>
  </Template>
  <Template brand="Acme" part="13" size="A4" _description="No width">
    <Label-rectangle id="0" width="in" height="52mm">
    <Layout nx="2" ny="5" x0="15mm" y0="18mm" dx="90mm" dy="52mm"/></Label-rectangle>
  </Template>
  <Template brand="Acme" part="14" size="A4"><Label-round id="0" radius="20mm"/></Template>
</Glabels-templates>
"""


def test_glabels_templates_become_stocks_and_those_that_cannot_be_are_named(tmp_path):
    file = tmp_path / "acme.xml"
    file.write_text(GLABELS)
    stocks, refused = load_glabels(file)
    assert list(stocks) == ["acme-10"]
    assert (stocks["acme-10"].card, stocks["acme-10"].aliases) == ((90, 52), ("11",))
    assert {name for name, _ in refused} == {"acme-12", "acme-13", "acme-14"}


def seen_from_front(stock, flip, printer, shift, turn, cross):
    """Where a printer that shifts and turns backs puts a cross, seen from the front, after it was put right."""
    x, y = behind(stock.model_copy(update={"card": (0.0, 0.0)}), flip, *cross)
    middle = (stock.page[0] / 2, stock.page[1] / 2)
    for angle, (right, down) in ((printer.rotation, printer.offset), (turn, shift)):
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        x, y = x - middle[0], y - middle[1]
        x, y = c * x - s * y + middle[0] + right, s * x + c * y + middle[1] + down
    return behind(stock.model_copy(update={"card": (0.0, 0.0)}), flip, x, y)


@given(st.sampled_from(["long-edge", "short-edge"]), st.floats(-4, 4), st.floats(-4, 4), st.floats(-0.5, 0.5))
def test_what_is_read_from_the_calibration_sheet_puts_the_backs_right(flip, right, down, turn):
    stock = STOCKS["a4-8"]
    places = [(place, axis) for corner in scales(stock) for axis, place in enumerate(corner)]
    plain = Printer()
    seen = [seen_from_front(stock, flip, plain, (right, down), turn, place)[axis] for place, axis in places]
    measured = [where - place[axis] for where, (place, axis) in zip(seen, places, strict=True)]
    printer = printer_from(measured, stock, flip)
    for place, _ in places:
        seen = seen_from_front(stock, flip, printer, (right, down), turn, place)
        assert math.dist(seen, place) < 0.1


def test_a_printer_that_was_measured_in_another_way_says_so(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    run_aetia("print", "--calibrate", "--measured", "1.5,0", "--save", "hp", cwd=project)
    for way, said in {
        (): "", ("--stock", "letter-8"): "", ("--flip", "short-edge"): "with --flip long-edge on upright paper",
        ("--stock", "index-3x5-1"): "measure it with --flip long-edge on wide paper too",
        ("--stock", "index-3x5-1", "--sides", "fronts"): "",
    }.items():  # fmt: skip
        told = run_aetia("print", "deck", "--printer", "hp", *way, cwd=project).stderr
        assert said in told if said else "measured" not in told, told


def test_one_cross_gives_a_shift_without_a_turn_and_three_numbers_are_refused():
    assert printer_from((0.4, -0.2), STOCKS["a4-8"], "long-edge") == Printer((0.4, 0.2), 0.0)
    with pytest.raises(OrderError, match="takes X,Y"):
        printer_from((1, 2, 3), STOCKS["a4-8"], "long-edge")


def test_a_calibrated_printer_is_kept_and_used(write_deck, run_aetia, tmp_path):
    write_deck(DECK)
    project = tmp_path / "project"
    sheet = run_aetia("print", "--calibrate", cwd=project)
    assert (sheet.returncode, (project / "dist" / "calibration.pdf").exists()) == (0, True)
    saved = run_aetia("print", "--calibrate", "--measured", "1.5,0,1.5,0", "--save", "desk", cwd=project)
    assert saved.returncode == 0
    for arguments in ((), ("--printer", "desk")):
        run_aetia("print", "deck", "--only", "siadh", "-o", f"{len(arguments)}.pdf", *arguments, cwd=project)
    plain, moved = (list(read_letters((project / name).read_bytes())) for name in ("0.pdf", "2.pdf"))
    assert moved[0][0].left == pytest.approx(plain[0][0].left, abs=0.01)
    assert moved[1][0].left == pytest.approx(plain[1][0].left + 1.5, abs=0.01)


def test_the_calibration_sheet_says_what_to_do_in_the_language_of_the_deck(write_deck, run_aetia, tmp_path):
    write_deck(DECK.replace("deck: Science", "language: de\ndeck: Science"))
    project = tmp_path / "project"
    assert run_aetia("print", "--calibrate", "--flip", "short-edge", cwd=project).returncode == 0
    german = text_of(project / "dist" / "calibration.pdf")
    assert "gewendetüberdiekurzeKante" in german
    assert "--calibrate--measuredX,Y,X2,Y2" in german
    assert run_aetia("print", "leukopenia", "--calibrate", "-o", "english.pdf", cwd=project).returncode == 0
    assert "flippedonitslongedge" in text_of(project / "english.pdf")
    small = ("--paper", "127x76", "--card", "100x60", "-o", "small.pdf")
    assert run_aetia("print", "--calibrate", *small, cwd=project).returncode == 0
    assert "short-edge" not in text_of(project / "small.pdf")


def test_a_picture_hides_on_the_front_what_it_shows_on_the_back():
    shapes = (
        '<div style="display: none"><div class="{}" data-ordinal="1" data-shape="rect" data-left="0.1" data-top="0.2"'
        ' data-width="0.5" data-height="0.1" ></div><br><div class="cloze-inactive" data-ordinal="2" data-shape="rect"'
        ' data-left="0.1" data-top="0.4" data-width="0.5" data-height="0.1" ></div></div>'
    )
    picture = '<div id="image-occlusion-container">\n<img src="a.svg"><canvas></canvas></div><script>x()</script>'
    front, back = (draw_occlusion(shapes.format(kind) + picture) for kind in ("cloze", "cloze-highlight"))
    box = 'style="left:10.00%;top:20.00%;width:50.00%;height:10.00%"'
    masks = f'<div id="image-occlusion-canvas"><div class="mask hidden" {box}></div></div>'
    assert front == f'<div class="occlusion"><img src="a.svg">{masks}</div>'
    assert back == front.replace("hidden", "shown")


@pytest.mark.parametrize(
    ("gone", "option", "said"),
    [
        ("weasyprint", "--accessible", "WeasyPrint is not installed here. Install it: pip install 'aetia[weasyprint]'"),
        ("plutoprint", "--engine=plutoprint", "PlutoPrint is not installed here; `--engine weasyprint` is the other"),
        ("pypdfium2", "--check", "The check needs a PDF reader: pip install 'aetia[print-check]'"),
    ],
)
def test_what_an_option_needs_and_this_machine_lacks_is_named_with_its_install(
    write_deck, run_aetia, tmp_path, monkeypatch, gone, option, said
):
    write_deck(DECK)
    monkeypatch.setitem(sys.modules, gone, None)
    done = run_aetia("print", "deck", option, cwd=tmp_path / "project")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.replace("│", "").split())
    assert not (tmp_path / "project" / "dist").exists()


def test_a_check_without_a_reader_is_refused_before_cards_are_set(write_deck, run_aetia, tmp_path, monkeypatch):
    cause = f"{{cause: A, mechanism: {'long ' * 900}}}"
    write_deck(f"deck: D\nfinding: {{name: F, effect: do it}}\ncauses: {{a: {cause}}}\n")
    assert "card-overflow" in run_aetia("print", "deck", "--fit", "strict", cwd=tmp_path / "project").stderr
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    done = run_aetia("print", "deck", "--fit", "strict", "--check", cwd=tmp_path / "project")
    assert (done.returncode, "The check needs a PDF reader" in done.stderr) == (2, True)
    assert "card-overflow" not in done.stderr


@pytest.mark.parametrize("name", ["../../x", "/x", "a/b", "", ".", "x" * 300])
def test_a_printer_is_named_by_a_word_and_by_no_path(run_aetia, tmp_path, name):
    for words in (("--calibrate", "--measured", "1,2", "--save", name), ("--calibrate", "--printer", f"{name}/")):
        done = run_aetia("print", *words)
        assert done.returncode == 2, done.stdout
    assert not list(tmp_path.rglob("*.json"))


def test_a_saved_printer_that_is_damaged_is_told(run_aetia, write_deck, tmp_path):
    write_deck(DECK)
    done = run_aetia("print", "--calibrate", "--measured", "1,2", "--save", "office", cwd=tmp_path / "project")
    (file,) = tmp_path.rglob("office.json")
    assert done.returncode == 0
    for damage in ('{"offset": 1}', '{"offset": [1, 2]}', '{"offset": [1, "x"], "rotation": 1}'):
        file.write_text(damage)
        done = run_aetia("print", "--printer", "office", cwd=tmp_path / "project")
        assert (done.returncode, "is damaged" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(("text", "options", "said"), [
    ("deck: A\nfinding: {name: F, effect: f}\n", (), "This deck has no cards yet."),
    (DECK, ("--only", "clue", "--without", "clue"), "--without leaves no card to print."),
])  # fmt: skip
def test_a_print_without_cards_says_why(write_deck, run_aetia, text, options, said):
    result = run_aetia("print", write_deck(text), *options)
    assert (result.returncode, said in result.stderr) == (2, True)


@pytest.mark.parametrize("engine", ["plutoprint", "weasyprint"])
def test_a_damaged_picture_is_told_once_and_no_engine_complains_beside(write_deck, run_aetia, tmp_path, engine):
    named = "    image: {file: a.png, alt: A dot, credit: Me}\n"
    cause = f"causes:\n  rain:\n    cause: Rain\n    mechanism: Drops fall\n{named}"
    write_deck(DECK, {"media/a.png": b"\x89PNG\r\n\x1a\n\0", "causes/rain.yaml": cause})
    done = run_aetia("print", "deck", "--engine", engine, "--details", cwd=tmp_path / "project")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("\n") == 3, done.stderr
    assert "damaged-picture" in done.stderr
