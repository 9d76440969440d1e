"""Which cards a branch of the category tree gets: what unifies it, its prototype, what marks it off, its rivals.

Its ordered list is the business of `lists`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from generator.cards.families import common_words
from generator.model.deck import Branch, Deck
from generator.model.entries import Cause, Contrast
from generator.text.words import names_anyone

MIN_SHOWN = 3
MAX_SHOWN = 5


@dataclass(frozen=True)
class ClassOccasion:
    """A branch, the causes in it by name, and what the rules need to know of the deck."""

    branch: Branch
    causes: tuple[tuple[str, Cause], ...]
    common: frozenset[str]

    @property
    def classic(self) -> tuple[tuple[str, Cause], ...]:
        """The causes that are worth recalling from the category's side."""
        return tuple(item for item in self.causes if item[1].classic)

    @property
    def shown(self) -> tuple[tuple[str, Cause], ...]:
        """The causes that stand for the branch: the classic ones, or all if they are few; none if there are too few."""
        for causes in (self.classic, self.causes):
            if MIN_SHOWN <= len(causes) <= MAX_SHOWN:
                return causes
        return ()

    def gives_away(self, text: str, names: Iterable[str]) -> str | None:
        """Return the first name that a text gives away, words common in the deck aside."""
        return names_anyone(text, names, self.common)


def _unifies(ctx: ClassOccasion) -> str | None:
    category = ctx.branch.category
    if not category.definition:
        return "no definition"
    if not ctx.shown:
        return f"not {MIN_SHOWN} to {MAX_SHOWN} causes to show; mark the `classic` ones"
    if ctx.gives_away(", ".join(cause.cause for _, cause in ctx.shown), (category.name, category.definition)):
        return "the causes give the answer away"
    return None


def _prototype(ctx: ClassOccasion) -> str | None:
    if len(ctx.classic) != 1:
        return "no classic cause, or several"
    if ctx.gives_away(ctx.branch.category.name, (ctx.classic[0][1].cause,)):
        return "the category gives the cause away"
    return None


def _separates(ctx: ClassOccasion) -> str | None:
    category = ctx.branch.category
    if not category.separates:
        return "nothing said that marks it off"
    if ctx.gives_away(category.name, (category.separates,)):
        return "the name gives it away"
    return None


CLASS_FAMILIES: tuple[tuple[str, Callable[[ClassOccasion], str | None]], ...] = (
    ("unifies", _unifies),
    ("prototype", _prototype),
    ("separates", _separates),
)
"""The families of cards of a branch: name and reason not to make the card."""


def class_occasions(deck: Deck) -> list[ClassOccasion]:
    """Return each branch but the root with what the rules need."""
    common = common_words(deck)

    def causes(path: str) -> tuple[tuple[str, Cause], ...]:
        inside = ((key, deck.causes[key]) for key in deck.inside.get(path, ()))
        return tuple(sorted(inside, key=lambda item: item[1].cause.casefold()))

    return [ClassOccasion(branch, causes(path), common) for path, branch in deck.tree.items() if path]


def choose_class(ctx: ClassOccasion, deck: Deck) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """Return the families to make of a branch, and those withheld with the reason."""
    reasons = {name: _reason(deck, name, rule(ctx)) for name, rule in CLASS_FAMILIES}
    made = frozenset(name for name, reason in reasons.items() if reason is None)
    return made, tuple((name, reason) for name, reason in reasons.items() if reason)


def choose_rivals(ctx: ClassOccasion, deck: Deck, rival: Branch) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """Return the families to make of a branch and one that it is confused with, and those withheld."""
    contrast = ctx.branch.category.versus[rival.path]
    twice = ctx.branch.path > rival.path and ctx.branch.path in rival.category.versus
    declared = f"`{rival.path}` declares the same pair" if twice else None
    reasons = {
        "pair": _reason(deck, "pair", declared),
        "which": _reason(deck, "which", declared or _named(ctx, rival, contrast)),
    }
    made = frozenset(name for name, reason in reasons.items() if reason is None)
    return made, tuple((name, reason) for name, reason in reasons.items() if reason)


def _named(ctx: ClassOccasion, rival: Branch, contrast: Contrast) -> str | None:
    name = ctx.gives_away(contrast.here, (ctx.branch.category.name, rival.category.name))
    return f"the feature gives away “{name}”" if name else None


def _reason(deck: Deck, family: str, reason: str | None) -> str | None:
    return reason if deck.settings.cards.admits(family) else "the deck does not use this family"
