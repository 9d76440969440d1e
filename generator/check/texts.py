"""The citations in a deck's texts."""

from collections.abc import Iterator

from generator.diagnostics import KeyPath
from generator.model.deck import Deck
from generator.text.citations import citations_in, split_citation


def citations(deck: Deck) -> Iterator[tuple[KeyPath, str]]:
    """Yield each source key that the deck cites, in a text or under `sources`, with the keys of the place."""
    for keys, text in deck.marked:
        for key, _ in citations_in(text):
            yield keys, key
    for kind, key, entry in deck.entries:
        for index, citation in enumerate(entry.sources):
            yield (kind, key, "sources", index), split_citation(citation)[0]
