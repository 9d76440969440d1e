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
    """Return 16 letters that change if the cards of an entry say something else.

    They depend on the words of the entry, the correction and the pictures that it names, and the names of a branch's
    members.
    """
    entry = deck.entry(ref)
    own = entry.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=set(_UNREAD))
    number = getattr(entry, "correction", None)
    correction = deck.syllabus.corrections.get(number) if number else None
    named = [correction.says, correction.correct] if correction else []
    if isinstance(entry, Category):
        named += [branch.name for branch in entry.children.values()]
        named += [deck.causes[key].cause for key in deck.inside.get(ref.key, ())]
    words = json.dumps([own, named], ensure_ascii=False, sort_keys=True)
    if '"file"' in words or "](" in words:
        words += "".join(media.packed for name, media in deck.media.items() if name in words)
    return sha256(words.encode()).hexdigest()[:16].translate(_LETTERS)


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
