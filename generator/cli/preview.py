"""`aetia preview`."""

import gc
import os
from pathlib import Path

import click

from generator.cli.clock import now
from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folder, package_of
from generator.report.findings import show_findings
from generator.report.preview import show_address, show_exported


@click.command()
@click.argument("deck", required=False, shell_complete=complete_decks)
@click.option(
    "--export", type=click.Path(path_type=Path, dir_okay=False), help="Write one page to send to others instead."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port to listen on.  [default: the deck's own, or any free one]",
)
@click.option(
    "--editor",
    help="The editor that opens a file at its line: `vscode`, `subl`, … or a command with {file} and {line}.  "
    "[default: $VISUAL or $EDITOR, if it opens a window]",
)
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.")
def preview(deck: str | None, export: Path | None, port: int, editor: str | None, no_browser: bool) -> None:
    """Without DECK, the only deck under decks/ is shown.

    Only this machine can open the page. Press Ctrl-C to stop. --export writes the page as one file, on which a reader
    can mark cards; `aetia review` reads these marks.

    \b
    Example:
      aetia preview leukopenia --editor vscode
      aetia preview leukopenia --export leukopenia.html
    """
    from generator.workflows.check import check_folder
    from generator.workflows.preview import export_preview, serve_preview

    folder = deck_folder(deck)
    if export:
        if not (cards := export_preview(folder, package_of(folder), now(), export)):
            show_findings(check_folder(folder, now(), package_of(folder)))
            raise click.ClickException("There is no card to show, so no page was written.")
        show_exported(export, cards)
        return

    def ready(address: str) -> None:
        show_address(folder.name, address)
        if not no_browser:
            import webbrowser

            webbrowser.open(address)

    gc.set_threshold(100_000, 50)  # unlike other commands, this one keeps running
    usual = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    serve_preview(folder, package_of(folder), now(), port, ready, editor=editor, usual_editor=usual)
