"""What the texts of a deck cite, wherever they stand."""

from collections.abc import Iterator

from generator.diagnostics import Place
from generator.model.deck import Deck
from generator.text.citations import citations_in, split_citation


def citations(deck: Deck) -> Iterator[tuple[Place, str]]:
    """Yield each source key that the deck cites, in a text or under `sources`."""
    for place, text in deck.marked:
        for key, _ in citations_in(text):
            yield place, key
    for kind, key, entry in deck.entries:
        for index, citation in enumerate(entry.sources):
            yield deck.place(kind, key, "sources", index), split_citation(citation)[0]
