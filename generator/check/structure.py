"""Checks of a whole deck: nothing unused, nothing empty, nothing twice."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from generator.check.markup import pictures
from generator.check.texts import citations
from generator.diagnostics import Diagnostic, KeyPath, Place, Related, Severity
from generator.model.deck import Deck
from generator.model.entries import Cause, OwnNote, Question
from generator.model.templates import SHARED_STYLE, Templates
from generator.text.colours import READABLE, contrast, is_colour, usual_colours
from generator.text.short import shorten

_FIRST_WORD = re.compile(r"[^\W\d_]+(?![\w-])")
_DASHED = re.compile(r"-\S.* -\S", re.DOTALL)
_SHOWN = 30
"""The most characters of an item that a message repeats."""


def check_coverage(deck: Deck) -> Iterator[Diagnostic]:
    """An entry that is taught covers every claim of the syllabus, or the claim has a reason under `skip`."""
    gone = deck.retracted
    covered = {claim for kind, key, entry in deck.entries if (kind, key) not in gone for claim in entry.covers}
    for claim, said in deck.syllabus.claims.items():
        if claim not in covered and not said.skip:
            yield Diagnostic(
                "uncovered-claim",
                f"no entry covers `{claim}`: {said.claim}",
                Place(deck.folder / "syllabus.yaml", ("claims", claim), on_key=True),
                hint="name it under `covers` of an entry, or give a reason under `skip`",
            )


def check_unused_sources(deck: Deck) -> Iterator[Diagnostic]:
    """Every source is cited somewhere."""
    unused = set(deck.sources)
    for _, key in citations(deck):
        unused.discard(key)
        if not unused:
            return  # usually long before the end of a large deck
    for key in deck.sources:
        if key in unused:
            message, hint = f"nothing cites the source `{key}`", f"cite it as `[@{key}]`, or delete it"
            yield Diagnostic("unused-source", message, deck.source_place(key), hint=hint)


def check_unused_media(deck: Deck) -> Iterator[Diagnostic]:
    """Every file in `media/` is shown somewhere."""
    shown = set(pictures(deck)) if deck.media else set()
    for name, media in deck.media.items():
        if name not in shown and not name.startswith("_"):
            message = f"no card uses `{name}`, so it is not packed"
            yield Diagnostic("unused-media", message, Place(media.file, closed=True))


def check_tree(deck: Deck) -> Iterator[Diagnostic]:
    """No category is empty, or contains only one category."""
    filled = {*deck.inside, *(path for cause in deck.causes.values() for path in cause.also_in)}
    for branch in deck.tree.values():
        if branch.parent is None:
            continue
        place = deck.branch_place(branch.path, on_key=True)
        if not branch.category.children and branch.path not in filled:
            message = f"the category `{branch.path}` has no causes"
            hint = "name it under `category` of a cause, or delete it"
            yield Diagnostic("empty-category", message, place, hint=hint)
        if len(branch.category.children) == 1 and branch.path not in filled:
            only = next(iter(branch.category.children))
            message = f"the category `{branch.path}` contains only `{only}`"
            hint = "a branch with one member divides nothing: join the two"
            yield Diagnostic("lone-category", message, place, hint=hint)


def check_id(deck: Deck, others: Iterable[tuple[str, str, Path]]) -> Iterator[Diagnostic]:
    """No other deck has the id of this one, or its name if neither has an id, as a copied folder would.

    `others` are `id` or `deck`, its value, and the file, of each deck beside this one.
    """
    own = ("id", deck.settings.id) if deck.settings.id else ("deck", deck.settings.deck)
    for key, value, file in others:
        if (key, value) == own:
            named = f"has the id `{value}` too" if key == "id" else f"is called `{value}` too, and neither has an `id`"
            yield Diagnostic(
                "shared-id",
                f"the deck `{file.parent.name}` {named}",
                deck.place(key),
                hint="give the newer deck another id, and delete the deck.lock that was copied with it",
                related=(Related("it is here", Place(file, (key,))),),
                override=None if key == "id" else Severity.WARNING,
            )


def check_finding(deck: Deck) -> Iterator[Diagnostic]:
    """A deck with causes has a `finding`."""
    if "finding" not in deck.settings.model_fields_set and (deck.causes or deck.settings.categories):
        hint = "say what they are causes of: `finding: {name: Hyponatraemia, effect: lower the serum sodium}`"
        yield Diagnostic("missing-key", "a deck of causes needs the key `finding`", deck.place(), hint=hint)


def check_style(deck: Deck, templates: Templates) -> Iterator[Diagnostic]:
    """The colours of `style:` are colours, and each text is readable on its background."""
    usual = usual_colours(templates.texts[SHARED_STYLE])
    for mode in ("day", "night"):
        given = {name: colour for name, colour in getattr(deck.settings.style, mode) if colour}
        bad = [name for name, colour in given.items() if not is_colour(colour)]
        for name in bad:
            hint = "give a name of CSS, such as `teal`, or a number in quotes, such as `'#1d5c86'`"
            message = f"`{given[name]}` is not a colour"
            yield Diagnostic("bad-value", message, deck.place("style", mode, name), hint=hint)
        if not bad:
            yield from _check_contrast(deck, mode, given, usual[mode])


def _check_contrast(deck: Deck, mode: str, given: Mapping[str, str], usual: Mapping[str, str]) -> Iterator[Diagnostic]:
    """The author's colours are readable, together with the usual ones that they do not replace."""
    colours = {**usual, **given}
    ground = colours.get("background")
    for name in ("text", "accent"):
        colour = colours.get(name)
        if not (given.keys() & {name, "background"} and ground and colour):
            continue
        if (ratio := contrast(colour, ground)) < READABLE:
            other = next((key for key in (name, "background") if key not in given), None)
            at = name if name in given else "background"
            yield Diagnostic(
                "low-contrast",
                f"`{colour}` on `{ground}` has a contrast of {ratio:.1f}; readers need {READABLE}",
                deck.place("style", mode, at),
                hint=f"`{colours[other]}` is the usual `{other}`; set it too" if other else None,
            )


def check_repeats(deck: Deck) -> Iterator[Diagnostic]:
    """No list of an entry names the same thing twice, and no cause names its own category again."""
    for kind, key, entry in deck.entries:
        for keys, items in _lists(entry):
            for index, item in enumerate(items) if len(items) > 1 else ():
                if item in items[:index]:
                    place = deck.place(kind, key, *keys, index)
                    yield Diagnostic("repeated-item", f"`{shorten(item)}` appears here a second time", place)
    for key, cause in deck.causes.items():
        for index, path in enumerate(cause.also_in):
            if path == cause.category:
                place = deck.place("causes", key, "also-in", index)
                yield Diagnostic("repeated-item", f"`{path}` is its category already", place)


def _lists(entry: Cause | Question | OwnNote) -> Iterator[tuple[KeyPath, tuple[str, ...]]]:
    """Yield the lists of an entry that have items, with their keys."""
    for name in ("aka", "also_in", "covers", "sources", "tags", "see_also", "associated"):
        if items := getattr(entry, name, None):
            yield (name.replace("_", "-"),), items
    if isinstance(entry, Cause):
        if entry.mechanism.steps:
            yield ("mechanism", "steps"), entry.mechanism.steps
        if entry.examples:
            yield ("examples",), tuple(example.name for example in entry.examples)


def check_steps(deck: Deck) -> Iterator[Diagnostic]:
    """No step begins in lower case after one with a capital, like the second half of a text with a comma."""
    for key, cause in deck.causes.items():
        for index, (before, step) in enumerate(pairwise(cause.mechanism.steps), 1):
            first = _FIRST_WORD.match(step)
            if before[0].isupper() and first and first[0].islower():
                yield Diagnostic(
                    "parted-text",
                    f"`{first[0]}` begins a step in lower case; did a comma divide one text?",
                    deck.place("causes", key, "mechanism", "steps", index),
                    hint="put a text with a comma in quotes inside brackets, or begin each step with a capital",
                )


def check_dashes(deck: Deck) -> Iterator[Diagnostic]:
    """No list is one text because its lines lack a `-`, or the space after it."""
    for kind, key, entry in deck.entries:
        for keys, items in _lists(entry):
            lone = keys[-1] == "steps" and len(items) == 1
            if _DASHED.match(items[0]) or lone:
                message = f"`{keys[-1]}` has one item, `{shorten(items[0], _SHOWN)}`"
                hint = "begin each item on a line of its own, with `- `: a dash and a space"
                yield Diagnostic("parted-text", message, deck.place(kind, key, *keys), hint=hint)


def check_tags(deck: Deck) -> Iterator[Diagnostic]:
    """No tag contains a space, at which Anki would split it."""
    for kind, key, entry in deck.entries:
        for index, tag in enumerate(entry.tags):
            if len(parts := tag.split()) > 1:
                message, hint = f"`{tag}` cannot be a tag: it contains a space", f"write `{'-'.join(parts)}`"
                yield Diagnostic("bad-tag", message, deck.place(kind, key, "tags", index), hint=hint)
