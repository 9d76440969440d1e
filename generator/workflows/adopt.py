"""`aetia import` of a deck that learners have: its notes become files, its identities a lock."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

from generator.diagnostics import Diagnostic, Place, WrongUseError
from generator.files import write_whole
from generator.ledger.heal import Healed
from generator.ledger.identity import new_ids
from generator.ledger.lines import Record
from generator.ledger.lock import Lock, write_lock
from generator.ledger.recover import recover_lock
from generator.ledger.stamp import Stamped, stamp
from generator.load.media import MAX_BYTES, is_file_name, packed_name
from generator.model.foreign import ForeignDeck, ForeignNote
from generator.model.notes import Identity, Note, NoteId, NoteSet, Release
from generator.package.archive import UnreadableError
from generator.package.crowdanki import read_crowdanki
from generator.project.adopt import Adopted, NoDeckError, adopt, deck_files, note_type_files
from generator.project.foreign import NoNoteTypesError, align, has_guids, read_rows
from generator.project.headers import Headers
from generator.project.start import note_type_names
from generator.project.table import Table, TableError, read_table
from generator.resources import project_templates
from generator.text.files import files_in
from generator.text.keys import make_key
from generator.workflows.prepare import Findings, Prepared, locate, prepare

PACKAGES = (".apkg", ".colpkg")
DECK_FILES = (*PACKAGES, ".json")
"""The endings of files that hold a deck, in lower case."""
_NO_NOTE_TYPES = (
    "{} does not hold the note types of its notes. Export the deck from Anki as a package too: --like PACKAGE."
)
_NO_GUIDS = "{} has no column `guid`, so nothing tells which notes of learners these are."
_LONG_AGO = 1
"""The time of a note if the file has none. It is before all that learners have, so that nothing is overwritten."""


@dataclass(frozen=True)
class Taken:
    """A deck that was imported into a folder. `left` says what was not, `stamped` what a build would do now.

    `media` is the number of its files. `made_up_ids` says that the ids of learners' note types are not known. The notes
    with `more_cards` have more cards by Anki's rules than in the source, those in `blank` none.
    """

    folder: Path
    adopted: Adopted
    stamped: Stamped
    left: tuple[str, ...]
    media: int
    made_up_ids: bool
    more_cards: tuple[NoteId, ...]
    blank: tuple[NoteId, ...]


def is_deck(path: Path) -> bool:
    """Return whether a source is a deck, whose notes are taken over as they are, rather than a table."""
    return path.is_dir() or path.suffix.casefold() in DECK_FILES


@contextmanager
def opened(path: Path, headers: Headers) -> Iterator[ForeignDeck | Table]:
    """Read a package, a CrowdAnki folder or a table. Raise UnreadableError or ValueError."""
    if not is_deck(path):
        yield read_table(path, headers)
    elif path.suffix.casefold() in PACKAGES:
        if find_spec("anki") is None:
            raise WrongUseError("Packages are read by Anki's own library. Install it with: pip install 'aetia[anki]'")
        from generator.package.collection import opened_package

        with opened_package(path) as foreign:
            yield foreign.without_own_tags()
    else:
        yield read_crowdanki(path).without_own_tags()


def unreadable(path: Path, error: Exception) -> Findings:
    """Return why a source cannot be read."""
    place = Place(path, line=error.line if isinstance(error, TableError) else None, closed=True)
    if isinstance(error, UnreadableError):
        return locate((Diagnostic("foreign-package", str(error), place),))
    return locate((Diagnostic("unreadable-file", str(error), place),))


def import_deck(
    path: Path, folder: Path | None, *, asked: str | None, like: Path | None, now: int
) -> tuple[Taken | None, Findings]:
    """Import the deck in a file or folder. `like` is a package that learners have, if the file is not a package.

    Raise WrongUseError or FileExistsError.
    """
    try:
        with opened(path, Headers()) as given, opened(like, Headers()) if like else nullcontext() as known:
            if isinstance(known, Table):
                raise WrongUseError(f"{like} is a table; --like takes a package that learners have.")
            foreign = _brought_together(path, given, known)
            return adopt_deck(foreign, folder, asked=asked, now=now, known=known)
    except (UnreadableError, TableError) as error:
        return None, unreadable(path, error)


def _brought_together(path: Path, given: ForeignDeck | Table, known: ForeignDeck | None) -> ForeignDeck:
    """Return a deck with the ids that learners have, from two files. Raise WrongUseError."""
    try:
        if isinstance(given, Table):
            if known is None or not has_guids(given):
                raise WrongUseError((_NO_NOTE_TYPES if known is None else _NO_GUIDS).format(path))
            return read_rows(given, known).without_own_tags()
        return align(given, known) if known else given
    except NoNoteTypesError as error:
        raise WrongUseError(f"Nothing was imported: {error}.") from error


def adopt_deck(
    foreign: ForeignDeck, folder: Path | None, *, asked: str | None, now: int, known: ForeignDeck | None = None
) -> tuple[Taken | None, Findings]:
    """Write a deck into a folder with all that makes it the same deck for learners. If anything fails, write nothing.

    `asked` is the deck to import if there are several. `known` is what learners have, if that is in another file.
    Raise WrongUseError or FileExistsError.
    """
    try:
        adopted = adopt(foreign, _names_in_use(folder), asked)
    except NoDeckError as error:
        raise WrongUseError(f"Nothing was imported: {error}.") from error
    folder = folder or Path("decks") / make_key(adopted.deck.rpartition("::")[2], (), "deck")
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(17, "something is already here", str(folder))
    with _staged(folder) as stage:
        deck = stage / "decks" / folder.name
        media, left = _write(deck, adopted, foreign)
        write_lock(deck, _first_lock(deck, adopted, known or foreign))
        prepared, diagnostics = prepare(deck, now=0)
        if prepared is None:
            return None, locate(diagnostics)
        stamped = _remember(prepared, adopted, known or foreign, now)
        write_lock(deck, stamped.lock)
        _move(stage, folder)
        findings = locate(tuple(_moved(found, stage, folder) for found in diagnostics))
    return Taken(
        folder, adopted, stamped, (*foreign.left, *left), media, not foreign.times, _more(prepared, adopted),
        tuple(note.id for note in prepared.release.notes.notes if not note.cards),
    ), findings  # fmt: skip


def _names_in_use(folder: Path | None) -> dict[str, dict[str, bytes]]:
    """Return the names of note types in use, bundled or of the project, with the files of the latter."""
    there = project_templates(folder or Path("decks", "deck")) / "notetypes"
    own = [path for path in there.iterdir() if path.is_dir()] if there.is_dir() else []
    files = {path.name: {file.name: file.read_bytes() for file in path.iterdir() if file.is_file()} for path in own}
    return {**{name: {} for name in note_type_names()}, **files}


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """A temporary folder beside the one to write."""
    parent = next(path for path in folder.absolute().parents if path.is_dir())
    stage = Path(mkdtemp(prefix=".aetia-import-", dir=parent))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _write(deck: Path, adopted: Adopted, foreign: ForeignDeck) -> tuple[int, list[str]]:
    """Write the files of the deck into the stage. Return the number of media, and what was left out."""
    for name, content in deck_files(adopted, foreign).items():
        write_whole(deck / name, content)
    for id_, key in adopted.note_types.items():
        for name, content in note_type_files(foreign.note_types[id_]).items():
            write_whole(project_templates(deck) / "notetypes" / key / name, content)
    files, left = _media(adopted, foreign)
    (deck / "media").mkdir(exist_ok=True)
    for name, file in files.items():
        shutil.copyfile(file, deck / "media" / name)
    return len(files), left


def _first_lock(deck: Path, adopted: Adopted, known: ForeignDeck) -> Lock:
    """Return a lock with what shapes the notes of a deck: the files that learners have, and their cards."""
    files = {file.name: packed_name(file.name, file.read_bytes()) for file in (deck / "media").iterdir()}
    had = _had(adopted, known).items()
    notes = {name: Record(n.guid, n.id, "", "", n.modified, cards=n.cards) for name, n in had if n.cards}
    return Lock(adopted.id, adopted.deck, notes=notes, files=files)


def _had(adopted: Adopted, known: ForeignDeck) -> Mapping[NoteId, ForeignNote]:
    """Return the notes that learners have. Of two with one guid, the first was taken."""
    by_guid = {note.guid: note for note in reversed(known.notes)}
    return {name: had for name, note in adopted.notes.items() if (had := by_guid.get(note.guid))}


def _media(adopted: Adopted, foreign: ForeignDeck) -> tuple[Mapping[str, Path], list[str]]:
    """Return the files that notes and note types show, and which files of the source are left out."""
    note_types = [foreign.note_types[id_] for id_ in adopted.note_types]
    texts = [text for note in adopted.notes.values() for text in note.fields]
    texts += [
        text for nt in note_types for text in (nt.css, *(side for t in nt.templates for side in (t.front, t.back)))
    ]
    shown = {name for text in texts for name in files_in(text)}
    files: dict[str, Path] = {}
    left: list[str] = []
    folded: set[str] = set()
    for name, file in foreign.media.items():
        if name not in shown and not name.startswith("_"):
            left.append(f"the file `{name}`: no note shows it")
        elif not is_file_name(name) or name.casefold() in folded:
            left.append(f"the file `{name}`: it cannot have this name on every system")
        elif file.stat().st_size > MAX_BYTES:
            left.append(f"the file `{name}`: it is larger than {MAX_BYTES // 2**20} MB")
        else:
            files[name] = file
            folded.add(name.casefold())
    return files, left


def _more(prepared: Prepared, adopted: Adopted) -> tuple[NoteId, ...]:
    made = {note.id: set(note.card_ordinals) for note in prepared.release.notes.notes}
    return tuple(name for name, note in adopted.notes.items() if note.cards and made.get(name, set()) - {*note.cards})


def _remember(prepared: Prepared, adopted: Adopted, known: ForeignDeck, now: int) -> Stamped:
    """Return what a build would do with a lock that remembers what learners have."""
    notes = prepared.release.notes
    blank = replace(prepared.lock, notes={}, note_types={})
    kinds = {note_type.id: key for key, note_type in notes.note_types.items()}
    lock = recover_lock(blank, _release(adopted, known, notes, prepared.lock.namespace, now), notes, kinds) or blank
    return stamp(notes, Healed(lock, {}), now)


def _release(adopted: Adopted, known: ForeignDeck, notes: NoteSet, namespace: str, now: int) -> Release:
    """Return what learners have, as the release of an earlier build."""
    kept = _had(adopted, known)
    cards = {note.id: note.card_ordinals for note in notes.notes}
    unnumbered = [name for name, had in kept.items() if not had.id]
    ids = dict(zip(unnumbered, new_ids(len(unnumbered), namespace, now, [h.id for h in kept.values()]), strict=True))
    return Release(
        replace(
            notes,
            note_types={
                key: replace(known.note_types[id_], key=key)
                for id_, key in adopted.note_types.items()
                if id_ in known.note_types
            },
            notes=tuple(_note(name, had, cards.get(name, ())) for name, had in kept.items()),
        ),
        {name: Identity(had.guid, had.id or ids[name], had.modified or _LONG_AGO) for name, had in kept.items()},
        {key: known.times.get(id_, _LONG_AGO) for id_, key in adopted.note_types.items()},
    )


def _note(name: NoteId, had: ForeignNote, cards: tuple[int, ...]) -> Note:
    return Note(name.key, name.note_type, had.fields, had.tags, had.cards if had.cards is not None else cards, {})


def _move(stage: Path, folder: Path) -> None:
    """Move the files of the stage into place. If that fails, undo it and raise OSError."""
    moved: list[Path] = []
    try:
        templates = stage / "templates" / "notetypes"
        for source in sorted(templates.iterdir()):
            target = project_templates(folder) / "notetypes" / source.name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():  # otherwise another deck has brought the same note type
                source.rename(target)
                moved.append(target)
        folder.parent.mkdir(parents=True, exist_ok=True)
        (stage / "decks" / folder.name).rename(folder)
    except OSError:
        for target in moved:
            shutil.rmtree(target, ignore_errors=True)
        raise


def _moved(found: Diagnostic, stage: Path, folder: Path) -> Diagnostic:
    """Return a finding on a file of the stage, with the final place of the file."""
    file = found.place.file
    for old, new in ((stage / "decks" / folder.name, folder), (stage / "templates", project_templates(folder))):
        if file.is_relative_to(old):
            file = new / file.relative_to(old)
    return replace(found, place=replace(found.place, file=file))
