"""Shared fixtures: decks written from text, the installed command, and the real Anki as the judge.

A test asks for `write_deck`, `build_deck`, `run_aetia` or `anki_import`; each is a function. Names of test files are
unique across folders. Test files may import constants and samples `from conftest`.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest, ImportLogWithChanges
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER as IF_NEWER
from click.testing import CliRunner
from hypothesis import HealthCheck, settings

import generator
from generator.cli.main import main
from generator.load.templates import load_templates
from generator.resources import bundled, list_decks
from generator.workflows.build import Built, build_package
from generator.workflows.prepare import no_progress

pytest_plugins = ("browser",)

NOW = 1_795_500_000
"""The time of a build unless a test says otherwise, in seconds since 1970."""

MINIMAL = """\
deck: Medicine::Hyponatraemia
finding: {name: Hyponatraemia, effect: lower the serum sodium}
causes:
  siadh:
    cause: SIADH
    mechanism: Vasopressin acts despite low tonicity, so water is kept and the urine stays concentrated
  thiazides:
    cause: Thiazide diuretics
    mechanism: Salt is lost in the distal tubule while the medulla can still concentrate urine
"""
"""The smallest deck."""

SHIPPED = tuple(folder.name for folder in list_decks(bundled("decks")))
"""The names of the decks that come with Aetia."""

LANGUAGES = tuple(load_templates(bundled("templates"), None)[0].words)
"""The languages that come with Aetia."""

settings.register_profile(
    "aetia",
    deadline=None,
    database=None,
    derandomize="CI" in os.environ,  # as Hypothesis' own profile for CI: the search for new examples is for desks
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("aetia")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser, which are slow together."""
    for item in items:
        if {"browser", "serve"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
            item.add_marker("slow")


def git(folder: Path, *arguments: str) -> str:
    """Run git, which asks nobody who commits, and return what it says."""
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, *files: str, tag: str | None = None) -> None:
    """Commit files, in a new repository if there is none."""
    git(folder, "init", "-q")
    git(folder, "add", *files)
    git(folder, "commit", "-qm", "Commit")
    if tag:
        git(folder, "tag", tag)


AETIA = (sys.executable, "-c", "from generator.cli.main import main; main()")
"""The command of the Aetia that `PYTHONPATH` names."""


def copy_aetia(root: Path) -> Path:
    """Copy Aetia to a folder where a test may change it, laid out as in a checkout, and return the folder."""
    code = shutil.ignore_patterns("templates", "decks", "*opt-templates*")
    shutil.copytree(Path(generator.__file__).parent, root / "generator", ignore=code)
    shutil.copytree(bundled("templates"), root / "templates")
    return root


@pytest.fixture
def write_deck(tmp_path: Path) -> Callable[..., Path]:
    """`write_deck(text, files={…}, name="deck")` writes a deck into a project of its own and returns its folder.

    `files` are further files by their path in the deck's folder; `../../templates/…` is the project's.
    """

    def write(text: str | bytes, files: Mapping[str, str | bytes] | None = None, name: str = "deck") -> Path:
        folder = tmp_path / "project" / "decks" / name
        for path, content in {"deck.yaml": text, **(files or {})}.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture
def build_deck(tmp_path: Path, write_deck: Callable[..., Path]) -> Callable[..., Built]:
    """`build_deck(text_or_folder, files={…}, name="deck", now=NOW, asked=())` builds a deck that has no errors."""

    def build(
        source: str | Path,
        files: Mapping[str, str | bytes] | None = None,
        name: str = "deck",
        now: int = NOW,
        asked: tuple[str, ...] = (),
    ) -> Built:
        folder = source if isinstance(source, Path) else write_deck(source, files, name)
        built, findings = build_package(folder, tmp_path / f"{folder.name}.apkg", now, no_progress, asked=asked)
        assert built is not None, findings.diagnostics
        return built

    return build


class Imported(NamedTuple):
    """A collection after an import, and the result of the import."""

    collection: Collection
    log: ImportLogWithChanges.Log

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """How many notes were new, updated, untouched and in conflict."""
        log = self.log
        return len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting)


def import_package(collection: Collection, package: Path, update: int = IF_NEWER, merge: bool = False) -> Imported:
    """Import a package with the default options of Anki's import dialog, or with others."""
    options = ImportAnkiPackageOptions(
        merge_notetypes=merge, update_notes=update, update_notetypes=IF_NEWER,
        with_scheduling=False, with_deck_configs=False,
    )  # fmt: skip
    response = collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
    return Imported(collection, response.log)


@pytest.fixture
def open_collection(tmp_path: Path) -> Iterator[Callable[[], Collection]]:
    """`open_collection()` makes a fresh Anki collection, closed after the test."""
    opened: list[Collection] = []

    def make() -> Collection:
        opened.append(Collection(str(tmp_path / f"collection-{len(opened)}.anki2")))
        return opened[-1]

    yield make
    for collection in opened:
        collection.close()


@pytest.fixture
def anki_import(open_collection: Callable[[], Collection]) -> Callable[..., Imported]:
    """`anki_import(package, collection=None)` imports into a collection, by default a fresh one."""

    def run(package: Path, collection: Collection | None = None) -> Imported:
        return import_package(collection or open_collection(), package)

    return run


IN_PROCESS = {"SOURCE_DATE_EPOCH", "LC_ALL"}
"""Environment variables that a command reads when it runs. Others are read at the start and need a process."""


@pytest.fixture
def run_aetia(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`run_aetia(*arguments, cwd=tmp_path, env={…})` runs a command away from any terminal.

    The command runs in this process unless a test sets other variables. A traceback is in its stderr.
    """

    def run(
        *arguments: str | Path, cwd: Path = tmp_path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        surroundings = {
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path / ".config"),
            "COLUMNS": "100",
            "LC_ALL": "C.UTF-8",
            **(env or {}),
        }
        if set(env or {}) - IN_PROCESS:
            command = Path(sysconfig.get_path("scripts"), "aetia")
            return subprocess.run(
                [command, *arguments], cwd=cwd, env={"PATH": os.environ["PATH"], **surroundings}, capture_output=True,
                text=True, encoding="utf-8", timeout=120, check=False,
            )  # fmt: skip
        with contextlib.chdir(cwd):
            words = [str(argument) for argument in arguments]
            done = CliRunner().invoke(main, words, "", surroundings, prog_name="aetia")
        fault = done.exception if not isinstance(done.exception, SystemExit) else None
        trace = "".join(traceback.format_exception(fault)) if fault else ""
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr + trace)

    return run


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Any]:
    """A scene of author and learner (see `stage`) before the first release."""
    from stage import Play

    play = Play(tmp_path)
    yield play
    play.learner.close()


@pytest.fixture
def begun(play: Any) -> Any:
    """A scene whose learner has the first release and has answered some of its cards."""
    from stage import START

    play.learner.take(play.release(START))
    play.learner.answer(8)
    return play
