"""`aetia build`."""

import os
import time
from pathlib import Path

import rich_click as click

from generator.cli.completion import complete_decks
from generator.cli.decks import deck_folders
from generator.cli.findings import format_option, strict_option
from generator.report.build import show_build, show_current
from generator.report.findings import show_findings
from generator.report.progress import progress


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...", shell_complete=complete_decks)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The package, or a folder for several. [default: dist/]"
)
@click.option(
    "--retire",
    is_flag=True,
    help="Go on though entries or the whole deck.lock are gone, or one entry looks like another.",
)
@click.option(
    "--recover",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="PACKAGE",
    help="Take identities and times also from an earlier package, if deck.lock was lost or set back.",
)
@click.option("-v", "--verbose", is_flag=True, help="List every reason why a card was not made.")
@click.option("--text", is_flag=True, help="Also write DECK.update.txt and DECK.how-to-update.html for learners.")
@click.option(
    "--reviewed-only", is_flag=True, help="Pack only what rests on reviewed entries; fail if that is nothing."
)
@format_option
@strict_option
def build(  # noqa: PLR0913, PLR0917  # one argument for each option
    decks: tuple[str, ...],
    output: Path | None,
    retire: bool,
    recover: Path | None,
    verbose: bool,
    text: bool,
    reviewed_only: bool,
    format_: str,
    strict: bool,
) -> None:
    """Make Anki packages: check, make the notes, write deck.lock and DECK.apkg.

    Without DECK all decks under decks/ are built. Nothing is written if there is an error. A build looks for what
    would break the deck; `aetia check`, or --strict, also looks at wording, sources and cards, and --strict stops at
    warnings too.
    The lock of a deck that came with Aetia stands beside its package.

    deck.lock remembers who is who and when each note changed, so that learners get what changed and keep the rest.
    Commit it with the deck. An entry that is gone is retired: it leaves the package, its identity is kept.

    Exit code: 0 built, 1 something is wrong in a deck or could not be written, 2 wrong use.

    \b
    Example:
      aetia build leukopenia
      aetia build leukopenia -o ~/Desktop/leukopenia.apkg
      aetia build leukopenia --recover ~/Downloads/leukopenia.apkg
      aetia build leukopenia --text
    """
    from generator.package.fingerprint import is_current

    failed = False
    folders = deck_folders(decks)
    if recover and len(folders) > 1:
        raise click.UsageError("--recover takes the package of one deck; name the deck.")
    for folder in folders:
        package = package_of(folder.resolve().name, output)
        if is_current(package, folder) and not (recover or verbose or text or reviewed_only or strict):
            show_current(folder.name, package)
            continue
        from generator.workflows.build import build_package, write_update

        try:
            bar = progress(folder.name)
            built, findings = build_package(
                folder, package, now(), bar, retire, recover=recover, reviewed_only=reviewed_only, strict=strict
            )
            more = write_update(built) if built and text else ()
        except OSError as error:
            raise click.FileError(str(error.filename or package), error.strerror) from error
        show_findings(findings, format_)
        if built and format_ != "json":
            show_build(built, verbose, more, checked=strict)
        failed |= built is None
    if failed:
        raise SystemExit(1)


def package_of(name: str, output: Path | None) -> Path:
    """Return where the package of a deck goes."""
    if output and output.suffix == ".apkg":
        return output
    return (output or Path("dist")) / f"{name}.apkg"


def now() -> int:
    """The one place where time enters; SOURCE_DATE_EPOCH stands in for reproducible builds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and not epoch.isdecimal():
        raise click.UsageError(f"SOURCE_DATE_EPOCH must be a number of seconds since 1970, not `{epoch}`.")
    return int(epoch or time.time())
