"""Messages about a reader's marks, and what is signed."""

from pathlib import Path
from typing import TYPE_CHECKING

from generator.report.terminal import say
from generator.report.words import plural, relative

if TYPE_CHECKING:
    from generator.workflows.review import Reviewed


def show_reviewed(reviewed: "Reviewed", file: Path) -> None:
    """Print what was read, what is signed and what can be signed."""
    marks = ", ".join(f"{count} {mark}" for mark, count in sorted(reviewed.marks.items())) or "none"
    say(
        f"{reviewed.deck}: {reviewed.reader or 'the reader'} marked {sum(reviewed.marks.values())} "
        f"of {plural(reviewed.cards, 'card')}: {marks}"
    )
    if reviewed.doubted:
        say(f"{_entries(reviewed.doubted)} not to be signed: a card is marked wrong or unclear")
    if reviewed.partly:
        say(f"{_entries(reviewed.partly)} read in part: an entry is signed when each of its cards is marked right")
    if reviewed.others:
        say(f"{_entries(reviewed.others)} left as signed by somebody else")
    if reviewed.signed:
        say(f"{_entries(len(reviewed.signed))} signed by {reviewed.reader}; an edit makes an entry a draft again")
    elif reviewed.ready and reviewed.reader:
        say(f"{_entries(len(reviewed.ready))} can be signed: aetia review {relative(file)} --sign")
    if reviewed.unsourced and reviewed.reader:
        say(
            f"{_entries(len(reviewed.unsourced))} without a source, which a signed entry needs: "
            f"{', '.join(reviewed.unsourced)}; a source added after the signature makes it a draft again"
        )


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
