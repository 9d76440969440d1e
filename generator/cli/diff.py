"""`aetia diff`."""

from pathlib import Path

import click

from generator.cli.clock import now
from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folder, package_of
from generator.report.build import show_changes
from generator.report.deliver import deliver
from generator.report.findings import show_findings

FORMATS = ("text", "markdown", "json", "html")


@click.command()
@click.argument("deck", required=False, metavar="[DECK]", shell_complete=complete_decks)
@click.option(
    "--against",
    default="last",
    show_default=True,
    metavar="last|REV|FILE.apkg",
    help="What to compare with: the last build in dist/, a git revision, or a package.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How to show the changes: json is null if one of the two releases has errors in its files.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of the terminal.",
)
def diff(deck: str | None, against: str, format_: str, output: Path | None) -> None:
    """Changes are shown entry by entry, with what an import would do to learners' notes.

    Nothing is built, and only the output is written. `markdown` makes release notes, `html` shows cards before and
    after.

    Exit code: 0 whether or not something changed, 1 if a build would stop at an error or if a change would not reach
    learners, 2 for wrong use.

    \b
    Example:
      aetia diff leukopenia
      aetia diff leukopenia --against v1.0 --format markdown -o notes.md
      aetia diff leukopenia --against old/leukopenia.apkg --format html -o changes.html
    """
    from generator.workflows.diff import diff_against

    folder = deck_folder(deck)
    told, findings = diff_against(folder, package_of(folder), against, now(), format_)
    show_findings(findings)
    if told is None:
        if format_ == "json" and output is None:
            deliver("null", None)
        raise SystemExit(1)
    if format_ == "text" and output is None:
        show_changes(told.changes, against)
    else:
        deliver(told.document, output)
    effect = told.changes.effect
    if findings.errors or effect.undelivered or effect.conflicting:
        raise SystemExit(1)
