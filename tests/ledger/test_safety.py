"""Whatever happens to a build, the old package and a usable lock are there afterwards."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MINIMAL, NOW

from generator.files import hold, write_whole
from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress

COMMAND = "from generator.cli.main import main; main()"
KILL = Path(__file__).with_name("kill.py")
UNSHARE = shutil.which("unshare") is not None and not subprocess.run(["unshare", "-rm", "true"], check=False).returncode
needs_mounts = pytest.mark.skipif(not UNSHARE, reason="this system lets nobody mount a disk of their own")


def kill(*arguments):
    done = subprocess.run([sys.executable, KILL, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {line.strip().partition(" ")[2]: int(line.split()[0]) for line in done.stdout.splitlines()}


@pytest.mark.slow
def test_build_that_is_killed_at_any_moment_leaves_the_old_or_the_new():
    """The long form is `python tests/ledger/kill.py random 200`."""
    assert sum(kill("random", "20").values()) == 40


@pytest.mark.slow
def test_build_that_is_killed_at_each_step_of_writing_leaves_the_old_or_the_new():
    found = kill("steps", "200")
    assert found["finished before the kill"] == 1
    assert found["old package, old lock"] > 0
    assert found["old package, new lock"] > 0


def test_part_of_a_killed_build_is_cleared_away(build_deck):
    built = build_deck(MINIMAL)
    folder = built.prepared.deck.folder
    parts = (folder / ".deck.lock.abcd1234.part", built.package.parent / f".{built.package.name}.abcd1234.part")
    for part in parts:
        part.write_text("half")
    (folder / "deck.yaml").write_text(MINIMAL.replace("lost", "wasted"))
    build_deck(folder, now=NOW + 10)
    assert not any(part.exists() for part in parts)


def test_part_that_another_process_is_writing_is_left_alone(tmp_path):
    part = tmp_path / ".file.abcd1234.part"
    part.write_text("half")
    with hold(part):
        write_whole(tmp_path / "file", b"whole")
        assert part.exists()
    write_whole(tmp_path / "file", b"whole")
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_second_build_at_the_same_time_is_refused_when_the_first_does_not_end(write_deck):
    folder = write_deck(MINIMAL)
    with (
        hold(folder / "deck.yaml"),
        pytest.raises(TimeoutError, match="still running"),
        hold(folder / "deck.yaml", 0.2),
    ):
        pass
    assert list(folder.iterdir()) == [folder / "deck.yaml"]


@pytest.mark.slow
def test_two_builds_at_once_come_to_one_lock_and_package(write_deck, tmp_path):
    folder = write_deck(MINIMAL)
    command = [sys.executable, "-c", COMMAND, "build", str(folder), "-o", str(tmp_path / "deck.apkg")]
    builds = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    for build in builds:
        _, errors = build.communicate(timeout=60)
        assert build.returncode == 0, errors
    before = (tmp_path / "deck.apkg").read_bytes()
    built, _ = build_package(folder, tmp_path / "deck.apkg", NOW + 10**6, no_progress)
    assert built.prepared.stamped.untouched == 2
    assert (tmp_path / "deck.apkg").read_bytes() == before


def on_a_disk(folder, mount):
    """Run the build of a changed deck on a disk that is mounted for it alone; return its end and what it left."""
    (folder / "deck.yaml").write_text(MINIMAL.replace("lost", "wasted" * 300))
    build = f'"$0" -c "{COMMAND}" build deck -o dist/deck.apkg'
    script = f"set -e; {mount}; set +e; {build}; end=$?; ls -A dist deck; exit $end"
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, sys.executable],
        cwd=folder.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def released(write_deck):
    """A deck with a release in `dist/` beside it."""
    folder = write_deck(MINIMAL)
    build_package(folder, folder.parent / "dist/deck.apkg", NOW, no_progress)
    return folder


@needs_mounts
def test_full_disk_leaves_the_old_package_and_a_usable_lock(released):
    package = released.parent / "dist/deck.apkg"
    before = package.read_bytes()
    full = (
        "cp dist/deck.apkg . && mount -t tmpfs -o size=40k tmpfs dist && cp deck.apkg dist "
        "&& (cat /dev/zero > dist/filler 2>/dev/null || true)"
    )
    done = on_a_disk(released, full + ' && trap "cp dist/deck.apkg left.apkg" EXIT')
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "deck.apkg" in done.stderr
    assert "Traceback" not in done.stderr
    assert ".part" not in done.stdout
    assert (released.parent / "left.apkg").read_bytes() == before
    built, findings = build_package(released, package, NOW + 50, no_progress)
    assert built, findings
    assert built.prepared.stamped.untouched == 2, "the lock was written before the package and holds"


@needs_mounts
@pytest.mark.parametrize("place", ["deck", "dist"])
def test_read_only_folder_leaves_the_old_package_and_lock(released, place):
    package, lock = released.parent / "dist/deck.apkg", released / "deck.lock"
    before = package.read_bytes(), lock.read_bytes()
    done = on_a_disk(released, f"mount --bind {place} {place} && mount -o remount,ro,bind {place}")
    assert done.returncode == 1
    assert "Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr
    assert package.read_bytes() == before[0]
    assert (lock.read_bytes() == before[1]) == (place == "deck")


def test_file_in_place_of_the_folder_is_told(run_aetia, write_deck):
    folder = write_deck(MINIMAL)
    (folder.parent / "dist").write_text("a file")
    done = run_aetia("build", "deck", "-o", "dist/deck.apkg", cwd=folder.parent)
    assert done.returncode == 1
    assert "dist/deck.apkg" in done.stderr
    assert "Traceback" not in done.stderr


def test_folder_in_place_of_the_lock_is_told(run_aetia, write_deck):
    folder = write_deck(MINIMAL, {"deck.lock/x": ""})
    done = run_aetia("build", "deck", "-o", "deck.apkg", cwd=folder.parent)
    assert done.returncode == 1
    assert "error[damaged-lock]" in done.stderr
    assert not (folder.parent / "deck.apkg").exists()


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/St_Johns"])
def test_same_sources_and_lock_give_the_same_bytes_on_any_day_in_any_zone(run_aetia, write_deck, zone):
    folder = write_deck(MINIMAL)
    packages = []
    for seed, day in (("1", 0), ("77", 1), ("4242", 400)):
        surroundings = {"TZ": zone, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": str(NOW + day * 86_400)}
        done = run_aetia("build", folder, "-o", f"{day}.apkg", cwd=folder.parent, env=surroundings)
        assert done.returncode == 0, done.stderr
        packages.append((folder.parent / f"{day}.apkg").read_bytes())
    assert len(set(packages)) == 1


def test_time_that_is_not_a_number_is_wrong_use(run_aetia, write_deck):
    done = run_aetia("build", write_deck(MINIMAL), env={"SOURCE_DATE_EPOCH": "tomorrow"})
    assert done.returncode == 2
    assert "SOURCE_DATE_EPOCH" in done.stderr


@needs_mounts
def test_full_folder_for_temporary_files_leaves_the_old_package_and_a_usable_lock(released):
    package = released.parent / "dist/deck.apkg"
    before = package.read_bytes()
    done = on_a_disk(released, "mkdir tmp; mount -t tmpfs -o size=40k tmpfs tmp; export TMPDIR=$PWD/tmp")
    assert done.returncode == 1
    assert "disk is full" in done.stderr
    assert package.read_bytes() == before
    assert package.name in done.stdout


def test_build_leaves_nothing_among_temporary_files(write_deck, run_aetia, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    assert run_aetia("build", write_deck(MINIMAL), "-o", tmp_path / "deck.apkg").returncode == 0
    assert not any(temporary.iterdir())
