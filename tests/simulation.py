"""Months of a deck's life: an author who changes everything that can be changed, learners with habits of their own.

After every import the learner's collection is compared with what `deck.lock` and the release foretell. In the tests it
runs for a few days; `python tests/simulation.py --days 60` runs it for long and prints the figures.

The clock is not the machine's. Builds and learners' deeds carry the time of the play, and a new day begins in Anki when
the day on which the collection was made moves back by one.
"""

import argparse
import copy
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from players import DAY, Author, Learner
from stage import SAMPLE, START

from generator.ledger.lock import read_lock
from generator.model.notes import Note, NoteSet
from generator.resources import bundled

NOTE_TYPE = "../../templates/notetypes/cause/"
ANTIDOTE = """\
{% extends "bundled/notetypes/cause/fields.html" %}
{% block Antidote %}{% if cause.dose %}Antidote to {{ cause.dose }}{% endif %}{% endblock %}
"""
ANTIDOTE_CARD = """\
{% block front %}{% when field.Antidote %}<p>{{ field.Cause }}: which antidote?</p>{% endwhen %}{% endblock %}
{% block back %}{{ front }}<hr id="answer">{{ field.Antidote }}{% endblock %}
"""
FEWEST = 6
"""Causes that the author always keeps."""


@dataclass(frozen=True)
class Issue:
    """A release as its lock and notes foretell it: times and notes by guid, css and times of note types by id."""

    number: int
    package: Path
    modified: dict[str, int]
    notes: dict[str, Note]
    css: dict[int, tuple[str, int]]


class BusyAuthor:
    """An author who makes a few changes of every kind before each build."""

    def __init__(self, folder: Path, chance: random.Random, figures: Counter[str]) -> None:
        self.author = Author(folder)
        self.chance, self.figures = chance, figures
        self.deck: dict[str, Any] = copy.deepcopy(SAMPLE)
        self.files: dict[str, str | bytes] = {NOTE_TYPE + "style.css": ".card { width: 0px }"}
        self.elsewhere: set[str] = set()
        self.gone: dict[str, Any] = {}
        self.issues: list[Issue] = []
        self._counter = 0

    @property
    def causes(self) -> dict[str, Any]:
        return self.deck["causes"]

    def publish(self, now: int, extraordinary: bool = False) -> None:
        """Change something, or nothing, and build. The clock is wrong now and then."""
        if self.issues:
            for change in self.chance.choices(self.CHANGES, k=self.chance.randrange(6)):
                self.figures[f"author: {change.__name__.strip('_').replace('_', ' ')}"] += 1
                change(self)
            if extraordinary:
                self.use_a_spare_field()
        late = self.chance.choice((0, 0, 0, 0, 2 * DAY))
        here = {key: cause for key, cause in self.causes.items() if key not in self.elsewhere}
        there = {key: cause for key, cause in self.causes.items() if key in self.elsewhere}
        self.files["causes/more.yaml"] = json.dumps({"causes": there})
        self.author.write(json.dumps({**self.deck, "causes": here}), self.files)
        built, codes = self.author.build(now - late, retire=True)
        assert built is not None, codes
        self.figures["builds"] += 1
        self.issues.append(self._foretell(built.package, built.release.notes))

    def _foretell(self, package: Path, notes: NoteSet) -> Issue:
        lock, faults = read_lock(self.author.folder)
        assert lock is not None, faults
        records = {name: record for name, record in lock.notes.items() if record.retired is None}
        return Issue(
            number=len(self.issues),
            package=package,
            modified={record.guid: record.modified for record in records.values()},
            notes={records[note.note_type, note.key].guid: note for note in notes.notes},
            css={nt.id: (nt.css, lock.note_types[key].modified) for key, nt in notes.note_types.items()},
        )

    def _word(self) -> str:
        self._counter += 1
        return "".join(self.chance.choices("abcdefghijklmnopqrstuvwxyz", k=10)) + str(self._counter)

    def _some_cause(self) -> str:
        return self.chance.choice(list(self.causes))

    def edit(self) -> None:
        self.causes[self._some_cause()]["mechanism"] = f"It works by {self._word()}"

    def insert(self) -> None:
        entry = {
            "cause": self._word().title(),
            "category": self._category(),
            "mechanism": f"It works by {self._word()}",
        }
        place = self.chance.randrange(len(self.causes) + 1)
        items = list(self.causes.items())
        self.deck["causes"] = dict([*items[:place], (self._word(), entry), *items[place:]])

    def reorder(self) -> None:
        items = list(self.causes.items())
        self.chance.shuffle(items)
        self.deck["causes"] = dict(items)

    def rename(self) -> None:
        old, new = self._some_cause(), self._word()
        self.deck["causes"] = {
            new if key == old else key: {**cause, "was": old} if key == old else cause
            for key, cause in self.causes.items()
        }

    def retire(self) -> None:
        if len(self.causes) > FEWEST:
            key = self._some_cause()
            self.gone[key] = self.causes.pop(key)

    def bring_back(self) -> None:
        if self.gone:
            key = self.chance.choice(list(self.gone))
            self.causes[key] = {**self.gone.pop(key), "category": self._category()}

    def tag(self) -> None:
        self.causes[self._some_cause()]["tags"] = [self._word()]

    def fill_or_empty_a_clue(self) -> None:
        cause = self.causes[self._some_cause()]
        if not cause.pop("clue", None):
            cause["clue"] = f"Look for {self._word()}"

    def change_the_dose(self) -> None:
        self.causes[self._some_cause()]["dose"] = self._word()

    def change_a_picture(self) -> None:
        self.files["media/map.svg"] = f'<svg xmlns="http://www.w3.org/2000/svg" id="{self._word()}"/>'
        self.causes[self._some_cause()]["image"] = {"file": "map.svg", "alt": "A map"}

    def move_in_the_tree(self) -> None:
        self.causes[self._some_cause()]["category"] = self._category()

    def move_to_another_file(self) -> None:
        self.elsewhere ^= {self._some_cause()}

    def change_the_list(self) -> None:
        categories = list(self.deck["categories"].items())
        if len(categories) < 8 and self.chance.random() < 0.4:
            categories.append((self._word(), self._word().title()))
        self.chance.shuffle(categories)
        used = {cause["category"] for cause in self.causes.values()}
        unused = [key for key, _ in categories if key not in used]
        if unused and len(categories) > 3 and self.chance.random() < 0.4:
            categories = [(key, name) for key, name in categories if key != unused[0]]
        self.deck["categories"] = dict(categories)

    def change_the_css(self) -> None:
        self._counter += 1
        self.files[NOTE_TYPE + "style.css"] = f".card {{ width: {self._counter}px }}"

    def change_the_description(self) -> None:
        self.deck["description"] = self._word()

    def use_a_spare_field(self) -> None:
        """A spare field and a spare card template come into use by a change of templates."""
        schema = (bundled("templates") / "notetypes" / "cause" / "notetype.yaml").read_text("utf-8")
        schema = schema.replace("{name: Spare 1, id: 1044, spare: true}", "{name: Antidote, id: 1044}")
        schema = schema.replace(
            "{key: spare-1, name: Spare 1, id: 2011, spare: true}", "{key: antidote, name: Antidote, id: 2011}"
        )
        self.files |= {NOTE_TYPE + "notetype.yaml": schema, NOTE_TYPE + "fields.html": ANTIDOTE}
        self.files[NOTE_TYPE + "antidote.html"] = ANTIDOTE_CARD
        self.figures["author: use a spare field"] += 1

    def _category(self) -> str:
        return self.chance.choice(list(self.deck["categories"]))

    CHANGES: tuple[Callable[["BusyAuthor"], None], ...] = (
        edit, edit, edit, insert, reorder, rename, retire, bring_back, tag, fill_or_empty_a_clue, change_the_dose,
        change_a_picture, move_in_the_tree, move_to_another_file, change_the_list, change_the_css,
        change_the_description,
    )  # fmt: skip


class BusyLearner:
    """A learner who studies daily, leaves marks, and imports now and then what is newest or not quite.

    `diligence` is the chance of a day with an import; `delay` the most releases that the learner's file is behind.
    """

    def __init__(self, file: Path, chance: random.Random, figures: Counter[str], diligence: float, delay: int) -> None:
        self.file, self.chance, self.figures = file, chance, figures
        self.diligence, self.delay = diligence, delay
        self.learner = Learner(file)
        self.last = -1
        self.violations: list[str] = []

    def wake(self) -> None:
        """Begin the next day: what Anki counts from the day of the collection's making moves on by one."""
        self.learner.collection.db.execute("update col set crt = crt - ?", DAY)
        self.learner.collection.db.execute("update cards set due = due - ? where queue = 1", DAY)
        self.learner.close()
        self.learner = Learner(self.file)

    def live(self, at: int) -> None:
        """Answer what is due and leave a mark or two."""
        self.figures["answers"] += self.learner.answer(self.chance.randrange(30))
        for deed in self.chance.choices(self.DEEDS, k=self.chance.randrange(4)):
            if ids := self.learner.collection.find_notes("note:Aetia*"):
                self.figures[f"learner: {deed.__name__}"] += 1
                deed(self, self.chance.choice(sorted(ids)), at)

    def edit(self, id_: Any, at: int) -> None:
        with self.learner.doing(at) as collection:
            note = collection.get_note(id_)
            note.fields[self.chance.randrange(2, 12)] += f" mine {at}"
            collection.update_note(note)

    def tag(self, id_: Any, at: int) -> None:
        with self.learner.doing(at) as collection:
            collection.tags.bulk_add([id_], "mine")

    def flag(self, id_: Any, at: int) -> None:
        self.learner.collection.set_user_flag_for_cards(1 + at % 7, self._cards(id_))

    def suspend(self, id_: Any, at: int) -> None:
        self.learner.collection.sched.suspend_cards(self._cards(id_)[:1])

    def move(self, id_: Any, at: int) -> None:
        self.learner.collection.set_deck(self._cards(id_), self.learner.collection.decks.id("Mine"))

    def delete(self, id_: Any, at: int) -> None:
        if self.chance.random() < 0.3:
            self.learner.collection.remove_notes([id_])

    def restyle(self, id_: Any, at: int) -> None:
        with self.learner.doing(at) as collection:
            note_type = collection.get_note(id_).note_type()
            note_type["css"] += f"\n/* mine {at} */"
            collection.models.update_dict(note_type)

    def _cards(self, id_: Any) -> list[Any]:
        return [card.id for card in self.learner.collection.get_note(id_).cards()]

    DEEDS: tuple[Callable[["BusyLearner", Any, int], None], ...] = (
        edit, edit, edit, edit, tag, tag, flag, suspend, move, delete, restyle,
    )  # fmt: skip

    def import_(self, issues: list[Issue]) -> None:
        """Import a release, twice, and compare with what was foretold."""
        issue = issues[max(0, len(issues) - 1 - self.chance.randrange(self.delay + 1))]
        self.figures["releases skipped"] += max(0, issue.number - self.last - 1)
        self.figures["older releases imported"] += issue.number < self.last
        self.last = max(self.last, issue.number)
        self._check(issue)
        before = self.learner.everything()
        again = self.learner.take(issue.package)
        self._expect(again == (0, 0, len(issue.notes), 0), issue, f"a second import is not a no-op: {again}")
        self._expect(self.learner.everything() == before, issue, "a second import changes rows")
        self.figures["imports"] += 2

    def _check(self, issue: Issue) -> None:
        learner = self.learner
        mine, before, cards, styles = learner.by_guid(), learner.rows("notes"), learner.rows("cards"), self._styles()
        known = {(row[1], row[3]) for row in cards.values()}
        newer = {guid for guid, time in issue.modified.items() if guid in mine and before[mine[guid]][3] < time}
        new = issue.notes.keys() - mine.keys()
        foretold = (len(new), len(newer), len(issue.notes) - len(new) - len(newer), 0)
        self._expect(issue.modified.keys() == issue.notes.keys(), issue, "the lock and the package differ")
        counts = learner.take(issue.package)
        self._expect(counts == foretold, issue, f"foretold {foretold}, found {counts}")
        after, now, cards_now = learner.rows("notes"), learner.by_guid(), learner.rows("cards")
        self._expect({id_: cards_now.get(id_) for id_ in cards} == cards, issue, "a card of the learner changed")
        for guid, id_ in mine.items():
            if guid not in newer:
                self._expect(after.get(id_) == before[id_], issue, f"{guid} changed and was not to")
        for guid in new | newer:
            note, (*_, modified, _, tags, fields, _, _, _, _) = issue.notes[guid], after[now[guid]]
            arrived = (fields.split("\x1f"), tags.split(), modified)
            self._expect(
                arrived == (list(note.fields), list(note.tags), issue.modified[guid]), issue, f"{guid} differs"
            )
        brought = {
            (now[guid], ordinal) for guid, note in issue.notes.items() for ordinal in note.card_ordinals if guid in now
        }
        self._expect(
            {(row[1], row[3]) for row in cards_now.values()} == known | brought, issue, "other cards than told"
        )
        self._expect(len({(row[1], row[3]) for row in cards_now.values()}) == len(cards_now), issue, "duplicate cards")
        self._expect(len(now) == len(after), issue, "duplicate guids")
        told = {id_: issue.css[id_] if id_ in issue.css and time < issue.css[id_][1] else (css, time)
                for id_, (css, time) in styles.items()}  # fmt: skip
        told |= {id_: style for id_, style in issue.css.items() if id_ not in styles}
        self._expect(self._styles() == told, issue, "a note type is not as told")
        self.figures["notes new"] += counts[0]
        self.figures["notes updated"] += counts[1]
        self.figures["cards added"] += len(cards_now) - len(cards)
        self.figures["learners' newer copies kept"] += sum(
            before[mine[guid]][3] > time for guid, time in issue.modified.items() if guid in mine
        )

    def _styles(self) -> dict[int, tuple[str, int]]:
        return {
            nt["id"]: (nt["css"], nt["mod"]) for nt in self.learner.collection.models.all() if "Aetia" in nt["name"]
        }

    def _expect(self, good: bool, issue: Issue, what: str) -> None:
        self.figures["checks"] += 1
        if not good:
            self.violations.append(f"{self.file.stem}, release {issue.number}: {what}")

    def check_whole(self) -> None:
        """Let Anki check its own database; that it adds the time of a last review is not the importer's doing."""
        report, _ = self.learner.collection.fix_integrity()
        if [line for line in report.splitlines() if not line.startswith(("Database rebuilt", "Added last review"))]:
            self.violations.append(f"{self.file.stem}: {report}")
        self.figures["integrity checks"] += 1


@dataclass(frozen=True)
class Outcome:
    """What happened in a simulation, and what should not have."""

    figures: Counter[str]
    violations: tuple[str, ...]


HABITS = {"eager": (0.9, 0), "slow": (0.5, 2), "rare": (0.12, 1)}
"""Learners by name: the chance of an import on a day, and by how many releases their file may be behind."""


def simulate(folder: Path, days: int, seed: int) -> Outcome:
    """Play so many days."""
    chance, figures = random.Random(seed), Counter()
    author = BusyAuthor(folder / "project", chance, figures)
    learners = [BusyLearner(folder / f"{name}.anki2", chance, figures, *habit) for name, habit in HABITS.items()]
    author.publish(START)
    for day in range(days):
        morning = START + day * DAY
        for hour in sorted(chance.sample(range(8, 20), chance.choice((0, 1, 1, 2)))):
            author.publish(
                morning + hour * 3600, extraordinary=day >= days // 3 and not figures["author: use a spare field"]
            )
        for learner in learners:
            learner.wake()
            learner.live(morning + chance.randrange(DAY))
            if day == 0 or day == days - 1 or chance.random() < learner.diligence:
                learner.import_(author.issues)
            if day % 10 == 9 or day == days - 1:
                learner.check_whole()
    newcomer = BusyLearner(folder / "newcomer.anki2", chance, figures, 1, 0)
    newcomer.import_(author.issues)
    for learner in (*learners, newcomer):
        learner.learner.close()
    figures["days"], figures["learners"] = days, len(learners) + 1
    return Outcome(figures, tuple(v for learner in (*learners, newcomer) for v in learner.violations))


def main() -> int:
    """Run a long simulation and print its figures; return 1 if anything was violated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = simulate(Path(folder), arguments.days, arguments.seed)
    for name, count in sorted(outcome.figures.items()):
        sys.stdout.write(f"{count:>8} {name}\n")
    for violation in outcome.violations:
        sys.stdout.write(f"VIOLATION {violation}\n")
    sys.stdout.write(f"{len(outcome.violations):>8} violations ({time.monotonic() - start:.0f} s)\n")
    return bool(outcome.violations)


if __name__ == "__main__":
    sys.exit(main())
