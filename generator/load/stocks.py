"""Folders of stock files to stocks, by name."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.diagnostics import Diagnostic, Place
from generator.load.schema import validate
from generator.load.text import read_text
from generator.load.yaml import parse_yaml
from generator.stock import Stock


def load_stocks(folders: Iterable[Path]) -> tuple[Mapping[str, Stock], tuple[Diagnostic, ...]]:
    """Read every stock of the folders; a later folder's stock takes the place of an earlier one of its name."""
    stocks: dict[str, Stock] = {}
    faults: list[Diagnostic] = []
    for folder in folders:
        for file in sorted(folder.glob("*.yaml")):
            stock, found = load_stock(file)
            faults += found
            if stock:
                stocks[file.stem] = stock
    return stocks, tuple(faults)


def load_stock(file: Path) -> tuple[Stock | None, tuple[Diagnostic, ...]]:
    """Read one stock and check that its cards lie on the sheet and not on one another."""
    text = read_text(file)
    if isinstance(text, Diagnostic):
        return None, (text,)
    data, faults = parse_yaml(file, text)
    if faults:
        return None, faults
    stock, faults = validate(Stock, data, file)
    if stock and (
        wrong := tuple(Diagnostic("bad-stock", message, Place(file, (key,))) for key, message in stock.faults())
    ):
        return None, wrong
    return stock, faults
