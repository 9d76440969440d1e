"""The notes of a deck before their fields are made, one function for each kind of note."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

from generator.cards.chain import links_of
from generator.cards.classes import ClassOccasion, choose_class, choose_rivals, class_occasions
from generator.cards.families import Choice, Occasion, choose, occasions
from generator.cards.lists import list_members
from generator.cards.numbers import number_members, number_steps
from generator.cards.tree import draw_to_hide
from generator.model.deck import Branch, Deck
from generator.model.entries import Category, Contrast, Review
from generator.model.notes import Withheld
from generator.text.citations import citations_in

Ordinals = Mapping[tuple[str, str], Mapping[str, int]]
"""Numbers that earlier builds gave: by note type and key, then by the part of the list or chain."""

ROOT = "/"
"""The key of the notes of the whole tree."""
SLOTS = 2
"""Facets that a cause has cards for."""


@dataclass(frozen=True)
class Draft:
    """A note before its fields are made: what names it, where it stands, what its templates may use."""

    note_type: str
    key: str
    branch: Branch | None
    variables: Mapping[str, Any]
    entries: tuple[tuple[str, str], ...]
    review: Review
    tags: tuple[str, ...] = ()
    cloze_numbers: Mapping[str, int] | None = None
    was: tuple[str, ...] = ()


@dataclass(frozen=True)
class Side:
    """One side of a pair: its name, its feature, and the sentence that explains it."""

    name: str
    feature: str
    reason: str | None


@dataclass(frozen=True)
class Asked:
    """A facet that a card asks for, and its answer."""

    ask: str | None
    value: str


class Drafting:
    """A deck on its way to drafts, with what earlier builds numbered."""

    def __init__(self, deck: Deck, ordinals: Ordinals) -> None:
        self.deck = deck
        self.tree = deck.tree
        self.withheld: list[Withheld] = []
        self._ordinals = ordinals

    @cached_property
    def chosen(self) -> list[tuple[Occasion, Choice]]:
        """Each cause and what is made of it."""
        chosen = [(ctx, choose(ctx)) for ctx in occasions(self.deck)]
        self.withheld += [Withheld(ctx.key, card, reason) for ctx, choice in chosen for card, reason in choice.withheld]
        return chosen

    @cached_property
    def classes(self) -> list[ClassOccasion]:
        """Each branch of the tree but the root."""
        return class_occasions(self.deck)

    def known(self, note_type: str, key: str, was: Iterable[str] = ()) -> Mapping[str, int]:
        """Return the numbers that the parts of a note have had, under this or a former key."""
        return next((known for k in (key, *was) if (known := self._ordinals.get((note_type, k)))), {})

    def withhold(self, key: str, reasons: Iterable[tuple[str, str]]) -> None:
        """Remember the cards that are not made."""
        self.withheld += [Withheld(key, card, reason) for card, reason in reasons]

    def branch_of(self, category: str | None) -> Branch | None:
        """Return the branch of a cause."""
        return self.tree[category] if category else None


def _lists(of: Drafting) -> Iterator[Draft]:
    for branch in of.tree.values():
        key, category = branch.path or ROOT, branch.category
        members = list_members(of.deck, branch, of.known("category", key, branch.formers))
        if isinstance(members, str):
            of.withhold(key, [("list", members)])
        elif members and not of.deck.settings.cards.admits("list"):
            of.withhold(key, [("list", "the deck does not use this family")])
        elif members:
            numbers = {member.key: member.number for member in members.members}
            kind = "categories" if category.children else "causes"
            inside = tuple((kind, f"{branch.path}/{m}".lstrip("/") if category.children else m) for m in numbers)
            variables = {"category": category, "list": members}
            yield Draft("category", key, branch, variables, (("categories", branch.path), *inside), category.review,
                        (), numbers, branch.formers)  # fmt: skip


def _tree(of: Drafting) -> Iterator[Draft]:
    tops = [branch for branch in of.tree.values() if branch.parent and not branch.parent.path]
    if len(tops) < 2:
        return
    if not of.deck.settings.cards.admits("tree"):
        of.withhold(ROOT, [("tree", "the deck does not use this family")])
        return
    picture, masks = draw_to_hide(of.tree)
    former = {branch.path: branch.formers for branch in tops}
    numbers = number_members(former, of.known("tree", ROOT), first=1)
    variables = {"whole": picture, "masks": [(numbers[mask.path], mask) for mask in masks]}
    entries = tuple(("categories", path) for path in ("", *numbers))
    yield Draft("tree", ROOT, of.tree[""], variables, entries, of.tree[""].category.review, (), numbers)


def _classes(of: Drafting) -> Iterator[Draft]:
    for ctx in of.classes:
        families, reasons = choose_class(ctx, of.deck)
        of.withhold(ctx.branch.path, reasons)
        if families:
            category = ctx.branch.category
            shown = ctx.shown if "unifies" in families else ctx.classic if "prototype" in families else ()
            variables = {"category": category, "families": families, "shown": [cause for _, cause in ctx.shown],
                         "classic": [cause for _, cause in ctx.classic]}  # fmt: skip
            entries = (("categories", ctx.branch.path), *(("causes", key) for key, _ in shown))
            yield Draft(
                "class", ctx.branch.path, ctx.branch, variables, entries, category.review, was=ctx.branch.formers
            )


def _causes(of: Drafting) -> Iterator[Draft]:
    for ctx, choice in of.chosen:
        cause, facets = ctx.cause, of.deck.settings.facets
        asked = [name for name in ctx.asked_facets if ("facet", name) in choice.made]
        slots = number_members(dict.fromkeys(asked, ()), of.known("cause", ctx.key, cause.was), first=1)
        of.withhold(ctx.key, (("facet", f"only {SLOTS} facets are asked") for n in slots.values() if n > SLOTS))
        variables = {
            "cause": cause,
            "further": cause.sources,
            "group": ctx.group.category if ctx.group else None,
            "groups": _beside(ctx.group),
            "families": choice.families,
            "facets": [(facets[f].name, [facets[f].values[v] for v in values]) for f, values in cause.facets.items()],
            "asked": {slot: Asked(facets[f].ask, facets[f].values[cause.facets[f][0]]) for f, slot in slots.items()},
            "rivals": [(of.deck.causes[key].cause, contrast) for key, contrast in cause.versus.items()],
            "example": ctx.example,
            "correction": of.deck.syllabus.corrections[cause.correction] if cause.correction else None,
        }
        yield Draft("cause", ctx.key, of.branch_of(cause.category), variables, (("causes", ctx.key),), cause.review,
                    cause.tags, slots, cause.was)  # fmt: skip


def _beside(group: Branch | None) -> list[Category]:
    """The branches among which a card asks for one."""
    siblings = group.parent.category.children.values() if group and group.parent else ()
    return [category for category in siblings if category.listed]


def _facts(of: Drafting) -> Iterator[Draft]:
    for key, fact in of.deck.facts.items():
        cards = of.deck.settings.cards
        made = {family for family in ("fact", "trap") if cards.admits(family) and fact.cards.admits(family)}
        of.withhold(key, ((family, "the author left it out") for family in ("fact", "trap") if family not in made))
        correction = of.deck.syllabus.corrections[fact.correction] if fact.correction else None
        variables = {"fact": fact, "further": fact.sources, "families": made, "correction": correction}
        yield Draft("fact", key, None, variables, (("facts", key),), fact.review, fact.tags, None, fact.was)


def _chains(of: Drafting) -> Iterator[Draft]:
    for ctx, choice in of.chosen:
        if "chain" in choice.families:
            steps = ctx.cause.mechanism.steps
            numbers = number_steps(steps, of.known("chain", ctx.key, ctx.cause.was))
            variables = {
                "cause": ctx.cause,
                "further": ctx.cause.sources,
                "links": links_of(steps, numbers, choice.made["chain", ""]),
            }
            yield Draft("chain", ctx.key, of.branch_of(ctx.cause.category), variables, (("causes", ctx.key),),
                        ctx.cause.review, ctx.cause.tags, numbers, ctx.cause.was)  # fmt: skip


def _pairs(of: Drafting) -> Iterator[Draft]:
    for ctx, choice in of.chosen:
        for rival, contrast in ctx.cause.versus.items():
            families = {family for family in ("pair", "which") if (family, rival) in choice.made}
            if families:
                other = of.deck.causes[rival]
                cited = citations_in(contrast.here + contrast.there)
                variables = _sides(families, contrast, (ctx.cause.cause, ctx.cause.mechanism.summary),
                                   (other.cause, other.mechanism.summary))  # fmt: skip
                yield Draft("pair", _pair_key(ctx.key, rival), of.branch_of(ctx.cause.category),
                            {**variables, "further": () if cited else ctx.cause.sources},
                            (("causes", ctx.key), ("causes", rival)),
                            _weaker(ctx.cause.review, other.review), ctx.cause.tags, None,
                            _formers((ctx.key, *ctx.cause.was), (rival, *other.was)))  # fmt: skip
    for on in of.classes:
        category = on.branch.category
        for path, contrast in category.versus.items():
            against = of.tree[path]
            made, reasons = choose_rivals(on, of.deck, against)
            of.withhold(on.branch.path, reasons)
            if made:
                variables = _sides(made, contrast, (category.name, category.definition),
                                   (against.category.name, against.category.definition))  # fmt: skip
                yield Draft("pair", _pair_key(f"/{on.branch.path}", f"/{path}"), on.branch, variables,
                            (("categories", on.branch.path), ("categories", path)),
                            _weaker(category.review, against.category.review), (), None,
                            _formers(_slashed(on.branch), _slashed(against)))  # fmt: skip


def _sides(
    families: Iterable[str], contrast: Contrast, here: tuple[str, str | None], there: tuple[str, str | None]
) -> dict[str, Any]:
    """What the templates of a pair use; the names stand in an order that tells nothing."""
    sides = (Side(here[0], contrast.here, here[1]), Side(there[0], contrast.there, there[1]))
    return {"families": families, "sides": sides, "names": sorted((here[0], there[0]), key=str.casefold)}


def _pair_key(*keys: str) -> str:
    """The key of a pair, whichever of the two declares it."""
    return "~".join(sorted(keys))


def _slashed(branch: Branch) -> tuple[str, ...]:
    """The paths that a branch has and had, told from keys of causes by a slash."""
    return tuple(f"/{path}" for path in (branch.path, *branch.formers))


def _formers(here: Iterable[str], there: Iterable[str]) -> tuple[str, ...]:
    """The keys that a pair had under former keys of its sides, the latest first."""
    _, *before = dict.fromkeys(_pair_key(*sides) for sides in product(here, there))
    return tuple(before)


def _weaker(*reviews: Review) -> Review:
    """The review of what rests on two entries: that of the less reviewed."""
    return min(reviews, key=lambda review: ("retracted", "draft", "checked", "reviewed").index(review.state))


DRAFTERS: tuple[Callable[[Drafting], Iterator[Draft]], ...] = (
    _lists, _classes, _tree, _causes, _facts, _chains, _pairs,
)  # fmt: skip
"""What makes the notes."""

TURNS = {"category": 0, "tree": 1, "fact": 2, "cause": 3, "chain": 3, "class": 4, "pair": 5}
"""What learners meet of a branch, in turn: its list, its causes, each with its chain, what they share, and pairs."""


def draft_notes(deck: Deck, ordinals: Ordinals) -> tuple[list[Draft], tuple[Withheld, ...]]:
    """Return the draft of every note of a deck, and the cards that are not made."""
    drafting = Drafting(_taught(deck), ordinals)
    drafts = [draft for drafter in DRAFTERS for draft in drafter(drafting) if draft.review.state != "retracted"]
    return _in_learning_order(drafting.deck, drafts), tuple(drafting.withheld)


def _in_learning_order(deck: Deck, drafts: Iterable[Draft]) -> list[Draft]:
    """Go down the tree branch by branch, from definitions at the root; a pair comes once both its sides are known."""
    depth = {path: number for number, path in enumerate(deck.tree)}
    causes = {key: (depth[cause.category or ""], number) for number, (key, cause) in enumerate(deck.causes.items())}

    def met(entry: tuple[str, str]) -> int:
        kind, key = entry
        return causes[key][0] if kind == "causes" else depth[key]

    def turn(draft: Draft) -> tuple[int, int, int]:
        branch, number = causes[draft.key] if draft.note_type in ("cause", "chain") else (0, 0)
        if draft.note_type == "pair":
            branch = max(map(met, draft.entries))
        elif draft.branch:
            branch = depth[draft.branch.path]
        return branch, TURNS[draft.note_type], number

    return sorted(drafts, key=turn)


def _taught(deck: Deck) -> Deck:
    """The deck without its retracted entries and without the contrasts that others draw with them."""
    gone = deck.retracted
    if not gone:
        return deck
    facts = {key: fact for key, fact in deck.facts.items() if ("facts", key) not in gone}
    causes = {key: cause for key, cause in deck.causes.items() if ("causes", key) not in gone}
    for key, cause in causes.items():
        versus = {rival: contrast for rival, contrast in cause.versus.items() if rival in causes}
        causes[key] = cause.model_copy(update={"versus": versus})
    return replace(deck, causes=causes, facts=facts)
