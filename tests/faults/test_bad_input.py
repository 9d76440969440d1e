"""Bad input on the command line: every fault with its file and line, exit code 1, and the last good package kept."""

import shutil

import pytest
from conftest import MINIMAL

HEAD = "deck: Medicine::Bad\nfinding: {name: Finding, effect: do it}\n"
MECHANISM = "../../templates/notetypes/cause/mechanism.html"

BOMB = HEAD + "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip

CASES = {
    "the same key twice in a file": (
        HEAD + "causes:\n  a: {cause: A, mechanism: It works}\n  a: {cause: B, mechanism: It works too}\n",
        ["deck.yaml:5:3: error[duplicate-key]: `a` appears here a second time"],
    ),
    "keys that stand twice, and every other fault beside them": (
        HEAD + "causes:\n  a: {cause: A, mechanism: It works, clue: x, 'clue': y, clues: z}\n  a: {mechanisms: x}\n"
        "  c: {cause: C, mechanism: It acts, category: none}\ncauses:\n  d: {cause: D}\n",
        ["deck.yaml:4:47: error[duplicate-key]: `clue` appears here a second time",
         "deck.yaml:4:58: error[unknown-key]: `clues` is not a key of a cause",
         "deck.yaml:5:3: error[duplicate-key]: `a` appears here a second time",
         "deck.yaml:6:47: error[unknown-category]: there is no category `none`",
         "deck.yaml:7:1: error[duplicate-key]: `causes` appears here a second time",
         "deck.yaml:8:3: error[missing-key]: a cause needs the key `mechanism`"],
    ),
    "an unknown key": (
        HEAD + "causes:\n  a:\n    cause: A\n    mechanism: It works\n    pearls: Mind it\n",
        ["deck.yaml:7:5: error[unknown-key]: `pearls` is not a key of a cause"],
    ),
    "a wrong type": (
        HEAD + "causes:\n  a:\n    cause: [A]\n    mechanism: It works\n    clue: 12\n",
        ["deck.yaml:5:5: error[wrong-type]: `cause` should be text, not a list",
         "deck.yaml:7:11: error[wrong-type]: `clue` should be text, not the number `12`"],
    ),
    "a missing cause": (
        HEAD + "causes:\n  a: {mechanism: It works}\n",
        ["deck.yaml:4:3: error[missing-key]: a cause needs the key `cause`"],
    ),
    "a category, a source and a claim that are not there": (
        HEAD + "categories: {production: Production}\ncauses:\n  a:\n    cause: A\n    mechanism: It works [@x2000]\n"
        "    category: prodution\n    covers: S1-1\n",
        ["deck.yaml:7:27: error[unknown-source]: there is no source `x2000`",
         "deck.yaml:8:15: error[unknown-category]: there is no category `prodution`",
         "deck.yaml:9:13: error[unknown-claim]: there is no claim `S1-1`"],
    ),
    "a missing image": (
        HEAD + "causes:\n  a:\n    cause: A\n    mechanism: It works\n    image: {file: none.svg, alt: A thing}\n",
        ["deck.yaml:7:19: error[missing-image]: `none.svg` is not in `media/`"],
    ),
    "an alias bomb": (BOMB, ["deck.yaml:4:1: error[alias-bomb]: the aliases in this file expand to far too much text"]),
    "twenty thousand nested brackets": (
        "deck: " + "[" * 20_000,
        ["deck.yaml:1:134: error[too-deep]: brackets or indentation are nested more than 128 levels deep"],
    ),
    "an open bracket": (HEAD + "causes: {a: {cause: A\n", ["deck.yaml:3:13: error[bad-yaml]: the `{`"]),
    "Latin-1": (
        (HEAD + "causes:\n  a: {cause: Hämophilia, mechanism: It works}\n").encode("latin-1"),
        ["deck.yaml:4:15: error[wrong-encoding]: byte 0xe4 is not UTF-8"],
    ),
    "UTF-16": (
        MINIMAL.encode("utf-16"), ["deck.yaml:1:1: error[wrong-encoding]: this file is UTF-16; UTF-8 is needed"],
    ),
    "a git conflict, whatever else is wrong": (
        HEAD + "causes:\n\ta: {cause: A\n<<<<<<< HEAD\n    clue: x\n=======\n    clue: y\n>>>>>>> other\n",
        ["deck.yaml:5:1: error[conflict-in-file]: this file contains the marks of a git conflict"],
    ),
    "an empty file": ("", ["deck.yaml:1:1: error[empty-file]: this file is empty"]),
    "a file of nothing but a comment": ("# nothing\n", ["deck.yaml:1:1: error[wrong-type]:"]),
    "a list": ("- a\n- b\n", ["deck.yaml:1:1: error[wrong-type]:"]),
    "a tab": (HEAD + "causes:\n\ta: {cause: A, mechanism: It works}\n", ["deck.yaml:4:1: error[bad-yaml]:"]),
}  # fmt: skip
"""A deck.yaml, and how the head lines begin that are said of it, in order."""

TEMPLATES = {
    "a template with an error of syntax": (
        "{% block front %}\n{% if %}\n{% endblock %}",
        "templates/notetypes/cause/mechanism.html:2:1: error[bad-template]:",
    ),
    "a template in a git conflict": (
        "{% block front %}\n<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> other\n{% endblock %}{% block back %}{% endblock %}",
        "templates/notetypes/cause/mechanism.html:2:1: error[conflict-in-file]:",
    ),
    "a template with a misspelt field": (
        "{% block front %}\n<b>{{ field.Caus }}</b>\n{% endblock %}{% block back %}{% endblock %}",
        "templates/notetypes/cause/mechanism.html:2:1: error[unknown-field]: `field.Caus` is not a field",
    ),
}


def state(folder):
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file() and "decks" not in file.parts}


def head_lines(stderr):
    return [line for line in stderr.splitlines() if ": error[" in line or ": warning[" in line]


def refuse(run_aetia, write_deck, deck, files, expected):
    """Build a good deck, break it, build again: the faults are said and the package and the lock stay as they were."""
    project = write_deck(MINIMAL).parents[1]
    assert run_aetia("build", "deck", cwd=project).returncode == 0
    write_deck(deck, files)
    package, lock = project / "dist" / "deck.apkg", project / "decks" / "deck" / "deck.lock"
    before = package.read_bytes(), lock.read_bytes()
    done = run_aetia("build", "deck", cwd=project)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    lines = head_lines(done.stderr)
    assert len(lines) == len(expected), done.stderr
    for line, start in zip(lines, expected, strict=True):
        assert line.startswith(start), line
    assert done.stderr.splitlines()[-1] == f"{len(expected)} error{'s' if len(expected) > 1 else ''}"
    assert (package.read_bytes(), lock.read_bytes()) == before
    assert [file.name for file in package.parent.iterdir()] == ["deck.apkg"]


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_is_refused_with_its_place(case, run_aetia, write_deck):
    deck, expected = CASES[case]
    refuse(run_aetia, write_deck, deck, {}, [f"decks/deck/{line}" for line in expected])


@pytest.mark.parametrize("case", TEMPLATES)
def test_a_bad_template_is_refused_with_its_place(case, run_aetia, write_deck):
    template, expected = TEMPLATES[case]
    refuse(run_aetia, write_deck, MINIMAL, {MECHANISM: template}, [expected])


def test_every_fault_of_every_file_is_said_in_one_run_in_the_order_of_the_files(run_aetia, write_deck):
    files = {
        "causes/one.yaml": "causes:\n  b: {cause: B}\n",
        "causes/two.yaml": "causes:\n  c: {cause: C, mechanism: It works, colour: red}\n",
        "sources.yaml": "references:\n- {title: No id}\n",
    }
    places = ["causes/one.yaml:2:3", "causes/two.yaml:2:38", "deck.yaml:3:1", "sources.yaml:2:3"]
    folder = write_deck(HEAD + "colour: red\n", files)
    done = run_aetia("check", "deck", cwd=folder.parents[1])
    assert [line.split(": ")[0] for line in head_lines(done.stderr)] == [f"decks/deck/{place}" for place in places]
    assert done.returncode == 1


def alone(built):
    """The bytes of a package, whose deck then gives way to another of its name."""
    shutil.rmtree(built.prepared.deck.folder)
    return built.package.read_bytes()


def test_a_byte_order_mark_changes_nothing(build_deck, write_deck):
    plain = alone(build_deck(MINIMAL, name="plain"))
    marked = write_deck("\ufeff" + MINIMAL)
    assert build_deck(marked).package.read_bytes() == plain


def test_line_ends_of_windows_change_nothing(build_deck, write_deck):
    plain = alone(build_deck(MINIMAL, name="plain"))
    windows = write_deck(MINIMAL.replace("\n", "\r\n"))
    assert build_deck(windows).package.read_bytes() == plain


def test_a_file_in_utf_16_is_refused_without_showing_its_bytes(run_aetia, write_deck):
    done = run_aetia("check", "deck", cwd=write_deck(MINIMAL.encode("utf-16")).parents[1])
    assert done.stderr.splitlines()[1:] == ["      = save the file as UTF-8 in your editor", "1 error"]


def test_a_fault_is_shown_with_its_line_and_a_caret(run_aetia, write_deck):
    folder = write_deck(HEAD + "causes:\n  a: {cause: A, mechanism: It works, colur: red}\n")
    done = run_aetia("check", "deck", cwd=folder.parents[1])
    _, line, carets, count = done.stderr.splitlines()
    assert line == "    4 |   a: {cause: A, mechanism: It works, colur: red}"
    assert carets.startswith(f"      |{' ' * 38}^^^^^ ")
    assert count == "1 error"
