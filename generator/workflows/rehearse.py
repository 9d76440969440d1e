"""`aetia rehearse`: what the release that a build would make does to learners of an old one."""

from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, Place, WrongUseError
from generator.model.notes import EarlierRelease, Release
from generator.package.write import write_apkg
from generator.workflows.diff import find_earlier
from generator.workflows.prepare import Findings, drift, known_lock_of, locate, prepare

if TYPE_CHECKING:
    from generator.rehearsal.results import Rehearsal


def rehearse_against(
    folder: Path, package: Path, against: str, now: int, seed: int
) -> tuple["Rehearsal | None", Findings]:
    """Play what a build would do to a learner of the last build, of a git revision or of a package."""
    if find_spec("anki") is None:
        raise WrongUseError("A rehearsal needs Anki's own library. Install it with: pip install 'aetia[anki]'")
    with TemporaryDirectory(prefix="aetia-") as workspace:
        old = _old_release(folder, package, against, Path(workspace))
        if isinstance(old, Findings):
            return None, old
        return rehearse_release(folder, package, old, now, seed)


def _old_release(folder: Path, package: Path, against: str, workspace: Path) -> Path | Release | Findings:
    """Return the release that the learner has: a package, or the release of a git revision."""
    file = package if against == "last" else Path(against)
    if file.is_file():
        return file
    if against == "last" or file.suffix == ".apkg":
        raise WrongUseError(f"There is no package {file}. Build the deck first, or name one with --against.")
    former = find_earlier(folder, package, against, workspace)
    if isinstance(former, EarlierRelease) and not former.timed:
        raise WrongUseError(
            f"{against}: there was no deck.lock, so nobody knows when its notes last changed; name its package instead."
        )
    return former.release if isinstance(former, EarlierRelease) else former


def rehearse_release(
    folder: Path, package: Path, old: Path | Release, now: int, seed: int
) -> tuple["Rehearsal | None", Findings]:
    """Play what a build of a deck would do to a learner of an old release. Nothing is written but temporary files.

    `package` is where a build would write it, and where the last build is, which one learner imports too. What no
    package can undo is among the findings and does not end the play.
    """
    from generator.rehearsal.play import rehearse
    from generator.rehearsal.state import RefusedPackageError

    known = known_lock_of(folder, package)
    prepared, diagnostics = prepare(folder, now, lock_path=known, package=package, retire=True)
    diagnostics = (*diagnostics, *drift(prepared, now, retire=True))
    if prepared is None:
        return None, locate(diagnostics)
    with TemporaryDirectory(prefix="aetia-release-") as temporary:
        new, before = Path(temporary, "new.apkg"), old if isinstance(old, Path) else Path(temporary, "old.apkg")
        write_apkg(prepared.release, new)
        if isinstance(old, Release):
            write_apkg(old, before)
        try:
            between = (package,) if package.is_file() and before != package else ()
            keys = {record.guid: name.key for name, record in prepared.lock.notes.items()}
            return rehearse(before, new, seed, between, keys), locate(diagnostics)
        except RefusedPackageError as error:
            refused = Diagnostic("foreign-package", f"Anki refuses this file: {error}", Place(before, closed=True))
            return None, locate((*diagnostics, refused))
