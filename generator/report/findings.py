"""Diagnostics as text: for people, for machines and for GitHub."""

import json
import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from generator.diagnostics import Finding, Place, Severity
from generator.report.terminal import say, say_command, shown, style
from generator.report.words import plural, relative

if TYPE_CHECKING:
    from generator.load.positions import Position
    from generator.workflows.prepare import Findings

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_NO_ROOM = ("Mn", "Me", "Cf")
_JOINER = "\u200d"
_WIDTH = 100
_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_MANY, _TOLD = 6, 3
"""If there are more remarks of one code than the first number, only as many as the second are shown in full."""
_MANY_LACK, _TOLD_LACK = 2, 1
"""The same for remarks on what a whole entry lacks: their lines show nothing but its key."""


def show_findings(findings: "Findings", format_: str = "full", top: Path | None = None) -> None:
    """Print every diagnostic in one of `FORMATS`. Those for people go to stderr, followed by their counts.

    JSON is a whole document. A command that takes several decks prints one for all: see `findings_json`. `top` is the
    folder from which GitHub counts paths, if it is not the current one.
    """
    lines, show, counted = FORMATS[format_]
    for line in lines(findings, top):
        show(line)
    if findings.diagnostics and counted:
        _warn(count_findings(findings))


def _full(findings: "Findings", _: Path | None) -> Iterator[str]:
    """Yield diagnostics, the worst first. Of many with one code, only a few show their lines, the others places."""
    counts = Counter(diagnostic.code for diagnostic in findings.diagnostics)
    told: Counter[str] = Counter()
    rest: dict[str, list[str]] = {}
    for diagnostic in sorted(findings.diagnostics, key=lambda finding: _WORST_FIRST.index(finding.severity)):
        position = findings.positions[diagnostic.place]
        told[diagnostic.code] += 1
        many, told_whole = (_MANY_LACK, _TOLD_LACK) if diagnostic.place.on_key else (_MANY, _TOLD)
        folds = counts[diagnostic.code] > many and told[diagnostic.code] > told_whole
        if folds and diagnostic.severity is not Severity.ERROR:
            rest.setdefault(diagnostic.code, []).append(_spot(diagnostic.place, position))
            continue
        yield _headline(diagnostic, position)
        yield from _picture(position, diagnostic.hint, COLOURS[diagnostic.severity])
        for related in diagnostic.related:
            where = findings.positions[related.place]
            yield f"  {_spot(related.place, where)}: note: {related.message}"
            yield from _picture(where, None, "cyan")
    for code, spots in rest.items():
        shown = ", ".join(spots[:_TOLD]) + (", …" if len(spots) > _TOLD else "")
        yield f"and {len(spots)} more {code}: {shown} (--format concise lists all)"


def _concise(findings: "Findings", _: Path | None) -> Iterator[str]:
    return (_headline(diagnostic, findings.positions[diagnostic.place]) for diagnostic in findings.diagnostics)


def findings_json(decks: Iterable["Findings"]) -> str:
    """Return the diagnostics of decks as one JSON array, with an object per line."""
    objects = [json.dumps(found, ensure_ascii=False) for findings in decks for found in _as_data(findings)]
    return "[" + ",".join(f"\n{line}" for line in objects) + ("\n]" if objects else "]")


def _as_data(findings: "Findings") -> Iterator[dict[str, object]]:
    """Yield each diagnostic as data. The fields are part of the interface and described in the README."""
    for diagnostic in findings.diagnostics:
        yield {
            "code": diagnostic.code,
            "severity": diagnostic.severity.value,
            "message": diagnostic.message,
            **_where(diagnostic.place, findings.positions[diagnostic.place]),
            "hint": diagnostic.hint,
            "related": [
                {"message": r.message, **_where(r.place, findings.positions[r.place])} for r in diagnostic.related
            ],
        }


def _where(place: Place, position: "Position") -> dict[str, str | int]:
    end = position.column + position.width
    return {"file": relative(place.file), "line": position.line, "column": position.column, "end_column": end}


def _github(findings: "Findings", top: Path | None) -> Iterator[str]:
    """Yield commands that GitHub Actions turns into remarks at the lines."""
    kinds = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
    for diagnostic in findings.diagnostics:
        position = findings.positions[diagnostic.place]
        properties = {
            "file": _from_top(diagnostic.place.file, top),
            "line": position.line,
            "col": position.column,
            "endColumn": position.column + position.width,
            "title": diagnostic.code,
        }
        listed = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
        message = diagnostic.message + (f" ({diagnostic.hint})" if diagnostic.hint else "")
        yield f"::{kinds[diagnostic.severity]} {listed}::{_escaped(message)}"


def _from_top(file: Path, top: Path | None) -> str:
    """Return a file's path from a folder that it is in, or else from the current folder."""
    whole = Path(os.path.normpath(file.absolute()))
    return whole.relative_to(top).as_posix() if top and whole.is_relative_to(top) else relative(file)


def _escaped(text: str, further: str = "") -> str:
    for character in "%\r\n" + further:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _warn(line: str) -> None:
    say(line, err=True)


_Lines = Callable[["Findings", Path | None], Iterator[str]]
FORMATS: Mapping[str, tuple[_Lines, Callable[[str], None], bool]] = {
    "full": (_full, _warn, True),
    "concise": (_concise, _warn, True),
    "json": (lambda findings, _: iter(findings_json([findings]).split("\n")), say, False),
    "github": (_github, say_command, False),
}
"""The formats of diagnostics: the function that makes the lines, the one that prints a line, and whether to count."""


def count_findings(findings: "Findings") -> str:
    """Return `2 errors, 1 warning`."""
    counts = Counter(diagnostic.severity for diagnostic in findings.diagnostics)
    return ", ".join(plural(counts[s], s.value) for s in Severity if counts[s]) or "nothing wrong"


def _headline(diagnostic: Finding, position: "Position") -> str:
    severity = style(f"{diagnostic.severity}[{diagnostic.code}]", fg=COLOURS[diagnostic.severity], bold=True)
    return f"{_spot(diagnostic.place, position)}: {severity}: {diagnostic.message}"


def _spot(place: Place, position: "Position") -> str:
    return f"{relative(place.file)}:{position.line}:{position.column}"


def _picture(position: "Position", hint: str | None, colour: str) -> Iterator[str]:
    """Return the source line with carets under the piece, which also line up after tabs and wide characters."""
    if not position.source.strip():
        if hint:
            yield f"      = {hint}"
        return
    start = max(0, position.column - 1 - _WIDTH // 2)
    source = shown(position.source[start : start + _WIDTH].expandtabs(4))
    before = shown(position.source[start : position.column - 1].expandtabs(4))
    marked = shown(position.source[position.column - 1 : position.column - 1 + position.width])[: _WIDTH - len(before)]
    carets = style("^" * max(1, _columns(marked)), fg=colour, bold=True)
    yield f"{position.line:>5} | {source}"
    yield f"      | {' ' * _columns(before)}{carets}{' ' + hint if hint else ''}"


def _columns(text: str) -> int:
    """Return the width of a text on a terminal. Combining characters take no room."""
    width, joined = 0, False
    for character in text:
        if unicodedata.category(character) not in _NO_ROOM and not joined:
            width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        joined = character == _JOINER
    return width
