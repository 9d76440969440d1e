"""`aetia new`: a deck, a cause, a source or a note type to start from."""

import sys
from typing import TYPE_CHECKING

import click

from generator.cli.ask import ask_effect, language_option
from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folder
from generator.cli.groups import Group
from generator.report.author import show_added, show_entry_of, show_files, show_new_deck

if TYPE_CHECKING:
    from generator.workflows.author import Added


@click.group(cls=Group)
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
@language_option("The language of the cards, such as `de`.", default="en")
def deck(name: str, effect: str | None, parent: str | None, language: str) -> None:
    """Write decks/NAME/deck.yaml.

    \b
    Example:
      aetia new deck Hyponatraemia --effect "lower the serum sodium" --in Medicine
    """
    from generator.workflows.author import add_deck

    if not effect and not sys.stdin.isatty():
        raise click.UsageError("Missing option --effect.")
    show_new_deck(add_deck(name, effect or ask_effect(name, "Heavy rain", None), parent, language))


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
@click.option("--type", metavar="TYPE", help="What it is in CSL: `book`, `chapter`, `report`.  [default: by the rest]")
@click.option("--title")
@click.option("--author", "authors", multiple=True, help="`Family, Given`; may be given again.")
@click.option("--year", type=int)
@click.option("--publisher")
@click.option("--isbn", "ISBN")
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
      aetia new source osler1892 --type book --author "Osler, William" --publisher Appleton --year 1892
    """
    from generator.workflows.author import add_source

    _show(add_source(deck_folder(deck_name), key, authors, year, fields))


@new.command()
@click.argument("name")
@click.option("--fields", metavar="A,B,…", help="The fields of a new note type: what asks, then what answers.")
def notetype(name: str, fields: str | None) -> None:
    """Make a note type of your own with --fields, or copy the templates of a bundled one to lay them out anew.

    Both stand in templates/notetypes/NAME/ then. Entries of a new one stand in your deck under `notes:`.

    \b
    Example:
      aetia new notetype quote --fields Quote,Who
      aetia new notetype cause
    """
    from generator.workflows.author import add_note_type

    names = tuple(part.strip() for part in (fields or "").split(",") if part.strip())
    show_files(add_note_type(name, names))
    if names:
        show_entry_of(name, names)


def _ask(question: str, option: str | None) -> str:
    """Ask on a terminal; elsewhere the option is needed."""
    if not sys.stdin.isatty():
        raise click.UsageError(f"Missing option {option}.")
    return str(click.prompt(question, default="" if option is None else None, show_default=False))


def _show(added: "Added") -> None:
    show_added(added)
    if added.file is None:
        raise SystemExit(1)
