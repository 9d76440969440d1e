"""Messages about the sheets that cards can be printed on, and about printers."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from generator.report.terminal import say, style
from generator.text.short import in_shell

if TYPE_CHECKING:
    from generator.model.stock import Stock
    from generator.print.order import Printer


def list_stocks(stocks: Mapping[str, "Stock"], home: str) -> None:
    """Print one line for each sheet, under its paper: that of the user first, then that of the most."""
    papers = Counter(stock.paper for stock in stocks.values())
    for paper, _ in sorted(papers.most_common(), key=lambda item: item[0] != home):
        say(style(paper, bold=True))
        for name, stock in stocks.items():
            if stock.paper == paper:
                (width, height), (columns, rows) = stock.card, stock.grid
                size = f"{width:g} x {height:g} mm"
                say(f"  {name:<16} {columns * rows:>2} of {size:<16} {stock.stock}")


def show_saved(files: Mapping[str, Path], refused: tuple[tuple[str, str], ...] = ()) -> None:
    """Print which sheets were added and which were left out."""
    for name, reason in refused:
        say(f"left out {name}: {reason}", err=True)
    for name, file in files.items():
        say(f"{name}: {file}")


def show_calibration(file: Path) -> None:
    """Print how to read the calibration sheet."""
    say(f"{file}: print it on both sides at 100 % and hold it against the light.")
    say(
        "At each cross, read where the zero of the back is, seen from the front; right and down are positive. "
        "Read whole mm on the front's scale, and tenths at the pair of strokes that line up. The smallest number "
        "printed at an edge is the width that the printer leaves blank there. Then run:"
    )
    say("  aetia print --calibrate --measured X,Y,X2,Y2 --blank TOP,RIGHT,BOTTOM,LEFT --save NAME")


def show_printer(name: str, printer: "Printer", file: Path) -> None:
    """Print what was measured of a printer, and how to use it."""
    (x, y), turn = printer.offset, printer.rotation
    cure = [f"{abs(x):g} mm further {'right' if x > 0 else 'left'}"] if x else []
    cure += [f"{abs(y):g} mm further {'down' if y > 0 else 'up'}"] if y else []
    cure += [f"turned by {turn:g}°"] if turn else []
    say(f"{file}: to make up for this printer, backs are printed {', '.join(cure) or 'where they are'}.")
    if any(printer.blank):
        say(f"Blank at top, right, bottom and left: {', '.join(f'{edge:g}' for edge in printer.blank)} mm.")
    say(f"Use it with --printer {in_shell(name)}.")
