"""The preview of a deck, made anew whenever asked: the cards as they stand, beside those of the last build."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from generator.comparing import open_package
from generator.ledger.changes import Former
from generator.notes import Note, Release
from generator.outputs.preview.cards import Before, Fault, Preview, count_tree, show_cards
from generator.preparing import Findings, locate, prepare
from generator.resources import project_templates


def previewer(folder: Path, now: int, package: Path | None = None) -> Callable[[], Preview]:
    """Return a function that makes the newest preview of a deck; a broken deck keeps the last good cards.

    `package` is the last build, for the cards before a change.
    """
    last = Preview(folder.name)
    former = open_package(package) if package and package.exists() else None
    old = former.release if isinstance(former, Former) else None

    def make() -> Preview:
        nonlocal last
        try:
            prepared, diagnostics = prepare(folder, now)
            faults = _faults(folder, locate(diagnostics))
        except Exception as error:  # whatever happens, the author sees it on the page and the page goes on
            return replace(last, faults=(Fault("error", "internal", repr(error), "", "", ""),))
        if prepared is None:
            return replace(last, faults=faults)
        stamped = prepared.stamped
        notes = stamped.release.notes
        changed = frozenset((*stamped.added, *stamped.changed)) if prepared.before else frozenset()
        cards = show_cards(notes, changed, _before(stamped.release, old))
        styles = {key: note_type.css for key, note_type in notes.note_types.items()}
        media = {item.name: item.read() for item in notes.media}
        last = Preview(notes.deck, cards, styles, count_tree(notes, cards), faults, media)
        return last

    return make


def watched_folders(folder: Path) -> tuple[Path, ...]:
    """Return the folders whose files shape a deck."""
    return folder, project_templates(folder)


def _before(new: Release, old: Release | None) -> Before:
    """A function that shows a card as it was in the last build, or gives None if it is new."""
    former = {old.identities[n.note_type, n.key].guid: n for n in old.notes.notes} if old else {}

    def show(note: Note, ordinal: int) -> tuple[str, str] | None:
        then = former.get(new.identities[note.note_type, note.key].guid)
        return old.notes.show(then, ordinal) if old and then and ordinal in then.cards else None

    return show


def _faults(folder: Path, findings: Findings) -> tuple[Fault, ...]:
    faults = []
    for diagnostic in findings.diagnostics:
        position = findings.positions[diagnostic.place]
        file, keys = diagnostic.place.file, diagnostic.place.keys
        name = file.relative_to(folder) if file.is_relative_to(folder) else file.name
        entry = str(keys[1]) if len(keys) > 1 and keys[0] in ("causes", "facts") else ""
        where = f"{name}:{position.line}:{position.column}"
        hint = "\n".join(part for part in (position.source, diagnostic.hint) if part)
        faults.append(Fault(str(diagnostic.severity), diagnostic.code, diagnostic.message, where, hint, entry))
    return tuple(faults)
