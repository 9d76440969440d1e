"""The kinds of edits that an author makes, each with the notes that it may overwrite at a learner's.

What an edit may overwrite is found in the learner's own collection, before the release comes: the notes on which the
author's old words stand. A `Deck` is data as an author's files hold them; an edit changes it in place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from players import Learner

from generator.resources import bundled

NOBODY: frozenset[int] = frozenset()
Words = Callable[[Learner], frozenset[int]]
CSS = "../../templates/notetypes/card.css"
CLUE = "../../templates/notetypes/cause/clue.html"


@dataclass
class Deck:
    """What an author's files hold: deck.yaml with all entries, the sources, and further files by their path."""

    settings: dict[str, Any]
    sources: list[dict[str, Any]]
    files: dict[str, str | bytes]


@dataclass(frozen=True)
class Edit:
    """An edit, and which notes hold the words that it changes: by their ids in a learner's collection."""

    name: str
    change: Callable[[Deck], object]
    words: Words


def holding(*texts: str) -> Words:
    """The notes that have one of these texts in a field, but for the key, or in a picture that was drawn of them."""

    def find(learner: Learner) -> frozenset[int]:
        media = Path(learner.collection.media.dir())
        found = set()
        for note in learner.notes():
            held = [text for name, text in note.items() if name != "Key"]
            drawn = [(media / name).read_text() for name in learner.pictures(note) if name.startswith("tree-")]
            found.update(note.id for text in texts if any(text in part for part in (*held, *drawn)))
        return frozenset(found)

    return find


def naming(name: str) -> Words:
    """The notes that have exactly this name as a field, or as a part of a place, a list or a picture."""
    return lambda learner: frozenset(id_ for id_ in holding(name)(learner) if name in learner.names(id_))


def under(tag: str) -> Words:
    """The notes that have a tag, or one below it."""
    return lambda learner: frozenset(
        n.id for n in learner.notes() if any(f"{own}::".startswith(f"{tag}::") for own in n.tags)
    )


def keyed(key: str) -> Words:
    """The notes in whose key an entry's key stands."""
    return lambda learner: frozenset(n.id for n in learner.notes() if key in n["Key"].replace("~", "/").split("/"))


def only(key: str) -> Words:
    """The note of this key."""
    return lambda learner: frozenset(note.id for note in learner.notes() if note["Key"] == key)


def naming_all(*names: str) -> Words:
    """The notes that have every one of these names in one field, or in one picture: lists and trees."""
    return lambda learner: frozenset.intersection(*(holding(name)(learner) for name in names))


def either(*words: Words) -> Words:
    """The notes that one of these finds."""
    return lambda learner: frozenset.union(*(find(learner) for find in words))


def but(key: str, words: Words) -> Words:
    """The same without the note of this key, in which the author wrote the same words by hand."""
    return lambda learner: words(learner) - only(key)(learner)


def nobody(_: Learner) -> frozenset[int]:
    """No note: what changes stands in no field."""
    return NOBODY


def at(*path: str | int, to: Any) -> Callable[[Deck], object]:
    """Set a value of deck.yaml by its keys."""

    def change(deck: Deck) -> None:
        place: Any = deck.settings
        for key in path[:-1]:
            place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
        place[path[-1]] = to

    return change


def file(path: str, content: Callable[[], str]) -> Callable[[Deck], object]:
    """Write a file of the deck or its project."""
    return lambda deck: deck.files.update({path: content()})


def css() -> str:
    """The css of all cards with another colour."""
    return (bundled("templates") / "notetypes" / "card.css").read_text("utf-8") + ".cue { color: teal }\n"


def clue() -> str:
    """The card template of clues with another layout."""
    text = (bundled("templates") / "notetypes" / "cause" / "clue.html").read_text("utf-8")
    return text.replace('<div class="answer name">', '<div class="answer name wide">')


def skip(kind: str) -> Callable[[Deck], object]:
    """Switch a kind off for the whole deck."""
    return lambda deck: deck.settings.setdefault("cards", {}).setdefault("skip", []).append(kind)


def add(kind: str) -> Callable[[Deck], object]:
    """Switch a kind on for the whole deck."""
    return lambda deck: deck.settings.setdefault("cards", {}).setdefault("add", []).append(kind)


def new_source(deck: Deck) -> None:
    """Add a source that nothing cites."""
    deck.sources.append({"id": "newcomer2026", "type": "book", "title": "Just out", "issued": {"date-parts": [[2026]]}})


def retitle(id_: str) -> Callable[[Deck], object]:
    """Give a source another title."""

    def change(deck: Deck) -> None:
        (source,) = (source for source in deck.sources if source["id"] == id_)
        source["title"] = "Quite another title"

    return change


def swap_key(old: str, new: str) -> Callable[[Deck], object]:
    """Give an entry another key and say so with `was`."""

    def change(deck: Deck) -> None:
        causes = deck.settings["causes"]
        deck.settings["causes"] = {
            new if key == old else key: {**cause, "was": old} if key == old else cause for key, cause in causes.items()
        }

    return change


def both(*changes: Callable[[Deck], object]) -> Callable[[Deck], object]:
    """Make several changes in one edit."""

    def change(deck: Deck) -> None:
        for one in changes:
            one(deck)

    return change


EVERYWHERE: tuple[Edit, ...] = (
    Edit("a question's phrase", at("words", "ask-clue", to="{finding}: what might be behind it?"), nobody),
    Edit("a label", at("words", "more", to="And more"), nobody),
    Edit("the notice", at("notice", to="Not for use at work."), nobody),
    Edit("the notice taken away", at("notice", to=False), nobody),
    Edit("no line about reviews", at("reviews", to=False), nobody),
    Edit("`style:`", at("style", to={"font": "Georgia", "size": 20, "day": {"accent": "teal"}}), nobody),
    Edit("the project's css", file(CSS, css), nobody),
    Edit("a card template", file(CLUE, clue), nobody),
    Edit("a new source", new_source, nobody),
    Edit("a kind switched on", add("reverse"), nobody),
    Edit("clues switched off", skip("clue"), nobody),
    Edit("mechanisms switched off", skip("mechanism"), nobody),
    Edit("examples switched off", skip("example"), nobody),
    Edit("questions switched off", skip("question"), nobody),
    Edit("contrasts switched off", skip("contrast"), nobody),
    Edit("the effect", at("finding", "effect", to="do what it does"), nobody),
    Edit("the language", at("language", to="de"), nobody),
    Edit("the direction of the text", at("language", to="ar"), nobody),
    Edit("the version", at("version", to="9.9.9"), nobody),
    Edit("the description", at("description", to="Other words"), nobody),
    Edit("where to report errors", at("report", to="https://example.org/errors"), nobody),
)
"""Edits of what all notes of a deck have in common."""
