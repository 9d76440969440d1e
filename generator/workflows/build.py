"""`aetia build`: check a deck, make its notes, write the lock and then what is handed out."""

from collections.abc import Callable, Iterator
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
from generator.model.notes import EarlierRelease, Release
from generator.package.fingerprint import ends_in, fingerprint, is_current
from generator.package.how_to_update import SUFFIX, write_how_to_update
from generator.package.update_text import write_update_text
from generator.package.write import write_apkg
from generator.workflows.check import lint_prepared, settle
from generator.workflows.diff import changes_since
from generator.workflows.history import open_package
from generator.workflows.prepare import Findings, Prepared, Progress, drift, lock_path_of, prepare


@dataclass(frozen=True)
class Built:
    """A package that was written, and the further files beside it.

    `mark` is the fingerprint of what they were made from, empty if the next build is to be made in any case.
    """

    prepared: Prepared
    package: Path
    changes: Changelog
    mark: str = ""
    beside: tuple[Path, ...] = ()

    @property
    def release(self) -> Release:
        """The notes with who they are and when they changed."""
        return self.prepared.release

    @property
    def lock(self) -> Lock:
        """The lock that was written."""
        return self.prepared.lock

    @property
    def size(self) -> int:
        """The size of the package in bytes."""
        return self.package.stat().st_size


@dataclass(frozen=True)
class Current:
    """A package, and all that was asked for with it, that a build would write again as they are."""

    deck: str
    package: Path


def _write_package(built: Built, file: Path) -> None:
    write_apkg(built.release, file, built.mark)


def _write_update_text(built: Built, file: Path) -> None:
    write_update_text(built.release, file)


def _write_how_to_update(built: Built, file: Path) -> None:
    deck, notes = built.prepared.deck, built.release.notes
    retired = [name for name, record in built.lock.notes.items() if record.retired is not None]
    searches = search_strings(retired, notes, built.lock)
    write_how_to_update(file, built.prepared.words, notes.deck, deck.settings.language, searches)


@dataclass(frozen=True)
class Output:
    """A file that a build writes: what its name ends in, what writes it, and the option that asks for it, if any.

    The fingerprint of the sources tells a later build that a file is current. The package carries its own; another file
    gets it at its end in a `frame`, which readers of its kind pass over. A file that has no room for a frame is written
    by every build that is asked for it.
    """

    suffix: str
    write: Callable[[Built, Path], None]
    option: str | None = None
    frame: tuple[bytes, bytes] | None = None


OUTPUTS = (
    Output(".apkg", _write_package),
    Output(".update.txt", _write_update_text, option="text", frame=(b"# ", b"\n")),
    Output(SUFFIX, _write_how_to_update, option="text", frame=(b"<!-- ", b" -->\n")),
)
"""Everything that a build writes, the package first. A build is made when one that is asked for is not current."""


def build_deck(
    folder: Path,
    package: Path,
    now: int,
    progress: Progress,
    *,
    asked: tuple[str, ...] = (),
    retire: bool = False,
    recover: Path | None = None,
    reviewed_only: bool = False,
    strict: bool = False,
) -> tuple[Built | Current | None, Findings]:
    """Build a deck as `build_package` does, or do nothing if all that it would write is current.

    What needs the notes or changes the package is built in any case.
    """
    anew = reviewed_only or strict or recover is not None
    if not anew and all(_is_current(output, folder, package) for output in _outputs(asked)):
        return Current(folder.name, package), Findings((), {})
    return build_package(
        folder, package, now, progress, retire, asked=asked, recover=recover, reviewed_only=reviewed_only, strict=strict
    )


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
    strict: bool = False,
) -> tuple[Built | None, Findings]:
    """Check a deck, make its notes, write the lock and then the outputs; write nothing if there is an error.

    `now` is in seconds since 1970; `asked` are the options whose outputs are wanted. One build of a deck at a time:
    another waits. Raises OSError, with the old files whole, if the disk does not let us write. The lock of a deck of
    the installed package stands beside the new package.
    `retire` says that what is gone is given up on purpose, also a lock that git remembers. `recover` is an earlier
    package whose identities and times count too; without a lock the package that is there is one. `reviewed_only` packs
    what rests on reviewed entries alone; the lock remembers the same notes as without. A strict build looks for
    everything that `check` looks for and stops at warnings too.
    """
    lock_path = lock_path_of(folder, package)
    with hold(folder / "deck.yaml"):
        known = lock_path if lock_path.exists() else folder
        prepared, diagnostics = prepare(
            folder, now, progress, lock_path=known, package=package, recover=recover, retire=retire
        )
        former = _last_package(prepared, package)
        diagnostics = (*diagnostics, *drift(prepared, now, retire, known, former))
        if prepared and strict:
            diagnostics += lint_prepared(prepared, now)
        if prepared and reviewed_only:
            prepared, faults = _only_reviewed(prepared, now)
            diagnostics += faults
        findings = settle(folder, diagnostics, prepared.deck if prepared and strict else None)
        if prepared is None or findings.fails(strict):
            return None, findings
        changes = _since_last_build(prepared, former)
        write_lock(lock_path, prepared.lock)
        mark = "" if findings.diagnostics or reviewed_only else fingerprint(folder, package)
        built = Built(prepared, package, changes, mark)
        _, *beside = (_write(output, built) for output in _outputs(asked))
    return replace(built, beside=tuple(beside)), findings


def _outputs(asked: tuple[str, ...]) -> Iterator[Output]:
    return (output for output in OUTPUTS if output.option in (None, *asked))


def _write(output: Output, built: Built) -> Path:
    file = built.package.with_suffix(output.suffix)
    output.write(built, file)
    if output.frame and built.mark:
        with file.open("ab") as stream:  # a file that a kill leaves without its mark is whole, and written again
            stream.write(_framed(built.mark, output.frame))
    return file


def _is_current(output: Output, folder: Path, package: Path) -> bool:
    if output is OUTPUTS[0]:
        return is_current(package, folder)
    return output.frame is not None and ends_in(
        package.with_suffix(output.suffix), _framed(fingerprint(folder, package), output.frame)
    )


def _framed(mark: str, frame: tuple[bytes, bytes]) -> bytes:
    return f"aetia {mark}".encode().join(frame)


def _last_package(prepared: Prepared | None, package: Path) -> EarlierRelease | None:
    """The package that a build replaces, if it can be read."""
    if prepared is None or not package.exists():
        return None
    former = open_package(package)
    return None if isinstance(former, Diagnostic) else former


def _since_last_build(prepared: Prepared, former: EarlierRelease | None) -> Changelog:
    """What a build changes: against the package that it replaces, if the lock remembers that, or against the lock."""
    stamped = prepared.stamped
    same = prepared.before == stamped.lock
    if same or former is None or not _remembers(prepared.before, former.release):
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
    release = prepared.release
    kept = tuple(note for note in release.notes.notes if note.entries and holding.issuperset(note.entries))
    used = {name for note in kept for name in note.media}
    types = {note.note_type for note in kept}
    notes = replace(
        release.notes,
        notes=kept,
        note_types={key: note_type for key, note_type in release.notes.note_types.items() if key in types},
        media=tuple(media for media in release.notes.media if media.name in used),
    )
    stamped = replace(prepared.stamped, release=replace(release, notes=notes))
    return replace(prepared, stamped=stamped), tuple(check_reviewed(prepared.deck, today))
