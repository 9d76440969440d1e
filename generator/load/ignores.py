"""Comments that silence a lint: `# aetia: ignore[code] reason`, on the line itself or alone on the line above."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.diagnostics import Diagnostic, Place
from generator.files import is_inside
from generator.load.codes import load_codes
from generator.load.deck import deck_files
from generator.load.positions import find_positions

_MARK = re.compile(rb"aetia:? ?ignore", re.IGNORECASE)
_COMMENT = re.compile(r"(?P<before>.*?)#\s*(?:aetia: ignore\[(?P<codes>[^\]\n]*)\]|(?i:aetia:? ?ignore)(?![a-z])\S*)")


@dataclass(frozen=True, slots=True)
class Ignore:
    """A code that a comment silences, the line of the comment and the line that it is about, from 1.

    The code is empty if the comment has another form than that of one that silences a code.
    """

    file: Path
    code: str
    line: int
    column: int
    width: int
    target: int


def heed_ignores(folder: Path, diagnostics: Iterable[Diagnostic], complete: bool) -> tuple[Diagnostic, ...]:
    """Leave out diagnostics that a comment silences. If all lints have run, report comments that silence nothing."""
    found = tuple(diagnostics)
    ignores = [ignore for file in deck_files(folder) for ignore in _ignores(folder, file)]
    if not ignores:
        return found
    codes = load_codes()
    lints = {name for name, code in codes.items() if code.lint}
    named = {(ignore.file, ignore.code) for ignore in ignores}
    silenced = {(i.file, i.code, i.target): i for i in ignores if i.code in lints}
    candidates = [d for d in found if (d.place.file, d.code) in named]
    positions = find_positions(d.place for d in candidates)
    gone: set[Diagnostic] = set()
    used: set[Ignore] = set()
    for diagnostic in candidates:
        if ignore := silenced.get((diagnostic.place.file, diagnostic.code, positions[diagnostic.place].line)):
            gone.add(diagnostic)
            used.add(ignore)
    unused = (_unused(i, i.code in codes, i.code in lints) for i in ignores if i not in used)
    return (*(d for d in found if d not in gone), *(unused if complete else ()))


def _ignores(folder: Path, file: Path) -> Iterator[Ignore]:
    try:
        raw = file.read_bytes() if is_inside(folder, file) and file.is_file() else b""
    except OSError:
        return
    if _MARK.search(raw) is None:
        return
    for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
        if match := _COMMENT.match(line):
            target = number if match["before"].strip() else number + 1
            for code in (match["codes"] or "").split(","):
                yield Ignore(
                    file, code.strip(), number, match.end("before") + 1, match.end() - match.end("before"), target
                )


def _unused(ignore: Ignore, known: bool, lint: bool) -> Diagnostic:
    message, hint = f"this ignores `{ignore.code}`, which is not found here", "delete the comment"
    if not ignore.code:
        message, hint = "this comment ignores nothing", "write `# aetia: ignore[code]`, with the code of a lint"
    elif not known:
        message = f"there is no code `{ignore.code}` to ignore"
    elif not lint:
        message = f"`{ignore.code}` cannot be ignored; the deck would not work"
    place = Place(ignore.file, line=ignore.line, column=ignore.column, width=ignore.width)
    return Diagnostic("unused-ignore", message, place, hint=hint)
