"""Which cards a cause gets: one rule for each family, with the reason when a card would do harm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator.model import Branch, Cause, Deck, Finding
from generator.wording import names_anyone, words_of

MAX_CARDS = 6
"""Cards of one cause by default; those of the lowest priority are left out."""


@dataclass(frozen=True)
class Occasion:
    """A cause and what the rules need to know of its deck."""

    key: str
    cause: Cause
    top: Branch | None
    tree: Mapping[str, Branch]
    common: frozenset[str]
    same_mechanism: Mapping[str, str]


def _mechanism(it: Occasion) -> str | None:
    if not it.cause.mechanism.summary or it.cause.mechanism.certainty == "unknown":
        return "the mechanism is unknown"
    return None


def _clue(it: Occasion) -> str | None:
    if not it.cause.clue:
        return "no clue"
    if name := names_anyone(it.cause.clue, (it.cause.cause, *it.cause.aka), it.common):
        return f"the clue gives away “{name}”"
    return None


def _category(it: Occasion) -> str | None:
    if it.top is None:
        return "no category"
    if any(path.split("/")[0] != it.top.path for path in it.cause.also_in):
        return "it also stands in another category, so there are two right answers"
    if names_anyone(it.cause.cause, (it.top.category.name,), it.common):
        return "the name gives the category away"
    return None


def _cause(it: Occasion) -> str | None:
    if reason := _mechanism(it):
        return reason
    summary = it.cause.mechanism.summary or ""
    if name := names_anyone(summary, (it.cause.cause, *it.cause.aka), it.common):
        return f"the mechanism gives away “{name}”"
    if (first := it.same_mechanism[fold(summary)]) != it.key:
        return f"`{first}` has the same mechanism"
    return None


FAMILIES: tuple[tuple[str, Callable[[Occasion], str | None]], ...] = (
    ("mechanism", _mechanism),
    ("clue", _clue),
    ("category", _category),
    ("cause", _cause),
)
"""The families of cards of a cause, the most useful first: name and reason not to make the card."""


def fold(text: str) -> str:
    """Return a text in the form in which two texts that read alike are equal."""
    return " ".join(words_of(text))


def occasions(deck: Deck) -> list[Occasion]:
    """Return each cause with what the rules need."""
    same: dict[str, str] = {}
    for key, cause in deck.causes.items():
        same.setdefault(fold(cause.mechanism.summary or ""), key)
    common = _common_words(deck.settings.finding)
    tree = deck.tree
    return [
        Occasion(key, cause, tree[cause.category].trail[0] if cause.category else None, tree, common, same)
        for key, cause in deck.causes.items()
    ]


def choose(it: Occasion) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the families to make for a cause, and those withheld with the reason."""
    made: list[str] = []
    withheld: list[tuple[str, str]] = []
    for name, rule in FAMILIES:
        if (it.cause.cards.only and name not in it.cause.cards.only) or name in it.cause.cards.skip:
            reason: str | None = "the author left it out"
        elif len(made) == MAX_CARDS:
            reason = f"a cause gets at most {MAX_CARDS} cards"
        else:
            reason = rule(it)
        if reason:
            withheld.append((name, reason))
        else:
            made.append(name)
    return tuple(made), tuple(withheld)


def _common_words(finding: Finding) -> frozenset[str]:
    return frozenset(word for name in (finding.name, finding.effect, *finding.aka) for word in words_of(name))
