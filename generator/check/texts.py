"""Every text of a deck with its place, for rules that look at texts wherever they stand."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic import BaseModel

from generator.diagnostics import KeyPath, Place
from generator.model.deck import Deck
from generator.model.entries import Written
from generator.text.citations import CITATION, citations_in, split_citation


def texts(deck: Deck, containing: re.Pattern[str]) -> Iterator[tuple[Place, str]]:
    """Yield each text that contains a given pattern, in the order of the files."""
    settings = deck.settings
    groups = (("finding", settings.finding), ("description", settings.description), ("notice", settings.notice),
              ("categories", settings.categories), ("facets", settings.facets))  # fmt: skip
    for name, value in groups:
        for keys, text in _walk((name,), value, containing):
            yield deck.place(*keys), text
    for kind, key, entry in deck.entries:
        for keys, text in _walk((kind, key), entry, containing):
            yield deck.place(*keys), text
    for keys, text in _walk(("corrections",), deck.syllabus.corrections, containing):
        yield Place(deck.folder / "syllabus.yaml", keys), text


def citations(deck: Deck) -> Iterator[tuple[Place, str]]:
    """Yield each source key that the deck cites, in a text or under `sources`."""
    for place, text in texts(deck, CITATION):
        for key, _ in citations_in(text):
            yield replace(place, within=key), key
    for kind, key, entry in deck.entries:
        for index, citation in enumerate(entry.sources):
            yield deck.place(kind, key, "sources", index), split_citation(citation)[0]


def has_citation(entry: BaseModel) -> bool:
    """Whether any text of an entry cites a source."""
    return any(True for _ in _walk((), entry, CITATION))


def _walk(keys: KeyPath, value: object, containing: re.Pattern[str]) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, Written):
        value = value.markdown
    if isinstance(value, str):
        if containing.search(value):
            yield keys, value
    elif isinstance(value, BaseModel):
        for name, part in value.__dict__.items():
            written = name.rstrip("_").replace("_", "-")
            if isinstance(part, str):
                if containing.search(part):
                    yield (*keys, written), part
            elif part and name != "questions":  # entries of their own
                yield from _walk((*keys, written), part, containing)
        yield from _walk(keys, value.__pydantic_extra__ or {}, containing)
    elif isinstance(value, tuple | dict):
        inner: Iterable[tuple[str | int, object]] = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in inner:
            yield from _walk((*keys, key) if key != "" else keys, part, containing)
