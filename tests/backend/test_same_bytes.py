"""The same sources and the same lock give the same bytes, on any machine, at any time; nothing else is left behind."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest
from conftest import MINIMAL, NOW

from generator.resources import bundled

MACHINES = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "POSIX", "PYTHONUTF8": "0"},
)


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.slow
def test_other_machines_make_the_same_package_and_lock(run_aetia, tmp_path):
    made = set()
    for number, machine in enumerate(MACHINES):
        project = tmp_path / f"machine-{number}"
        shutil.copytree(bundled("decks") / "leukopenia", project / "decks" / "leukopenia")
        done = run_aetia("build", cwd=project, env={**machine, "SOURCE_DATE_EPOCH": "1795500000"})
        assert done.returncode == 0, done.stderr
        made.add((sha256(project / "dist/leukopenia.apkg"), sha256(project / "decks/leukopenia/deck.lock")))
    assert len(made) == 1


def test_a_later_build_of_the_same_makes_the_same(run_aetia, write_deck):
    folder = write_deck(MINIMAL)
    project = folder.parents[1]
    made = set()
    for time in ("1795500000", "1795586400", "1890000000"):
        assert run_aetia("build", cwd=project, env={"SOURCE_DATE_EPOCH": time}).returncode == 0
        made.add((sha256(project / "dist/deck.apkg"), sha256(folder / "deck.lock")))
    assert len(made) == 1


def test_a_package_that_was_lost_is_made_again_to_the_byte(build_deck, write_deck):
    """The lock has the numbers of tags and facets in another order than the first build met them."""
    facets = "facets: {line: {name: Line, ask: Which line?, values: {red: Red}}}\n"
    folder = write_deck(facets + MINIMAL.replace("    cause: SIADH", "    facets: {line: red}\n    cause: SIADH"))
    package = build_deck(folder).package
    first = package.read_bytes()
    package.unlink()
    assert build_deck(folder, now=NOW + 1000).package.read_bytes() == first


def test_the_order_of_files_in_a_folder_and_their_times_do_not_matter(build_deck, write_deck):
    files = {f"causes/{name}.yaml": f"causes: {{{name}: {{cause: {name}, mechanism: It {name}s}}}}" for name in "abc"}
    built = build_deck(MINIMAL, files, name="first")
    first = built.package.read_bytes()
    shutil.rmtree(built.prepared.deck.folder)  # two decks of one name draw a warning
    folder = write_deck(MINIMAL, dict(reversed(files.items())))
    for number, file in enumerate(sorted(folder.rglob("*.yaml"))):
        os.utime(file, (number, number))
    assert build_deck(folder).package.read_bytes() == first


def test_what_a_user_lets_others_do_with_new_files_does_not_matter(build_deck, write_deck):
    made = set()
    for mask in (0o022, 0o077):
        before = os.umask(mask)
        built = build_deck(write_deck(MINIMAL, name=f"mask-{mask}"))
        made.add(built.package.read_bytes())
        shutil.rmtree(built.prepared.deck.folder)  # two decks of one name draw a warning
        os.umask(before)
    assert len(made) == 1


def test_a_build_leaves_nothing_in_the_temporary_folder_and_writes_two_files(run_aetia, write_deck, tmp_path):
    folder = write_deck(MINIMAL)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    project = folder.parents[1]
    assert run_aetia("build", cwd=project, env={"TMPDIR": str(temporary)}).returncode == 0
    assert not list(temporary.iterdir())
    files = sorted(file.relative_to(project).as_posix() for file in project.rglob("*") if file.is_file())
    assert files == ["decks/deck/deck.lock", "decks/deck/deck.yaml", "dist/deck.apkg"]
