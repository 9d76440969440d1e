"""What must hold of every command in any project: an answer in time, no traceback, and nothing written elsewhere."""

import asyncio
import contextlib
import gc
import json
import logging
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from click.testing import CliRunner, Result, _NamedTextIOWrapper
from starlette.types import ASGIApp, Message

from generator.cli.main import main
from generator.diagnostics import WrongUseError
from generator.preview.editor import editor_of
from generator.preview.server import Live, make_app
from generator.workflows.preview import Previewer
from tests.fuzz.judge import MEGABYTES
from tests.fuzz.projects import Edit, Link, Pipe, Project, Try
from tests.fuzz.samples import DECK, HOME, NOW, good_project

SECONDS = {
    **dict.fromkeys(("print list", "import deck", "import like", "import causes", "shipped"), 5),
    **dict.fromkeys(("print sheet", "print changed"), 10),
    **dict.fromkeys(("rehearse", "rehearse revision", "print", "print weasy", "print fit"), 20),
}
"""Seconds of processor for what is more than reading a deck; two for all else."""
logging.getLogger("weasyprint").setLevel(logging.CRITICAL + 1)  # pytest would keep its records, and so its fonts
READERS = {
    *("check", "decks", "shipped", "diff", "diff package", "diff revision", "why", "why source", "review", "explain"),
    *("schema", "complete", "complete options", "print fit", "serve", "stocks list", "stocks show"),
}
"""What writes nothing."""
WRITERS = {
    *("build", "recover", "preview", "live", "rehearse", "rehearse revision", "print", "print list", "print sheet"),
    *("print weasy", "print done", "print changed", "print calibrate", "print save", "stocks", "stocks add"),
    *("stocks import", "new cause", "new source", "new deck", "new notetype", "init", "import", "import deck"),
    *("import like", "import causes", "import into", "import update", "review sign", "git"),
}
"""What may write."""
_WRITES = {
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.utime",
}
_LOOK = re.compile(r"\x1b\[\d+m")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_OBEYED = re.compile(r"^\s*::(?!(?:error|warning|notice) )", re.MULTILINE)


class StopError(BaseException):
    """An input that has no end; no `except Exception` of the product keeps it."""


class Watch:
    """Records what this process writes and where. A hook cannot be taken back, so that there is one for a process."""

    def __init__(self) -> None:
        self.box: Path | None = None
        self.written: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.box is None:
            return
        opened = event == "open" and (
            set("wax+") & set(arguments[1] or "") or arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        )
        if (opened or event in _WRITES) and isinstance(arguments[0], str | bytes | os.PathLike):
            if event in ("os.remove", "os.rmdir") and arguments[1] != -1:
                return  # `rmtree` empties a folder that it holds open
            places = arguments[:2] if event in ("os.rename", "os.link") else arguments[:1]
            places = arguments[1:2] if event == "os.symlink" else places  # the first is a text
            named = [os.path.realpath(os.fsdecode(place)) for place in places]
            self.written += [place for place in named if "/__pycache__" not in place]  # Python's own, in a new clone


WATCH = Watch()


TRIED: Counter[str] = Counter()
SLOWEST: Counter[str] = Counter()
FINE: Counter[str] = Counter()
"""The runs that ended with 0."""


@contextmanager
def laid_out(trial: Try) -> Iterator[Path]:
    """A box with the project, a home, a folder for temporary files, and a neighbour that is none of its business."""
    box = Path(tempfile.mkdtemp(prefix="aetia-box-", dir=os.environ.get("AETIA_BOXES")))
    try:
        for folder in ("home", "tmp", "outside"):
            (box / folder).mkdir()
        (box / "outside" / "secret").write_text("causes: {secret: {cause: SENTINEL, mechanism: SENTINEL}}\n")
        project = box / "project"
        project.mkdir()
        if trial.committed:
            _commit(project, trial.committed)
        lay(project, {name: content for name, content in trial.files.items() if not name.startswith(HOME)})
        lay(box / "home", {n.removeprefix(HOME): content for n, content in trial.files.items() if n.startswith(HOME)})
        yield box
    finally:
        shutil.rmtree(box)


def lay(project: Path, files: Project) -> None:
    """Write the files of a project."""
    for name, content in files.items():
        file = project / name
        with contextlib.suppress(OSError):  # a link where a folder should be
            file.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Link):
                file.symlink_to(content.target)
            elif isinstance(content, Pipe):
                os.mkfifo(file)
            elif file.parent.resolve().is_relative_to(project.resolve()):
                file.write_bytes(content)


def _commit(project: Path, files: Project) -> None:
    stream = [b"commit refs/tags/v1\ncommitter a <a@b.c> 1795000000 +0000\ndata 1\nx\n"]
    for name, content in files.items():
        if isinstance(content, Pipe) or "\n" in name:
            continue
        mode, data = (b"120000", os.fsencode(content.target)) if isinstance(content, Link) else (b"100644", content)
        stream.append(b"M %s inline %s\ndata %d\n%s\n" % (mode, os.fsencode(name), len(data), data))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["git", "init", "-q", str(project)], check=True, **quiet)
    subprocess.run(["git", "-C", str(project), "fast-import", "--quiet"], input=b"".join(stream), check=False, **quiet)


def judge_commands(trial: Try) -> None:
    """Run the commands of a trial and judge each."""
    before = _peak()
    with laid_out(trial) as box, contextlib.chdir(_place(box, trial)):
        outside = _state(box / "outside")
        home = {"HOME": str(box / "home"), "XDG_CONFIG_HOME": str(box / "home" / ".config")}
        surroundings = {**home, "LC_ALL": "C.UTF-8", "BROWSER": "true", **trial.surroundings}
        tempfile.tempdir = str(box / "tmp")
        try:
            for command in trial.commands:
                if isinstance(command, Edit):
                    _edit(box / "project", command, trial.files)
                    continue
                name, *words = command
                if name == "git":
                    _git(box / "project", words[1])
                    continue
                result = _timed(name, words, surroundings, box, trial.answers)
                _judge(name, words, result, box)
                assert _state(box / "outside") == outside, "a neighbour was changed"
                assert sorted(p.name for p in box.iterdir()) == ["home", "outside", "project", "tmp"]
                assert not (left := _left(box / "tmp")), f"temporary files were left: {left}"
        finally:
            tempfile.tempdir = None
    peak = _peak()
    assert peak < max(MEGABYTES, before + MEGABYTES / 10), f"{peak:.0f} MB after {before:.0f} MB"


def _left(temporary: Path) -> list[Path]:
    """Return the temporary files that a process leaves behind."""
    if any(temporary.iterdir()):
        gc.collect()  # WeasyPrint's fonts go with their owner
    return [
        file for file in temporary.iterdir() if not file.name.startswith("aetia-fonts-")
    ]  # they go with the process


def _place(box: Path, trial: Try) -> Path:
    place = box / "project" / trial.place
    return place if place.is_dir() and place.resolve().is_relative_to(box.resolve()) else box / "project"


def _edit(project: Path, edit: Edit, known: Project) -> None:
    files = [file for file in sorted(project.glob(edit.place)) if file.is_file() and not file.is_symlink()]
    files = [file for file in files if file.resolve().is_relative_to(project.parent.resolve())]
    if not files:
        return
    file = files[edit.number % len(files)]
    if edit.kind == "gone":
        file.unlink()
        return
    first = known.get(os.path.relpath(file, project), b"")
    file.write_bytes(edit.made(file.read_bytes(), first if isinstance(first, bytes) else b""))


def _git(project: Path, asked: str) -> None:
    """Commit and tag all that is there; begin a branch; or merge the last one into the first."""
    steps = {
        "commit": ("add -A", "commit -qm x", "tag -f v{n}"),
        "branch": ("add -A", "commit -qm x", "checkout -qB b"),
        "back": ("add -A", "commit -qm x", "checkout -q main", "merge -q b"),
    }
    tags = _call_git(project, "tag") if (project / ".git").exists() else _call_git(project, "init -q -b main")
    for step in steps.get(asked, ()):
        _call_git(project, step.format(n=len(tags.split()) + 1))


def _call_git(project: Path, words: str) -> str:
    whole = ["git", "-C", str(project), "-c", "user.name=a", "-c", "user.email=a@b.c", *words.split()]
    return subprocess.run(whole, check=False, capture_output=True, text=True, errors="replace").stdout


def _peak() -> float:
    """The most memory that this process has had, in MB, whatever it did then."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(name: str, words: list[str], surroundings: dict[str, str], box: Path, answers: str) -> Result | None:
    limit = SECONDS.get(name, 2)

    def stop(*_: object) -> None:
        raise StopError(f"{name}: more than {2 * limit} s of processor")

    def give_up(*_: object) -> None:
        raise StopError(f"{name}: waits for ever")

    signal.signal(signal.SIGPROF, stop)
    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_PROF, 2 * limit)
    signal.alarm(10 * limit)
    start, WATCH.box = time.process_time(), box
    WATCH.written.clear()
    try:
        result = _run(words, surroundings, answers)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        WATCH.box, taken = None, time.process_time() - start
    TRIED[name] += 1
    SLOWEST[name] = max(SLOWEST[name], round(taken * 1000))
    assert taken < limit, f"{name}: {taken:.1f} s of processor"
    return result


def _run(words: list[str], surroundings: dict[str, str], answers: str) -> Result | None:
    if words[:1] == ["LIVE"]:
        _follow()
        return None
    if words[:1] == ["SERVE"]:
        if Path(DECK).is_dir():
            with ThreadPoolExecutor(1) as aside:  # the browser of other tests has a loop in this thread
                aside.submit(lambda: asyncio.run(_ask_server(words[2:]))).result()
        return None
    if words[:1] == ["TAB"]:
        typed = " ".join(["aetia", *words[1:]]).encode("utf-8", "replace").decode()  # what an environment can hold
        more = {"_AETIA_COMPLETE": "zsh_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)}
        words, surroundings = [], surroundings | more
    with mock.patch.object(_NamedTextIOWrapper, "isatty", lambda self: bool(answers) and self.name == "<stdin>"):
        return CliRunner().invoke(main, words, answers, surroundings, prog_name="aetia")


def _follow() -> None:
    """Let a preview follow from the spoilt files to good ones and back."""
    folder = Path(DECK)
    spoilt = {file: file.read_bytes() for file in folder.rglob("*.yaml") if file.is_file() and not file.is_symlink()}
    if not folder.is_dir():
        return
    previewer = Previewer(folder, NOW, Path("dist/full.apkg"))
    for content in ({}, good_project(), spoilt):
        for file, text in content.items():
            path = Path(file)
            if str(file).startswith(DECK) and str(file).endswith(".yaml") and path.is_file() and not path.is_symlink():
                path.write_bytes(text)
        for preview in (previewer.make(), previewer.examine()):
            assert not [fault for fault in preview.faults if fault.code == "internal"], preview.faults


async def _ask_server(targets: list[str]) -> None:
    """Ask the server of a preview for pages, and to open a place of the deck, as the page does and as a stranger."""
    previewer = Previewer(Path(DECK), NOW, Path("dist/full.apkg"))
    with contextlib.suppress(WrongUseError):
        editor_of(targets[-1], targets[0])
    live = Live(previewer.make, previewer.examine, "true {file} {line}")
    await live.examine()
    app = make_app(live, ())
    for target in targets:
        for host, method, body in (("127.0.0.1:8", "GET", ""), ("x", "GET", ""), ("localhost:8", "POST", target)):
            statuses = await _asked(app, target, method, host, body)
            assert [200 <= status < 500 for status in statuses] == [True], (target, statuses)
            assert (statuses == [403]) == (host == "x")
    assert not [fault for fault in live.preview.faults if fault.code == "internal"], live.preview.faults


async def _asked(app: ASGIApp, target: str, method: str, host: str, body: str) -> list[int]:
    path, _, query = target.partition("?")
    headers = [(b"host", host.encode()), (b"origin", f"http://{host}".encode())]
    scope = {"type": "http", "method": method, "path": path, "query_string": os.fsencode(query), "headers": headers,
             "root_path": "", "scheme": "http", "http_version": "1.1", "server": None, "client": None}  # fmt: skip
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body.encode("utf-8", "replace"), "more_body": False}

    async def send(message: Message) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    await app(scope, receive, send)
    return statuses


def _judge(name: str, words: list[str], result: Result | None, box: Path) -> None:
    allowed = [os.path.realpath(box / place) for place in ("project", "tmp", "home")] + ["/dev/"]
    strange = [place for place in WATCH.written if not place.startswith(tuple(allowed))]
    assert not strange, f"written: {strange}"
    if (name in READERS or "--dry-run" in words) and "-o" not in words:
        own = [place for place in WATCH.written if place.startswith(allowed[0])]
        assert not own, f"{name} wrote {own}"
    if result is None:
        return
    fault = result.exception if not isinstance(result.exception, SystemExit) else None
    if isinstance(fault, StopError):
        raise fault
    assert fault is None, "".join(traceback.format_exception(fault))
    assert result.exit_code in (0, 1, 2)
    FINE[name] += result.exit_code == 0
    said = _LOOK.sub("", result.output)
    if name not in ("complete", "complete options", "schema", "diff", "diff package"):
        assert not _UNSEEN.search(said), repr(said)
        assert not _OBEYED.search(said), said
    assert "SENTINEL" not in said or name.startswith("import"), said  # a link that the user names is followed
    assert "Traceback" not in said
    if "--format json" in " ".join(words) and name in ("check", "build"):
        json.loads(result.stdout or "[]")


def _state(folder: Path) -> list[tuple[str, int, int]]:
    return sorted((str(p), p.lstat().st_mtime_ns, p.lstat().st_size) for p in folder.rglob("*"))
