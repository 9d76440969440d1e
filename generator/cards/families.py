"""Which cards a cause gets: one row for each family, with the reason when a card would do harm."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz

from generator.model.deck import Branch, Deck
from generator.model.entries import Cause, Example, Facet
from generator.text.citations import citations_in
from generator.text.words import names_anyone, words_of

LONGEST_MECHANISM = 25
LONGEST_CLUE = 45
LONGEST_STEP = 12
"""In words."""
ALIKE = 70
"""From which likeness, in percent, one step says what its neighbour says."""
USUAL = 0.7
"""Above which share of the causes a facet's value tells nothing."""


@dataclass(frozen=True)
class Ground:
    """What the rules need to know of the whole deck.

    `usual` are facet values that most causes share; `first` names, for a mechanism or a correction, the first cause
    that has it; `owners` counts the causes that give an example.
    """

    deck: Deck
    tree: Mapping[str, Branch]
    common: frozenset[str]
    usual: frozenset[tuple[str, str]]
    first: Mapping[str, str]
    owners: Mapping[str, int]


@dataclass(frozen=True)
class Occasion:
    """A cause, the branch above it that its card asks for, and its deck."""

    key: str
    cause: Cause
    group: Branch | None
    ground: Ground

    @property
    def asked_facets(self) -> Mapping[str, Facet]:
        """The facets of the cause that the deck asks for."""
        declared = self.ground.deck.settings.facets
        return {name: declared[name] for name in sorted(self.cause.facets) if declared[name].ask}

    @property
    def example(self) -> Example | None:
        """The example that a card can ask for: classic, explained, and of this cause alone."""
        return next((e for e in self.cause.examples if e.classic and e.note and self._alone(e)), None)

    def _alone(self, example: Example) -> bool:
        return self.ground.owners[fold(example.name)] == 1

    def gives_away(self, text: str, names: Iterable[str]) -> str | None:
        """Return the first name that a text gives away, words common in the deck aside."""
        return names_anyone(text, names, self.ground.common)


Rule = Callable[[Occasion, str], str | None]
"""Says why a card would do harm, given the part of the cause that it asks for."""


class Family(NamedTuple):
    """A family of cards: its name, its rule, the parts of a cause that it asks for, and the cards that each makes."""

    name: str
    rule: Rule
    parts: Callable[[Occasion], Iterable[str]] = lambda _: ("",)
    cards: Callable[[Occasion], int] = lambda _: 1


def _mechanism(ctx: Occasion, _: str) -> str | None:
    mechanism = ctx.cause.mechanism
    if not mechanism.summary or mechanism.certainty == "unknown":
        return "the mechanism is unknown"
    if len(words_of(mechanism.summary)) > LONGEST_MECHANISM:
        return f"the mechanism has more than {LONGEST_MECHANISM} words"
    if ctx.gives_away(ctx.cause.cause, (mechanism.summary,)):
        return "the name gives the mechanism away"
    return None


def _clue(ctx: Occasion, _: str) -> str | None:
    clue, cause = ctx.cause.clue, ctx.cause
    if not clue:
        return "no clue"
    if name := ctx.gives_away(clue, (cause.cause, *cause.aka, *(example.name for example in cause.examples))):
        return f"the clue gives away “{name}”"
    return f"the clue has more than {LONGEST_CLUE} words" if len(words_of(clue)) > LONGEST_CLUE else None


def _category(ctx: Occasion, _: str) -> str | None:
    if ctx.group is None:
        return "no category"
    if any(not f"{path}/".startswith(f"{ctx.group.path}/") for path in ctx.cause.also_in):
        return "it also stands in another category, so there are two right answers"
    if ctx.gives_away(ctx.cause.cause, (ctx.group.category.name,)):
        return "the name gives the category away"
    return None


def _pair(ctx: Occasion, rival: str) -> str | None:
    if ctx.key > rival and ctx.key in ctx.ground.deck.causes[rival].versus:
        return f"`{rival}` declares the same pair"
    return None


def _which(ctx: Occasion, rival: str) -> str | None:
    other = ctx.ground.deck.causes[rival]
    if name := ctx.gives_away(ctx.cause.versus[rival].here, (ctx.cause.cause, *ctx.cause.aka, other.cause, *other.aka)):
        return f"the feature gives away “{name}”"
    return _pair(ctx, rival)


def _time(ctx: Occasion, _: str) -> str | None:
    times = ctx.cause.time_course
    said = [text for text in (times.onset, times.peak, times.recovery, times.pattern) if text] if times else []
    said = said or [text for text in (ctx.cause.dose,) if text]
    if not said:
        return "no time course and no dose"
    return None if all(citations_in(text) for text in said) else "a time course or dose without its own citation"


def _cause(ctx: Occasion, part: str) -> str | None:
    summary = ctx.cause.mechanism.summary or ""
    if not summary or ctx.cause.mechanism.certainty == "unknown":
        return _mechanism(ctx, part)
    if name := ctx.gives_away(summary, (ctx.cause.cause, *ctx.cause.aka)):
        return f"the mechanism gives away “{name}”"
    if (first := ctx.ground.first[fold(summary)]) != ctx.key:
        return f"`{first}` has the same mechanism"
    return None


def _facet(ctx: Occasion, name: str) -> str | None:
    values = ctx.cause.facets[name]
    if len(values) != 1:
        return "a facet with several values"
    if (name, values[0]) in ctx.ground.usual:
        return "a facet whose value most causes share"
    if ctx.gives_away(ctx.cause.cause, (ctx.asked_facets[name].values[values[0]],)):
        return "the name gives the facet away"
    return None


def _check(ctx: Occasion, _: str) -> str | None:
    if not ctx.cause.first_check:
        return "no first check"
    if ctx.gives_away(ctx.cause.cause, (ctx.cause.first_check,)):
        return "the name gives the first check away"
    return None


def _chain(ctx: Occasion, _: str) -> str | None:
    steps = ctx.cause.mechanism.steps
    if ctx.cause.mechanism.certainty == "unknown" or not 3 <= len(steps) <= 6:
        return "a chain has 3 to 6 steps"
    if any(len(words_of(step)) > LONGEST_STEP for step in steps):
        return f"a step of more than {LONGEST_STEP} words"
    if any(fuzz.token_sort_ratio(fold(a), fold(b)) >= ALIKE for a, b in pairwise(steps)):
        return "two neighbouring steps say the same"
    return None


def _trap(ctx: Occasion, _: str) -> str | None:
    if not ctx.cause.correction:
        return "no correction"
    first = ctx.ground.first[ctx.cause.correction]
    return None if first == ctx.key else f"`{first}` has the same correction"


def _example(ctx: Occasion, _: str) -> str | None:
    if ctx.example is None:
        return "no classic example with a note that is its alone"
    if ctx.gives_away(ctx.example.name, (ctx.cause.cause, *ctx.cause.aka)):
        return "the example gives the name away"
    return None


FAMILIES = (
    Family("mechanism", _mechanism),
    Family("clue", _clue),
    Family("category", _category),
    Family("pair", _pair, lambda ctx: ctx.cause.versus),
    Family("time", _time),
    Family("cause", _cause),
    Family("facet", _facet, lambda ctx: ctx.asked_facets),
    Family("check", _check),
    Family("chain", _chain, cards=lambda ctx: len(ctx.cause.mechanism.steps) - 1),
    Family("trap", _trap),
    Family("which", _which, lambda ctx: ctx.cause.versus),
    Family("example", _example),
)
"""The families of cards of a cause, the most useful first."""


@dataclass(frozen=True)
class Choice:
    """How many cards are made of a cause, by family and part, and what is not made, with the reason."""

    made: Mapping[tuple[str, str], int]
    withheld: tuple[tuple[str, str], ...]

    @property
    def families(self) -> frozenset[str]:
        """The families that are made of any part."""
        return frozenset(family for family, _ in self.made)


def fold(text: str) -> str:
    """Return a text in the form in which two texts that read alike are equal."""
    return " ".join(words_of(text))


def occasions(deck: Deck) -> list[Occasion]:
    """Return each cause with what the rules need."""
    ground = _ground(deck)
    groups = {p: next((b for b in branch.trail if b.category.asked), branch) for p, branch in ground.tree.items()}
    return [
        Occasion(key, cause, groups[cause.category] if cause.category else None, ground)
        for key, cause in deck.causes.items()
    ]


def choose(ctx: Occasion) -> Choice:
    """Return what to make of a cause.

    Cards of all its notes count against the most that the deck allows. A family of several cards gets the room that is
    left: a chain then asks for its first links.
    """
    room = most = ctx.ground.deck.settings.cards.most
    made: dict[tuple[str, str], int] = {}
    withheld: list[tuple[str, str]] = []
    for family in FAMILIES:
        for part in family.parts(ctx):
            if reason := _left_out(ctx, family.name) or family.rule(ctx, part):
                withheld.append((family.name, reason))
                continue
            wanted = family.cards(ctx)
            if count := min(wanted, room):
                made[family.name, part] = count
                room -= count
            if count < wanted:
                withheld.append((family.name, f"a cause gets at most {most} cards"))
    return Choice(made, tuple(withheld))


def _left_out(ctx: Occasion, family: str) -> str | None:
    cards = ctx.ground.deck.settings.cards
    if not cards.admits(family):
        return "the deck does not use this family"
    if not ctx.cause.cards.admits(family):
        return "the author left it out"
    if family in cards.if_reviewed and ctx.cause.review.state != "reviewed":
        return "made only of reviewed entries"
    return None


def _ground(deck: Deck) -> Ground:
    first: dict[str, str] = {}
    owners: Counter[str] = Counter()
    facets: Counter[str] = Counter()
    values: Counter[tuple[str, str]] = Counter()
    for key, cause in deck.causes.items():
        first.setdefault(fold(cause.mechanism.summary or ""), key)
        first.setdefault(cause.correction or "", key)
        owners.update({fold(example.name) for example in cause.examples})
        facets.update(cause.facets.keys())
        values.update((name, value) for name, of in cause.facets.items() for value in of)
    usual = frozenset(item for item, count in values.items() if count > USUAL * facets[item[0]])
    return Ground(deck, deck.tree, common_words(deck), usual, first, owners)


def common_words(deck: Deck) -> frozenset[str]:
    """Return the words that give nothing away: those of the finding, and those that the author names."""
    finding = deck.settings.finding
    names = (finding.name, finding.effect, *finding.aka, *deck.settings.common_words)
    return frozenset(word for name in names for word in words_of(name))
