"""`aetia diff`."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from generator.cli.build import now, package_of
from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folders
from generator.diagnostics import Diagnostic
from generator.report.build import show_changes
from generator.report.deliver import deliver
from generator.report.findings import show_findings

if TYPE_CHECKING:
    from generator.model.notes import EarlierRelease

FORMATS = ("text", "markdown", "json", "html")


@click.command()
@click.argument("deck", required=False, metavar="[DECK]", shell_complete=complete_decks)
@click.option(
    "--against", default="last", show_default=True, metavar="last|REV|FILE.apkg",
    help="The last build in dist/, a git revision, or a package.",
)  # fmt: skip
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of the screen.")
def diff(deck: str | None, against: str, format_: str, output: Path | None) -> None:
    """Say what changed since an earlier release, entry by entry, and what an import would do to learners' notes.

    Nothing is built or written but the output. Markdown makes release notes; html shows cards before and after.

    \b
    Example:
      aetia diff leukopenia
      aetia diff leukopenia --against v1.0 --format markdown -o notes.md
      aetia diff leukopenia --against old/leukopenia.apkg --format html -o changes.html
    """
    from tempfile import TemporaryDirectory

    from generator.workflows.diff import diff_deck, write_up

    folders = deck_folders((deck,) if deck else ())
    if len(folders) > 1:
        raise click.UsageError("There are several decks here; name one.")
    folder = folders[0]
    package = package_of(folder.resolve().name, None)
    with TemporaryDirectory(prefix="aetia-") as workspace:
        former = former_release(folder, against, Path(workspace))
        compared, findings = diff_deck(folder, package, former, now())
        if compared is None:
            show_findings(findings)
            raise SystemExit(1)
        if format_ == "text" and output is None:
            show_changes(compared.changes)
            return
        content = write_up(compared, format_)
    try:
        deliver(content, output)
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from error


def former_release(folder: Path, against: str, workspace: Path) -> "EarlierRelease":
    """The release to compare with. A wrong choice ends the program with 2, faults in old sources with 1."""
    from generator.workflows.diff import open_revision
    from generator.workflows.history import open_package
    from generator.workflows.prepare import Findings

    if against == "last":
        package = package_of(folder.resolve().name, None)
        if not package.exists():
            raise click.UsageError(
                f"There is no earlier build at {package}. Build first, or give --against a package or a git revision."
            )
        against = str(package)
    found: EarlierRelease | Diagnostic | Findings | None
    if against.endswith(".apkg") or Path(against).is_file():
        found = open_package(Path(against), with_media=True)
    else:
        former, fault = open_revision(folder, against, workspace)
        found = former or fault
    if isinstance(found, Diagnostic):
        hint = f"; {found.hint}" if found.hint else ""
        raise click.UsageError(f"{against}: {found.message}{hint}.")
    if isinstance(found, Findings):
        show_findings(found)
        raise SystemExit(1)
    return found
