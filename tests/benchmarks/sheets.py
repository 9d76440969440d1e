"""What printing costs: cards fitted, typeset and finished, and beside it the second engine on the same cards.

Each run is a process of its own. Times are seconds of processor, which other work on the machine disturbs least, from
the made cards to the finished PDF in memory.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from math import inf
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.cost import Line
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
    from generator.load.stocks import load_stocks
    from generator.print.engine import Resources, read_styles
    from generator.print.faces import SMALL_PRINT, make_faces
    from generator.print.fonts import Fonts
    from generator.print.job import fit_faces, open_engine, print_cards
    from generator.print.lines import Setter
    from generator.print.placements import Scheme
    from generator.print.sheet import Job, Look
    from generator.resources import bundled
    from generator.workflows.prepare import no_progress, prepare

    templates = bundled("templates") / "print"
    with tempfile.TemporaryDirectory() as folder:
        prepared, findings = prepare(write_deck(Path(folder, "deck"), cards), now=0)
        assert prepared, findings
        faces = make_faces(prepared.stamped.release.notes, prepared.deck, prepared.words, SMALL_PRINT)[:cards]
    assert len(faces) == cards
    stocks, _ = load_stocks([templates / "stocks"])
    styles = read_styles(templates)
    words = prepared.words
    del prepared
    before = _memory()
    start = time.process_time()
    fonts = Fonts(templates / "fonts")
    setter = Setter(fonts, styles.faces)
    look = Look(marks="crop", title="Benchmark")
    job = Job(faces, stocks["a4-8"], "a4-8", Scheme(), look, 6.0, "en", "Benchmark", setter, words)
    typesetter = open_engine(engine, Resources(fonts, styles, {}, "b", "en"))
    sizes = fit_faces(job, typesetter, no_progress)
    pdf, _ = print_cards(job, sizes, typesetter, no_progress)
    return Run(time.process_time() - start, _memory() - before, _memory(), len(pdf) / 1024)


def apart(engine: str, cards: int, runs: int) -> Run:
    """Return the quickest of some runs, each in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.sheets", engine, str(cards)]
    root = Path(__file__).parents[2]
    said = (subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout for _ in range(runs))
    return min(Run(*json.loads(line)) for line in said)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_sheets(counts: Iterable[int], beside: int) -> Iterator[Line]:
    """Yield the cost of printing so many cards, and of `beside` cards by WeasyPrint beside that."""
    before: tuple[int, Run] | None = None
    for cards in counts:
        run = apart("plutoprint", cards, runs=2)
        each = f"{run.seconds / cards * 1000:.2f} ms a card, PDF {run.size:.0f} KB"
        yield Line(f"{cards} cards on sheets", each, run.seconds, _SECONDS.get(cards, inf), "s")
        yield Line(f"{cards} cards on sheets, memory added", f"{run.peak:.0f} MB in all", run.added, _MEGABYTES, "MB")
        if before:
            fewer, past = before
            growth = run.seconds / past.seconds / (cards / fewer)
            yield Line(f"time, {fewer} to {cards} cards, for each card", "", growth, _GROWTH)
        if cards == beside:
            other = apart("weasyprint", cards, runs=1)
            said = f"{other.seconds:.1f} s, {other.added:.0f} MB added"
            yield Line(f"{cards} cards by WeasyPrint / PlutoPrint", said, other.seconds / run.seconds, inf)
        before = cards, run


if __name__ == "__main__":
    print(json.dumps(one(sys.argv[1], int(sys.argv[2]))))
