"""Measure the speed and size of Aetia against budgets, as ratios within one run.

    .venv/bin/python -m tests.benchmarks                            everything; some minutes
    .venv/bin/python -m tests.benchmarks --only start shipped       some parts
    .venv/bin/python -m tests.benchmarks --entries 2000 --growth 500 1000 2000     smaller decks

Decks are made up (decks.py), commands run in processes of their own (cost.py), and the yardstick is a plain script
that makes much the same cards (plain.py). What counts is seconds of processor, the least of some runs, since other work
on the machine disturbs them least; nothing here uses more than one processor. Ends with 1 if a budget is missed.
"""

import argparse
import json
import os
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from math import inf
from pathlib import Path

import genanki

from tests.benchmarks.cost import AETIA, Cost, Line, measure
from tests.benchmarks.decks import size_of, write_deck
from tests.benchmarks.phases import phases
from tests.benchmarks.preview import look
from tests.benchmarks.sheets import measure_sheets
from tests.browser import CHROMIUM

_SHIPPED = Path(__file__).parents[2] / "decks" / "leukopenia"


class Bench:
    """The measurements, in a folder that is thrown away."""

    def __init__(self, folder: Path, entries: int, growth: list[int]) -> None:
        self._folder, self._entries, self._growth = folder, entries, growth

    def start(self) -> Iterator[Line]:
        """Help and completion, beside a Python that does nothing."""
        bare = measure(sys.executable, "-c", "pass", runs=10)
        help_ = measure(AETIA, "--help", runs=10)
        said = f"{_seconds(help_)} / {_seconds(bare)}"
        yield Line("aetia --help / bare Python", said, help_.processor / bare.processor, 6, goal=4)
        os.environ |= {"_AETIA_COMPLETE": "bash_complete", "COMP_WORDS": "aetia build leu", "COMP_CWORD": "2"}
        tab = measure(AETIA, runs=10)
        del os.environ["_AETIA_COMPLETE"]
        yield Line("Tab after `aetia build leu`", _seconds(tab), tab.processor, 0.12, "s")

    def shipped(self) -> Iterator[Line]:
        """The flagship deck from nothing, and again with nothing changed."""
        deck, package = self._copy(_SHIPPED), self._folder / "leukopenia.apkg"
        first = self._build(deck, package, runs=5)
        again = measure(AETIA, "build", deck, "-o", package, runs=5)
        yield Line("leukopenia, first build", _seconds(first), first.processor, 0.35, "s", goal=0.25)
        yield Line("leukopenia, nothing changed", _seconds(again), again.processor, 0.3, "s")
        pdf = self._folder / "leukopenia.pdf"
        sheets = measure(AETIA, "print", deck, "-o", pdf, runs=3)
        yield Line("leukopenia's sheets", _seconds(sheets), sheets.processor, 1, "s", goal=0.7)

    def long(self) -> Iterator[Line]:
        """A large deck: build against the plain script, check and an edit against build, package against genanki's."""
        deck, package = self._deck(self._entries), self._folder / "long.apkg"
        build = self._build(deck, package, runs=2)
        yield self._against_plain(deck, package, build, 0.5, 0.3)
        yield Line("memory of it", f"{build.memory:.0f} MB", build.memory, 200, "MB", goal=150)
        ours, theirs = package.stat().st_size, self._genanki(package)
        yield Line("package / genanki's own", f"{ours / 1e6:.1f} MB / {theirs / 1e6:.1f} MB", ours / theirs, 0.3)
        check = measure(AETIA, "check", deck, "--format", "concise", runs=2)
        said = f"{_seconds(check)} / {_seconds(build)}"
        yield Line("check with all lints / build", said, check.processor / build.processor, 1.5, goal=1.2)
        edit = measure(AETIA, "build", deck, "-o", package, runs=2, before=lambda: _edit(deck))
        said = f"{_seconds(edit)} / {_seconds(build)}"
        yield Line("one entry edited / the whole build", said, edit.processor / build.processor, 0.3, goal=0.1)

    def kinds(self) -> Iterator[Line]:
        """The same with every kind of card, a card against a card of the plain script."""
        deck = write_deck(self._folder / "kinds", self._entries, every_kind=True)
        package = self._folder / "kinds.apkg"
        yield self._against_plain(deck, package, self._build(deck, package, runs=2), 0.6, 0.4)

    def phases(self) -> Iterator[Line]:
        """Where the time of a large build goes, and that of the shipped deck."""
        for said, deck in (
            (f"{self._entries} entries", self._deck(self._entries)),
            ("leukopenia", self._copy(_SHIPPED)),
        ):
            (deck / "deck.lock").unlink(missing_ok=True)
            spent = phases(deck, self._folder / "phases" / f"{deck.name}.apkg")
            for name, seconds in spent.items():
                share = f"{seconds / sum(spent.values()):.0%} of the build"
                yield Line(f"{said}: {name}", share, seconds, inf, "s")

    def _against_plain(self, deck: Path, package: Path, build: Cost, budget: float, goal: float) -> Line:
        plain = self._folder / "plain.apkg"
        script = measure(sys.executable, "-m", "tests.benchmarks.plain", deck, plain, runs=2)
        cards, plain_cards = _count_cards(package), _count_cards(plain)
        said = f"{self._entries} entries, {size_of(deck) / 1e6:.1f} MB: {cards} cards / plain script, {plain_cards}"
        value = build.processor / cards / (script.processor / plain_cards)
        return Line(said, f"{_seconds(build)} / {_seconds(script)}", value, budget, goal=goal)

    def growth(self) -> Iterator[Line]:
        """Decks of growing size; time and memory for each entry may not grow."""
        costs = [(n, self._build(self._deck(n), self._folder / "growth.apkg")) for n in self._growth]
        for (small, before), (large, after) in pairwise(costs):
            times, said = large / small, f"{small} to {large} entries, for each entry"
            time = after.processor / before.processor / times
            yield Line(f"time, {said}", f"{_seconds(before)} to {_seconds(after)}", time, 1.1, goal=1)
            memory = after.memory / before.memory / times
            yield Line(f"memory, {said}", f"{before.memory:.0f} MB to {after.memory:.0f} MB", memory, 1.1, goal=1)

    def preview(self) -> Iterator[Line]:
        """A deck of 5,000 cards in a browser; without a browser nothing is measured."""
        if CHROMIUM is None:
            return
        seen = look(self._deck(1_780), runs=3)
        said = f"preview of {seen.cards} cards"
        yield Line(f"{said}: first card seen", f"{seen.first:.2f} s", seen.first, 1, "s")
        yield Line(
            f"{said}: from a save to its card",
            f"{seen.edit:.2f} s, processor {seen.edit_processor:.2f} s",
            seen.edit_processor,
            1,
            "s",
        )
        yield Line(f"{said}: longest frame while scrolling", f"{seen.frame * 1000:.0f} ms", seen.frame, 0.1, "s")
        yield Line(f"{said}: most cards in the page at a time", str(seen.most), seen.most / seen.cards, 0.02)

    def sheets(self) -> Iterator[Line]:
        """Card sheets as PDF, and a second engine beside it."""
        yield from measure_sheets((400, 2_000, 10_000), beside=400)

    def _build(self, deck: Path, package: Path, runs: int = 1) -> Cost:
        """A first build: there is no lock and no package."""

        def forget() -> None:
            (deck / "deck.lock").unlink(missing_ok=True)
            package.unlink(missing_ok=True)

        return measure(AETIA, "build", deck, "-o", package, runs=runs, before=forget)

    def _deck(self, entries: int) -> Path:
        folder = self._folder / str(entries)
        return folder if folder.exists() else write_deck(folder, entries)

    def _copy(self, deck: Path) -> Path:
        copy = self._folder / deck.name
        for file in deck.rglob("*"):
            if file.is_file() and file.name != "deck.lock":
                target = copy / file.relative_to(deck)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
        return copy

    def _genanki(self, package: Path) -> int:
        """The size of the package that genanki itself writes from the same notes."""
        database = self._folder / "collection.anki2"
        with zipfile.ZipFile(package) as archive:
            database.write_bytes(archive.read("collection.anki2"))
        connection = sqlite3.connect(database)
        ((models, decks),) = connection.execute("select models, decks from col")
        types = {
            int(id_): genanki.Model(
                int(id_), m["name"], m["flds"], [{k: t[k] for k in ("name", "qfmt", "afmt")} for t in m["tmpls"]],
                css=m["css"], model_type=m["type"], sort_field_index=m["sortf"],
            )
            for id_, m in json.loads(models).items()
        }  # fmt: skip
        for id_, m in json.loads(models).items():
            vars(types[int(id_)])["_req"] = m[
                "req"
            ]  # genanki cannot tell which fields a card of several sections needs
        deck = genanki.Deck(1_500_000_003, max((d["name"] for d in json.loads(decks).values()), key=len))
        for guid, type_, fields, tags in connection.execute("select guid, mid, flds, tags from notes"):
            deck.add_note(genanki.Note(types[type_], fields.split("\x1f"), guid=guid, tags=tags.split()))
        connection.close()
        file = self._folder / "genanki.apkg"
        genanki.Package(deck).write_to_file(file)
        return file.stat().st_size


def _count_cards(package: Path) -> int:
    with zipfile.ZipFile(package) as archive, tempfile.NamedTemporaryFile() as file:
        file.write(archive.read("collection.anki2"))
        file.flush()
        connection = sqlite3.connect(file.name)
        ((count,),) = connection.execute("select count(*) from cards")
        connection.close()
    return int(count)


def _edit(deck: Path) -> None:
    """Change a word in the first entry."""
    file = min((deck / "causes").iterdir())
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("    cause: ", "    cause: Z", 1), encoding="utf-8")


def _seconds(cost: Cost) -> str:
    return f"{cost.processor:.{1 if cost.processor > 1 else 2}f} s"


def main() -> int:
    """Measure and print the table."""
    parts = ("start", "shipped", "long", "kinds", "phases", "growth", "preview", "sheets")
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, help="the parts to measure")
    parser.add_argument("--entries", type=int, default=20_000, help="entries of the long deck")
    parser.add_argument("--growth", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="entries")
    options = parser.parse_args()
    missed = 0
    print(f"{'what':<72} {'measured':<28} {'ratio':>8} {'budget':>8} {'goal':>8}")
    with tempfile.TemporaryDirectory(prefix="aetia-benchmark-") as folder:
        bench = Bench(Path(folder), options.entries, options.growth)
        for part in options.only:
            for line in getattr(bench, part)():
                missed += line.verdict == "missed"
                value = f"{line.value:.2f} {line.unit}"
                budget, goal = (f"{limit:g} {line.unit}" if limit < inf else "" for limit in (line.budget, line.goal))
                said = f"{line.what:<72} {line.measured:<28} {value:>8} {budget:>8} {goal:>8}"
                print(f"{said}  {line.verdict}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
