"""A deck sets its lints: off, milder, stricter, with limits and words of its own, and in its own language."""

import pytest
from conftest import LANGUAGES, NOW

from generator.diagnostics import Severity
from generator.load.codes import load_codes
from generator.workflows.check import check_folder

HEAD = "deck: D\nfinding: {name: Fever, effect: raise the temperature}\n"
SOURCES = "references: [{id: a1, title: A}]\n"
QUESTIONS = "questions:\n" + "".join(
    f"  f{n}: {{ask: Is the {a} {x} or {y}?, answer: {x}}}\n"
    for n, (a, x, y) in enumerate(
        [("skin", "Dry", "wet"), ("pulse", "Fast", "slow"), ("vessel", "Narrow", "wide"), ("brain", "Clear", "dull"),
         ("urine", "Dark", "pale"), ("cough", "Loose", "tight"), ("spleen", "Large", "small"), ("rash", "Flat", "high"),
         ("onset", "Sudden", "creeping"), ("liver", "Hard", "soft")]
    )
)  # fmt: skip
CHILLS = "causes: {a: {cause: Sepsis, mechanism: Cytokines act, associated: [one, two, three, four]}}\n"
LONG = "questions: {a: {ask: What happens then?, answer: " + " ".join(f"word{n}" for n in range(22)) + "}}\n"
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LINKS = (" ".join(3 * letter + word for word in WORDS) for letter in "abcdef")
STEPS = f"causes: {{a: {{cause: Sepsis, mechanism: {{summary: Cytokines act, steps: [{', '.join(LINKS)}]}}}}}}\n"
TWINS = """\
causes:
  a:
    cause: Anaemia of inflammation
    mechanism: Hepcidin locks iron into old macrophages of the spleen
    clue: Three weeks of pain and a rash on hands
  b:
    cause: Anemia of inflammation
    mechanism: Hepcidin locks iron into all macrophages of the liver
    clue: Three weeks of pain and a mark on feet
"""
PAIRS = """\
categories: {k: K}
causes:
  a: {cause: Malaria, category: k, mechanism: Pigment acts, versus: {c: {on: course, there: Stays,
      here: Comes and goes in waves every second or third day for weeks}}}
  b: {cause: Typhoid, category: k, mechanism: Endotoxin acts}
  c: {cause: Sepsis, mechanism: Cytokines act}
"""
REVIEWED = (
    "causes: {a: {cause: Sepsis, mechanism: 'Works [@a1]', review: {state: reviewed, by: X, on: 2025-06-01}}}\n"
)  # fmt: skip
CLUES = "causes:\n" + "".join(f"  c{n}: {{cause: Cause number{n}, mechanism: Works}}\n" for n in range(10))
MANY = "categories: {k: K, l: L}\ncauses:\n" + "".join(
    f"  c{n}: {{cause: Cause number{n}, mechanism: Works, category: k}}\n" for n in range(6)
)
LEAK = "questions: {a: {ask: The set point rises. What rises?, answer: The set point}}\n"
COMMON = (
    "cards: {add: [common]}\ncategories: {k: {name: K, definition: Agents make cytokines flow}}\ncauses:\n"
    + "".join(f"  c{n}: {{cause: Cause number{n}, mechanism: Works, category: k}}\n" for n in range(3))
)
HALLMARK = "cards: {add: [hallmark]}\ncategories: {k: {name: K, hallmark: {is: Chills come first, from: [l]}}, l: L}\n"
MISCONCEPTION = "cards: {add: [misconception]}\ncauses: {a: {cause: Sepsis, mechanism: Works, correction: E1}}\n"
SYLLABUS = "corrections: {E1: {says: Fever kills, correct: Fever rarely kills anyone, common: true}}\n"
EXAMPLES = ", ".join(f"{{name: {name}, classic: true}}" for name in ("Aspirin", "Quinine", "Penicillin", "Gold"))
CLASSIC = f"causes: {{a: {{cause: Drugs, mechanism: Works, examples: [{EXAMPLES}]}}}}\n"

LIMITS = {
    ("stale-review", "months"): (REVIEWED, 36, 6),
    ("long-list", "associated"): (CHILLS, 5, 3),
    ("long-list", "steps"): (STEPS, 6, 5),
    ("long-list", "classic-examples"): (CLASSIC, 5, 3),
    ("long-list", "causes"): (MANY, 9, 5),
    ("similar-names", "ratio"): (TWINS, 0.99, 0.9),
    ("similar-mechanisms", "ratio"): (TWINS, 0.95, 0.8),
    ("similar-questions", "ratio"): (TWINS, 0.99, 0.8),
    ("similar-questions", "words"): (TWINS.replace("a mark", "a rash"), 20, 5),
    ("uneven-sides", "share"): (PAIRS, 20, 2),
    ("few-clues", "share"): (CLUES, 1, 0.5),
    ("few-clues", "causes"): (CLUES, 11, 10),
    ("answer-leaked", "answer-words"): (LEAK, 2, 8),
    ("many-choices", "share"): (QUESTIONS, 1, 0.5),
    ("many-choices", "cards"): (QUESTIONS, 11, 10),
    ("too-long", "question-words"): ("questions: {a: {ask: Why is this so?, answer: Because}}\n", 4, 3),
    ("too-long", "clue-words"): (TWINS, 9, 8),
    ("too-long", "answer-words"): (LONG, 22, 21),
    ("too-long", "mechanism-words"): (TWINS, 9, 8),
    ("too-long", "contrast-words"): (PAIRS, 15, 14),
    ("too-long", "common-words"): (COMMON, 4, 3),
    ("too-long", "hallmark-words"): (HALLMARK, 3, 2),
    ("too-long", "misconception-words"): (MISCONCEPTION, 4, 3),
    ("several-facts", "parts"): ("questions: {a: {ask: Why?, answer: One thing. Another thing}}\n", 2, 1),
    ("vague-answer", "answer-words"): ("questions: {a: {ask: What helps?, answer: Various drugs}}\n", 1, 2),
}
"""For each limit a deck, a value at which the lint is silent and one at which it speaks."""


def check(write_deck, deck, lints="", language="en"):
    settings = f"language: {language}\n" + (f"lints: {{{lints}}}\n" if lints else "")
    folder = write_deck(HEAD + settings + deck, {"sources.yaml": SOURCES, "syllabus.yaml": SYLLABUS})
    return check_folder(folder, NOW).diagnostics


def codes(diagnostics):
    return {diagnostic.code for diagnostic in diagnostics}


@pytest.mark.parametrize(("code", "limit"), LIMITS)
def test_a_limit_moves_the_finding(code, limit, write_deck):
    deck, silent, speaking = LIMITS[code, limit]
    others = "".join(f", {name}: off" for name in load_codes() if name.startswith("similar-") and name != code)
    setting = f"{code}: {{limits: {{{limit}: VALUE}}}}{others}"
    assert code not in codes(check(write_deck, deck, setting.replace("VALUE", str(silent))))
    assert code in codes(check(write_deck, deck, setting.replace("VALUE", str(speaking))))


def test_each_limit_is_tried():
    known = {(code, limit) for code, about in load_codes().items() for limit in about.limits}
    assert known - LIMITS.keys() == {("too-long", "error-from")}
    assert LIMITS.keys() <= known


def test_what_is_much_too_long_is_an_error_from_the_factor_on(write_deck):
    for factor, severity in ((2, Severity.WARNING), (1.5, Severity.ERROR)):
        limits = f"too-long: {{limits: {{answer-words: 12, error-from: {factor}}}}}"
        found = [d for d in check(write_deck, LONG, limits) if d.code == "too-long"]
        assert [d.severity for d in found] == [severity]


@pytest.mark.parametrize(("comment", "hint"), [
    ("aetia: ignore[answer-leaked]", None),
    ("aetia: ignore", "write `# aetia: ignore[code]`, with the code of a lint"),
    ("aetia ignore[answer-leaked]", "write `# aetia: ignore[code]`, with the code of a lint"),
    ("Aetia:ignore [answer-leaked]", "write `# aetia: ignore[code]`, with the code of a lint"),
    ("aetia: ignore[]", "write `# aetia: ignore[code]`, with the code of a lint"),
    ("aetia ignores nothing here", None),
])  # fmt: skip
def test_a_comment_that_ignores_nothing_for_its_form_is_told_the_form(comment, hint, write_deck):
    found = check(write_deck, LEAK.rstrip() + f"  # {comment}\n")
    assert [d.hint for d in found if d.code == "unused-ignore"] == ([hint] if hint else [])


def test_a_copy_of_a_mechanism_in_one_category_is_found(write_deck):
    """A near copy was found, and an exact one was not."""
    sepsis, lupus = (f"  {key}:\n    cause: {key}\n    mechanism: Cytokines raise it\n" for key in ("sepsis", "lupus"))
    for category, told in (("k", ["`sepsis` has the same mechanism"]), ("l", [])):
        deck = f"categories: {{k: K, l: L}}\ncauses:\n{sepsis}    category: k\n{lupus}    category: {category}\n"
        assert [d.message for d in check(write_deck, deck) if d.code == "similar-mechanisms"] == told


@pytest.mark.parametrize(
    "twice", ["mechanism: {summary: It works, steps: [Pus, Pus]}", "mechanism: It works, examples: [Pus, Pus]"]
)
def test_a_step_or_an_example_that_is_there_twice_is_found(twice, write_deck):
    assert "repeated-item" in codes(check(write_deck, f"causes: {{sepsis: {{cause: Sepsis, {twice}}}}}\n"))


@pytest.mark.parametrize("severity", ["info", "warning", "error"])
def test_a_severity_is_as_the_deck_sets_it(severity, write_deck):
    found = [d for d in check(write_deck, LEAK, f"answer-leaked: {severity}") if d.code == "answer-leaked"]
    assert [d.severity for d in found] == [severity]


def test_a_diagnostic_that_is_not_a_lint_cannot_be_turned_off(write_deck):
    found = check(write_deck, LEAK, "absolut: off, unknown-lint: off")
    assert [d.severity for d in found if d.code == "unknown-lint"] == ["error", "error"]


@pytest.mark.parametrize("severity", ["off", "error"])
def test_an_ignore_in_vain_is_as_severe_as_the_deck_sets_it(severity, write_deck):
    deck = LEAK.rstrip() + "  # aetia: ignore[dose] none here\n"
    found = [d.severity for d in check(write_deck, deck, f"unused-ignore: {severity}") if d.code == "unused-ignore"]
    assert found == ([] if severity == "off" else [severity])


def test_a_lint_that_is_off_is_silent(write_deck):
    assert "answer-leaked" not in codes(check(write_deck, LEAK, "answer-leaked: off"))


@pytest.mark.parametrize(
    ("code", "word", "deck"),
    [
        ("absolute", "only", "causes: {a: {cause: Sepsis, mechanism: Only cytokines act}}\n"),
        ("dose", "puffs", "causes: {a: {cause: Drug, mechanism: Two hours after 4 puffs of it}}\n"),
        ("instruction", "be sure to", "causes: {a: {cause: Drug, mechanism: Works, pearl: Be sure to look}}\n"),
        ("vague-answer", "stuff", "questions: {a: {ask: What helps?, answer: Such stuff}}\n"),
        ("vacuous-mechanism", "badness", "causes: {a: {cause: Drug, mechanism: It causes badness}}\n"),
        ("vague-check", "look", "causes: {a: {cause: Drug, mechanism: Works, first-check: Look}}\n"),
    ],
)
def test_a_deck_adds_words_to_a_lint(code, word, deck, write_deck):
    assert code not in codes(check(write_deck, deck))
    assert code in codes(check(write_deck, deck, f"{code}: {{words: [{word}]}}"))


ENGLISH = """\
causes:
  a: {cause: Sepsis, mechanism: Cytokines always act, pearl: Stop taking the drug}
  b: {cause: Drug, mechanism: Affects the system by various toxic effects, first-check: Blood tests}
questions:
  a: {ask: Does it rise?, answer: It does}
  b: {ask: What helps?, answer: Various drugs}
"""
GERMAN = """\
causes:
  a: {cause: Sepsis, mechanism: Zytokine wirken immer, pearl: Nehmen Sie das Mittel}
  b: {cause: Mittel, mechanism: Beeinflusst das System durch verschiedene Wirkungen, first-check: Untersuchung}
questions:
  a: {ask: Ist es erhöht?, answer: Erhöht ist es}
  b: {ask: Wodurch wird es besser?, answer: Verschiedene Mittel}
"""
SAMPLES = {"en": ENGLISH, "de": GERMAN}
"""For each language that comes with Aetia, a deck in which each of `WORDED` finds something."""
WORDED = {"absolute", "instruction", "vacuous-mechanism", "vague-check", "yes-or-no", "vague-answer"}
"""Lints that look for words of a language."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deck_gets_the_lints_of_its_language_and_none_of_another(language, write_deck):
    assert language in SAMPLES, f"write a sample in {language}"
    assert codes(check(write_deck, SAMPLES[language], language=language)) >= WORDED
    for other in SAMPLES.keys() - {language}:
        found = codes(check(write_deck, SAMPLES[other], language=language)) & WORDED
        assert not found, f"the sample in {other} holds words of {language}"


def test_a_region_takes_the_words_of_its_language(write_deck):
    assert codes(check(write_deck, GERMAN, language="de-AT")) >= WORDED


def test_a_language_without_a_list_gets_the_lints_that_need_no_words(write_deck):
    found = codes(check(write_deck, ENGLISH + LEAK.replace("questions: {a", "  c").replace("}}", "}"), language="la"))
    assert not found & WORDED
    assert {"answer-leaked", "untranslated"} <= found


@pytest.mark.parametrize(("text", "absolute"), [
    ("Das Salz bildet immer größere Körner", False),
    ("Die Körner werden immer größer", False),
    ("Sie reißt immer wieder", False),
    ("Das ist immer der Fall", True),
    ("Es kommt immer Fieber dazu", True),
    ("Es ist immer hell", True),
    ("Das ist immer größer und nie klein", True),
])  # fmt: skip
def test_what_grows_ever_more_is_not_absolute_in_german(text, absolute, write_deck):
    causes = f"language: de\ncauses: {{a: {{cause: Kälte, mechanism: {text}}}}}\n"
    found = check_folder(write_deck(HEAD + causes), NOW).diagnostics
    assert ("absolute" in [diagnostic.code for diagnostic in found]) is absolute


@pytest.mark.parametrize(("language", "text", "dose"), [
    ("de", "Bei 2 mg/kg fällt der Druck", "2 mg/kg"),
    ("de", "Ab 0,1 µg/kg/min steigt der Druck", "0,1 µg/kg"),
    ("de", "Unter 1 ml/kg/min fällt die Leistung", "1 ml/kg"),
    ("en", "At 500 mg, the liver fails", "500 mg"),
    ("en", "At 3 mg/kg/day, the liver fails", "3 mg/kg"),
    ("en", "Above 3 mg/dL, the pigment is seen, and at 20 mg/L it stays", None),
    ("de", "Über 2 mg/dl und 3 µg/l sieht man es", None),
])  # fmt: skip
def test_a_dose_by_weight_and_time_is_a_dose_and_a_concentration_is_none(language, text, dose, write_deck):
    deck = f"causes: {{a: {{cause: Zink, mechanism: '{text}'}}}}\n"
    found = [d.message for d in check(write_deck, deck, language=language) if d.code == "dose"]
    assert [message.partition("“")[2].partition("”")[0] for message in found] == ([dose] if dose else [])


@pytest.mark.parametrize(("settings", "answer", "told"), [
    ("language: de", "Spritze vertauscht, z. B. Nitroglyzerin statt Noradrenalin", False),
    ("language: de-AT", "Ca. zwei Tage, ggf. länger, d. h. z.B. bzw. u.a. eine Woche", False),
    ("language: de", "Am 3. oder 4. Tag nach der 1. Gabe", False),
    ("language: de", "Es fällt. Es steigt. Es fällt ca. zweimal", True),
    ("language: en", "A valve, e.g. the first, i. e. approx. one vs. two etc. and so on", False),
    ("language: en", "A valve. A pump. A pipe", True),
    ("language: en", "The lid bzw. the pot bzw. the pan", True),
    ("lints: {several-facts: {words: [bzw., pan]}}", "The lid bzw. the pot bzw. the pan", False),
    ("language: la", "Id est. Hoc est. Illud est", True),
])  # fmt: skip
def test_the_stop_of_an_abbreviation_ends_no_sentence(settings, answer, told, write_deck):
    folder = write_deck(f"{HEAD}{settings}\nquestions: {{a: {{ask: What is it?, answer: '{answer}'}}}}\n")
    assert ("several-facts" in codes(check_folder(folder, NOW).diagnostics)) is told


def test_a_property_that_is_a_question_is_told_where_the_phrase_takes_a_noun(write_deck):
    causes = (
        "causes:\n  a: {{cause: Kälte, mechanism: Sie bremst, versus: {{b: {{on: {}, here: Jetzt, there: Spät}}}}}}\n"
        "  b: {{cause: Alter, mechanism: Es zehrt}}\n"
    )
    told = [("language: de\n", "welche Zellen fallen", True), ("language: de\n", "der Zeit", False)]
    told += [("", "which cells fall", False), ("lints: {clause-axis: {words: [which]}}\n", "which cells fall", True)]
    for settings, axis, expected in told:
        found = check_folder(write_deck(HEAD + settings + causes.format(axis)), NOW).diagnostics
        assert ("clause-axis" in [diagnostic.code for diagnostic in found]) is expected
