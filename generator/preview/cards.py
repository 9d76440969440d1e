"""Notes to what the preview shows: notes and their cards, the tree, the styles and what is wrong.

The faces of a card are made when somebody looks at it, so that a long deck is on the screen at once.
"""

import base64
import mimetypes
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from html import escape

from generator.model.notes import Media, Note, NoteId, NoteSet
from generator.screen.card import STYLE, set_card
from generator.text.html import searchable_text

Faces = tuple[str, str]
"""Front and back of a card."""

Before = Callable[[Note, int], Faces | None]
"""Shows a card as it was in the last build; None for a card that is new."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A diagnostic as the page shows it. `entry` is the key of the entry that it concerns, if it concerns one."""

    severity: str
    code: str
    message: str
    where: str
    hint: str
    entry: str


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note and its cards, each as its ordinal and the name of its kind.

    `text` is what the search looks through; `change` is `new` or `changed` since the last build, or empty.
    """

    key: str
    note_type: str
    category: str
    tags: tuple[str, ...]
    text: str
    change: str
    cards: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ShownBranch:
    """A branch of the category tree: its tag, name, and depth from 0."""

    tag: str
    name: str
    depth: int


@dataclass(frozen=True)
class Preview:
    """Everything the page shows of one state of a deck. `show` makes the faces of a note's card, by its ordinal.

    A `stale` one has the cards of an earlier state, because the deck cannot be read as it stands.
    """

    deck: str
    notes: tuple[ShownNote, ...] = ()
    styles: Mapping[str, str] = field(default_factory=dict)
    tree: tuple[ShownBranch, ...] = ()
    faults: tuple[Fault, ...] = ()
    media: Mapping[str, Media] = field(default_factory=dict)
    stale: bool = False
    show: Callable[[str, str, int], tuple[Faces, Faces | None]] = lambda *_: (("", ""), None)

    @property
    def cards(self) -> tuple[str, ...]:
        """The ids of all cards: note type, key and number of each."""
        return tuple(f"{n.note_type}/{n.key}/{ordinal + 1}" for n in self.notes for ordinal, _ in n.cards)

    def index(self) -> dict[str, object]:
        """Return what the page needs at once: all but the faces."""
        return {
            "deck": self.deck,
            "stale": self.stale,
            "notes": [asdict(note) for note in self.notes],
            "styles": {key: STYLE + css for key, css in self.styles.items()},
            "tree": [asdict(branch) for branch in self.tree],
            "faults": [asdict(fault) for fault in self.faults],
        }

    def faces(self, ids: Iterable[str]) -> dict[str, dict[str, object]]:
        """Return the faces of some cards, by id, as they look on the screen."""
        known = {(note.note_type, note.key): {ordinal for ordinal, _ in note.cards} for note in self.notes}
        faces = {}
        for card in ids:
            note_type, _, rest = card.partition("/")
            key, _, number = rest.rpartition("/")
            if number.isdecimal() and int(number) - 1 in known.get((note_type, key), ()):
                faces[card] = self._faces(note_type, key, int(number) - 1)
        return faces

    def _faces(self, note_type: str, key: str, ordinal: int) -> dict[str, object]:
        try:
            (front, back), before = self.show(note_type, key, ordinal)
        except Exception as error:  # a template that fails with this card: the author sees it in the card's place
            front = back = f"<code>{escape(repr(error))}</code>"
            before = None
        faces: dict[str, object] = {"front": set_card(front), "back": set_card(back)}
        if before:
            faces["before"] = [set_card(side) for side in before]
        return faces

    def pictures(self) -> dict[str, str]:
        """Return every picture as an address that holds it whole."""
        return {
            name: f"data:{picture_type(name)};base64,{base64.b64encode(media.read()).decode()}"
            for name, media in self.media.items()
        }


def picture_type(name: str) -> str:
    """Return the media type of a picture."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def show_notes(notes: NoteSet, faults: tuple[Fault, ...], changes: Mapping[NoteId, str], before: Before) -> Preview:
    """Return what the page shows of a deck. `changes` says what is new or changed since the last build."""
    by_name = {(note.note_type, note.key): note for note in notes.notes}

    def show(note_type: str, key: str, ordinal: int) -> tuple[Faces, Faces | None]:
        note = by_name[note_type, key]
        faces = notes.show(note, ordinal)
        return (faces.front, faces.back), before(note, ordinal) if NoteId(note_type, key) in changes else None

    return Preview(
        deck=notes.deck,
        notes=tuple(_shown(notes, note, changes.get(note.id, "")) for note in notes.notes),
        styles={key: note_type.css for key, note_type in notes.note_types.items()},
        tree=tuple(ShownBranch(tag, name, tag.count("::")) for tag, name in notes.tree.items()),
        faults=faults,
        media={media.name: media for media in notes.media},
        show=show,
    )


def _shown(notes: NoteSet, note: Note, change: str) -> ShownNote:
    return ShownNote(
        key=note.key,
        note_type=note.note_type,
        category=next((tag for tag in note.tags if tag in notes.tree), ""),
        tags=note.tags,
        text=searchable_text(" ".join((note.key, *note.fields))).casefold(),
        change=change,
        cards=tuple((card.ordinal, card.kind) for card in note.cards),
    )
