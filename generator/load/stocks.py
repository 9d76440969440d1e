"""Folders of stock files to stocks, by name."""

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
    """Read every stock of the folders; a later folder's stock takes the place of an earlier one of its name.

    `project` is the folder of a project among them, PROJECT/templates/print/stocks: neither it nor its files may lead
    out of the project.
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
    """Read one stock, in a folder if one is given, and check that its cards lie on the sheet and not on one another."""
    stock, faults = read_model(Stock, file, folder)
    if stock and (
        wrong := tuple(Diagnostic("bad-stock", message, Place(file, (key,))) for key, message in stock.faults())
    ):
        return None, wrong
    return stock, faults
