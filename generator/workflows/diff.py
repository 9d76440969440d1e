"""`aetia diff`: what differs between a deck as it is now and an earlier release."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.changes.changelog import Changelog, Corrected
from generator.changes.compare import compare
from generator.changes.data import changes_json
from generator.changes.markdown import release_notes
from generator.changes.text import format_changes
from generator.diagnostics import Diagnostic, WrongUseError
from generator.ledger.lock import read_lock
from generator.load.deck import load_deck
from generator.load.revision import load_revision
from generator.model.deck import Deck
from generator.model.notes import EarlierRelease, Release
from generator.resources import bundled, project_templates
from generator.workflows.history import open_package
from generator.workflows.prepare import Findings, Prepared, drift, known_lock_of, locate, prepare


@dataclass(frozen=True)
class Compared:
    """Two releases and what differs, with the phrases of the deck."""

    old: Release
    new: Release
    changes: Changelog
    words: Mapping[str, str]


@dataclass(frozen=True)
class WrittenUp:
    """What changed, as data and as a document."""

    changes: Changelog
    document: str


def open_revision(folder: Path, revision: str, workspace: Path) -> tuple[EarlierRelease | None, Diagnostic | Findings]:
    """Read an earlier release from the sources, own templates and lock of a git revision, or return why this failed.

    A Diagnostic is about the user's choice of a revision, Findings are about the sources as they were.
    """
    templates = project_templates(folder).resolve()
    own = None if templates == bundled("templates").resolve() else templates  # the bundled ones go with today's code
    found = load_revision(folder, revision, own, workspace, _namespace_of)
    if isinstance(found, Diagnostic):
        return None, found
    lock, _ = read_lock(found.folder)
    lock_path = found.folder if lock else folder  # without a lock of that time, identities are known but times are not
    prepared, diagnostics = prepare(found.folder, found.time, lock_path=lock_path)
    if prepared is None:
        return None, locate(diagnostics)
    retired = frozenset(r.guid for r in lock.notes.values() if r.retired is not None) if lock else frozenset()
    return EarlierRelease(prepared.release, found.name, retired, lock is not None), locate(())


def _namespace_of(folder: Path) -> str | None:
    """Return what tells a deck from others wherever its folder is: the namespace in its lock, or its id."""
    if lock := read_lock(folder)[0]:
        return lock.namespace
    deck, _ = load_deck(folder)
    return deck.settings.id if deck else None


def diff_against(
    folder: Path, package: Path, against: str, now: int, format_: str
) -> tuple[WrittenUp | None, Findings]:
    """Compare a deck as it is now with the last build, a git revision or a package, and write up what changed."""
    with TemporaryDirectory(prefix="aetia-") as workspace:
        former = find_earlier(folder, package, against, Path(workspace))
        if isinstance(former, Findings):
            return None, former
        compared, findings = diff_deck(folder, package, former, now)
        return WrittenUp(compared.changes, write_up(compared, format_)) if compared else None, findings


def find_earlier(folder: Path, package: Path, against: str, workspace: Path) -> EarlierRelease | Findings:
    """Read the release to compare with, or return what is wrong with its sources as they were.

    A revision is unpacked into the workspace, which must exist until its pictures are read.
    """
    if against == "last" and not package.exists():
        raise WrongUseError(
            f"There is no earlier build at {package}. Build first, or give --against a package or a git revision."
        )
    file = package if against == "last" else Path(against)
    found: EarlierRelease | Diagnostic | Findings
    if file.suffix == ".apkg" or file.is_file():
        found = open_package(file, with_media=True)
    else:
        former, fault = open_revision(folder, against, workspace)
        found = former or fault
    if isinstance(found, Diagnostic):
        hint = f"; {found.hint}" if found.hint else ""
        raise WrongUseError(f"{file if against == 'last' else against}: {found.message}{hint}.")
    return found


def diff_deck(folder: Path, package: Path, former: EarlierRelease, now: int) -> tuple[Compared | None, Findings]:
    """Compare a deck as it is now with an earlier release, without writing. `package` is where a build would write it.

    The findings are what a build would do that no package can undo, such as taking a rename for a new entry.
    """
    known = known_lock_of(folder, package)
    prepared, diagnostics = prepare(folder, now, lock_path=known, package=package)
    if prepared is None:
        return None, locate(diagnostics)
    compared = Compared(former.release, prepared.release, changes_since(prepared, former), prepared.words)
    return compared, locate(tuple(drift(prepared, now, retire=False, lock_path=known)))


def write_up(compared: Compared, format_: str) -> str:
    """Return what changed as a document: `text`, `markdown`, `json` or `html`."""
    match format_:
        case "html":
            from generator.changes.page import changes_page

            return changes_page(compared.changes, compared.old.notes, compared.new.notes)
        case "markdown":
            return release_notes(compared.changes, compared.words)
        case "json":
            return changes_json(compared.changes)
        case _:
            return "".join(f"{line}\n" for line in format_changes(compared.changes, lambda text, _: text))


def changes_since(prepared: Prepared, former: EarlierRelease) -> Changelog:
    """Return what differs from an earlier release. Notes that came back from retirement count as retired there."""
    stamped = prepared.stamped
    returned = {stamped.release.identities[name].guid for name in stamped.returned}
    former = replace(former, retired=former.retired | returned)
    return compare(former, stamped.release, _corrections(prepared.deck))


def _corrections(deck: Deck) -> Mapping[str, Corrected]:
    known = deck.syllabus.corrections
    return {
        key: Corrected(entry.correction, known[entry.correction].says, known[entry.correction].correct)
        for _, key, entry in deck.entries
        if entry.correction and entry.correction in known
    }
