"""Fit faces to cards: each is set as large as its card allows, measured by the engine that prints it.

The sizes are few and far apart, so that neighbouring cards differ visibly in size or not at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from generator.print.sheet import Box

Measure = Callable[[Sequence[tuple[int, float]]], Sequence[float]]
"""Takes the indices of faces, each with a type size in points, and returns their heights in mm."""
Guess = Callable[[int, float], float]
"""Estimates the height in mm of a face, by its index, at a type size in points."""

SIZES = (24.0, 18.0, 14.0, 12.5, 11.0, 10.0, 9.0, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0, 3.5, 3.0)
AIR = 0.15
"""The share of its box that stays empty if a face is set larger than the size that is easy to read."""
_SURE = 1.1
"""A size is not tried if its estimated height is this many times the room."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """How a face fits: its type size in points, the size that is easy to read, and the excess height in mm.

    `html` is the face as it is set.
    """

    size: float
    base: float
    over: float = 0.0
    html: str = ""

    @property
    def shrunk(self) -> bool:
        """Whether its type is smaller than the size that is easy to read."""
        return self.size < self.base

    @property
    def fits(self) -> bool:
        """Whether it is within its card."""
        return self.over <= 0


def fit(count: int, box: Box, floor: float, guess: Guess, measure: Measure) -> tuple[Fitted, ...]:
    """Return for each of `count` faces the largest type size, down to `floor`, at which it is no higher than its box.

    Each measured height corrects the estimate, and so the size to try next.
    """
    sizes = (*(size for size in SIZES if floor < size <= box.largest), floor)
    rooms = [box.height * (1 - AIR if size > box.size else 1) for size in sizes]
    searches = [_Search(rooms, lambda step, i=i: guess(i, sizes[step])) for i in range(count)]  # type: ignore[misc]
    while open_ := [i for i, search in enumerate(searches) if search.open]:
        tries = [(i, searches[i].next()) for i in open_]
        heights = measure([(i, sizes[step]) for i, step in tries])
        for (i, step), height in zip(tries, heights, strict=True):
            searches[i].learn(step, height)
    return tuple(search.result(sizes, box.size) for search in searches)


class _Search:
    """The search for the size of one face. Steps from `low` to before `high` may still fit."""

    def __init__(self, rooms: Sequence[float], guess: Callable[[int], float]) -> None:
        self._rooms, self._guess = rooms, guess
        self._low, self._high = 0, len(rooms)
        self._off = 1.0
        self._heights: dict[int, float] = {}

    @property
    def open(self) -> bool:
        """Whether a larger size may fit by the estimate."""
        if self._low >= self._high:
            return False
        larger = self._high - 1
        return larger == len(self._rooms) - 1 or self._guess(larger) * self._off < self._rooms[larger] * _SURE

    def next(self) -> int:
        """The largest size that fits by the estimate, or else the smallest that may fit."""
        last = min(self._high, len(self._rooms)) - 1
        return next((i for i in range(self._low, last) if self._guess(i) * self._off <= self._rooms[i]), last)

    def learn(self, step: int, height: float) -> None:
        """Use the height that was measured at a step."""
        self._heights[step] = height
        if height <= self._rooms[step]:
            self._high = step
        else:
            self._low = step + 1
        if height < inf and self._guess(step) > 0:
            self._off = height / self._guess(step)

    def result(self, sizes: Sequence[float], base: float) -> Fitted:
        step = min(self._high, len(sizes) - 1)
        over = max(0.0, self._heights[step] - self._rooms[step])
        return Fitted(sizes[step], min(base, sizes[0]), over)
