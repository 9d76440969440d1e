"""Try made-up decks on Aetia for some minutes, each within 2 s of processor and 500 MB.

    .venv/bin/python -m tests.fuzz --minutes 5                     nearly good decks, rubbish and good decks in turn
    .venv/bin/python -m tests.fuzz --minutes 5 --only rubbish      one kind
    .venv/bin/python -m tests.fuzz --minutes 5 --only commands     every command in projects with files spoilt
    .venv/bin/pip install atheris                                  then, guided by what the code does:
    .venv/bin/python -m tests.fuzz --minutes 5 --guided slips

A fault is shown with the smallest deck that has it (with `--raw` as it was found), and ends the run with 1. What is
being tried is in `.fuzz/now`, for `--again .fuzz/now` after a run that was killed. Each run says its `--seed`. Guided
runs keep their corpus in `.fuzz/KIND`, so that the next goes on where the last one ended, and leave a bad input as a
file for `--again FILE`.
"""

import argparse
import json
import os
import pickle
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.decks import good_decks, nearly_good_decks, rubbish
from tests.fuzz.projects import tries

KINDS: dict[str, Any] = {"slips": nearly_good_decks, "rubbish": rubbish, "good": good_decks, "commands": tries}
_NOW = Path(".fuzz", "now")
_BATCH = 200
_SEEDS = 60
"""Inputs from which a guided run starts: too short ones draw no deck."""


def _plain(minutes: float, kinds: list[str], start: int, shrink: bool) -> int:
    """Draw batches of decks of each kind in turn until the time is up."""
    from tests.fuzz.commands import FINE, SLOWEST, TRIED

    tried: Counter[str] = Counter()
    digests: set[bytes] = set()
    end = time.monotonic() + 60 * minutes
    quiet = settings(
        max_examples=_BATCH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        report_multiple_bugs=False,
    )
    _NOW.parent.mkdir(exist_ok=True)
    print(f"--seed {start}", flush=True)
    while time.monotonic() < end:
        for kind in kinds:
            run = _judgement(kind)

            def one(files: Any) -> None:
                if time.monotonic() < end:
                    tried[kind] += 1  # noqa: B023  # it runs in this round
                    _NOW.write_bytes(whole := pickle.dumps((kind, files)))  # noqa: B023
                    digests.add(sha256(whole).digest())
                    run(files)  # noqa: B023

            seed(start + tried[kind])(quiet(given(KINDS[kind]())(one)))()
        print(json.dumps({**tried, "different": len(digests), "runs of commands": TRIED.total()}), flush=True)
    if TRIED:
        print(json.dumps({"runs": TRIED, "ended with 0": FINE, "slowest, in ms": SLOWEST}))
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")
    return 0


def _judgement(kind: str) -> Callable[[Any], None]:
    from tests.fuzz.commands import judge_commands
    from tests.fuzz.judge import judge, judge_good, limited

    return judge_commands if kind == "commands" else limited(judge_good if kind == "good" else judge)


def _guided(minutes: float, kind: str, again: str | None) -> int:
    """Let atheris choose the choices that Hypothesis makes, by the branches that they reach."""
    import atheris

    corpus = Path(".fuzz", kind)
    corpus.mkdir(parents=True, exist_ok=True)
    if not any(corpus.iterdir()):
        for number in range(_SEEDS):
            (corpus / f"start-{number}").write_bytes(os.urandom(2000))
    atheris.enabled_hooks.add("str")
    with atheris.instrument_imports(include=["generator", "jinja2"]):
        from tests.fuzz import commands, judge

    run = commands.judge_commands if kind == "commands" else judge.limited(judge.judge)

    @settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(KINDS[kind]())
    def one(files: Any) -> None:
        try:
            run(files)
        except BaseException:
            print(files, file=sys.stderr)
            raise

    limits = [f"-max_total_time={round(60 * minutes)}", "-rss_limit_mb=1500", "-max_len=8192", "-len_control=0",
              "-print_final_stats=1"]  # fmt: skip
    arguments = [again] if again else [*limits, f"-artifact_prefix={corpus}-", str(corpus)]
    atheris.Setup([sys.argv[0], *arguments], one.hypothesis.fuzz_one_input)
    atheris.Fuzz()
    return 0


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--guided", choices=("slips", "rubbish", "commands"), help="guided by coverage, with atheris")
    parser.add_argument("--again", metavar="FILE", help="a bad input of an earlier run")
    parser.add_argument("--seed", type=int, help="that of an earlier run")
    parser.add_argument("--raw", action="store_true", help="show a fault as it was found, without looking for less")
    options = parser.parse_args()
    os.environ.setdefault("PYTHONWARNINGS", "error")
    if options.again and not options.guided:
        kind, files = pickle.loads(Path(options.again).read_bytes())  # what a run left
        _judgement(kind)(files)
        return 0
    if options.guided:
        return _guided(options.minutes, options.guided, options.again)
    return _plain(options.minutes, options.only, options.seed or time.time_ns(), not options.raw)


if __name__ == "__main__":
    raise SystemExit(main())
