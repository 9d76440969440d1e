"""The notes of causes: clue, mechanism and examples, and the details that learners can unfold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.cards.drafts import Draft, Making, or_skip, place_of
from generator.cards.numbers import number_members, number_steps
from generator.cards.phrases import fill
from generator.cards.writer import Writer
from generator.model.deck import Branch
from generator.model.entries import Cause, Example
from generator.model.kinds import EXAMPLES, FACETS
from generator.model.notes import Card, EntryRef, NoteId
from generator.model.syllabus import Correction

_INSIDE = " \u203a "
"""The separator between a branch and the one inside it."""
OPENED = ("Aka", "Examples", "Place", "Facet 1", "Facet 2", "Facet 3", "Facet 4", "Onset", "Peak", "Recovery",
          "Pattern", "Dose", "Frequency", "Associated", "First Check", "Pearl", "Correction", "Mnemonic",
          "Sources")  # fmt: skip
"""The fields that learners unfold."""


@dataclass(frozen=True)
class CauseNote:
    """The content of a cause's note. `facets` are names of values by slot, `asked` are examples by slot."""

    cause: Cause
    branch: Branch | None
    facets: Mapping[int, tuple[str, ...]]
    asked: Mapping[int, Example]
    correction: Correction | None
    clue: bool
    mechanism: bool


def draft_causes(making: Making) -> Iterator[Draft]:
    """Yield the note of each cause."""
    slots = facet_slots(making)
    for key, cause in making.deck.causes.items():
        id_, entry = NoteId("cause", key), EntryRef("causes", key)
        branch = making.branch_of(cause.category)
        examples, numbers = _examples(making, id_, cause)
        subject = CauseNote(
            cause=cause,
            branch=branch,
            facets=facet_values(making, cause, slots),
            asked=examples,
            correction=making.deck.syllabus.corrections.get(cause.correction) if cause.correction else None,
            clue=_has_clue(making, id_, cause),
            mechanism=making.holds("mechanism", cause.cards, cause.review) and is_known(cause),
        )
        yield Draft(
            id_, write_cause, subject, (entry,), cause.review, tuple(_cards(making, subject, entry)), branch,
            cause.tags, numbers, cause.was,
        )  # fmt: skip


def write_cause(writer: Writer, note: CauseNote) -> dict[str, str]:
    """Return the fields of a cause."""
    cause, mechanism, times = note.cause, note.cause.mechanism, note.cause.time_course
    fields = {
        "Cause": writer.plain(cause.cause),
        "Clue": writer.text(cause.clue) if note.clue else "",
        "Clue Image": writer.image(cause.image, "front") if note.clue else "",
        "Mechanism": writer.text(mechanism.summary),
        "Mechanism Question": writer.text(mechanism.question),
        "Ask Mechanism": "1" if note.mechanism else "",
        "Steps": writer.items(mechanism.steps),
        "Probable": "1" if mechanism.certainty == "probable" else "",
        "Hypothesised": "1" if mechanism.certainty == "hypothesised" else "",
        "Unknown": "1" if mechanism.certainty == "unknown" else "",
        "Place": _INSIDE.join(map(writer.plain, place_of(note.branch))),
        "Aka": writer.names(cause.aka),
        "Examples": ", ".join(_example(writer, example) for example in cause.examples),
        "Dose": writer.text(cause.dose),
        "Frequency": writer.text(cause.frequency),
        "Associated": ", ".join(map(writer.text, cause.associated)),
        "First Check": writer.text(cause.first_check),
        "Pearl": writer.text(cause.pearl),
        "Mnemonic": writer.text(cause.mnemonic),
        "Image": writer.image(cause.image) or ("" if note.clue else writer.image(cause.image, "front")),
    }
    if times:
        fields |= {
            "Onset": writer.text(times.onset),
            "Peak": writer.text(times.peak),
            "Recovery": writer.text(times.recovery),
            "Pattern": writer.text(times.pattern),
        }
    fields |= {f"Facet {slot}": writer.names(names) for slot, names in note.facets.items()}
    fields |= {f"Example {slot}": writer.text(example.name) for slot, example in note.asked.items()}
    if note.correction:
        fields |= {
            "Misconception": writer.text(note.correction.says),
            "Correction": writer.text(note.correction.correct),
        }
    fields |= writer.backing(cause.sources, cause.review)
    fields["More"] = "1" if any(fields.get(name) for name in OPENED) else ""
    return fields


def is_known(cause: Cause) -> bool:
    """Return whether the entry says how its cause works."""
    return bool(cause.mechanism.summary) and cause.mechanism.certainty != "unknown"


def facet_slots(making: Making) -> Mapping[str, int]:
    """Return the slot of each facet of the deck, which never changes."""
    known = making.slots.get("facets", {})
    slots = number_members(dict.fromkeys(making.deck.settings.facets, ()), known, first=1)
    if slots:
        making.slots["facets"] = {**known, **slots}
    return {name: slot for name, slot in slots.items() if slot <= FACETS}


def facet_values(making: Making, cause: Cause, slots: Mapping[str, int]) -> dict[int, tuple[str, ...]]:
    """Return the names of a cause's values by the slot of their facet."""
    declared = making.deck.settings.facets
    return {
        slots[name]: tuple(declared[name].values[value] for value in values)
        for name, values in cause.facets.items()
        if name in slots
    }


def _example(writer: Writer, example: Example) -> str:
    return writer.text(example.name) + (f" ({writer.text(example.note)})" if example.note else "")


def _has_clue(making: Making, id_: NoteId, cause: Cause) -> bool:
    """Return whether the clue gets a card: not if it names its cause, unless learners already have the card."""
    if not cause.clue:
        making.missing("clue", EntryRef("causes", id_.key), cause.cards, "`clue`")
        return False
    if not making.holds("clue", cause.cards, cause.review):
        return False
    word = making.deck.stems.given_away(cause.clue, (cause.cause, *cause.aka), making.common)
    entry, known = EntryRef("causes", id_.key), making.exists(id_, "clue", cause.was)
    reason, mend = "the clue gives its cause away", or_skip("change the text", "clue")
    return not word or making.withhold("clue", entry, ("clue",), reason, mend, word=word, known=known)


def _examples(making: Making, id_: NoteId, cause: Cause) -> tuple[dict[int, Example], dict[str, int]]:
    """Return the examples that get a card, by slot, and the numbers of all that ever had one."""
    classic = {example.name: example for example in cause.examples if example.classic}
    if not classic or not making.holds("example", cause.cards, cause.review):
        return {}, {}
    numbers = number_steps(tuple(classic), making.known_numbers(id_, cause.was))
    asked: dict[int, Example] = {}
    entry, unmark = EntryRef("causes", id_.key), "take `classic` away from"
    for name, slot in numbers.items():
        at = ("examples", cause.examples.index(classic[name]), "name")
        word = making.deck.stems.given_away(name, (cause.cause, *cause.aka), making.common)
        if slot > EXAMPLES:
            reason = f"only {EXAMPLES} examples of a cause get a card"
            making.withhold("example", entry, at, reason, f"{unmark} the others")
            continue
        known = making.exists(id_, f"example-{slot}", cause.was)
        reason, mend = "the example gives its cause away", f"change the text, or {unmark} it"
        if not word or making.withhold("example", entry, at, reason, mend, word=word, known=known):
            asked[slot] = classic[name]
    return asked, numbers


def _cards(making: Making, note: CauseNote, entry: EntryRef) -> Iterator[Card]:
    cause, words = note.cause, making.words
    if note.clue and "clue" not in making.skipped:
        ordinal = making.ordinal("cause", "clue")
        yield Card(ordinal, "clue", words["ask-clue"], cause.clue or "", cause.cause, entry, ("clue",), ("cause",))
    if note.mechanism and "mechanism" not in making.skipped:
        ask = cause.mechanism.question or fill(words["ask-mechanism"], cause=cause.cause)
        ordinal, summary = making.ordinal("cause", "mechanism"), cause.mechanism.summary or ""
        yield Card(ordinal, "mechanism", ask, "", summary, entry, ("cause",), ("mechanism", "summary"))
    for slot, example in note.asked.items() if "example" not in making.skipped else ():
        ask = fill(words["ask-example"], example=example.name)
        at = ("examples", cause.examples.index(example), "name")
        ordinal = making.ordinal("cause", f"example-{slot}")
        yield Card(ordinal, "example", ask, "", cause.cause, entry, at, ("cause",))
