"""What an edit does to a learner: release 1, cards answered and every note edited, release 2 with one edit."""

import copy
import json
import sys
from pathlib import Path
from shutil import copytree

from edits import Deck, Edit
from players import DAY, Author, Learner
from ryaml import loads

from generator.resources import bundled

START = 1_700_000_000


def load(folder: Path) -> Deck:
    """A deck in a folder, with its entries in one file."""
    settings = loads((folder / "deck.yaml").read_text("utf-8"))
    for part in sorted((folder / "causes").glob("*.yaml")):
        for key, entries in loads(part.read_text("utf-8")).items():
            settings.setdefault(key, {}).update(entries)
    files: dict[str, str | bytes] = {f"media/{file.name}": file.read_bytes() for file in folder.glob("media/*")}
    files |= {file.name: file.read_bytes() for file in folder.glob("syllabus.yaml")}
    sources = folder / "sources.yaml"
    return Deck(settings, loads(sources.read_text("utf-8"))["references"] if sources.exists() else [], files)


def shipped(name: str) -> Deck:
    """A deck that comes with Aetia."""
    return load(bundled("decks") / name)


class Stage:
    """An author's project and a learner's collection after release 1, from which each play starts anew."""

    def __init__(self, folder: Path, deck: Deck) -> None:
        self.folder, self.deck = folder, copy.deepcopy(deck)
        folder.mkdir(exist_ok=True)
        author, learner = self.open()
        publish(author, self.deck, START)
        learner.take(author.project / "release-1.apkg")
        learner.answer(40)
        with learner.doing(START + DAY):
            for note in learner.notes():
                note["Header" if "Header" in note else note.keys()[0]] += " mine"
                note.tags.append("mine")
                learner.collection.update_note(note)
        learner.close()

    def open(self) -> tuple[Author, Learner]:
        return Author(self.folder / "project"), Learner(self.folder / "learner.anki2")

    def again(self, folder: Path) -> "Stage":
        """The same in a folder of its own."""
        stage = object.__new__(Stage)
        stage.folder, stage.deck = copytree(self.folder, folder), copy.deepcopy(self.deck)
        return stage


def publish(author: Author, deck: Deck, now: int):
    """Write the deck and build it."""
    author.write(json.dumps(deck.settings), {**deck.files, "sources.yaml": json.dumps({"references": deck.sources})})
    built, codes = author.build(now, retire=True)
    assert built is not None, codes
    return built


def play(stage: Stage, edit: Edit) -> tuple[int, int, int]:
    """Return how many notes hold the words, how many were overwritten, and how many there are."""
    author, learner = stage.open()
    try:
        words, before, cards = edit.words(learner), learner.rows("notes"), learner.rows("cards")
        edit.change(stage.deck)
        built = publish(author, stage.deck, START + 2 * DAY)
        assert learner.take(built.package)[3] == 0, "notes in conflict"
        after = learner.rows("notes")
        overwritten = {id_ for id_ in before if after[id_] != before[id_]}
        named = sorted(learner.collection.get_note(id_)["Key"] for id_ in overwritten ^ words)
        assert overwritten == words, f"{edit.name}: overwritten, or not, against the words: {named}"
        assert {id_: learner.rows("cards").get(id_) for id_ in cards} == cards
        notes = built.prepared.stamped.release.notes
        for note_type in notes.note_types.values():
            got = learner.collection.models.get(note_type.id)
            assert got["css"] == note_type.css
            fronts = [(template["qfmt"], template["afmt"]) for template in got["tmpls"]]
            assert fronts == [(template.front, template.back) for template in note_type.templates]
        assert learner.whole() is None
        return len(words), len(overwritten), len(before)
    finally:
        learner.close()


def show(name: str, held: int, overwritten: int, notes: int) -> None:
    """Print a row of the table."""
    sys.stdout.write(f"{name:<36} {held:>4} notes hold the words, {overwritten:>4} of {notes} overwritten\n")
    sys.stdout.flush()
