"""What learners do between two releases: one who marks everything, and others with one habit each."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anki.collection import Collection
from anki.decks import DeckId

OWN_WORDS = " (learner)"
OWN_TAG = "learner"
OWN_CSS = "\n/* learner */"
OWN_DECK = "Learner's own"
OWN_FIELD = "Learner's own"
_LATE = 2**31 - 1
"""A time later than any change of the author."""
ANSWERS = 40


def live(collection: Collection, chance: random.Random) -> dict[str, int]:
    """Do what learners do to a deck. All times are before any change that the new release can bring."""
    database: Any = collection.db
    times = database.all("select mod, id from notes")
    type_times = database.all("select mtime_secs, id from notetypes")
    cards: list[Any] = list(database.list("select id from cards order by id"))

    def some(share: int) -> list[Any]:
        return sorted(chance.sample(cards, -(-len(cards) // share)))

    for id_ in database.list("select id from notes order by id"):
        note = collection.get_note(id_)
        filled = [i for i, name in enumerate(note.keys()) if note.fields[i] and name != "Key"] or [0]
        note.fields[chance.choice(filled)] += OWN_WORDS
        note.tags.append(OWN_TAG)
        collection.update_note(note)
    for note_type in collection.models.all():
        note_type["css"] += OWN_CSS
        collection.models.update_dict(note_type)
    answers = _answer(collection, chance)
    reviewed, flagged, suspended, moved = some(3), some(6), some(8), some(8)
    collection.sched.set_due_date(reviewed, "3-30")
    collection.set_user_flag_for_cards(3, flagged)
    collection.sched.suspend_cards(suspended)
    own = collection.decks.id(OWN_DECK)
    assert own
    collection.set_deck(moved, own)
    for query, rows in (
        ("update notes set mod = ? where id = ?", times),
        ("update notetypes set mtime_secs = ? where id = ?", type_times),
    ):
        database.executemany(query, rows)
    return {
        "edited and tagged notes": len(times),
        "answers": answers,
        "rescheduled cards": len(reviewed),
        "flagged": len(flagged),
        "suspended": len(suspended),
        "moved to an own deck": len(moved),
    }


def _answer(collection: Collection, chance: random.Random) -> int:
    database: Any = collection.db
    answers = 0
    for deck in database.list("select distinct did from cards order by did"):
        collection.decks.select(DeckId(deck))
        while answers < ANSWERS and (card := collection.sched.getCard()):
            collection.sched.answerCard(card, chance.choice((1, 2, 3, 3, 3, 4)))
            answers += 1
    return answers


def _add_field(collection: Collection) -> None:
    """Add a field to every note type."""
    for note_type in collection.models.all():
        if collection.models.use_count(note_type):
            collection.models.add_field(note_type, collection.models.new_field(OWN_FIELD))
            collection.models.update_dict(note_type)


def _add_card_type(collection: Collection) -> None:
    """Add a card type to every note type that can have another."""
    models = collection.models
    for note_type in models.all():
        if note_type["type"] == 0 and models.use_count(note_type):
            template = models.new_template(OWN_FIELD)
            field = note_type["flds"][-1]["name"]
            template["qfmt"] = f"{{{{#{field}}}}}{OWN_FIELD}: {{{{{field}}}}}{{{{/{field}}}}}"
            template["afmt"] = "{{FrontSide}}"
            models.add_template(note_type, template)
            models.update_dict(note_type)


def _tag_leeches(collection: Collection) -> None:
    """Make every note a leech after the author's change and before the import: Anki tags it and gives it a new time."""
    collection.tags.bulk_add(collection.find_notes(""), "leech")
    _date(collection, _LATE)


def _import_late(collection: Collection) -> None:
    """Give every note the time of the import, as Anki up to 24.11 does at an update."""
    _date(collection, _LATE)


def _nothing(_: Collection) -> None:
    """Leave everything as it is."""


def _date(collection: Collection, time: int) -> None:
    database: Any = collection.db
    database.execute("update notes set mod = ?", time)


@dataclass(frozen=True, slots=True)
class Habit:
    """What a learner does between two releases. `keeps_up`: imports every release. `merges`: may merge note types."""

    name: str
    live: Callable[[Collection], None]
    keeps_up: bool = False
    merges: bool = False


HABITS = (
    Habit("took the last build as well", _nothing, keeps_up=True),
    Habit("added a field", _add_field, merges=True),
    Habit("added a card type", _add_card_type, merges=True),
    Habit("got leeches", _tag_leeches),
    Habit("imported late with Anki up to 24.11", _import_late),
)
