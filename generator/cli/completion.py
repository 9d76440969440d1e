"""Completion of arguments in a shell. It runs at each press of Tab, so it imports nothing heavy."""

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from generator.resources import bundled, find_project, list_decks


def complete_decks(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
    """Complete the name of a deck (of the project or shipped), or the path of a folder."""
    if start.startswith((".", "~")) or "/" in start:
        return [CompletionItem(start, type="dir")]
    folders = [*list_decks(find_project(Path.cwd()) / "decks"), *list_decks(bundled("decks"))]
    return _that_start(start, (folder.name for folder in folders))


def complete_topics(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
    """Complete a topic of `aetia explain`."""
    from generator.workflows.explain import topic_names

    return _that_start(start, topic_names())


def complete_stocks(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
    """Complete the name of a stock (bundled or of the project)."""
    folders = (bundled("templates"), find_project(Path.cwd()) / "templates")
    return _that_start(start, (file.stem for folder in folders for file in (folder / "print/stocks").glob("*.yaml")))


def _that_start(start: str, names: Iterable[str]) -> list[CompletionItem]:
    return [CompletionItem(name) for name in sorted(set(names)) if name.startswith(start)]
