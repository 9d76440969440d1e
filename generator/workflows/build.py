"""`aetia build`: check a deck, make its notes, write the lock and then the package."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from generator.changes.changelog import Changelog, Kind
from generator.changes.compare import recall
from generator.check.review import check_reviewed, reviewed_entries
from generator.diagnostics import Diagnostic
from generator.files import hold
from generator.ledger.lock import Lock, write_lock
from generator.ledger.search import search_strings
from generator.model.notes import Release, Withheld
from generator.package.fingerprint import fingerprint
from generator.package.how_to_update import SUFFIX, write_how_to_update
from generator.package.update_text import write_update_text
from generator.package.write import write_apkg
from generator.workflows.check import lint_prepared, settle
from generator.workflows.diff import changes_since
from generator.workflows.history import open_package
from generator.workflows.prepare import Findings, Prepared, Progress, drift, memory_of, prepare


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
    `retire` says that what is gone is given up on purpose, also a lock that git remembers. `recover` is an earlier
    package whose identities and times count too; without a lock the package that is there is one. `reviewed_only` packs
    what rests on reviewed entries alone; the lock remembers the same notes as without. A strict build looks for
    everything that `check` looks for and stops at warnings too.
    """
    memory = memory_of(folder, package)
    with hold(folder / "deck.yaml"):
        known = memory if memory.exists() else folder
        prepared, diagnostics = prepare(
            folder, now, progress, memory=known, package=package, recover=recover, retire=retire
        )
        diagnostics = (*diagnostics, *drift(prepared, now, retire, known))
        if prepared and strict:
            diagnostics += lint_prepared(prepared, now)
        if prepared and reviewed_only:
            prepared, faults = _only_reviewed(prepared, now)
            diagnostics += faults
        findings = settle(folder, diagnostics, complete=prepared is not None and strict)
        if prepared is None or findings.fails(strict):
            return None, findings
        changes = _since_last_build(prepared, package)
        write_lock(memory, prepared.stamped.lock)
        current = "" if findings.diagnostics or reviewed_only else fingerprint(folder, package)
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


def _since_last_build(prepared: Prepared, package: Path) -> Changelog:
    """What a build changes: against the package that it replaces, if the lock remembers that, or against the lock."""
    stamped = prepared.stamped
    if prepared.before == stamped.lock:  # nothing to tell, and a large package takes long to read
        return recall(stamped)
    former = open_package(package) if package.exists() else None
    if isinstance(former, Diagnostic) or former is None or not _remembers(prepared.before, former.release):
        return recall(stamped)
    retired = {stamped.lock.notes[name].guid for name in stamped.retired}
    changes = changes_since(prepared, former)
    kept = (entry for entry in changes.entries if entry.kind is not Kind.RETIRED or entry.guid in retired)
    return replace(changes, entries=tuple(kept))


def _remembers(lock: Lock | None, release: Release) -> bool:
    """Whether a release was made with a lock, or with what the lock was then; another branch has another lock."""
    times = {record.guid: record.modified for record in lock.notes.values()} if lock else {}
    return all(times.get(identity.guid, -1) >= identity.modified for identity in release.identities.values())


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
