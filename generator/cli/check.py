"""`aetia check`."""

import rich_click as click

from generator import report
from generator.cli.decks import deck_folders


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...")
@click.option("--format", "format_", type=click.Choice(["full", "concise"]), default="full", show_default=True)
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
def check(decks: tuple[str, ...], format_: str, strict: bool) -> None:
    """Say what is wrong in decks, and where; write nothing.

    Without DECK all decks under decks/ are checked.

    \b
    Example:
      aetia check leukopenia
      aetia check --strict --format concise
    """
    from generator import pipeline

    failed = False
    for folder in deck_folders(decks):
        findings = pipeline.check(folder)
        report.show_findings(findings, concise=format_ == "concise")
        if not findings.diagnostics:
            click.echo(f"{folder.name}: nothing wrong")
        failed |= bool(findings.errors or (strict and findings.diagnostics))
    if failed:
        raise SystemExit(1)
