"""How far a long job is."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from generator.report.terminal import shown

if TYPE_CHECKING:
    from generator.workflows.prepare import Progress

_LONG = 500
"""Notes from which a progress bar is worth showing."""


def progress(label: str) -> "Progress":
    """Return a function that shows how far a long job is, on a terminal only."""

    def show(items: Iterable[Any], count: int) -> Iterable[Any]:
        stream = sys.stderr
        if count < _LONG or not stream.isatty():
            return items
        return _bar(items, count, label)

    return show


def _bar(items: Iterable[Any], count: int, label: str) -> Iterator[Any]:
    with click.progressbar(items, length=count, label=shown(label), file=sys.stderr) as bar:
        yield from bar
