"""The note of the category tree, as a picture with hidden branches in Anki's own image occlusion."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from generator.cards.drafts import Draft, Making
from generator.cards.lists import ROOT
from generator.cards.numbers import number_members
from generator.cards.tree import Mask, Picture, draw_to_hide
from generator.cards.writer import Writer
from generator.model.choice import CardChoice
from generator.model.notes import Card, EntryRef, NoteId
from generator.text.cloze import cloze_deletion


@dataclass(frozen=True)
class TreeNote:
    """The content of the tree's note: the picture, and the masks of its branches by cloze number."""

    finding: str
    picture: Picture
    masks: tuple[tuple[int, Mask], ...]


def draft_tree(making: Making) -> Iterator[Draft]:
    """Yield the note of the tree if the deck asks for it."""
    tree, settings = making.deck.tree, making.deck.settings
    tops = [branch for branch in tree.values() if branch.parent and not branch.parent.path]
    if len(tops) < 2 or not making.wants("tree", CardChoice(), settings.finding.review):
        return
    picture, masks = draw_to_hide(tree)
    id_ = NoteId("picture", ROOT)
    numbers = number_members({b.path: b.formers for b in tops}, making.known_numbers(id_), first=1)
    entries = tuple(EntryRef("categories", path) for path in ("", *numbers))
    cards = tuple(
        Card(numbers[mask.path] - 1, "tree", making.words["ask-tree"], "", tree[mask.path].category.name,
             EntryRef("categories", mask.path), ("name",), ("name",))
        for mask in masks
    )  # fmt: skip
    subject = TreeNote(settings.finding.name, picture, tuple((numbers[mask.path], mask) for mask in masks))
    yield Draft(id_, write_tree, subject, entries, settings.finding.review, cards, tree[""], numbers=numbers)


def write_tree(writer: Writer, note: TreeNote) -> dict[str, str]:
    """Return the fields of the tree in the form of Anki's image-occlusion editor."""
    hidden = "<br>".join(cloze_deletion(Markup(mask.shape), number) for number, mask in note.masks)
    return {"Occlusion": hidden, "Image": writer.draw(note.picture), "Header": writer.plain(note.finding)}
