"""`aetia import`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from generator.cli.clock import now
from generator.cli.decks import deck_folder
from generator.report.author import show_imported, show_new_identities, show_taken, show_updated
from generator.report.findings import show_findings


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--as",
    "kind",
    type=click.Choice(["notes", "causes"]),
    help="Import notes as they are, or make causes of them.  [default: notes, or causes from a table]",
)
@click.option("--deck", metavar="NAME", help="Take this deck of a package, with its subdecks.")
@click.option(
    "--like",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A package that learners have, for a source that lacks note types or their ids.",
)
@click.option("--finding", help="What the causes are causes of.  [default: the file's name]")
@click.option("--effect", help="What a cause does, such as `lower the serum sodium`.")
@click.option("--map", "mapped", multiple=True, metavar="KEY=HEADER", help="Which column fills a key. Repeatable.")
@click.option("--into", metavar="DECK", help="Add the new rows of a table to this deck.")
@click.option("--update", is_flag=True, help="With --into: also change entries that differ from their row.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The deck's folder.  [default: decks/NAME]")
def import_(
    source: Path,
    kind: str | None,
    deck: str | None,
    like: Path | None,
    finding: str | None,
    effect: str | None,
    mapped: tuple[str, ...],
    into: str | None,
    update: bool,
    output: Path | None,
) -> None:
    """Import a deck that people already have, or make a deck from a table.

    A package (.apkg, .colpkg) is imported as it is: note types, notes, files, and the identity by which Anki knows each
    note. The first build changes nothing for learners who have the deck. A CrowdAnki folder, a text export from Anki or
    a CSV with guids is imported in the same way if --like names a package for what it lacks. Reading packages needs
    aetia[anki].

    Any other table (CSV, TSV, Excel, a text export from Anki) becomes causes, one per row. Columns are matched by their
    headers. If a match is not clear, the command asks, or you give it with --map. A column `image` names files beside
    the table, `sources` names works, and `versus` has contrasts as `Rival | property | here | there`. Rows that cannot
    be imported are listed.

    --into DECK keeps the table as the master of a deck. Rows are matched by a column `key` or `guid`, or by name. With
    --update, entries that differ from their row are changed in the deck's files. Comments and everything else in these
    files stay as they are.

    \b
    Example:
      aetia import geography.apkg
      aetia import everything.colpkg --deck Geography
      aetia import crowdanki/geography.json --like geography.apkg
      aetia import notes.csv --like geography.apkg
      aetia import geography.apkg --as causes --map cause=Front --map mechanism=Back
      aetia import cards.csv --map cause=Disease --map mechanism="Why it happens"
      aetia import cards.csv --into leukopenia --update
    """
    if into:
        _update(source, deck_folder(into), mapped, update)
    elif kind == "notes" or (kind is None and not mapped and (like or _is_deck(source))):
        _import_notes(source, output, deck, like)
    else:
        _import_causes(source, output, finding, effect, mapped)


def _import_notes(source: Path, output: Path | None, deck: str | None, like: Path | None) -> None:
    from generator.workflows.adopt import import_deck

    taken, findings = import_deck(source, output, asked=deck, like=like, now=now())
    show_findings(findings)
    if taken:
        show_taken(taken, source)
    if taken is None or taken.adopted.refused or findings.errors:
        raise SystemExit(1)


def _update(source: Path, folder: Path, mapped: tuple[str, ...], update: bool) -> None:
    from generator.workflows.update import update_deck

    updated, findings = update_deck(source, folder, mapped=mapped, update=update)
    show_findings(findings)
    if updated:
        show_updated(updated, source)
    if updated is None or updated.refused:
        raise SystemExit(1)


def _import_causes(
    source: Path, output: Path | None, finding: str | None, effect: str | None, mapped: tuple[str, ...]
) -> None:
    from generator.workflows.import_ import import_table

    imported, findings = import_table(
        source,
        output,
        finding=finding,
        mapped=mapped,
        ask_column=_ask_column,
        ask_effect=lambda: effect or _ask_effect(),
    )
    show_findings(findings)
    if imported:
        show_imported(imported, source)
        if _is_deck(source):
            show_new_identities()
    if imported is None or not imported.converted.causes or imported.converted.refused or findings.errors:
        raise SystemExit(1)


def _is_deck(source: Path) -> bool:
    return source.is_dir() or source.suffix.casefold() in (".apkg", ".colpkg", ".json")


def _ask_effect() -> str:
    if not sys.stdin.isatty():
        return "come about"
    return str(click.prompt("What does a cause do? How does this …", default="come about"))


def _ask_column(key: str, header: Sequence[str]) -> str:
    if not sys.stdin.isatty():
        columns = ", ".join(header)
        raise click.UsageError(f"No column is clearly the {key}: add --map {key}=HEADER; the columns are {columns}.")
    return str(click.prompt(f"Which column is the {key}?", type=click.Choice(header)))
