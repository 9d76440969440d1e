"""`aetia why`."""

import click

from generator.cli.clock import now
from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folders
from generator.cli.print_stocks import user_data
from generator.report.findings import show_findings
from generator.report.why import show_why
from generator.report.words import unknown


@click.command()
@click.argument("card", required=False)
@click.option("--source", metavar="KEY", help="List every card that rests on this source.")
@click.option(
    "--deck",
    "decks",
    multiple=True,
    metavar="DECK",
    shell_complete=complete_decks,
    help="Look only in this deck. Repeatable.",
)
def why(card: str | None, source: str | None, decks: tuple[str, ...]) -> None:
    """CARD is the key in small print on the card, or its number on paper.

    The name of a cause, the path of a category, and Anki's number of the note or card will do too. The statements of
    the entry and the claims that it covers are shown too.

    \b
    Example:
      aetia why clozapine
      aetia why 178 --deck leukopenia
      aetia why --source curtis2017 --deck leukopenia
    """
    from generator.workflows.prepare import day_of
    from generator.workflows.why import trace_cards

    if (card is None) == (source is None):
        raise click.UsageError("Give either a CARD or a --source.")
    found = False
    gone: list[str] = []
    known: dict[str, None] = {}
    for folder in deck_folders(decks):
        answer, findings = trace_cards(folder, card, source, user_data())
        if answer is None:
            show_findings(findings)
            raise SystemExit(1)
        found |= show_why(answer, day_of(now()))
        if answer.retired:
            day = day_of(answer.retired)
            gone.append(f"`{card}` of {answer.deck} was retired on {day}.")
        known |= dict.fromkeys(answer.known)
    if gone and not found:
        raise click.UsageError(" ".join(gone))
    if not found:
        foot = " In Anki, the key of a card is in small print at the foot of its back; on paper, its number is."
        where = "" if source else foot
        raise click.UsageError(unknown(card or source or "", "source" if source else "card", tuple(known)) + where)
