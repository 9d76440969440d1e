"""The chain of a mechanism: what each card shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A step that a card asks for, under the step before it. `earlier` and `later` say that the chain goes on."""

    number: int
    before: str
    asked: str
    earlier: bool
    later: bool


def links_of(steps: tuple[str, ...], numbers: Mapping[str, int], count: int) -> tuple[Link, ...]:
    """Return what is asked: the first `count` steps after the very first, which is given."""
    return tuple(
        Link(numbers[step], steps[index - 1], step, earlier=index > 1, later=index < len(steps) - 1)
        for index, step in enumerate(steps)
        if 0 < index <= count
    )
