"""What a build made, what it changed and what it left out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from generator.report.terminal import say, style
from generator.report.words import plural, relative

if TYPE_CHECKING:
    from generator.changes.changelog import Changelog
    from generator.changes.text import Role
    from generator.workflows.build import Built, Current

_REASONS = 6
"""Reasons why cards were not made that a summary gives."""
_NAMED = re.compile(r"“[^”]*”|`[^`]*`")
"""What a reason names; reasons that differ in nothing else are one."""
_LOOKS: dict["Role", dict[str, Any]] = {
    "title": {"bold": True},
    "new": {"fg": "green"},
    "gone": {"fg": "red"},
    "other": {"fg": "yellow"},
    "quiet": {"dim": True},
    "warning": {"fg": "yellow", "bold": True},
}
_OUTLINE = 8
"""Changed entries that a build names."""


def show_build(built: "Built | Current", *, verbose: bool = False, checked: bool = True) -> None:
    """Print what a build made, what changed, and what was not made and why: the commonest reasons, or all.

    `checked` says that all lints have run.
    """
    from generator.changes.text import format_outline
    from generator.ledger.search import search_strings
    from generator.workflows.build import Current

    if isinstance(built, Current):
        say(f"{built.deck}: nothing changed since {relative(built.package)} was built")
        return
    stamped = built.prepared.stamped
    notes = built.release.notes
    kinds: Counter[str] = Counter()
    for note in notes.notes:
        kinds.update(notes.template_of(note, ordinal).name for ordinal in note.card_ordinals)
    say(style(notes.deck, bold=True))
    cards = ", ".join(f"{count} {name}" for name, count in kinds.most_common())
    say(f"  {plural(len(notes.notes), 'note')}, {plural(sum(kinds.values()), 'card')}: {cards}")
    for line in format_outline(built.changes, _look, _OUTLINE):
        say(line)
    if stamped.retired:
        say("  retired notes stay with learners, who find them in Anki's browser with")
        for search in search_strings(stamped.retired, notes, built.lock):
            say(f"    {search}")
    if retracted := sorted(key for _, key in built.prepared.deck.retracted):
        say(f"  retracted, so not taught: {', '.join(retracted)}")
    for line in _withheld(notes.withheld, verbose):
        say(line)
    say(f"  {relative(built.package)} ({built.size / 1024:.0f} KB)")
    for file in built.beside:
        say(f"  {relative(file)}")
    if not checked:
        name = built.prepared.deck.name
        say(style(f"  aetia check {name} also looks at wording, sources and cards", dim=True))


def show_changes(changes: "Changelog") -> None:
    """Print what changed, entry by entry."""
    from generator.changes.text import format_changes

    for line in format_changes(changes, _look):
        say(line)


def _withheld(withheld: Iterable[Any], everything: bool) -> Iterator[str]:
    """The cards that were not made, by card and reason, the commonest first, with a few of the entries."""
    groups: dict[tuple[str, str], list[str]] = {}
    for item in withheld:
        reason = _NAMED.sub("…", item.reason)
        groups.setdefault((item.card, reason), []).append(item.key)
    if groups:
        say("  not made:")
    ranked = sorted(groups.items(), key=lambda group: -len(group[1]))
    for (card, reason), keys in ranked if everything else ranked[:_REASONS]:
        shown = ", ".join(keys[:3]) + (f" and {len(keys) - 3} more" if len(keys) > 3 else "")
        yield f"    {len(keys):>4} {card}: {reason} ({shown})"
    if not everything and (rest := ranked[_REASONS:]):
        yield f"    {sum(len(keys) for _, keys in rest):>4} for other reasons; --verbose lists them"


def _look(text: str, role: "Role") -> str:
    return style(text, **_LOOKS[role])
