"""`aetia build`."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.clock import now
from generator.cli.completion import complete_decks
from generator.cli.decks import REVIEWED, deck_folders, package_of, stray_packages
from generator.cli.findings import format_option, show_in, strict_option
from generator.report.build import show_build, show_current, show_strays
from generator.report.deliver import deliver
from generator.report.findings import findings_json
from generator.report.progress import progress

if TYPE_CHECKING:
    from generator.workflows.prepare import Findings


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...", shell_complete=complete_decks)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The package, or a folder for several. [default: dist/]"
)
@click.option("--retire", is_flag=True, help="Build although many entries are gone, or one looks renamed.")
@click.option(
    "--recover",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="PACKAGE",
    help="Also take identities and times from an earlier package, if deck.lock was lost or set back.",
)
@click.option("--text", is_flag=True, help="Also write DECK.update.txt and DECK.how-to-update.html for learners.")
@click.option("--reviewed-only", is_flag=True, help="Pack only reviewed entries, as DECK-reviewed.apkg.")
@format_option
@strict_option
def build(
    *,
    decks: tuple[str, ...],
    output: Path | None,
    retire: bool,
    recover: Path | None,
    reviewed_only: bool,
    format_: str,
    strict: bool,
    **outputs: bool,
) -> None:
    """Without DECK, the deck in the current folder is built, or all decks under decks/.

    If a deck has an error, nothing of that deck is written. A build looks only for what would break the deck. --strict
    also checks wording, sources and cards, as `aetia check` does, and stops at warnings too. The lock of a deck that
    comes with Aetia is written beside its package. Later builds renew the files of --text beside it.

    deck.lock remembers the identity of each note and when it changed, so that learners get what changed and keep the
    rest. Commit it with the deck. An entry that is gone is retired: it leaves the package, and deck.lock keeps its
    identity. If five or more notes are gone at once, and these are more than a fifth of ten or more, the build stops;
    at a terminal it asks first.

    Exit code: 0 if everything was built, 1 if a deck has a fault or a file could not be written, 2 for wrong use.

    \b
    Example:
      aetia build leukopenia
      aetia build leukopenia -o ~/Desktop/leukopenia.apkg
      aetia build leukopenia --recover ~/Downloads/leukopenia.apkg
      aetia build leukopenia --text
    """
    from generator.workflows.outputs import is_all_current

    failed = False
    told: list[Findings] = []
    show = told.append if format_ == "json" else show_in(format_)
    folders = deck_folders(decks)
    if recover and len(folders) > 1:
        raise click.UsageError("--recover takes the package of one deck; name the deck.")
    asked = tuple(option for option, is_asked in outputs.items() if is_asked)
    for folder in folders:
        package = package_of(folder, output)
        if not (recover or reviewed_only or strict) and is_all_current(folder, package, asked):
            if format_ != "json":
                show_current(folder.name, package)
            continue
        from generator.workflows.build import build_package

        run = partial(
            build_package,
            folder,
            package,
            now(),
            progress(folder.name),
            asked=asked,
            recover=recover,
            reviewed_only=reviewed_only,
            into=package_of(folder, output, REVIEWED) if reviewed_only else None,
            strict=strict,
        )
        built, findings = run(retire=retire)
        show(findings)
        if built is None and findings.only_retires and _meant(format_):
            built, findings = run(retire=True)
            show(findings)
        if built and format_ != "json":
            show_build(built, checked=strict)
        failed |= built is None
    if not decks and not output and format_ != "json":
        show_strays(stray_packages(folders))
    if format_ == "json":
        deliver(findings_json(told), None)
    if failed:
        raise SystemExit(1)


def _meant(format_: str) -> bool:
    """Ask at a terminal whether the author gave these entries up. Return False where nobody can answer."""
    if format_ != "full" or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm("Did you give these entries up for good?", default=False, err=True)
