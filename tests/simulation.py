"""Years of a deck's life: an author who changes everything that can be changed, and learners with their own habits.

After every import the learner's collection is compared with what `deck.lock` and the release predict. In the tests it
runs for a few days; `python tests/simulation.py --days 60` runs it for long and prints the figures. With
`--learners 7 --ankis FOLDER` seven learners have the installed Anki and those in the folder, each release in a folder
of its own: `pip install --target FOLDER/24.11 anki==24.11`.

Time is simulated. Builds and learners' actions have the time of the play, and a new day begins in Anki when the
creation day of the collection moves back by one.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from itertools import cycle, groupby
from pathlib import Path
from typing import Any

from busy_author import BusyAuthor, Content, Issue
from players import DAY
from stage import START
from student import Elsewhere, Student

Rows = dict[int, tuple[Any, ...]]
Looks = dict[int, tuple[tuple[str, ...], int]]
DATED_BY_IMPORT = "25.02"
"""Before this release of Anki, a note that an import updates gets the time of the import."""
KNOWS_IDS = "23.10"
"""Before this release, Anki identifies card templates only by name: if one has a new name, it takes nothing."""
LONG = 300
"""From this number of days on, there is a release only every third day."""
STUDY = 0.25
"""The chance that a learner studies on a day, at least."""
SHOWN = 20
DEEDS = ("edit", "edit", "edit", "fill", "tag", "tag", "flag", "suspend", "move", "delete", "restyle")


@dataclass(frozen=True)
class Habit:
    """A way to learn: the daily chance of an import, the most releases that a file is behind, and whether betas too."""

    name: str
    diligence: float
    delay: int = 0
    beta: bool = False


HABITS = (
    Habit("eager", 0.9),
    Habit("slow", 0.5, delay=2),
    Habit("rare", 0.12, delay=1),
    Habit("curious", 0.6, beta=True),
    Habit("weekly", 0.15),
    Habit("early", 0.8, beta=True),
    Habit("careless", 0.3, delay=4),
)


class BusyLearner:
    """A learner who studies on most days, leaves marks, and sometimes imports the newest release or an older one."""

    def __init__(
        self, folder: Path, habit: Habit, author: BusyAuthor, figures: Counter[str], library: Path | None = None
    ) -> None:
        self.file = str(folder / f"{habit.name}.anki2")
        self.student: Any = Elsewhere(library, self.file) if library else Student(self.file)
        self.release = self.student.release()
        self.habit, self.author, self.figures, self.chance = habit, author, figures, author.chance
        self.last, self._awake = -1, START
        self.taken: dict[str, tuple[Issue, int]] = {}
        """By guid, the release of the learner's copy, and the time of the copy."""
        self.violations: list[str] = []

    def live(self, at: int) -> None:
        """Start a day, answer due cards and leave a mark or two."""
        self.student.wake((at - self._awake) // DAY)
        self._awake = at
        self.figures["answers"] += self.student.answer(self.chance.randrange(30), at)
        for deed in self.chance.choices(DEEDS, k=self.chance.randrange(4)):
            if ids := [row[0] for row in self.student.rows("notes")]:
                self.figures[f"learner: {deed}"] += 1
                getattr(self.student, deed)(self.chance.choice(ids), at, self.chance.randrange(100))

    def import_(self, at: int) -> None:
        """Import a release twice, and compare with the prediction."""
        issues = [issue for issue in self.author.issues if self.habit.beta or not issue.beta]
        issue = issues[max(0, len(issues) - 1 - self.chance.randrange(self.habit.delay + 1))]
        self.figures["releases skipped"] += max(0, issue.number - self.last - 1)
        self.figures["older releases imported"] += issue.number < self.last
        self.figures["releases of branches imported"] += issue.beta
        self.last = max(self.last, issue.number)
        self._check(issue, at)
        before, notes = self.student.everything(), self._rows("notes").values()
        again = self.student.take(str(issue.package), at)
        repeated = sum(row[3] < issue.modified.get(row[1], 0) for row in notes) if self.release < DATED_BY_IMPORT else 0
        self.figures["notes updated twice for a clock ahead (L9)"] += repeated
        told = [0, repeated, len(issue.notes) - repeated, 0]
        self._expect(again == told, issue, f"a second import is not as told: {again}, not {told}")
        self._expect(repeated or self.student.everything() == before, issue, "a second import changes rows")
        self.figures["imports"] += 2
        self.figures[f"imports by Anki {self.release}"] += 2

    def upgrade(self) -> None:
        """Continue with the installed Anki if the learner's is too old to follow a renamed card template."""
        if self.release < KNOWS_IDS:
            self.student.close()
            self.student = Student(self.file)
            self.release = self.student.release()
            self.figures["learner: upgrade Anki"] += 1

    def _rows(self, table: str) -> Rows:
        return {row[0]: tuple(row) for row in self.student.rows(table)}

    def _looks(self) -> Looks:
        """Css and templates of the deck's note types, and their time, by id."""
        return {id_: (tuple(texts), time) for id_, time, texts in self.student.looks()}

    def _check(self, issue: Issue, at: int) -> None:
        before, cards, looks = self._rows("notes"), self._rows("cards"), self._looks()
        mine = {row[1]: id_ for id_, row in before.items()}
        newer = {guid for guid, time in issue.modified.items() if guid in mine and before[mine[guid]][3] < time}
        new = issue.notes.keys() - mine.keys()
        self._check_words(issue, before, mine, newer)
        foretold = [len(new), len(newer), len(issue.notes) - len(new) - len(newer), 0]
        self._expect(issue.modified.keys() == issue.notes.keys(), issue, "the lock and the package differ")
        counts = self.student.take(str(issue.package), at)
        self._expect(counts == foretold, issue, f"foretold {foretold}, found {counts}")
        after, cards_now = self._rows("notes"), self._rows("cards")
        now = {row[1]: id_ for id_, row in after.items()}
        self._expect(len(now) == len(after), issue, "duplicate guids")
        for guid, id_ in mine.items():
            if guid not in newer:
                self._expect(after.get(id_) == before[id_], issue, f"{guid} changed and was not to")
        for guid in new | newer:
            _, _, _, modified, _, tags, fields, *_ = after[now[guid]]
            told = at if guid in newer and self.release < DATED_BY_IMPORT else issue.modified[guid]
            arrived = (tuple(fields.split("\x1f")), tuple(tags.split()), modified)
            self._expect(arrived == (*issue.content(guid), told), issue, f"{guid} differs")
            self.taken[guid] = (issue, modified)
        self._expect(self._looks() == self._told(looks, issue), issue, "a note type is not as told")
        self._check_cards(issue, cards, cards_now, looks, after, at)
        self.figures["notes new"] += counts[0]
        self.figures["notes updated"] += counts[1]
        self.figures["cards added"] += len(cards_now) - len(cards)

    def _check_words(self, issue: Issue, before: Rows, mine: dict[str, int], newer: set[str]) -> None:
        """Check that a note is overwritten if the author's words changed, and that no old words stay for ever."""
        for guid in issue.notes.keys() & self.taken.keys() & mine.keys():
            copy, time = self.taken[guid]
            if guid in newer:
                changed = copy.content(guid) != issue.content(guid) or self._changed_between(guid, copy, issue)
                lost = not changed and guid in self.author.forgotten
                ahead = not changed and issue.modified[guid] in self.author.ahead
                self.figures["notes overwritten for a lost lock"] += lost
                self.figures["notes overwritten for a clock ahead"] += ahead
                self._expect(changed or lost or ahead, issue, f"{guid} is overwritten and its words did not change")
            elif copy.number in issue.after and copy.content(guid) != issue.content(guid):
                own = before[mine[guid]][3] != time
                by_import = not own and time != copy.modified[guid]
                reason = "own edits" if own else "an import's time (L9)" if by_import else None
                self._expect(reason is not None, issue, f"{guid} keeps old words of release {copy.number}")
                self.figures[f"changes missed for {reason}"] += 1

    def _changed_between(self, guid: str, copy: Issue, issue: Issue) -> bool:
        """Return whether a note said something else in between, so that others may have to get it again."""
        states: dict[int, tuple[Content, int]] = self.author.history[guid]
        return any(
            content != issue.content(guid)
            for time, (content, _) in states.items()
            if copy.modified[guid] <= time <= issue.modified[guid]
        )

    def _check_cards(self, issue: Issue, before: Rows, now: Rows, looks: Looks, notes: Rows, at: int) -> None:
        """Check that no card of the learner changed, and that only predicted cards or those of a changed front came."""
        self._expect({id_: now.get(id_) for id_ in before} == before, issue, "a card of the learner changed")
        by_guid = {row[1]: id_ for id_, row in notes.items()}
        known, there = ({(row[1], row[3]) for row in rows.values()} for rows in (before, now))
        brought = {(by_guid[guid], ordinal) for guid, note in issue.notes.items() for ordinal in note.card_ordinals}
        self._expect(known | brought <= there, issue, "a card that was told did not come")
        told = self._told(looks, issue)
        made = {pair: notes[pair[0]][2] for pair in there - known - brought}
        same = {id_ for id_, look in looks.items() if told[id_] == look}
        self._expect(not same & set(made.values()), issue, "a card that was not told")
        self.figures["cards that Anki made"] += len(made)
        self._heal(issue, before, now, same, notes, at)

    def _heal(self, issue: Issue, before: Rows, now: Rows, same: set[int], notes: Rows, at: int) -> None:
        """Let Anki's database check remove cards that Anki doubled, and nothing else.

        When a front changed, Anki makes missing cards; where SQLite reads the cards by id and those of a note do not
        follow one another, it makes the later ones again (`group_generated_cards_by_note`). The check also makes the
        cards that a learner's own note type asks for and the author's does not.
        """
        count = Counter((row[1], row[3]) for row in now.values())
        doubled = {note for (note, _), number in count.items() if number > 1}
        runs = Counter(note for note, _ in groupby(before[id_][1] for id_ in sorted(before)))
        parted = {note for note, number in runs.items() if number > 1 and notes[note][2] not in same}
        self._expect(doubled <= parted, issue, "duplicate cards")
        if doubled:
            self.figures["cards that Anki doubled"] += len(now) - len(count)
            report = self.student.check_database(at)
            healed = self._rows("cards")
            pairs = Counter((row[1], row[3]) for row in healed.values())
            own = {id_ for id_, look in self._looks().items() if look != issue.looks.get(id_)}
            more = {pair for pair in pairs.keys() - count.keys() if notes[pair[0]][2] not in own}
            good = max(pairs.values()) == 1 and not count.keys() - pairs.keys() and not more
            self._expect(good, issue, f"Anki takes other cards than its doubles: {report}")
            lost = [id_ for id_, row in before.items() if id_ not in healed or healed[id_][6:15] != row[6:15]]
            self._expect(not lost, issue, "a card of the learner went with its double")

    @staticmethod
    def _told(looks: Looks, issue: Issue) -> Looks:
        """The looks of note types after an import: the author's where they are new or newer."""
        return looks | {id_: look for id_, look in issue.looks.items() if id_ not in looks or looks[id_][1] < look[1]}

    def _expect(self, good: bool, issue: Issue, what: str) -> None:
        self.figures["checks"] += 1
        if not good:
            self.violations.append(f"{self.habit.name} on {self.release}, release {issue.number}: {what}")

    def check_whole(self, at: int) -> None:
        """Let Anki check its own database. That it adds the time of a last review says nothing of an import."""
        report = self.student.check_database(at)
        fine = ("Database rebuilt", "Added last review")
        if [line for line in report.splitlines() if not line.startswith(fine)]:
            self.violations.append(f"{self.habit.name} on {self.release}: {report}")
        self.figures["integrity checks"] += 1


@dataclass(frozen=True)
class Outcome:
    """What happened in a simulation, and what should not have."""

    figures: Counter[str]
    violations: tuple[str, ...]


def simulate(
    folder: Path, days: int, seed: int, learners: int = 3, ankis: Path | None = None, show: bool = False
) -> Outcome:
    """Play so many days. The learners have the installed Anki and those in a folder by turns."""
    chance, figures = random.Random(seed), Counter[str]()
    author = BusyAuthor(folder / "project", chance, figures)
    libraries = cycle([None, *(sorted(ankis.iterdir()) if ankis else ())])
    everyone = [BusyLearner(folder, habit, author, figures, next(libraries)) for habit in HABITS[:learners]]
    author.publish(START)
    for day in range(days):
        morning, last = START + day * DAY, day == days - 1
        for hour in sorted(
            chance.sample(range(8, 20), chance.choice((0, 0, 0, 1, 1, 1, 2) if days < LONG else (0, 0, 0, 0, 1, 1)))
        ):
            author.publish(
                morning + hour * 3600,
                extraordinary=day >= days // 3 and not figures["author: use a spare card template"],
            )
        for learner in everyone:
            if day == days // 6:
                learner.upgrade()
            if day == 0 or last or chance.random() < max(STUDY, learner.habit.diligence):
                learner.live(morning + chance.randrange(DAY))
                if day == 0 or last or chance.random() < min(1, learner.habit.diligence / STUDY):
                    learner.import_(morning + DAY)
            if day % 10 == 9 or last:
                learner.check_whole(morning + DAY)
        if show and day % 10 == 9:
            found = [violation for one in (author, *everyone) for violation in one.violations]
            sys.stderr.write(f"day {day + 1}: {len(found)} violations {found[:3]}\n")
    everyone.append(BusyLearner(folder, Habit("newcomer", 1), author, figures))
    everyone[-1].import_(START + days * DAY)
    for learner in everyone:
        learner.student.close()
    figures["days"], figures["learners"] = days, len(everyone)
    return Outcome(figures, tuple(violation for one in (author, *everyone) for violation in one.violations))


def main() -> int:
    """Run a long simulation and print its figures; return 1 if anything was violated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--learners", type=int, default=3, choices=range(1, len(HABITS) + 1))
    parser.add_argument("--ankis", type=Path, help="a folder with a folder for each further release of Anki")
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = simulate(Path(folder), **vars(arguments), show=True)
    for name, count in sorted(outcome.figures.items()):
        sys.stdout.write(f"{count:>8} {name}\n")
    for who, count in Counter(violation.split(",")[0] for violation in outcome.violations).items():
        sys.stdout.write(f"{count:>8} violations: {who}\n")
    for violation in outcome.violations[:SHOWN]:
        sys.stdout.write(f"VIOLATION {violation}\n")
    sys.stdout.write(f"{len(outcome.violations):>8} violations ({time.monotonic() - start:.0f} s)\n")
    return bool(outcome.violations)


if __name__ == "__main__":
    sys.exit(main())
