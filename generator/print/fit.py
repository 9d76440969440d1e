"""Fitting faces to cards: each is set as large as its card allows, measured by the engine that prints it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from generator.print.sheet import Box

Measure = Callable[[Sequence[tuple[str, float]], float], Sequence[float]]
"""Takes faces with their type sizes in points and a width in mm, and gives their heights in mm."""

STEP = 0.25
"""Type sizes are tried in steps of so many points."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """How a face came out: its type size in points, that of a face with room to spare, and what stands over in mm."""

    size: float
    base: float
    over: float = 0.0

    @property
    def shrunk(self) -> bool:
        """Whether it is smaller than it would be with room to spare."""
        return self.size < self.base

    @property
    def fits(self) -> bool:
        """Whether it lies within its card."""
        return self.over <= 0


def fit(faces: Sequence[str], box: Box, floor: float, measure: Measure) -> tuple[Fitted, ...]:
    """Return the largest type size, in steps down to `floor`, at which each face is no higher than its box."""
    steps = max(0, int((box.size - floor) / STEP))
    sizes = [box.size - STEP * step for step in range(steps + 1)]
    if sizes[-1] > floor:
        sizes.append(floor)
    low, high = [0] * len(faces), [len(sizes)] * len(faces)
    probe = dict.fromkeys(range(len(faces)), 0)
    smallest: dict[int, float] = {}
    while probe:
        heights = measure([(faces[i], sizes[step]) for i, step in probe.items()], box.width)
        for (index, step), height in zip(probe.items(), heights, strict=True):
            if height <= box.height:
                high[index] = step
            else:
                low[index] = step + 1
            if step == len(sizes) - 1:
                smallest[index] = height
        probe = {i: _next(low[i], high[i], len(sizes)) for i in probe if low[i] < high[i]}
    return tuple(
        Fitted(sizes[step], box.size) if step < len(sizes) else Fitted(sizes[-1], box.size, smallest[i] - box.height)
        for i, step in enumerate(high)
    )


def _next(low: int, high: int, count: int) -> int:
    """The step to try next: halfway, or the last when no step has been seen to fit."""
    return count - 1 if high == count else (low + high) // 2
