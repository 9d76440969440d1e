"""What is printed on each card: front and back as the card templates make them, adapted to paper.

The back does not repeat the front, TeX becomes HTML, and what a small card has no room for is left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from html import escape
from itertools import count

from generator.cards.phrases import label
from generator.model.deck import Deck
from generator.model.notes import Card, EntryRef, Note, NoteId, NoteSet, card_id
from generator.print.maths import draw_formula
from generator.print.typography import set_type
from generator.screen.maths import set_maths
from generator.screen.occlusion import draw_occlusion
from generator.text.html import visible_text, without_classes

SMALL_PRINT = ("details", "cite", "small")
"""Classes of what is printed only on request: what a card folds away, citation marks, and the last line."""
_AT_FOOT = ("draft",)
"""The classes of what is in the last line on screen and at the foot of every back on paper."""
REFERENCES = ("sources", "cite", "small")
"""Classes of what is left out of a card without room for it."""

DRAWN = "picture"
"""The note type whose cards are a single drawing, which can neither shrink nor continue on another card."""

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REPEATED = re.compile(r'<div class="front told">(.*?)<div class="ask">', re.DOTALL)
_BOLD = re.compile(r"<(strong|b)>(.*?)</\1>", re.DOTALL)
_NAME = re.compile(r'<div class="answer name">.*?</div>', re.DOTALL)
_FOLD = re.compile(r"<(/?)details\b|<summary>.*?</summary>", re.DOTALL)
_OCCLUDED = re.compile(r'(<div class="occlusion"><img src="([^"]+)")')
_BLANKS = re.compile(r'<div class="list"><([ou])l>(?:<li><span class="cloze"[^>]*>\[\.\.\.\]</span></li>)+</\1l></div>')
"""A list with only gaps, which is not printed, since the question says how many items it has."""
_SVG_SIZE = re.compile(rb'<svg[^>]*?\swidth="([\d.]+)"[^>]*?\sfont-size="([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Face:
    """A card as it is printed. `category` is its top branch; `shade` distinguishes that branch from the others.

    `review` says, in words, that the text has not been reviewed; it is printed on every back. `entry` is what
    the card is made from. `number` is what cards and lists carry, and `part` which of the cards it is that continue one
    another. `label` is its kind and `title` its subject, both in words. `called` are more names: of
    what the card is about, of its branches, and the key of the cause that a question belongs to. `folds` says that a
    screen folds details of it away, `look` what the deck's style says of paper.
    """

    key: str
    note_type: str
    ordinal: int
    kind: str
    category: str
    shade: int
    tags: tuple[str, ...]
    front: str
    back: str
    review: str = ""
    entry: EntryRef = field(default=EntryRef("", ""))
    number: int = 0
    part: str = ""
    parts: int = 1
    label: str = ""
    title: str = ""
    called: tuple[str, ...] = ()
    folds: bool = False
    look: str = ""

    def side(self, name: str) -> str:
        """Return the HTML of `front` or `back`."""
        return self.front if name == "front" else self.back

    @property
    def name(self) -> str:
        """The name that identifies this card in the deck."""
        return card_id(NoteId(self.note_type, self.key), self.ordinal)

    @property
    def names(self) -> frozenset[str]:
        """What an order may call this card by, folded: key, entry, kind, tags, category paths, names."""
        tags = {tag.casefold() for tag in self.tags}
        steps = [tag.split("::") for tag in tags]
        paths = {"/".join(s[i:j]) for s in steps for i in range(len(s)) for j in range(i + 1, len(s) + 1)}
        kind = self.kind.casefold()
        entry = "" if self.entry.kind == "categories" else self.entry.key.casefold()  # branches are named by paths
        words = (name.casefold() for name in (self.label, *self.called))
        return frozenset((self.key.casefold(), entry, kind, kind.rstrip("0123456789 "), *paths, *words)) - {""}

    def is_called(self, term: str) -> bool:
        """Return whether a term names this card, or is its number."""
        term = " ".join(term.casefold().split())
        return term in self.names or term.replace("::", "/") in self.names or term.lstrip("№ ") == str(self.number)

    @property
    def sign(self) -> str:
        """The number on both sides of a card, by which a dropped pile can be sorted."""
        return f"№{self.number}" + (f"·{self.part}" if self.part else "")

    @property
    def hash(self) -> str:
        """A hash that changes if the printed card does, except its small print: a new reviewer is not worth paper."""
        back = without_classes(self.back, ("small",))
        printed = f"{self.front}\x1f{back}\x1f{self.category}\x1f{self.look}"
        return sha256(printed.encode()).hexdigest()[:16]


def make_faces(notes: NoteSet, deck: Deck, words: Mapping[str, str], hidden: Sequence[str]) -> tuple[Face, ...]:
    """Return the printed cards of all notes, in the order of learning, without elements of the `hidden` classes."""
    hidden = (*hidden, *_AT_FOOT)
    shades: dict[str, int] = {}
    faces: list[Face] = []
    widths = {item.name: _width(item.read()) for item in notes.media if item.name.endswith(".svg")}
    for note in notes.notes:
        category = note.branch[0] if note.branch else ""
        shade = shades.setdefault(category, len(shades)) if category else 0
        cloze = notes.note_types[note.note_type].cloze
        for card in note.cards:
            shown = _mark_deciding(*notes.show(note, card.ordinal))
            kind = card.kind + (f" {card.ordinal + 1}" if cloze and len(note.cards) > 1 else "")
            told = _row(words["place"], category) if len(note.branch) == 1 else ""  # the head of the card says it
            front, answer = (
                _prepare(html.replace(told, ""), deck.settings.language, hidden, widths) for html in shown[::2]
            )
            said = notes.draft if note.unreviewed else ""
            owner = (deck.owners[card.entry.key],) if card.entry.key in deck.owners else ()
            titles = tuple(_titles(deck, note, card))
            named = words.get(f"kind-{card.kind}", card.kind)
            faces.append(
                Face(
                    note.key, note.note_type, card.ordinal, kind, category, shade, note.tags, front, answer, said,
                    card.entry, label=named, title=" / ".join(titles), called=(*titles, *note.branch, *owner),
                    folds="<details" in shown[0] + shown[2],
                )
            )  # fmt: skip
    style = deck.settings.style
    look = "\x1f".join(part or "" for part in (style.font, style.day.text, style.day.accent))
    return tuple(replace(face, look=look) for face in faces)


def _row(name: str, value: str) -> str:
    """Return a line of the details of a card."""
    return f'<div class="row">{label(name)}{escape(value)}</div>'


def number_faces(faces: Iterable[Face], printed: Mapping[str, int]) -> tuple[Face, ...]:
    """Return cards with their numbers. A printed card keeps its number, by its name; the others get free numbers.

    The number of a printed card that has left the deck is not free.
    """
    taken = set(printed.values())
    free = (number for number in count(1) if number not in taken)
    return tuple(replace(face, number=printed.get(face.name) or next(free)) for face in faces)


def _mark_deciding(front: str, back: str, answer: str) -> tuple[str, str, str]:
    """Return the sides of a card and its answer, with the deciding words of the clue quoted below the answer.

    On a screen they are marked where the back repeats the clue. Paper has no room for that.
    """
    repeated = _REPEATED.search(back)
    words = [f'"{match[2]}"' for match in _BOLD.finditer(repeated[1])] if repeated else []
    if not words:
        return front, back, answer
    quoted = f'<div class="deciding">{" · ".join(words)}</div>'
    return front, back, _NAME.sub(lambda match: match[0] + quoted, answer, count=1)


def _titles(deck: Deck, note: Note, card: Card) -> Iterator[str]:
    """The names of what a card is about: of the pair in a contrast, of its entry, or of what a question belongs to."""
    for kind, key in note.entries if note.note_type == "contrast" else (card.entry,):
        if kind == "causes":
            yield deck.causes[key].cause
        elif kind == "categories":
            yield deck.tree[key].category.name
        elif kind == "questions":
            owner = deck.owners.get(key)
            yield deck.causes[owner].cause if owner else deck.tree[deck.questions[key].category or ""].category.name
        else:
            yield key


def _prepare(html: str, language: str, hidden: Sequence[str], widths: Mapping[str, float | None]) -> str:
    """Return a side as it is set: formulas and hidden parts of pictures drawn, no line ending where it should not.

    Paper cannot be unfolded, so what a card folds away becomes an ordinary part of it.
    """

    def widen(match: re.Match[str]) -> str:
        width = widths.get(match[2])
        return f'{match[1]} style="width:{width:g}em"' if width else match[0]

    unfolded = _FOLD.sub(lambda match: "" if match[1] is None else f"<{match[1]}div", html)
    shown = _BLANKS.sub("", without_classes(unfolded, hidden))
    drawn = _OCCLUDED.sub(widen, draw_occlusion(shown))
    return set_type(set_maths(_CONTROLS.sub("", drawn), draw_formula), language)


def _width(svg: bytes) -> float | None:
    """Return the width in em at which the letters in a picture are a little smaller than those of the card."""
    size = _SVG_SIZE.match(svg)
    return round(float(size[1]) / float(size[2]) * 0.75, 2) if size else None


def select(faces: Iterable[Face], only: Sequence[str], without: Sequence[str]) -> tuple[Face, ...]:
    """Return the cards that a term of `only` names, or all if it is empty, except those that `without` names."""
    return tuple(
        face for face in faces if (not only or any(map(face.is_called, only))) and not any(map(face.is_called, without))
    )


SORTS: dict[str, Callable[[Face], object]] = {
    "number": lambda face: face.number,
    "key": lambda face: face.key,
    "category": lambda face: face.shade,
    "card": lambda face: face.kind,
}
"""The orders of cards by name. `shuffle:SEED` is another."""


def sort_faces(faces: Iterable[Face], order: str | None) -> tuple[Face, ...]:
    """Return the cards in an order of `SORTS`, shuffled by a seed, or (with None) unchanged."""
    if order is None:
        return tuple(faces)
    name, _, seed = order.partition(":")
    if name == "shuffle":
        return tuple(sorted(faces, key=lambda face: sha256(f"{seed}/{face.name}".encode()).digest()))
    return tuple(sorted(faces, key=SORTS[name]))  # type: ignore[arg-type]  # each order compares with itself


def missing_characters(face: Face, covered: frozenset[str]) -> str:
    """Return the characters of a card that the fonts do not have."""
    if not set(face.front + face.back) - covered and "&#" not in face.front + face.back:
        return ""
    text = visible_text(face.front + face.back) + face.category + face.title + face.label + face.review
    return "".join(sorted(set(text) - covered))
