"""`aetia print`: print a deck's cards on sheets, save printers, and add stocks.

`user_data` is the folder of the user's stocks and printers, and of the record of printed cards.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.diagnostics import WrongUseError
from generator.files import write_whole
from generator.load.deck import load_deck
from generator.load.glabels import load_glabels
from generator.load.stocks import load_stock, load_stocks
from generator.load.templates import load_templates
from generator.model.stock import Stock, find_stock
from generator.resources import bundled, project_templates
from generator.workflows.prepare import Findings, Prepared, Progress, locate, prepare

if TYPE_CHECKING:
    from generator.print.memory import Made
    from generator.print.order import Order, Printed, Printer

STOCKS = "print/stocks"
"""The folder of stock files under templates."""
_OWN = ("paper", "card", "grid", "gutter")


def make_order(asked: Mapping[str, Any], user_data: Path) -> "Order":
    """Return the order for a user's options.

    Options with the name of an attribute of the order become that attribute. `paper`, `card`, `grid` and `gutter`
    describe a sheet in place of the `stock`, which is then not the usual one. `printer` names a saved printer, which
    `offset` and `blank` correct.
    """
    from generator.print.memory import load_printer
    from generator.print.order import Order, Printer

    printer = load_printer(asked["printer"], user_data / "printers") if asked["printer"] else Printer()
    printer = replace(printer, **{key: asked[key] for key in ("offset", "blank") if asked[key]})
    given = {field.name: asked[field.name] for field in fields(Order) if field.name in asked}
    own = _own_stock(**{key: asked[key] for key in _OWN})
    engine = "weasyprint" if asked["accessible"] else asked["engine"]
    sheet = {"stock": own or asked["stock"], "usual": bool(asked.get("usual")) and not own}
    return Order(**{**given, **sheet, "printer": printer, "engine": engine})


def language_of(folder: Path) -> str:
    """Return the language of a deck as a BCP 47 tag, or nothing if the deck cannot be read."""
    deck, _ = load_deck(folder)
    return deck.settings.language if deck else ""


def print_sheets(
    folder: Path, file: Path, order: "Order", user_data: Path, progress: Progress
) -> tuple["Printed | None", Findings]:
    """Print a deck's cards to a PDF, or only report how they fit on every stock if the order says so.

    Raise OrderError on wrong use, EngineMissingError without a typesetter, OSError if the PDF cannot be written.
    """
    from generator.print.press import Press

    prepared, diagnostics = prepare(folder, now=0)
    project = project_templates(folder) / STOCKS
    stocks, faults = load_stocks(_stock_folders(user_data, project), project)
    if prepared is None or faults:
        return None, locate((*diagnostics, *faults))
    record = _record(prepared.lock.namespace, user_data)
    press = Press(prepared.deck, prepared.release.notes, prepared.words, stocks, order, record)
    printed, found = press.print(file, progress)
    return printed, locate((*diagnostics, *found))


def mark_done(
    folder: Path, pdfs: Sequence[Path], user_data: Path
) -> tuple[tuple[Path, "Made", tuple[int, ...]] | None, Findings]:
    """Record that the cards of the latest of several PDFs are on paper, and return that PDF.

    The numbers are those of its cards that are on paper in a newer form, which counts. Raise OrderError if none of the
    PDFs can be on paper.
    """
    from generator.print.memory import take_over

    prepared, diagnostics = prepare(folder, now=0)
    if prepared is None:
        return None, locate(diagnostics)
    return take_over(pdfs, _record(prepared.lock.namespace, user_data)), locate(diagnostics)


def key_on_paper(number: int, prepared: Prepared, user_data: Path) -> str | None:
    """Return the key of the note whose card has a number on paper, or would have it."""
    from generator.print.faces import make_faces, number_faces
    from generator.print.memory import read_printed

    printed = read_printed(_record(prepared.lock.namespace, user_data))
    faces = make_faces(prepared.release.notes, prepared.deck, prepared.words, ())
    numbered = number_faces(faces, {name: card.number for name, card in printed.items()})
    return next((face.key for face in numbered if face.number == number), None)


def print_calibration(folder: Path | None, file: Path, order: "Order", user_data: Path) -> Findings:
    """Write the calibration sheet, with instructions in the language of a deck."""
    from generator.print.press import calibrate

    stocks, findings = read_stocks(user_data)
    prepared = prepare(folder, now=0)[0] if folder else None
    words = prepared.words if prepared else load_templates(bundled("templates"), None)[0].words["en"]
    calibrate(order, stocks, words, file)
    return findings


def save_printer(name: str, measured: Sequence[float], order: "Order", user_data: Path) -> tuple["Printer", Path]:
    """Save what was measured on the calibration sheet under a name."""
    from generator.print import memory
    from generator.print.press import measure_printer

    printer = replace(measure_printer(measured, order, read_stocks(user_data)[0]), blank=order.printer.blank)
    return printer, memory.save_printer(name, printer, user_data / "printers")


def read_stocks(user_data: Path) -> tuple[Mapping[str, Stock], Findings]:
    """Return the bundled sheets and the user's own, by name."""
    stocks, faults = load_stocks(_stock_folders(user_data))
    return stocks, locate(faults)


def describe_stock(name: str, user_data: Path) -> tuple[str, Findings]:
    """Return the file of a sheet, by its name or part number."""
    known, findings = read_stocks(user_data)
    found = find_stock(known, name)
    if found is None:
        raise WrongUseError(f"There is no stock `{name}`. Known: {', '.join(known)}.")
    return _stock_text(known[found]), findings


def _stock_text(stock: Stock) -> str:
    """Return the file of a stock: JSON, which is also YAML, with one key per line."""
    values = stock.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())


def add_stock(file: Path, user_data: Path) -> tuple[Mapping[str, Path], Findings]:
    """Add the sheet in a file to the user's own. Return its name and its new file."""
    stock, faults = load_stock(file)
    return _save({file.stem.casefold(): stock} if stock else {}, user_data), locate(faults)


def import_glabels(
    file: Path, parts: tuple[str, ...], user_data: Path
) -> tuple[Mapping[str, Path], tuple[tuple[str, str], ...]]:
    """Add the sheets of a gLabels file to the user's own. Return their files, and which were left out and why."""
    found, refused = load_glabels(file, parts)
    return _save(found, user_data), refused


def _save(stocks: Mapping[str, Stock], user_data: Path) -> Mapping[str, Path]:
    files = {name: user_data / "stocks" / f"{name}.yaml" for name in stocks}
    for name, target in files.items():
        write_whole(target, _stock_text(stocks[name]).encode())
    return files


def _own_stock(
    paper: tuple[float, float] | None,
    card: tuple[float, float] | None,
    grid: tuple[float, float] | None,
    gutter: float,
) -> Stock | None:
    """Return the stock with these sizes in mm, centred on its sheet."""
    if not (paper or card or grid):
        return None
    if not (paper and card):
        raise WrongUseError("A sheet of your own takes --paper and --card, and --grid for more than one card.")
    columns, rows = (int(n) for n in grid or (1, 1))
    across, down = card[0] + gutter, card[1] + gutter
    first = (paper[0] - across * (columns - 1) - card[0]) / 2, (paper[1] - down * (rows - 1) - card[1]) / 2
    stock = Stock(stock="own", page=paper, card=card, grid=(columns, rows), first=first, pitch=(across, down))
    for _, fault in stock.faults():
        raise WrongUseError(f"This sheet is not possible: {fault}.")
    return stock


def _record(namespace: str, user_data: Path) -> Path:
    """Return the file that records which cards of a deck are on paper."""
    return user_data / "printed" / f"{namespace}.json"


def _stock_folders(user_data: Path, project: Path | None = None) -> Iterator[Path]:
    """Return the folders of stock files. Later ones win."""
    yield bundled("templates") / STOCKS
    if project:
        yield project
    yield user_data / "stocks"
