"""`aetia rehearse`."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from generator.cli.build import now, package_of
from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folders
from generator.cli.diff import former_release
from generator.report.findings import show_findings
from generator.report.rehearsal import rehearsals_json, show_rehearsal

if TYPE_CHECKING:
    from generator.model.notes import Release


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...", shell_complete=complete_decks)
@click.option(
    "--against", default="last", show_default=True, metavar="last|REV|FILE.apkg",
    help="The old release: the last build in dist/, a git revision, or a package.",
)  # fmt: skip
@click.option(
    "--budget", type=click.IntRange(min=0), metavar="N",
    help="Fail if more than N notes of the learner are overwritten.",
)  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Another learner.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rehearse(decks: tuple[str, ...], against: str, budget: int | None, seed: int, format_: str) -> None:
    """Play what a release does to learners, in a throw-away real Anki collection.

    The old release is imported; a learner edits and tags every note, answers, flags, suspends and moves cards, and
    changes the css; then the deck as it stands is imported. What is reported is the most that a learner can lose.
    Nothing of yours is written. Fails with 1 if notes are in conflict, so that nothing of a release arrives.

    \b
    Example:
      aetia rehearse leukopenia
      aetia rehearse leukopenia --against v1.0 --budget 10
      aetia rehearse leukopenia --against old/leukopenia.apkg --format json
    """
    if find_spec("anki") is None:
        raise click.UsageError("A rehearsal needs Anki's own library. Install it with: pip install 'aetia[anki]'")
    from tempfile import TemporaryDirectory

    from generator.workflows.rehearse import rehearse_release

    failed = False
    done = {}
    for folder in deck_folders(decks):
        package = package_of(folder.resolve().name, None)
        with TemporaryDirectory(prefix="aetia-") as workspace:
            old = _old_release(folder, package, against, Path(workspace))
            rehearsal, findings = rehearse_release(folder, package, old, now(), seed)
        show_findings(findings)
        failed |= bool(findings.errors)
        if rehearsal is None:
            continue
        done[folder.name] = rehearsal
        failed |= bool(rehearsal.conflicting) or (budget is not None and rehearsal.overwritten > budget)
        if format_ == "text":
            show_rehearsal(rehearsal, str(package) if against == "last" else against, budget)
    if format_ == "json":
        click.echo(rehearsals_json(done))
    if failed:
        raise SystemExit(1)


def _old_release(folder: Path, package: Path, against: str, workspace: Path) -> "Path | Release":
    """The release that the learner has: a package, or what a git revision made. A wrong choice ends with 2."""
    file = package if against == "last" else Path(against)
    if file.is_file():
        return file
    if against == "last" or file.suffix == ".apkg":
        raise click.UsageError(f"There is no package {file}. Build the deck first, or name one with --against.")
    former = former_release(folder, against, workspace)
    if not former.timed:
        raise click.UsageError(
            f"{against}: there was no deck.lock, so nobody knows when its notes last changed; name its package instead."
        )
    return former.release
