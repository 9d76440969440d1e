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
from itertools import groupby
from pathlib import Path
from typing import Any

from players import DAY, Author, Learner
from stage import SAMPLE, START

from generator.ledger.lock import read_lock
from generator.model.kinds import BY_NAME
from generator.model.notes import Note, NoteSet
from generator.resources import bundled

NOTE_TYPE = "../../templates/notetypes/cause/"
DEPENDS = """\
{% block front %}{% when field.Dose %}<p>{{ field.Cause }}: on what does it depend?</p>{% endwhen %}{% endblock %}
{% block answer %}{{ field.Dose }}{% endblock %}
"""
KINDS = ("clue", "example", "question", "list", "blanks", "reverse", "category", "dose", "tree")
"""Kinds of cards that the author switches on and off."""
LANGUAGES = ("en", "de", "ar")
FEWEST = 6
"""Causes that the author always keeps."""


@dataclass(frozen=True)
class Issue:
    """A release as its lock and notes foretell it: times and notes by guid, looks and times of note types by id."""

    number: int
    package: Path
    modified: dict[str, int]
    notes: dict[str, Note]
    looks: dict[int, tuple[tuple[str, ...], int]]


class BusyAuthor:
    """An author who makes a few changes of every kind before each build."""

    def __init__(self, folder: Path, chance: random.Random, figures: Counter[str]) -> None:
        self.author = Author(folder)
        self.chance, self.figures = chance, figures
        self.deck: dict[str, Any] = copy.deepcopy(SAMPLE)
        self.deck["categories"] = {key: {"name": name} for key, name in SAMPLE["categories"].items()}
        self.files: dict[str, str | bytes] = {}
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
                self.use_a_spare_card_template()
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
            looks={
                nt.id: (
                    (nt.css, *(part for t in nt.templates for part in (t.front, t.back))),
                    lock.note_types[key].modified,
                )
                for key, nt in notes.note_types.items()
            },
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
        self._rename(told=True)

    def rename_without_was(self) -> None:
        self._rename(told=False)

    def _rename(self, told: bool) -> None:
        old, new = self._some_cause(), self._word()
        former = {"was": old} if told else {}
        self.deck["causes"] = {
            new if key == old else key: {**cause, **former} if key == old else cause
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
        if len(categories) < 6 and self.chance.random() < 0.4:
            categories.append((self._word(), {"name": self._word().title()}))
        self.chance.shuffle(categories)
        used = {cause["category"].split("/")[0] for cause in self.everyone}
        unused = [key for key, _ in categories if key not in used]
        if unused and len(categories) > 3 and self.chance.random() < 0.4:
            categories = [(key, name) for key, name in categories if key != unused[0]]
        self.deck["categories"] = dict(categories)

    def name_a_category(self) -> None:
        self.deck["categories"][self.chance.choice(list(self.deck["categories"]))]["name"] = self._word().title()

    def move_a_branch(self) -> None:
        """Put a top category below another, or one from below to the top; its causes go with it."""
        tops = self.deck["categories"]
        below = [(top, key) for top, branch in tops.items() for key in branch.get("children", {})]
        if below and self.chance.random() < 0.5:
            top, key = self.chance.choice(below)
            self._move(f"{top}/{key}", key, tops[top]["children"].pop(key), tops)
            if not tops[top]["children"]:
                del tops[top]["children"]
        elif len(tops) > 3:
            plain = [key for key, branch in tops.items() if "children" not in branch]
            if len(plain) < 2:
                return
            key, top = self.chance.sample(plain, 2)
            if "children" not in tops[top]:
                rest = self._word()
                tops[top]["children"] = {rest: {"name": rest.title()}}
                self._refile(top, f"{top}/{rest}")
            self._move(key, f"{top}/{key}", tops.pop(key), tops[top]["children"])

    def _move(self, old: str, new: str, branch: dict[str, Any], place: dict[str, Any]) -> None:
        place[new.rpartition("/")[2]] = {**branch, "was": old}
        self._refile(old, new)

    def _refile(self, old: str, new: str) -> None:
        for cause in self.everyone:
            if cause["category"] == old:
                cause["category"] = new

    @property
    def everyone(self) -> list[dict[str, Any]]:
        return [*self.causes.values(), *self.gone.values()]

    def change_the_css(self) -> None:
        self._counter += 1
        file = self.chance.choice((NOTE_TYPE, "../../templates/notetypes/list/")) + "style.css"
        self.files[file] = f".card {{ width: {self._counter}px }}"

    def restyle(self) -> None:
        self.deck["style"] = {
            "size": self.chance.randrange(14, 30),
            "day": {"accent": self.chance.choice(("teal", "red"))},
        }

    def reword_a_phrase(self) -> None:
        self.deck["words"] = {self.chance.choice(("ask-clue", "more", "limits")): self._word()}

    def change_the_language(self) -> None:
        self.deck["language"] = self.chance.choice(LANGUAGES)

    def switch_a_kind(self) -> None:
        kind, cards = self.chance.choice(KINDS), self.deck["cards"]
        by_default = BY_NAME[kind].default
        switch = cards.setdefault("skip" if by_default else "add", [])
        (switch.remove if kind in switch else switch.append)(kind)

    def ask_a_question(self) -> None:
        self.deck.setdefault("questions", {})[self._word()] = {
            "ask": f"What is {self._word()}?",
            "answer": self._word(),
        }

    def mark_an_example(self) -> None:
        self.causes[self._some_cause()]["examples"] = [{"name": self._word().title(), "classic": True}]

    def change_the_description(self) -> None:
        self.deck["description"] = self._word()

    def use_a_spare_card_template(self) -> None:
        schema = (bundled("templates") / "notetypes" / "cause" / "notetype.yaml").read_text("utf-8")
        schema = schema.replace("example-3]", "example-3, {key: depends, was: Spare 1}]")
        self.files |= {NOTE_TYPE + "notetype.yaml": schema, NOTE_TYPE + "depends.html": DEPENDS}
        self.figures["author: use a spare card template"] += 1

    def _category(self) -> str:
        return self.chance.choice([
            path
            for top, branch in self.deck["categories"].items()
            for path in ([f"{top}/{key}" for key in branch["children"]] if "children" in branch else [top])
        ])  # fmt: skip

    CHANGES: tuple[Callable[["BusyAuthor"], None], ...] = (
        edit, edit, edit, insert, reorder, rename, retire, bring_back, tag, fill_or_empty_a_clue, change_the_dose,
        change_a_picture, move_in_the_tree, move_to_another_file, change_the_list, change_the_css,
        change_the_description, name_a_category, move_a_branch, restyle, reword_a_phrase, change_the_language,
        switch_a_kind, switch_a_kind, ask_a_question, mark_an_example, rename_without_was,
    )  # fmt: skip


Rows = dict[int, tuple[Any, ...]]


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
            if ids := self.learner.collection.find_notes(""):
                self.figures[f"learner: {deed.__name__}"] += 1
                deed(self, self.chance.choice(sorted(ids)), at)

    def edit(self, id_: Any, at: int) -> None:
        with self.learner.doing(at) as collection:
            note = collection.get_note(id_)
            note[self.chance.choice([name for name, _ in note.items() if name != "Key"])] += f" mine {at}"
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
        there = {(row[1], row[3]) for row in cards_now.values()}
        self._expect(known | brought <= there, issue, "a card that was told did not come")
        told_looks = self._told(styles, issue)
        made = {
            pair: after[pair[0]][2] for pair in there - known - brought
        }  # Anki makes cards for templates that changed
        same = {id_ for id_, style in styles.items() if told_looks[id_] == style}
        self._expect(not same & set(made.values()), issue, "a card that was not told")
        self.figures["cards that Anki made"] += len(made)
        self._heal(issue, cards, cards_now, same, after)
        self._expect(len(now) == len(after), issue, "duplicate guids")
        self._expect(self._styles() == told_looks, issue, "a note type is not as told")
        self.figures["notes new"] += counts[0]
        self.figures["notes updated"] += counts[1]
        self.figures["cards added"] += len(cards_now) - len(cards)
        self.figures["learners' newer copies kept"] += sum(
            before[mine[guid]][3] > time for guid, time in issue.modified.items() if guid in mine
        )

    def _heal(self, issue: Issue, before: Rows, now: Rows, same: set[int], notes: Rows) -> None:
        """Let Anki's check of the database take away cards that Anki doubled, and nothing else.

        When a front changed, Anki makes missing cards; where SQLite reads the cards by id and those of a note do not
        follow one another, it makes the later ones again (`group_generated_cards_by_note`).
        """
        count = Counter((row[1], row[3]) for row in now.values())
        doubled = {note for (note, _), number in count.items() if number > 1}
        runs = Counter(note for note, _ in groupby(before[id_][1] for id_ in sorted(before)))
        parted = {note for note, number in runs.items() if number > 1 and notes[note][2] not in same}
        self._expect(doubled <= parted, issue, "duplicate cards")
        if doubled:
            self.figures["cards that Anki doubled"] += len(now) - len(count)
            report, _ = self.learner.collection.fix_integrity()
            healed = self.learner.rows("cards")
            self._expect(len(healed) == len(count), issue, f"Anki takes other cards than its doubles: {report}")
            lost = [id_ for id_, row in before.items() if id_ not in healed or healed[id_][6:15] != row[6:15]]
            self._expect(not lost, issue, "a card of the learner went with its double")

    @staticmethod
    def _told(styles: dict[int, tuple[tuple[str, ...], int]], issue: Issue) -> dict[int, tuple[tuple[str, ...], int]]:
        """The looks of note types after an import: the author's where they are new or newer."""
        newer = {id_: look for id_, look in issue.looks.items() if id_ not in styles or styles[id_][1] < look[1]}
        return styles | newer

    def _styles(self) -> dict[int, tuple[tuple[str, ...], int]]:
        """Css and templates of the deck's note types, and their time, by id."""
        return {
            nt["id"]: ((nt["css"], *(part for t in nt["tmpls"] for part in (t["qfmt"], t["afmt"]))), nt["mod"])
            for nt in self.learner.collection.models.all() if " · " in nt["name"]
        }  # fmt: skip

    def _expect(self, good: bool, issue: Issue, what: str) -> None:
        self.figures["checks"] += 1
        if not good:
            self.violations.append(f"{self.file.stem}, release {issue.number}: {what}")

    def check_whole(self) -> None:
        """Let Anki check its own database."""
        if report := self.learner.whole():
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
                morning + hour * 3600,
                extraordinary=day >= days // 3 and not figures["author: use a spare card template"],
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
