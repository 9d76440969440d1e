"""What a reviewer has read: the fingerprint of an entry's text, by which reviews lapse when the text changes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from generator.model.deck import Deck, Entry
from generator.model.entries import Category, Cause, Finding, OwnNote, Question
from generator.model.notes import EntryRef

E = TypeVar("E", Cause, Question, OwnNote, Category, Finding)

_UNREAD = frozenset(
    ("review", "comment", "was", "cards", "covers", "tags", "see_also", "questions", "children", "correction")
)
"""The keys of an entry that no card shows, or that are entries themselves. A correction counts with its own words."""
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""Only letters, so that no YAML parser reads a number."""


def fingerprint(deck: Deck, ref: EntryRef) -> str:
    """Return 16 letters that change if the cards of an entry ask or say something else.

    They depend on the words of the entry and on those that its cards take from elsewhere: the finding, the branches
    above it, facets, rivals, siblings, a branch's members, the correction and the pictures that it names. Keys, also
    those of other entries, can change.
    """
    entry = deck.entry(ref)
    unread = _UNREAD & type(entry).model_fields.keys()
    own = entry.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=set(unread))
    words = json.dumps([own | _named(deck, ref), _around(deck, ref)], ensure_ascii=False, sort_keys=True)
    if '"file"' in words or "](" in words:
        words += "".join(media.packed for name, media in deck.media.items() if name in words)
    return sha256(words.encode()).hexdigest()[:16].translate(_LETTERS)


def _named(deck: Deck, ref: EntryRef) -> dict[str, object]:
    """Return the values of an entry that hold keys of others, with what these keys name instead."""
    entry = deck.entry(ref)
    named: dict[str, object] = {}
    if path := getattr(entry, "category", None):
        named["category"] = _branch(deck, path)
    if isinstance(entry, Cause):
        facets = deck.settings.facets
        named["also-in"] = [_branch(deck, path) for path in entry.also_in]
        named["facets"] = [
            [facets[key].name, facets[key].ask, [facets[key].values.get(value, value) for value in values]]
            for key, values in sorted(entry.facets.items())
            if key in facets
        ]
    if isinstance(entry, Category):
        named["members"] = [_cause(deck, key) for key in entry.members if entry.ordered]
        if entry.hallmark:
            beside = deck.tree[ref.key.rpartition("/")[0]].category.children
            siblings = [beside[key].name for key in entry.hallmark.from_ if key in beside]
            named["hallmark"] = [entry.hallmark.is_, siblings]
    if isinstance(entry, Cause | Category):
        name = _cause if isinstance(entry, Cause) else _branch
        rivals = [(name(deck, key), contrast) for key, several in entry.versus.items() for contrast in several.values()]
        told = ([rival, contrast.model_dump(mode="json", exclude={"was"})] for rival, contrast in rivals)
        named["versus"] = sorted(told, key=json.dumps)
    return named


def _cause(deck: Deck, key: str) -> str:
    return deck.causes[key].cause if key in deck.causes else key


def _branch(deck: Deck, path: str) -> str:
    return "/".join(deck.tree[path].names) if path in deck.tree else path


def _around(deck: Deck, ref: EntryRef) -> list[str]:
    """Return the words of other entries that an entry's cards show."""
    entry, finding = deck.entry(ref), deck.settings.finding
    number = getattr(entry, "correction", None)
    correction = deck.syllabus.corrections.get(number) if number else None
    words = [correction.says, correction.correct] if correction else []
    if isinstance(entry, Cause | Category):
        words += [finding.name, finding.effect]
    if isinstance(entry, Category):
        members = [branch.name for branch in entry.children.values()]
        members += [deck.causes[key].cause for key in deck.inside.get(ref.key, ())]
        words += members if entry.ordered else sorted(members)
    return words


def lapse_reviews(deck: Deck) -> Deck:
    """Return the deck with each entry as a draft again if its text is no longer the one that its reviewer read."""
    refs = [EntryRef(kind, key) for kind, key, entry in deck.entries if _is_signed(entry)]
    refs += [EntryRef("categories", path) for path, branch in deck.tree.items() if _is_signed(branch.category)]
    gone = frozenset(ref for ref in refs if deck.entry(ref).review.fingerprint != fingerprint(deck, ref))
    if not gone:
        return deck
    settings = deck.settings
    finding = _lapsed(settings.finding) if EntryRef("categories", "") in gone else settings.finding
    categories = _lapsed_branches(settings.categories, "", gone)
    return replace(
        deck,
        settings=settings.model_copy(update={"finding": finding, "categories": categories}),
        causes=_lapsed_group("causes", deck.causes, gone),
        questions=_lapsed_group("questions", deck.questions, gone),
        notes=_lapsed_group("notes", deck.notes, gone),
    )


def _is_signed(entry: Entry) -> bool:
    return entry.review.fingerprint is not None and entry.review.state in ("checked", "reviewed")


def _lapsed(entry: E) -> E:
    return entry.model_copy(update={"review": entry.review.model_copy(update={"state": "draft"})})


def _lapsed_group(kind: str, entries: Mapping[str, E], gone: frozenset[EntryRef]) -> dict[str, E]:
    return {key: _lapsed(entry) if (kind, key) in gone else entry for key, entry in entries.items()}


def _lapsed_branches(categories: Mapping[str, Category], above: str, gone: frozenset[EntryRef]) -> dict[str, Category]:
    paths = {key: f"{above}/{key}".lstrip("/") for key in categories}
    branches = _lapsed_group("categories", {paths[key]: category for key, category in categories.items()}, gone)
    return {
        key: branches[path].model_copy(update={"children": _lapsed_branches(categories[key].children, path, gone)})
        for key, path in paths.items()
    }
