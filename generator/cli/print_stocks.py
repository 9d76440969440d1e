"""`aetia print stocks`: the sheets that cards can be printed on."""

import locale
import os
from pathlib import Path

import click

from generator.cli.groups import Group
from generator.report.deliver import deliver
from generator.report.findings import show_findings
from generator.report.stocks import list_stocks, show_saved

_LETTER_COUNTRIES = ("US", "CA", "MX", "PH", "CL", "CO", "VE", "CR", "GT", "SV", "NI", "PA", "PR", "DO")
"""Countries, by their code in a locale or a language tag, that use Letter paper."""


@click.group(cls=Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def stocks(context: click.Context) -> None:
    """List, show and add the sheets that cards can be printed on. Without a command, list them.

    \b
    Example:
      aetia print stocks
      aetia print stocks show 5371
    """
    if context.invoked_subcommand is None:
        context.invoke(list_)


@stocks.command("list")
def list_() -> None:
    """List all sheets with their sizes, those of your paper first.

    \b
    Example:
      aetia print stocks list
    """
    from generator.workflows.print_ import read_stocks

    known, findings = read_stocks(user_data())
    show_findings(findings)
    list_stocks(known, known[usual_stock()].paper)


@stocks.command()
@click.argument("name")
def show(name: str) -> None:
    """Print the file of a sheet, to read or to start your own from.

    \b
    Example:
      aetia print stocks show 5371 > mine.yaml
    """
    from generator.workflows.print_ import describe_stock

    text, findings = describe_stock(name, user_data())
    show_findings(findings)
    deliver(text, None)


@stocks.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def add(file: Path) -> None:
    """Add a sheet of your own from a YAML file.

    It has the form that `show` prints. The name of the file becomes the name of the sheet.

    \b
    Example:
      aetia print stocks add mine.yaml
    """
    from generator.workflows.print_ import add_stock

    saved, findings = add_stock(file, user_data())
    show_findings(findings)
    if not saved:
        raise SystemExit(1)
    show_saved(saved)


@stocks.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--part", multiple=True, help="Only this part number. Repeatable.")
def import_(file: Path, part: tuple[str, ...]) -> None:
    """Add sheets from a gLabels template file. Sheets that cannot be used are listed.

    \b
    Example:
      aetia print stocks import avery-us-templates.xml --part 5371
    """
    from generator.workflows.print_ import import_glabels

    saved, refused = import_glabels(file, part, user_data())
    show_saved(saved, refused)
    if not saved:
        raise click.UsageError(f"{file} has no sheet of cards{' of that part number' if part else ''}.")


def user_data() -> Path:
    """Return the folder of what Aetia saves for a user: stocks, printers, and which cards are on paper."""
    return Path(click.get_app_dir("aetia"))


def usual_stock(folder: Path | None = None) -> str:
    """Return the stock with eight cards on the paper of the country: that of the locale, or of a deck's language."""
    from generator.workflows.print_ import language_of

    names = (os.environ.get(name) for name in ("LC_ALL", "LC_PAPER", "LANG"))
    name = next((name for name in names if name), None) or locale.setlocale(locale.LC_CTYPE)
    country = name.partition(".")[0].partition("_")[2]
    if not country and folder:
        country = next((part for part in language_of(folder).split("-")[1:] if len(part) == len("US")), "")
    return "letter-8" if country in _LETTER_COUNTRIES else "a4-8"
