"""What the README, CONTRIBUTING, a new project's README and `--help` tell people to type works as it stands there."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sysconfig
import urllib.request
from pathlib import Path

import click
import pytest
from conftest import MINIMAL
from olddecks import write_genanki_deck
from pictures import DECK, EDIT

from generator.cli.main import main
from generator.resources import bundled
from generator.workflows.prepare import prepare

CHECKOUT = Path(__file__).parents[2]
README = CHECKOUT / "README.md"
INSTALLS = re.compile(r"(?:^|&& *)(?:python3 -m venv \S+|\S*pip install [^&]*?)(?= *&&| *$)")
LEFT_OUT = {
    '.venv/bin/python -m pytest -q -n 2 -m "not slow"': "that is this suite; .ci/run takes the line from the README",
    "aetia new deck": "the name of a command, which needs arguments",
    "aetia check": "said of what a command says, in another place",
}

in_checkout = pytest.mark.skipif(not README.is_file(), reason="the README is not here, only the tests")


def blocks(text):
    """The commands of each block of shell, without what installs and with what is installed."""
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        lines = (INSTALLS.sub("", line).strip(" &").replace(".venv/bin/aetia", "aetia") for line in block.splitlines())
        yield [line for line in lines if line and line not in LEFT_OUT]


def mentioned(text):
    """The commands in running text and in the steps of a workflow."""
    fence = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    prose = fence.sub(lambda block: block[2] if block[1] == "yaml" else "", text)
    found = re.findall(r"`(aetia\s[^`]+)`|- run: (aetia [^\n]+)", prose)
    return [command for pair in found if (command := " ".join("".join(pair).split())) not in LEFT_OUT]


@pytest.fixture
def shell(tmp_path):
    """`shell(commands, cwd)` types commands as a user would, in one session; each must end with 0."""
    surroundings = {
        "PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}", "HOME": str(tmp_path), "COLUMNS": "100",
        "LC_ALL": "C.UTF-8", "BROWSER": "true", "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }  # fmt: skip

    def run(commands, cwd):
        typed = "\n".join(f"look '{c.split('#')[0].strip()}'" if serves(c) else c for c in commands)
        begun = "$1 > served & sleep 0.1; until grep -q http served; do sleep 0.1; done"
        look = f"look() {{ {begun}; echo $! > process; mv process seen; wait $!; }}"
        session = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", f"{look}\n{typed}"], cwd=cwd, env=surroundings, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        if any(map(serves, commands)):
            visit(cwd, session)
        said, _ = session.communicate(timeout=300)
        assert session.returncode == 0, f"{typed}\n{said}"
        return said

    return run


def serves(command):
    return command.startswith("aetia preview") and "--export" not in command


def visit(cwd, session):
    """Open the page that a session serves, then press Ctrl-C."""
    while not (seen := list(cwd.rglob("seen"))):
        assert session.poll() is None, session.communicate()[0]
    (address,) = re.findall(r"http://\S+", (seen[0].with_name("served")).read_text())
    process = int(seen[0].read_text())
    seen[0].unlink()
    with urllib.request.urlopen(address) as page:
        assert b"<title>Aetia preview" in page.read()
    os.kill(process, signal.SIGINT)


@pytest.fixture
def copy(tmp_path, shell):
    """A copy of the checkout's decks with a release tagged v1.0."""
    folder = tmp_path / "copy"
    shutil.copytree(CHECKOUT / "decks", folder / "decks")
    rows = re.findall(r"^\| (.+) \|$", README.read_text().partition("## Keep a deck in a table")[2], re.MULTILINE)
    (folder / "soil.csv").write_text("".join(",".join(map(str.strip, row.split("|"))) + "\n" for row in rows))
    marks = '{"aetia-review": 1, "deck": "leukopenia", "reader": "Dr Ada Root", "marks": []}'
    (folder / "leukopenia.review.json").write_text(marks)
    write_genanki_deck(folder / "geography.apkg", deck="Geography")
    shell(["git init -q", "git add .", "git commit -qm first", "git tag v1.0"], folder)
    return folder


@in_checkout
@pytest.mark.slow
def test_every_command_of_the_readme_works_and_says_what_the_readme_says(copy, shell):
    text = README.read_text()
    build, _, *others = blocks(text)
    shell(build, copy)
    entry = next(
        file for file in sorted((copy / "decks/leukopenia/causes").iterdir()) if "\n    clue: " in file.read_text()
    )
    entry.write_text(re.sub(r"(\n    clue: [\"']?)", r"\1Now ", entry.read_text(), count=1))
    claim = re.search(r"The summary says what changed: `([^`]+)`", text)[1]
    assert "1 changed" in shell(["aetia diff leukopenia"], copy)
    assert claim in shell(build, copy)
    for block in others:
        shell(block, copy)
    for command in mentioned(text):
        shell([command], copy)
    assert (copy / "dist" / "leukopenia.pdf").is_file()
    assert (copy / "dist" / "leukopenia.update.txt").is_file()
    assert (copy / "dist" / "leukopenia.how-to-update.html").is_file()
    assert (copy / "my-decks" / "dist" / "bread.apkg").is_file()


@in_checkout
def test_the_pictures_of_the_readme_are_there_and_can_be_made_anew():
    named = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README.read_text())
    if not (CHECKOUT / ".github").is_dir():
        pytest.skip("the pictures are not part of the source distribution")
    assert sorted(named) == sorted(f".github/{file.name}" for file in (CHECKOUT / ".github").glob("*.png"))
    name, before, _ = EDIT
    text = (bundled("decks") / DECK / name).read_text()
    assert before in text, "the words that the picture of an edit changes"


@in_checkout
def test_the_checks_of_contributing_are_those_of_the_ci_script():
    text = (CHECKOUT / "CONTRIBUTING.md").read_text()
    script = CHECKOUT / ".ci" / "run"
    if not script.is_file():
        pytest.skip("the script is not part of the source distribution")
    (checks,) = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for command in checks.strip().split(" && "):
        assert command in script.read_text() + README.read_text()
    for file in re.findall(r"`(?:\S*python )?((?:tests|generator|templates)/[\w/]+(?:\.py|/))", text):
        assert (CHECKOUT / file).exists(), file


def test_every_command_of_a_new_projects_readme_works(tmp_path, shell):
    text = (bundled("templates") / "project" / "README.md").read_text()
    commands = [command.strip() for command in re.findall(r"^    (aetia .+?)(?:  |$)", text, re.MULTILINE)]
    assert len(commands) == 4
    shell(["aetia init mine"], tmp_path)
    shell(commands, tmp_path / "mine")


@in_checkout
def test_the_examples_of_the_readme_make_the_cards_that_it_names(write_deck, run_aetia):
    examples = re.findall(r"^```yaml\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)
    minimal, cause, tree, notes, *_ = examples
    drugs = "  cytotoxic-chemotherapy: {cause: Cytotoxic drugs, mechanism: Cells die, category: production/drugs}\n"
    files = {
        "sources.yaml": "references: [{id: curtis2017, title: A work}]\n",
        "media/clozapine.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    folder = write_deck(minimal + cause + drugs + tree + notes, files)
    (command,) = re.findall(r"`aetia (new notetype [^`]+)`", README.read_text())
    assert run_aetia(*command.split(), cwd=folder.parents[1]).returncode == 0
    prepared, findings = prepare(folder, now=0)
    assert prepared is not None, findings
    made = {(card.kind, note.key) for note in prepared.stamped.release.notes.notes for card in note.cards}
    assert made == {
        ("mechanism", "siadh"), ("mechanism", "thiazides"), ("mechanism", "clozapine"), ("clue", "clozapine"),
        ("contrast", "clozapine~cytotoxic-chemotherapy"), ("question", "same-day"), ("quote", "osler"),
        ("mechanism", "cytotoxic-chemotherapy"), ("list", "production"),
    }  # fmt: skip


def example_with(piece):
    """The YAML of the README in which a piece stands."""
    examples = re.findall(r"^```yaml\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)
    (found,) = [text for text in examples if piece in text]
    return found


@in_checkout
def test_the_example_of_an_adopted_note_is_one_of_the_package_that_the_readme_imports(run_aetia, tmp_path, anki_import):
    write_genanki_deck(tmp_path / "geography.apkg", deck="Geography")
    assert run_aetia("import", "geography.apkg").returncode == 0
    (tmp_path / "decks" / "geography" / "notes" / "more.yaml").write_text(example_with("nile:"))
    built = run_aetia("build", "geography")
    assert "1 new, 12 untouched" in built.stdout, built.stderr
    collection = anki_import(tmp_path / "dist" / "geography.apkg").collection
    (note,) = map(collection.get_note, collection.find_notes("deck:Geography::Rivers tag:river Nile"))
    assert (note["Place"], note["Answer"]) == ("The <strong>Nile</strong>", "<div>Africa</div>")
    assert {file.name for file in (tmp_path / "templates/notetypes/place").iterdir()} > {
        "where.front.html", "where.back.html", "notetype.yaml",
    }  # fmt: skip


@in_checkout
def test_the_example_of_a_signature_has_the_form_that_a_deck_takes(write_deck, run_aetia):
    folder = write_deck(f"id: salt-1\n{MINIMAL}{example_with('fingerprint:')}")
    shown = run_aetia("check", folder)
    assert (shown.returncode, shown.stderr.count("warning[")) == (0, 1), "the text is another than that which was read"
    assert "`thiazides` was edited since Dr Ada Root read it" in shown.stderr


@in_checkout
def test_a_misspelt_key_is_shown_as_in_the_readme(write_deck, run_aetia):
    (shown,) = re.findall(r"^```\n(decks/.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)
    file, line = re.match(r"decks/leukopenia/(.*?):(\d+):", shown).groups()
    written = re.search(r"\| (    mechanisms: .*)", shown)[1]
    head = "causes:\n  methotrexate:\n    cause: Methotrexate\n" + "    # …\n" * (int(line) - 4)
    deck = MINIMAL.partition("causes:")[0]
    folder = write_deck(deck, {file: f"{head}{written}\n    mechanism: Blocks folate\n"}, name="leukopenia")
    done = run_aetia("check", "leukopenia", cwd=folder.parents[1])
    assert "".join(done.stderr.splitlines(keepends=True)[:3]) == shown


def all_commands(command=main, path=("aetia",)):
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from all_commands(command.get_command(context, name), (*path, name))
    if path == ("aetia", "print"):
        from generator.cli.print_stocks import stocks

        yield from all_commands(stocks, (*path, "stocks"))


EXAMPLES = list(
    dict.fromkeys(
        example.strip()
        for _, command in all_commands()
        for example in (command.help or "").partition("Example")[2].splitlines()
        if example.strip().startswith("aetia ")
    )
)


def test_there_are_examples():
    assert len(EXAMPLES) > 25


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_help_is_understood(example, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = shlex.split(re.split(r" [|>] ", example)[0].replace("~", "home"))
    for word in words:
        if "." in word and not word.startswith(("-", "/", "http")):
            (tmp_path / word).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / word).touch()
    context, args = main.make_context("aetia", words[1:]), []
    while isinstance(context.command, click.Group) and (rest := [*context._protected_args, *context.args]):
        name, command, args = context.command.resolve_command(context, rest)
        context = command.make_context(name, args, parent=context)
    assert getattr(context.command, "invoke_without_command", True), "a group that does nothing by itself"
