"""The fuzz tries every command, and knows which of its command lines write nothing."""

from generator.cli.main import COMMANDS
from tests.fuzz.commands import READERS, WRITERS
from tests.fuzz.lines import LINES


def test_every_command_is_tried():
    assert {words.split()[0] for words in LINES.values()} == {*COMMANDS, "TAB", "LIVE", "SERVE", "GIT"}


def test_each_command_line_is_known_to_write_or_not():
    assert (LINES.keys(), set()) == (READERS | WRITERS, READERS & WRITERS)
