"""Checks for a package of reviewed entries. In doubt, an entry is left out."""

from collections.abc import Iterator
from datetime import date

from generator.check.texts import citations
from generator.diagnostics import Diagnostic, Place
from generator.model.deck import Deck

GENERAL = "general-knowledge"


def reviewed_entries(deck: Deck, today: date) -> frozenset[tuple[str, str]]:
    """Return the entries with a valid review, by kind and key."""
    entries = {(kind, key) for kind, key, entry in deck.entries if entry.review.holds(today)}
    branches = {("categories", path) for path, branch in deck.tree.items() if branch.category.review.holds(today)}
    return frozenset(entries | branches)


def check_reviewed(deck: Deck, today: date) -> Iterator[Diagnostic]:
    """At least one entry is reviewed, and each reviewed entry says by whom, when, and on which source it rests."""
    holding = [(kind, key, entry) for kind, key, entry in deck.entries if entry.review.holds(today)]
    if not holding:
        yield Diagnostic(
            "nothing-reviewed",
            "no entry of this deck is reviewed, so there is nothing to package",
            Place(deck.folder / "deck.yaml", ("deck",)),
            hint="build without `--reviewed-only`, or have entries reviewed: `review: {state: reviewed, by: …, on: …}`",
        )
    cited: dict[tuple[object, ...], set[str]] = {}
    for keys, source in citations(deck):
        cited.setdefault(keys[:2], set()).add(source)
    for kind, key, entry in holding:
        read = {s for s in cited.get((kind, key), ()) if s in deck.sources and deck.sources[s].custom.seen != GENERAL}
        missing = [
            what
            for what, there in (("`by`", entry.review.by), ("`on`", entry.review.on), ("a source that was read", read))
            if not there
        ]
        if missing:
            message = f"the review of `{key}` lacks {' and '.join(missing)}"
            yield Diagnostic("incomplete-review", message, deck.place(kind, key, "review"))
    for kind, key, entry in deck.entries:
        if entry.review.state == "reviewed" and not entry.review.holds(today):
            message = f"`{key}` is left out: its review was due again on {entry.review.next}"
            yield Diagnostic("review-due", message, deck.place(kind, key, "review"))
