"""What Tab completes, asked as a real shell asks it."""

import os
import shutil
import subprocess
import sys
import sysconfig

import pytest
from conftest import MINIMAL

AETIA = f"{sysconfig.get_path('scripts')}/aetia"


def completed(folder, *words):
    """What bash puts in after Tab at the end of the words, with the script that README tells people to load."""
    quoted = " ".join(f"'{word}'" for word in words)
    script = (
        f'eval "$(_AETIA_COMPLETE=bash_source aetia)"; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; '
        '_aetia_completion aetia; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    surroundings = {"PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}", "HOME": str(folder)}
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=surroundings, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not here, so its completion was not tested")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("aetia", "pre"), ["preview"]),
        (("aetia", "build", "ow"), ["own"]),
        (("aetia", "build", "own", "leu"), ["leukopenia"]),
        (("aetia", "preview", "leu"), ["leukopenia"]),
        (("aetia", "new", "cause", "Thing", "--deck", "ow"), ["own"]),
        (("aetia", "explain", "answer-"), ["answer-leaked"]),
        (("aetia", "print", "own", "--stock", "avery-53"), ["avery-5371", "avery-5388", "avery-5389"]),
        (("aetia", "check", "--form"), ["--format"]),
        (("aetia", "check", "--format", "j"), ["json"]),
    ],
)
def test_tab_completes(write_deck, words, offered):
    project = write_deck(MINIMAL, name="own").parents[1]
    assert completed(project, *words) == offered


def test_tab_loads_nothing_heavy(write_deck):
    project = write_deck(MINIMAL, name="own").parents[1]
    surroundings = {"_AETIA_COMPLETE": "bash_complete", "COMP_WORDS": "aetia build ow", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", AETIA], cwd=project, env=surroundings, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout == "plain,own\n"
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "generator.cli.completion" in loaded
    assert not loaded & {"pydantic", "jinja2", "genanki", "yaml", "starlette"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(run_aetia, shell):
    done = run_aetia(env={"_AETIA_COMPLETE": f"{shell}_source"})
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{shell}_complete" in done.stdout
