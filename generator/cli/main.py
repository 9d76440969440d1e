"""The command group. Commands are imported when they are called for, so that help is instant."""

import gc
import os
from importlib import import_module

import rich_click as click

COMMANDS = ("build", "check", "diff", "preview", "rehearse", "schema")
"""Each is a module of this package with a command of the same name."""


class _Commands(click.RichGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"generator.cli.{cmd_name}"), cmd_name)
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
      aetia build leukopenia     make dist/leukopenia.apkg and import it into Anki
      aetia check                say what is wrong in your decks, and where
    """
    gc.set_threshold(100_000, 50)  # a build makes millions of objects that live to its end
