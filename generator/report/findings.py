"""Diagnostics as text: for people, for machines and for GitHub."""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import click

from generator.diagnostics import Code, Finding, Place, Severity
from generator.report.words import plural, relative

if TYPE_CHECKING:
    from generator.load.positions import Position
    from generator.workflows.prepare import Findings

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_NO_ROOM = ("Mn", "Me", "Cf")
_JOINER = "\u200d"
_WIDTH = 100


def show_findings(findings: "Findings", format_: str = "full") -> None:
    """Print every diagnostic in one of `FORMATS`; for people to the error stream, with a line that counts them."""
    lines, err = FORMATS[format_]
    for line in lines(findings):
        click.echo(line, err=err)
    if findings.diagnostics and err:
        click.echo(count_findings(findings), err=True)


def _full(findings: "Findings") -> Iterator[str]:
    for diagnostic in findings.diagnostics:
        position = findings.positions[diagnostic.place]
        yield _headline(diagnostic, position)
        yield from _picture(position, diagnostic.hint, _COLOURS[diagnostic.severity])
        for related in diagnostic.related:
            where = findings.positions[related.place]
            yield f"  {_spot(related.place, where)}: note: {related.message}"
            yield from _picture(where, None, "cyan")


def _concise(findings: "Findings") -> Iterator[str]:
    return (_headline(diagnostic, findings.positions[diagnostic.place]) for diagnostic in findings.diagnostics)


def _json_lines(findings: "Findings") -> Iterator[str]:
    """One object a line: the fields are part of the interface and described in the README."""
    for diagnostic in findings.diagnostics:
        content = {
            "code": diagnostic.code,
            "severity": diagnostic.severity.value,
            "message": diagnostic.message,
            **_where(diagnostic.place, findings.positions[diagnostic.place]),
            "hint": diagnostic.hint,
            "related": [
                {"message": r.message, **_where(r.place, findings.positions[r.place])} for r in diagnostic.related
            ],
        }
        yield json.dumps(content, ensure_ascii=False)


def _where(place: Place, position: "Position") -> dict[str, str | int]:
    end = position.column + position.width
    return {"file": relative(place.file), "line": position.line, "column": position.column, "end_column": end}


def _github(findings: "Findings") -> Iterator[str]:
    """Commands that GitHub Actions turns into remarks beside the lines."""
    kinds = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
    for diagnostic in findings.diagnostics:
        position = findings.positions[diagnostic.place]
        properties = {
            "file": relative(diagnostic.place.file),
            "line": position.line,
            "col": position.column,
            "endColumn": position.column + position.width,
            "title": diagnostic.code,
        }
        listed = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
        message = diagnostic.message + (f" ({diagnostic.hint})" if diagnostic.hint else "")
        yield f"::{kinds[diagnostic.severity]} {listed}::{_escaped(message)}"


def _escaped(text: str, further: str = "") -> str:
    for character in "%\r\n" + further:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


FORMATS: Mapping[str, tuple[Callable[["Findings"], Iterator[str]], bool]] = {
    "full": (_full, True),
    "concise": (_concise, True),
    "json": (_json_lines, False),
    "github": (_github, False),
}
"""How diagnostics can be shown, and whether that goes to the error stream."""


def show_code(name: str, code: Code) -> None:
    """Print what there is to say about a diagnostic."""
    severity = click.style(f"{code.severity}[{name}]", fg=_COLOURS[code.severity], bold=True)
    click.echo(f"{severity}: {code.title}\n")
    click.echo(click.wrap_text(code.why, 80, "  ", "  ") + "\n")
    for title, example in (("Bad", code.bad), ("Good", code.good)):
        click.echo(click.style(title, bold=True) + "\n\n" + "".join(f"    {line}\n" for line in example.splitlines()))
    if code.lint:
        limits = "".join(f", {limit}: {value:g}" for limit, value in code.limits.items())
        click.echo(f"A lint: set it under `lints` in deck.yaml, or ignore it with `# aetia: ignore[{name}] reason`.")
        if limits:
            click.echo(f"Limits: {limits[2:]}.")


def list_codes(codes: Mapping[str, Code]) -> None:
    """Print one line for each diagnostic."""
    width = max(map(len, codes))
    for name, code in codes.items():
        severity = click.style(f"{code.severity:<7}", fg=_COLOURS[code.severity])
        click.echo(f"{name:<{width}}  {severity}  {'lint' if code.lint else '    '}  {code.title}")


def count_findings(findings: "Findings") -> str:
    """Return `2 errors, 1 warning`."""
    counts = Counter(diagnostic.severity for diagnostic in findings.diagnostics)
    return ", ".join(plural(counts[s], s.value) for s in Severity if counts[s]) or "nothing wrong"


def _headline(diagnostic: Finding, position: "Position") -> str:
    severity = click.style(f"{diagnostic.severity}[{diagnostic.code}]", fg=_COLOURS[diagnostic.severity], bold=True)
    return f"{_spot(diagnostic.place, position)}: {severity}: {diagnostic.message}"


def _spot(place: Place, position: "Position") -> str:
    return f"{relative(place.file)}:{position.line}:{position.column}"


def _picture(position: "Position", hint: str | None, colour: str) -> Iterator[str]:
    """The source line with a caret under the piece; carets keep their place under tabs and wide letters."""
    if not position.source.strip():
        if hint:
            yield f"      = {hint}"
        return
    start = max(0, position.column - 1 - _WIDTH // 2)
    source = position.source[start : start + _WIDTH].expandtabs(4)
    before = position.source[start : position.column - 1].expandtabs(4)
    marked = position.source[position.column - 1 : position.column - 1 + position.width][: _WIDTH - len(before)]
    carets = click.style("^" * max(1, _columns(marked)), fg=colour, bold=True)
    yield f"{position.line:>5} | {source}"
    yield f"      | {' ' * _columns(before)}{carets}{' ' + hint if hint else ''}"


def _columns(text: str) -> int:
    """The width of a text on a terminal: letters that join the one before them take no room."""
    width, joined = 0, False
    for character in text:
        if unicodedata.category(character) not in _NO_ROOM and not joined:
            width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        joined = character == _JOINER
    return width
