"""`aetia rehearse`."""

from importlib.util import find_spec
from pathlib import Path

import rich_click as click

from generator import report
from generator.cli.build import now
from generator.cli.decks import deck_folders


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...")
@click.option(
    "--against", type=click.Path(path_type=Path), help="The old release, a package. [default: dist/DECK.apkg]"
)
@click.option(
    "--budget",
    type=click.IntRange(min=0),
    metavar="N",
    help="Fail if more than N notes of the learner are overwritten.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another learner.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rehearse(decks: tuple[str, ...], against: Path | None, budget: int | None, seed: int, format_: str) -> None:
    """Play what a release does to learners, in a throw-away real Anki collection.

    The old release is imported; a learner edits and tags every note, answers, flags, suspends and moves cards, and
    changes the css; then the deck as it stands is imported. What is reported is the most that a learner can lose.
    Nothing of yours is written. Fails with 1 if notes are in conflict, so that nothing of a release arrives.

    \b
    Example:
      aetia rehearse leukopenia
      aetia rehearse leukopenia --against v1.apkg --budget 10
    """
    if find_spec("anki") is None:
        raise click.UsageError("A rehearsal needs Anki's own library. Install it with: pip install 'aetia[anki]'")
    from generator import pipeline

    failed = False
    done = {}
    for folder in deck_folders(decks):
        old = against or Path("dist", f"{folder.resolve().name}.apkg")
        if not old.is_file():
            raise click.UsageError(f"There is no package {old}. Build the deck first, or name one with --against.")
        rehearsal, findings = pipeline.rehearse(folder, old, now(), seed)
        report.show_findings(findings)
        if rehearsal is None:
            failed = True
            continue
        done[folder.name] = rehearsal
        failed |= bool(rehearsal.conflicting) or (budget is not None and rehearsal.overwritten > budget)
        if format_ == "text":
            report.show_rehearsal(rehearsal, old, budget)
    if format_ == "json":
        click.echo(report.rehearsals_json(done))
    if failed:
        raise SystemExit(1)
