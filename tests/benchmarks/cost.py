"""What a command costs in a process of its own: seconds on the clock, seconds of processor, peak memory."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import NamedTuple

AETIA = str(Path(sys.executable).with_name("aetia"))
_ROOT = Path(__file__).parents[2]


class Cost(NamedTuple):
    """Seconds on the clock, seconds of processor (of the program and the system), and peak memory in MB."""

    clock: float
    processor: float
    memory: float


class Line(NamedTuple):
    """One line of the table: `measured` in words, and a value. Above the budget it is missed; the goal is lower."""

    what: str
    measured: str
    value: float
    budget: float
    unit: str = "x"
    goal: float = inf

    @property
    def verdict(self) -> str:
        """Whether the value is within its goal or its budget; nothing where there is none."""
        if self.budget == inf or self.value > self.budget:
            return "" if self.budget == inf else "missed"
        return "goal" if self.value <= self.goal < inf else "met"


def measure(*command: str | Path, runs: int = 1, before: Callable[[], object] = lambda: None) -> Cost:
    """Return the cost of the cheapest of some runs of a command, each after what must be done before it."""
    costs = []
    for _ in range(runs):
        before()
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], cwd=_ROOT, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        clock = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command} ended with {process.returncode}")
        costs.append(Cost(clock, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    return Cost(*map(min, *costs)) if runs > 1 else costs[0]
