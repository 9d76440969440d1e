"""`aetia new`: add a deck, a cause, a source or a note type."""

import sys
from typing import TYPE_CHECKING

import click

from generator.cli.ask import ask_effect, language_option
from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folder, project
from generator.cli.groups import Group
from generator.report.author import show_added, show_entry_of, show_files, show_new_deck, show_no_card_yet

if TYPE_CHECKING:
    from generator.workflows.author import Added


class _New(Group):
    """Refuses words with a character that no file can hold, which a terminal can pass on."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for word in args:
            word.encode()
        return super().parse_args(ctx, args)


@click.group(cls=_New)
def new() -> None:
    """The rest of your files stays as it is.

    \b
    Example:
      aetia new deck Hyponatraemia --effect "lower the serum sodium"
      aetia new cause SIADH --deck hyponatraemia
    """


@new.command()
@click.argument("name")
@click.option(
    "--effect", help="What a cause does, such as `lower the serum sodium`. Asked for at a terminal if missing."
)
@click.option("--finding", help="What the causes are causes of, as a noun.  [default: NAME]")
@click.option("--in", "parent", help="The deck above it in Anki, such as `Medicine`.")
@language_option("The language of the cards, such as `de`.", default="en")
def deck(name: str, effect: str | None, finding: str | None, parent: str | None, language: str) -> None:
    """Write decks/NAME/deck.yaml.

    NAME is a noun: the finding, which is what the causes are causes of. If the deck is called otherwise, name the
    finding with --finding.

    \b
    Example:
      aetia new deck Hyponatraemia --effect "lower the serum sodium" --in Medicine
      aetia new deck "Why is bread flat?" --finding "Flat bread" --effect "keep bread from rising"
    """
    from generator.workflows.author import add_deck, finding_for

    finding = finding or finding_for(name)
    if not effect and not sys.stdin.isatty():
        raise click.UsageError("Missing option --effect.")
    effect = effect or ask_effect(finding, "Heavy rain", None)
    show_new_deck(add_deck(project(), name, finding, effect, parent, language))


@new.command()
@click.argument("name")
@click.option("--deck", "deck_name", shell_complete=complete_decks, help="The deck. Needed if there are several.")
@click.option("--mechanism", help="How it works, in one sentence.")
@click.option("--category", help="Its category, by its path (`production/drugs`) or its name.")
@click.option("--clue", help="The clue that points to it best.")
def cause(name: str, deck_name: str | None, mechanism: str | None, category: str | None, clue: str | None) -> None:
    """Add a cause after the others of its category, or at the end. A name that the deck has already is refused.

    \b
    Example:
      aetia new cause SIADH --deck hyponatraemia --mechanism "Vasopressin acts despite low tonicity"
    """
    from generator.workflows.author import add_cause

    mechanism = mechanism or (_ask("How does it work? (empty: not known yet)", None) if sys.stdin.isatty() else "")
    _show(add_cause(deck_folder(deck_name), name, category, mechanism=mechanism, clue=clue))
    if not mechanism and not clue:
        show_no_card_yet()


@new.command()
@click.argument("key")
@click.option("--deck", "deck_name", shell_complete=complete_decks, help="The deck. Needed if there are several.")
@click.option(
    "--type",
    metavar="TYPE",
    help="Its CSL type, such as `book` or `report`.  [default: guessed from the other options]",
)
@click.option("--title")
@click.option("--author", "authors", multiple=True, help="`Family, Given`. Repeatable.")
@click.option("--year", type=int)
@click.option("--publisher")
@click.option("--isbn", "ISBN")
@click.option("--doi", "DOI", help="10.…, with or without https://doi.org/.")
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
@click.option(
    "--fields", metavar="A,B,…", help="The fields of a new note type: first the one that asks, then those that answer."
)
def notetype(name: str, fields: str | None) -> None:
    """Make a note type, or copy a bundled one to change.

    --fields makes one of your own. Without it, NAME is a bundled note type whose templates are copied, so that you can
    change its layout.

    The files are written to templates/notetypes/NAME/. Entries of a new note type go under `notes:` in your deck.

    \b
    Example:
      aetia new notetype quote --fields Quote,Who
      aetia new notetype cause
    """
    from generator.workflows.author import add_note_type

    names = tuple(part.strip() for part in (fields or "").split(",") if part.strip())
    show_files(add_note_type(project(), name, names))
    if names:
        show_entry_of(name, names)


def _ask(question: str, option: str | None) -> str:
    """Ask at a terminal. Elsewhere, raise `click.UsageError` for the missing option."""
    if not sys.stdin.isatty():
        raise click.UsageError(f"Missing option {option}.")
    return str(click.prompt(question, default="" if option is None else None, show_default=False))


def _show(added: "Added") -> None:
    show_added(added)
    if added.file is None:
        raise SystemExit(1)
