"""Messages about a rehearsal."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from generator.report.terminal import say, style
from generator.report.words import plural

if TYPE_CHECKING:
    from generator.rehearsal.results import NoteOutcome, Rehearsal, Visit

_MOST_EFFECTS = 40
"""The number of notes that are listed one by one."""

_OUTCOMES = {
    "untouched": "untouched",
    "updated": "updated with the new text",
    "conflicting": "conflicting: the note types do not match, so Anki takes nothing of the release",
    "retired": "retired: no longer in the deck, but the learner keeps them",
    "new": "new",
}
"""What becomes of notes, by Anki's word for it, in the order of the report."""

_HARMS: tuple[tuple[str, Callable[["NoteOutcome"], int]], ...] = (
    ("learner's text overwritten", lambda effect: effect.text_overwritten),
    ("learner's tags lost", lambda effect: effect.tags_lost),
    ("author's change not delivered", lambda effect: effect.missed),
    ("cards left in the old deck", lambda effect: effect.cards_in_old_deck),
    ("cards left blank", lambda effect: effect.blank_cards),
    ("media not delivered", lambda effect: len(effect.media_not_delivered)),
)
"""The harms that a release can do to a learner's copy of a note, and how often they occur in it."""


def show_rehearsal(rehearsal: "Rehearsal", old: str, budget: int | None, *, last: bool = False) -> None:
    """Print what a release would do to learners: the verdict, the figures, then a line for each note that is affected.

    `budget` is the number of notes whose own text or tags a learner may lose. `last` says that the old release is the
    last build, which may be younger than what learners have.
    """
    say(style(f"From {old}{', the last build,' if last else ''} to the deck as it is now", bold=True))
    say(_verdict(rehearsal))
    if last and all(effect.outcome == "untouched" for effect in rehearsal.effects):
        say("No note changed since that build. To rehearse from the last release that learners have, name its git tag")
        say("(--against v1.0) or a package that you kept (--against FILE.apkg).")
    if budget is not None:
        good = rehearsal.overwritten <= budget
        line = f"{rehearsal.overwritten} overwritten, {'within' if good else 'over'} the budget of {budget}"
        say(style(line, fg="green" if good else "red"))
    say()
    deeds = ", ".join(f"{count} {deed}" for deed, count in rehearsal.deeds.items())
    say(f"A learner who edits every note ({deeds})")
    outcomes = Counter(effect.outcome for effect in rehearsal.effects)
    for outcome, says in _OUTCOMES.items():
        if count := outcomes[outcome]:
            say(f"  {count:>5} {says}")
    for harm, test in _HARMS:
        if count := sum(test(effect) for effect in rehearsal.effects):
            say(f"    {style(f'{count:>5}', fg='yellow')} {harm}")
    if rehearsal.cards and not rehearsal.cards_changed:
        say(f"  all {plural(rehearsal.cards, 'card')} kept with reviews, due dates, flags and decks")
    for name in rehearsal.styles_overwritten:
        say(f"  The new look of the note type {name} replaces the learner's own css.")
    _show_visits(rehearsal.visits)
    _show_notes(rehearsal.effects)


def _verdict(rehearsal: "Rehearsal") -> str:
    """Return in one sentence what learners keep and lose."""
    of = f"of {plural(sum(effect.outcome != 'new' for effect in rehearsal.effects), 'note')}"
    lost = [f"lose any words of their own on {rehearsal.overwritten} {of}"] if rehearsal.overwritten else []
    lost += [f"get no change of {rehearsal.conflicting} {of}"] if rehearsal.conflicting else []
    lost += [f"do not get the change of {plural(rehearsal.missed, 'note')}"] if rehearsal.missed else []
    if rehearsal.cards_changed:
        cards = f"the schedule, flag, suspension or deck of {plural(rehearsal.cards_changed, 'card')}"
        return style(f"Learners {' and '.join((f'lose {cards}', *lost))}.", fg="red")
    if lost:
        colour = "red" if rehearsal.conflicting else "yellow"
        return style(f"Learners keep all their reviews, but {' and '.join(lost)}.", fg=colour)
    return style("Learners keep all their reviews and all that they wrote.", fg="green")


def _show_visits(visits: Sequence["Visit"]) -> None:
    """Print what becomes of learners with one habit each, those to whom the same happens together."""
    if not visits:
        return
    say("Learners with other habits")
    told: dict[str, list[str]] = {}
    for visit in visits:
        told.setdefault(" ".join(_sentences(visit)), []).append(visit.habit)
    for sentences, habits in told.items():
        say(f"  {' or '.join(habits)}: {sentences}")
    if any(visit.merged if visit.conflicting else visit.missed for visit in visits):
        say("  `aetia build --text` makes the file `update.txt`.")


def _show_notes(effects: Sequence["NoteOutcome"]) -> None:
    """Print a line for each note that changes."""
    touched = [effect for effect in effects if effect.harm or effect.outcome != "untouched"]
    touched.sort(key=lambda effect: effect.outcome == "untouched")
    listed = [(f"{effect.key} ({effect.note_type})", effect) for effect in touched[:_MOST_EFFECTS]]
    width = max((len(name) for name, _ in listed), default=0)
    if touched:
        say("Note by note")
    for name, effect in listed:
        say(f"  {name:<{width}}  {effect.outcome:<11}  {'; '.join(_remarks(effect))}".rstrip())
    if len(touched) > _MOST_EFFECTS:
        say(f"  and {len(touched) - _MOST_EFFECTS} more; `--format json` has them all")


def _sentences(visit: "Visit") -> Iterator[str]:
    """Yield sentences on what a release does to a learner with one habit."""
    if visit.conflicting:
        yield f"{plural(visit.conflicting, 'note')} in conflict, so Anki takes nothing of the release for them."
        if visit.merged is not None:
            all_ = f"all but {plural(visit.merged, 'change')} arrive; `update.txt` brings the rest"
            yield f"With “Merge note types” {all_ if visit.merged else 'every change arrives'}."
    elif visit.missed:
        changes, them = ("change does", "it") if visit.missed == 1 else ("changes do", "them")
        yield f"{visit.missed} {changes} not arrive, because the learner's note is newer; `update.txt` brings {them}."
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
    yield from (harm for harm, test in _HARMS if test(effect))
    if effect.outcome != "new" and effect.new_cards:
        yield plural(effect.new_cards, "new card")
