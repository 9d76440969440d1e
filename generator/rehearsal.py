"""The rehearsal: an old release, learners' weeks with it, then the new release, in throw-away real Anki collections.

The only importer of `anki`. The first learner marks every note, so what is reported is the most that a learner can
lose. The others each do one thing that Anki treats in a way of its own (see HABITS).
Nothing is taken on trust: what the new release brings is read from a collection that gets nothing else.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest, ImportLogWithChanges
from anki.decks import DeckId
from anki.errors import BackendError
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER as IF_NEWER

OWN_WORDS = " (learner)"
OWN_TAG = "learner"
OWN_CSS = "\n/* learner */"
OWN_DECK = "Learner's own"
OWN_FIELD = "Learner's own"
_LATE = 2**31 - 1
"""Later than any change of the author's."""
ANSWERS = 40


class RefusedPackageError(ValueError):
    """A file that Anki does not take for a package."""


@dataclass(frozen=True, slots=True)
class NoteOutcome:
    """What the new release does to one note of the learner.

    `outcome` is Anki's word for the note (new, updated, untouched, conflicting) or `retired` for one that the release
    left out. `missed` means that the author's change did not arrive. Cards are counted; `media` are names of files.
    """

    note_type: str
    key: str
    outcome: str
    text_overwritten: bool
    tags_lost: bool
    missed: bool
    new_cards: int
    blank_cards: int
    cards_in_old_deck: int
    media_not_delivered: tuple[str, ...]

    @property
    def harm(self) -> bool:
        """Whether the learner loses something, or does not get what the release brings."""
        return bool(
            self.text_overwritten
            or self.tags_lost
            or self.missed
            or self.blank_cards
            or self.cards_in_old_deck
            or self.media_not_delivered
            or self.outcome == "conflicting"
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """What the new release does to a learner with one habit: notes by what becomes of them.

    `missed` notes keep the old text although the author changed it. `merged` is how many are still missed if a learner
    who added to a note type lets Anki merge note types; it is None for all others.
    """

    habit: str
    updated: int
    conflicting: int
    missed: int
    cards_changed: int
    merged: int | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the new release does to a learner of the old one, note by note, and what the learner had done.

    `deeds` counts the learner's doings; `cards_changed` counts cards of which anything at all changed (Anki should
    change none); `styles_overwritten` names the note types whose css the learner had changed in vain.
    """

    effects: tuple[NoteOutcome, ...]
    deeds: Mapping[str, int]
    cards_changed: int
    styles_overwritten: tuple[str, ...]
    visits: tuple[Visit, ...] = ()

    @property
    def overwritten(self) -> int:
        """The number of notes on which the learner's text or tags are lost."""
        return sum(effect.text_overwritten or effect.tags_lost for effect in self.effects)

    @property
    def conflicting(self) -> int:
        """The number of notes that Anki does not take from the new release."""
        return sum(effect.outcome == "conflicting" for effect in self.effects)


def rehearse(old: Path, new: Path, seed: int, between: Sequence[Path] = ()) -> Rehearsal:
    """Play old release, learner, new release. Equal packages and seed give an equal result.

    `between` are releases after the old one; all learners but one skip them. Raises RefusedPackageError if Anki does
    not take one of the files.
    """
    with TemporaryDirectory(prefix="aetia-rehearsal-") as folder:
        fresh_file, learner_file = Path(folder, "fresh.anki2"), Path(folder, "learner.anki2")
        with _opened(fresh_file) as collection:
            _import(collection, new)
            fresh = _State(collection)
        with _opened(learner_file) as collection:
            _import(collection, old)
            at_first = _State(collection)
            deeds = _live(collection, random.Random(seed))  # noqa: S311  # a learner, not a secret
        with _opened(learner_file) as collection:
            before = _State(collection)
            log = _import(collection, new)
        with _opened(learner_file) as collection:  # opened again, for Anki keeps note types as they were
            after = _State(collection)
        habits = (habit for habit in HABITS if between or not habit.keeps_up)
        visits = tuple(_visit(habit, (old, *between), new, fresh, Path(folder)) for habit in habits)
    story = _Story(at_first, before, after, fresh, _outcomes(log, after, fresh))
    names = [*fresh.notes, *(guid for guid in before.notes if guid not in fresh.notes)]
    return Rehearsal(tuple(map(story.effect, names)), deeds, story.cards_changed, story.styles_overwritten, visits)


@dataclass(frozen=True, slots=True)
class _NoteState:
    note_type: str
    key: str
    fields: tuple[str, ...]
    tags: frozenset[str]
    media: Mapping[str, str]
    named: Mapping[str, str]


class _State:
    """A collection at one moment: its notes, then cards and the decks they are in by ordinal, all by guid; and css."""

    def __init__(self, collection: Collection) -> None:
        database: Any = collection.db
        self.guids: dict[int, str] = dict(database.all("select id, guid from notes"))
        self.notes = {guid: _note_state(collection, id_) for id_, guid in self.guids.items()}
        self.cards: dict[str, dict[int, tuple[Any, ...]]] = {guid: {} for guid in self.notes}
        self.decks: dict[str, dict[int, str]] = {guid: {} for guid in self.notes}
        decks = {deck.id: deck.name for deck in collection.decks.all_names_and_ids()}
        for row in database.all("select nid, ord, did, * from cards"):
            guid, ordinal, deck = self.guids[row[0]], row[1], decks[row[2]]
            self.cards[guid][ordinal], self.decks[guid][ordinal] = tuple(row), deck
        self.styles: dict[int, tuple[str, str]] = {nt["id"]: (nt["name"], nt["css"]) for nt in collection.models.all()}


def _note_state(collection: Collection, id_: Any) -> _NoteState:
    note = collection.get_note(id_)
    note_type = note.note_type() or {}
    used = collection.media.files_in_str(note.mid, "".join(note.fields))
    media = {
        name: sha256(file.read_bytes()).hexdigest()
        for name in used
        if (file := Path(collection.media.dir(), name)).is_file()
    }
    key = dict(note.items()).get("Key", note.guid)
    return _NoteState(note_type["name"], key, tuple(note.fields), frozenset(note.tags), media, dict(note.items()))


@dataclass(frozen=True, slots=True)
class _Story:
    """The learner's collection after the old release, after the learner, and after the new; and one with only that."""

    at_first: _State
    before: _State
    after: _State
    fresh: _State
    outcomes: Mapping[str, str]

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
            key=shown.key,
            outcome=outcome,
            text_overwritten=old is not None and now is not None and not _has_own_words(now),
            tags_lost=old is not None and now is not None and OWN_TAG not in now.tags,
            missed=new is not None and outcome == "untouched" and self.at_first.notes[guid].fields != new.fields,
            new_cards=len(got.keys() - had.keys()),
            blank_cards=len(had.keys() - brought.keys()) if new else 0,
            cards_in_old_deck=sum(had[i] not in (brought[i], OWN_DECK) for i in had.keys() & brought.keys()),
            media_not_delivered=tuple(name for name, file in new.media.items() if file not in files) if new else (),
        )


def _has_own_words(note: _NoteState) -> bool:
    return any(OWN_WORDS in field for field in note.fields)


def _live(collection: Collection, chance: random.Random) -> dict[str, int]:
    """Do what learners do to a deck. All of it is dated before any change that the new release can bring."""
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
    """Let every note become a leech after the author's change and before the import: Anki tags it and dates it now."""
    collection.tags.bulk_add(collection.find_notes(""), "leech")
    _date(collection, _LATE)


def _import_late(collection: Collection) -> None:
    """Date every note as Anki up to 24.11 does at an update: with the time of the import."""
    _date(collection, _LATE)


def _nothing(_: Collection) -> None:
    """Leave everything as it is."""


def _date(collection: Collection, time: int) -> None:
    database: Any = collection.db
    database.execute("update notes set mod = ?", time)


@dataclass(frozen=True, slots=True)
class Habit:
    """What a learner does between two releases. Who `keeps_up` takes all releases; who `merges` may merge."""

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


def _visit(habit: Habit, packages: Sequence[Path], new: Path, fresh: "_State", folder: Path) -> Visit:
    """Play the new release to a learner with a habit, and once more merged if the learner may."""
    file, spare = folder / "visitor.anki2", folder / "merging.anki2"
    for path in (file, spare):
        path.unlink(missing_ok=True)
    with _opened(file) as collection:
        for package in packages if habit.keeps_up else packages[:1]:
            _import(collection, package)
        at_first = _State(collection)
        habit.live(collection)
    copyfile(file, spare)
    visit = replace(_take(file, new, fresh, at_first), habit=habit.name)
    if not (habit.merges and visit.conflicting):
        return visit
    return replace(visit, merged=_take(spare, new, fresh, at_first, merge=True).missed)


def _take(file: Path, new: Path, fresh: "_State", at_first: "_State", merge: bool = False) -> Visit:
    with _opened(file) as collection:
        before = _State(collection)
        log = _import(collection, new, merge)
        cards = _State(collection).cards
    with _opened(file) as collection:
        after = _State(collection)
    missed = (
        guid
        for guid, note in fresh.notes.items()
        if guid in at_first.notes
        and at_first.notes[guid].named != note.named
        and after.notes[guid].named.items() & note.named.items() != note.named.items()
    )
    changed = sum(cards.get(guid) != rows for guid, rows in before.cards.items())
    return Visit("", len(log.updated), len(log.conflicting), sum(1 for _ in missed), changed)


def _answer(collection: Collection, chance: random.Random) -> int:
    database: Any = collection.db
    answers = 0
    for deck in database.list("select distinct did from cards order by did"):
        collection.decks.select(DeckId(deck))
        while answers < ANSWERS and (card := collection.sched.getCard()):
            collection.sched.answerCard(card, chance.choice((1, 2, 3, 3, 3, 4)))
            answers += 1
    return answers


def _outcomes(log: ImportLogWithChanges.Log, after: _State, fresh: _State) -> dict[str, str]:
    """Anki's outcome for each note of the new release, by guid; only notes in conflict have no id in the collection."""
    taken = {
        after.guids[entry.id.nid]: outcome
        for outcome, entries in (("new", log.new), ("updated", log.updated), ("untouched", log.duplicate))
        for entry in entries
    }
    return {guid: taken.get(guid, "conflicting") for guid in fresh.notes}


def _import(collection: Collection, package: Path, merge: bool = False) -> ImportLogWithChanges.Log:
    """Import with the choices that Anki's dialog makes by default, but for the merging of note types."""
    options = ImportAnkiPackageOptions(
        merge_notetypes=merge,
        update_notes=IF_NEWER,
        update_notetypes=IF_NEWER,
        with_scheduling=False,
        with_deck_configs=False,
    )
    try:
        response = collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
    except BackendError as error:
        raise RefusedPackageError(str(error)) from error
    return response.log


@contextmanager
def _opened(file: Path) -> Iterator[Collection]:
    collection = Collection(str(file))
    try:
        yield collection
    finally:
        collection.close()
