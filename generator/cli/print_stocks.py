"""`aetia print stocks`: the sheets that cards can be printed on."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from generator.report.findings import show_findings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model.stock import Stock


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def stocks() -> None:
    """List, show and add the sheets that cards can be printed on.

    \b
    Example:
      aetia print stocks list
      aetia print stocks show 5371
    """


@stocks.command("list")
def list_() -> None:
    """List all sheets with their sizes.

    \b
    Example:
      aetia print stocks list
    """
    for name, stock in _all().items():
        (width, height), (columns, rows) = stock.card, stock.grid
        click.echo(f"{name:<16} {columns * rows:>2} of {width:g} x {height:g} mm   {stock.stock}")


@stocks.command()
@click.argument("name")
def show(name: str) -> None:
    """Print a sheet's file, to read or to begin your own with.

    \b
    Example:
      aetia print stocks show 5371 > mine.yaml
    """
    from generator.model.stock import find_stock

    known = _all()
    found = find_stock(known, name)
    if found is None:
        raise click.UsageError(f"There is no stock `{name}`. Known: {', '.join(known)}.")
    click.echo(_text(known[found]), nl=False)


@stocks.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def add(file: Path) -> None:
    """Take a sheet of your own: a YAML file like those that `show` prints. Its file name becomes its name.

    \b
    Example:
      aetia print stocks add mine.yaml
    """
    from generator.workflows.print_ import read_stock

    stock, findings = read_stock(file)
    show_findings(findings)
    if stock is None:
        raise SystemExit(1)
    _save({file.stem.casefold(): stock})


@stocks.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--part", multiple=True, help="Only this part number. Repeatable.")
def import_(file: Path, part: tuple[str, ...]) -> None:
    """Take sheets from a template file of gLabels; those that cannot be are left out and named.

    \b
    Example:
      aetia print stocks import avery-us-templates.xml --part 5371
    """
    from generator.workflows.print_ import read_glabels

    found, refused = read_glabels(file, part)
    for name, reason in refused:
        click.echo(f"left out {name}: {reason}", err=True)
    if not found:
        raise click.UsageError(f"{file} has no sheet of cards{' of that part number' if part else ''}.")
    _save(found)


def _save(stocks: "Mapping[str, Stock]") -> None:
    from generator.files import write_whole

    for name, stock in stocks.items():
        target = Path(click.get_app_dir("aetia")) / "stocks" / f"{name}.yaml"
        write_whole(target, _text(stock).encode())
        click.echo(f"{name}: {target}")


def _all() -> "Mapping[str, Stock]":

    from generator.workflows.print_ import read_stocks

    known, findings = read_stocks(Path(click.get_app_dir("aetia")))
    show_findings(findings)
    return known


def _text(stock: "Stock") -> str:
    """The file of a stock: JSON is YAML, one key a line."""
    import json

    values = stock.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
