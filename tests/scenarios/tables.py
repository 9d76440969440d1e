"""The edits of three decks: one of a student's 31 entries, the large shipped one and a small one."""

from collections.abc import Callable
from pathlib import Path

from edits import (
    EVERYWHERE,
    Deck,
    Edit,
    at,
    both,
    but,
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
from measure import load, shipped

BREAD = load(Path(__file__).parent / "bread")
LEUKOPENIA = shipped("leukopenia")
OUTAGE = shipped("outage")


def tops(deck: Deck) -> tuple[str, ...]:
    """The names of the categories at the top, as lists of them hold them."""
    return tuple(category["name"] for category in deck.settings["categories"].values())


def members(deck: Deck, category: str) -> tuple[str, ...]:
    """The names of the causes of a category."""
    return tuple(cause["cause"] for cause in deck.settings["causes"].values() if cause["category"] == category)


def raise_branch(old: str, new: str) -> Callable[[Deck], object]:
    """Put a branch at the top of the tree, with its causes."""
    *above, key = old.split("/")

    def change(deck: Deck) -> None:
        place = deck.settings["categories"]
        for step in above:
            place = place[step]["children"]
        deck.settings["categories"][new] = {**place.pop(key), "was": old}
        for cause in deck.settings["causes"].values():
            if cause["category"].split("/")[: len(above) + 1] == [*above, key]:
                cause["category"] = new + cause["category"].removeprefix(old)

    return change


BREAD_EDITS: tuple[Edit, ...] = (
    Edit("a word of an entry", at("causes", "underproved", "mechanism", to="Bubbles are few when it sets"),
         holding("Few bubbles are there")),
    Edit("a word of a question", at("questions", "ready", "answer", to="The dent fills slowly"),
         holding("The dent fills slowly and not quite")),
    Edit("a cause's name", at("causes", "dead-yeast", "cause", to="Yeast past its date"), holding("Dead yeast")),
    Edit("an entry's tag", at("causes", "no-salt", "tags", to=["exam"]), keyed("no-salt")),
    Edit("an entry's key", swap_key("rye", "rye-alone"), keyed("rye")),
    Edit("a new entry", at("causes", "killer-yeast", to={"cause": "Wild killer yeast", "category": "yeast",
         "mechanism": "Its toxin kills the baker's strain"}), naming_all(*members(BREAD, "yeast"))),
    Edit("a retired entry", lambda deck: deck.settings["causes"].pop("dry-skin"),
         naming_all(*members(BREAD, "work/proving"))),
    Edit("a category's name below", at("categories", "work", "children", "proving", "name", to="Rising"),
         naming("Proving")),
    Edit("a top category's name", at("categories", "heat", "name", to="Baking"), naming("Oven at fault")),
    Edit("a new top category", both(at("categories", "weather", to={"name": "Weather"}), at("causes", "thunder", to={
        "cause": "Low air pressure", "category": "weather", "mechanism": "Gas leaves the dough sooner"})),
        naming_all(*tops(BREAD))),
    Edit("a new category below", both(at("categories", "work", "children", "tin", to={"name": "Tin"}), at("causes",
         "large-tin", to={"cause": "Tin too large", "category": "work/tin", "mechanism": "The dough runs flat"})),
         nobody),
    Edit("a moved branch", raise_branch("work/kneading", "kneading"),
         either(under("dense-bread::work::kneading"), naming("Kneading"), naming_all(*tops(BREAD)))),
    Edit("the finding's name", at("finding", "name", to="Flat bread"), naming("Dense bread")),
    *EVERYWHERE,
)  # fmt: skip

LEUKOPENIA_EDITS: tuple[Edit, ...] = (
    Edit("a word of an entry", at("causes", "lymph-loss", "mechanism", "summary", to="Lymph leaks out"),
         holding("Lymph leaks into gut")),
    Edit("a word of a question", at("causes", "clozapine", "questions", "clozapine-late", "answer", to="After years"),
         holding("At any time, even after many years")),
    Edit("a cause's name", at("causes", "lymph-loss", "cause", to="Lymph loss"), holding("Loss of lymph")),
    Edit("an entry's tag", at("causes", "lymph-loss", "tags", to=["exam"]), keyed("lymph-loss")),
    Edit("an entry's key", swap_key("lymph-loss", "lymph-leak"), keyed("lymph-loss")),
    Edit("a new entry", at("causes", "unknown-drug", to={"cause": "A drug to come", "category":
         "production/drugs/idiosyncratic", "mechanism": "Nobody knows yet"}), nobody),
    Edit("a category's name below", at("categories", "consumption", "children", "immune", "name", to="By antibodies"),
         naming("Immune destruction")),
    Edit("a top category's name", at("categories", "production", "name", to="Too little production"),
         but("class-levels", naming("Reduced or ineffective production"))),
    Edit("a new top category", both(at("categories", "laboratory", to={"name": "Laboratory"}), at("causes", "clot", to={
        "cause": "A clot in the tube", "category": "laboratory", "mechanism": "Cells stay in the clot"})),
        naming_all(*tops(LEUKOPENIA)[:-1])),  # the last is no member of the list
    Edit("a source's title", retitle("lahdelma2012"), holding(next(
        source["title"] for source in LEUKOPENIA.sources if source["id"] == "lahdelma2012"))),
    Edit("the finding's name", at("finding", "name", to="Few white cells"), only("/")),
    *EVERYWHERE,
)  # fmt: skip

OUTAGE_EDITS: tuple[Edit, ...] = (
    Edit("a top category's name", at("categories", "limit", "name", to="Quota"), naming("Exhausted limit")),
    Edit("a new entry", at("causes", "sun-flare", to={"cause": "Solar flare", "category": "infrastructure",
         "mechanism": "Currents in long lines trip transformers"}), naming_all(*members(OUTAGE, "infrastructure"))),
    Edit("a facet's name", at("facets", "onset", "name", to="Beginning"), nobody),
    Edit("the finding's name", at("finding", "name", to="Downtime"), naming("Web service outage")),
    *EVERYWHERE,
)  # fmt: skip

TABLES: dict[str, tuple[Deck, tuple[Edit, ...]]] = {
    "bread": (BREAD, BREAD_EDITS),
    "outage": (OUTAGE, OUTAGE_EDITS),
    "leukopenia": (LEUKOPENIA, LEUKOPENIA_EDITS),
}
"""The edits of each deck, by its name."""
