"""`aetia check`."""

import click

from generator.cli.clock import now
from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folders, package_of
from generator.cli.findings import format_option, strict_option
from generator.cli.groups import Command
from generator.report.findings import show_findings
from generator.report.terminal import say


@click.command(cls=Command)
@click.argument("decks", nargs=-1, metavar="[DECK]...", shell_complete=complete_decks)
@format_option
@strict_option
def check(decks: tuple[str, ...], format_: str, strict: bool) -> None:
    """Say what is wrong in decks, and where; write nothing.

    Without DECK the deck that you stand in is checked, or all under decks/. `aetia explain CODE` tells more about a
    diagnostic; `lints:` in deck.yaml and comments such as `# aetia: ignore[too-long] reason` choose among them.

    \b
    Example:
      aetia check leukopenia
      aetia check --strict --format concise
      aetia check --format json | jq .code
    """
    from generator.workflows.check import check_folder

    failed = False
    for folder in deck_folders(decks):
        findings = check_folder(folder, now(), package_of(folder))
        show_findings(findings, format_)
        if not findings.diagnostics and format_ in ("full", "concise"):
            say(f"{folder.name}: nothing wrong")
        failed |= findings.fails(strict)
    if failed:
        raise SystemExit(1)
