"""`aetia import`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from click.core import ParameterSource

from generator.cli.ask import ask_column, ask_effect, ask_finding, ask_key, language_option, list_columns
from generator.cli.clock import now
from generator.cli.decks import deck_folder
from generator.report.author import show_new_identities, show_taken
from generator.report.findings import show_findings
from generator.report.table import show_imported, show_odds, show_updated

if TYPE_CHECKING:
    from generator.workflows.update import Updated


_TAKEN = {
    "with --into": {"mapped", "into", "update", "prefer", "dry_run"},
    "where notes are imported as they are": {"kind", "output", "deck", "like"},
    "where causes are made": {"kind", "output", "mapped", "finding", "effect", "language"},
}
"""The options that count in each kind of import. Another one would be ignored in silence."""


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
@language_option("The language of the cards, such as `de`.  [default: that of the headers]")
@click.option("--into", metavar="DECK", help="Add the new rows of a table to this deck.")
@click.option(
    "--update", is_flag=True, help="With --into: also change entries whose row changed since the last import."
)
@click.option(
    "--prefer",
    type=click.Choice(["table", "deck"]),
    help="With --update: whose text to keep where both the table and the deck's files changed.  [default: neither]",
)
@click.option("--dry-run", is_flag=True, help="With --into: show what would change, and write nothing.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The deck's folder.  [default: decks/NAME]")
def import_(
    *,
    source: Path,
    kind: str | None,
    deck: str | None,
    like: Path | None,
    mapped: tuple[str, ...],
    into: str | None,
    update: bool,
    prefer: Literal["table", "deck"] | None,
    dry_run: bool,
    output: Path | None,
    **told: str | None,
) -> None:
    """A deck keeps its note types and notes as they are. A row of a table becomes a cause.

    A package (.apkg, .colpkg) is imported as it is: note types, notes, files, and the identity by which Anki knows each
    note. The first build changes nothing for learners who have the deck. A CrowdAnki folder, a text export from Anki or
    a CSV with guids is imported in the same way if --like names a package for what it lacks. Reading packages needs
    aetia[anki].

    Any other table (CSV, TSV, Excel, a text export from Anki) becomes causes, one per row. Columns are matched by their
    headers. At a terminal, the command asks what the others are; --map says it beforehand. A column can fill key (of
    the entry), cause, mechanism, clue, category, pearl, mnemonic, first-check, frequency, dose, time-course and
    comment; classic (yes or no); the lists aka, examples, associated and tags (`;` between); image (a file beside the
    table), sources (works) and versus (contrasts as `Rival | property | here | there`). `aetia explain cause` describes
    them. What cannot be imported is listed.

    --into DECK imports a table again after you edited it. Rows are matched by a column `key` or `guid`, or by name. New
    rows are added, and new columns listed (--map takes one). With --update, what changed in the table since the last
    import also changes in the deck's files.
    Comments, and what you edited in these files, stay. Where both changed, --prefer says whose text to keep.

    \b
    Example:
      aetia import geography.apkg
      aetia import everything.colpkg --deck Geography
      aetia import crowdanki/geography.json --like geography.apkg
      aetia import notes.csv --like geography.apkg
      aetia import geography.apkg --as causes --map cause=Front --map mechanism=Back
      aetia import cards.csv --map cause=Disease --map mechanism="Why it happens"
      aetia import cards.csv --into leukopenia --update --dry-run
    """
    from generator.workflows.adopt import is_deck

    if into is not None:
        _refuse_idle("with --into")
        if prefer and not update:
            raise click.UsageError("--prefer needs --update.")
        _update(source, deck_folder(into), mapped=mapped, update=update, prefer=prefer, dry_run=dry_run)
    elif kind == "notes" or (kind is None and not mapped and (like or is_deck(source))):
        _refuse_idle("where notes are imported as they are")
        _import_notes(source, output, deck, like)
    else:
        _refuse_idle("where causes are made")
        _import_causes(source, output, mapped=mapped, **told)


def _refuse_idle(where: str) -> None:
    """Refuse options that have no effect in this kind of import."""
    context = click.get_current_context()
    for option in context.command.params:
        given = option.name and context.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
        if given and isinstance(option, click.Option) and option.name not in _TAKEN[where]:
            needs = "needs --into DECK" if option.name in _TAKEN["with --into"] else f"has no effect {where}"
            raise click.UsageError(f"{option.opts[-1]} {needs}.")


def _import_notes(source: Path, output: Path | None, deck: str | None, like: Path | None) -> None:
    from generator.workflows.adopt import import_deck

    taken, findings = import_deck(source, output, asked=deck, like=like, now=now())
    show_findings(findings)
    if taken:
        show_taken(taken, source)
    if taken is None or taken.adopted.refused or findings.errors:
        raise SystemExit(1)


def _update(source: Path, folder: Path, **wished: Any) -> None:
    from generator.workflows.update import Wish, update_deck

    updated, findings = update_deck(source, folder, Wish(**wished, decide=_decide))
    show_findings(findings)
    if updated:
        show_updated(updated, source, dry_run=wished["dry_run"])
    if updated is None or updated.refused or updated.odds or findings.errors:
        raise SystemExit(1)


def _decide(updated: "Updated") -> Literal["table", "deck"] | None:
    """Ask whose text to keep where both sides changed it. Without a terminal, keep neither."""
    if not sys.stdin.isatty():
        return None
    show_odds(updated)
    question, sides = "Whose text is right, for all of them?", ("table", "deck", "neither")
    answer = click.prompt(question, type=click.Choice(sides), default="neither")
    return "table" if answer == "table" else "deck" if answer == "deck" else None


def _import_causes(source: Path, output: Path | None, **given: Any) -> None:
    from generator.workflows.adopt import is_deck
    from generator.workflows.import_ import Questions, import_table

    ask = Questions(list_columns, ask_column, ask_key, ask_finding, ask_effect, **given)
    imported, findings = import_table(source, output, ask)
    show_findings(findings)
    if imported:
        show_imported(imported, source)
        if is_deck(source):
            show_new_identities()
    if imported is None or not imported.converted.causes or imported.converted.refused or findings.errors:
        raise SystemExit(1)
