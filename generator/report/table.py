"""What of a table is in a deck, what is not, and why."""

from typing import TYPE_CHECKING

from generator.report.build import look
from generator.report.terminal import say
from generator.report.words import plural, relative
from generator.text.html import one_line, with_signs
from generator.text.short import name_some, shorten
from generator.text.words import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from generator.project.table import At, Table
    from generator.workflows.import_ import Imported
    from generator.workflows.update import Updated


_MANY = 5
"""The number of rows that the last line names."""


def show_columns(table: "Table", known: "Mapping[str, int]") -> None:
    """Print the columns of a table with their first cells, and the key that each fills as far as that is known."""
    keys = {number: key for key, number in known.items()}
    say("The columns of the table:")
    for number in range(len(table.header)):
        taken = f"  (taken as {keys[number]})" if number in keys else ""
        first = next((cells[number] for _, cells in table.rows if "".join(cells[number : number + 1]).strip()), "")
        sample = f": {shorten(in_one_line(first), 40)}" if first else ""
        say(f"  {number + 1}  {table.named(number)}{sample}{taken}")
    if keys:
        say("If one is taken wrongly, end this with Ctrl-C and name the right one: --map KEY=HEADER")


def show_imported(imported: "Imported", file: "Path") -> None:
    """Print what of a table is in the deck, and name all of it that is not."""
    table, converted = imported.table, imported.converted
    _show_header(file, table.header_at)
    _show_rows(file, converted.refused, converted.without)
    _show_unused(imported.unused, imported.free)
    for left_out in table.left_out:
        say(f"{file}: left out: {left_out}", err=True)
    if not converted.causes:
        say(f"Error: {file}: no row could be taken, so no deck was written.", err=True)
        return
    filled = ", ".join(f"{key} from “{table.named(column)}”" for key, column in imported.columns.items())
    folder = relative(imported.folder)
    say(f"{folder}: {plural(len(converted.causes), 'cause')}; {filled}")
    if imported.language_by != "option":
        by = "by the headers" if imported.language_by == "headers" else "because no header names another"
        say(f"  language: {imported.language}, {by}; write `language: …` in deck.yaml if that is wrong")
    if "clue" not in imported.columns:
        say("  no column holds a clue, so the deck has no clue cards (--map clue=HEADER names one)")
    say(f"  effect: {imported.effect}; a card asks how a cause can do this (`finding:` in deck.yaml)")
    _show_kinds(imported.kinds)
    say(f"Next: aetia preview {folder}, and aetia check {folder} for the wording")
    if converted.refused:
        rows = ", ".join(str(at) for at, _ in converted.refused[:_MANY])
        more = ", …" if len(converted.refused) > _MANY else ""
        missing = f"{plural(len(converted.refused), 'row')} that could not be taken ({rows}{more})"
        them = "them" if len(converted.refused) > 1 else "it"
        mend = f"; mend {them} in the table and run {imported.again}" if imported.again else ""
        say(f"{folder} was written without {missing}{mend}")


def _show_kinds(kinds: "Sequence[str]") -> None:
    """Print which kinds of card the deck could have too, and which of them wait for a review."""
    from generator.model.choice import DeckCards

    usual = DeckCards()
    if kinds:
        say(f"  more kinds of card are possible: `cards: {{add: [{', '.join(kinds)}]}}` in deck.yaml asks for these "
            "(aetia explain KIND)")  # fmt: skip
    for kind in (kind for kind in usual.if_reviewed if kind in kinds):
        freed = usual.unreviewed_too(kind)
        say(f"  `{kind}` cards are made of reviewed entries only, unless you write {freed} beside `add`")


def show_updated(updated: "Updated", source: "Path", *, dry_run: bool) -> None:
    """Print what a table did to a deck, or would do, entry by entry, and all of it that was left."""
    from generator.changes.text import format_entry

    _show_header(source, updated.header_at)
    _show_rows(source, updated.refused, updated.without)
    _show_unused(updated.unused, updated.free)
    for key, header in updated.lost.items():
        left = f"the column “{header}” is no longer in the table, so `{key}` was left as it is"
        say(f"{left} (--map {key}=HEADER names another)", err=True)
    for entry in updated.entries:
        for line in format_entry(entry, look):
            say(line)
    for name in updated.categories:
        say(f"+ category {name}")
    for entry in updated.differ:
        names = [field.name for field in entry.fields] + (["category"] if entry.moved else [])
        names = ["cause" if entry.was else "", *names]
        say(f"  differs, and was left (--update changes it): {entry.key} ({', '.join(filter(None, names))})")
    _show_left(updated)
    new = sum(entry.kind == "new" for entry in updated.entries)
    counts = f"{new} new, {len(updated.entries) - new} changed, {updated.same} as they were"
    odds = f", {plural(len(updated.odds), 'text')} to be decided" if updated.odds else ""
    missing = len(updated.gone) + len(updated.only_here)
    say(f"{relative(updated.folder)}: {counts}, {missing} not in the table{odds}")
    if updated.differ:
        they = "row differs" if len(updated.differ) == 1 else "rows differ"
        say(f"{len(updated.differ)} {they} from the deck; --update takes what changed in the table")
    if updated.odds:
        show_odds(updated)
        left = "will be left" if dry_run else "were left"
        say(f"These texts {left}. To take the table's, run it with --prefer table; to keep the deck's, with --prefer "
            "deck.", err=True)  # fmt: skip
    if dry_run:
        say("Nothing was written (--dry-run).")


def show_odds(updated: "Updated") -> None:
    """Print each text that both the table and the author changed."""
    for odds in updated.odds:
        spot = f"{relative(odds.place.file)}:{updated.positions[odds.place].line}"
        known = (
            "changed both in the table and in the deck"
            if odds.was is not None
            else "different in the table and in the deck"
        )
        say(f"{spot}: {odds.title} ({odds.key}), {odds.name}: {known}", err=True)
        texts = {"it was": odds.was, "the deck says": odds.deck, "the table says": odds.table}
        for label, text in _distinct({label: text for label, text in texts.items() if text is not None}).items():
            say(f"    {label + ':':<15} {text or '(nothing)'}", err=True)


def _distinct(texts: "Mapping[str, str]") -> "Mapping[str, str]":
    """Return texts in HTML as an author writes them. If two would look alike, show the tags too."""
    lines = {label: one_line(with_signs(text)) for label, text in texts.items()}
    if len({*lines.values()}) == len({*texts.values()}):
        return lines
    return {label: " ".join(with_signs(text).split()) for label, text in texts.items()}


def _show_left(updated: "Updated") -> None:
    """Print what the author wrote and the table does not have."""
    if updated.kept:
        say(f"  edited in the deck and not in the table, so left: {name_some(updated.kept)}")
    for key, place in updated.gone.items():
        say(f"  no longer in the table: {key}; if you gave it up, delete it at "
            f"{relative(place.file)}:{updated.positions[place].line}, and a build retires it")  # fmt: skip
    for row, key in updated.deleted:
        say(f"  deleted in the deck, and still in the table: {key}; delete {row.at} (--update --prefer table takes it "
            "again)")  # fmt: skip
    if updated.only_here:
        say(f"  only in the deck: {name_some(updated.only_here)}")


def _show_header(file: "Path", at: str) -> None:
    """Print where the headers of a table were found, if that is not at its top."""
    if at:
        say(f"{file}: the headers are in {at}", err=True)


def _show_rows(file: "Path", refused: "Iterable[tuple[At, str]]", without: "Iterable[tuple[At, str]]") -> None:
    """Print which rows of a table were not taken or not whole."""
    for at, reason in refused:
        say(f"{file}: {at}: not taken: {reason}", err=True)
    for at, lost in without:
        say(f"{file}: {at}: taken without {lost}", err=True)


def _show_unused(columns: "Sequence[str]", free: "Sequence[str]") -> None:
    """Print which columns of a table were not taken, and the keys that one could fill."""
    if columns:
        how = f" (--map KEY=HEADER takes one; free keys: {', '.join(free)})" if free else ""
        say(f"columns left out: {', '.join(columns)}{how}", err=True)
