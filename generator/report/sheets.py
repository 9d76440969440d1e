"""Messages about printed sheets."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.report.terminal import say, style
from generator.report.words import plural, relative
from generator.text.short import in_shell

if TYPE_CHECKING:
    from generator.print.memory import Made
    from generator.print.order import Printed, Sets, Suits

_MANY = 10
"""The number of faults, or of cards of one kind, that are listed."""


def show_printed(printed: "Printed") -> None:
    """Print what is on the sheets and what had to be set smaller."""
    if printed.file is None:
        say("nothing to print: all cards are on paper as they are now")
        _show_old(printed)
        return
    cards = plural(printed.cards, "card")
    stock = "your own" if printed.stock == "own" else printed.stock
    sheets = f"{plural(printed.sheets, 'sheet')} of {stock}, " if printed.sheets else ""
    last = f"; the last sheet holds {plural(printed.last, 'card')}" if printed.last == 1 else ""
    say(f"{cards} on {sheets}{plural(printed.pages, 'page')}{last}")
    if printed.sets:
        _show_sets(printed.sets)
    if printed.folded:
        count = plural(len(printed.folded), "card")
        say(f"  {count} with details that are not printed ({_some(printed.folded)}): --details prints them")
    same = [f"on sheets of {stock}"] * printed.same_stock + ["with details"] * printed.as_before
    if same:
        say(f"  {' '.join(same)}, as the cards on paper are")
    if shrunk := [fitted for fitted in printed.fitted if fitted.shrunk]:
        smallest = min(fitted.size for fitted in shrunk)
        which = _some(printed.smaller)
        say(f"  {plural(len(shrunk), 'side')} set smaller to fit ({which}), the smallest at {smallest:g} pt")
    if printed.split:
        say(
            f"  {plural(printed.split, 'card')} added to continue what is too long for one ({_some(printed.continued)})"
        )
    for warning in printed.warnings:
        say(style(f"  {warning}", fg="yellow"), err=True)
    if printed.strays is not None:
        for stray in printed.strays[:_MANY]:
            say(style(f"  {stray}", fg="red"), err=True)
        if len(printed.strays) > _MANY:
            say(f"  and {len(printed.strays) - _MANY} more faults", err=True)
        if not printed.strays:
            behind = "every back behind its front, " if printed.duplex else ""
            say(f"  checked: {behind}every letter within its card")
    say(f"  {relative(printed.file)} ({printed.size / 1024:.0f} KB)")
    _show_old(printed)


def _show_sets(sets: "Sets") -> None:
    """Print how many sheets a set takes, where the first begins, and what wastes at least half a sheet of each set."""
    first = "; only set 1 begins on the part-used sheet" if sets.apart else ""
    say(f"  {sets.number} sets, each on {plural(sets.sheets, 'sheet')}{first}")
    empty = sets.slots - sets.last
    if 2 * empty >= sets.slots:
        less = f"; without {plural(sets.last, 'card')} (--without) it takes a sheet less" if sets.sheets > 1 else ""
        say(f"  {plural(empty, 'slot')} of the last sheet of each set {'stays' if empty == 1 else 'stay'} empty{less}")


def _show_old(printed: "Printed") -> None:
    """Print which cards on paper are replaced, or belong to entries that are gone."""
    if printed.old:
        cards = "cards" if len(printed.old) > 1 else "card"
        say(f"  throw away the old {cards} {', '.join(f'№{number}' for number in printed.old)}")


def _some(numbers: tuple[int, ...]) -> str:
    """Return numbers of cards as they are on paper, with runs as `№3-7`. Of many runs, only the first are named."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    named = [f"№{'-'.join(map(str, run))}" for run in runs[:_MANY]]
    return ", ".join((*named, "…") if len(runs) > _MANY else named)


def show_second_side(deck: str, flip: str) -> None:
    """Print how to print the backs on a printer that prints one side."""
    edge = flip.replace("-", " ")
    say(f"  then flip the pile on its {edge} and print the backs: aetia print {in_shell(deck)} --sides backs")
    say("  with all other options as here. Sheet 1 must go in first; if the last does, add --reverse")


def show_next(printed: "Printed", deck: str, output: Path | None) -> None:
    """Print how to record that the sheets are on paper. `output` is the file that the user named."""
    if printed.sheets and not printed.strays:
        file = f" -o {in_shell(str(output))}" if output else ""
        say(style(f"  once it is on paper: aetia print {in_shell(deck)} --done{file}", dim=True))


def show_refused(file: Path) -> None:
    """Say that an older PDF is still there."""
    if file.is_file():
        say(f"nothing was printed; {relative(file)} is still the old one", err=True)


def show_done(file: Path, made: "Made", newer: tuple[int, ...]) -> None:
    """Print which cards count as printed, and which do so from newer sheets."""
    time = f"{datetime.fromtimestamp(made.time, UTC).astimezone():%Y-%m-%d %H:%M}"
    cards = sum(bool(card.hash) for card in made.cards.values())
    say(f"on paper: {plural(cards, 'card')} of {relative(file)}, made {time}")
    if newer:
        count = plural(len(newer), "more card")
        say(style(f"  {count} went onto paper from newer sheets, which count ({_some(newer)})", fg="yellow"), err=True)
    say("  --changed leaves them out until they change")


def show_fit_report(printed: "Printed") -> None:
    """Print for every stock the type size and how many sides do not fit, the user's paper first, then the best."""
    say(f"{plural(printed.cards, 'card')}, front and back, the stocks that suit them best first:")
    ordered = printed.report.get(printed.stock)
    home = ordered.paper if ordered else ""
    papers = dict.fromkeys((home, *sorted(suits.paper for suits in printed.report.values())))
    for paper in papers:
        stocks = [item for item in printed.report.items() if item[1].paper == paper]
        if stocks:
            say(style(paper, bold=True))
        for name, suits in sorted(stocks, key=lambda item: _strain(item[1])):
            left = f"; {plural(suits.left_out, 'drawing')} left out" if suits.left_out else ""
            cut = "; to cut from plain paper" if suits.plain else ""
            say(f"  {name:<16} {plural(suits.sheets, 'sheet'):>10}  {_type(suits)}{left}{cut}")


def _type(suits: "Suits") -> str:
    """Return the type size of a deck's sides on a stock, or how many sides do not fit."""
    sizes = sorted(side.size for side in suits.fitted)
    over = sum(not side.fits for side in suits.fitted)
    if over:
        return style(f"{over} of {len(sizes)} sides do not fit", fg="red")
    shrunk = sum(side.shrunk for side in suits.fitted)
    few = f"; {plural(shrunk, 'side')} smaller than {suits.fitted[0].base:g} pt" if shrunk else ""
    return f"usually {sizes[len(sizes) // 2]:g} pt, from {sizes[0]:g} pt{few}"


def _strain(suits: "Suits") -> tuple[int, bool, int]:
    """Return how badly a deck fits a stock: what does not fit, whether a side is hard to read, sheets."""
    from generator.print.order import READABLE

    fitted = suits.fitted
    return (
        sum(not side.fits for side in fitted) + suits.left_out,
        min(side.size for side in fitted) < READABLE,
        suits.sheets,
    )


def print_facts(printed: "Printed") -> dict[str, Any]:
    """Return what was printed, as plain data."""
    facts: dict[str, Any] = {
        "file": str(printed.file) if printed.file else None,
        "stock": printed.stock,
        "cards": printed.cards,
        "sheets": printed.sheets,
        "pages": printed.pages,
        "bytes": printed.size,
        "engine": printed.engine,
        "smaller": sum(fitted.shrunk for fitted in printed.fitted),
        "smallest": min((fitted.size for fitted in printed.fitted), default=None),
        "split": printed.split,
        "folded": len(printed.folded),
    }
    if printed.strays is not None:
        facts["strays"] = list(printed.strays)
    if printed.warnings:
        facts["warnings"] = list(printed.warnings)
    if printed.old:
        facts["old"] = list(printed.old)
    if printed.report:
        facts["report"] = {
            name: {
                "smaller": sum(f.shrunk and f.fits for f in fitted),
                "over": sum(not f.fits for f in fitted),
                "sheets": sheets,
                "paper": paper,
                "plain": plain,
                "left_out": left_out,
            }
            for name, (fitted, sheets, paper, plain, left_out) in printed.report.items()
        }
    return facts
