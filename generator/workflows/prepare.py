"""From the author's files to a stamped release in memory: load, check, make the notes, stamp. Write nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from generator.cards.note_types import note_type_id
from generator.cards.phrases import deck_words
from generator.cards.render import Memo, check_templates, possible_kinds, render_notes
from generator.check.rules import check_deck
from generator.check.settings import Settings
from generator.check.structure import check_id
from generator.diagnostics import Diagnostic, Finding, Place, Severity, severity_of
from generator.ledger.drift import Drift, find_drift
from generator.ledger.elsewhere import newest
from generator.ledger.heal import heal
from generator.ledger.lock import Lock, lock_file, read_lock
from generator.ledger.recover import recover_lock
from generator.ledger.stamp import Stamped, open_lock, stamp
from generator.load.codes import load_codes, load_lint_words
from generator.load.deck import load_deck
from generator.load.ignores import heed_ignores
from generator.load.positions import Position, find_positions
from generator.load.revision import is_committed
from generator.load.siblings import load_siblings
from generator.load.templates import load_templates
from generator.model.deck import Deck
from generator.model.notes import EarlierRelease, Release, Remembered
from generator.model.templates import Templates
from generator.resources import bundled, is_installed, project_templates
from generator.text.words import words_of
from generator.workflows.history import (
    OtherBranches,
    find_lost_notes,
    find_moved_entries,
    find_newer_notes,
    recall_release,
    recall_times,
)

Progress = Callable[[Iterable[Any], int], Iterable[Any]]
"""Takes items and their number, yields the items, and may show the progress."""


def day_of(time: int) -> date:
    """Return the day of a time in seconds since 1970."""
    return datetime.fromtimestamp(time, UTC).date()


def no_progress(items: Iterable[Any], _: int) -> Iterable[Any]:
    """Show nothing."""
    return items


@dataclass(frozen=True)
class Findings:
    """Diagnostics in the order of the files, with the position of every place."""

    diagnostics: tuple[Finding, ...]
    positions: Mapping[Place, Position]

    @property
    def errors(self) -> int:
        """The number of errors."""
        return self.count(Severity.ERROR)

    @property
    def only_retires(self) -> bool:
        """Return whether only the number of notes that would retire stops a build."""
        errors = [diagnostic.code for diagnostic in self.diagnostics if diagnostic.severity is Severity.ERROR]
        return errors == ["mass-retirement"]

    def fails(self, strict: bool) -> bool:
        """Return whether there is an error or, if `strict`, a warning."""
        return self.errors > 0 or (strict and self.count(Severity.WARNING) > 0)

    def count(self, *severities: Severity) -> int:
        """The number of diagnostics of some severities."""
        return sum(diagnostic.severity in severities for diagnostic in self.diagnostics)


@dataclass(frozen=True)
class Prepared:
    """A deck that was loaded, checked, rendered and stamped, but not written. `before` is the lock that it had."""

    deck: Deck
    stamped: Stamped
    before: Lock | None
    words: Mapping[str, str]
    branches: OtherBranches

    @property
    def release(self) -> Release:
        """The notes with their identities and times."""
        return self.stamped.release

    @property
    def lock(self) -> Lock:
        """The lock as it will be."""
        return self.stamped.lock


def prepare(
    folder: Path,
    now: int,
    progress: Progress = no_progress,
    *,
    lock_path: Path | None = None,
    package: Path | None = None,
    recover: Path | None = None,
    retire: bool = False,
    memo: Memo | None = None,
) -> tuple[Prepared | None, tuple[Diagnostic, ...]]:
    """Do everything of a build but the writing.

    `lock_path` is the lock, or the folder that has it. A release to `recover` is remembered too, or, without a lock,
    the last `package`; with one of them, git is asked for what the lock should know. `retire` says that what is gone is
    given up. `memo` saves work that the last call with it has done.
    """
    deck, shapes, diagnostics = read_deck(folder)
    if deck is None:
        return None, diagnostics
    lock_path = lock_path or folder
    known, refused = read_lock(lock_path)
    asked = not refused and (package or recover)
    file = lock_file(lock_path)
    if asked and known:
        known = recall_times(known, file)
    siblings = load_siblings(folder)
    faults = check_deck(deck, shapes, load_codes(), _causes_of(known))
    diagnostics = (*diagnostics, *faults, *check_id(deck, siblings), *refused)
    former, said = (
        recall_release(deck, known, file, package=package, recover=recover, retire=retire) if asked else (None, ())
    )
    diagnostics = tuple(Settings(load_codes(), deck.settings.lints).apply((*diagnostics, *said)))
    if _has_errors(heed_ignores(folder, diagnostics, complete=False)):
        return None, (*diagnostics, *check_templates(deck, shapes))
    lock: Lock = open_lock(deck, known)
    given = _remembered(lock)
    ordinary = load_lint_words(deck.settings.language).function_words
    make = partial(render_notes, deck, shapes, lock.namespace, ordinary=_folded(ordinary))
    notes, faults = make(given, progress, memo=memo)
    if notes is None:
        return None, (*diagnostics, *faults)
    kinds = {note_type_id(file, lock.namespace, key): key for key, file in shapes.note_types.items()}
    if former and (recovered := recover_lock(lock, former.release, notes, kinds)):
        lock, known = recovered, replace(recovered, deck=known.deck if known else former.release.notes.deck)
    healed = heal(lock, notes)
    if _remembered(healed.lock) != given:
        notes, faults = make(_remembered(healed.lock), progress)
    if notes is None:
        return None, (*diagnostics, *faults)
    branches = OtherBranches(file)
    stamped = stamp(notes, healed, now, newest(branches.releases) if asked else {})
    return Prepared(deck, stamped, known, deck_words(deck, shapes), branches), (*diagnostics, *faults)


def kinds_to_ask_for(deck: Deck) -> tuple[str, ...]:
    """Return the kinds of card that a deck could have, and that its author does not ask for."""
    templates, _ = load_templates(bundled("templates"), project_templates(deck.folder))
    ordinary = load_lint_words(deck.settings.language).function_words
    return tuple(
        kind for kind in possible_kinds(deck, templates, _folded(ordinary)) if kind not in deck.settings.cards.add
    )


def _causes_of(lock: Lock | None) -> frozenset[str]:
    """Return the keys of the causes that the last build had."""
    notes = lock.notes.items() if lock else ()
    return frozenset(name.key for name, record in notes if name.note_type == "cause" and record.retired is None)


def _remembered(lock: Lock) -> Remembered:
    """Return what earlier builds assigned to notes: the numbers of their parts and their cards."""
    live = {name: record.cards for name, record in lock.notes.items() if record.retired is None}
    return Remembered(lock.numbers, live, lock.slots, lock.files)


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in words for word in words_of(text))


def lock_path_of(folder: Path, package: Path) -> Path:
    """Return the place of a deck's lock: its folder or, for a deck of the installed package, beside its package."""
    return package.with_suffix(".lock") if is_installed(folder) else folder


def known_lock_of(folder: Path, package: Path) -> Path:
    """Return the place of the lock that a deck has so far: before the first build, that of the installed package."""
    own = lock_path_of(folder, package)
    return own if own.exists() else folder


def read_deck(folder: Path) -> tuple[Deck | None, Templates, tuple[Diagnostic, ...]]:
    """Read a deck and its templates, both without their faulty parts."""
    deck, faults = load_deck(folder)
    templates, template_faults = load_templates(bundled("templates"), project_templates(folder))
    return deck, templates, (*faults, *template_faults)


def locate(diagnostics: tuple[Diagnostic, ...]) -> Findings:
    """Find the severity, line and column of every diagnostic, and sort them by file."""
    positions = find_positions(place for d in diagnostics for place in (d.place, *(r.place for r in d.related)))

    def order(finding: Finding) -> tuple[str, int, int]:
        position = positions[finding.place]
        return str(finding.place.file), position.line, position.column

    return Findings(tuple(sorted(map(_finding, diagnostics), key=order)), positions)


def _finding(diagnostic: Diagnostic) -> Finding:
    code, message, place = diagnostic.code, diagnostic.message, diagnostic.place
    severity = severity_of(diagnostic, load_codes())
    return Finding(code, message, place, hint=diagnostic.hint, related=diagnostic.related, severity=severity)


def drift(
    prepared: Prepared | None,
    now: int,
    retire: bool,
    lock_path: Path | None = None,
    former: EarlierRelease | None = None,
) -> Iterator[Diagnostic]:
    """Yield what a build would do that no package can undo.

    `lock_path` is its lock, if git may be asked about it. `former` is the last package.
    """
    if prepared is None:
        return
    stamped = prepared.stamped
    if lock_path and not retire:
        yield from find_moved_entries(prepared.deck, stamped)
    if prepared.before is None:
        return
    released = is_committed(lock_file(lock_path)) is not False if lock_path and stamped.retired else True
    yield from find_drift(Drift(prepared.deck, prepared.before, stamped, now, released), retire)
    if lock_path:
        if stamped.added and not retire:
            yield from find_lost_notes(prepared.deck, stamped, lock_file(lock_path), former)
        yield from find_newer_notes(prepared.deck, stamped, prepared.branches, former)


def _has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(severity_of(diagnostic, load_codes()) is Severity.ERROR for diagnostic in diagnostics)
