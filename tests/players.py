"""An author who makes releases, and a learner who imports them into the real Anki.

Time is simulated: `now` is the time of a release, `at` that of a learner's action, both in seconds since 1970.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anki.collection import Collection
from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER as IF_NEWER
from conftest import import_package

from generator.workflows.build import build_package
from generator.workflows.prepare import Findings, no_progress

DAY = 86_400


class Author:
    """A project with one deck, and all its releases."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.folder = project / "decks" / "deck"
        self._releases = 0
        self.findings = Findings((), {})

    def write(self, text: str, files: Mapping[str, str | bytes] | None = None) -> None:
        """Write deck.yaml, and further files by their path in the deck's folder."""
        for path, content in {"deck.yaml": text, **(files or {})}.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)

    def build(self, now: int, retire: bool = False, recover: Path | None = None):
        """Build a release; return what was built, or None, and the codes of what is wrong."""
        self._releases += 1
        package = self.project / f"release-{self._releases}.apkg"
        built, self.findings = build_package(self.folder, package, now, no_progress, retire, recover=recover)
        return built, [diagnostic.code for diagnostic in self.findings.diagnostics]

    def release(self, text: str, now: int, files: Mapping[str, str | bytes] | None = None) -> Path:
        """Write the deck and return its package."""
        self.write(text, files)
        built, codes = self.build(now)
        assert built is not None, codes
        return built.package


class Learner:
    """A learner's real collection. Notes are named by their key, cards by key and ordinal."""

    def __init__(self, file: Path) -> None:
        self.collection = Collection(str(file))

    def close(self) -> None:
        self.collection.close()

    def take(self, package: Path, update: int = IF_NEWER, merge: bool = False) -> tuple[int, int, int, int]:
        """Import. Return how many notes were new, updated, untouched and in conflict."""
        counts = import_package(self.collection, package, update, merge).counts
        self.collection.models._clear_cache()
        return counts

    def note(self, key: str):
        (id_,) = self.collection.find_notes(f'"Key:{key}"')
        return self.collection.get_note(id_)

    def notes(self) -> list[Any]:
        """All notes."""
        return [self.collection.get_note(id_) for id_ in self.collection.find_notes("")]

    def names(self, id_: int) -> set[str]:
        """Return the separate texts of a note: its fields, and the parts of a place, a list or a drawing."""
        note = self.collection.get_note(id_)
        drawn = [Path(self.collection.media.dir(), name).read_text() for name in self.pictures(note) if "tree" in name]
        parts = (part for text in (*note.fields, *drawn) for part in re.split(r"[›,<>]|::|}}| mine", text))
        return {part.strip() for part in parts}

    def pictures(self, note: Any) -> list[str]:
        """The names of the files that a note shows."""
        return self.collection.media.files_in_str(note.mid, "".join(note.fields))

    def cards(self, key: str) -> dict[int, object]:
        return {card.ord: card for card in self.note(key).cards()}

    def rows(self, table: str) -> dict[int, tuple[object, ...]]:
        """Return every column of every row of a table, by the row's id."""
        return {row[0]: tuple(row) for row in self.collection.db.all(f"select * from {table}")}

    def by_guid(self) -> dict[str, int]:
        """The ids of all notes by guid."""
        return dict(self.collection.db.all("select guid, id from notes"))

    def everything(self):
        """Return everything of a learner's work that an import could change."""
        return {table: self.rows(table) for table in ("notes", "cards", "revlog", "notetypes", "graves")}

    def question(self, key: str, ordinal: int) -> str:
        return self.cards(key)[ordinal].render_output(reload=True).question_text

    def note_type(self, key: str):
        return self.note(key).note_type()

    @contextmanager
    def doing(self, at: int) -> Iterator[Collection]:
        """Give all actions inside the time `at`."""
        before = {table: self.times(table) for table in ("notes", "notetypes")}
        yield self.collection
        self.collection.models._clear_cache()
        for table, column in (("notes", "mod"), ("notetypes", "mtime_secs")):
            changed = [(at, id_) for id_, time in self.times(table).items() if before[table].get(id_) != time]
            self.collection.db.executemany(f"update {table} set {column} = ? where id = ?", changed)

    def times(self, table: str = "notes") -> dict[int, int]:
        column = {"notes": "mod", "notetypes": "mtime_secs"}[table]
        return dict(self.collection.db.all(f"select id, {column} from {table}"))

    def edit(self, key: str, field: str, text: str, at: int) -> None:
        with self.doing(at) as collection:
            note = self.note(key)
            note[field] = text
            collection.update_note(note)

    def tag(self, key: str, tag: str, at: int) -> None:
        with self.doing(at) as collection:
            collection.tags.bulk_add([self.note(key).id], tag)

    def style(self, key: str, css: str, at: int) -> None:
        with self.doing(at) as collection:
            note_type = self.note_type(key)
            note_type["css"] = css
            collection.models.update_dict(note_type)

    def move(self, key: str, deck: str) -> None:
        self.collection.set_deck([card.id for card in self.note(key).cards()], self.collection.decks.id(deck))

    def decks(self, key: str) -> set[str]:
        return {self.collection.decks.name(card.did) for card in self.note(key).cards()}

    def answer(self, count: int) -> int:
        """Answer up to `count` due cards, in any deck."""
        done = 0
        for deck in self.collection.db.list("select distinct did from cards where queue >= 0 order by did"):
            self.collection.decks.select(deck)
            while done < count and (card := self.collection.sched.getCard()):
                self.collection.sched.answerCard(card, 3 if done % 4 else 1)
                done += 1
        return done

    def whole(self) -> str | None:
        """Return the complaints of Anki's own database check, if any.

        That it adds the time of a last review to cards is not a fault.
        """
        report, _ = self.collection.fix_integrity()
        assert "rebuilt and optimized" in report
        fine = ("Database rebuilt", "Added last review")
        return report if [line for line in report.splitlines() if not line.startswith(fine)] else None
