"""`aetia new`: a deck, a cause, a source or a note type to start from."""

import sys
from typing import TYPE_CHECKING

import rich_click as click

from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folder
from generator.report.author import show_added, show_files, show_new_deck

if TYPE_CHECKING:
    from generator.workflows.author import Added


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
    from generator.workflows.author import add_deck

    show_new_deck(add_deck(name, effect or _ask("What does a cause do? How does this …", "--effect"), parent))


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
    _show(add_cause(deck_folder(deck_name), name, category, mechanism=mechanism, clue=clue))


@new.command()
@click.argument("key")
@click.option("--deck", "deck_name", shell_complete=complete_decks, help="The deck; needed if there are several.")
@click.option("--title")
@click.option("--author", "authors", multiple=True, help="`Family, Given`; may be given again.")
@click.option("--year", type=int)
@click.option("--doi", "DOI", help="10.… , with or without the address before it.")
@click.option("--pmid", "PMID")
@click.option("--url", "URL")
def source(
    *, key: str, deck_name: str | None, authors: tuple[str, ...], year: int | None, **fields: str | None
) -> None:
    """Add a source to a deck's sources.yaml. Nothing is looked up: only what you give is written.

    \b
    Example:
      aetia new source curtis2017 --deck leukopenia --doi 10.1182/asheducation-2017.1.187
    """
    from generator.workflows.author import add_source

    _show(add_source(deck_folder(deck_name), key, authors, year, fields))


@new.command()
@click.argument("name")
def notetype(name: str) -> None:
    """Copy the templates of a bundled note type into templates/notetypes/, ready to restyle.

    Its cards then have a note type of your project's own in Anki; the schema stays that of the bundled one.

    \b
    Example:
      aetia new notetype cause
    """
    from generator.workflows.author import add_note_type

    show_files(add_note_type(name))


def _ask(question: str, option: str | None) -> str:
    """Ask on a terminal; elsewhere the option is needed."""
    if not sys.stdin.isatty():
        raise click.UsageError(f"Missing option {option}.")
    return str(click.prompt(question, default="" if option is None else None, show_default=False))


def _show(added: "Added") -> None:
    show_added(added)
    if added.file is None:
        raise SystemExit(1)
