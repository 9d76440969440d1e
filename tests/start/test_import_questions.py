"""What `aetia import` asks on a terminal of one whose headers do not tell it all."""

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from ryaml import loads

from generator.load.templates import load_columns
from generator.project.columns import COLUMNS
from generator.project.headers import match_columns
from generator.resources import bundled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own needs a system with ptys")


@pytest.fixture
def answer(tmp_path):
    """`answer(arguments, answers)` runs a command on a terminal and types the answers; returns what it says."""

    def run(arguments, answers):
        import pty  # not on Windows

        ours, theirs = pty.openpty()
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        command = [Path(sysconfig.get_path("scripts"), "aetia"), *arguments]
        environment = {**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
        os.close(ours)
        os.close(theirs)
        return done

    return run


DOT = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
TABLE = "Wort,Weil,Zeichen,,Seite\nRegen,Tropfen lösen Krümel,Rillen,Wasser,1\nWind,Staub fliegt,Dünen,Luft,2\n"


def test_columns_are_chosen_by_number_or_header_and_what_is_left_over_is_asked_for(tmp_path, answer):
    (tmp_path / "soil.csv").write_text(TABLE, encoding="utf-8")
    given = ["", "9", "1", "Weil", "3", "4", "page", "5", "?", "First Check", "Soil erosion", "erode soil"]
    done = answer(["import", "soil.csv"], given)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("  1  Wort") == 1, "the list is not repeated"
    assert "  4  (column 4, no header)" in done.stdout
    assert "`9` is not one of the columns 1, 2, 3, 4, 5" in done.stdout
    assert done.stdout.count("Which key does the column “Seite” fill? (Enter: none; ? lists the keys)") == 4
    assert "`page` is not one of the free keys key, pearl, " in done.stdout
    assert "`5` is the number of a column, and not one of the free keys key, pearl, " in done.stdout
    assert re.search("^  first-check +the first test or action$", done.stdout, re.MULTILINE)
    assert re.search("^  versus +what distinguishes it: `Rival . property . here . there`", done.stdout, re.MULTILINE)
    assert "columns left out" not in done.stdout
    assert "Regen: how can this erode soil?" in done.stdout
    head = loads((tmp_path / "decks/soil/deck.yaml").read_text(encoding="utf-8"))
    assert head["finding"] == {"name": "Soil erosion", "effect": "erode soil"}
    causes = loads((tmp_path / "decks/soil/causes/imported.yaml").read_text(encoding="utf-8"))["causes"]
    assert causes["regen"] == {
        "cause": "Regen", "mechanism": "Tropfen lösen Krümel", "clue": "Rillen", "category": "wasser",
        "first-check": "1",
    }  # fmt: skip


@pytest.mark.parametrize(("more", "missing", "maps"), [
    ((), "the cause or the mechanism", "--map cause=HEADER --map mechanism=HEADER"),
    (("--map", "cause=Wort"), "the mechanism", "--map mechanism=HEADER"),
])  # fmt: skip
def test_without_a_terminal_all_columns_that_are_needed_are_named_at_once(tmp_path, run_aetia, more, missing, maps):
    (tmp_path / "soil.csv").write_text(TABLE, encoding="utf-8")
    done = run_aetia("import", "soil.csv", *more)
    assert done.returncode == 2
    error = " ".join(done.stderr.split())
    assert f"No column is clearly {missing}, which every row needs: add {maps}. The columns are Wort, Weil" in error


FAULTS = (
    "Failure,Why it happens,Tell-tale sign,Group,Also known as,Remedy,Reference\n"
    "Worn pump,Its seals wear,Coffee trickles,Water,Tired pump,Replace it,A manual\n"
)


def test_each_column_that_is_left_over_is_asked_for_once_and_can_be_left_out(tmp_path, answer):
    (tmp_path / "t.csv").write_text(FAULTS)
    done = answer(["import", "t.csv"], ["", "Fault", "fail"])
    assert done.returncode == 0, done.stdout
    assert "Which column holds" not in done.stdout
    assert done.stdout.count("Which key") == done.stdout.count("Which key does the column “Remedy” fill?") == 1
    assert "  1  Failure: Worn pump  (taken as cause)\n" in done.stdout
    assert "  6  Remedy: Replace it\n" in done.stdout
    assert "columns left out: Remedy (--map KEY=HEADER takes one; free keys: key, pearl, " in done.stdout


def test_where_every_column_is_known_they_are_not_listed(tmp_path, answer):
    (tmp_path / "t.csv").write_text("Cause,Mechanism\nx,y\n")
    assert "The columns" not in answer(["import", "t.csv"], ["", "fail"]).stdout


def test_without_a_terminal_the_keys_that_a_column_left_out_could_fill_are_named(tmp_path, run_aetia):
    (tmp_path / "t.csv").write_text(FAULTS)
    done = run_aetia("import", "t.csv")
    assert "columns left out: Remedy (--map KEY=HEADER takes one; free keys: key, pearl, mnemonic" in done.stderr
    assert "clue" not in done.stderr, "it is filled"
    (tmp_path / "t.csv").write_text(FAULTS.replace("Group", "Colour"))
    again = run_aetia("import", "t.csv", "--into", "t", "--dry-run")
    assert "columns left out: Colour, Remedy (--map KEY=HEADER takes one; free keys: key, category," in again.stderr


@pytest.mark.parametrize(("table", "told"), [("Cause,Mechanism\nx,y\n", True), (FAULTS, False)])
def test_a_deck_whose_table_has_no_clue_is_said_to_have_no_clue_cards(tmp_path, run_aetia, table, told):
    (tmp_path / "t.csv").write_text(table)
    said = "no column holds a clue, so the deck has no clue cards"
    assert (said in run_aetia("import", "t.csv").stdout) is told


def test_of_two_columns_that_mean_the_same_key_one_is_taken_and_the_other_is_named(tmp_path, run_aetia):
    (tmp_path / "t.csv").write_text("Fault,Reason,Symptom,Signs\nx,y,z,w\n")
    done = run_aetia("import", "t.csv")
    assert "columns left out: Signs (" in done.stderr
    assert "clue from “Symptom”" in done.stdout


@pytest.mark.parametrize(("said", "clue"), [("table", "Furchen"), ("deck", "Rinnen"), ("neither", "Rinnen")])
def test_an_update_asks_whose_texts_are_right(tmp_path, answer, run_aetia, said, clue):
    (tmp_path / "t.csv").write_text("cause,mechanism,clue\nRegen,Tropfen,Rillen\n")
    assert run_aetia("import", "t.csv").returncode == 0
    causes = tmp_path / "decks/t/causes/imported.yaml"
    causes.write_text(causes.read_text().replace("Rillen", "Rinnen"))
    (tmp_path / "t.csv").write_text("cause,mechanism,clue\nRegen,Tropfen,Furchen\n")
    done = answer(["import", "t.csv", "--into", "t", "--update"], [said])
    assert "it was:         Rillen" in done.stdout
    assert f"clue: {clue}" in causes.read_text()
    assert done.returncode == (said == "neither")


def test_a_dry_run_shows_whose_texts_differ_and_asks_nothing(tmp_path, answer, run_aetia):
    (tmp_path / "t.csv").write_text("cause,mechanism,clue\nRegen,Tropfen,Rillen\n")
    assert run_aetia("import", "t.csv").returncode == 0
    causes = tmp_path / "decks/t/causes/imported.yaml"
    causes.write_text(causes.read_text().replace("Rillen", "Rinnen"))
    (tmp_path / "t.csv").write_text("cause,mechanism,clue\nRegen,Tropfen,Furchen\n")
    done = answer(["import", "t.csv", "--into", "t", "--update", "--dry-run"], ["table"])
    assert "Whose text" not in done.stdout
    assert done.stdout.count("the table says: Furchen") == 1
    assert "--prefer table" in done.stdout


def test_a_new_deck_is_asked_for_with_an_example_that_reads_like_a_card(tmp_path, answer):
    done = answer(["new", "deck", "Erosion", "--language", "de"], ["Boden abtragen"])
    assert "What does a cause of Erosion do?" in done.stdout
    assert "Heavy rain: how can this erode soil?" in done.stdout
    head = loads((tmp_path / "decks/erosion/deck.yaml").read_text(encoding="utf-8"))
    assert (head["language"], head["finding"]["effect"]) == ("de", "Boden abtragen")


def test_a_question_shows_what_a_table_says_without_obeying_it(tmp_path, answer):
    (tmp_path / "t\x1b[2J.csv").write_text("cause,mechanism\nRain\x1b[2J,Drops\n")
    done = answer(["import", "t\x1b[2J.csv", "-o", "decks/t"], ["", ""])
    assert "finding [T\\u001b[2j]:" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(("header", "key"), [
    ("Erkennungszeichen", "clue"), ("Kennzeichen", "clue"), ("Hinweis", "clue"), ("Sign", "clue"), ("Hint", "clue"),
    ("Bereich", "category"), ("Gruppe", "category"), ("Thema", "category"),
    ("Group", "category"), ("Area", "category"), ("Topic", "category"),
    ("Signs", "clue"), ("Symptom", "clue"), ("Symptoms", "clue"), ("Tell-tale sign", "clue"), ("Symptome", "clue"),
    ("Also known as", "aka"), ("Alias", "aka"), ("Aliases", "aka"), ("Other names", "aka"), ("Andere Namen", "aka"),
    ("Why it happens", "mechanism"), ("How it works", "mechanism"), ("Reason", "mechanism"), ("Grund", "mechanism"),
    ("First action", "first-check"), ("Erste Maßnahme", "first-check"),
])  # fmt: skip
def test_usual_words_for_a_key_need_no_mapping(header, key):
    synonyms = load_columns(bundled("templates"))
    assert match_columns(["Name", header], synonyms, {}) == {"cause": 0, key: 1}


@pytest.mark.parametrize("header", ["Failure", "Fault", "Problem", "Fehler", "Störung"])
def test_a_fault_is_a_cause_unless_another_column_is(header):
    synonyms = load_columns(bundled("templates"))
    assert match_columns([header, "Reason"], synonyms, {}) == {"cause": 0, "mechanism": 1}
    assert match_columns([header, "Cause"], synonyms, {}) == {"cause": 1}


@pytest.mark.parametrize(("header", "more", "language", "said"), [
    ("Ursache,Mechanismus,Hinweis", (), "de", "language: de, by the headers"),
    ("Cause,Explanation,Hint", (), "en", "language: en, by the headers"),
    ("Ursache,Mechanismus,Hinweis", ("--language", "en"), "en", ""),
    ("A,B,C", ("--map", "cause=A", "--map", "mechanism=2"), "en", "language: en, because no header names another"),
])  # fmt: skip
def test_the_language_is_that_of_the_headers_unless_it_is_said(tmp_path, run_aetia, header, more, language, said):
    (tmp_path / "t.csv").write_text(f"{header}\nx,y,z\n")
    done = run_aetia("import", "t.csv", *more)
    assert said in done.stdout
    head = loads((tmp_path / "decks/t/deck.yaml").read_text(encoding="utf-8"))
    assert head.get("language", "en") == language


def test_an_unknown_language_is_refused(tmp_path, run_aetia):
    (tmp_path / "t.csv").write_text("Cause,Mechanism\nx,y\n")
    assert "is not a language tag" in run_aetia("import", "t.csv", "--language", "German!").stderr


@pytest.mark.parametrize(("pair", "said"), [
    ("mechanism=Wirkung", "the table has no header `Wirkung`. Did you mean `Wirkung auf Boden`?"),
    ("mechanism=Wrkung auf Boden", "Did you mean `Wirkung auf Boden`?"),
    ("Ursache=cause", "the key comes first: --map cause=Ursache."),
    ("mechanims=Wirkung auf Boden", "there is no key `mechanims`. Did you mean `mechanism`?"),
    ("mechanism", "write it as KEY=HEADER."),
])  # fmt: skip
def test_a_column_that_is_named_wrongly_is_told_by_its_wrong_half(tmp_path, run_aetia, pair, said):
    (tmp_path / "t.csv").write_text("Ursache,Wirkung auf Boden\nx,y\n")
    assert said in " ".join(run_aetia("import", "t.csv", "--map", pair).stderr.split())


def test_keys_come_from_a_column_and_words_for_a_mnemonic_fill_one(tmp_path, run_aetia):
    rows = "one,Regen,Tropfen,Merke gut\nTwo,Wind,Staub,\n,Frost,Eis,\n"
    (tmp_path / "t.csv").write_text(f"key,Ursache,Mechanismus,Merksatz\n{rows}", encoding="utf-8")
    done = run_aetia("import", "t.csv")
    assert "t.csv: row 3: not taken: `Two` cannot be a key" in done.stderr
    causes = loads((tmp_path / "decks/t/causes/imported.yaml").read_text(encoding="utf-8"))["causes"]
    assert list(causes) == ["one", "frost"]
    assert causes["one"]["mnemonic"] == "Merke gut"


HEADERS = load_columns(bundled("templates"))


@pytest.mark.parametrize("language", HEADERS)
def test_a_language_knows_headers_for_every_key_and_no_other(language):
    assert {"key": ("key",), **HEADERS[language]}.keys() == COLUMNS.keys()


@pytest.mark.parametrize("language", HEADERS)
def test_a_cell_of_every_column_that_can_be_filled_arrives_in_the_deck(tmp_path, run_aetia, language):
    header = {"key": "Key"} | {key: words[0].capitalize() for key, words in HEADERS[language].items()}
    cells = {key: f"word-of-{key}" for key in COLUMNS}
    # A key whose cells name things needs a cell that names one.
    cells |= {"key": "mine", "image": "pot.gif", "versus": "Other | size | large | small"}
    cells["classic"] = loads((bundled("templates") / f"import/{language}.yaml").read_text("utf-8"))["affirmed"][0]
    other = {"key": "other", "cause": "Other", "mechanism": "It works too"}
    lines = [header, cells, other]
    text = "".join(";".join(line.get(key, "") for key in COLUMNS) + "\n" for line in lines)
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    (tmp_path / "pot.gif").write_bytes(DOT)
    done = run_aetia("import", "t.csv")
    assert done.returncode == 0, done.stderr
    causes = loads((tmp_path / "decks/t/causes/imported.yaml").read_text(encoding="utf-8"))["causes"]
    assert {"key", *causes["mine"]} == COLUMNS.keys()


def test_the_help_names_every_key_that_a_column_can_fill(run_aetia):
    said = run_aetia("import", "--help").stdout
    assert [key for key in COLUMNS if not re.search(rf"\b{key}\b", said)] == []


@pytest.mark.parametrize(("options", "said"), [
    (("--dry-run",), "--dry-run needs --into DECK"),
    (("--update",), "--update needs --into DECK"),
    (("--into", "", "--dry-run"), "There is no deck ``"),
    (("--into", "t", "--finding", "Rain"), "--finding has no effect with --into"),
    (("--into", "t", "--prefer", "deck"), "--prefer needs --update"),
    (("--deck", "Body"), "--deck has no effect where causes are made"),
    (("--like", "t.csv", "--effect", "rain"), "--effect has no effect where notes are imported as they are"),
])  # fmt: skip
def test_an_option_that_would_do_nothing_is_refused_and_nothing_is_written(tmp_path, run_aetia, options, said):
    (tmp_path / "t.csv").write_text("cause,mechanism\nRain,Drops\n")
    done = run_aetia("import", "t.csv", *options)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "decks").exists()


CLASSIC = "Cause,Mechanism,Typical?\n"


@pytest.mark.parametrize(("cell", "said"), [
    *((cell, True) for cell in ("yes", "TRUE", "x", "1", "Ja", "WAHR")),
    *((cell, None) for cell in ("no", "False", "0", "nein", "")),
])  # fmt: skip
def test_a_cell_says_yes_or_no_in_the_usual_words(tmp_path, run_aetia, cell, said):
    (tmp_path / "t.csv").write_text(f"{CLASSIC}Rain,Drops,{cell}\n")
    done = run_aetia("import", "t.csv")
    assert (done.returncode, done.stderr) == (0, "")
    causes = loads((tmp_path / "decks/t/causes/imported.yaml").read_text(encoding="utf-8"))["causes"]
    assert causes["rain"].get("classic") is said


def test_another_word_than_yes_or_no_is_told_with_its_row(tmp_path, run_aetia):
    (tmp_path / "t.csv").write_text(f"{CLASSIC}Rain,Drops,often\nWind,Dust,yes\n")
    done = run_aetia("import", "t.csv")
    assert done.stderr == "t.csv: row 2: taken without `often` for `classic`: write yes or no\n"
    (tmp_path / "t.csv").write_text(f"{CLASSIC}Rain,Drops,yes\nWind,Dust,perhaps\n")
    done = run_aetia("import", "t.csv", "--into", "t", "--update")
    assert "row 3: taken without `perhaps` for `classic`" in done.stderr
    assert "~ changed Rain (rain)\n    classic: {+yes+}\n" in done.stdout
    (tmp_path / "t.csv").write_text(f"{CLASSIC}Rain,Drops,no\nWind,Dust,\n")
    assert "classic: [-yes-]" in run_aetia("import", "t.csv", "--into", "t", "--update").stdout
    causes = loads((tmp_path / "decks/t/causes/imported.yaml").read_text(encoding="utf-8"))["causes"]
    assert not [key for key, cause in causes.items() if "classic" in cause]
