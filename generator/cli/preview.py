"""`aetia preview`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folder

if TYPE_CHECKING:
    from generator.preview.cards import Preview


@click.command()
@click.argument("deck", required=False, shell_complete=complete_decks)
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False), help="Write one page to send round instead.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on.  [default: any free one]")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def preview(deck: str | None, export: Path | None, port: int, no_browser: bool) -> None:
    """Show every card of a deck in the browser, and follow each save.

    Without DECK the only deck under decks/ is shown. The page is for this machine alone. Press Ctrl-C to stop.

    \b
    Example:
      aetia preview leukopenia
      aetia preview leukopenia --export leukopenia.html
    """
    from generator.workflows.preview import Previewer, watched_folders

    folder = deck_folder(deck)
    previewer = Previewer(folder, int(time.time()), Path("dist", f"{folder.resolve().name}.apkg"))
    if export:
        previewer.make()
        _export(previewer.examine(), export)
        return
    from generator.preview.server import Live, serve

    def ready(address: str) -> None:
        click.echo(f"{folder.name}: {address}  (Ctrl-C stops)")
        if not no_browser:
            import webbrowser

            webbrowser.open(address)

    serve(Live(previewer.make, previewer.examine), watched_folders(folder), port, ready)


def _export(made: "Preview", file: Path) -> None:
    from generator.preview.page import write_page

    if not made.notes:
        raise click.ClickException(f"There is no card to show; `aetia check {made.deck}` says why.")
    try:
        write_page(made, file)
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from error
    click.echo(f"{file} ({file.stat().st_size / 1024:.0f} KB, {len(made.cards)} cards)")
