"""The citations in a deck's texts."""

from collections.abc import Iterator

from generator.diagnostics import KeyPath
from generator.model.deck import Deck
from generator.model.entries import Cause, OwnNote, Question
from generator.text.citations import citations_in, split_citation


def citations(deck: Deck) -> Iterator[tuple[KeyPath, str]]:
    """Yield each source key that the deck cites, in a text or under `sources`, with the keys of the place."""
    for keys, text in deck.marked:
        for key, _ in citations_in(text):
            yield keys, key
    for kind, key, entry in deck.entries:
        for index, citation in enumerate(entry.sources):
            yield (kind, key, "sources", index), split_citation(citation)[0]


def unsourced(deck: Deck) -> Iterator[tuple[str, str, Cause | Question | OwnNote]]:
    """Yield the entries that name no source. A question within a cause rests on what the cause cites."""
    cited = {keys[:2] for keys, _ in citations(deck)}
    for kind, key, entry in deck.entries:
        if (kind, key) not in cited and not (kind == "questions" and key in deck.owners):
            yield kind, key, entry
