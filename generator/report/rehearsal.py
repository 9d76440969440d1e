"""Messages about a rehearsal."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from generator.report.terminal import say, style
from generator.report.words import plural

if TYPE_CHECKING:
    from generator.rehearsal.results import NoteOutcome, Rehearsal, Visit

_MOST_EFFECTS = 40
"""The number of notes that are listed one by one."""

_HARMS: tuple[tuple[str, Callable[["NoteOutcome"], object]], ...] = (
    ("in conflict: Anki takes nothing of the release", lambda effect: effect.outcome == "conflicting"),
    ("learner's text overwritten", lambda effect: effect.text_overwritten),
    ("learner's tags lost", lambda effect: effect.tags_lost),
    ("author's change not delivered", lambda effect: effect.missed),
    ("cards left in the old deck", lambda effect: effect.cards_in_old_deck),
    ("cards left blank", lambda effect: effect.blank_cards),
    ("media not delivered", lambda effect: effect.media_not_delivered),
)
"""The harms that a release can do to a learner's copy of a note."""


def show_rehearsal(rehearsal: "Rehearsal", old: str, budget: int | None) -> None:
    """Print what a release would do to a learner's notes: the counts, then a line for each note that is affected.

    `budget` is the number of notes whose own text or tags a learner may lose.
    """
    say(style(f"From {old} to the deck as it is now", bold=True))
    deeds = ", ".join(f"{count} {deed}" for deed, count in rehearsal.deeds.items())
    say(f"  the learner: {deeds}")
    outcomes = Counter(effect.outcome for effect in rehearsal.effects)
    say("  the release: " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()))
    for harm, test in _HARMS:
        if count := sum(bool(test(effect)) for effect in rehearsal.effects):
            say(f"  {style(f'{count:>6}', fg='yellow')} {harm}")
    for name in rehearsal.styles_overwritten:
        say(f"  The new look of the note type {name} replaces the learner's own css.")
    if rehearsal.cards_changed:
        say(f"  {plural(rehearsal.cards_changed, 'card')} lost schedule, flag, suspension or deck")
    elif rehearsal.cards:
        kept = f"all {rehearsal.cards} cards that the learner had keep their reviews, due dates, flags and decks"
        one = "the one card that the learner had keeps its reviews, due date, flag and deck"
        say(f"  {kept if rehearsal.cards > 1 else one}")
    if rehearsal.visits:
        say("  That was a learner who edits every note. In rarer cases:")
    for visit in rehearsal.visits:
        say(f"  A learner who {visit.habit}: {' '.join(_sentences(visit))}")
    if any(visit.merged if visit.conflicting else visit.missed for visit in rehearsal.visits):
        say("  `update.txt` is made by `aetia build --text`.")
    touched = [effect for effect in rehearsal.effects if effect.harm or effect.outcome != "untouched"]
    touched.sort(key=lambda effect: effect.outcome == "untouched")
    listed = [(f"{effect.key} ({effect.note_type})", effect) for effect in touched[:_MOST_EFFECTS]]
    width = max((len(name) for name, _ in listed), default=0)
    for name, effect in listed:
        say(f"    {name:<{width}}  {effect.outcome:<11}  {'; '.join(_remarks(effect))}".rstrip())
    if len(touched) > _MOST_EFFECTS:
        say(f"    and {len(touched) - _MOST_EFFECTS} more; `--format json` has them all")
    if budget is not None:
        good = rehearsal.overwritten <= budget
        verdict = "within" if good else "over"
        line = f"  {rehearsal.overwritten} overwritten, {verdict} the budget of {budget}"
        say(style(line, fg="green" if good else "red"))


def _sentences(visit: "Visit") -> Iterator[str]:
    """Yield sentences on what a release does to a learner with one habit."""
    if visit.conflicting:
        yield f"{plural(visit.conflicting, 'note')} in conflict, so Anki takes nothing of the release for them."
        if visit.merged is not None:
            them = "it" if visit.merged == 1 else "them"
            yield (
                f"With “Merge note types” {plural(visit.merged, 'change')} still cannot arrive; "
                f"`update.txt` brings {them}."
                if visit.merged
                else "With “Merge note types” every change arrives."
            )
    elif visit.missed:
        changes = plural(visit.missed, "changed note")
        yield f"{changes} cannot arrive, because the learner's note is newer; `update.txt` brings what changed."
    else:
        yield "every change arrives."
    if visit.cards_changed:
        yield f"{plural(visit.cards_changed, 'note')} lost the schedule of a card."


def rehearsals_json(rehearsals: Mapping[str, "Rehearsal"]) -> str:
    """Return rehearsals as JSON, by deck: the counts, then every note."""
    content = {
        deck: {"overwritten": rehearsal.overwritten, "conflicting": rehearsal.conflicting, **asdict(rehearsal)}
        for deck, rehearsal in rehearsals.items()
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _remarks(effect: "NoteOutcome") -> Iterator[str]:
    yield from (harm for harm, test in _HARMS[1:] if test(effect))
    if effect.outcome != "new" and effect.new_cards:
        yield plural(effect.new_cards, "new card")
