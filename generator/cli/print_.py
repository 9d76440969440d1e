"""`aetia print` and `aetia print stocks`."""

import json
import os
import re
from glob import escape
from pathlib import Path
from typing import Any

import click

from generator.cli.completion import complete_decks, complete_stocks
from generator.cli.decks import deck_folder, only_deck, package_of, project
from generator.cli.fonts import font_folders
from generator.cli.print_stocks import stocks, user_data, usual_stock
from generator.report.deliver import deliver
from generator.report.findings import show_findings
from generator.report.progress import progress
from generator.report.sheets import (
    print_facts,
    show_done,
    show_fit_report,
    show_next,
    show_printed,
    show_refused,
    show_second_side,
)
from generator.report.stocks import show_calibration, show_printer

PANELS = {
    "Cards": "only without changed done copies sort layout details",
    "Sheet": "stock paper card grid gutter sides reverse flip turn start-at skip",
    "Look": "marks bleed safe ink font min-font fit fit-report",
    "Printer": "printer offset blank calibrate measured save",
    "File": "output engine accessible check json help",
}
"""The groups of options that the help shows."""
_LONGEST = 80
"""The most characters that a selection of cards adds to the name of a PDF."""


class _Print(click.Command):
    """`print` takes a deck, and `print stocks` is a group of its own."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args[:1] == ["stocks"]:
            return stocks.make_context(f"{info_name} stocks", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = {name: option.get_help_record(ctx) for option in self.get_params(ctx) for name in option.opts}
        for panel, names in PANELS.items():
            with formatter.section(panel):
                formatter.write_dl([record for name in names.split() if (record := records[f"--{name}"])])


def _size(_: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, float] | None:
    """Read `210x297`."""
    return _pair(value, "x", parameter)


def _offset(_: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, float] | None:
    """Read `0.5,-1.2`."""
    return _pair(value, ",", parameter)


def _pair(value: str | None, between: str, parameter: click.Parameter) -> tuple[float, float] | None:
    if value is None:
        return None
    try:
        first, second = (float(part) for part in value.casefold().split(between))
    except ValueError:
        raise click.BadParameter(f"`{value}` is not two numbers with `{between}` between.", param=parameter) from None
    return first, second


def _edges(_: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, ...] | None:
    """Read `5` or `4,4,12,4`."""
    if value is None:
        return None
    try:
        edges = tuple(float(part) for part in value.split(","))
    except ValueError:
        edges = ()
    if len(edges) not in (1, 4) or min(edges) < 0:
        raise click.BadParameter(f"`{value}` is neither one number of mm nor four.", param=parameter)
    return edges * (4 // len(edges))


def _numbers(_: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, ...] | None:
    """Read `0.4,-1.2`."""
    try:
        return None if value is None else tuple(float(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter(f"`{value}` is not a list of numbers such as 0.4,-1.2.", param=parameter) from None


def _slots(_: click.Context, parameter: click.Parameter, value: str | None) -> frozenset[int]:
    """Read `2,5`."""
    try:
        return frozenset(int(part) for part in (value or "").split(",") if part.strip())
    except ValueError:
        raise click.BadParameter(f"`{value}` is not a list of slots such as 2,5.", param=parameter) from None


def _order_of_cards(_: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None or value in ("key", "category", "card") or value.startswith("shuffle:"):
        return value
    raise click.BadParameter(f"`{value}` is not one of key, category, card, shuffle:SEED.", param=parameter)


@click.command("print", cls=_Print)
@click.argument("deck", required=False, shell_complete=complete_decks)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The PDF. [default: dist/DECK.pdf; for a part of the deck, a side or a list, DECK-changed.pdf and the like]",
)
@click.option(
    "--layout",
    type=click.Choice(["cards", "list", "key"]),
    default="cards",
    show_default=True,
    help="Cards to cut out, a study list in two columns, or an answer key.",
)
@click.option(
    "--stock",
    shell_complete=complete_stocks,
    help="Name or part number of the sheet, see `aetia print stocks`. [default: a4-8 or letter-8, by the country of "
    "your locale or of the deck's language; for --changed, that of the last sheets on paper]",
)
@click.option("--paper", callback=_size, metavar="WxH", help="A sheet of your own, in mm, with --card and --grid.")
@click.option("--card", callback=_size, metavar="WxH", help="Size of a card in mm, for --paper.")
@click.option("--grid", callback=_size, metavar="CxR", help="Columns and rows, for --paper; centred on the sheet.")
@click.option("--gutter", type=float, default=0.0, help="Gap between cards in mm, for --paper.")
@click.option("--sides", type=click.Choice(["duplex", "fronts", "backs", "fold"]), default="duplex", show_default=True)
@click.option("--reverse", is_flag=True, help="Print the last sheet first, for --sides fronts or backs.")
@click.option(
    "--flip",
    type=click.Choice(["long-edge", "short-edge"]),
    default="long-edge",
    show_default=True,
    help="The edge on which the printer flips the sheet.",
)
@click.option(
    "--turn",
    type=click.Choice(["side", "top"]),
    default="side",
    show_default=True,
    help="How you turn a card over: sideways, or top to bottom.",
)
@click.option("--printer", metavar="NAME", help="A printer saved with --calibrate --measured … --save.")
@click.option("--offset", callback=_offset, metavar="X,Y", help="Move backs right and down, in mm.")
@click.option(
    "--blank",
    callback=_edges,
    metavar="MM[,MM,MM,MM]",
    help="The edge that the printer leaves blank, in mm: one number, or top, right, bottom and left.",
)
@click.option(
    "--calibrate",
    is_flag=True,
    help="Print a sheet that shows how far your printer shifts backs, and what to do about it.",
)
@click.option(
    "--measured",
    callback=_numbers,
    metavar="X,Y[,X2,Y2]",
    help="What you read from that sheet, at one cross or both.",
)
@click.option("--save", metavar="NAME", help="Save what was measured as a printer with this name; print nothing.")
@click.option(
    "--marks",
    type=click.Choice(["none", "crop", "outline", "dots"]),
    help="Marks to cut by. [default: crop; none on stock that is already cut]",
)
@click.option(
    "--bleed", type=click.FloatRange(0, 10), default=0.0, help="How far colour runs over the edge of a card, in mm."
)
@click.option(
    "--safe",
    type=click.FloatRange(1, 30),
    default=4.0,
    show_default=True,
    help="How far text stays from the edge of a card, in mm.",
)
@click.option("--ink", type=click.Choice(["colour", "grey"]), default="colour", show_default=True)
@click.option(
    "--font",
    "fonts",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Set the text in this font file. Repeatable. [default: bundled, and the system's for what these lack]",
)
@click.option("--details", is_flag=True, help="Print details and sources too.")
@click.option(
    "--min-font",
    "floor",
    type=click.FloatRange(3, 20),
    default=6.0,
    show_default=True,
    help="The smallest type, in pt.",
)
@click.option(
    "--fit",
    type=click.Choice(["shrink", "split", "strict"]),
    default="split",
    show_default=True,
    help="Long text: split continues it on another card rather than go below 8 pt, shrink only sets it smaller, strict "
    "refuses it.",
)
@click.option("--fit-report", "report", is_flag=True, help="Show how the cards fit on every stock, and print nothing.")
@click.option(
    "--only",
    multiple=True,
    metavar="WHAT",
    help="Print only this entry, category, tag, kind of card, or card with this number. Repeatable.",
)
@click.option("--without", multiple=True, metavar="WHAT", help="Leave this out, named as for --only. Repeatable.")
@click.option("--changed", is_flag=True, help="Print only cards that are new or changed since --done.")
@click.option(
    "--done", is_flag=True, help="Record that the last PDF is on paper, and print nothing. -o names another PDF."
)
@click.option("--copies", type=click.IntRange(1, 100), default=1, help="How many sets to print, each from a new sheet.")
@click.option(
    "--start-at",
    "start",
    type=click.IntRange(1),
    default=1,
    metavar="SLOT",
    help="The first free slot of a part-used sheet.",
)
@click.option("--skip", callback=_slots, metavar="SLOTS", help="More used slots of the first sheet, such as 2,5.")
@click.option(
    "--sort",
    callback=_order_of_cards,
    metavar="ORDER",
    help="Order the cards by key, category, card or shuffle:SEED. [default: the order of learning]",
)
@click.option("--engine", type=click.Choice(["auto", "plutoprint", "weasyprint"]), default="auto", show_default=True)
@click.option("--accessible", is_flag=True, help="Make a tagged PDF (PDF/UA) with WeasyPrint.")
@click.option(
    "--check", is_flag=True, help="Read the PDF again, and check that backs lie behind fronts and text within cards."
)
@click.option("--json", "json_", is_flag=True, help="Show what was printed as JSON, null if nothing could be.")
def print_(deck: str | None, output: Path | None, json_: bool, done: bool, **options: Any) -> None:
    """Without DECK, the only deck under decks/ is printed. If a card does not fit, nothing is written.

    Print the PDF at 100 % ("actual size"), on both sides, flipped on the long edge. When the sheets are on paper,
    record it with --done: their cards keep their numbers, and --changed leaves them out until they change. A choice of
    cards (--changed, --only, --without) gets a PDF with a name of its own, and the PDF of the whole deck stays. `aetia
    print stocks` lists the sheets and adds new ones.

    \b
    Example:
      aetia print leukopenia
      aetia print leukopenia --stock 5388 --only production/drugs
      aetia print leukopenia --done
      aetia print leukopenia --changed --start-at 4
    """
    os.environ.pop("FONTCONFIG_FILE", None)  # it would win over the bundled fonts
    if options["calibrate"] or options["measured"] is not None or options["save"]:
        _calibrate(deck, output, options)
    elif done:
        _record(deck_folder(deck), output)
    else:
        _print_sheets(deck_folder(deck), output, json_, options)


def _print_sheets(folder: Path, output: Path | None, json_: bool, options: dict[str, Any]) -> None:
    from generator.workflows.print_ import make_order, print_sheets

    stock = {"stock": options["stock"] or usual_stock(folder), "usual": not options["stock"]}
    asked = {**options, **stock, "font_folders": font_folders()}
    order = make_order(asked, user_data())
    file = output or _pdf(folder, options)
    printed, findings = print_sheets(folder, file, order, user_data(), progress(folder.name))
    show_findings(findings)
    if printed is None:
        if json_:
            deliver("null", None)
        show_refused(file)
        raise SystemExit(1)
    if json_:
        deliver(json.dumps(print_facts(printed), ensure_ascii=False, indent=2), None)
    elif options["report"]:
        show_fit_report(printed)
    else:
        show_printed(printed)
        if printed.file and options["sides"] == "fronts" and options["layout"] == "cards":
            show_second_side(folder.name, options["flip"])
        show_next(printed, folder.name, output)
    if printed.strays:
        raise SystemExit(1)


def _pdf(folder: Path, options: dict[str, Any]) -> Path:
    """Return the usual path of a PDF. A part of a deck has its own, so that the PDF of the whole deck stays."""
    layout, sides = options["layout"], options["sides"]
    parts = ["changed"] if options["changed"] else []
    parts += [*options["only"], *(["without", *options["without"]] if options["without"] else [])]
    named = re.sub(r"\W+", "-", "-".join(("", *parts)))[:_LONGEST].rstrip("-")
    side = f"-{sides}" if layout == "cards" and sides in ("fronts", "backs") else ""
    ending = {"cards": "", "list": "-study-list", "key": "-answer-key"}[layout]
    package = package_of(folder)
    return package.with_name(f"{package.stem}{named}{side}{ending}.pdf")


def _record(folder: Path, output: Path | None) -> None:
    """Record the cards of a PDF as printed: the PDF that the user names, or the last one with a usual name."""
    from generator.workflows.print_ import mark_done

    whole = package_of(folder).with_suffix(".pdf")
    usual = [whole, *whole.parent.glob(f"{escape(whole.stem)}-*.pdf")]
    done, findings = mark_done(folder, [output] if output else usual, user_data())
    show_findings(findings)
    if done is None:
        raise SystemExit(1)
    show_done(*done)


def _calibrate(deck: str | None, output: Path | None, options: dict[str, Any]) -> None:
    """Write the calibration sheet, or save as a printer what was read from it."""
    from generator.workflows.print_ import make_order, print_calibration, save_printer

    folder = deck_folder(deck) if deck is not None else only_deck()
    order = make_order({**options, "stock": options["stock"] or usual_stock(folder)}, user_data())
    name = options["save"]
    if options["measured"] is None and not name:
        file = output or project() / "dist" / "calibration.pdf"
        show_findings(print_calibration(folder, file, order, user_data()))
        show_calibration(file)
    elif not name:
        raise click.UsageError("--measured needs --save NAME, the name to save the printer under.")
    else:
        show_printer(name, *save_printer(name, options["measured"] or (0.0, 0.0), order, user_data()))
