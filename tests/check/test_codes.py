"""Every diagnostic is documented, and its examples are what they claim: bad ones say exactly this, good ones nothing.

The pinned outputs are in `expected/`; `AETIA_PIN=1 pytest tests/check/test_codes.py` writes them anew, to be read in
the diff.
"""

import ast
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import NOW

import generator
from generator.cli.main import main
from generator.diagnostics import Diagnostic, Place
from generator.load.codes import load_codes
from generator.model.kinds import KINDS
from generator.report.findings import show_findings
from generator.workflows.build import build_package
from generator.workflows.check import check_folder
from generator.workflows.prepare import Findings, locate, no_progress

EXPECTED = Path(__file__).parent / "expected"
CODES = load_codes()
BASE = "deck: Medicine::Fever\nid: fever-x7kq\nfinding: {name: Fever, effect: raise the temperature}\n"
SIMPLE = """\
causes:
  sepsis:
    cause: Sepsis
    mechanism: Cytokines raise the set point of the hypothalamus
"""


def file_in_the_way(folder: Path) -> None:
    (folder / "sources.yaml").mkdir()


def huge_file(folder: Path) -> None:
    with (folder / "causes" / "big.yaml").open("wb") as file:
        file.truncate(40 * 2**20)


def latin_1(folder: Path) -> None:
    (folder / "causes" / "x.yaml").write_bytes(SIMPLE.replace("Sepsis", "Behçet").encode("latin-1"))


def control_character(folder: Path) -> None:
    (folder / "causes" / "x.yaml").write_text(SIMPLE.replace("Sepsis", "Sep\x01sis"), encoding="utf-8")


def empty(folder: Path) -> None:
    (folder / "sources.yaml").write_text("", encoding="utf-8")


def bomb(folder: Path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    (folder / "causes" / "x.yaml").write_text("\n".join(lines), encoding="utf-8")


def deep(folder: Path) -> None:
    (folder / "causes" / "x.yaml").write_text("causes: " + "[" * 300 + "]" * 300, encoding="utf-8")


def book(folder: Path) -> None:
    (folder / "causes" / "x.yaml").write_text(SIMPLE.replace("Cytokines", "Cytokines " * 2000), encoding="utf-8")


def picture(name: str, size: int = 6) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / "media").mkdir(exist_ok=True)
        with (folder / "media" / name).open("wb") as file:
            file.write(b"<svg/>")
            file.truncate(size)

    return make


def two_pictures(folder: Path) -> None:
    picture("Curve.svg")(folder)
    picture("curve.svg")(folder)


def many_pictures(folder: Path) -> None:
    for number in range(10_001):
        picture(f"{number:05}.svg")(folder)


SPECIAL: dict[str, Callable[[Path], None]] = {
    "unreadable-file": file_in_the_way,
    "file-too-large": huge_file,
    "wrong-encoding": latin_1,
    "bad-character": control_character,
    "empty-file": empty,
    "alias-bomb": bomb,
    "too-deep": deep,
    "text-too-large": book,
    "bad-media-name": picture("what?\nnow.svg"),
    "media-name-clash": two_pictures,
    "media-too-large": picture("scan.png", 50 * 2**20),
    "too-many-media": many_pictures,
}
"""Faults that an example cannot show as a text: what to do to a good deck."""

ELSEWHERE = {code for code, about in CODES.items() if about.bad.startswith("$ ")}
"""Codes of templates and of other commands, tested beside what they are about."""

COMMANDS = {
    code
    for code, about in CODES.items()
    if not re.search(r"^(causes|questions|notes|categories|# (?:file|in))", about.good)
}
"""Codes whose good example is something to do rather than to write."""


def write_example(folder: Path, example: str) -> None:
    """Write the files of an example, and build what was in its earlier builds before."""
    *earlier, now = filter(None, re.split(r"^# (?:in .* build|now):\n", example, flags=re.MULTILINE))
    for number, built in enumerate(earlier):
        write_files(folder, built)
        build_package(folder, folder.parent / "fever.apkg", NOW - 100 + number, no_progress, retire=True)
    write_files(folder, now)


def write_files(folder: Path, example: str) -> None:
    """Write the files of an example; a text before the first `# file:` stands in `causes/example.yaml`."""
    parts = re.split(r"^# file: (.+)\n", example, flags=re.MULTILINE)
    files = dict(zip(parts[1::2], parts[2::2], strict=True))
    if parts[0].strip():
        files["causes/example.yaml"] = parts[0]
    if any("templates" in name for name in files):
        files["causes/example.yaml"] = SIMPLE
    for name, text in ({} if "deck.yml" in files else {"deck.yaml": BASE} | files).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def findings_of(folder: Path) -> Findings:
    return check_folder(folder, NOW)


@pytest.mark.parametrize("code", [code for code in CODES if code not in ELSEWHERE])
def test_the_bad_example_of_each_code_says_exactly_what_is_pinned(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "decks" / "fever"
    if code in SPECIAL:
        write_example(folder, SIMPLE)
        SPECIAL[code](folder)
    else:
        write_example(folder, CODES[code].bad)
    monkeypatch.chdir(tmp_path)
    findings = findings_of(folder)
    show_findings(findings)
    shown = capsys.readouterr().err
    pinned = EXPECTED / f"{code}.txt"
    found = [d for d in findings.diagnostics if d.code == code]
    assert found, f"the bad example of `{code}` in codes.yaml does not give `{code}`:\n{shown}"
    if os.environ.get("AETIA_PIN"):
        pinned.write_text(shown, encoding="utf-8")
    assert found[0].severity == CODES[code].severity
    assert shown == pinned.read_text(encoding="utf-8"), "AETIA_PIN=1 records it anew"


@pytest.mark.parametrize("code", [code for code in CODES if code not in {*ELSEWHERE, *SPECIAL, *COMMANDS}])
def test_the_good_example_of_each_code_is_free_of_it_and_of_errors(code: str, tmp_path: Path):
    folder = tmp_path / "decks" / "fever"
    write_example(folder, CODES[code].good)
    if "file: curve.svg" in CODES[code].good:
        picture("curve.svg")(folder)
    findings = findings_of(folder)
    assert code not in {diagnostic.code for diagnostic in findings.diagnostics}
    assert not [d for d in findings.diagnostics if d.severity == "error"]


def diagnostics_made() -> Iterator[tuple[str, ast.expr]]:
    """Where the program makes a diagnostic, and the code that it gives it."""
    package = Path(generator.__file__).parent
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Diagnostic":
                yield f"{file.relative_to(package).as_posix()}:{node.lineno}", node.args[0]


def test_each_code_is_written_out_where_it_is_given():
    passed_on = {where for where, code in diagnostics_made() if not isinstance(code, ast.Constant)}
    assert {where.partition(":")[0] for where in passed_on} <= {"ledger/lock.py"}, passed_on


def test_each_code_that_the_program_can_give_is_documented_and_each_documented_one_can_be_given():
    given = {code.value for _, code in diagnostics_made() if isinstance(code, ast.Constant)}
    lock = (Path(generator.__file__).parent / "ledger" / "lock.py").read_text(encoding="utf-8")
    given |= set(re.findall(r'"((?:damaged|conflict|lock)-[a-z-]+)"', lock))
    assert given - CODES.keys() == set(), "describe them in generator/codes.yaml"
    assert CODES.keys() - given == set(), "no rule gives them as a literal: write one, or take them out of codes.yaml"


def test_a_code_without_an_entry_is_an_error_and_no_traceback(tmp_path: Path):
    findings = locate((Diagnostic("never-heard-of", "something is wrong", Place(tmp_path)),))
    assert [finding.severity for finding in findings.diagnostics] == ["error"]


@pytest.mark.skipif("AETIA_PIN" in os.environ, reason="the outputs are being written")
def test_no_pinned_output_is_left_over():
    pinned = {file.stem for file in EXPECTED.glob("*.txt")}
    assert pinned - (CODES.keys() - ELSEWHERE) == set(), "no code gives these"
    assert (CODES.keys() - ELSEWHERE) - pinned == set(), "record these with AETIA_PIN=1"


@pytest.mark.parametrize("code", CODES)
def test_explain_says_why_and_shows_both_examples(code: str):
    shown = CliRunner().invoke(main, ["explain", code]).output
    assert CODES[code].title in shown
    assert CODES[code].bad.splitlines()[0] in shown
    assert CODES[code].good.splitlines()[-1] in shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("words", ("deck.words: a key",)),
        ("classic", ("cause.classic: a key", "example.classic: a key")),
        ("clue", ("clue: a kind of card", "cause.clue: a key")),
        ("cause.versus", ("cause.versus: a key", "  Confusable causes, by key.")),
        *((kind.name, (f"{kind.name}: a kind of card", kind.example.splitlines()[0])) for kind in KINDS),
    ],
)
def test_explain_knows_a_key_by_its_last_part(name, shown):
    done = CliRunner().invoke(main, ["explain", name])
    assert done.exit_code == 0
    assert [line for line in shown if line not in done.output] == []


def test_explain_of_a_mapping_leaves_keys_of_its_name_out():
    assert "deck.finding: a key" not in CliRunner().invoke(main, ["explain", "finding"]).output


def test_explain_lists_all_codes_and_knows_what_was_meant():
    listed = CliRunner().invoke(main, ["explain"]).output
    words = set(re.split(r"[\s,]+", listed))
    assert words > {"deck", "cause", "note", "syllabus", *(kind.name for kind in KINDS)}
    codes = CliRunner().invoke(main, ["explain", "codes"]).output
    assert [line.split()[0] for line in codes.splitlines()] == list(CODES)
    refused = CliRunner().invoke(main, ["explain", "answer-leak"])
    assert refused.exit_code == 2
    assert "Did you mean `answer-leaked`?" in refused.output
