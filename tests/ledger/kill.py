"""Kill builds at random moments and look at what they leave: `python tests/ledger/kill.py random 200`.

With `steps` instead of `random` each build is killed a few steps later in the writing of its files, up to the last.

After every kill the package is the old one or the new one and whole, the lock can be read, and the next build gives
the same bytes as one that nobody disturbed.
"""

import os
import random
import signal
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from generator.files import write_whole
from generator.ledger.lock import read_lock
from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress

START = 1_795_500_000
CAUSES = 60
STRIDE = 29
"""Python's steps between two kills."""


def text(release: int) -> str:
    """The deck at one release: one cause changes with each, one comes in and one goes now and then."""
    causes = (
        f"  cause-{n}: {{cause: Cause {n}, mechanism: Works by {n} in release {release if n == release % 50 else 0}}}\n"
        for n in range(CAUSES + release % 7)
    )
    return "deck: Killed\nfinding: {name: Finding, effect: cause it}\ncauses:\n" + "".join(causes)


def build(folder: Path, package: Path, now: int) -> None:
    """Build the deck as it stands, as the command does."""
    built, findings = build_package(folder, package, now, no_progress)
    assert built, findings.diagnostics


def start(folder: Path, package: Path, now: int, events: int | None = None) -> int:
    """Build in a process of its own; with `events` it kills itself at that step of writing."""
    process = os.fork()
    if process:
        return process
    if events is not None:
        _kill_self_after(events)
    try:
        build(folder, package, now)
    finally:
        os._exit(0)


def inspect(folder: Path, package: Path, old: bytes, now: int) -> str:
    """What a build killed at a time left; raises AssertionError if that is anything but the old or the new, whole.

    The next build is a later one. What it makes of a new package shows whether the lock knew its times.
    """
    lock, faults = read_lock(folder)
    assert lock is not None, "the lock is lost"
    assert not faults, faults
    left = package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
    newest = lock.newest
    build(folder, package, now + 5)
    right = package.read_bytes()
    assert left in (old, right), "the package is neither the old nor the new one"
    assert sorted(file.name for file in folder.iterdir()) == ["deck.lock", "deck.yaml"], "a killed build left files"
    assert list(package.parent.iterdir()) == [package], "a killed build left files"
    after, _ = read_lock(folder)
    assert after
    assert {name: record.guid for name, record in lock.notes.items()}.items() <= {
        name: record.guid for name, record in after.notes.items()
    }.items()
    if left != old:
        return "new package"
    return "old package, new lock" if newest == now else "old package, old lock"


def play(builds: int, seed: int, at_steps: bool = False) -> Counter[str]:
    """Kill builds one after the other; return how often each state was found."""
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    with TemporaryDirectory(prefix="aetia-kill-") as temporary:
        folder, package = Path(temporary, "deck"), Path(temporary, "dist", "deck.apkg")
        folder.mkdir()
        (folder / "deck.yaml").write_text(text(0))
        build(folder, package, START)
        began = time.perf_counter()
        build(folder, package, START)
        duration = time.perf_counter() - began
        for release in range(1, builds + 1):
            now = START + 10 * release
            old = package.read_bytes()
            (folder / "deck.yaml").write_text(text(release))
            process = start(folder, package, now, STRIDE * release if at_steps else None)
            if not at_steps:
                time.sleep(chance.uniform(0, 1.2 * duration))
                os.kill(process, signal.SIGKILL)
            _, status = os.waitpid(process, 0)
            found["killed" if os.WIFSIGNALED(status) else "finished before the kill"] += 1
            found[inspect(folder, package, old, now)] += 1
            if at_steps and not os.WIFSIGNALED(status):
                break
    return found


def _kill_self_after(events: int) -> None:
    """Die at the n-th step that Python takes while it writes a file."""
    left, depth = events, 0

    def hook(frame: FrameType, event: str, _: object) -> None:
        nonlocal left, depth
        if frame.f_code is write_whole.__code__ and event in ("call", "return"):
            depth += 1 if event == "call" else -1
        if depth:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(hook)


if __name__ == "__main__":
    mode, builds = sys.argv[1:]
    for state, times in sorted(play(int(builds), seed=1, at_steps=mode == "steps").items()):
        print(f"{times:>5} {state}")  # noqa: T201  # this is a program
