"""Unpack a git revision: a deck's sources with the lock and the project's own templates of that time."""

import io
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generator.diagnostics import Diagnostic, Place


@dataclass(frozen=True, slots=True)
class Revision:
    """A deck's folder as it was. `name` is the revision as asked for, with its hash; `time` is that of its commit.

    Times are in seconds since 1970.
    """

    folder: Path
    name: str
    time: int


def load_revision(
    folder: Path, revision: str, templates: Path | None, workspace: Path, namespace_of: Callable[[Path], str | None]
) -> Revision | Diagnostic:
    """Unpack a deck and its project's own templates, as they were, into a workspace with the same layout.

    If the deck was in another folder then, it is found by its namespace.
    """
    folder = folder.resolve()
    commit = _find_commit(folder, revision)
    if isinstance(commit, Diagnostic):
        return commit
    root, full, short, time = commit
    here = folder.relative_to(root).as_posix()
    there = here if _has(root, full, f"{here}/deck.yaml") else _find_moved(root, full, namespace_of(folder))
    if there is None:
        return Diagnostic("unknown-revision", f"there was no deck `{here}` at `{revision}`", Place(folder))
    own = templates and os.path.normpath(root / there / os.path.relpath(templates, folder))
    paths = [path for path in (there, own and _within(Path(own), root)) if path and _has(root, full, path)]
    archive = _git(root, "archive", "--format=tar", full, "--", *paths)
    import tarfile

    try:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
            tar.extractall(workspace / "tree", filter="data")
    except (tarfile.TarError, OSError) as error:  # the filter refuses links that lead out of the folder
        return Diagnostic("outside-deck", f"`{there}` at `{revision}` cannot be unpacked: {error}", Place(folder))
    name = short if full.startswith(revision) else f"{revision} ({short})"
    return Revision(workspace / "tree" / there, name, time)


def _find_commit(folder: Path, revision: str) -> tuple[Path, str, str, int] | Diagnostic:
    """Return the top of a repository, and the hash, the short hash and the time of one of its revisions."""
    try:
        top = _git(folder, "rev-parse", "--show-toplevel")
    except FileNotFoundError:
        return Diagnostic("no-git", "git is not installed, so a revision cannot be read", Place(folder))
    if top.returncode:
        return Diagnostic(
            "no-repository",
            f"`{folder.name}` is not in a git repository",
            Place(folder),
            hint="give a package to compare with",
        )
    root = Path(top.stdout.decode().rstrip("\n")).resolve()
    found = _git(root, "log", "-1", "--no-show-signature", "--format=%H %h %ct", "--end-of-options", revision, "--")
    if found.returncode or not found.stdout:
        return Diagnostic(
            "unknown-revision",
            f"git knows no revision `{revision}` here",
            Place(folder),
            hint="`git log --oneline` lists them",
        )
    full, short, time = found.stdout.decode().split()
    return root, full, short, int(time)


def _has(root: Path, revision: str, path: str) -> bool:
    return path == "." or not _git(root, "cat-file", "-e", f"{revision}:./{path}").returncode


def _find_moved(root: Path, revision: str, namespace: str | None) -> str | None:
    """Return the folder in which a revision has the deck with a namespace: in its lock, or as the id in deck.yaml."""
    if namespace is None:
        return None
    written = ("-e", f'"namespace": {json.dumps(namespace, ensure_ascii=False)}', "-e", f"id: {namespace}")
    names = (":(glob)**/deck.lock", ":(glob)**/deck.yaml")
    found = _git(root, "grep", "-lzwF", *written, revision, "--", *names).stdout.decode(errors="replace")
    files = [PurePosixPath(name.partition(":")[2]) for name in found.split("\0") if name]
    return min(files, key=lambda file: file.suffix).parent.as_posix() if files else None


def top_of_repository(folder: Path) -> Path | None:
    """Return the top of the git repository that a folder is in, which need not exist yet, or None."""
    there = next(parent for parent in (folder.resolve(), *folder.resolve().parents) if parent.is_dir())
    try:
        found = _git(there, "rev-parse", "--show-toplevel")
    except OSError:
        return None
    return None if found.returncode else Path(found.stdout.decode().rstrip("\n")).resolve()


def find_in_history(file: Path, text: str, most: int = 20) -> str | None:
    """Return the newest revision in which a file held a text, of the last `most` that changed it, or None."""
    try:
        log = _git(file.parent, "log", f"-{most}", "--format=%h", "--", file.name)
    except OSError:
        return None
    revisions = [] if log.returncode else log.stdout.decode().split()
    found = ((revision, _git(file.parent, "show", f"{revision}:./{file.name}")) for revision in revisions)
    return next((revision for revision, shown in found if text.encode() in shown.stdout), None)


def read_versions(file: Path, most: int = 6) -> Iterator[tuple[str, bytes]]:
    """Yield the last versions of a file in git, each with its revision, on any side of a merge, also one under way."""
    heads = ("--ignore-missing", "HEAD", "MERGE_HEAD")
    yield from _read_at(file, "log", f"-{most}", "--full-history", "--format=%h", *heads, "--", file.name)


def read_past(file: Path, most: int = 6) -> Iterator[tuple[str, bytes]]:
    """Yield the last versions of a file in git, and those in the newest tags that are part of the current branch."""
    yield from read_versions(file, most)
    newest = ("--merged=HEAD", "--sort=-creatordate", f"--count={most}", "--format=%(refname)")
    yield from _read_at(file, "for-each-ref", *newest, "refs/tags")


def read_unmerged_tags(file: Path) -> Iterator[tuple[str, bytes]]:
    """Yield a file as it is in each tag that is not part of the current branch."""
    yield from _read_at(file, "tag", "--no-merged", "HEAD")


def _read_at(file: Path, *listing: str) -> Iterator[tuple[str, bytes]]:
    """Yield a file at each of some revisions that have it. One process reads all of them."""
    try:
        listed = _git(file.parent, *listing)
        revisions = [] if listed.returncode else listed.stdout.decode().split()
        asked = "".join(f"{revision}:./{file.name}\n" for revision in revisions)
        answer = io.BytesIO(_git(file.parent, "cat-file", "--batch", given=asked).stdout if revisions else b"")
    except OSError:
        return
    for revision in revisions:
        found = answer.readline().split()  # name, kind and size, or `missing`
        if len(found) == 3:
            yield revision, answer.read(int(found[2]))
            answer.readline()


def is_shallow(folder: Path) -> bool:
    """Return whether a folder is in a clone without its whole history."""
    try:
        return _git(folder, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
    except OSError:
        return False


def is_committed(file: Path) -> bool | None:
    """Return whether the last commit has a file, or None outside a repository or without git."""
    try:
        if _git(file.parent, "rev-parse", "--verify", "HEAD").returncode:
            return None
        return not _git(file.parent, "cat-file", "-e", f"HEAD:./{file.name}").returncode
    except OSError:
        return None


def _git(folder: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(  # noqa: S603  # no shell; arguments are data
        command, input=given.encode(), capture_output=True, check=False
    )


def _within(path: Path, root: Path) -> str | None:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else None
