"""Where the time of a build goes: seconds of processor by phase, in a process of its own.

A phase is a function of the pipeline; what it takes is counted without the phases inside it.
"""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

_START = time.process_time()
_PHASES = (
    ("read and parse", "generator.load.deck", ("read_text", "parse_yaml")),
    ("validate", "generator.load.deck", ("validate_in_part",)),
    ("check", "generator.workflows.prepare", ("check_deck", "heed_ignores")),
    ("draft and write notes", "generator.workflows.prepare", ("render_notes",)),
    ("know notes again", "generator.workflows.prepare", ("read_lock", "heal", "stamp")),
    ("hash", "generator.ledger.stamp", ("hashes",)),
    ("sketch", "generator.ledger.stamp", ("sketch_note",)),
    ("write the lock", "generator.workflows.build", ("write_lock",)),
    ("tell what changed", "generator.workflows.build", ("_since_last_build",)),
    ("database", "generator.package.write", ("_write_collection",)),
    ("deflate", "generator.package.write", ("_add", "_add_collection")),
)


def phases(deck: Path, package: Path) -> Mapping[str, float]:
    """Return the seconds that each phase of a build takes; the deck is built."""
    command = (sys.executable, "-m", "tests.benchmarks.phases", deck, package)
    said = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True).stdout
    return {str(name): float(seconds) for name, seconds in json.loads(said).items()}


def _measure(deck: Path, package: Path) -> Mapping[str, float]:
    gc.set_threshold(10_000_000)  # as the command does
    build = import_module("generator.workflows.build")
    spent = {"start": time.process_time() - _START, **dict.fromkeys((name for name, _, _ in _PHASES), 0.0), "rest": 0.0}
    inside = [0.0]

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def run(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            inside.append(0.0)
            try:
                return function(*args, **options)
            finally:
                took = time.process_time() - start
                spent[name] += took - inside.pop()
                inside[-1] += took

        return run

    for name, module, functions in _PHASES:
        for function in functions:
            owner = import_module(module)
            setattr(owner, function, timed(name, getattr(owner, function)))
    timed("rest", build.build_package)(deck, package, 1_790_000_000, lambda items, _: items)
    return spent


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]), Path(sys.argv[2]))))
