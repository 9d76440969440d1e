"""`aetia new`: a deck, a cause, a source or a note type to start from."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folder
from generator.report.findings import show_findings

if TYPE_CHECKING:
    from generator.workflows.prepare import Findings


@click.group()
def new() -> None:
    """Add a deck, a cause, a source or a note type; the rest of your files stays as it is.

    \b
    Example:
      aetia new deck Hyponatraemia --effect "lower the serum sodium"
      aetia new cause SIADH --deck hyponatraemia
    """


@new.command()
@click.argument("name")
@click.option("--effect", help="What a cause does: `lower the serum sodium`.")
@click.option("--in", "parent", help="The deck above it in Anki: `Medicine`.")
def deck(name: str, effect: str | None, parent: str | None) -> None:
    """Write decks/NAME/deck.yaml.

    \b
    Example:
      aetia new deck Hyponatraemia --effect "lower the serum sodium" --in Medicine
    """
    from generator.project.keys import make_key
    from generator.project.start import write_deck

    effect = effect or _ask("What does a cause do? How does this …", "--effect")
    folder = Path("decks") / make_key(name, (), "deck")
    try:
        file = write_deck(folder, name, effect, f"{parent}::{name}" if parent else name)
    except OSError as error:
        raise click.FileError(str(error.filename or folder), error.strerror) from error
    click.echo(f'{file}\nNext: aetia new cause "Name" --deck {folder.name}')


@new.command()
@click.argument("name")
@click.option("--deck", "deck_name", shell_complete=complete_decks, help="The deck; needed if there are several.")
@click.option("--mechanism", help="How it works, in one sentence.")
@click.option("--category", help="Where it stands in the tree: `production/drugs`.")
@click.option("--clue", help="The best pointer to it.")
def cause(name: str, deck_name: str | None, mechanism: str | None, category: str | None, clue: str | None) -> None:
    """Add a cause after the others of its category, or at the end.

    \b
    Example:
      aetia new cause SIADH --deck hyponatraemia --mechanism "Vasopressin acts despite low tonicity"
    """
    from generator.workflows.author import add_cause

    mechanism = mechanism or (_ask("How does it work? (empty: not known yet)", None) if sys.stdin.isatty() else "")
    entry: dict[str, object] = {"cause": name}
    entry |= {"category": category} if category else {}
    entry["mechanism"] = mechanism or {"certainty": "unknown"}
    entry |= {"clue": clue} if clue else {}
    _show(*add_cause(deck_folder(deck_name), name, category, entry))


@new.command()
@click.argument("key")
@click.option("--deck", "deck_name", shell_complete=complete_decks, help="The deck; needed if there are several.")
@click.option("--title")
@click.option("--author", "authors", multiple=True, help="`Family, Given`; may be given again.")
@click.option("--year", type=int)
@click.option("--doi", help="10.… , without the address.")
@click.option("--pmid")
@click.option("--url")
def source(  # noqa: PLR0913, PLR0917  # one argument an option
    key: str, deck_name: str | None, title: str | None, authors: tuple[str, ...], year: int | None,
    doi: str | None, pmid: str | None, url: str | None,
) -> None:  # fmt: skip
    """Add a source to a deck's sources.yaml. Nothing is looked up: only what you give is written.

    \b
    Example:
      aetia new source curtis2017 --deck leukopenia --doi 10.1182/asheducation-2017.1.187
    """
    from generator.workflows.author import add_source

    people = [dict(zip(("family", "given"), map(str.strip, author.split(",", 1)), strict=False)) for author in authors]
    issued = {"date-parts": [[year]]} if year else None
    fields = {"id": key, "type": "article-journal" if doi or pmid else "document", "title": title, "author": people,
              "issued": issued, "DOI": doi, "PMID": pmid, "URL": url}  # fmt: skip
    _show(*add_source(deck_folder(deck_name), {name: value for name, value in fields.items() if value}))


@new.command()
@click.argument("name")
def notetype(name: str) -> None:
    """Copy the templates of a bundled note type into templates/notetypes/, ready to restyle.

    Its cards then have a note type of your project's own in Anki; the schema stays that of the bundled one.

    \b
    Example:
      aetia new notetype cause
    """
    from generator.project.start import copy_note_type, note_type_names

    if name not in note_type_names():
        raise click.UsageError(f"There is no note type `{name}`. Bundled: {', '.join(note_type_names())}.")
    try:
        written = copy_note_type(name, Path("templates"))
    except OSError as error:
        raise click.FileError(str(error.filename or "templates"), error.strerror) from error
    for file in written:
        click.echo(f"  {file}")


def _ask(question: str, option: str | None) -> str:
    """Ask on a terminal; elsewhere the option is needed."""
    if not sys.stdin.isatty():
        raise click.UsageError(f"Missing option {option}.")
    return str(click.prompt(question, default="" if option is None else None, show_default=False))


def _show(file: Path | None, line: int, findings: "Findings") -> None:
    show_findings(findings)
    if file is None:
        raise SystemExit(1)
    click.echo(f"{file}:{line}")
