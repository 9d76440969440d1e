"""The progress of a long job."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from generator.report.terminal import shown

if TYPE_CHECKING:
    from generator.workflows.prepare import Progress

_LONG = 500
"""The number of notes from which a progress bar is shown."""


def progress(label: str) -> "Progress":
    """Return a function that shows the progress of a long job, on a terminal only."""

    def show(items: Iterable[Any], count: int) -> Iterable[Any]:
        stream = sys.stderr
        if count < _LONG or not stream.isatty():
            return items
        return _bar(items, count, label)

    return show


def _bar(items: Iterable[Any], count: int, label: str) -> Iterator[Any]:
    with click.progressbar(items, length=count, label=shown(label), file=sys.stderr) as bar:
        yield from bar
