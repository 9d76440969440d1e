"""What the preview shows: notes and their cards, the category tree, styles and diagnostics.

The faces of a card are made only when somebody looks at it, so that a long deck is on the screen at once.
"""

import base64
import mimetypes
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from pathlib import Path

from generator.diagnostics import KeyPath, Place
from generator.load.positions import find_positions
from generator.model.notes import EntryRef, Media, Note, NoteId, NoteSet, Withheld, card_id
from generator.screen.card import STYLE, set_card
from generator.text.html import searchable_text

Faces = tuple[str, str]
"""Front and back of a card."""

Before = Callable[[Note, int], Faces | None]
"""Returns a card's faces as they were in the last build, or None for a new card."""

Places = Callable[..., Place]
"""Returns the place of an entry, or of a value in it."""

Texts = Callable[[EntryRef], str]
"""Returns the fingerprint of an entry's text."""

_NOT_MADE = "card-not-made"
"""The code of the diagnostic that is shown in place of a card that is not made."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A diagnostic as the page shows it. `stops` says that it stops a build, not only a check.

    It is about `width` characters of a line of the file, its `source`, after the first `start`.
    """

    severity: str
    code: str
    message: str
    where: str
    hint: str
    stops: bool = True
    place: Place | None = None
    line: int = 0
    source: str = ""
    start: int = 0
    width: int = 0


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card of a note. `change` is `new` or `changed` since the last build, or empty.

    It is made from `entry`. Below that entry, `cue_at` leads to the question and `answer_at` to the answer.
    """

    ordinal: int
    kind: str
    change: str
    entry: EntryRef
    cue_at: KeyPath
    answer_at: KeyPath


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note and its cards. `text` is the text that the search goes through."""

    key: str
    note_type: str
    category: str
    tags: tuple[str, ...]
    text: str
    cards: tuple[ShownCard, ...]

    @property
    def id(self) -> NoteId:
        """The permanent name of the note."""
        return NoteId(self.note_type, self.key)


@dataclass(frozen=True, slots=True)
class Unmade:
    """A card that the author asked for but that is not made: its entry, the reason, and where in the entry."""

    kind: str
    entry: EntryRef
    category: str
    reason: str
    at: KeyPath


@dataclass(frozen=True, slots=True)
class ShownBranch:
    """A branch of the category tree: its tag, name, and depth from 0."""

    tag: str
    name: str
    depth: int


@dataclass(frozen=True)
class Preview:
    """Everything that the page shows of one state of a deck. `show` makes the faces of a note's card, by its ordinal.

    If `stale` is set, the cards are from an earlier state, because the deck cannot be read now. Files are named
    relative to `folder`, the deck's folder.
    """

    deck: str
    folder: Path
    notes: tuple[ShownNote, ...] = ()
    unmade: tuple[Unmade, ...] = ()
    styles: Mapping[str, str] = field(default_factory=dict)
    tree: tuple[ShownBranch, ...] = ()
    faults: tuple[Fault, ...] = ()
    media: Mapping[str, Media] = field(default_factory=dict)
    stale: bool = False
    show: Callable[[str, str, int], tuple[Faces, Faces | None]] = lambda *_: (("", ""), None)
    places: Places = lambda *_: Place(Path())
    texts: Texts = lambda _: ""
    renamed: Mapping[NoteId, tuple[str, ...]] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict, compare=False)
    """The places of cards, from the first time they were needed: a file that breaks later cannot tell."""

    @property
    def cards(self) -> tuple[str, ...]:
        """The id of each card: note type, key and number."""
        return tuple(card_id(note.id, card.ordinal) for note in self.notes for card in note.cards)

    def index(self) -> dict[str, object]:
        """Return what the page needs first: everything but the faces."""
        return {
            "deck": self.deck,
            "stale": self.stale,
            "notes": [_plain(note) for note in self.notes],
            "unmade": list(self._unmade()),
            "styles": {key: STYLE + css for key, css in self.styles.items()},
            "tree": [asdict(branch) for branch in self.tree],
            "faults": list(self._faults()),
        }

    def _faults(self) -> Iterator[dict[str, object]]:
        """Return the diagnostics, each with the card on which it is shown."""
        near = _Near(self.notes, self.places)
        for fault in self.faults:
            card = near.card_at(fault.place) if fault.place and fault.code != _NOT_MADE else None
            names = ("severity", "code", "message", "where", "hint", "stops", "line", "source", "start", "width")
            yield {**{name: getattr(fault, name) for name in names}, "card": card}

    def _unmade(self) -> Iterator[dict[str, object]]:
        for number, lost in enumerate(self.unmade):
            told = {"kind": lost.kind, "key": lost.entry.key, "category": lost.category, "reason": lost.reason}
            yield {"id": _unmade_id(number), **told}

    def where(self, ids: Iterable[str] | None = None) -> dict[str, str]:
        """Return the file and line of some cards, or of all, including those that are not made."""
        if not self.lines:
            self.lines.update(self._find_lines())
        return {id_: self.lines[id_] for id_ in (self.lines if ids is None else ids) if id_ in self.lines}

    def _find_lines(self) -> dict[str, str]:
        known = {
            card_id(note.id, card.ordinal): (card.entry, card.cue_at) for note in self.notes for card in note.cards
        }
        known |= {_unmade_id(number): (lost.entry, lost.at) for number, lost in enumerate(self.unmade)}
        places = {id_: self.places(entry, *keys) for id_, (entry, keys) in known.items()}
        positions = find_positions(places.values())
        return {id_: name_place(place, self.folder, positions[place].line) for id_, place in places.items()}

    def faces(self, ids: Iterable[str]) -> dict[str, dict[str, object]]:
        """Return the faces of some cards, by id, as they look on the screen."""
        known = {card_id(note.id, card.ordinal): (note, card) for note in self.notes for card in note.cards}
        wanted = {id_: known[id_] for id_ in ids if id_ in known}
        return {id_: self._faces(note.note_type, note.key, card.ordinal) for id_, (note, card) in wanted.items()}

    def _faces(self, note_type: str, key: str, ordinal: int) -> dict[str, object]:
        try:
            (front, back), before = self.show(note_type, key, ordinal)
        except Exception as error:  # a template fails on this card; the page shows the error in place of the card
            front = back = f"<code>{escape(repr(error))}</code>"
            before = None
        faces: dict[str, object] = {"front": set_card(front), "back": set_card(back)}
        if before:
            faces["before"] = [set_card(side) for side in before]
        return faces

    def fingerprints(self) -> dict[str, str]:
        """Return, for each card, the fingerprint of the entry that it is made from."""
        texts = {entry: self.texts(entry) for entry in {card.entry for note in self.notes for card in note.cards}}
        return {card_id(note.id, card.ordinal): texts[card.entry] for note in self.notes for card in note.cards}

    def formers(self) -> dict[str, str]:
        """Return, for each former id of a card whose note was renamed, the id that it has now."""
        notes = ((note, key) for note in self.notes for key in self.renamed.get(note.id, ()))
        return {
            card_id(NoteId(note.note_type, key), card.ordinal): card_id(note.id, card.ordinal)
            for note, key in notes
            for card in note.cards
        }

    def pictures(self) -> dict[str, str]:
        """Return every picture as a `data:` address."""
        return {
            name: f"data:{picture_type(name)};base64,{base64.b64encode(media.read()).decode()}"
            for name, media in self.media.items()
        }


def picture_type(name: str) -> str:
    """Return the media type of a picture."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def name_place(place: Place, folder: Path, line: int) -> str:
    """Return `file:line`, relative to a deck's folder, as editors open it."""
    file = place.file.relative_to(folder) if place.file.is_relative_to(folder) else Path(place.file.name)
    return f"{file}:{line}"


class _Near:
    """Finds the cards that are made from the text at a place."""

    def __init__(self, notes: tuple[ShownNote, ...], places: Places) -> None:
        entries: dict[EntryRef, list[tuple[str, ShownCard]]] = {}
        for note in notes:
            for card in note.cards:
                entries.setdefault(card.entry, []).append((card_id(note.id, card.ordinal), card))
        found = ((places(entry), cards) for entry, cards in entries.items())
        self._entries = {(place.file, place.keys): cards for place, cards in found}

    def card_at(self, place: Place) -> str | None:
        """Return the id of the first card that asks or answers the text at a place, or else of its entry's first."""
        keys = place.keys
        for end in range(len(keys), 0, -1):
            if cards := self._entries.get((place.file, keys[:end])):
                if keys[end : end + 1] == ("children",):  # the place is in a branch below
                    return None
                rest = keys[end:]
                near = (id_ for id_, card in cards if _touch(rest, card.cue_at) or _touch(rest, card.answer_at))
                return next(near, cards[0][0])
        return None


def _touch(one: KeyPath, other: KeyPath) -> bool:
    """Return whether one of two paths below an entry leads to the same value as the other, or into it."""
    length = min(len(one), len(other))
    return length > 0 and one[:length] == other[:length]


def _unmade_id(number: int) -> str:
    return f"unmade/{number}"


def show_notes(
    notes: NoteSet,
    folder: Path,
    faults: tuple[Fault, ...],
    changes: Mapping[NoteId, str],
    before: Before,
    places: Places,
    texts: Texts,
) -> Preview:
    """Return what the page shows of a deck in a folder.

    `changes` says which notes are new or changed since the last build. Of a changed note, only cards that look
    different now count as changed.
    """
    by_name = {(note.note_type, note.key): note for note in notes.notes}

    def show(note_type: str, key: str, ordinal: int) -> tuple[Faces, Faces | None]:
        note = by_name[note_type, key]
        faces = notes.show(note, ordinal)
        return (faces.front, faces.back), before(note, ordinal) if NoteId(note_type, key) in changes else None

    def change_of(note: Note, ordinal: int) -> str:
        change = changes.get(note.id, "")
        then = before(note, ordinal) if change == "changed" else None
        return "" if then and then == notes.show(note, ordinal)[:2] else change

    categories = _categories(notes)
    return Preview(
        deck=notes.deck,
        folder=folder,
        notes=tuple(_shown(notes, note, change_of) for note in notes.notes),
        unmade=tuple(
            Unmade(lost.kind, lost.entry, categories.get(lost.entry, ""), _reason(lost), lost.at)
            for lost in notes.withheld
        ),
        styles={key: note_type.css for key, note_type in notes.note_types.items()},
        tree=tuple(ShownBranch(tag, name, tag.count("::")) for tag, name in notes.tree.items()),
        faults=faults,
        media={media.name: media for media in notes.media},
        show=show,
        places=places,
        texts=texts,
        renamed=notes.renamed,
    )


def _shown(notes: NoteSet, note: Note, change_of: Callable[[Note, int], str]) -> ShownNote:
    return ShownNote(
        key=note.key,
        note_type=note.note_type,
        category=_category(notes, note),
        tags=note.tags,
        text=searchable_text(" ".join((note.key, *note.fields))).casefold(),
        cards=tuple(
            ShownCard(card.ordinal, card.kind, change_of(note, card.ordinal), card.entry, card.cue_at, card.answer_at)
            for card in note.cards
        ),
    )


def _reason(lost: Withheld) -> str:
    about = f" (“{lost.word}”)" if lost.word else ""
    return f"{lost.reason}{about}: {lost.mend}"


def _plain(note: ShownNote) -> dict[str, object]:
    """Return a note as the page gets it first. Faces and places follow when they are needed."""
    cards = [{"ordinal": card.ordinal, "kind": card.kind, "change": card.change} for card in note.cards]
    return {
        "key": note.key,
        "note_type": note.note_type,
        "category": note.category,
        "tags": note.tags,
        "text": note.text,
        "cards": cards,
    }


def _category(notes: NoteSet, note: Note) -> str:
    """Return the tag of a note's branch."""
    return next((tag for tag in note.tags if tag in notes.tree), "")


def _categories(notes: NoteSet) -> dict[EntryRef, str]:
    """Return, for each entry, the tag of the branch of its cards."""
    return {card.entry: _category(notes, note) for note in notes.notes for card in note.cards}
