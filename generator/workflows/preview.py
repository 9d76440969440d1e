"""`aetia preview`: the cards as they are now, beside those of the last build."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from generator.cards.render import Memo
from generator.diagnostics import Severity
from generator.load.codes import load_codes
from generator.model.notes import EarlierRelease, Note, NoteId, Release
from generator.model.reviewed import fingerprint
from generator.preview.cards import Before, Fault, Preview, name_place, show_notes
from generator.preview.editor import editor_of
from generator.resources import project_templates
from generator.workflows.check import examine
from generator.workflows.history import open_package
from generator.workflows.prepare import Findings, prepare


class Previewer:
    """Makes the newest preview of a deck. A broken deck keeps the last good cards. For one thread at a time.

    `package` is the last build, for the cards before a change.
    """

    def __init__(self, folder: Path, now: int, package: Path | None = None) -> None:
        self._folder, self._now, self._package = folder, now, package
        self._last = Preview(folder.name, folder)
        self._memo = Memo()
        self._built: Release | None = None
        self._built_at = 0
        self._faults_of_entries: tuple[Fault, ...] = ()
        self._lints: tuple[Fault, ...] = ()
        self._examine: Callable[[], Findings] = lambda: Findings((), {})

    def make(self) -> Preview:
        """Read the deck and make its notes. Earlier findings on cards stay until `examine`."""
        return self._guarded(self._make)

    def examine(self) -> Preview:
        """Add all findings to the preview."""
        return self._guarded(lambda: replace(self._last, faults=self._examined()))

    def _guarded(self, step: Callable[[], Preview]) -> Preview:
        try:
            self._last = step()
        except Exception as error:  # the page shows any error and continues
            self._last = replace(self._last, faults=(Fault("error", "internal", repr(error), "", ""),), stale=True)
        return self._last

    def _make(self) -> Preview:
        self._look_for_build()
        prepared, diagnostics = prepare(self._folder, self._now, memo=self._memo)
        self._examine = lambda: examine(self._folder, prepared, diagnostics, self._now)
        faults = self._faults_of_entries = self._faults(examine(self._folder, None, diagnostics, self._now))
        if prepared is None:
            return replace(self._last, faults=faults, stale=True)
        stamped = prepared.stamped
        changes: dict[NoteId, str] = dict.fromkeys(stamped.changed, "changed")
        changes.update(dict.fromkeys(stamped.added, "new"))
        before = _before(prepared.release, self._built)
        lints = tuple(lint for lint in self._lints if lint not in faults)
        changes = changes if prepared.before else {}
        notes, places, texts = prepared.release.notes, prepared.deck.entry_place, partial(fingerprint, prepared.deck)
        return show_notes(notes, self._folder, (*faults, *lints), changes, before, places, texts)

    def _examined(self) -> tuple[Fault, ...]:
        faults = self._faults(self._examine())
        self._lints = tuple(fault for fault in faults if fault not in self._faults_of_entries)
        return faults

    def _look_for_build(self) -> None:
        if self._package and self._package.exists() and self._package.stat().st_mtime_ns != self._built_at:
            self._built_at = self._package.stat().st_mtime_ns
            former = open_package(self._package)
            self._built = former.release if isinstance(former, EarlierRelease) else None

    def _faults(self, findings: Findings) -> tuple[Fault, ...]:
        faults = []
        lints = {name for name, code in load_codes().items() if code.lint}  # in a deck that can be read
        for diagnostic in findings.diagnostics:
            position = findings.positions[diagnostic.place]
            where = f"{name_place(diagnostic.place, self._folder, position.line)}:{position.column}"
            said = (str(diagnostic.severity), diagnostic.code, diagnostic.message)
            stops = diagnostic.severity is Severity.ERROR and diagnostic.code not in lints
            faults.append(
                Fault(
                    *said, where, diagnostic.hint or "", stops, diagnostic.place,
                    position.line, position.source, position.column - 1, position.width,
                )
            )  # fmt: skip
        return tuple(faults)


def export_preview(folder: Path, package: Path, now: int, file: Path) -> int:
    """Write every card of a deck as one page to send to others, if there are cards. Return their number."""
    from generator.preview.page import write_page

    previewer = Previewer(folder, now, package)
    previewer.make()
    made = previewer.examine()
    if made.notes:
        write_page(made, file)
    return len(made.cards)


def serve_preview(
    folder: Path,
    package: Path,
    now: int,
    port: int,
    ready: Callable[[str], None],
    *,
    editor: str | None = None,
    usual_editor: str | None = None,
) -> None:
    """Serve a page with every card of a deck, which follows each save, until the user stops it.

    A click on a file and line opens it in the `editor`, or in the usual one if that opens a window.
    """
    from generator.preview.server import Live, serve

    opens = editor_of(editor, usual_editor)
    previewer = Previewer(folder, now, package)
    serve(Live(previewer.make, previewer.examine, opens), watched_folders(folder), port, ready)


def watched_folders(folder: Path) -> tuple[Path, ...]:
    """Return the folders whose files shape a deck."""
    return folder, project_templates(folder)


def _before(new: Release, old: Release | None) -> Before:
    """Return a function that shows a card as it was in the last build, or returns None if it is new."""
    former = {old.identities[n.id].guid: n for n in old.notes.notes} if old else {}

    def show(note: Note, ordinal: int) -> tuple[str, str] | None:
        then = former.get(new.identities[note.id].guid)
        if old is None or then is None or ordinal not in then.card_ordinals:
            return None
        faces = old.notes.show(then, ordinal)
        return faces.front, faces.back

    return show
