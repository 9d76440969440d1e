"""`aetia build`: check a deck, make its notes, write the lock and then the outputs."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from generator.changes.changelog import Changelog, Kind
from generator.changes.compare import recall
from generator.check.review import check_reviewed, reviewed_entries
from generator.diagnostics import Diagnostic
from generator.files import hold
from generator.ledger.lock import Lock, write_lock
from generator.ledger.stamp import only
from generator.model.notes import EarlierRelease, Release
from generator.package.fingerprint import fingerprint
from generator.workflows.check import lint_prepared, settle, without_entries
from generator.workflows.diff import changes_since
from generator.workflows.history import open_package
from generator.workflows.outputs import write_outputs
from generator.workflows.prepare import (
    Findings,
    Prepared,
    Progress,
    day_of,
    drift,
    known_lock_of,
    lock_path_of,
    prepare,
)


@dataclass(frozen=True)
class Built:
    """A package that was written, and the other files beside it.

    `mark` is the fingerprint of what they were made from. It is empty if the next build must write them again.
    `left_out` is the number of notes that rest on an entry without a valid review, if these were not wanted.
    """

    prepared: Prepared
    package: Path
    changes: Changelog
    mark: str = ""
    beside: tuple[Path, ...] = ()
    left_out: int = 0

    @property
    def release(self) -> Release:
        """The notes with their identities and times."""
        return self.prepared.release

    @property
    def lock(self) -> Lock:
        """The lock that was written."""
        return self.prepared.lock

    @property
    def size(self) -> int:
        """The size of the package in bytes."""
        return self.package.stat().st_size


def build_package(
    folder: Path,
    package: Path,
    now: int,
    progress: Progress,
    retire: bool = False,
    *,
    asked: tuple[str, ...] = (),
    recover: Path | None = None,
    reviewed_only: bool = False,
    into: Path | None = None,
    strict: bool = False,
) -> tuple[Built | None, Findings]:
    """Check a deck, make its notes, write the lock and then the outputs; write nothing if there is an error.

    `now` is in seconds since 1970. `asked` are the options whose outputs are wanted. Only one build of a deck runs at a
    time; another waits. Raise OSError and leave the old files if they cannot be written. The lock of a deck of the
    installed package is beside the new package. `retire` says that what is gone is given up on purpose, even a lock in
    git. `recover` is an earlier package whose identities and times count too; without a lock, the last package is used.
    `reviewed_only` packs only what rests on reviewed entries, and `into` a file of its own; the lock is the same as
    without. A strict build also runs everything that `check` does, and stops at warnings.
    """
    lock_path = lock_path_of(folder, package)
    into = into or package
    left_out = 0
    with hold(folder / "deck.yaml"):
        known = known_lock_of(folder, package)
        last = package if package.exists() else into
        prepared, diagnostics = prepare(
            folder, now, progress, lock_path=known, package=last, recover=recover, retire=retire
        )
        former = _last_package(prepared, last)
        diagnostics = (*diagnostics, *drift(prepared, now, retire, known, former))
        if prepared:
            diagnostics += lint_prepared(prepared, now) if strict else tuple(without_entries(prepared))
        if prepared and reviewed_only:
            diagnostics += tuple(check_reviewed(prepared.deck, day_of(now)))
            prepared, left_out = _only_reviewed(prepared, day_of(now))
        findings = settle(folder, diagnostics, prepared.deck if prepared and strict else None)
        if prepared is None or findings.fails(strict):
            return None, findings
        changes = _since_last_build(prepared, former if last == into else _last_package(prepared, into))
        write_lock(lock_path, prepared.lock)
        mark = "" if findings.diagnostics or reviewed_only else fingerprint(folder, package)
        built = Built(prepared, into, changes, mark, left_out=left_out)
        _, *beside = write_outputs(built, asked)
    return replace(built, beside=tuple(beside)), findings


def _last_package(prepared: Prepared | None, package: Path) -> EarlierRelease | None:
    """Return the package that a build replaces, if it can be read."""
    if prepared is None or not package.exists():
        return None
    former = open_package(package)
    return None if isinstance(former, Diagnostic) else former


def _since_last_build(prepared: Prepared, former: EarlierRelease | None) -> Changelog:
    """Return what a build changes, compared with the package that it replaces if the lock matches, or with the lock.

    The lock can be ahead of that package: a build of another package has written it.
    """
    stamped = prepared.stamped
    if former is None or not _remembers(prepared.before, former.release):
        return recall(stamped)
    retired = {record.guid for record in stamped.lock.notes.values() if record.retired is not None}
    changes = changes_since(prepared, former)
    kept = (entry for entry in changes.entries if entry.kind is not Kind.RETIRED or entry.guid in retired)
    return replace(changes, entries=tuple(kept))


def _remembers(lock: Lock | None, release: Release) -> bool:
    """Return whether a release was made with this lock or an earlier state of it, and not on another branch."""
    times = {record.guid: record.modified for record in lock.notes.values()} if lock else {}
    return all(times.get(identity.guid, -1) >= identity.modified for identity in release.identities.values())


def _only_reviewed(prepared: Prepared, today: date) -> tuple[Prepared, int]:
    """Leave out what does not rest only on reviewed entries, and return how many notes that are."""
    holding = reviewed_entries(prepared.deck, today)
    release = prepared.release
    kept = tuple(note for note in release.notes.notes if note.entries and holding.issuperset(note.entries))
    used = {name for note in kept for name in note.media}
    types = {note.note_type for note in kept}
    notes = replace(
        release.notes,
        notes=kept,
        note_types={key: note_type for key, note_type in release.notes.note_types.items() if key in types},
        media=tuple(media for media in release.notes.media if media.name in used),
        withheld=tuple(card for card in release.notes.withheld if card.entry in holding),
    )
    left_out = len(release.notes.notes) - len(kept)
    return replace(prepared, stamped=only(prepared.stamped, replace(release, notes=notes))), left_out
