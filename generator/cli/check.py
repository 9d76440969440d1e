"""`aetia check`."""

from typing import TYPE_CHECKING

import click

from generator.cli.clock import now
from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folders, package_of
from generator.cli.findings import format_option, show_in, strict_option
from generator.report.deliver import deliver
from generator.report.findings import findings_json
from generator.report.terminal import say

if TYPE_CHECKING:
    from generator.workflows.prepare import Findings


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...", shell_complete=complete_decks)
@format_option
@strict_option
def check(decks: tuple[str, ...], format_: str, strict: bool) -> None:
    """Without DECK, the deck in the current folder is checked, or all decks under decks/. Nothing is written.

    `aetia explain CODE` explains a diagnostic. `lints:` in deck.yaml and comments such as `# aetia: ignore[too-long]
    reason` turn lints off.

    Exit code: 0 if there is no error, 1 if there is one (with --strict, also for a warning), 2 for wrong use.

    \b
    Example:
      aetia check leukopenia
      aetia check --strict --format concise
      aetia check --format json | jq '.[].code'
    """
    from generator.workflows.check import check_folder

    failed = False
    told: list[Findings] = []
    show = told.append if format_ == "json" else show_in(format_)
    for folder in deck_folders(decks):
        findings = check_folder(folder, now(), package_of(folder))
        show(findings)
        if not findings.diagnostics and format_ in ("full", "concise"):
            say(f"{folder.name}: nothing wrong")
        failed |= findings.fails(strict)
    if format_ == "json":
        deliver(findings_json(told), None)
    if failed:
        raise SystemExit(1)
