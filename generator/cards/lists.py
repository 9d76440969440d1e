"""The ordered lists of the category tree: what stands in each, and which cloze number each member keeps for life."""

from collections.abc import Mapping
from dataclasses import dataclass

from generator.cards.numbers import number_members
from generator.model.deck import Branch, Deck

ENUMERATION = 1
"""The cloze number of the card that asks for the whole list; members have numbers from 2."""
MAX_ENUMERATED = 5
MAX_MEMBERS = 9


@dataclass(frozen=True)
class Member:
    """A member of a list. `number` is its cloze number, from 2; `hint` its first letter."""

    key: str
    name: str
    number: int
    hint: str


@dataclass(frozen=True)
class MemberList:
    """An ordered list. With 3 members or more each is asked in turn; with 5 or fewer all are asked at once."""

    members: tuple[Member, ...]

    @property
    def enumerated(self) -> bool:
        """Whether one card asks for the whole list."""
        return len(self.members) <= MAX_ENUMERATED

    @property
    def in_turn(self) -> bool:
        """Whether a card asks for each member."""
        return len(self.members) > 2


def list_members(deck: Deck, branch: Branch, known: Mapping[str, int]) -> MemberList | str | None:
    """Return the list of a branch, why it gets no cards, or None if it has no list.

    The members are its own branches or, if it has none, its causes that are taught, in the order of `members`. `known`
    are the numbers of earlier builds.
    """
    category = branch.category
    children = {key: child for key, child in category.children.items() if child.listed}
    names = {key: child.name for key, child in children.items()} or {
        key: deck.causes[key].cause
        for key in category.members or deck.inside.get(branch.path, ())
        if key in deck.causes
    }
    if len(names) < 2:
        return None
    if not category.ordered:
        return "its members have no order worth learning"
    if len(names) > MAX_MEMBERS:
        return f"a list of {len(names)} is too long to learn; {MAX_MEMBERS} is the most"
    formers = {key: [path.rpartition("/")[2] for path in child.was] for key, child in children.items()}
    before = {key: (*(formers[key] if formers else deck.causes[key].was), name) for key, name in names.items()}
    numbers = number_members(before, known, ENUMERATION + 1)
    return MemberList(tuple(Member(key, name, numbers[key], f"{name[0]}…") for key, name in names.items()))
