"""How findings are shown: formats for machines to the letter, and carets under the piece whatever stands before it."""

import json

import pytest

DECK = "deck: D\nfinding: {name: Fever, effect: raise the temperature}\n"
HEAD = "causes:\n  a: {cause: Sepsis, mechanism: Works}\n"
MISSPELT = HEAD + '  b: {cause: Blood poisoning, mechanism: "100 %, so: to say", pearls: x}\n'
TWICE = HEAD + "  b: {cause: Blood poisoning, aka: [Sepsis], mechanism: Works}\n"
FILE = "decks/deck/causes/a, b:c.yaml"


@pytest.fixture
def check(run_aetia, write_deck):
    def run(text, *options):
        project = write_deck(DECK, {"causes/a, b:c.yaml": text}).parents[1]
        return run_aetia("check", "deck", *options, cwd=project)

    return run


def test_json_is_an_array_with_one_object_a_line_with_these_fields(check):
    done = check(MISSPELT, "--format", "json")
    assert (done.returncode, done.stderr) == (1, "")
    assert len(done.stdout.splitlines()) == 3
    assert json.loads(done.stdout) == [
        {
            "code": "unknown-key", "severity": "error", "message": "`pearls` is not a key of a cause", "file": FILE,
            "line": 3, "column": 63, "end_column": 69, "hint": "did you mean `pearl`?", "related": [],
        },
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["check", "build"])
def test_json_is_one_document_for_all_decks_also_if_nothing_is_wrong(run_aetia, tmp_path, command):
    run_aetia("init", ".", cwd=tmp_path)
    for _ in ("built", "up to date"):
        assert run_aetia(command, "--format", "json", cwd=tmp_path).stdout == "[]\n"
    bread = (tmp_path / "decks/bread/deck.yaml").read_text()
    for name in ("cake", "roll"):
        (tmp_path / "decks" / name).mkdir()
        (tmp_path / "decks" / name / "deck.yaml").write_text(bread.replace("    clue:", "    clues:"))
    found = json.loads(run_aetia(command, "--format", "json", cwd=tmp_path).stdout)
    assert {fault["file"] for fault in found} >= {"decks/cake/deck.yaml", "decks/roll/deck.yaml"}


def test_json_names_related_places(check):
    done = check(TWICE, "--format", "json")
    (found,) = json.loads(done.stdout)
    assert found["related"] == [
        {"message": "the other is here", "file": FILE, "line": 2, "column": 14, "end_column": 20}
    ]  # fmt: skip
    assert (found["line"], found["column"], found["end_column"]) == (3, 37, 43)


def test_github_commands_are_escaped_as_github_wants(check):
    done = check(MISSPELT, "--format", "github")
    assert done.stdout == (
        "::error file=decks/deck/causes/a%2C b%3Ac.yaml,line=3,col=63,endColumn=69,title=unknown-key"
        "::`pearls` is not a key of a cause (did you mean `pearl`?)\n"
    )


@pytest.mark.parametrize("inside", [True, False])
def test_github_gets_paths_from_the_top_of_the_repository_also_from_a_subfolder(
    run_aetia, write_deck, tmp_path, monkeypatch, inside
):
    project = write_deck(DECK, {"causes/a.yaml": MISSPELT}).parents[1]
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path if inside else tmp_path / "elsewhere"))
    shown = run_aetia("check", "deck", "--format", "github", cwd=project).stdout
    assert shown.startswith(f"::error file={'project/' if inside else ''}decks/deck/causes/a.yaml,line=3,")


def test_github_severities_are_error_warning_and_notice(check):
    done = check("causes: {a: {cause: A, mechanism: Works, pearl: It always works}}\n", "--format", "github")
    assert done.returncode == 0
    assert done.stdout.startswith("::warning file=")
    assert "title=absolute::“always”" in done.stdout


def test_concise_has_one_line_for_each_finding_and_a_count(check):
    done = check(MISSPELT, "--format", "concise")
    assert done.stderr.splitlines() == [
        "decks/deck/causes/a, b:c.yaml:3:63: error[unknown-key]: `pearls` is not a key of a cause",
        "1 error",
    ]


def caret_and_source(check, aka):
    done = check(f"causes:\n  a: {{cause: A, mechanism: Works, aka: [{aka}, []]}}\n")
    lines = done.stderr.splitlines()
    source = next(line for line in lines if line.startswith("    2 | "))
    caret = [line for line in lines if line.startswith("      | ")][-1]
    return caret.index("^") - source.index("[") - 1, source


@pytest.mark.parametrize(
    ("aka", "columns"),
    [
        ("b", 1),
        ("漢字", 4),
        ("ｗｉｄｅ", 8),
        ("🫀", 2),
        ("👩\u200d⚕\ufe0f", 2),
        ("🇩🇪", 2),
        ("é", 1),
        ("e\u0301", 1),
        ("a\u200bb", 2),
        ("a\u00adb", 2),
    ],
)
def test_the_caret_is_under_the_piece(check, aka, columns):
    """Columns are those of a terminal: two for a wide letter, none for what joins the letter before it."""
    assert caret_and_source(check, aka)[0] == columns + len(", ")


def test_the_caret_is_under_the_piece_behind_a_tab(check):
    column, source = caret_and_source(check, '"b\tc"')
    assert "\t" not in source
    assert column == source.index("[]") - source.index("[") - 1


def test_carets_are_as_wide_as_the_piece(check):
    done = check("causes:\n  a: {cause: A, mechanism: Works, category: ä漢字}\n")
    assert [line.strip("| ") for line in done.stderr.splitlines() if "^" in line] == ["^" * 5]


def test_what_many_entries_lack_is_said_once_with_their_number_and_the_first_places(run_aetia, write_deck):
    cause = "  c{0}: {{cause: Cause {0}, mechanism: '{1}', questions: {{q{0}: {{ask: What is {0}?, answer: It}}}}}}\n"
    causes = "causes:\n" + "".join(cause.format(n, f"Way {n}{' [@x]' * (n == 9)}") for n in range(10))
    files = {"sources.yaml": "references: [{id: x, title: X}]\n"}
    project = write_deck(DECK + causes, files).parents[1]
    shown = run_aetia("check", "deck", "--format", "full", cwd=project).stderr
    assert shown.count("names no source") == 1
    places = ", ".join(f"decks/deck/deck.yaml:{line}:3" for line in (5, 6, 7))
    assert f"and 8 more no-source: {places}, …" in shown
    concise = run_aetia("check", "deck", "--format", "concise", cwd=project).stderr
    assert concise.count("names no source") == 9, "a question rests on what its cause cites"
