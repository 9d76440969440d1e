"""The command group. Commands are imported when they are called for, so that help is instant."""

import gc
import os
from importlib import import_module
from keyword import iskeyword

import rich_click as click

COMMANDS = (
    "build", "check", "diff", "explain", "import", "init", "new", "preview", "print", "rehearse", "schema", "why",
)  # fmt: skip
"""Each is a module of this package with a command of the same name, and `_` behind a word that Python keeps."""


class _Commands(click.RichGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) or cmd_name == "print" else cmd_name
        command: click.Command = getattr(import_module(f"generator.cli.{name}"), name)
        return command


@click.command(
    cls=_Commands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "color": False if os.environ.get("NO_COLOR") else None,
    },
)
@click.version_option(package_name="aetia")
def main() -> None:
    """Turn cause entries into Anki decks, and keep the decks right for years.

    A deck is a folder with a `deck.yaml`. Start with:

    \b
      aetia init my-decks        a small deck that works at once
      aetia preview              see every card while you write
      aetia check                say what is wrong, and where
      aetia build                make dist/DECK.apkg; import it into Anki
    """
    gc.set_threshold(100_000, 50)  # a build makes millions of objects that live to its end
