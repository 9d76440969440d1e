"""`aetia review`."""

from pathlib import Path

import click

from generator.cli.clock import now
from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folders
from generator.cli.findings import format_option, show_in
from generator.report.review import show_reviewed


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("deck", required=False, shell_complete=complete_decks)
@click.option("--sign", is_flag=True, help="Sign each entry whose cards are all marked right.")
@click.option("--by", metavar="NAME", help="The reader, if FILE names none.")
@format_option
def review(file: Path, deck: str | None, sign: bool, by: str | None, format_: str) -> None:
    """FILE is what the page of `aetia preview --export` saves. Its marks are shown at the lines of the entries.

    Without DECK, the deck that FILE names is looked for under decks/. The mark “wrong” is an error, “unclear” a
    warning. With --sign, an entry becomes `reviewed` if each of its cards is marked right and its text is still the one
    that was read. A later edit makes it a draft again.

    A signature changes the field `Reviewed` of the entry's notes, so the next release updates them.

    Exit code: 0 if no card is marked wrong, 1 if one is or an entry cannot be signed, 2 for wrong use.

    \b
    Example:
      aetia review leukopenia.review.json
      aetia review leukopenia.review.json --sign
    """
    from generator.workflows.review import review as read_review

    reviewed, findings = read_review(file, deck_folders((deck,) if deck is not None else ()), now(), sign, by)
    show_in(format_)(findings)
    if reviewed and format_ in ("full", "concise"):
        show_reviewed(reviewed, file, fails=findings.errors > 0)
    if findings.errors:
        raise SystemExit(1)
