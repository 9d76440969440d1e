"""Measure printing: fit, typeset and finish 40 to 10,000 cards, and beside it the second engine on the same cards.

    .venv/bin/python -m tests.benchmarks.sheets             to 2,000 cards, WeasyPrint to 400
    .venv/bin/python -m tests.benchmarks.sheets --cards 400 2000 10000 --beside 0

Each run is a process of its own. Times are seconds of processor, which other work on the machine disturbs least, from
the made cards to the finished PDF in memory.
Ends with 1 if a budget is missed: 400 cards in 2 s, 2,000 in 6 s, 250 MB, time for each card at most 1.5 times as long
from one size to the next.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.decks import write_deck

_SECONDS = {400: 2.0, 2000: 6.0}
_MEGABYTES = 250
_GROWTH = 1.5


class Run(NamedTuple):
    """Seconds of processor, what the cards added to the peak memory, that peak, both in MB, and the PDF in KB."""

    seconds: float
    added: float
    peak: float
    size: float


def one(engine: str, cards: int) -> Run:
    """Print cards of a made-up deck in this process."""
    from generator import preparing
    from generator.load.stocks import load_stocks
    from generator.outputs.print.engine import Resources
    from generator.outputs.print.faces import make_faces
    from generator.outputs.print.job import fit_faces, open_engine, print_cards, style_of
    from generator.outputs.print.placements import Scheme
    from generator.outputs.print.sheet import Job, Look
    from generator.resources import bundled

    templates = bundled("templates") / "print"
    with tempfile.TemporaryDirectory() as folder:
        prepared, findings = preparing.prepare(write_deck(Path(folder, "deck"), cards), now=0)
        assert prepared, findings
        faces = make_faces(prepared.stamped.release.notes)[:cards]
    assert len(faces) == cards
    stocks, _ = load_stocks([templates / "stocks"])
    job = Job(faces, stocks["a4-8"], "a4-8", Scheme(), Look(marks="crop", title="Benchmark"), 6.0, "en", "Benchmark")
    del prepared
    before = _memory()
    start = time.process_time()
    typesetter = open_engine(engine, Resources(templates / "fonts", style_of(templates, details=False), {}, "b", "en"))
    sizes = fit_faces(job, typesetter, preparing.no_progress)
    pdf, _ = print_cards(job, sizes, typesetter, preparing.no_progress)
    return Run(time.process_time() - start, _memory() - before, _memory(), len(pdf) / 1024)


def apart(engine: str, cards: int, runs: int) -> Run:
    """Return the quickest of some runs, each in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.sheets", "--one", engine, str(cards)]
    root = Path(__file__).parents[2]
    said = (subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout for _ in range(runs))
    return min(Run(*json.loads(line)) for line in said)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.sheets", description=__doc__.splitlines()[0])
    parser.add_argument("--cards", type=int, nargs="+", default=[40, 400, 2000])
    parser.add_argument("--beside", type=int, default=400, help="WeasyPrint prints no more than so many cards")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.one[0], int(options.one[1]))))
        return 0
    missed = []
    done: dict[int, Run] = {}
    print(f"{'engine':<12} {'cards':>7} {'s':>8} {'ms a card':>10} {'added MB':>9} {'PDF KB':>8}")
    for engine in ("plutoprint", "weasyprint"):
        for cards in options.cards:
            if engine == "weasyprint" and cards > options.beside:
                continue
            run = apart(engine, cards, options.runs)
            each = run.seconds / cards * 1000
            print(
                f"{engine:<12} {cards:>7} {run.seconds:>8.2f} {each:>10.2f} {run.added:>9.0f} {run.size:>8.0f}",
                flush=True,
            )
            if engine == "plutoprint":
                done[cards] = run
            else:
                print(f"{'':<12} {'':>7} {run.seconds / done[cards].seconds:>8.1f} times as long")
    for cards, run in done.items():
        if run.seconds > _SECONDS.get(cards, run.seconds):
            missed.append(f"{cards} cards took {run.seconds:.1f} s")
        if run.added > _MEGABYTES:
            missed.append(f"{cards} cards took {run.added:.0f} MB")
    for (few, before), (many, after) in pairwise(sorted(done.items())):
        growth = after.seconds / before.seconds / (many / few)
        if few >= 400 and growth > _GROWTH:
            missed.append(f"from {few} to {many} cards each took {growth:.1f} times as long")
    print("\n".join(f"missed: {what}" for what in missed) or "all budgets met")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
