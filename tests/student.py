"""A learner's collection, under the installed Anki or, in a process of its own, under any release since 2.1.66.

All that goes in and comes out is plain data, so that it is the same for both. Run as a program with `PYTHONPATH` at
another release, it takes calls from its input, one a line: `["answer", [12, 1700000000]]`.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anki.collection as anki_collection
from anki import buildinfo
from anki.collection import Collection

DAY = 86_400
_TIMES = {"notes": "mod", "notetypes": "mtime_secs"}
Row = list[Any]


class Student:
    """Deeds are dated `at`, in seconds since 1970, whatever the machine's clock says."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.collection = Collection(file)

    def close(self) -> None:
        self.collection.close()

    def release(self) -> str:
        """The release of Anki."""
        return buildinfo.version

    def rows(self, table: str) -> list[Row]:
        """Every column of every row of `notes` or `cards`; the first is the id."""
        return [list(row) for row in self.collection.db.all(f"select * from {table} order by id")]

    def everything(self) -> str:
        """A digest of all that an import could touch of a learner's work."""
        tables = ("notes", "cards", "revlog", "notetypes", "fields", "templates", "graves")
        rows = [self.collection.db.all(f"select * from {table}") for table in tables]
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def looks(self) -> list[Row]:
        """Id, time, css and templates, with their names, of each note type of the deck."""
        self.collection.models._clear_cache()
        return [
            [nt["id"], nt["mod"], [nt["css"], *(t[part] for t in nt["tmpls"] for part in ("name", "qfmt", "afmt"))]]
            for nt in self.collection.models.all()
            if " · " in nt["name"]
        ]

    @contextmanager
    def doing(self, at: int) -> Iterator[None]:
        """Give all actions inside the time `at`."""
        before = {table: self._times(table) for table in _TIMES}
        yield
        for table, column in _TIMES.items():
            changed = [(at, id_) for id_, mod in self._times(table).items() if before[table].get(id_, mod) != mod]
            self.collection.db.executemany(f"update {table} set {column} = ? where id = ?", changed)
        self.collection.models._clear_cache()

    def _times(self, table: str) -> dict[int, int]:
        return dict(self.collection.db.all(f"select id, {_TIMES[table]} from {table}"))

    def wake(self, days: int) -> None:
        """Let days go by: what Anki counts from the day of the collection's making moves on."""
        self.collection.db.execute("update col set crt = crt - ?", days * DAY)
        self.collection.db.execute("update cards set due = due - ? where queue = 1", days * DAY)
        self.collection.close()
        self.collection = Collection(self.file)

    def answer(self, count: int, at: int) -> int:
        """Answer up to `count` due cards, in any deck."""
        done = 0
        with self.doing(at):
            for deck in self.collection.db.list("select distinct did from cards where queue >= 0 order by did"):
                self.collection.decks.select(deck)
                while done < count and (card := self.collection.sched.getCard()):
                    self.collection.sched.answerCard(card, 3 if done % 4 else 1)
                    done += 1
        return done

    def edit(self, id_: Any, at: int, number: int) -> None:
        """Write into a field that says something."""
        with self.doing(at):
            note = self.collection.get_note(id_)
            filled = [name for name, text in note.items() if name != "Key" and len(text) > 1]
            note[filled[number % len(filled)]] += f" mine {at}"
            self.collection.update_note(note)

    def fill(self, id_: Any, at: int, number: int) -> None:
        """Write into a field that is empty."""
        with self.doing(at):
            note = self.collection.get_note(id_)
            empty = [name for name, text in note.items() if not text]
            note[empty[number % len(empty)]] = f"mine {at}"
            self.collection.update_note(note)

    def tag(self, id_: Any, at: int, number: int) -> None:
        with self.doing(at):
            self.collection.tags.bulk_add([id_], f"mine{number % 3}")

    def flag(self, id_: Any, at: int, number: int) -> None:
        self.collection.set_user_flag_for_cards(1 + number % 7, self._cards(id_))

    def suspend(self, id_: Any, at: int, number: int) -> None:
        self.collection.sched.suspend_cards(self._cards(id_)[:1])

    def move(self, id_: Any, at: int, number: int) -> None:
        self.collection.set_deck(self._cards(id_), self.collection.decks.id("Mine"))

    def delete(self, id_: Any, at: int, number: int) -> None:
        if number % 3 == 0:
            self.collection.remove_notes([id_])

    def restyle(self, id_: Any, at: int, number: int) -> None:
        with self.doing(at):
            note_type = self.collection.get_note(id_).note_type()
            note_type["css"] += f"\n/* mine {at} */"
            self.collection.models.update_dict(note_type)

    def _cards(self, id_: Any) -> list[Any]:
        return [card.id for card in self.collection.get_note(id_).cards()]

    def take(self, package: str, at: int) -> list[int]:
        """Import with the dialog's own choices; return how many were new, updated, same, conflicting.

        What Anki dates by the time of the import is dated `at`.
        """
        begun = int(time.time())
        log = self._import(package).log
        for table, column in _TIMES.items():
            self.collection.db.execute(f"update {table} set {column} = ? where {column} >= ?", at, begun)
        self.collection.models._clear_cache()
        return [len(found) for found in (log.new, log.updated, log.duplicate, log.conflicting)]

    def _import(self, package: str) -> Any:
        if not hasattr(anki_collection, "ImportAnkiPackageRequest"):
            return self.collection.import_anki_package(package)  # 2.1.66 takes no options
        return self.collection.import_anki_package(anki_collection.ImportAnkiPackageRequest(package_path=package))

    def check_database(self, at: int) -> str:
        """What Anki's own check of the database says that it did.

        It mends fields that came from a release which did not know their tags, and dates their note type.
        """
        with self.doing(at):
            return str(self.collection.fix_integrity()[0])


class Elsewhere:
    """A student in a process of its own, under the release of Anki that stands in a folder."""

    def __init__(self, library: Path, file: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, file], env={**os.environ, "PYTHONPATH": str(library)}, text=True,
            encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self._call(name, arguments)

    def _call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([name, arguments]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._call("close", ())
        self._process.communicate()


def main() -> None:
    """Play a student on order."""
    student, answers = Student(sys.argv[1]), os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Anki prints what it finds slow
    for line in sys.stdin:
        name, arguments = json.loads(line)
        answers.write(json.dumps(getattr(student, name)(*arguments)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
