"""Notes to what the preview shows: one record a card, the tree, the styles and what is wrong."""

import base64
import mimetypes
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from html import unescape

from generator.notes import Note, NoteSet
from generator.outputs.maths import set_maths

_MARKUP = re.compile(r"<[^>]+>")
_SOURCE = re.compile(r'(<img src=")([^"]+)(")')


Before = Callable[[Note, int], tuple[str, str] | None]
"""Shows front and back of a card as they were in the last build; None for a card that is new."""


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
class CardFace:
    """One card: `front` and `back` are what Anki shows; `text` is what the search looks through."""

    id: str
    key: str
    kind: str
    note_type: str
    ordinal: int
    category: str
    tags: tuple[str, ...]
    text: str
    changed: bool
    front: str
    back: str
    before: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of the category tree: its tag, name, depth from 0, and how many cards stand in and below it."""

    tag: str
    name: str
    depth: int
    cards: int


@dataclass(frozen=True)
class Preview:
    """Everything the page shows of one state of a deck."""

    deck: str
    cards: tuple[CardFace, ...] = ()
    styles: Mapping[str, str] = field(default_factory=dict)
    tree: tuple[Branch, ...] = ()
    faults: tuple[Fault, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict)

    def index(self) -> dict[str, object]:
        """Return what the page needs at once: all but the faces."""
        cards = [{k: v for k, v in asdict(card).items() if k not in ("front", "back", "before")} for card in self.cards]
        return {
            "deck": self.deck,
            "cards": cards,
            "styles": dict(self.styles),
            "tree": [asdict(branch) for branch in self.tree],
            "faults": [asdict(fault) for fault in self.faults],
        }

    def faces(self, ids: Iterable[str]) -> dict[str, dict[str, object]]:
        """Return the faces of some cards, with their formulas set."""
        wanted = set(ids)
        return {card.id: _faces(card) for card in self.cards if card.id in wanted}

    def with_media_inside(self, html: str) -> str:
        """Return HTML whose pictures are inside it."""

        def inline(match: re.Match[str]) -> str:
            content = self.media.get(match[2])
            if content is None:
                return match[0]
            kind = mimetypes.guess_type(match[2])[0] or "application/octet-stream"
            return f"{match[1]}data:{kind};base64,{base64.b64encode(content).decode()}{match[3]}"

        return _SOURCE.sub(inline, html)


def show_cards(notes: NoteSet, changed: frozenset[tuple[str, str]], before: Before) -> tuple[CardFace, ...]:
    """Return every card of a deck.

    `changed` names the notes that differ from the last build; `before` shows a card as it was there, or gives None.
    """
    return tuple(
        _card(notes, note, ordinal, before if (note.note_type, note.key) in changed else None)
        for note in notes.notes
        for ordinal in note.cards
    )


def count_tree(notes: NoteSet, cards: Iterable[CardFace]) -> tuple[Branch, ...]:
    """Return the branches of the category tree that have cards, with the number of cards in and below each."""
    counts: Counter[str] = Counter()
    for card in cards:
        parts = card.category.split("::")
        counts.update("::".join(parts[: depth + 1]) for depth in range(len(parts)))
    return tuple(Branch(tag, name, tag.count("::"), counts[tag]) for tag, name in notes.tree.items() if counts[tag])


def _card(notes: NoteSet, note: Note, ordinal: int, before: Before | None) -> CardFace:
    front, back = notes.show(note, ordinal)
    return CardFace(
        id=f"{note.note_type}/{note.key}/{ordinal + 1}",
        key=note.key,
        kind=notes.template_of(note, ordinal).name,
        note_type=note.note_type,
        ordinal=ordinal,
        category=next((tag for tag in note.tags if tag in notes.tree), ""),
        tags=note.tags,
        text=" ".join(unescape(_MARKUP.sub(" ", f"{note.key} {front} {back}")).casefold().split()),
        changed=before is not None,
        front=front,
        back=back,
        before=before(note, ordinal) if before else None,
    )


def _faces(card: CardFace) -> dict[str, object]:
    faces: dict[str, object] = {"front": set_maths(card.front), "back": set_maths(card.back)}
    if card.before:
        faces["before"] = [set_maths(side) for side in card.before]
    return faces
