"""What the learner reads is what the author wrote, whatever it looks like to YAML, Markdown, HTML, Jinja or Anki."""

import json
import re
import unicodedata
from html.parser import HTMLParser
from string import punctuation

import pytest
from conftest import NOW, import_package
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.cards.markdown import render_markdown
from generator.workflows.build import build_package
from generator.workflows.check import check_folder
from generator.workflows.prepare import no_progress

PIECES = st.sampled_from([
    "<", ">", "&", "{{", "}}", "::", "{{c1::", "{{c1::x}}", "{{c2::x::y}}", "{{Cause}}", "{{#Clue}}", "{{/Clue}}",
    "{{FrontSide}}", "{% raw %}", "{# x #}", "{{ 1 }}", "[sound:x.mp3]", "[sound:x", "[latex]", "[/latex]", "[$]x[/$]",
    "[anki:tts]x[/anki:tts]", "<b>", "</b>", "<br>", "<script>", "<!--", "-->", "<div>", "&amp;", "&lt;", "&nbsp;",
    "&#123;", "&", '"', "'", "\\", "a < b > c", "}}}", "{", "}", ":", "# x", "- x", "1. x", "*x*", "_x_", "`x`", "$5",
    "~", "|", "@x", "%", "CO₂", "×10⁹/L", "γδ", "Ω", "白血球", "コレラ", "عدلات", "лейкопения", "é", "e\u0301",
    "👩🏽‍⚕️", "ß",
])  # fmt: skip
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp")), max_size=6)
TEXTS = st.lists(st.one_of(PIECES, WORDS), min_size=1, max_size=6).map(" ".join)
GLUED = st.lists(st.one_of(PIECES, WORDS), min_size=1, max_size=6).map("".join)
ANY_TEXT = st.one_of(TEXTS, GLUED).filter(lambda text: text.strip())


class _Reader(HTMLParser):
    """What a learner reads in the element of one class."""

    def __init__(self, wanted: str) -> None:
        super().__init__(convert_charrefs=True)
        self._wanted, self._depth, self.text = wanted, 0, ""

    def handle_starttag(self, tag, attributes):
        if tag in ("br", "img", "hr"):
            return
        if self._depth or self._wanted in (dict(attributes).get("class") or "").split():
            self._depth += 1

    def handle_endtag(self, tag):
        self._depth -= bool(self._depth)

    def handle_data(self, data):
        self.text += data if self._depth else ""


def read(html: str, wanted: str) -> str:
    reader = _Reader(wanted)
    reader.feed(html)
    reader.close()
    return spaced(reader.text)


def spaced(text: str) -> str:
    """A text with its white space as a browser shows it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def escaped(text: str) -> str:
    """A text as an author writes it in Markdown who wants every character to be itself."""
    return "".join(f"\\{c}" if c in punctuation else c for c in text)


@pytest.fixture
def shown(write_deck, tmp_path, open_collection):
    """Builds causes, given as (name, mechanism), in an ordered category; gives Anki's (front, back) of each card."""
    collection = open_collection()
    count = 0

    def show(causes):
        nonlocal count
        count += 1
        deck = {
            "deck": f"Texts {count}",
            "id": f"texts-{count}",
            "finding": {"name": "Finding", "effect": "do it"},
            "cards": {"add": ["blanks"]},
            "categories": {"all": {"name": "All", "listed": True}},
            "causes": {
                f"c{i}": {"cause": name, "mechanism": mechanism, "category": "all"}
                for i, (name, mechanism) in enumerate(causes)
            },
        }
        folder = write_deck(json.dumps(deck, ensure_ascii=False))
        for old in (folder / "deck.lock", tmp_path / "deck.apkg"):
            old.unlink(missing_ok=True)
        built, findings = build_package(folder, tmp_path / "deck.apkg", NOW, no_progress)
        assert built is not None, findings.diagnostics
        import_package(collection, built.package)
        release = built.release
        by_guid = {release.identities[n.note_type, n.key].guid: n for n in release.notes.notes}
        cards = {}
        for cid in collection.find_cards(f'"deck:Texts {count}"'):
            card = collection.get_card(cid)
            note, output = by_guid[card.note().guid], card.render_output()
            assert (output.question_text, output.answer_text) == release.notes.show(note, card.ord)[:2]
            assert not output.question_av_tags
            assert not output.answer_av_tags
            assert "[[type:" not in output.question_text + output.answer_text, "Anki's window makes a box of it"
            cards[note.note_type, note.key, card.ord] = output.question_text, output.answer_text
        return cards

    return show


def numbered(texts):
    """Names that differ, whatever the texts are."""
    return [f"{text.strip()} {number}" for number, text in enumerate(texts)]


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(ANY_TEXT, min_size=3, max_size=4))
@example(["{{c1::x::y}}", "[sound:a.mp3]", "[latex]x[/latex]", "a::b}}"])
def test_a_name_reads_as_written_on_its_cards_and_in_its_list(shown, texts):
    names = numbered(texts)
    cards = shown([(name, f"It works in way {number}") for number, name in enumerate(names)])
    for i, name in enumerate(names):
        front, _ = cards["cause", f"c{i}", 1]
        assert read(front, "named") == spaced(name)
    front, whole = cards["list", "all", 0]
    assert read(whole, "list") == spaced("".join(map(spaced, names)))
    assert read(front, "list") == "[...]" * len(names)
    for i, name in enumerate(names):
        front, back = cards["list", "all/blanks", i]
        assert read(back, "cloze") == spaced(name)
        assert read(front, "cloze") == "[...]"
        others = [other for j, other in enumerate(names) if j != i]
        assert read(front, "cloze-inactive") == spaced("".join(map(spaced, others)))


@pytest.mark.parametrize(
    "piece", ["<pod>", "<b>x</b>", "</pod>", "<script>x</script>", "<img src=x.png>", "![x](y.png)"]
)
def test_a_name_in_angle_brackets_reads_as_written_wherever_cards_show_it(build_deck, anki_import, piece):
    built = build_deck(f"""\
deck: Pods
id: pods-1
finding: {{name: "Pending {piece}", effect: "leave {piece} pending"}}
words: {{more: "More {piece}"}}
facets: {{where: {{name: "Where {piece}", ask: Where?, values: {{a: "In {piece}", b: Out}}}}}}
cards: {{add: [facet]}}
categories: {{all: {{name: "All {piece}", listed: true}}}}
causes:
  a: {{cause: "The {piece} label", aka: ["A {piece}"], mechanism: It is lost, facets: {{where: a}}, category: all}}
  b: {{cause: "A list of {piece}", mechanism: Zinc drifts into the cell, facets: {{where: b}}, category: all}}
""")
    assert not built.release.notes.withheld
    collection = anki_import(built.package).collection
    backs = [read(collection.get_card(cid).render_output().answer_text, "aetia") for cid in collection.find_cards("")]
    cause = next(back for back in backs if back.startswith(f"The {piece} label: how"))
    assert cause == (
        f"The {piece} label: how can this leave {piece} pending? It is lost More {piece} Also called A {piece}"
        f"Kind of cause All {piece}Where {piece} In {piece} a"
    )
    for shown in (f"Pending {piece} The {piece} label Where? In {piece}", f"The {piece} labelA list of {piece}"):
        assert any(shown in back for back in backs)


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(ANY_TEXT, min_size=3, max_size=4))
def test_a_text_of_escaped_markdown_reads_as_written(shown, texts):
    mechanisms = [f"So {text} it goes" for text in texts]
    cards = shown([(f"Item {i}", escaped(mechanism)) for i, mechanism in enumerate(mechanisms)])
    for i, mechanism in enumerate(mechanisms):
        _, back = cards["cause", f"c{i}", 1]
        assert read(back, "answer") == spaced(mechanism)


LITERAL = [
    "a < b", "b > a", "x<5 and y>3", "salt & water", "R&D", "{{c1::x}}", "{{Cause}}", "{{#Clue}}x{{/Clue}}",
    "{% raw %}", "{{ 7 * 7 }}", "a::b", "[sound:x.mp3]", "[latex]x[/latex]", "[anki:tts]x[/anki:tts]",
    "[[type:Cause]]",
    "白血球 ↓", "عدلات", "лейкопения", "CO₂ ↑", "0.1 ×10⁹/L", "5 % or 3 $", "a_b_c", "100 #", "1 * 2 * 3", "~5",
    "x | y",
]  # fmt: skip


@pytest.mark.parametrize("text", LITERAL)
def test_a_text_without_markdown_needs_no_escape(shown, text):
    _, back = shown([("Item", f"So {text} it goes")])["cause", "c0", 1]
    assert read(back, "answer") == f"So {text} it goes"


TEMPLATED = """\
deck: Charts
id: charts-1
finding: {name: "TEXT", effect: "render TEXT"}
words: {more: "TEXT", aka: "{", limits: "TEXT"}
notice: "TEXT"
report: "https://example.org/?a=TEXT"
facets:
  where:
    name: "TEXT"
    ask: "Where is `TEXT` in $x_{1}$ and [TEXT](https://example.org/{{b}})?"
    values: {a: Hall, b: Yard}
cards: {add: [facet, common]}
categories: {all: {name: All, listed: true}}
causes:
  a: {cause: Zinc, mechanism: Copper is no longer taken up, aka: [Metal], facets: {where: a}, category: all}
  b: {cause: Tin, mechanism: The lid is left open, clue: It rattles, facets: {where: b}, category: all}
"""


@pytest.mark.parametrize(
    "text",
    ["{{ .Values.replicas }}", "{{Cause}} {{Mechanism}}", "{{#Cause}} {", "{{=<% %>=}} <%Cause%>",
     "{{cause}} {{/Cause}} }}", "{{c1::x}}", "{{!-- x --}}"],
)  # fmt: skip
def test_a_text_that_goes_into_card_templates_reads_as_written_in_anki(build_deck, anki_import, text):
    built = build_deck(TEMPLATED.replace("TEXT", text))
    collection = anki_import(built.package).collection
    notes = {note.key: note for note in built.release.notes.notes}
    for cid in collection.find_cards(""):
        card = collection.get_card(cid)
        output, note = card.render_output(), notes[card.note()["Key"]]
        assert (output.question_text, output.answer_text) == built.release.notes.show(note, card.ord)[:2]
        back = read(output.answer_text, "aetia")
        assert text in back.partition(" Report an error")[0]
        if "mechanism" in [made.kind for made in note.cards if made.ordinal == card.ord]:
            assert f"how can this render {text}?" in back
        if note.note_type == "detail" and "facet" in note.key:
            assert f"Where is {text} in \\(x_{{1}}\\) and {text}?" in back


MATHS = st.text("abxyz0123456789 +-=<>&^_{}()|,.\\", min_size=1, max_size=12)


@pytest.mark.slow
@settings(max_examples=25)
@given(MATHS.map(str.strip).filter(lambda m: m and "\\" not in (m[-1], m[0]) and balanced(m)))
@example("x < y")
@example("a_{b_{c}}")
@example("{{c1::x}}")
@example(r"\frac{{a}}{{b}}")
def test_maths_reaches_mathjax_as_written(shown, maths):
    cards = shown([("In a line", f"So ${maths}$ it goes"), ("On its own", f"So $${maths}$$ it goes")])
    assert read(cards["cause", "c0", 1][1], "answer") == spaced(rf"So \({maths}\) it goes")
    assert read(cards["cause", "c1", 1][1], "answer") == spaced(rf"So \[{maths}\] it goes")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Cron sets $HOME, but not `$PATH` or `$SHELL`", ["$PATH", "$SHELL"]),
        ("It costs $5, then `$PATH` is empty", ["$PATH"]),
        ("All $$of it, `$a` and `b$$`", ["$a", "b$$"]),
        ("Ünder $a, `b$`, as `$` and ``c`$``", ["b$", "$", "c`$"]),
    ],
)
def test_a_dollar_before_code_begins_no_formula(shown, text, code):
    _, back = shown([("Item", f"{text} and $x_{{1}}$ it is")])["cause", "c0", 1]
    assert re.findall(r"<code>(.*?)</code>", back) == code
    assert read(back, "answer") == re.sub("``?((?:c`)?[^`]*)``?", r"\1", text) + r" and \(x_{1}\) it is"


def balanced(maths: str) -> bool:
    """Whether every brace is closed; else it is no maths to the Markdown parser."""
    depth = 0
    for c in re.sub(r"\\.", "", maths):
        depth += {"{": 1, "}": -1}.get(c, 0)
        if depth < 0:
            return False
    return depth == 0


def test_brackets_that_a_learner_should_read_do_not_start_maths(shown):
    _, back = shown([("Item", r"So \\(x\\) and \\[y\\] it goes")])["cause", "c0", 1]
    assert read(back, "answer") == r"So \(x\) and \[y\] it goes"
    assert r"\(" not in back
    assert r"\[" not in back


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<iframe src=x></iframe>",
                                  "[x](javascript:alert)", "<a href='javascript:alert'>x</a>", "<b onclick=x>y</b>",
                                  "<style>*{display:none}</style>"])  # fmt: skip
def test_no_text_can_act_on_a_learners_card(write_deck, text):
    """It is refused, and would be taken out if it were not."""
    deck = json.dumps({"deck": "x", "finding": {"name": "Finding", "effect": "do it"},
                       "causes": {"x": {"cause": "X", "mechanism": f"So {text} it goes"}}})  # fmt: skip
    assert {d.code for d in check_folder(write_deck(deck)).diagnostics} <= {"forbidden-html", "forbidden-link"}
    assert check_folder(write_deck(deck)).errors
    shown = render_markdown(f"So {text} it goes", lambda *_: "", str)
    assert not re.search(r"<script|onclick|javascript:|<iframe|<style", shown)


@pytest.mark.parametrize(
    "tex", [r"\href{javascript:x()}{y}", r"\style{x}{y}", r"\require{html}", r"\csname href\endcsname"]
)
def test_no_formula_can_act_on_a_learners_card(write_deck, tex):
    """MathJax in Anki makes links of some commands, which act when they are clicked."""
    mechanism = f"So ${tex}$ and $$\\frac{{1}}{{2}}$$ it goes"
    deck = {"deck": "x", "id": "x-1", "finding": {"name": "Finding", "effect": "do it"}}
    deck["causes"] = {"x": {"cause": "X", "mechanism": mechanism}}
    assert [d.code for d in check_folder(write_deck(json.dumps(deck))).diagnostics] == ["forbidden-html"]
    deck["causes"]["x"]["mechanism"] = r"So $\stylish \text{url}$ and \\href in a text"
    assert not check_folder(write_deck(json.dumps(deck))).diagnostics


def test_a_text_about_a_list_makes_no_card_of_its_own(build_deck, open_collection):
    """Anki looks for cloze deletions in every field of a cloze note, not only in the list."""
    text = """
deck: Lists
finding: {name: Finding, effect: do it, listed: true, definition: "{{c7::x}}", mnemonic: "$a_{{c8::x}}$"}
categories: {a: First, b: Second, c: Third}
causes: {x: {cause: X, mechanism: It works}}
"""
    imported = import_package(open_collection(), build_deck(text).package)
    collection = imported.collection
    before = collection.card_count()
    for nid in collection.find_notes(""):
        collection.update_note(collection.get_note(nid))
    assert collection.card_count() == before


@pytest.mark.parametrize("picture", ["![x](none.png)", '<img src="none.png">', "![x][r]\n\n[r]: none.png",
                                     "<IMG src=none.png>"])  # fmt: skip
def test_a_picture_that_is_not_there_is_found_however_it_is_written(write_deck, picture):
    folder = write_deck(json.dumps({
        "deck": "Pictures", "finding": {"name": "Finding", "effect": "do it"},
        "causes": {"x": {"cause": "X", "mechanism": f"It works {picture}"}},
    }))  # fmt: skip
    assert ("missing-image", ("causes", "x", "mechanism", "summary")) in [
        (d.code, d.place.keys) for d in check_folder(folder).diagnostics
    ]
