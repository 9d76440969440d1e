"""Read stocks from gLabels template files. Many rows of that database are impossible, so each is checked."""

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from pydantic import ValidationError

from generator.files import read_plain
from generator.load.text import MAX_BYTES
from generator.model.stock import Stock

PAPER = {
    "A3": (297, 420),
    "A4": (210, 297),
    "A5": (148, 210),
    "A6": (105, 148),
    "US-Letter": (215.9, 279.4),
    "US-Legal": (215.9, 355.6),
    "US-Executive": (184.15, 266.7),
    "US-Half-Letter": (139.7, 215.9),
}
"""Width and height in mm of the papers that gLabels names."""

_UNITS = {"": 25.4 / 72, "pt": 25.4 / 72, "in": 25.4, "mm": 1.0, "cm": 10.0, "pc": 25.4 / 6}
_LENGTH = re.compile(r"\s*([\d.]+)\s*(pt|in|mm|cm|pc)?\s*")

Refused = tuple[str, str]
"""The name of a template, and why it is not a stock."""


def load_glabels(file: Path, parts: tuple[str, ...] = ()) -> tuple[Mapping[str, Stock], tuple[Refused, ...]]:
    """Return the rectangular sheets of a file by maker and part number, and what was left out, with reasons."""
    try:
        root = ET.fromstring(read_plain(file, MAX_BYTES))  # noqa: S314  # expat of Python 3.11 refuses entity bombs
    except (ET.ParseError, OSError) as error:
        return {}, ((file.name, f"no XML: {error}"),)
    stocks: dict[str, Stock] = {}
    refused: list[Refused] = []
    same: list[tuple[str, str, str]] = []
    for template in root.iter():
        if template.tag.rpartition("}")[2] != "Template":
            continue
        maker, part = template.get("brand", ""), template.get("part", "") or template.get("name", "")
        name = re.sub(r"[^a-z0-9.]+", "-", f"{maker}-{part}".casefold()).strip("-")
        if equal := template.get("equiv"):
            same.append((maker, part, equal))
            continue
        if parts and part not in parts:
            continue
        try:
            stocks[name] = _stock(template, maker, part, file.name)
        except (ValueError, ValidationError) as error:
            refused.append((name, str(error).splitlines()[0]))
    for maker, part, equal in same:
        for name, stock in stocks.items():
            if stock.stock.startswith(f"{maker} {equal},"):
                stocks[name] = stock.model_copy(update={"aliases": (*stock.aliases, part)})
    return stocks, tuple(refused)


def _stock(template: ET.Element, maker: str, part: str, source: str) -> Stock:
    """Return one stock. Raise ValueError, which says what is wrong with it."""
    label = next((child for child in template if child.tag.rpartition("}")[2] == "Label-rectangle"), None)
    if label is None:
        raise ValueError("its labels are not rectangles")
    layouts = [child for child in label if child.tag.rpartition("}")[2] == "Layout"]
    if len(layouts) != 1:
        raise ValueError("its labels are not a single grid")
    size = template.get("size", "")
    if size == "Other" or size not in PAPER:
        page = _lengths(template, "width", "height") if template.get("width") else None
        if page is None:
            raise ValueError(f"the paper `{size}` is not known")
    else:
        page = PAPER[size]
    stock = Stock(
        stock=f"{maker} {part}, {template.get('_description') or template.get('description') or 'labels'}",
        page=page,
        card=_lengths(label, "width", "height"),
        grid=(int(layouts[0].get("nx", "1")), int(layouts[0].get("ny", "1"))),
        first=_lengths(layouts[0], "x0", "y0"),
        pitch=_lengths(layouts[0], "dx", "dy"),
        perforated=True,
        source=f"glabels {source}",
    )
    for key, fault in stock.faults():
        raise ValueError(f"{key}: {fault}")
    return stock


def _lengths(element: ET.Element, *names: str) -> tuple[float, float]:
    first, second = (_length(element, name) for name in names)
    return first, second


def _length(element: ET.Element, name: str) -> float:
    match = _LENGTH.fullmatch(element.get(name, ""))
    if match is None:
        raise ValueError(f"`{element.get(name, '')}` is not a {name}")
    return round(float(match[1]) * _UNITS[match[2] or ""], 3)
