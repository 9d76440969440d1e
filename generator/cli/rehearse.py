"""`aetia rehearse`."""

import click

from generator.cli.clock import now
from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folders, package_of
from generator.report.deliver import deliver
from generator.report.findings import show_findings
from generator.report.rehearsal import rehearsals_json, show_rehearsal


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...", shell_complete=complete_decks)
@click.option(
    "--against",
    default="last",
    show_default=True,
    metavar="last|REV|FILE.apkg",
    help="The old release: the last build in dist/, a git revision, or a package.",
)
@click.option(
    "--budget",
    type=click.IntRange(min=0),
    metavar="N",
    help="Fail if more than N of the learner's edited notes are overwritten.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The seed for what the learner does.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rehearse(decks: tuple[str, ...], against: str, budget: int | None, seed: int, format_: str) -> None:
    """The collection is thrown away, and nothing of yours is written.

    The old release is imported. A learner edits and tags every note, answers, flags, suspends and moves cards, and
    changes the css. Then the deck as it is now is imported. The report shows the most that a learner can lose.

    Exit code: 0 if all is well, 1 if a deck has an error, if a change does not reach the learner (as if notes are in
    conflict), or if the budget is exceeded, 2 for wrong use.

    \b
    Example:
      aetia rehearse leukopenia
      aetia rehearse leukopenia --against v1.0 --budget 10
      aetia rehearse leukopenia --against old/leukopenia.apkg --format json
    """
    from generator.workflows.rehearse import rehearse_against

    failed = False
    done = {}
    for folder in deck_folders(decks):
        package = package_of(folder)
        rehearsal, findings = rehearse_against(folder, package, against, now(), seed)
        show_findings(findings)
        failed |= bool(findings.errors)
        if rehearsal is None:
            continue
        done[folder.name] = rehearsal
        failed |= bool(rehearsal.conflicting or rehearsal.missed)
        failed |= budget is not None and rehearsal.overwritten > budget
        if format_ == "text":
            show_rehearsal(rehearsal, str(package) if against == "last" else against, budget, last=against == "last")
    if format_ == "json":
        deliver(rehearsals_json(done), None)
    if failed:
        raise SystemExit(1)
