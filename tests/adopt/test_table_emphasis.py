"""A table changes words; what an author made bold or italic in the deck's files stays so."""

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st
from ryaml import loads

from generator.project.emphasis import emphasise

LATER = {"SOURCE_DATE_EPOCH": str(NOW)}
TABLE = """\
cause,mechanism,clue,examples,versus
Rain,Drops break 13 crumbs apart [@abt],Rills > 2 cm,One; Two,Wind | size | small drops | big drops
Wind,Dry grains blow away,,,
"""


@pytest.fixture
def soil(tmp_path, run_aetia):
    """`soil.run(table)` brings a table into the deck that was made of `TABLE`; `soil.edit` edits its causes."""
    (tmp_path / "t.csv").write_text(TABLE)
    run_aetia("import", "t.csv", env=LATER)
    (tmp_path / "decks/t/sources.yaml").write_text("references: [{id: abt, title: Soil}, {id: zinn, title: Rain}]\n")

    class Soil:
        causes = tmp_path / "decks/t/causes/imported.yaml"

        def run(self, table, *options):
            (tmp_path / "t.csv").write_text(table)
            return run_aetia("import", "t.csv", "--into", "t", "--update", *options, env=LATER)

        def edit(self, old, new):
            text = self.causes.read_text()
            assert old in text
            self.causes.write_text(text.replace(old, new))

        def rain(self):
            return loads(self.causes.read_text())["causes"]["rain"]

    return Soil()


def test_a_text_that_the_table_changes_keeps_its_emphasis_and_citations(soil):
    soil.edit("Drops break 13 crumbs apart", "Drops **break** 13 _crumbs apart [@zinn]_")
    soil.edit("Rills \\> 2 cm", "'**Rills \\> 2** cm'")
    soil.edit("- One", "- {name: '**One**', note: first}")
    soil.edit("here: small drops", "here: small ***drops***")
    assert "0 new, 0 changed, 2 as they were" in soil.run(TABLE).stdout
    changed = TABLE.replace("13", "12").replace("2 cm", "2 km").replace("Two", "Three").replace("small", "tiny")
    done = soil.run(changed)
    assert done.returncode == 0, done.stderr
    assert "mechanism: Drops break [-13-]{+12+} crumbs apart" in done.stdout
    rain = soil.rain()
    assert rain["mechanism"] == "Drops **break** 12 _crumbs apart [@zinn]_ [@abt]"
    assert rain["clue"] == "**Rills \\> 2** km"
    assert rain["examples"] == [{"name": "**One**", "note": "first"}, "Three"]
    assert rain["versus"]["wind"]["here"] == "tiny ***drops***"
    assert "0 new, 0 changed, 2 as they were" in soil.run(changed).stdout


@pytest.mark.parametrize(("mine", "now"), [("Drops **break 13** crumbs", "12"), ("Dr**op**s break 13 crumbs", "12")])
def test_emphasis_of_words_that_are_gone_is_shown_and_the_author_decides(soil, mine, now):
    soil.edit("Drops break 13 crumbs", mine)
    changed = TABLE.replace("13", now)
    done = soil.run(changed)
    assert done.returncode == 1
    assert "it was:         Drops break 13 crumbs apart [@abt]\n" in done.stderr
    assert f"the deck says:  {mine} apart [@abt]\n" in done.stderr
    assert f"the table says: Drops break {now} crumbs apart [@abt]\n" in done.stderr
    assert mine in soil.rain()["mechanism"]
    assert soil.run(changed, "--prefer", "table").returncode == 0
    assert soil.rain()["mechanism"] == f"Drops break {now} crumbs apart [@abt]"


def test_texts_that_differ_only_in_tags_are_shown_with_these(soil):
    soil.edit("Drops break", "Drops [break](http://a.b)")
    done = soil.run(TABLE.replace("13", "12"))
    assert "it was:         Drops break 13 crumbs apart" in done.stderr
    assert 'the deck says:  Drops <a href="http://a.b">break</a> 13 crumbs apart [@abt]\n' in done.stderr


def test_emphasis_in_the_middle_of_a_word_stays_if_both_sides_have_the_same_words(soil):
    soil.edit("Drops break 13 crumbs", "Dr**op**s break 12 crumbs")
    done = soil.run(TABLE.replace("13", "12"))
    assert done.returncode == 0, done.stderr
    assert soil.rain()["mechanism"] == "Dr**op**s break 12 crumbs apart [@abt]"


@pytest.mark.parametrize(("old", "now", "expected"), [
    ("**Wait**, then go", "Now wait, then go", "Now wait, then go"),
    ("Wait, **then go!**", "Do wait, then go! Now", "Do wait, **then go!** Now"),
    ("*a* **b**", "b a", "b *a*"),
    ("a _b c_ d", "a b x c d", "a b x c d"),
    ("2 \\* 3 * **x**", "2 \\* 3 \\* x", "2 \\* 3 \\* **x**"),
    ("snake_case_name **x**", "snake_case_name x y", "snake_case_name **x** y"),
])  # fmt: skip
def test_emphasis_stays_on_its_words(old, now, expected):
    assert emphasise(old, now) == expected


WORDS = st.lists(st.sampled_from(["a", "b", "c,", "**d**", ".", "_e f_", "[@x]", "$g h$", "\\*", "\n"])).map(" ".join)


@given(WORDS, WORDS)
def test_emphasis_changes_no_word(old, now):
    made = emphasise(old, now)
    assert made.replace("*", "").replace("_", "") == now.replace("*", "").replace("_", "")
    assert emphasise("a b", now) == now
