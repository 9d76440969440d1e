"""`aetia import`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from generator.report.findings import show_findings
from generator.report.words import plural

if TYPE_CHECKING:
    from generator.project.table import Converted, Table


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
    from generator.project.keys import make_key
    from generator.project.table import TARGETS, convert, match_columns, read_table
    from generator.workflows.author import column_names, import_causes

    try:
        read = read_table(table)
    except ValueError as error:
        raise click.ClickException(f"{table}: {error}") from error
    columns = match_columns(read.header, column_names())
    for pair in mapped:
        key, _, header = pair.partition("=")
        if key not in TARGETS or header not in read.header:
            headers = ", ".join(read.header)
            raise click.UsageError(f"--map {pair}: a key is one of {', '.join(TARGETS)}; the headers are {headers}.")
        columns[key] = read.header.index(header)
    for key in ("cause", "mechanism"):
        if key not in columns:
            columns[key] = _ask_column(key, read.header)
    finding = finding or " ".join(table.stem.replace("_", " ").replace("-", " ").split()).capitalize()
    if effect is None:
        effect = (
            click.prompt("What does a cause do? How does this …", default="come about") if _asks() else "come about"
        )
    folder = output or Path("decks") / make_key(table.stem, (), "deck")
    converted = convert(read, columns)
    try:
        findings = import_causes(folder, finding, effect, converted)
    except OSError as error:
        raise click.FileError(str(error.filename or folder), error.strerror) from error
    show_findings(findings)
    _show_what_is_missing(table, read, converted, set(columns.values()))
    if not converted.causes:
        raise click.ClickException(f"{table}: no row could be taken, so no deck was written.")
    used = ", ".join(f"{key} from “{read.header[column]}”" for key, column in columns.items())
    click.echo(f"{folder}: {plural(len(converted.causes), 'cause')}; {used}")
    click.echo(f"Next: aetia preview {folder}, and aetia check {folder} for the wording")
    if converted.refused or findings.errors:
        raise SystemExit(1)


def _show_what_is_missing(table: Path, read: "Table", converted: "Converted", used: set[int]) -> None:
    """Name what of the table is not in the deck."""
    for number, reason in converted.refused:
        click.echo(f"{table}:{number}: not taken: {reason}", err=True)
    for number, tags in converted.without:
        click.echo(f"{table}:{number}: taken without {tags}", err=True)
    unused = [header for index, header in enumerate(read.header) if header and index not in used]
    if unused:
        click.echo(f"columns left out: {', '.join(unused)} (--map KEY=HEADER takes one)", err=True)
    for left_out in read.left_out:
        click.echo(f"{table}: left out: {left_out}", err=True)


def _ask_column(key: str, header: tuple[str, ...]) -> int:
    if not _asks():
        raise click.UsageError(
            f"No column is clearly the {key}: add --map {key}=HEADER; the columns are {', '.join(header)}."
        )
    chosen = click.prompt(f"Which column is the {key}?", type=click.Choice(header))
    return header.index(chosen)


def _asks() -> bool:
    return sys.stdin.isatty()
