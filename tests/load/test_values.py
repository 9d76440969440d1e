"""Values that YAML allows and a deck cannot use are refused where they stand."""

from pathlib import Path

import pytest
from conftest import NOW

from generator.load.yaml import parse_yaml
from generator.model.sources import SourcesFile
from generator.workflows.check import check_folder

HEAD = "deck: Medicine::Fever\nfinding: {name: Fever, effect: raise the temperature}\n"
CAUSE = "causes:\n  sepsis:\n    cause: Sepsis\n    mechanism: Cytokines raise it\n"


def said(folder):
    findings = check_folder(folder, NOW)
    places = [(d, findings.positions[d.place]) for d in findings.diagnostics]
    return [f"{d.place.file.name}:{p.line}:{p.column} {d.code}" for d, p in places]


UNSEEN = ("\x00", "\x01", "\x1b", "\x1e", "\x1f", "\x0b", "\x0c", "\x7f", "\x80", "\x85", "\u2028", "\u2029", "\uffff")


@pytest.mark.parametrize("character", UNSEEN)
def test_a_character_that_nobody_sees_is_refused_in_any_file(character, write_deck):
    folder = write_deck(HEAD + CAUSE.replace("raise it", f"raise{character}it"))
    assert said(folder) == ["deck.yaml:6:31 bad-character"]
    phrases = "../../templates/words/de.yaml", f"ask-mechanism: Wie{character}kommt das?\n"
    assert said(write_deck(HEAD + CAUSE, dict([phrases]))) == ["de.yaml:1:19 bad-character"]


@pytest.mark.parametrize("character", [*UNSEEN, "\r"])
def test_a_character_that_nobody_sees_is_refused_when_it_is_escaped_too(character, write_deck):
    escape = f"\\u{ord(character):04x}"
    assert said(write_deck(HEAD + CAUSE.replace("Cytokines raise it", f'"Cytokines{escape} raise it"'))) == [
        "deck.yaml:6:16 bad-character"
    ]
    named = f'categories: {{loss: "Lo{escape}ss"}}\n'
    assert "deck.yaml:3:20 bad-character" in said(write_deck(HEAD + named + CAUSE))
    listed = CAUSE + f'    aka: [Blood poisoning, "Sepsis{escape} syndrome"]\n'
    assert said(write_deck(HEAD + listed)) == ["deck.yaml:7:28 bad-character"]


def test_tabs_line_ends_of_windows_and_letters_of_all_the_world_are_text(write_deck):
    text = CAUSE.replace("Cytokines raise it", '"Ζütokine\\t心\u200d\u202f🩸 raise\\n it"').replace("\n", "\r\n")
    assert said(write_deck(f"{HEAD}id: fever-1\n{text}")) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1: x\n", "3:1"),
        ("true: x\n", "3:1"),
        ("null: x\n", "3:1"),
        ("causes: {1: {cause: A, mechanism: It works}}\n", "3:10"),
        ("causes: {a: {cause: A, mechanism: It works, 1: x}}\n", "3:45"),
        ("facets: {a: {name: A, values: {1: One}}}\n", "3:32"),
    ],
)
def test_a_key_that_is_not_text_is_refused_at_its_place(text, place, write_deck):
    assert said(write_deck(HEAD + text)) == [f"deck.yaml:{place} bad-key"]


@pytest.mark.parametrize("head", ["", "references:\n"])
def test_a_fault_of_any_source_is_shown_at_its_own_line(head, write_deck):
    first = 2 if head else 1
    sources = f"{head}- {{id: a, title: A}}\n- {{id: b, title: 12}}\n- id: c\n  title: [C]\n"
    assert said(write_deck(HEAD + CAUSE, {"sources.yaml": sources})) == [
        f"sources.yaml:{first + 1}:18 wrong-type",
        f"sources.yaml:{first + 3}:3 wrong-type",
    ]
    twice = f"{head}- {{id: a, title: A}}\n- {{id: a, title: B}}\n- {{id: c, title: C}}\n"
    assert said(write_deck(HEAD + CAUSE, {"sources.yaml": twice}))[-1] == f"sources.yaml:{first + 1}:8 duplicate-key"


def test_a_text_that_a_comma_ended_inside_braces_is_to_be_quoted(write_deck):
    contrast = "    versus:\n      flu: {here: Cold to touch, pale and wet, there: Hot}\n"
    other = "  flu: {cause: Influenza, mechanism: Interferon does it}\n"
    (fault,) = check_folder(write_deck(HEAD + CAUSE + contrast + other), NOW).diagnostics
    assert fault.code == "unknown-key"
    assert fault.hint == "put the text before it in quotes: inside braces a comma ends a text"


REST = "    category: none\n    image: {file: none.png, alt: A}\n    sources: none\n"


@pytest.mark.parametrize(("faulty", "further"), [
    ("    cause: Flu\n    mechanisms: It acts [@nobody]\n", ["9:5 unknown-key", "9:27 unknown-source"]),
    ("    mechanism: It acts [@nobody]\n    clues: Wet hair\n",
     ["7:3 missing-key", "8:26 unknown-source", "9:5 unknown-key"]),
    ("    cause: Flu\n    mechanism: {summary: It acts, certainty: no}\n", ["9:46 bad-value"]),
    ("    cause: [Flu]\n    mechanism: {summary: It acts}\n", ["8:5 wrong-type"]),
    ("    cause: Flu\n    mechanism: 12\n", ["9:16 wrong-type"]),
])  # fmt: skip
def test_a_faulty_key_hides_no_other_fault_of_its_entry_and_makes_none(faulty, further, write_deck):
    both = f"{HEAD}{CAUSE}  flu:\n{faulty}{REST}"
    rest = ["10:15 unknown-category", "11:19 missing-image", "12:14 unknown-source"]
    assert said(write_deck(both)) == [f"deck.yaml:{fault}" for fault in (*further, *rest)]


@pytest.mark.parametrize("tag", ["two words", "two\u3000words", '"two\\twords"'])
def test_a_tag_with_a_space_is_refused_before_the_build(tag, write_deck):
    deck = HEAD + CAUSE + f"    tags:\n    - fine::tag\n    - {tag}\n"
    (fault,) = check_folder(write_deck(deck), NOW).diagnostics
    assert (fault.code, fault.severity, fault.hint) == ("bad-tag", "error", "write `two-words`")
    assert said(write_deck(deck)) == ["deck.yaml:9:7 bad-tag"]


@pytest.mark.parametrize(
    ("steps", "places"),
    [
        ("[Kidney, bone and gut deliver calcium, Calcium rises]", ["8:23"]),
        ('["Kidney, bone and gut deliver calcium", Calcium rises]', []),
        ("[Kidneys fail, pH falls, mRNA decays, p53 rises, eGFR falls, beta-blockers act]", []),
        ("[kidneys fail, potassium rises]", []),
    ],
)
def test_a_step_that_a_comma_parted_is_noticed(steps, places, write_deck):
    cause = f"    mechanism:\n      summary: Cytokines raise it\n      steps: {steps}\n"
    folder = write_deck(HEAD + CAUSE.replace("    mechanism: Cytokines raise it\n", cause))
    assert [place for place in said(folder) if "parted" in place] == [f"deck.yaml:{p} parted-text" for p in places]


@pytest.mark.parametrize(("lists", "places"), [
    ("mechanism:\n      summary: Acts\n      steps:\n        -It begins\n        -It ends\n", ["9:9"]),
    ("mechanism:\n      summary: Acts\n      steps:\n        It begins\n        It ends\n", ["9:9"]),
    ("mechanism:\n      summary: Acts\n      steps:\n        - It begins\n        - It ends\n", []),
    ("mechanism: Acts\n    associated:\n      -Red eyes\n      -A rash\n", ["8:7"]),
    ("mechanism: Acts\n    associated: Red eyes\n    aka: -ine drugs\n", []),
])  # fmt: skip
def test_a_list_whose_lines_lack_a_dash_and_a_space_is_noticed(lists, places, write_deck):
    folder = write_deck(HEAD + CAUSE.replace("mechanism: Cytokines raise it\n", lists))
    assert [place for place in said(folder) if "parted" in place] == [f"deck.yaml:{p} parted-text" for p in places]


@pytest.mark.parametrize(("key", "found"), [
    ("clue: yes", ["7:11 switch-as-text"]), ("associated: [Pus, No]", ["7:23 switch-as-text"]), ("aka: NO", []),
    ("classic: yes", []), ("questions: {a: {ask: Does it?, answer: No}}", []), ("clue: No pus", []),
    ("versus: {sepsis: {on: pus, here: Yes, there: No}}", []),
])  # fmt: skip
def test_a_yes_where_a_text_belongs_is_told(key, found, write_deck):
    places = said(write_deck(HEAD + CAUSE + f"    {key}\n"))
    assert [place for place in places if "switch" in place] == [f"deck.yaml:{place}" for place in found]


@pytest.mark.parametrize(("name", "levels"), [
    ("Medicine:Fever", "Medicine::Fever"), ("A:B:C", "A::B::C"), ("Medicine::Fever", None), ("At 8:15", None),
    ("'Fever: causes'", None),
])  # fmt: skip
def test_a_single_colon_between_levels_of_a_deck_is_told(name, levels, write_deck):
    hints = hints_of(write_deck(HEAD.replace("Medicine::Fever", name) + CAUSE), "lone-colon")
    assert hints == ([f"`::` separates levels: `{levels}`"] if levels else [])


@pytest.mark.parametrize(("issued", "year"), [
    ("2015-03", "2015"), ("2015", "2015"), ("03/2015", "2015"), ("Spring 2015", "2015"), ("in press", ""),
    ("{date-parts: [[2015, 3]]}", "2015"), ("{date-parts: [['2015', '3']]}", "2015"), ("[{year: 2015}]", "2015"),
    ("{raw: 3 May 2015}", "2015"), ("{date-parts: [[-44, 3, 15]]}", "-44"), ("{date-parts: [[]]}", ""),
])  # fmt: skip
def test_the_year_of_a_work_is_read_in_whatever_form_it_is_written(issued, year):
    data, _ = parse_yaml(Path("sources.yaml"), f"references: [{{id: a, issued: {issued}}}]")
    assert SourcesFile.model_validate(data).references[0].issued == year


@pytest.mark.parametrize("issued", ["{date-parts: [[3, 2015]]}", "03/15", "20155"])
def test_a_date_without_a_year_is_refused(issued, write_deck):
    sources = f"references:\n- id: a\n  title: A\n  issued: {issued}\n"
    places = said(write_deck(HEAD + CAUSE.replace("raise it", "raise it [@a]"), {"sources.yaml": sources}))
    assert [place.partition(":")[2] for place in places] in (["4:3 bad-value"], ["4:11 bad-value"])


def hints_of(folder, code):
    return [found.hint for found in check_folder(folder, NOW).diagnostics if found.code == code]


@pytest.mark.parametrize(("style", "hint"), [
    ("font: Georgia; serif", "name families with commas between, such as `Georgia, 'Times New Roman', serif`"),
    ('font: Georgia, "Times', "name families with commas between, such as `Georgia, 'Times New Roman', serif`"),
    ("day: {text: sienna-brown}", 'write it as `"#8a2b1d"`, with the quotes, or by its CSS name, such as `sienna`'),
])  # fmt: skip
def test_a_style_that_cannot_be_is_refused_with_one_that_can(style, hint, write_deck):
    assert hints_of(write_deck(f"{HEAD}style:\n  {style}\n{CAUSE}"), "bad-value") == [hint]


def test_names_of_fonts_may_be_in_quotes(build_deck):
    built = build_deck(f"""{HEAD}style:\n  font: Georgia, "Times New Roman", 'Noto Serif', serif\n{CAUSE}""")
    css = built.prepared.release.notes.note_types["cause"].css
    assert """font-family: Georgia, "Times New Roman", 'Noto Serif', serif, sans-serif;""" in css


TREE = "categories: {july: The July Crisis, far: {name: Before, children: {alliances: The alliances}}}\n"


@pytest.mark.parametrize(("asked", "hint"), [
    ("The July Crisis", "did you mean `july`?"),
    ("july crisis", "did you mean `july`?"),
    ("juli", "did you mean `july`?"),
    ("Alliances", "did you mean `far/alliances`?"),
    ("Weltpolitik", "the categories are `july`, `far`, `far/alliances`"),
])  # fmt: skip
@pytest.mark.parametrize("entry", ["causes: {a: {cause: A, mechanism: Acts,", "questions: {a: {ask: Who?, answer: I,"])
def test_a_category_is_known_by_its_name_too(entry, asked, hint, write_deck):
    assert hints_of(write_deck(f"{HEAD}{TREE}{entry} category: {asked}}}}}\n"), "unknown-category") == [hint]


ENTRIES = "{0}: {{cause: {0}, mechanism: It acts}}\n{1}: {{cause: {1}, mechanism: It acts}}\n"


@pytest.mark.parametrize(("entry", "hint"), [
    ("belgium:\n  cause: Belgium\n  mechanism: It works\n", "it belongs under `causes`: indent it further"),
    (ENTRIES.format("c", "d"), "it belongs under `causes`: indent it further, and the entries after it"),
    ("who:\n  ask: Who?\n  answer: Princip\n", "write `questions:` above it, and indent it further"),
])  # fmt: skip
def test_an_entry_that_begins_at_the_margin_is_told_where_it_belongs(entry, hint, write_deck):
    assert hints_of(write_deck(HEAD + CAUSE + entry), "unknown-key") == [hint]


@pytest.mark.parametrize(("head", "hint"), [
    ("", "write `causes:` above it, and indent what follows further"),
    ("causes:\n", "it belongs under `causes`: indent it further, and the entries after it"),
])  # fmt: skip
def test_a_file_of_causes_that_are_not_under_causes_is_one_fault(head, hint, write_deck):
    more = "b: {cause: B, mechanism: It acts, see-also: [c, d]}\n"
    folder = write_deck(
        HEAD + CAUSE + "    see-also: [b, c]\n", {"causes/a.yaml": head + ENTRIES.format("c", "d") + more}
    )
    assert [found.hint for found in check_folder(folder, NOW).diagnostics] == [hint]


@pytest.mark.parametrize(("entry", "at", "hint"), [
    ("causes: {a: {cause: A, mechanism: {summary: It acts, clue: Red}}}\n", "clue",
     "it is a key of a cause: write it beside `mechanism`"),
    ("causes: {a: {cause: A, mechanism: It acts, steps: [B, C]}}\n", "steps",
     "it belongs under `mechanism`, beside `summary`"),
    ("causes: {a: {cause: A, mechanism: It acts, questions: {ask: Who, answer: I}}}\n", "ask",
     "it is a key of a question: it belongs below the question's own key, `{key: {ask: …, answer: …}}`"),
    ("causes:\n  a:\n    cause: A\n  mechanism: It acts\n", "mechanism",
     "it is a key of a cause: it belongs below the cause's own key, `{key: {cause: …, mechanism: …}}`"),
    ("questions: {who: {question: Who?, answer: I}}\n", "question", "did you mean `ask`?"),
    ("style: {accent: teal}\n", "accent", "it belongs under `day` or `night`"),
    ("references: [{id: a}]\n", "references", "it belongs into `sources.yaml`"),
])  # fmt: skip
def test_a_key_in_the_wrong_place_is_one_fault_and_told_its_place(entry, at, hint, write_deck):
    (found,) = check_folder(write_deck(HEAD + entry), NOW).diagnostics
    assert (found.place.keys[-1], found.hint) == (at, hint)


def test_a_key_of_the_deck_in_a_file_of_causes_is_told_its_file(write_deck):
    folder = write_deck(HEAD + CAUSE, {"causes/b.yaml": f"finding: Fever\n{CAUSE}".replace("  a:", "  b:")})
    assert hints_of(folder, "unknown-key") == ["it belongs into `deck.yaml`"]


def test_a_text_that_is_missing_may_have_begun_with_a_mark(write_deck):
    question = "questions: {who: {ask: Who?, answer: }}\n"
    hints = hints_of(write_deck(HEAD + question), "wrong-type")
    assert hints == ["write one; a text that begins with `#` needs quotes"]


def test_printed_quotation_marks_are_not_quotes_of_yaml(write_deck):
    question = "questions: {who: {ask: “Who, and why?”, answer: Princip}}\n"
    (hint,) = hints_of(write_deck(HEAD + question), "unknown-key")
    assert hint.endswith("inside braces a comma ends a text; `”` is not a quotation mark in YAML")


@pytest.mark.parametrize(("entry", "code", "hint"), [
    ("style: {day: {color: teal}}\n", "unknown-key", "did you mean `text`?"),
    ("causes: {a: {cause: A, mechanism: It acts, review: {by: Ray, Prof., on: 2026-01-31}}}\n", "unknown-key",
     "put the text before it in quotes: inside braces a comma ends a text"),
    ("style: {day: {shadow: teal}}\n", "unknown-key", "the keys are `text`, `background`, `accent`"),
    ("questions: {who: {ask: Q?, answer: I, picture: {file: x, alt: y}}}\n", "unknown-key", "did you mean `image`?"),
    ("questions: {who: {ask: Who?, answer: I, image: rim.svg}}\n", "wrong-type", "write `{file: rim.svg, alt: …}`"),
    ("questions: {who: {ask: Who?, answer: I, image: an oily rim}}\n", "wrong-type", "write `{file: …, alt: …}`"),
    ("causes: {a: {cause: A, mechanism: It acts, versus: {b: Grease or hand}}}\n", "wrong-type",
     "write `{on: …, here: …, there: …}`"),
    ("causes: {a: {cause: A, mechanism: It acts, versus: b}}\n", "wrong-type",
     "write `{b: {on: …, here: …, there: …}}`"),
    ("causes: {a: {cause: A, mechanism: It acts, cards: [reverse]}}\n", "wrong-type",
     "write `{add: [reverse], skip: […]}`"),
    ("causes: {a: {cause: A, mechanism: It acts, facets: [Size of it]}}\n", "wrong-type", "write `{key: […]}`"),
    ("lints: {dose: no}\n", "bad-value", "did you mean `off`?"),
    ("facets: 12\n", "wrong-type", "write `{key: {name: …, values: {key: …}}}`"),
    ("causes: {a: {cause: A, mechanism: It acts, review: reviewed}}\n", "wrong-type",
     "write `{state: reviewed, by: …}`"),
    ("causes: {a: {cause: A, mechanism: It acts, examples: B}}\n", "wrong-type", "write `[B]`"),
    ("questions: {who: {ask: Who?, answer: I, image: {file: rim.svg, alt: a rim}}}\n", "missing-image",
     "put the file into the folder deck/media/"),
])  # fmt: skip
def test_what_was_meant_is_shown_in_the_form_to_write(entry, code, hint, write_deck):
    assert hints_of(write_deck(HEAD + entry), code) == [hint]


SIDES = "{on: a, here: b, there: c}"


@pytest.mark.parametrize(("text", "code", "key"), [
    ("causes: {Rolling Shutter: {cause: B, mechanism: It acts}}\n", "bad-key", "rolling-shutter"),
    ("causes: {Größe_2: {cause: B, mechanism: It acts}}\n", "bad-key", "groesse-2"),
    (f"{CAUSE}    versus: {{The B: {SIDES}}}\n", "bad-key", "the-b"),
    ("causes: {old\u2013a: {cause: B, mechanism: It acts}}\n", "bad-key", "old-a"),
    (f"{CAUSE}    was: Old A\n", "bad-value", "old-a"),
    (f"categories: {{x: {{name: X, versus: {{Y Z/Äther: {SIDES}}}}}}}\n", "bad-key", "y-z/aether"),
    ("causes: {\u5fc3: {cause: B, mechanism: It acts}}\n", "bad-key", None),
])  # fmt: skip
def test_a_name_in_place_of_a_key_is_told_its_spelling(text, code, key, write_deck):
    rule = "a key has lower-case letters, digits, `-` and `.`, and begins with a letter or digit"
    assert hints_of(write_deck(HEAD + text), code) == [f"write `{key}`: {rule}" if key else rule]


@pytest.mark.parametrize(("asked", "known", "hint"), [
    ("ray", ("ray2002", "lord1999"), "did you mean `ray2002`?"),
    ("Ray", ("ray2002", "ray2004", "lord1999"), "sources.yaml has `ray2002`, `ray2004`; ADD"),
    ("ray2003", ("ray2002",), "did you mean `ray2002`?"),
    ("smith", ("a1", "b1", "c1", "d1", "e1", "f1"), "sources.yaml has `a1`, `b1`, `c1`, `d1`, `e1`, …; ADD"),
    ("smith", (), "ADD"),
])  # fmt: skip
def test_a_source_that_is_not_there_has_a_next_step(asked, known, hint, write_deck, run_aetia):
    sources = "".join(f"- {{id: {key}, title: A}}\n" for key in known)
    deck = HEAD + CAUSE.replace("raise it", f"raise it [@{asked}]")
    folder = write_deck(deck, {"sources.yaml": f"references:\n{sources}"} if known else {})
    add = f"aetia new source {asked} --deck deck"
    assert hints_of(folder, "unknown-source") == [hint.replace("ADD", f"`{add}` adds one")]
    assert run_aetia(*add.split()[1:], "--title", "A work", cwd=folder.parents[1]).returncode == 0
    assert hints_of(folder, "unknown-source") == []


@pytest.mark.parametrize(("name", "content", "code", "hint"), [
    ("rs.HEIC", b"", "bad-media-name", "Anki cannot show HEIC; export it as JPEG or PNG"),
    ("rs.psd", b"", "bad-media-name", "export it as JPEG or PNG"),
    ("rs.jpg", b"\0\0\0\x18ftypheic\0\0\0\0", "damaged-picture", "export it as JPEG or PNG"),
    ("rs.jpg", b"\0\0\0\x18ftypisom\0\0\0\0", "damaged-picture", "save or download it again"),
])  # fmt: skip
def test_a_picture_in_a_format_that_anki_cannot_show_is_to_be_exported(name, content, code, hint, write_deck):
    image = f"    image: {{file: {name}, alt: A rim}}\n"
    assert hints_of(write_deck(HEAD + CAUSE + image, {f"media/{name}": content}), code) == [hint]
