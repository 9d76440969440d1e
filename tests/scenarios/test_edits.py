"""The first measure of the project: an edit overwrites the notes whose own words it changes, and not one more.

`python -m tests.scenarios` prints the tables of whole decks. In each play the learner has release 1, answers cards,
then edits and tags every note; release 2 comes later and brings one edit.
"""

import copy
import json
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
from measure import Stage, play, show
from tables import TABLES

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


@pytest.fixture(scope="module")
def stages(tmp_path_factory):
    """The stage of each deck, built once."""
    made: dict[str, Stage] = {}

    def get(name: str, deck) -> Stage:
        if name not in made:
            made[name] = Stage(tmp_path_factory.mktemp(name), deck)
        return made[name]

    return get


@pytest.mark.parametrize(("count", "edit"), OWN_EDITS, ids=[edit.name for _, edit in OWN_EDITS])
def test_an_edit_overwrites_the_notes_that_hold_its_words(stages, tmp_path, count, edit):
    held, overwritten, notes = play(stages("own", own_deck()).again(tmp_path / "play"), edit)
    show(edit.name, held, overwritten, notes)
    assert held == count


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        pytest.param(name, edit, id=f"{name}: {edit.name}", marks=[pytest.mark.slow] if name == "leukopenia" else [])
        for name, (_, edits) in TABLES.items()
        for edit in edits
        if name != "leukopenia" or edit not in EVERYWHERE
    ],
)
def test_an_edit_of_a_whole_deck_overwrites_the_notes_that_hold_its_words(stages, tmp_path, name, edit):
    play(stages(name, TABLES[name][0]).again(tmp_path / "play"), edit)
