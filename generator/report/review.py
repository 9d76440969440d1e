"""Messages about a reader's marks, and what is signed."""

from pathlib import Path
from typing import TYPE_CHECKING

from generator.report.terminal import say
from generator.report.words import plural, relative
from generator.text.short import name_some

if TYPE_CHECKING:
    from generator.workflows.review import Reviewed


def show_reviewed(reviewed: "Reviewed", file: Path, *, fails: bool) -> None:
    """Print what was read, what is signed and what can be signed, and that the exit code says what is wrong."""
    marks = ", ".join(f"{count} {mark}" for mark, count in sorted(reviewed.marks.items())) or "none"
    say(
        f"{reviewed.deck}: {reviewed.reader or 'the reader'} marked {sum(reviewed.marks.values())} "
        f"of {plural(reviewed.cards, 'card')}: {marks}"
    )
    if reviewed.doubted:
        say(f"{_entries(reviewed.doubted)} not to be signed, as a card is wrong or unclear: {_named(reviewed.doubted)}")
    if reviewed.partly:
        say(f"{_entries(reviewed.partly)} not to be signed, as a card has no mark: {_named(reviewed.partly)}")
    if reviewed.others:
        say(f"{_entries(reviewed.others)} left as signed by somebody else: {_named(reviewed.others)}")
    if reviewed.signed:
        say(f"{_entries(reviewed.signed)} signed by {reviewed.reader}; an edit makes an entry a draft again")
    elif reviewed.ready and reviewed.reader:
        say(f"{_entries(reviewed.ready)} can be signed: aetia review {relative(file)} --sign")
    if reviewed.unsourced and reviewed.reader:
        say(
            f"{_entries(reviewed.unsourced)} without a source, which a signed entry needs: "
            f"{_named(reviewed.unsourced)}; a source added after the signature makes it a draft again"
        )
    if reviewed.signed and fails:
        say("the errors above remain, so the exit code is 1")


def _named(names: tuple[str, ...]) -> str:
    return name_some(names, 20)


def _entries(names: tuple[str, ...]) -> str:
    return "1 entry" if len(names) == 1 else f"{len(names)} entries"
