"""The rehearsal: import an old release, let learners work with it, then import the new one, in real Anki collections.

The first learner marks every note, so the result is the most that a learner can lose. The others each do one thing that
Anki treats in a special way. What the new release brings is read from a collection into which only it is imported.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from types import MappingProxyType

from anki.collection import ImportLogWithChanges

from generator.rehearsal.learners import HABITS, OWN_CSS, OWN_DECK, OWN_TAG, OWN_WORDS, Habit, live
from generator.rehearsal.results import NoteOutcome, Rehearsal, Visit
from generator.rehearsal.state import NoteState, State, import_package, opened


def rehearse(
    old: Path, new: Path, seed: int, between: Sequence[Path] = (), keys: Mapping[str, str] = MappingProxyType({})
) -> Rehearsal:
    """Play the old release, the learner and the new release. Equal packages and seeds give equal results.

    `between` are releases after the old one, which all learners but one skip. `keys` are those of notes by guid. Raise
    RefusedPackageError if Anki refuses one of the files.
    """
    with TemporaryDirectory(prefix="aetia-rehearsal-") as folder:
        fresh_file, learner_file = Path(folder, "fresh.anki2"), Path(folder, "learner.anki2")
        with opened(fresh_file) as collection:
            import_package(collection, new)
            fresh = State(collection)
        with opened(learner_file) as collection:
            import_package(collection, old)
            at_first = State(collection)
            deeds = live(collection, random.Random(seed))  # noqa: S311  # a learner, not a secret
        with opened(learner_file) as collection:
            before = State(collection)
            log = import_package(collection, new)
        with opened(learner_file) as collection:  # opened again, because Anki caches note types
            after = State(collection)
        habits = (habit for habit in HABITS if between or not habit.keeps_up)
        visits = tuple(_visit(habit, (old, *between), new, fresh, Path(folder)) for habit in habits)
    story = _Story(at_first, before, after, fresh, _outcomes(log, after, fresh), keys)
    names = [*fresh.notes, *(guid for guid in before.notes if guid not in fresh.notes)]
    effects, cards = tuple(map(story.effect, names)), sum(map(len, before.cards.values()))
    return Rehearsal(effects, deeds, cards, story.cards_changed, story.styles_overwritten, visits)


@dataclass(frozen=True, slots=True)
class _Story:
    """The learner's collection after the old release, after the learner's work, after the new one; and a fresh one."""

    at_first: State
    before: State
    after: State
    fresh: State
    outcomes: Mapping[str, str]
    keys: Mapping[str, str]

    @property
    def cards_changed(self) -> int:
        return sum(
            self.after.cards.get(guid, {}).get(ordinal) != row
            for guid, rows in self.before.cards.items()
            for ordinal, row in rows.items()
        )

    @property
    def styles_overwritten(self) -> tuple[str, ...]:
        now = self.after.styles
        return tuple(
            name for id_, (name, css) in self.before.styles.items() if OWN_CSS in css and OWN_CSS not in now[id_][1]
        )

    def effect(self, guid: str) -> NoteOutcome:
        old, now, new = self.before.notes.get(guid), self.after.notes.get(guid), self.fresh.notes.get(guid)
        shown = new or old
        assert shown
        had, got = self.before.decks.get(guid, {}), self.after.decks.get(guid, {})
        brought = self.fresh.decks.get(guid, {})
        outcome = self.outcomes.get(guid, "retired")
        files = set(now.media.values()) if now else set()
        return NoteOutcome(
            note_type=shown.note_type,
            key=self.keys.get(guid, shown.key),
            outcome=outcome,
            text_overwritten=old is not None and now is not None and not _has_own_words(now),
            tags_lost=old is not None and now is not None and OWN_TAG not in now.tags,
            missed=new is not None and outcome == "untouched" and self.at_first.notes[guid].fields != new.fields,
            new_cards=len(got.keys() - had.keys()),
            blank_cards=len(had.keys() - brought.keys()) if new else 0,
            cards_in_old_deck=sum(had[i] not in (brought[i], OWN_DECK) for i in had.keys() & brought.keys()),
            media_not_delivered=tuple(name for name, file in new.media.items() if file not in files) if new else (),
        )


def _has_own_words(note: NoteState) -> bool:
    return any(OWN_WORDS in field for field in note.fields)


def _outcomes(log: ImportLogWithChanges.Log, after: State, fresh: State) -> dict[str, str]:
    """Return Anki's outcome for each note of the new release, by guid. Only notes in conflict have no id."""
    taken = {
        after.guids[entry.id.nid]: outcome
        for outcome, entries in (("new", log.new), ("updated", log.updated), ("untouched", log.duplicate))
        for entry in entries
    }
    return {guid: taken.get(guid, "conflicting") for guid in fresh.notes}


def _visit(habit: Habit, packages: Sequence[Path], new: Path, fresh: State, folder: Path) -> Visit:
    """Play the new release to a learner with a habit, and again with merged note types if the learner `merges`."""
    file, spare = folder / "visitor.anki2", folder / "merging.anki2"
    for path in (file, spare):
        path.unlink(missing_ok=True)
    with opened(file) as collection:
        for package in packages if habit.keeps_up else packages[:1]:
            import_package(collection, package)
        at_first = State(collection)
        habit.live(collection)
    copyfile(file, spare)
    visit = replace(_take(file, new, fresh, at_first), habit=habit.name)
    if not (habit.merges and visit.conflicting):
        return visit
    return replace(visit, merged=_take(spare, new, fresh, at_first, merge=True).missed)


def _take(file: Path, new: Path, fresh: State, at_first: State, merge: bool = False) -> Visit:
    with opened(file) as collection:
        before = State(collection)
        log = import_package(collection, new, merge)
        cards = State(collection).cards
    with opened(file) as collection:
        after = State(collection)
    missed = (
        guid
        for guid, note in fresh.notes.items()
        if guid in at_first.notes
        and at_first.notes[guid].named != note.named
        and after.notes[guid].named.items() & note.named.items() != note.named.items()
    )
    changed = sum(cards.get(guid) != rows for guid, rows in before.cards.items())
    return Visit("", len(log.updated), len(log.conflicting), sum(1 for _ in missed), changed)
