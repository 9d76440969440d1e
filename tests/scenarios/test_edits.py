"""The first measure of the project: an edit overwrites the notes whose own words it changes, and not one more.

`pytest -s tests/scenarios/test_edits.py` prints the table. In each play the learner has release 1, answers cards, then
edits and tags every note; release 2 comes later and brings one edit.
"""

import copy
import json
import sys
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from edits import (
    EVERYWHERE,
    Deck,
    Edit,
    at,
    both,
    either,
    holding,
    keyed,
    naming,
    naming_all,
    nobody,
    only,
    retitle,
    swap_key,
    under,
)  # fmt: skip
from players import DAY, Author, Learner
from ryaml import loads

from generator.resources import bundled

START = 1_700_000_000
SOURCES = [
    {"id": "river2020", "type": "book", "title": "Levees and dams", "issued": {"date-parts": [[2020]]}},
    {"id": "rain2021", "type": "book", "title": "Rain over hills", "issued": {"date-parts": [[2021]]}},
]
OWN: dict[str, Any] = {
    "id": "flood-1",
    "deck": "Geography::Flooding",
    "version": "1",
    "finding": {"name": "Inundation", "effect": "put a town under water", "listed": True},
    "cards": {"add": ["blanks", "category", "dose", "onset", "facet", "hallmark", "common", "tree", "steps",
                      "misconception"]},
    "categories": {
        "sky": {"name": "Weather", "listed": True, "children": {
            "front": {"name": "Long fronts", "definition": "Water comes for days"},
            "storm": {"name": "Short storms", "definition": "Water comes within the hour",
                      "hallmark": {"is": "The sky tells it", "from": ["front"]}},
        }},
        "ground": {"name": "Rivers", "hallmark": "The gauge upstream tells it", "children": {
            "banks": {"name": "Weak banks", "definition": "Something gives way"},
            "bed": {"name": "Full beds"},
        }},
        "works": {"name": "Waterworks", "definition": "People built it",
                  "versus": {"ground": {"on": "maker", "here": "People", "there": "Nature"}}},
    },
    "facets": {
        "speed": {"name": "Speed", "ask": "How fast does it rise?", "values": {"slow": "Sluggish", "fast": "Sudden"}},
        "season": {"name": "Season", "values": {"spring": "At thaw", "autumn": "At leaf fall"}},
    },
    "questions": {
        "levee": {"ask": "Which bank is the higher one?", "answer": "The outer one", "because": "Silt [@rain2021]"},
    },
    "causes": {
        "warm-front": {"cause": "Stalled front", "category": "sky/front", "mechanism": "Clouds stay where they are",
                       "clue": "Three grey days, then **wet cellars**", "facets": {"speed": "slow"}},
        "occlusion": {"cause": "Occluded low", "category": "sky/front", "mechanism": "Two fronts meet over a valley",
                      "facets": {"speed": "fast"}},
        "monsoon": {"cause": "Monsoon", "category": "sky/front", "mechanism": "Sea air climbs the land all summer",
                    "time-course": {"onset": "In June [@rain2021]"}, "facets": {"speed": "slow"}},
        "cloudburst": {"cause": "Cloudburst", "category": "sky/storm", "mechanism": {
            "summary": "A tall cloud empties at once", "steps": ["Air rises", "Drops grow", "The updraft ends"]},
            "examples": [{"name": "Braunsbach 2016", "classic": True}], "facets": {"speed": "fast"},
            "versus": {"monsoon": {"on": "length", "here": "An hour", "there": "A summer"}}},
        "squall": {"cause": "Squall line", "category": "sky/storm", "mechanism": "Cells pass one after another",
                   "dose": "The number of cells", "facets": {"speed": "slow"}},
        "breach": {"cause": "Dyke breach", "category": "ground/banks",
                   "mechanism": "Seepage loosens the foot [@river2020]",
                   "clue": "A **wet spot behind the dyke** the day before", "pearl": "Walk the dyke [@river2020, p. 3]",
                   "questions": {"boil": {"ask": "What is a sand boil a sign of?", "answer": "Seepage [@river2020]"}}},
        "burrow": {"cause": "Burrowing animals", "category": "ground/banks", "mechanism": "Tunnels let water through"},
        "scour": {"cause": "Scour", "category": "ground/banks", "mechanism": "Current takes the toe of the bank"},
        "silt": {"cause": "Silting", "category": "ground/bed", "mechanism": "A raised bed holds less",
                 "correction": "E1", "facets": {"season": "autumn"}},
        "ice": {"cause": "Ice jam", "category": "ground/bed", "mechanism": "Floes dam the narrows",
                "time-course": {"onset": "At the thaw"}, "facets": {"season": "spring", "speed": "fast"}},
        "release": {"cause": "Dam release", "category": "works", "mechanism": "Gates open too late",
                    "versus": {"failure": {"on": "the wall", "here": "Stands", "there": "Falls"}}},
        "failure": {"cause": "Wall failure", "category": "works", "mechanism": "Pore pressure lifts the wall"},
    },
}  # fmt: skip
SYLLABUS = {"corrections": {"E1": {"says": "Beds only sink", "correct": "Beds rise as well", "common": True}}}


def own_deck() -> Deck:
    """Twelve entries with every kind of card."""
    return Deck(copy.deepcopy(OWN), copy.deepcopy(SOURCES), {"syllabus.yaml": json.dumps(SYLLABUS)})


def outage() -> Deck:
    """The shipped deck, with its entries in one file."""
    folder = bundled("decks") / "outage"
    settings = loads((folder / "deck.yaml").read_text("utf-8"))
    for part in sorted((folder / "causes").glob("*.yaml")):
        for key, entries in loads(part.read_text("utf-8")).items():
            settings.setdefault(key, {}).update(entries)
    files: dict[str, str | bytes] = {f"media/{file.name}": file.read_bytes() for file in (folder / "media").iterdir()}
    files["syllabus.yaml"] = (folder / "syllabus.yaml").read_bytes()
    return Deck(settings, loads((folder / "sources.yaml").read_text("utf-8"))["references"], files)


NEW = {"cause": "Beaver pond", "category": "works", "mechanism": "Branches hold a brook back until they do not"}
MOVED = both(
    lambda deck: deck.settings["categories"]["works"].update(
        children={"banks": {**deck.settings["categories"]["ground"]["children"].pop("banks"), "was": "ground/banks"},
                  "gates": {"name": "Gates"}}
    ),
    *(at("causes", key, "category", to="works/banks") for key in ("breach", "burrow", "scour")),
    *(at("causes", key, "category", to="works/gates") for key in ("release", "failure")),
)  # fmt: skip
TOPS = ("Weather", "Rivers", "Waterworks")

OWN_EDITS: tuple[tuple[int, Edit], ...] = (
    (1, Edit("a word of an entry", at("causes", "ice", "mechanism", to="Floes block it"), holding("Floes dam"))),
    (1, Edit("a word of a question", at("questions", "levee", "answer", to="The inner one"), holding("The outer one"))),
    (3, Edit("a cause's name", at("causes", "release", "cause", to="Gate release"), holding("Dam release"))),
    (2, Edit("an entry's tag", at("causes", "scour", "tags", to=["core"]), keyed("scour"))),
    (8, Edit("a leaf category's name", at("categories", "ground", "children", "banks", "name", to="Soft banks"),
             naming("Weak banks"))),
    (10, Edit("a top category's name", at("categories", "ground", "name", to="Streams"), naming("Rivers"))),
    (3, Edit("a new top category", both(at("categories", "sea", to={"name": "Sea"}), at("causes", "surge", to={
        "cause": "Storm surge", "category": "sea", "mechanism": "Wind piles the water up"})), naming_all(*TOPS))),
    (1, Edit("a new category below", both(at("categories", "ground", "children", "mouth", to={"name": "Mouths"}),
        at("causes", "bar", to={"cause": "Sand bar", "category": "ground/mouth", "mechanism": "Sand shuts the mouth"})),
        naming_all(*TOPS, "Weak banks"))),
    (14, Edit("a moved branch", MOVED, either(under("flooding::ground::banks"), keyed("release"), keyed("failure"),
                                             naming_all(*TOPS, "Weak banks")))),
    (0, Edit("a new entry", at("causes", "beaver", to=NEW), nobody)),
    (1, Edit("a retired entry", lambda deck: deck.settings["causes"].pop("scour"), only("/ground/banks/common"))),
    (2, Edit("a source's title", retitle("river2020"), holding("Levees and dams"))),
    (0, Edit("a facet's name", at("facets", "speed", "name", to="Pace"), nobody)),
    (0, Edit("a facet's question", at("facets", "speed", "ask", to="At what pace does it rise?"), nobody)),
    (6, Edit("a facet value's name", at("facets", "speed", "values", "fast", to="Rapid"), holding("Sudden"))),
    (3, Edit("the finding's name", at("finding", "name", to="Flood"), holding("Inundation"))),
    (4, Edit("an entry's key", swap_key("ice", "floes"), keyed("ice"))),
    *((0, edit) for edit in EVERYWHERE),
)  # fmt: skip
"""Edits of the deck above, each with the number of notes that hold the words it changes, counted by hand."""

INFRASTRUCTURE = tuple(
    cause["cause"] for cause in outage().settings["causes"].values() if cause["category"] == "infrastructure"
)
"""The members of a branch of the shipped deck; only a list that asks for them would hold them all."""
OUTAGE_EDITS: tuple[Edit, ...] = (
    Edit("a top category's name", at("categories", "limit", "name", to="Quota"), naming("Exhausted limit")),
    Edit("a new entry", at("causes", "sun-flare", to={"cause": "Solar flare", "category": "infrastructure",
         "mechanism": "Currents in long lines trip transformers"}), naming_all(*INFRASTRUCTURE)),
    Edit("a facet's name", at("facets", "onset", "name", to="Beginning"), nobody),
    Edit("the finding's name", at("finding", "name", to="Downtime"), naming("Web service outage")),
    *EVERYWHERE,
)  # fmt: skip


class Stage:
    """An author's project and a learner's collection after release 1, from which each play starts anew."""

    def __init__(self, folder: Path, deck: Deck) -> None:
        self.folder, self.deck = folder, deck
        author, learner = self.open()
        publish(author, deck, START)
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


@pytest.fixture(scope="module")
def stages(tmp_path_factory):
    """The stage of each deck, built once."""
    made: dict[str, Stage] = {}

    def get(name: str, deck) -> Stage:
        if name not in made:
            made[name] = Stage(tmp_path_factory.mktemp(name), deck())
        return made[name]

    return get


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
    sys.stdout.write(f"\n{name:<36} {held:>4} notes hold the words, {overwritten:>4} of {notes} overwritten")


@pytest.mark.parametrize(("count", "edit"), OWN_EDITS, ids=[edit.name for _, edit in OWN_EDITS])
def test_an_edit_overwrites_the_notes_that_hold_its_words(stages, tmp_path, count, edit):
    held, overwritten, notes = play(stages("own", own_deck).again(tmp_path / "play"), edit)
    show(edit.name, held, overwritten, notes)
    assert held == count


@pytest.mark.parametrize("edit", OUTAGE_EDITS, ids=[edit.name for edit in OUTAGE_EDITS])
def test_an_edit_of_a_shipped_deck_overwrites_the_notes_that_hold_its_words(stages, tmp_path, edit):
    held, overwritten, notes = play(stages("outage", outage).again(tmp_path / "play"), edit)
    show(f"outage: {edit.name}", held, overwritten, notes)
