"""`aetia import`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import rich_click as click

from generator.report.author import show_imported
from generator.report.findings import show_findings


@click.command("import")
@click.argument("table", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--finding", help="What the causes are causes of.  [default: the file's name]")
@click.option("--effect", help="What a cause does: `lower the serum sodium`.")
@click.option(
    "--map", "mapped", multiple=True, metavar="KEY=HEADER", help="Which column fills a key; may be given again."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The deck's folder.  [default: decks/FILE]")
def import_(table: Path, finding: str | None, effect: str | None, mapped: tuple[str, ...], output: Path | None) -> None:
    """Make a deck of a table: CSV, TSV, Excel (.xlsx) or a text export of Anki, one row a cause.

    Columns are matched by their headers; what is not clear is asked once, or given with --map. Rows that cannot be
    taken are listed; nothing is lost silently.

    \b
    Example:
      aetia import cards.csv
      aetia import cards.csv --map cause=Disease --map mechanism="Why it happens"
      aetia import anki.txt --map cause="column 1" --map mechanism="column 2"
    """
    from generator.workflows.import_ import import_table

    imported, findings = import_table(
        table,
        output,
        finding=finding,
        mapped=mapped,
        ask_column=_ask_column,
        ask_effect=lambda: effect or _ask_effect(),
    )
    show_findings(findings)
    if imported:
        show_imported(imported, table)
    if imported is None or not imported.converted.causes or imported.converted.refused or findings.errors:
        raise SystemExit(1)


def _ask_effect() -> str:
    if not sys.stdin.isatty():
        return "come about"
    return str(click.prompt("What does a cause do? How does this …", default="come about"))


def _ask_column(key: str, header: Sequence[str]) -> str:
    if not sys.stdin.isatty():
        columns = ", ".join(header)
        raise click.UsageError(f"No column is clearly the {key}: add --map {key}=HEADER; the columns are {columns}.")
    return str(click.prompt(f"Which column is the {key}?", type=click.Choice(header)))
