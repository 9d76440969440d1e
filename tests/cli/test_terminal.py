"""What reaches a terminal, a workflow or a narrow code page, and what the system's faults look like there."""

import errno
import os
import re
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import MINIMAL
from hypothesis import given
from hypothesis import strategies as st

from generator.cli.main import main
from generator.report.terminal import say, shown

AETIA = Path(sysconfig.get_path("scripts"), "aetia")
HOSTILE = MINIMAL.replace("deck: Medicine::Hyponatraemia", r'deck: "::warning::x\e[2Jy"')
COLOUR = re.compile(r"\x1b\[\d+m")


@given(st.text())
def test_whatever_the_text_is_one_line_of_it_is_shown_and_nothing_else_is_done(text):
    line = COLOUR.sub("", shown(text))
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]", line)
    assert shown(line) == line


@pytest.mark.parametrize("line", ["::warning::x", "  ::set-output::x", "\x1b[1m::error::x"])
def test_no_line_can_be_a_command_to_a_workflow(line, capsys):
    say(line)
    assert not capsys.readouterr().out.strip().startswith("::")


def test_a_deck_cannot_send_escapes_new_lines_or_commands_through_its_names(run_aetia, write_deck):
    folder = write_deck(HOSTILE.replace("  siadh:\n    cause: SIADH", '  "si\\nadh":\n    cause: "SI\\e[2JADH"'))
    for arguments in (("check",), ("check", "--format", "github"), ("build",), ("why", "--deck")):
        done = run_aetia(*arguments, folder, *(("siadh",) if arguments[0] == "why" else ()), cwd=folder.parents[1])
        for line in (done.stdout + done.stderr).splitlines():
            assert "\x1b" not in line
            assert not line.startswith("::warning::x")
            assert not line.startswith("adh")


def test_a_code_page_that_lacks_a_character_does_not_stop_a_build(run_aetia, write_deck):
    folder = write_deck(MINIMAL.replace("Medicine::Hyponatraemia", "Βάση δεδομένων 漢"))
    done = run_aetia("build", folder, cwd=folder.parents[1], env={"PYTHONIOENCODING": "cp1252"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "?" in done.stdout


def test_a_working_directory_that_is_gone_is_a_message(tmp_path):
    gone = tmp_path / "gone"
    script = f"import os, shutil; os.chdir({str(gone)!r}); shutil.rmtree({str(gone)!r}); os.execv({str(AETIA)!r}, a)"
    for command in (["build"], ["check"], ["new", "deck", "X", "--effect", "y"]):
        gone.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", f"a = {['aetia', *command]!r}; {script}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (1, 2), command
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "place"),
    [
        (("check", "X" * 300), None),
        (("init", "file/x"), None),
        (("new", "deck", "X", "--effect", "y"), "decks"),
        (("new", "notetype", "cause"), "templates"),
        (("build", "small", "--text"), "dist"),
        (("print", "stocks", "add", "decks/small/deck.yaml"), None),
        (("preview", "small", "--export", "file/x.html"), None),
        (("diff", "small", "--against", "X" * 300), None),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, tuple) else "",
)
def test_what_the_system_refuses_is_a_message_in_every_command(command, place, write_deck, monkeypatch):
    project = write_deck(MINIMAL, name="small").parents[1]
    (project / "file").write_text("in the way")
    if place == "decks":
        (project / "decks" / "x").write_text("in the way")
    elif place:
        (project / place).write_text("in the way")
    monkeypatch.chdir(project)
    result = CliRunner().invoke(main, command)
    assert result.exit_code in (1, 2)
    assert isinstance(result.exception, SystemExit), result.exception
    assert "Error" in result.stderr or "error" in result.stderr


def test_a_full_disk_is_a_message_that_names_the_file(write_deck, monkeypatch):
    project = write_deck(MINIMAL, name="small").parents[1]
    monkeypatch.chdir(project)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    for command in (["build"], ["new", "cause", "X"], ["new", "source", "x2020"]):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit), result.exception
        assert "No space left" in result.stderr


def test_ctrl_c_ends_the_preview_without_a_word(write_deck):
    folder = write_deck(MINIMAL)
    preview = subprocess.Popen(
        [AETIA, "preview", folder, "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert "Ctrl-C" in preview.stdout.readline()
    time.sleep(1)  # the page follows the folder by then
    preview.send_signal(signal.SIGINT)
    assert preview.communicate(timeout=30) == ("", "")
    assert preview.returncode == 0
