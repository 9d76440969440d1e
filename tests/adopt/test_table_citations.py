"""A table changes words; the citations that an author put into the deck's files stay where they belong."""

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st
from ryaml import loads

from generator.model.entries import OwnNote
from generator.project.merge import Fate, Said, fate, taken
from generator.project.recite import recite
from generator.text.citations import CITATION, citations_in

LATER = {"SOURCE_DATE_EPOCH": str(NOW)}
TABLE = """\
cause,mechanism,clue,first-check,associated,examples,versus
Worn pump,Its seals wear,Drops,Set the pad 1 mm nearer to the rim,Noise; Steam,One; Two,Scale | taste | flat | sour
Scale,Lime narrows the pipe,The water is slow. It hisses.,,,,
"""
SOURCES = "references: [{id: zinn-2018, title: Pads}, {id: abt, title: Pumps}]\n"


@pytest.fixture
def pump(tmp_path, run_aetia):
    """`pump.run(table)` brings a table into the deck that was made of `TABLE`; `pump.edit` edits its causes."""
    (tmp_path / "t.csv").write_text(TABLE)
    assert run_aetia("import", "t.csv", env=LATER).returncode == 0
    (tmp_path / "decks/t/sources.yaml").write_text(SOURCES)

    class Pump:
        causes = tmp_path / "decks/t/causes/imported.yaml"

        def run(self, table, *options):
            (tmp_path / "t.csv").write_text(table)
            done = run_aetia("import", "t.csv", "--into", "t", "--update", *options, env=LATER)
            assert "Traceback" not in done.stderr, done.stderr
            return done

        def edit(self, old, new):
            text = self.causes.read_text()
            assert old in text
            self.causes.write_text(text.replace(old, new))

        def entry(self, key):
            return loads(self.causes.read_text())["causes"][key]

    return Pump()


def test_a_changed_cell_keeps_the_citations_of_its_text(pump):
    pump.edit("to the rim", "to the rim [@zinn-2018, p. 3]")
    pump.edit("seals wear", "seals [@abt] wear")
    pump.edit("is slow. It hisses.", "is slow [@abt; @zinn-2018]. It hisses [@zinn-2018].")
    words = {"1 mm": "2 mm", "Its seals": "All its seals", "It hisses": "It sings"}
    table = TABLE
    for old, new in words.items():
        table = table.replace(old, new)
    done = pump.run(table)
    assert done.returncode == 0, done.stderr
    assert pump.entry("worn-pump")["first-check"] == "Set the pad 2 mm nearer to the rim [@zinn-2018, p. 3]"
    assert pump.entry("worn-pump")["mechanism"] == "All its seals [@abt] wear"
    assert pump.entry("scale")["clue"] == "The water is slow [@abt; @zinn-2018]. It sings [@zinn-2018]."
    assert "    first-check: Set the pad [-1-]{+2+} mm nearer to the rim [@zinn-2018, …\n" in done.stdout
    assert "clue: The water is slow [@abt,@zinn-2018]. It [-hisses-]{+sings+} [@zinn-2018].\n" in done.stdout
    assert "0 new, 0 changed, 2 as they were" in pump.run(table).stdout


def test_lists_and_contrasts_keep_their_citations_and_a_picture_too(pump):
    pump.edit("- Noise", "- Noise [@abt]")
    pump.edit("- One", "- {name: 'One [@abt]', note: first}")
    pump.edit("here: flat", "here: flat [@zinn-2018]\n        was: old")
    done = pump.run(TABLE.replace("Noise", "Much noise").replace("Two", "Three").replace("sour", "acid"))
    assert done.returncode == 0, done.stderr
    entry = pump.entry("worn-pump")
    assert entry["associated"] == ["Much noise [@abt]", "Steam"]
    assert entry["examples"] == [{"name": "One [@abt]", "note": "first"}, "Three"]
    sides = {"on": "taste", "here": "flat [@zinn-2018]", "there": "acid", "was": ["old"]}
    assert entry["versus"]["scale"] == sides


def test_a_text_that_both_sides_changed_is_shown_with_its_citations_and_keeps_them_if_the_table_is_right(pump):
    pump.edit("to the rim", "to the edge [@abt]")
    table = TABLE.replace("to the rim", "to the wheel")
    done = pump.run(table)
    assert "the deck says:  Set the pad 1 mm nearer to the edge [@abt]" in done.stderr
    assert "the table says: Set the pad 1 mm nearer to the wheel [@abt]" in done.stderr
    assert pump.run(table, "--prefer", "table").returncode == 0
    assert pump.entry("worn-pump")["first-check"] == "Set the pad 1 mm nearer to the wheel [@abt]"


@pytest.mark.parametrize(("old", "now", "expected"), [
    ("Look [@a]. Then wait", "Look up. Then wait", "Look [@a] up. Then wait"),
    ("Look. [@a] Then wait", "Look. Then go", "Look. [@a] Then go"),
    ("Then **wait** [@a]", "Then **wait** long", "Then **wait** [@a] long"),
    ("See it [@a].", "Look there.", "Look there [@a]."),
    ("See it. [@a]", "Look there.", "Look there. [@a]"),
    ("See it [@a]", "Look there.", "Look there [@a]."),
    ("See it. [@a]", "Look there", "Look there [@a]"),
    ("See it [@a] at noon.", "Look there!", "Look there [@a]!"),
    ("[@a] See", "Look", "[@a] Look"),
    ("$x$ [@a] grows", "$x + y$ grows", "$x + y$ grows [@a]"),
    ("One [@a] two [@b; @c]", "Three", "Three [@a; @b; @c]"),
    ("Same word [@a] same word", "Same word same word [@a]", "Same word same word [@a]"),
])  # fmt: skip
def test_a_citation_stands_behind_the_same_word_or_else_at_the_end(old, now, expected):
    assert recite(old, "", now) == expected


TEXTS = st.lists(st.sampled_from(["a", "b", "c,", "**d**", ".", "[@x]", "[@y; @x]", "$e f$", "\\*", "ü", "\n"])).map(
    " ".join
)


@given(TEXTS, TEXTS)
def test_no_citation_of_the_author_is_lost_and_no_word_of_the_table(old, now):
    told = recite(old, "", now)
    assert {*citations_in(old), *citations_in(now)} == {*citations_in(told)}
    assert "".join(CITATION.sub("", told).split()) == "".join(CITATION.sub("", now).split())
    assert recite(told, "", told) == told
    assert recite(old, old, now) == now


def test_a_citation_in_a_cell_is_one_in_the_file_and_no_change_at_the_next_import(pump, run_aetia):
    cited = {
        "to the rim": '"Set the pad 1 mm nearer to the rim [@zinn-2018, p. 2; @abt]"', "Its seals": "Its [@abt] seals",
        "Noise": "Noise [@abt; @zinn-2018]", "flat": "flat [@abt; @zinn-2018, Tab. 3]",
    }  # fmt: skip
    table = TABLE.replace("Set the pad 1 mm nearer to the rim", "to the rim")
    for old, new in cited.items():
        table = table.replace(old, new)
    table = table.replace("Scale | taste", '"Scale | taste').replace("sour\n", 'sour"\n')
    done = pump.run(table)
    assert done.returncode == 0, done.stderr
    assert "nearer to the rim{+ [@zinn-2018, p. 2,@abt]+}\n" in done.stdout
    entry = pump.entry("worn-pump")
    assert entry["first-check"] == "Set the pad 1 mm nearer to the rim [@zinn-2018, p. 2; @abt]"
    assert entry["mechanism"] == "Its [@abt] seals wear"
    assert entry["associated"] == ["Noise [@abt; @zinn-2018]", "Steam"]
    assert entry["versus"]["scale"]["here"] == "flat [@abt; @zinn-2018, Tab. 3]"
    assert run_aetia("build", "t", env=LATER).returncode == 0
    assert "0 new, 0 changed, 2 as they were" in pump.run(table).stdout
    pump.edit("Its [@abt] seals", "Its [@abt, p. 9] seals")
    pump.run(table.replace("seals wear", "seals tear").replace("p. 2; @abt", "p. 4"))
    assert pump.entry("worn-pump")["mechanism"] == "Its [@abt, p. 9] seals tear", "an edited page stays"
    assert pump.entry("worn-pump")["first-check"] == "Set the pad 1 mm nearer to the rim [@zinn-2018, p. 4]"


def test_an_unknown_source_in_a_cell_is_told_as_in_the_authors_files(pump):
    done = pump.run(TABLE.replace("to the rim", "to the rim [@zin-2018]"))
    assert done.returncode == 1
    assert "error[unknown-source]: there is no source `zin-2018`" in done.stderr
    assert "did you mean `zinn-2018`" in done.stderr


def test_what_cannot_be_a_citation_stays_a_text(pump, run_aetia):
    done = pump.run(TABLE.replace("to the rim", "to the rim [@ 5 cents] [@a b] [@]"))
    assert done.returncode == 0, done.stderr
    assert run_aetia("build", "t", env=LATER).returncode == 0
    text = loads(pump.causes.read_text())["causes"]["worn-pump"]["first-check"]
    assert not citations_in(text)
    assert "0 changed" in pump.run(TABLE.replace("to the rim", "to the rim [@ 5 cents] [@a b] [@]")).stdout


def test_a_note_of_an_own_note_type_keeps_its_citations_or_asks_where_html_cannot_hold_them():
    note = OwnNote.model_validate({"Back": "The *word* [@a]"})
    now = Said("The *word*", "The *word* again", changed=True)
    assert (fate(note, "Back", now), taken(note, "Back", now)) == (Fate.TAKE, "The *word* [@a] again")
    assert fate(note, "Back", Said("The *word*", {"html": "The <u>word</u>"}, changed=True)) is Fate.ODDS
    plain = OwnNote.model_validate({"Back": "The *word*"})
    assert fate(plain, "Back", Said("The *word*", {"html": "The <u>word</u>"}, changed=True)) is Fate.TAKE
