"""The fuzz tries every command, and knows which of its command lines write nothing."""

import re

import click
import pytest

from generator.cli.main import COMMANDS, main
from generator.cli.print_stocks import stocks
from generator.workflows.adopt import DECK_FILES
from tests.fuzz.commands import READERS, WRITERS
from tests.fuzz.lines import LINES
from tests.fuzz.samples import good_project


def test_every_command_is_tried():
    assert {words.split()[0] for words in LINES.values()} == {*COMMANDS, "TAB", "LIVE", "SERVE", "GIT"}


def options_of(command, path):
    """Yield the options of a command and of the commands below it."""
    yield from ((path, option.opts) for option in command.params if isinstance(option, click.Option))
    context = click.Context(command)
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        yield from options_of(command.get_command(context, name), f"{path} {name}".strip())


def tries(words, names):
    return any(re.search(rf"(?<![a-z-]){name}(?![a-z-])", words) for name in names)


def test_every_option_of_every_command_is_tried():
    """A preview without `--export` serves until it is stopped, so `SERVE` and `LIVE` stand for it."""
    not_tried = {
        (path, names[-1])
        for path, names in (*options_of(main, ""), *options_of(stocks, "print stocks"))
        if not any(words.startswith(path) and tries(words, names) for words in LINES.values())
    }
    assert not_tried == {("", "--version"), *(("preview", option) for option in ("--port", "--editor", "--no-browser"))}


@pytest.mark.parametrize("ending", DECK_FILES)
def test_every_kind_of_deck_that_can_be_imported_is_tried_and_there_for_it(ending):
    tried = {name for words in LINES.values() if words.startswith("import ") for name in re.findall(r"[\w/.]+", words)}
    made = {name for name in good_project() if name.endswith(ending)}
    assert tried & made, f"tests/fuzz/samples.py writes one, and a line of tests/fuzz/lines.py imports it: {ending}"


def test_each_command_line_is_known_to_write_or_not():
    unknown = LINES.keys() ^ (READERS | WRITERS) | (READERS & WRITERS)
    assert unknown == set(), "each is either in READERS or in WRITERS of tests/fuzz/commands.py"
