"""What was added to an author's files."""

from typing import TYPE_CHECKING

from generator.report.findings import show_findings
from generator.report.terminal import say
from generator.report.words import plural, relative

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.workflows.author import Added, Started
    from generator.workflows.import_ import Imported


def show_started(started: "Started", folder: "Path") -> None:
    """Print which files of a new project were written and which were there, and what to do next."""
    show_files(started.written)
    for file in started.kept:
        say(f"  {file}  (was there, left alone)")
    here = "" if str(folder) == "." else f"cd {folder} && "
    say(f"Next: {here}aetia preview")


def show_new_deck(file: "Path") -> None:
    """Print where a new deck is, and what to do next."""
    say(str(file))
    say(f'Next: aetia new cause "Name" --deck {file.parent.name}')


def show_added(added: "Added") -> None:
    """Print where an entry was added, or why it was not, and what is wrong with it."""
    show_findings(added.findings)
    if added.file:
        say(f"{added.file}:{added.line}")


def show_files(files: "Iterable[Path]") -> None:
    """Print files that were written."""
    for file in files:
        say(f"  {file}")


def show_imported(imported: "Imported", file: "Path") -> None:
    """Print what of a table is in the deck, and name all of it that is not."""
    table, converted = imported.table, imported.converted
    for number, reason in converted.refused:
        say(f"{file}:{number}: not taken: {reason}", err=True)
    for number, tags in converted.without:
        say(f"{file}:{number}: taken without {tags}", err=True)
    used = set(imported.columns.values())
    unused = [header for index, header in enumerate(table.header) if header and index not in used]
    if unused:
        say(f"columns left out: {', '.join(unused)} (--map KEY=HEADER takes one)", err=True)
    for left_out in table.left_out:
        say(f"{file}: left out: {left_out}", err=True)
    if not converted.causes:
        say(f"Error: {file}: no row could be taken, so no deck was written.", err=True)
        return
    filled = ", ".join(f"{key} from “{table.header[column]}”" for key, column in imported.columns.items())
    folder = relative(imported.folder)
    say(f"{folder}: {plural(len(converted.causes), 'cause')}; {filled}")
    say(f"Next: aetia preview {folder}, and aetia check {folder} for the wording")


def show_entry_of(note_type: str, fields: "Iterable[str]") -> None:
    """Print how an entry of a new note type is written."""
    texts = ", ".join(f"{field}: …" for field in fields)
    say("Next: write entries in your deck's files, each with a key of its own:")
    say("    notes:")
    say(f"      {note_type}:")
    say(f"        first-key: {{{texts}}}")
