"""Messages about what was added to an author's files."""

from typing import TYPE_CHECKING

from generator.report.findings import show_findings
from generator.report.terminal import say
from generator.report.words import plural, relative
from generator.text.short import name_some

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.workflows.adopt import Taken
    from generator.workflows.author import Added, Started


def show_started(started: "Started", folder: "Path") -> None:
    """Print which files of a new project were written, which existed before, and what to do next."""
    show_files(started.written)
    for file in started.kept:
        say(f"  {relative(file)}  (was there, left alone)")
    if started.top:
        inside = folder.resolve().relative_to(started.top).as_posix()
        say("No workflow and no pre-commit hook were written: they work only at the top of a repository. In a workflow")
        say(f"there, the step is `run: aetia check --strict --format github` with `working-directory: {inside}`.")
    here = "" if str(folder) == "." else f"cd {folder} && "
    say(f"Next: {here}aetia preview")


def show_new_deck(file: "Path") -> None:
    """Print where a new deck is, and what to do next."""
    say(relative(file))
    say(f'Next: aetia new cause "Name" --deck {file.parent.name}')


def show_added(added: "Added") -> None:
    """Print where an entry was added, or why it was not, and its diagnostics."""
    show_findings(added.findings)
    if added.file:
        say(f"{relative(added.file)}:{added.line}")


def show_no_card_yet() -> None:
    """Say what a new cause needs before it gets a card."""
    say("It has no card yet. Next: write how it works in place of `{certainty: unknown}`, or add a `clue`.")


def show_files(files: "Iterable[Path]") -> None:
    """Print files that were written."""
    for file in files:
        say(f"  {relative(file)}")


def show_taken(taken: "Taken", source: "Path") -> None:
    """Print what was imported from another deck, what was left out, and what the first build means for learners."""
    adopted, stamped = taken.adopted, taken.stamped
    for note, reason in adopted.refused:
        say(f"{source}: not taken: {note}: {reason}", err=True)
    for left in taken.left:
        say(f"{source}: left out: {left}", err=True)
    kinds = plural(len(adopted.note_types), "note type")
    say(f"{relative(taken.folder)}: {plural(len(adopted.notes), 'note')} of {kinds}, {plural(taken.media, 'file')}")
    said = (
        (stamped.added, "new to learners"),
        (stamped.changed, "not as learners have it; an import will update theirs"),
        (stamped.retired, "without a card; a build leaves it out"),
        (taken.blank, "with an empty front, as learners have it"),
        (taken.more_cards, "without a card that Anki makes of its fields; your next edit adds it"),
    )
    for names, what in said:
        if names:
            say(f"  {plural(len(names), 'note')}: {what} ({name_some(name.key for name in names)})")
    if not stamped.added and not stamped.changed and not taken.made_up_ids:
        say("  A build of it changes nothing for learners who have the deck.")
    if taken.made_up_ids:
        say("  The source does not say which note types these are in Anki, so nothing reaches learners:")
        say("  import it again with --like and a package that they have.")
    say(f"Next: aetia build {relative(taken.folder)}")


def show_new_identities() -> None:
    """Say that causes made from notes are new notes to the learners who have those notes."""
    say("  These are new notes. Learners keep the old ones, and their reviews stay with those. Tell them to suspend or")
    say("  delete the old notes, or import the deck as it is (without `--as causes`) and replace it step by step.")


def show_entry_of(note_type: str, fields: "Iterable[str]") -> None:
    """Print an example of an entry of a new note type."""
    texts = ", ".join(f"{field}: …" for field in fields)
    say("Next: write entries in your deck's files, each with a key of its own:")
    say("    notes:")
    say(f"      {note_type}:")
    say(f"        first-key: {{{texts}}}")
