"""A deck as it stands beside an earlier release: what differs, and what that does to a learner."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from generator.cards.packed import show_packed
from generator.changelog import Changelog, Corrected
from generator.deck import Deck
from generator.diagnostics import Diagnostic, Place
from generator.ledger.changes import Former, compare
from generator.ledger.lock import read_lock
from generator.load.package import load_package
from generator.load.revision import load_revision
from generator.notes import Release
from generator.outputs.apkg import write_apkg
from generator.outputs.changes_json import changes_json
from generator.outputs.changes_text import format_changes
from generator.outputs.release_notes import release_notes
from generator.preparing import Findings, Prepared, drift, locate, memory_of, prepare
from generator.resources import bundled, project_templates

if TYPE_CHECKING:
    from generator.outputs.rehearsal import Rehearsal


@dataclass(frozen=True)
class Compared:
    """Two releases and what differs."""

    old: Release
    new: Release
    changes: Changelog


def rehearse(
    folder: Path, package: Path, old: Path | Release, now: int, seed: int
) -> tuple["Rehearsal | None", Findings]:
    """Play what a build of a deck would do to a learner of an old release. Nothing is written but temporary files.

    `package` is where a build would put it. What no package can undo is among the findings and does not end the play.
    """
    from generator.outputs.rehearsal import RefusedPackageError, rehearse

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
            return rehearse(before, new, seed), locate(diagnostics)
        except RefusedPackageError as error:
            refused = Diagnostic(
                "foreign-package", f"Anki cannot import this file: {error}", Place(before, closed=True)
            )
            return None, locate((*diagnostics, refused))


def open_package(package: Path, with_media: bool = False) -> Former | Diagnostic:
    """Read an earlier release from its package."""
    release = load_package(package, show_packed, with_media)
    return release if isinstance(release, Diagnostic) else Former(release, package.name)


def open_revision(folder: Path, revision: str, workspace: Path) -> tuple[Former | None, Diagnostic | Findings]:
    """Read an earlier release from the sources, templates and lock of a git revision, or say why that cannot be.

    Of the two faults the first is the user's choice of a revision, the second stands in the sources as they were.
    """
    templates = project_templates(folder)
    found = load_revision(folder, revision, templates, workspace)
    if isinstance(found, Diagnostic):
        return None, found
    own = project_templates(found.folder)
    shared = own if own.is_dir() and templates.resolve() == bundled("templates").resolve() else bundled("templates")
    lock, _ = read_lock(found.folder)
    memory = found.folder if lock else folder  # who was who is known even where no lock was kept; when is not
    prepared, diagnostics = prepare(found.folder, found.time, templates=shared, memory=memory)
    if prepared is None:
        return None, locate(diagnostics)
    retired = frozenset(r.guid for r in lock.notes.values() if r.retired is not None) if lock else frozenset()
    return Former(prepared.stamped.release, found.name, retired, lock is not None), locate(())


def diff(folder: Path, package: Path, former: Former, now: int) -> tuple[Compared | None, Findings]:
    """Compare a deck as it stands with an earlier release, without writing. `package` is where a build would put it."""
    memory = memory_of(folder, package)
    prepared, diagnostics = prepare(folder, now, memory=memory if memory.exists() else None)
    if prepared is None:
        return None, locate(diagnostics)
    return Compared(former.release, prepared.stamped.release, changes_since(prepared, former)), locate(diagnostics)


def write_up(compared: Compared, format_: str) -> str:
    """Return what changed as a document: `text`, `markdown`, `json` or `html`."""
    match format_:
        case "html":
            from generator.outputs.changes_page import changes_page

            return changes_page(compared.changes, compared.old.notes, compared.new.notes)
        case "markdown":
            return release_notes(compared.changes)
        case "json":
            return changes_json(compared.changes)
        case _:
            return "".join(f"{line}\n" for line in format_changes(compared.changes, lambda text, _: text))


def changes_since(prepared: Prepared, former: Former) -> Changelog:
    """Return what differs from an earlier release; what came back from retirement counts as retired there."""
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
