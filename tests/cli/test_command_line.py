"""The command line: help with examples, exit codes, and output that is plain where nobody looks at colours."""

import os
import pty
import select
import shutil
import subprocess
import sysconfig
from inspect import cleandoc
from pathlib import Path

import click
import pytest
from conftest import MINIMAL

from generator.cli.main import COMMANDS, main
from generator.workflows.explain import FILES, MODELS

ESCAPE = "\x1b"


def in_terminal(*arguments, cwd, env=None, typed=""):
    """Run the command in a terminal of its own, with what a person types, and return what it showed."""
    controller, terminal = pty.openpty()
    surroundings = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLUMNS": "100", **(env or {})}
    command = [Path(sysconfig.get_path("scripts"), "aetia"), *arguments]
    process = subprocess.Popen(command, cwd=cwd, env=surroundings, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    os.write(controller, typed.encode())
    shown = b""
    try:
        while select.select([controller], [], [], 60)[0] and (data := os.read(controller, 4096)):
            shown += data
    except OSError:
        pass  # the terminal is closed when the command ends
    process.terminate()  # one that waits for more words
    process.wait()
    os.close(controller)
    return shown.decode()


@pytest.fixture
def project(write_deck):
    return write_deck("id: salt-1\n" + MINIMAL, name="small").parents[1]


@pytest.fixture
def long_project(write_deck):
    """A deck so long that a terminal shows how far the build is."""
    cause = "  c{0}: {{cause: Cause {0}, mechanism: It works in way {0}}}\n"
    text = "deck: Long\nfinding: {name: F, effect: do it}\ncauses:\n" + "".join(map(cause.format, range(600)))
    return write_deck(text, name="long").parents[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_has_an_example_of_it(name):
    command = main.get_command(click.Context(main), name)
    examples = command.help.partition("Example")[2]
    assert f"aetia {name}" in examples
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert not [option.name for option in options if not option.help and not isinstance(option.type, click.Choice)]
    assert command.get_short_help_str()
    prose, _, _ = cleandoc(command.help).partition("Example")
    assert "\n " not in prose, "an indented line is not joined with the one before"


def test_help_and_version_are_there(run_aetia):
    done = run_aetia("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(name in done.stdout for name in COMMANDS)
    assert ESCAPE not in done.stdout
    assert "aetia, version" in run_aetia("--version").stdout


def test_the_help_says_of_each_command_in_a_line_what_it_does(run_aetia):
    lines = run_aetia("--help", env={"COLUMNS": "80"}).stdout.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in lines] == [*COMMANDS]
    assert all(line.endswith(".") for line in lines)


def test_a_good_deck_ends_with_0(run_aetia, project):
    done = run_aetia("build", "small", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:3] == [
        "Medicine::Hyponatraemia",
        "  2 notes, 2 cards: 2 mechanism",
        "  2 new",
    ]
    assert run_aetia("check", "small", cwd=project).stdout == "small: nothing wrong\n"


def test_the_first_build_names_the_check_and_later_ones_do_not(run_aetia, project, write_deck):
    assert "aetia check small also looks at" in run_aetia("build", cwd=project).stdout
    write_deck("id: salt-1\n" + MINIMAL.replace("Salt is lost", "Salt leaves"), name="small")
    again = run_aetia("build", cwd=project)
    assert ("1 changed" in again.stdout, "also looks at" in again.stdout) == (True, False)


def test_a_package_of_a_deck_that_is_gone_is_named_where_all_are_built(run_aetia, project, write_deck):
    write_deck("deck: X\n" + MINIMAL.partition("\n")[2], name="gone")
    run_aetia("build", cwd=project)
    shutil.rmtree(project / "decks/gone")
    assert "dist/gone.apkg belongs to no deck of this project" in run_aetia("build", cwd=project).stdout
    assert "is of no deck" not in run_aetia("build", "small", cwd=project).stdout
    assert (project / "dist/gone.apkg").exists()


def test_the_first_screen_of_explain_helps_and_says_where_the_rest_is(run_aetia):
    lines = run_aetia("explain").stdout.splitlines()
    assert len(lines) < 24, "it is a screen"
    for group, name in (("codes", "answer-leaked"), ("phrases", "ask-clue"), ("kinds", "clue"), ("keys", "cause")):
        assert any(f"aetia explain {group}" in line for line in lines)
        assert name in run_aetia("explain", group).stdout


@pytest.mark.parametrize(("key", "example", "takes", "see"), [
    ("cause.versus", "versus: {", "or keys, each with the keys of `contrast`", "contrast"),
    ("examples", "examples: [{name: ", "the keys of `example`, or only its `name`", "example"),
    ("deck.facets", "facets: {", "keys, each with the keys of `facet`", "facet"),
])  # fmt: skip
def test_a_key_that_takes_a_mapping_is_explained_with_an_example_and_the_way_to_its_keys(
    run_aetia, key, example, takes, see
):
    told = run_aetia("explain", key).stdout
    assert f"for example  {example}" in told
    assert takes in told
    assert told.endswith(f"see also  aetia explain {see}\n")
    assert "for example" not in run_aetia("explain", "cause.facets").stdout, "it takes names of values"


def test_every_mapping_of_an_author_is_explained_under_its_file():
    assert sorted(name for names in FILES.values() for name in names) == sorted(MODELS)


def test_a_fault_in_the_content_ends_with_1(run_aetia, project, write_deck):
    write_deck(MINIMAL.replace("cause: SIADH", "cause: ''"), name="small")
    assert run_aetia("build", "small", cwd=project).returncode == 1
    assert run_aetia("check", "small", cwd=project).returncode == 1
    assert not (project / "dist").exists()


def test_warnings_fail_only_under_strict_and_a_build_looks_for_none_of_wording(run_aetia, project, write_deck):
    write_deck("id: salt-1\n" + MINIMAL.replace("Salt is lost", "Salt is always lost"), name="small")
    codes = {words: run_aetia(*words.split(), cwd=project) for words in ("check", "check --strict")}
    assert {file.name for file in project.rglob("*") if file.is_file()} == {"deck.yaml"}, "a check writes nothing"
    codes["build"] = run_aetia("build", cwd=project)
    assert [done.returncode for done in codes.values()] == [0, 1, 0]
    assert ["warning[absolute]" in done.stderr for done in codes.values()] == [True, True, False]
    assert run_aetia("build", "--strict", "-o", "strict.apkg", cwd=project).returncode == 1
    assert not (project / "strict.apkg").exists()


WRONG_USE = [
    ("build", "nowhere"),
    ("bulid",),
    ("build", "--fast"),
    ("build", "-o", "notes.md"),
    ("check", "--format", "xml"),
    ("schema", "decks"),
]


@pytest.mark.parametrize("arguments", WRONG_USE, ids=" ".join)
def test_wrong_use_ends_with_2_and_says_what_is_right(run_aetia, project, arguments):
    (project / "notes.md").write_text("mine")
    done = run_aetia(*arguments, cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert arguments[-1] in done.stderr


@pytest.mark.parametrize("arguments", [
    ("check", "nowhere"), ("new", "cause", "A", "--deck", "small", "--category", "no"), ("why", "nothing", "small"),
    ("print", "small", "--stock", "no"), ("print", "stocks", "show", "no"), ("explain", "nothing"),
    ("diff", "small", "--against", "no"), ("new", "nothing"), ("import", "decks", "--into", "nowhere"),
], ids=" ".join)  # fmt: skip
def test_a_refusal_names_the_command_that_refused(run_aetia, project, arguments):
    done = run_aetia(*arguments, cwd=project)
    commands = {("new", "cause"): 2, ("print", "stocks"): 3}.get(arguments[:2], 1)
    name = " ".join(("aetia", *arguments[:commands]))
    assert done.stderr.startswith(f"Usage: {name} ["), done.stderr
    assert f"Try '{name} -" in done.stderr


def test_a_command_that_does_not_exist_is_refused_with_one_that_does(run_aetia):
    assert "There is no command `bulid`. Did you mean `build`?" in run_aetia("bulid").stderr
    assert "There is no command `sourc`. Did you mean `source`?" in run_aetia("new", "sourc").stderr


def test_in_a_folder_of_a_deck_a_command_takes_that_deck(run_aetia, project, write_deck):
    write_deck(MINIMAL.replace("Hyponatraemia", "Salt"), {"media/x.txt": "x"}, name="other")
    below = project / "decks/other/media"
    assert "several decks" in run_aetia("diff", cwd=project).stderr
    assert "several decks" in run_aetia("diff", cwd=project / "decks").stderr
    assert "../deck.yaml:" in run_aetia("check", cwd=below).stderr
    (below / "x.txt").unlink()
    built = run_aetia("build", cwd=below)
    assert (built.returncode, "../../../dist/other.apkg" in built.stdout) == (0, True), built.stderr
    assert [file.name for file in (project / "dist").iterdir()] == ["other.apkg"]
    assert run_aetia("check", "small", cwd=below).stdout == "small: nothing wrong\n"
    assert run_aetia("new", "cause", "Thirst", cwd=below).stdout.startswith("../deck.yaml:")
    run_aetia("new", "deck", "Third", "--effect", "do it", cwd=below)
    assert (project / "decks/third/deck.yaml").exists()


def test_an_error_in_one_deck_leaves_nothing_of_it_and_does_not_stop_the_others(write_deck, run_aetia):
    bad = write_deck(MINIMAL.replace("mechanism:", "mechanisms:"), name="bad")
    good = write_deck("id: good-1\n" + MINIMAL, name="good")
    project = bad.parents[1]
    assert run_aetia("build", cwd=project).returncode == 1
    assert [file.name for file in (project / "dist").iterdir()] == ["good.apkg"]
    assert (good / "deck.lock").exists()
    assert not (bad / "deck.lock").exists()


def test_a_folder_without_decks_is_wrong_use_and_the_shipped_decks_are_named(run_aetia, tmp_path):
    done = run_aetia("build", cwd=tmp_path)
    assert done.returncode == 2
    assert "leukopenia" in done.stderr


@pytest.mark.parametrize("name", ["deck.yml", "Deck.yaml", "deck.yaml.txt"])
@pytest.mark.parametrize("arguments", [(), ("bread",)])
def test_a_file_that_was_meant_to_be_a_deck_is_named_where_there_is_none(run_aetia, tmp_path, name, arguments):
    (tmp_path / "decks" / "bread").mkdir(parents=True)
    (tmp_path / "decks" / "bread" / name).write_text("deck: Bread\n")
    assert f"decks/bread/{name} is not read: rename it to deck.yaml." in run_aetia("check", *arguments).stderr


def test_what_is_piped_has_no_colour_and_no_progress_bar(run_aetia, long_project):
    done = run_aetia("build", "long", cwd=long_project)
    assert done.returncode == 0
    assert ESCAPE not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr
    assert "100%" not in done.stdout + done.stderr


def test_a_terminal_gets_colour_and_a_progress_bar(long_project):
    shown = in_terminal("build", "long", cwd=long_project)
    assert ESCAPE in shown
    assert "100%" in shown


def test_no_color_is_honoured(project, write_deck):
    write_deck(MINIMAL.replace("cause: SIADH", "cause: ''"), name="small")
    assert f"{ESCAPE}[31m" in in_terminal("check", "small", cwd=project)
    plain = in_terminal("check", "small", cwd=project, env={"NO_COLOR": "1"})
    assert "error[empty-text]" in plain
    assert f"{ESCAPE}[31m" not in plain
    assert f"{ESCAPE}[1m" not in plain


def test_a_package_that_cannot_be_written_is_said_without_a_traceback(run_aetia, project):
    (project / "file").write_text("in the way")
    done = run_aetia("build", "small", "-o", "file/small.apkg", cwd=project)
    assert done.returncode == 1
    assert "file/small.apkg" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("answer", "gone"), [("y", True), ("n", False), ("", False)])
def test_build_asks_at_a_terminal_before_many_notes_retire(run_aetia, write_deck, answer, gone):
    causes = [f"  c{n}: {{cause: cause {n}, mechanism: way {n} works}}\n" for n in range(12)]
    head = "deck: D\nfinding: {name: F, effect: fall}\ncauses:\n"
    folder = write_deck(head + "".join(causes), name="small")
    project = folder.parents[1]
    run_aetia("build", "small", cwd=project)
    lock = (folder / "deck.lock").read_bytes()
    (folder / "deck.yaml").write_text(head + "".join(causes[:6]))
    assert run_aetia("build", "small", cwd=project).returncode == 1, "nobody can answer in a script"
    shown = in_terminal("build", "small", cwd=project, typed=f"{answer}\n")
    assert "Did you give these entries up for good?" in shown
    assert ("retired" in shown.split("up for good?")[1]) is gone
    assert ((folder / "deck.lock").read_bytes() != lock) is gone


def test_a_column_that_is_not_clear_is_asked_for_at_a_terminal_once(tmp_path):
    (tmp_path / "cards.csv").write_text("A,B\nCold,Enzymes are slow\nAge,Enzymes are spent\n")
    shown = in_terminal("import", "cards.csv", cwd=tmp_path, typed="A\nB\n" + 6 * "\n")
    assert [shown.count(f"Which column holds the {key}") for key in ("cause", "mechanism")] == [1, 1]
    assert "2 causes; cause from “A”, mechanism from “B”" in shown


@pytest.mark.parametrize("group", [(), ("new",)])
def test_a_group_without_a_command_shows_its_help(run_aetia, group):
    bare, asked = run_aetia(*group), run_aetia(*group, "--help")
    assert (bare.returncode, bare.stderr, bare.stdout) == (0, "", asked.stdout)
    assert "Commands" in bare.stdout
    assert run_aetia(*group, "no-such-command").returncode == 2


@pytest.mark.parametrize("epoch", ["x", "-1", "9" * 30, "99999999999", "4102444800"])
def test_a_time_that_no_clock_shows_is_refused_before_it_reaches_the_lock(run_aetia, write_deck, epoch):
    folder = write_deck(MINIMAL)
    for command in ("check", "build"):
        done = run_aetia(command, folder, env={"SOURCE_DATE_EPOCH": epoch})
        assert (done.returncode, "SOURCE_DATE_EPOCH must be" in done.stderr) == (2, True)
    assert not (folder / "deck.lock").exists()


def test_a_character_that_no_file_can_hold_is_wrong_use(run_aetia, write_deck):
    folder = write_deck(MINIMAL)
    for words in (("check", "\ud83e"), ("diff", folder, "--against", "\ud83e"), ("build", folder, "-o", "\ud83e")):
        done = run_aetia(*words)
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
