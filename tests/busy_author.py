"""An author who changes everything that can be changed, works on branches, mends old releases and loses the lock.

Every release is predicted (`Issue`), and every history is checked: an entry keeps its guid whatever happens to its key,
and no note gets a new time if its words stayed.
"""

import copy
import json
import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile
from typing import Any

from players import DAY, Author
from stage import SAMPLE, with_another

from generator.ledger.lines import Record
from generator.ledger.lock import read_lock
from generator.model.kinds import BY_NAME
from generator.model.notes import Note, NoteId, NoteSet
from generator.resources import bundled

NOTE_TYPE = "../../templates/notetypes/cause/"
DEPENDS = """\
{% block front %}{% when field.Dose %}<p>{{ field.Cause }}: on what does it depend?</p>{% endwhen %}{% endblock %}
{% block answer %}{{ field.Dose }}{% endblock %}
"""
KINDS = ("clue", "example", "question", "list", "blanks", "reverse", "category", "dose", "tree")
"""Kinds of cards that the author switches on and off."""
LANGUAGES = ("en", "de", "ar")
FEWEST, MOST = 6, 40
"""The fewest causes that the author keeps, and the most."""
MAIN = "main"
OLD = 8
"""How many releases back a hotfix may start."""
CLOCKS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -2 * DAY, -2 * DAY, -2 * DAY, 3 * DAY)
"""Differences between the author's clock and the learners'."""
WHO = "uid"
"""A key that identifies an entry for good. The author's files do not have it."""
Content = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Issue:
    """A release as its lock and notes predict it: times and notes by guid, looks and times of note types by id.

    `after` are the numbers of all releases that this one remembers; `beta` is a release from a branch.
    """

    number: int
    package: Path
    beta: bool
    after: frozenset[int]
    modified: dict[str, int]
    notes: dict[str, Note]
    looks: dict[int, tuple[tuple[str, ...], int]]

    def content(self, guid: str) -> Content:
        """The author's words on a note."""
        return self.notes[guid].fields, self.notes[guid].tags


@dataclass
class Work:
    """The author's files on one branch, and the releases that its lock remembers."""

    branch: str
    deck: dict[str, Any]
    files: dict[str, str | bytes] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)
    gone: dict[str, Any] = field(default_factory=dict)
    after: frozenset[int] = frozenset()
    last: Issue | None = None

    def fork(self, branch: str) -> "Work":
        """Return a copy on a new branch."""
        work = copy.deepcopy({**self.__dict__, "last": None})
        return Work(**{**work, "branch": branch, "last": self.last})

    @property
    def causes(self) -> dict[str, Any]:
        return self.deck["causes"]

    @property
    def leaves(self) -> list[str]:
        """Return the paths of categories that may have causes."""
        return [
            path
            for top, branch in self.deck["categories"].items()
            for path in ([f"{top}/{key}" for key in branch["children"]] if "children" in branch else [top])
        ]


class BusyAuthor:
    """An author who makes a few changes of every kind before each build."""

    def __init__(self, folder: Path, chance: random.Random, figures: Counter[str]) -> None:
        self.author = Author(folder)
        self.chance, self.figures = chance, figures
        self.issues: list[Issue] = []
        self.violations: list[str] = []
        self.history: dict[str, dict[int, tuple[Content, int]]] = {}
        """By guid and time, what a note said, and the first release in which it did."""
        self.ahead: set[int] = set()
        """Times of notes that were in the future when they were built."""
        self.forgotten: set[str] = set()
        """Notes that were retired when the lock was recovered from a package, which does not have them."""
        self._counter = 0
        deck = copy.deepcopy(SAMPLE)
        deck["categories"] = {key: {"name": name} for key, name in SAMPLE["categories"].items()}
        for cause in deck["causes"].values():
            cause[WHO] = self._word()
        self.work = self.main = Work(MAIN, deck)
        self.side: tuple[Work, Work] | None = None
        """A branch that is not merged yet, and its starting point."""
        self.hotfix: tuple[Work, Work] | None = None
        self._past: list[Work] = []
        self._in_git_alone = False
        """Whether the lock comes from a merge, so that no package has it."""
        self._untold: dict[str, tuple[str, str]] = {}
        """Entries renamed without `was` since the last build: the former key and the entry's id, by the new key."""
        self._guids: dict[tuple[str, str], str] = {}
        self._owners: dict[str, tuple[str, str]] = {}
        folder.mkdir()
        self._git("init", "-q", "-b", MAIN)
        copyfile(bundled("templates") / "project" / "gitattributes", folder / ".gitattributes")
        (folder / ".gitignore").write_text("*.apkg\n")

    def _git(self, *arguments: str, may_fail: bool = False) -> None:
        author = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "gc.auto=0")
        command = ["git", "-C", str(self.author.project), *author, *arguments]
        subprocess.run(command, check=not may_fail, capture_output=True)

    @property
    def deck(self) -> dict[str, Any]:
        return self.work.deck

    @property
    def causes(self) -> dict[str, Any]:
        return self.work.causes

    def publish(self, now: int, extraordinary: bool = False) -> None:
        """Change something, or nothing, and build. The clock is wrong now and then."""
        if self.issues:
            self._choose_branch()
            for change in self.chance.choices(self.CHANGES, k=self.chance.randrange(6)):
                self._note(f"author: {change.__name__.strip('_').replace('_', ' ')}")
                change(self)
            if extraordinary and self.work is self.main:
                self.use_a_spare_card_template()
        self._build(now + self.chance.choice(CLOCKS))
        assert self.work.last
        self.ahead |= {time for time in self.work.last.modified.values() if time > now}

    def _note(self, figure: str) -> None:
        self.figures[figure] += 1

    def _build(self, now: int) -> None:
        """Write the files and build. If a build is refused, follow the message."""
        lost = self.issues and self.chance.random() < 0.04
        recover = self._lose_the_lock(now) if lost else None
        self._write()
        built, codes = self.author.build(now, recover=recover)
        for key in [key for key in self._untold if key not in self.causes]:
            del self._untold[key]
        noticed = "probable-rename" in codes
        if self._untold:
            self._note(f"author: untold renames {'noticed' if noticed else 'not noticed'}")
        if noticed and self.chance.random() < 0.5:
            for key, (former, who) in [(k, old) for k, old in self._untold.items() if old[0] not in self.causes]:
                self._note("author: write `was` after the message")
                self.causes[key] |= {"was": [former, *self.causes[key].get("was", [])], WHO: who}
            self._untold.clear()
            self._write()
        if "lost-notes" in codes:
            self._restore_lines()
        if built is None:
            built, codes = self.author.build(now, retire=True, recover=recover)
        assert built is not None, codes
        if self.work is self.main and self.hotfix:
            built = self._end_hotfix(now, "newer-elsewhere" in codes) or built
        self._note("builds")
        issue = self._foretell(built.package, built.release.notes)
        self.issues.append(issue)
        self.work.last, self.work.after, self._in_git_alone = issue, issue.after, False
        self._git("add", "-A")
        self._git("commit", "-q", "--allow-empty", "-m", str(issue.number))
        self._git("tag", f"v{issue.number}")
        if self.work is self.main:
            self._past = [*self._past, self.work.fork(f"v{issue.number}")][-OLD:]

    def _write(self) -> None:
        causes = {key: {k: v for k, v in cause.items() if k != WHO} for key, cause in self.causes.items()}
        here = {key: cause for key, cause in causes.items() if key not in self.work.elsewhere}
        there = {key: cause for key, cause in causes.items() if key in self.work.elsewhere}
        self.work.files["causes/more.yaml"] = json.dumps({"causes": there})
        self.author.write(json.dumps({**self.deck, "causes": here}), self.work.files)

    def _foretell(self, package: Path, notes: NoteSet) -> Issue:
        lock, faults = read_lock(self.author.folder)
        assert lock is not None, faults
        number = len(self.issues)
        records = {name: record for name, record in lock.notes.items() if record.retired is None}
        issue = Issue(
            number=number,
            package=package,
            beta=self.side is not None and self.work is self.side[0],
            after=self.work.after | {number},
            modified={record.guid: record.modified for record in records.values()},
            notes={records[note.note_type, note.key].guid: note for note in notes.notes},
            looks={
                nt.id: (
                    (nt.css, *(part for t in nt.templates for part in (t.name, t.front, t.back))),
                    lock.note_types[key].modified,
                )
                for key, nt in notes.note_types.items()
            },
        )
        self._watch_identities(issue, records)
        self._watch_times(issue)
        return issue

    def _expect(self, good: bool, issue: Issue, what: str) -> None:
        self._note("checks")
        if not good:
            self.violations.append(f"author on {self.work.branch}, release {issue.number}: {what}")

    def _watch_identities(self, issue: Issue, records: dict[NoteId, Record]) -> None:
        """Check that an entry has the guid that it always had, and that no other entry has it."""
        for (note_type, key), record in records.items():
            if key not in self.causes:
                continue
            if key in self._untold:
                former = self._untold[key][1]
                if self._guids.get((note_type, former)) == record.guid:
                    self.causes[key][WHO] = former  # found without a word
            name = (note_type, self.causes[key][WHO])
            known = self._guids.setdefault(name, record.guid)
            self._expect(known == record.guid, issue, f"`{key}` lost its history: {record.guid} for {known}")
            owner = self._owners.setdefault(record.guid, name)
            self._expect(owner == name, issue, f"`{key}` got the history of another")
        self._untold.clear()

    def _watch_times(self, issue: Issue) -> None:
        """Check that unchanged content keeps its time from the last release that this one knows."""
        live = self.work.last.notes.keys() if self.work.last else set()
        for guid, time in issue.modified.items():
            states = self.history.setdefault(guid, {})
            known = {t: content for t, (content, number) in states.items() if number in issue.after}
            if known and guid in live and known[max(known)] == issue.content(guid):
                self._expect(time == max(known), issue, f"{guid} was dated anew and says what it said")
            states.setdefault(time, (issue.content(guid), issue.number))

    # Branches, old releases, lost locks

    def _choose_branch(self) -> None:
        if self.work is not self.main and not self.side:
            self._switch(self.main)
        if self.side is None and self.hotfix is None and self.chance.random() < 0.1:
            self._note("author: begin a branch")
            self.side = (self.main.fork(f"branch-{len(self.issues)}"), self.main.fork("base"))
            self._git("switch", "-q", "-c", self.side[0].branch, MAIN)
            self.work = self.side[0]
        elif self.side and self.side[0].last != self.side[1].last and self.chance.random() < 0.25:
            self._switch(self.main)
            self._merge(*self.side)
            self.side = None
        elif self.side:
            self._switch(self.chance.choice((self.main, self.side[0])))
        elif self.hotfix and self.chance.random() < 0.5:
            self._merge(*self.hotfix)
            self.hotfix = None
        elif self.hotfix is None and len(self._past) == OLD and self.chance.random() < 0.08:
            self._begin_hotfix()

    def _switch(self, work: Work) -> None:
        self._git("switch", "-q", work.branch)
        self.work = work

    def _merge(self, side: Work, base: Work) -> None:
        """Merge a branch into main: its lock as the project's .gitattributes says, the rest as the author decides."""
        self._note("merges")
        self._git("merge", "-q", "--no-ff", "--no-commit", side.branch, may_fail=True)
        sides = [(w.deck, w.files, dict.fromkeys(w.elsewhere), w.gone) for w in (base, self.main, side)]
        deck, files, elsewhere, gone = (merged(self.chance, *parts) for parts in zip(*sides, strict=True))
        main = self.main
        main.deck, main.files, main.elsewhere, main.gone = deck, files, set(elsewhere), gone
        main.after |= side.after
        mend(main, self.chance)
        self._write()
        self._git("add", "-A")
        self._git("commit", "-q", "--allow-empty", "-m", f"Merge {side.branch}")
        self._git("branch", "-q", "-D", side.branch)
        self._in_git_alone = True

    def _begin_hotfix(self) -> None:
        """Build an old release again with a corrected word, and continue with main."""
        past = self.chance.choice(self._past[:-2])
        self._note("author: hotfix of an old release")
        self.work = past.fork(f"hotfix-{len(self.issues)}")
        self._git("switch", "-q", "-c", self.work.branch, past.branch)
        self.edit()
        self.hotfix = (self.work, past)

    def _end_hotfix(self, now: int, told: bool) -> Any:
        """Build again with the package of an unmerged hotfix, if a build reports it."""
        assert self.hotfix
        (fix, _), self.hotfix = self.hotfix, None
        assert fix.last
        self.work.after |= fix.after
        if not told:
            return None
        self._note("author: recover from the package of a hotfix")
        built, codes = self.author.build(now, retire=True, recover=fix.last.package)
        assert built, codes
        assert "newer-elsewhere" not in codes
        return built

    def _lose_the_lock(self, now: int) -> Path | None:
        """Delete the lock. The build reports it; restore it from git or from the last package."""
        lock = self.author.folder / "deck.lock"
        lock.unlink()
        self._note("author: lose the lock")
        self._write()
        built, codes = self.author.build(now)
        assert built is None
        assert "lost-lock" in codes, codes
        if self._in_git_alone or self.chance.random() < 0.5:
            self._git("checkout", "-q", "HEAD", "--", str(lock))
            return None
        assert self.work.last
        self.forgotten |= self.history.keys() - self.work.last.notes.keys()
        return self.work.last.package

    def _restore_lines(self) -> None:
        """Append the lines of an earlier lock to this one, as the message says."""
        (hint,) = (found.hint for found in self.author.findings.diagnostics if found.code == "lost-notes")
        command = (hint or "").split("`")[1]
        self._note("author: restore lines of the lock")
        subprocess.run(command, shell=True, cwd=self.author.folder, check=True)

    # Changes

    def _word(self) -> str:
        self._counter += 1
        return "".join(self.chance.choices("abcdefghijklmnopqrstuvwxyz", k=10)) + str(self._counter)

    def _some_cause(self) -> str:
        return self.chance.choice(list(self.causes))

    def edit(self) -> None:
        self.causes[self._some_cause()]["mechanism"] = f"It works by {self._word()}"

    def insert(self) -> None:
        if len(self.causes) >= MOST:
            return
        entry = {
            "cause": self._word().title(),
            "category": self._category(),
            "mechanism": f"It works by {self._word()} and {self._word()}",
            WHO: self._word(),
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
        cause = self.causes[old]
        self._replace(old, new, {**cause, "was": [old, *cause.get("was", [])]})
        if old in self._untold:
            self._untold[new] = self._untold.pop(old)

    def rename_without_was(self) -> None:
        old, new = self._some_cause(), self._word()
        self._untold[new] = self._untold.pop(old, (old, self.causes[old][WHO]))
        self._replace(old, new, {**self.causes[old], WHO: self._word()})

    def _replace(self, old: str, new: str, entry: dict[str, Any]) -> None:
        self.deck["causes"] = {
            new if key == old else key: entry if key == old else cause for key, cause in self.causes.items()
        }

    def retire(self) -> None:
        if len(self.causes) > FEWEST:
            key = self._some_cause()
            self.work.gone[key] = self.causes.pop(key)

    def bring_back(self) -> None:
        if self.work.gone:
            key = self.chance.choice(list(self.work.gone))
            self.causes[key] = {**self.work.gone.pop(key), "category": self._category()}

    def tag(self) -> None:
        self.causes[self._some_cause()]["tags"] = [self._word()]

    def fill_or_empty_a_clue(self) -> None:
        cause = self.causes[self._some_cause()]
        if not cause.pop("clue", None):
            cause["clue"] = f"Look for {self._word()}"

    def change_the_dose(self) -> None:
        self.causes[self._some_cause()]["dose"] = self._word()

    def change_a_picture(self) -> None:
        self.work.files["media/map.svg"] = f'<svg xmlns="http://www.w3.org/2000/svg" id="{self._word()}"/>'
        self.causes[self._some_cause()]["image"] = {"file": "map.svg", "alt": "A map"}

    def move_in_the_tree(self) -> None:
        self.causes[self._some_cause()]["category"] = self._category()

    def move_to_another_file(self) -> None:
        self.work.elsewhere ^= {self._some_cause()}

    def change_the_list(self) -> None:
        categories = list(self.deck["categories"].items())
        if len(categories) < 6 and self.chance.random() < 0.4:
            categories.append((self._word(), {"name": self._word().title()}))
        self.chance.shuffle(categories)
        used = {cause["category"].split("/")[0] for cause in self._everyone}
        unused = [key for key, _ in categories if key not in used]
        if unused and len(categories) > 3 and self.chance.random() < 0.4:
            categories = [(key, name) for key, name in categories if key != unused[0]]
        self.deck["categories"] = dict(categories)

    def name_a_category(self) -> None:
        self.deck["categories"][self.chance.choice(list(self.deck["categories"]))]["name"] = self._word().title()

    def move_a_branch(self) -> None:
        """Move a top category below another, or one from below to the top, with its causes."""
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
        for cause in self._everyone:
            if cause["category"] == old:
                cause["category"] = new

    @property
    def _everyone(self) -> list[dict[str, Any]]:
        return [*self.causes.values(), *self.work.gone.values()]

    def change_the_css(self) -> None:
        self._counter += 1
        file = self.chance.choice((NOTE_TYPE, "../../templates/notetypes/list/")) + "style.css"
        self.work.files[file] = f".card {{ width: {self._counter}px }}"

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
        self.work.files |= {
            NOTE_TYPE + "notetype.yaml": with_another(schema, "key", "depends"),
            NOTE_TYPE + "depends.html": DEPENDS,
        }
        self._note("author: use a spare card template")

    def _category(self) -> str:
        return self.chance.choice(self.work.leaves)

    CHANGES: tuple[Callable[["BusyAuthor"], None], ...] = (
        edit, edit, edit, insert, reorder, rename, retire, bring_back, tag, fill_or_empty_a_clue, change_the_dose,
        change_a_picture, move_in_the_tree, move_to_another_file, change_the_list, change_the_css,
        change_the_description, name_a_category, move_a_branch, restyle, reword_a_phrase, change_the_language,
        switch_a_kind, switch_a_kind, ask_a_question, mark_an_example, rename_without_was,
    )  # fmt: skip


def merged(chance: random.Random, base: Any, ours: Any, theirs: Any) -> Any:
    """Merge two sides: a change of one side counts, and of two changes one by chance."""
    if theirs in (ours, base):
        return ours
    if ours == base:
        return theirs
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return chance.choice((ours, theirs))
    former = base if isinstance(base, dict) else {}
    both = {key: merged(chance, *(side.get(key) for side in (former, ours, theirs))) for key in {**ours, **theirs}}
    return {key: value for key, value in both.items() if value is not None}


def mend(work: Work, chance: random.Random) -> None:
    """Repair what a textual merge leaves wrong: an entry twice, categories gone or claimed twice."""
    names = list(work.causes)
    chance.shuffle(names)
    entries = [(work.causes, key) for key in names] + [(work.gone, key) for key in work.gone]
    known: set[str] = set()
    for place, key in entries:
        claims = {key, place[key][WHO], place[key]["cause"], *place[key].get("was", ())}
        if known & claims - {former for former in claims if former in work.causes and former != key}:
            del place[key]
        known |= claims
    for cause in work.causes.values():
        if "was" in cause:
            cause["was"] = [former for former in cause["was"] if former not in work.causes]
    for branch in work.deck["categories"].values():
        if not branch.get("children", True):
            del branch["children"]
    paths, claimed = set(dict(_branches(work.deck["categories"]))), set[str]()
    for _, branch in _branches(work.deck["categories"]):
        if branch.get("was") in paths | claimed:
            del branch["was"]
        claimed.add(branch.get("was", ""))
    leaves = work.leaves
    for cause in work.causes.values():
        if cause["category"] not in leaves:
            cause["category"] = chance.choice(leaves)


def _branches(tree: dict[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for key, branch in tree.items():
        yield above + key, branch
        yield from _branches(branch.get("children", {}), f"{above}{key}/")
