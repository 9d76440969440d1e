"""Load stocks, by name, from folders of stock files."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.diagnostics import Diagnostic, Place
from generator.files import is_inside
from generator.load.folders import is_leftover
from generator.load.schema import read_model
from generator.load.text import outside
from generator.model.stock import Stock


def load_stocks(
    folders: Iterable[Path], project: Path | None = None
) -> tuple[Mapping[str, Stock], tuple[Diagnostic, ...]]:
    """Read every stock in the folders. A stock in a later folder replaces an earlier one of the same name.

    `project` is the project's folder among them, PROJECT/templates/print/stocks. Neither it nor its files may lead out
    of the project.
    """
    stocks: dict[str, Stock] = {}
    faults: list[Diagnostic] = []
    for folder in folders:
        if folder == project and not is_inside(folder.parents[2], folder):
            faults.append(outside(folder.parents[2], folder))
            continue
        for file in sorted(file for file in folder.glob("*.yaml") if not is_leftover(file.name)):
            stock, found = load_stock(file, folder if folder == project else None)
            faults += found
            if stock:
                stocks[file.stem] = stock
    return stocks, tuple(faults)


def load_stock(file: Path, folder: Path | None = None) -> tuple[Stock | None, tuple[Diagnostic, ...]]:
    """Read one stock, inside `folder` if that is given, and check that its cards fit and do not overlap."""
    stock, faults = read_model(Stock, file, folder)
    if stock and (
        wrong := tuple(Diagnostic("bad-stock", message, Place(file, (key,))) for key, message in stock.faults())
    ):
        return None, wrong
    return stock, faults
