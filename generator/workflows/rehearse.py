"""`aetia rehearse`: what the release that a build would make does to learners who have an old one."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from generator.diagnostics import Diagnostic, Place
from generator.model.notes import Release
from generator.package.write import write_apkg
from generator.workflows.prepare import Findings, drift, locate, memory_of, prepare

if TYPE_CHECKING:
    from generator.rehearsal.results import Rehearsal


def rehearse_release(
    folder: Path, package: Path, old: Path | Release, now: int, seed: int
) -> tuple["Rehearsal | None", Findings]:
    """Play what a build of a deck would do to a learner of an old release. Nothing is written but temporary files.

    `package` is where a build would put it, and where the last one is, which one learner takes besides the old. What no
    package can undo is among the findings and does not end the play.
    """
    from generator.rehearsal.play import rehearse
    from generator.rehearsal.state import RefusedPackageError

    memory = memory_of(folder, package)
    prepared, diagnostics = prepare(folder, now, memory=memory if memory.exists() else None)
    diagnostics = (*diagnostics, *drift(prepared, now, retire=True))
    if prepared is None:
        return None, locate(diagnostics)
    with TemporaryDirectory(prefix="aetia-release-") as temporary:
        new, before = Path(temporary, "new.apkg"), old if isinstance(old, Path) else Path(temporary, "old.apkg")
        write_apkg(prepared.stamped.release, new)
        if isinstance(old, Release):
            write_apkg(old, before)
        try:
            between = (package,) if package.is_file() and before != package else ()
            return rehearse(before, new, seed, between), locate(diagnostics)
        except RefusedPackageError as error:
            refused = Diagnostic(
                "foreign-package", f"Anki cannot import this file: {error}", Place(before, closed=True)
            )
            return None, locate((*diagnostics, refused))
