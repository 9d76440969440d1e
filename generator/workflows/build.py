"""`aetia build`: check a deck, make its notes, write the lock and then the package."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from generator.changes.changelog import Changelog
from generator.changes.compare import recall
from generator.check.review import check_reviewed, reviewed_entries
from generator.diagnostics import Diagnostic
from generator.files import hold
from generator.ledger.lock import lock_file, write_lock
from generator.ledger.search import search_strings
from generator.model.notes import EarlierRelease, Withheld
from generator.package.fingerprint import fingerprint
from generator.package.how_to_update import SUFFIX, write_how_to_update
from generator.package.update_text import write_update_text
from generator.package.write import write_apkg
from generator.workflows.check import lint_prepared, settle
from generator.workflows.diff import changes_since, open_package
from generator.workflows.prepare import Findings, Prepared, Progress, drift, locate, memory_of, prepare


@dataclass(frozen=True)
class Built:
    """A package that was written."""

    prepared: Prepared
    package: Path
    size: int
    changes: Changelog


def build_package(  # noqa: PLR0913  # the last two are for the author's rare decisions
    folder: Path,
    package: Path,
    now: int,
    progress: Progress,
    retire: bool = False,
    *,
    recover: Path | None = None,
    reviewed_only: bool = False,
    strict: bool = False,
) -> tuple[Built | None, Findings]:
    """Check a deck, make its notes, write the lock and then the package; write nothing if there is an error.

    `now` is in seconds since 1970. One build of a deck at a time: another waits. Raises OSError, with the old files
    whole, if the disk does not let us write. The lock of a deck of the installed package stands beside the new package.
    `retire` says that what is gone is given up on purpose. `recover` is an earlier package whose identities and times
    count too; without a lock the package that is there is one. `reviewed_only` packs what rests on reviewed entries
    alone; the lock remembers the same notes as without. A strict build looks for everything that `check` looks for and
    stops at warnings too.
    """
    memory = memory_of(folder, package)
    with hold(folder / "deck.yaml"):
        known = memory if memory.exists() else folder
        former = _find_former(known, package, recover)
        if isinstance(former, Diagnostic):
            return None, locate((former,))
        prepared, diagnostics = prepare(folder, now, progress, memory=known, former=former)
        diagnostics = (*diagnostics, *drift(prepared, now, retire))
        if prepared and strict:
            diagnostics += lint_prepared(prepared, now)
        if prepared and reviewed_only:
            prepared, faults = _only_reviewed(prepared, now)
            diagnostics += faults
        findings = settle(folder, diagnostics, prepared.deck if prepared and strict else None)
        if prepared is None or findings.fails(strict):
            return None, findings
        changes = _since_last_build(prepared, package)
        write_lock(memory, prepared.stamped.lock)
        current = b"" if findings.diagnostics or reviewed_only else fingerprint(folder, package)
        write_apkg(prepared.stamped.release, package, current)
    return Built(prepared, package, package.stat().st_size, changes), findings


def write_update(built: Built) -> tuple[Path, Path]:
    """Write the update text and the page for learners beside a package that was built.

    Raises OSError, with the old files whole, if the disk does not let us write.
    """
    prepared = built.prepared
    release, lock = prepared.stamped.release, prepared.stamped.lock
    text = built.package.with_suffix(".update.txt")
    page = built.package.with_suffix(SUFFIX)
    retired = [name for name, record in lock.notes.items() if record.retired is not None]
    searches = search_strings(retired, release.notes, lock)
    write_update_text(release, text)
    write_how_to_update(page, prepared.words, release.notes.deck, prepared.deck.settings.language, searches)
    return text, page


def _find_former(memory: Path, package: Path, recover: Path | None) -> EarlierRelease | Diagnostic | None:
    """The release whose identities count besides those in the lock: one that was named or, without a lock, the last."""
    if recover:
        return open_package(recover)
    if lock_file(memory).exists() or not package.exists():
        return None
    former = open_package(package)
    return former if isinstance(former, EarlierRelease) else None


def _since_last_build(prepared: Prepared, package: Path) -> Changelog:
    """What a build changes: against the package that it replaces or, without one, as far as the lock remembers."""
    if prepared.before == prepared.stamped.lock:  # nothing to tell, and a large package takes long to read
        return recall(prepared.stamped)
    former = open_package(package) if package.exists() else None
    if isinstance(former, EarlierRelease):
        return changes_since(prepared, former)
    return recall(prepared.stamped)


def _only_reviewed(prepared: Prepared, now: int) -> tuple[Prepared, tuple[Diagnostic, ...]]:
    """Leave out of a release what does not rest on reviewed entries alone."""
    today = datetime.fromtimestamp(now, UTC).date()
    holding = reviewed_entries(prepared.deck, today)
    release = prepared.stamped.release
    kept = tuple(note for note in release.notes.notes if note.entries and holding.issuperset(note.entries))
    out = (Withheld(note.key, note.note_type, "not reviewed") for note in release.notes.notes if note not in kept)
    used = {name for note in kept for name in note.media}
    types = {note.note_type for note in kept}
    notes = replace(
        release.notes,
        notes=kept,
        note_types={key: note_type for key, note_type in release.notes.note_types.items() if key in types},
        media=tuple(media for media in release.notes.media if media.name in used),
        withheld=(*release.notes.withheld, *out),
    )
    stamped = replace(prepared.stamped, release=replace(release, notes=notes))
    return replace(prepared, stamped=stamped), tuple(check_reviewed(prepared.deck, today))
