"""The bundled templates are compiled once for an installation, as Python compiles its own modules."""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import AETIA, MINIMAL, NOW, copy_aetia

NO_COMPILER = "import jinja2; jinja2.Environment._generate = None; "


@pytest.fixture
def build(write_deck, tmp_path):
    """Build a deck with an Aetia of its own, and return the package and that Aetia's folder."""
    deck = write_deck(MINIMAL)
    aetia = copy_aetia(tmp_path / "aetia")

    def build(first="", **variables):
        shutil.rmtree(deck.parent.parent / "dist", ignore_errors=True)
        (deck / "deck.lock").unlink(missing_ok=True)
        surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        surroundings |= {"PYTHONPATH": str(aetia), "SOURCE_DATE_EPOCH": str(NOW), **variables}
        code = f"{first}{AETIA[-1]}"
        done = subprocess.run(
            [sys.executable, "-c", code, "build", "deck"],
            cwd=deck.parent.parent, env=surroundings, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return (deck.parent.parent / "dist/deck.apkg").read_bytes(), aetia / "generator/cards"

    return build


def compiled_in(folder):
    return list(folder.glob("__pycache__/*opt-templates*"))


def test_a_second_build_compiles_no_template_and_makes_the_same_package(build):
    package, folder = build()
    assert len(compiled_in(folder)) == 1
    with pytest.raises(AssertionError, match="NoneType"):
        build(NO_COMPILER, PYTHONPYCACHEPREFIX=str(folder / "elsewhere"))
    assert build(NO_COMPILER)[0] == package


@pytest.mark.parametrize("spoil", [
    lambda kept, _: kept.write_bytes(kept.read_bytes()[:-9]), lambda kept, _: kept.write_bytes(b""),
    lambda kept, _: kept.write_bytes(kept.read_bytes().replace(b"aetia", b"xetia")),
    lambda _, folder: os.utime(folder / "markdown.py", (NOW, NOW)),
], ids=["cut", "empty", "altered", "other-code"])  # fmt: skip
def test_what_is_damaged_or_from_other_code_is_compiled_again(build, spoil):
    package, folder = build()
    (kept,) = compiled_in(folder)
    spoil(kept, folder)
    with pytest.raises(AssertionError, match="NoneType"):
        build(NO_COMPILER)
    assert build()[0] == package
    assert build(NO_COMPILER)[0] == package


def test_a_template_that_changed_is_compiled_again(build):
    _, folder = build()
    clue = folder.parents[1] / "templates/notetypes/cause/mechanism.html"
    clue.write_text(clue.read_text("utf-8").replace("{% block answer %}", "{% block answer %}<i>new</i>"), "utf-8")
    package, _ = build()
    shutil.rmtree(folder / "__pycache__")
    assert build()[0] == package


def test_where_python_keeps_nothing_neither_does_aetia(build):
    _, folder = build(PYTHONDONTWRITEBYTECODE="1")
    assert not compiled_in(folder)
