"""From a deck to card sheets: the way of the data on paper. No printing to the terminal, no exits, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.load.glabels import load_glabels
from generator.load.stocks import load_stock, load_stocks
from generator.model.stock import Stock
from generator.resources import bundled, project_templates
from generator.workflows.prepare import Findings, Progress, locate, prepare

if TYPE_CHECKING:
    from generator.print.order import Order, Printed, Printer

STOCKS = "print/stocks"
"""Where under templates the stock files are."""


def print_sheets(
    folder: Path, file: Path, order: "Order", memory: Path, progress: Progress
) -> tuple["Printed | None", Findings]:
    """Print a deck's cards to a PDF, or only say how they fit on every stock if that was ordered.

    `memory` is the folder of the user's stocks and of the record of what was printed. Raises OrderError on wrong use,
    EngineMissingError without a typesetter, OSError if the disk does not let us write.
    """
    from generator.print.press import Press

    prepared, diagnostics = prepare(folder, now=0)
    project = project_templates(folder) / STOCKS
    stocks, faults = load_stocks(_stock_folders(memory, project), project)
    if prepared is None or faults:
        return None, locate((*diagnostics, *faults))
    lock, notes = prepared.stamped.lock, prepared.stamped.release.notes
    record = memory / "printed" / f"{lock.namespace}.json"
    printed, found = Press(prepared.deck, notes, stocks, order, record).print(file, progress)
    return printed, locate((*diagnostics, *found))


def read_stocks(memory: Path) -> tuple[Mapping[str, Stock], Findings]:
    """Return the bundled sheets and the user's own, by name."""
    stocks, faults = load_stocks(_stock_folders(memory))
    return stocks, locate(faults)


def read_stock(file: Path) -> tuple[Stock | None, Findings]:
    """Return the sheet that a file describes."""
    stock, faults = load_stock(file)
    return stock, locate(faults)


def read_glabels(file: Path, parts: tuple[str, ...]) -> tuple[Mapping[str, Stock], tuple[tuple[str, str], ...]]:
    """Return the sheets of a gLabels file, and which were left out and why."""
    return load_glabels(file, parts)


def print_calibration(file: Path, order: "Order", memory: Path) -> Findings:
    """Write a sheet that shows how a printer shifts backs."""
    from generator.print.press import calibrate

    stocks, findings = read_stocks(memory)
    calibrate(order, stocks, file)
    return findings


def save_printer(name: str, measured: Sequence[float], order: "Order", memory: Path) -> tuple["Printer", Path]:
    """Keep what was measured on the calibration sheet under a name."""
    from generator.print import memory as kept
    from generator.print.press import measure_printer

    printer = replace(measure_printer(measured, order, read_stocks(memory)[0]), blank=order.printer.blank)
    return printer, kept.save_printer(name, printer, memory / "printers")


def _stock_folders(memory: Path, project: Path | None = None) -> Iterator[Path]:
    """Where stock files are: later ones win."""
    yield bundled("templates") / STOCKS
    if project:
        yield project
    yield memory / "stocks"
