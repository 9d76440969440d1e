"""Messages about a build: what it made, changed and left out."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from generator.report.terminal import say, style
from generator.report.words import plural, relative
from generator.text.short import name_some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.changes.changelog import Changelog
    from generator.changes.text import Role
    from generator.workflows.build import Built

_LOOKS: dict["Role", dict[str, Any]] = {
    "title": {"bold": True},
    "new": {"fg": "green"},
    "gone": {"fg": "red"},
    "other": {"fg": "yellow"},
    "quiet": {"dim": True},
    "warning": {"fg": "yellow", "bold": True},
}
_OUTLINE = 8
"""The number of changed entries that a build names."""


def show_current(deck: str, package: "Path") -> None:
    """Say that a build had nothing to do."""
    say(f"{deck}: nothing changed since {relative(package)} was built")


def show_build(built: "Built", *, checked: bool = True) -> None:
    """Print what a build made, what changed, and how many cards were not made.

    `checked` says whether all lints have run. A first build without them names the command that runs them.
    """
    from generator.changes.text import format_outline
    from generator.ledger.search import search_strings

    stamped = built.prepared.stamped
    notes = built.release.notes
    kinds: Counter[str] = Counter()
    for note in notes.notes:
        kinds.update(card.kind for card in note.cards)
    say(style(notes.deck, bold=True))
    cards = ", ".join(f"{count} {name}" for name, count in kinds.most_common())
    say(f"  {plural(len(notes.notes), 'note')}, {plural(sum(kinds.values()), 'card')}{cards and f': {cards}'}")
    for line in format_outline(built.changes, look, _OUTLINE):
        say(line)
    if stamped.retired:
        say("  retired notes stay with learners, who find them if they search for this in Anki's browser:")
        for search in search_strings(stamped.retired, notes, built.lock):
            say(f"    {search}")
    if retracted := sorted(key for _, key in built.prepared.deck.retracted):
        say(f"  retracted, so not taught: {', '.join(retracted)}")
    if built.left_out:
        notes_left = plural(built.left_out, "note")
        say(style(f"  left out: {notes_left} with an entry that has no valid review", fg="yellow"))
    if lost := ", ".join(_not_made(built)):
        say(style(f"  not made: {lost}; aetia check {built.prepared.deck.name} says why", fg="yellow"))
    say(f"  {relative(built.package)} ({built.size / 1024:.0f} KB)")
    for file in built.beside:
        say(f"  {relative(file)}")
    if not checked and not built.changes.since:
        name = built.prepared.deck.name
        say(style(f"  aetia check {name} also looks at wording, sources and cards", dim=True))


def _not_made(built: "Built") -> "Iterator[str]":
    """Yield what the author wants and does not get: cards by kind, kinds without a card, and causes without one."""
    from generator.check.cards import causes_without_cards, kinds_not_made

    deck, notes = built.prepared.deck, built.release.notes
    lost = Counter(withheld.kind for withheld in notes.withheld)
    yield from (f"{count} {kind}" for kind, count in lost.most_common())
    if built.left_out:
        return
    yield from (f"any {kind}" for kind in kinds_not_made(deck, notes))
    if bare := list(causes_without_cards(deck, notes)):
        yield f"any card of {name_some(bare)}"


def show_changes(changes: "Changelog", against: str) -> None:
    """Print what changed, entry by entry. If nothing did since the last build, say how to compare with an older one."""
    from generator.changes.text import format_changes

    for line in format_changes(changes, look):
        say(line)
    if changes.empty and against == "last":
        say(f"Nothing changed since the last build, {changes.since}, which is all that dist/ keeps. To compare with an")
        say("earlier release, name its git tag (--against v1.0) or a package that you kept (--against FILE.apkg).")


def show_strays(packages: "Iterable[Path]") -> None:
    """Print packages that belong to no deck of the project."""
    for package in packages:
        say(style(f"{relative(package)} belongs to no deck of this project; delete it if nobody needs it", dim=True))


def look(text: str, role: "Role") -> str:
    """Return a piece of a changelog in the colour of its role."""
    return style(text, **_LOOKS[role])
