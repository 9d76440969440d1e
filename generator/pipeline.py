"""The way the data goes: short functions that read as the drawing in the design. No printing, no exits, no clock."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from generator.cards.packed import show_packed
from generator.cards.provenance import Trace, known_keys, names_of, resting_on, trace
from generator.cards.render import deck_words, render_notes
from generator.changelog import Changelog, Corrected
from generator.check.review import check_reviewed, reviewed_entries
from generator.check.rules import check_deck, lint_deck
from generator.diagnostics import Diagnostic, Place, Severity
from generator.files import hold
from generator.freshness import fingerprint
from generator.layout import Templates
from generator.ledger.changes import Former, compare, recall
from generator.ledger.drift import Drift, find_drift
from generator.ledger.identity import ID_STEP
from generator.ledger.lock import Lock, lock_file, read_lock, write_lock
from generator.ledger.recover import missing_lock, recover_lock
from generator.ledger.search import search_strings
from generator.ledger.stamp import Stamped, open_lock, stamp
from generator.load.codes import load_codes, load_lint_words
from generator.load.deck import load_deck
from generator.load.ignores import heed_ignores
from generator.load.package import load_package
from generator.load.positions import Position, find_positions
from generator.load.revision import load_revision
from generator.load.templates import load_templates
from generator.model import Deck
from generator.notes import Release, Withheld
from generator.outputs.apkg import write_apkg
from generator.outputs.changes_json import changes_json
from generator.outputs.changes_page import changes_page
from generator.outputs.changes_text import format_changes
from generator.outputs.how_to_update import SUFFIX, write_how_to_update
from generator.outputs.release_notes import release_notes
from generator.outputs.update_text import write_update_text
from generator.resources import bundled, is_installed, project_templates

if TYPE_CHECKING:
    from generator.outputs.rehearsal import Rehearsal

Progress = Callable[[Iterable[Any], int], Iterable[Any]]
"""Takes what is to be done and its number, gives it on, and may show how far it is."""


def no_progress(items: Iterable[Any], _: int) -> Iterable[Any]:
    """Show nothing."""
    return items


@dataclass(frozen=True)
class Findings:
    """What is wrong, in file order, with the position of every place."""

    diagnostics: tuple[Diagnostic, ...]
    positions: Mapping[Place, Position]

    @property
    def errors(self) -> int:
        """The number of errors."""
        return self.count(Severity.ERROR)

    def fails(self, strict: bool) -> bool:
        """Whether what is wrong is reason enough to fail: an error, or a warning if one is strict."""
        return self.errors > 0 or (strict and self.count(Severity.WARNING) > 0)

    def count(self, *severities: Severity) -> int:
        """The number of diagnostics of some severities."""
        return sum(diagnostic.severity in severities for diagnostic in self.diagnostics)


@dataclass(frozen=True)
class Prepared:
    """A deck that was loaded, checked, rendered and stamped; nothing is written yet. `before` is the lock it had."""

    deck: Deck
    stamped: Stamped
    before: Lock | None
    words: Mapping[str, str]


@dataclass(frozen=True)
class Built:
    """A package that was written."""

    prepared: Prepared
    package: Path
    size: int
    changes: Changelog


@dataclass(frozen=True)
class Compared:
    """Two releases and what differs."""

    old: Release
    new: Release
    changes: Changelog


def check(folder: Path, now: int = 0) -> Findings:
    """Find everything that can be wrong with a deck, and what could be better, without writing.

    `now`, in seconds since 1970, decides which reviews are out of date.
    """
    prepared, diagnostics = prepare(folder, now)
    if prepared:
        diagnostics += (*_drift(prepared, now, retire=False), *_lint(prepared, now))
    return _settle(folder, diagnostics, complete=prepared is not None)


def build(  # noqa: PLR0913  # the last two are for the author's rare decisions
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
    memory = package.with_suffix(".lock") if is_installed(folder) else folder
    with hold(folder / "deck.yaml"):
        known = memory if memory.exists() else folder
        former = _find_former(known, package, recover)
        if isinstance(former, Diagnostic):
            return None, locate((former,))
        prepared, diagnostics = prepare(folder, now, progress, memory=known, former=former)
        diagnostics = (*diagnostics, *_drift(prepared, now, retire))
        if prepared and strict:
            diagnostics += _lint(prepared, now)
        if prepared and reviewed_only:
            prepared, faults = _only_reviewed(prepared, now)
            diagnostics += faults
        findings = _settle(folder, diagnostics, complete=prepared is not None and strict)
        if prepared is None or findings.fails(strict):
            return None, findings
        changes = _since_last_build(prepared, package)
        write_lock(memory, prepared.stamped.lock)
        current = b"" if findings.diagnostics or reviewed_only else fingerprint(folder, package)
        write_apkg(prepared.stamped.release, package, current)
    return Built(prepared, package, package.stat().st_size, changes), findings


def _lint(prepared: Prepared, now: int) -> tuple[Diagnostic, ...]:
    deck = prepared.deck
    words = load_lint_words(deck.settings.language)
    today = datetime.fromtimestamp(now, UTC).date()
    return lint_deck(deck, prepared.stamped.release.notes, words, load_codes(), today)


def _settle(folder: Path, diagnostics: tuple[Diagnostic, ...], complete: bool) -> Findings:
    """Leave out what the author ignores; `complete` says that all lints have run."""
    return locate(heed_ignores(folder, diagnostics, complete))


def rehearse(
    folder: Path, package: Path, old: Path | Release, now: int, seed: int
) -> tuple["Rehearsal | None", Findings]:
    """Play what a build of a deck would do to a learner of an old release. Nothing is written but temporary files.

    `package` is where a build would put it. What no package can undo is among the findings and does not end the play.
    """
    from generator.outputs.rehearsal import RefusedPackageError, rehearse

    memory = package.with_suffix(".lock") if is_installed(folder) else folder
    prepared, diagnostics = prepare(folder, now, memory=memory if memory.exists() else None)
    diagnostics = (*diagnostics, *_drift(prepared, now, retire=True))
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
            refused = Diagnostic("foreign-package", f"Anki cannot import this file: {error}", Place(before))
            return None, locate((*diagnostics, refused))


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
    memory = package.with_suffix(".lock") if is_installed(folder) else folder
    prepared, diagnostics = prepare(folder, now, memory=memory if memory.exists() else None)
    if prepared is None:
        return None, locate(diagnostics)
    return Compared(former.release, prepared.stamped.release, _changes(prepared, former)), locate(diagnostics)


def write_up(compared: Compared, format_: str) -> str:
    """Return what changed as a document: `text`, `markdown`, `json` or `html`."""
    match format_:
        case "html":
            return changes_page(compared.changes, compared.old.notes, compared.new.notes)
        case "markdown":
            return release_notes(compared.changes)
        case "json":
            return changes_json(compared.changes)
        case _:
            return "".join(f"{line}\n" for line in format_changes(compared.changes, lambda text, _: text))


def _find_former(memory: Path, package: Path, recover: Path | None) -> Former | Diagnostic | None:
    """The release whose identities count besides those in the lock: one that was named or, without a lock, the last."""
    if recover:
        return open_package(recover)
    if lock_file(memory).exists() or not package.exists():
        return None
    former = open_package(package)
    return former if isinstance(former, Former) else None


def _since_last_build(prepared: Prepared, package: Path) -> Changelog:
    """What a build changes: against the package that it replaces or, without one, as far as the lock remembers."""
    if prepared.before == prepared.stamped.lock:  # nothing to tell, and a large package takes long to read
        return recall(prepared.stamped)
    former = open_package(package) if package.exists() else None
    if isinstance(former, Former):
        return _changes(prepared, former)
    return recall(prepared.stamped)


def _changes(prepared: Prepared, former: Former) -> Changelog:
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


def prepare(  # noqa: PLR0913  # what an earlier release needs has no place in the deck's folder
    folder: Path,
    now: int,
    progress: Progress = no_progress,
    *,
    templates: Path | None = None,
    memory: Path | None = None,
    former: Former | None = None,
) -> tuple[Prepared | None, tuple[Diagnostic, ...]]:
    """Do everything of a build but the writing.

    `templates` may stand in for the bundled ones, and `memory` for the folder that has the lock, or be the lock.
    What is in a `former` release is remembered besides.
    """
    deck, shapes, diagnostics = read(folder, templates)
    if deck is None or shapes is None:
        return None, diagnostics
    known, refused = read_lock(memory or folder)
    diagnostics = (*diagnostics, *check_deck(deck, shapes.words, load_codes()), *refused)
    if _has_errors(heed_ignores(folder, diagnostics, complete=False)):
        return None, diagnostics
    lock: Lock = open_lock(deck, known)
    notes, faults = render_notes(deck, shapes, lock.namespace, _ordinals(lock), progress)
    if notes and former:
        recovered = recover_lock(lock, former.release, notes)
        if known is None:
            diagnostics = (*diagnostics, missing_lock(deck, recovered, former))
        if recovered:
            lock, known = recovered, replace(recovered, deck=known.deck if known else former.release.notes.deck)
            notes, faults = render_notes(deck, shapes, lock.namespace, _ordinals(lock), progress)
    if notes is None:
        return None, (*diagnostics, *faults)
    return Prepared(deck, stamp(notes, lock, now), known, deck_words(deck, shapes)), (*diagnostics, *faults)


def _ordinals(lock: Lock) -> Mapping[tuple[str, str], Mapping[str, int]]:
    return {name: record.ordinals for name, record in lock.notes.items()}


def read(
    folder: Path, templates_folder: Path | None = None
) -> tuple[Deck | None, Templates | None, tuple[Diagnostic, ...]]:
    """Read a deck and the templates that shape it."""
    deck, faults = load_deck(folder)
    shared = templates_folder or bundled("templates")
    templates, template_faults = load_templates(shared, project_templates(folder))
    diagnostics = (*faults, *template_faults)
    return deck, None if _has_errors(template_faults) else templates, diagnostics


def locate(diagnostics: tuple[Diagnostic, ...]) -> Findings:
    """Find line and column of every place and put the diagnostics in the order of the files."""
    positions = find_positions(diagnostics)

    def order(diagnostic: Diagnostic) -> tuple[str, int, int]:
        position = positions[diagnostic.place]
        return str(diagnostic.place.file), position.line, position.column

    return Findings(tuple(sorted(diagnostics, key=order)), positions)


@dataclass(frozen=True)
class Why:
    """What was asked of a deck's cards: entries and what they rest on, or what rests on a source; and what is known."""

    deck: str
    traces: tuple[Trace, ...]
    resting: tuple[tuple[tuple[str, str], tuple[str, ...], Mapping[str, int]], ...]
    known: tuple[str, ...]


def why(folder: Path, card: str | None, source: str | None) -> tuple[Why | None, Findings]:
    """Trace a card to what it rests on, or a source to the cards that rest on it."""
    prepared, diagnostics = prepare(folder, now=0)
    if prepared is None:
        return None, locate(diagnostics)
    deck, notes = prepared.deck, prepared.stamped.release.notes
    if source:
        return Why(folder.name, (), resting_on(deck, notes, source), tuple(deck.sources)), locate(())
    names = names_of(deck, notes, _key_of(prepared.before, card or ""))
    return Why(folder.name, tuple(trace(deck, notes, n) for n in names), (), known_keys(deck, notes)), locate(())


def _key_of(lock: Lock | None, asked: str) -> str:
    """The key of the note that has this number, or a card with it, in Anki."""
    if lock and asked.isdigit():
        number = int(asked)
        return next((key for (_, key), r in lock.notes.items() if r.id <= number < r.id + ID_STEP), asked)
    return asked


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


def _drift(prepared: Prepared | None, now: int, retire: bool) -> Iterable[Diagnostic]:
    """What a build would do that no package can undo."""
    if prepared is None or prepared.before is None:
        return ()
    return find_drift(Drift(prepared.deck, prepared.before, prepared.stamped, now), retire)


def _has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
