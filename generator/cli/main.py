"""The command group. A command is imported only when it is called, so that help is instant."""

import atexit
import errno
import gc
import os
from functools import cache
from importlib import import_module
from inspect import cleandoc
from keyword import iskeyword
from typing import Any

import click

from generator.cli.groups import Group
from generator.report.terminal import shown, tolerate_code_pages

COMMANDS = {
    "build": "Build Anki packages, and write deck.lock.",
    "check": "Report every fault in decks, with its place.",
    "diff": "Show what changed since an earlier release.",
    "explain": "Explain a kind of card, a key, a phrase on cards or a diagnostic.",
    "import": "Import a deck that people already have, or make one from a table.",
    "init": "Start a project with a small deck that works at once.",
    "new": "Add a deck, a cause, a source or a note type.",
    "preview": "Show every card in the browser, and follow each save.",
    "print": "Write a PDF of card sheets, with each answer behind its question.",
    "rehearse": "Show what a release does to learners, in a real Anki collection.",
    "review": "Show a reader's marks on the exported page, and sign entries.",
    "schema": "Print the JSON Schema of a file of a deck, for an editor.",
    "why": "Show what a card rests on: entry, sources and reviewer.",
}
"""The commands with the first sentence of their help, which is here so that `aetia --help` imports no command.

Each command is a module of this package. A name that Python uses itself has `_` added. The docstring of its function is
the rest of its help.
"""


_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX")
"""Variables that git sets for its hooks. With them, our own calls of git would use the wrong repository."""


class _Commands(Group):
    """Finds commands by name, and turns errors outside an author's files into messages."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _load(cmd_name) if cmd_name in COMMANDS else None

    def main(self, *args: Any, **kwargs: Any) -> Any:
        if not args and not kwargs:
            gc.set_threshold(10_000_000)  # in a process of its own, what a command makes lives to the end
            atexit.register(gc.freeze)  # where Python would look through all of it once more
            os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # to look for some takes longer than to check
        tolerate_code_pages()
        for name in _HOOK:
            os.environ.pop(name, None)
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise click.UsageError(shown(error.format_message()), error.ctx) from error
        except UnicodeEncodeError as error:
            raise click.UsageError(
                f"`{ascii(error.object)[1:-1][:60]}` has a character that no file can hold."
            ) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read the output has seen enough
                raise
            raise click.ClickException(shown(_fault(error))) from error


@cache
def _load(command_name: str) -> click.Command:
    name = f"{command_name}_" if iskeyword(command_name) or command_name == "print" else command_name
    command: click.Command = getattr(import_module(f"generator.cli.{name}"), name)
    command.help = f"{COMMANDS[command_name]}\n\n{cleandoc(command.help or '')}"
    return command


def _fault(error: OSError) -> str:
    """The system's reason for an error, with the file that it is about."""
    reason = error.strerror or str(error) or type(error).__name__
    if error.filename is None and isinstance(error, FileNotFoundError):
        return f"{reason}; is the folder that you are in still there?"
    return f"{error.filename}: {reason}" if error.filename is not None else reason


@click.command(
    cls=_Commands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "color": False if os.environ.get("NO_COLOR") else None,
    },
)
@click.version_option(package_name="aetia")
def main() -> None:
    """Turn plain-text entries into Anki decks, and keep the decks right for years.

    A deck is a folder with a `deck.yaml`. Start with:

    \b
      aetia init my-decks        start a project with a small deck
      aetia preview              see every card while you write
      aetia check                find mistakes
      aetia build                write dist/DECK.apkg, to import into Anki
    """
