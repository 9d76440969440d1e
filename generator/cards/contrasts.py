"""The notes of contrasts: two causes, or two categories, and one property in which they differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from generator.cards.drafts import Draft, Making, weaker
from generator.cards.phrases import fill
from generator.cards.writer import Writer
from generator.model.choice import CardChoice
from generator.model.deck import Branch
from generator.model.entries import SINGLE, Category, Cause, Contrast, Review
from generator.model.notes import Card, EntryRef, NoteId
from generator.text.citations import citations_in


@dataclass(frozen=True)
class ContrastNote:
    """The content of a contrast's note: the names, in an order that does not hint at the answer, and their sides."""

    axis: str
    names: tuple[str, str]
    sides: tuple[str, str]
    contrast: Contrast
    sources: tuple[str, ...]
    review: Review


@dataclass(frozen=True)
class _End:
    """One end of a contrast: its entry, name, review, and the keys that it had."""

    entry: EntryRef
    name: str
    review: Review
    keys: tuple[str, ...]


def draft_contrasts(making: Making) -> Iterator[Draft]:
    """Yield the note of each contrast. If both ends declare a pair under one key, only the first counts."""
    deck = making.deck
    causes = {key: _End(EntryRef("causes", key), c.cause, c.review, (key, *c.was)) for key, c in deck.causes.items()}
    for key, cause in deck.causes.items():
        branch = making.branch_of(cause.category)
        versus = {rival: deck.causes[rival].versus for rival in cause.versus}
        for draft in _of_one(making, causes[key], causes, cause, versus):
            yield replace(draft, branch=branch, tags=cause.tags)
    branches = {path: _branch_end(path, branch) for path, branch in deck.tree.items()}
    for path, branch in deck.tree.items():
        rivals = {rival: deck.tree[rival].category.versus for rival in branch.category.versus}
        for draft in _of_one(making, branches[path], branches, branch.category, rivals):
            yield replace(draft, branch=branch)


def write_contrast(writer: Writer, note: ContrastNote) -> dict[str, str]:
    """Return the fields of a contrast."""
    return {
        "First": writer.plain(note.names[0]),
        "Second": writer.plain(note.names[1]),
        "Axis": _axis(writer, note.axis),
        "First Side": writer.text(note.sides[0]),
        "Second Side": writer.text(note.sides[1]),
        "Image": writer.image(note.contrast.image) or writer.image(note.contrast.image, "front"),
        **writer.backing(note.sources, note.review),
    }


def _axis(writer: Writer, axis: str) -> str:
    """Return the property of a contrast as HTML. Its first letter gets no capital as a heading if it is as in `pH`."""
    word, html = axis.split(maxsplit=1)[0], writer.text(axis)
    cased = word[0].islower() and not word.islower() and html.startswith(word)
    return f'<span class="as-is">{word}</span>{html.removeprefix(word)}' if cased else html


def _branch_end(path: str, branch: Branch) -> _End:
    """Return a branch as an end. A slash distinguishes its path from the key of a cause."""
    keys = tuple(f"/{former}" for former in (path, *branch.formers))
    return _End(EntryRef("categories", path), branch.category.name, branch.category.review, keys)


def _of_one(
    making: Making,
    here: _End,
    ends: Mapping[str, _End],
    item: Cause | Category,
    theirs: Mapping[str, Mapping[str, Mapping[str, Contrast]]],
) -> Iterator[Draft]:
    """Yield the contrasts that a cause or category declares. `theirs` are those that its rivals declare."""
    choice = item.cards if isinstance(item, Cause) else CardChoice()
    for rival, contrasts in item.versus.items():
        for part, contrast in contrasts.items():
            at = ("versus", rival, part) if part else ("versus", rival)
            there = ends[rival]
            twice = part in theirs[rival].get(here.entry.key, {}) and here.keys[0] > there.keys[0]
            if twice or not making.wants("contrast", choice, item.review):
                continue
            if contrast.on is None:
                reason = "the contrast does not say in what they differ"
                mend = "add `on: …` beside `here` and `there`, or remove the contrast"
                making.withhold("contrast", here.entry, at, reason, mend)
                continue
            sources = item.sources if isinstance(item, Cause) else ()
            yield _draft(making, (here, there), contrast, at=at, sources=sources)


def _draft(
    making: Making, ends: tuple[_End, _End], contrast: Contrast, *, at: tuple[str, ...], sources: tuple[str, ...]
) -> Draft:
    """Return the note of a contrast, which is written at the keys `at` of its first end."""
    part = at[2] if len(at) > 2 else SINGLE
    here, there = ends
    cited = citations_in(contrast.here + contrast.there)
    pair = sorted(((here.name, contrast.here), (there.name, contrast.there)), key=lambda side: side[0].casefold())
    (first, one), (second, other) = pair
    axis = contrast.on or ""
    review = weaker(here.review, there.review)
    note = ContrastNote(axis, (first, second), (one, other), contrast, () if cited else sources, review)
    ask = fill(making.words["ask-contrast"], first=first, second=second, axis=axis)
    answer = f"{first}: {one}; {second}: {other}"
    card = Card(0, "contrast", ask, "", answer, here.entry, (*at, "on"), (*at, "here"))
    key, *was = _keys(here.keys, there.keys, (part, *contrast.was) if part != SINGLE else (SINGLE, *contrast.was))
    return Draft(
        NoteId("contrast", key),
        write_contrast,
        note,
        (here.entry, there.entry),
        review,
        (card,),
        was=tuple(was),
    )


def _keys(here: Iterable[str], there: Iterable[str], parts: Iterable[str]) -> list[str]:
    """Return the key of a contrast, whichever end declares it, then its former keys, the latest first."""
    found = ("~".join(sorted(pair)) + (f"/{part}" if part else "") for *pair, part in product(here, there, parts))
    return list(dict.fromkeys(found))
