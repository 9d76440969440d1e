"""Diagnostics: what is wrong in an author's files, and where, as values.

Nothing here reads files or prints. A place is a file and a path of keys. `load.positions` turns it into a line and a
column when it is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

KeyPath = tuple[str | int, ...]


class Severity(StrEnum):
    """How bad a fault is. Only errors stop a build."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in an author's file.

    `keys` leads from the top of the file to a value. `on_key` means the last key itself rather than its value.
    `line` and `column` count from 1, and `width` is in characters; they are set only if the parser stopped before there
    were keys. `within` is a piece of the value to point at. A `closed` file is named but never opened to show a line
    of it, because it is not text, is too large, or is not part of the deck.
    """

    file: Path
    keys: KeyPath = ()
    on_key: bool = False
    line: int | None = None
    column: int | None = None
    width: int = 1
    within: str | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that helps to understand a fault, such as the first of two duplicates."""

    message: str
    place: Place


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault: a stable kebab-case code, what was found and what is accepted, where, and often a hint.

    The catalogue in `codes.yaml` says how severe it is. `override` replaces that, for a deck's setting or one case.
    """

    code: str
    message: str
    place: Place
    hint: str | None = field(default=None, kw_only=True)
    related: tuple[Related, ...] = field(default=(), kw_only=True)
    override: Severity | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Finding(Diagnostic):
    """A diagnostic with its severity, as it is shown and counted."""

    severity: Severity = field(kw_only=True)


@dataclass(frozen=True)
class Code:
    """The catalogue's entry for one diagnostic: its usual severity, why it matters, a bad and a good example.

    A lint, with its limits, can be set under `lints` in `deck.yaml`, and a comment can ignore it.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    severity: Severity
    title: str
    why: str
    bad: str
    good: str
    lint: bool = False
    limits: Mapping[str, float] = field(default_factory=dict)


def severity_of(diagnostic: Diagnostic, codes: Mapping[str, Code]) -> Severity:
    """Return the severity of a diagnostic: its `override`, or else that of the catalogue."""
    code = codes.get(diagnostic.code)
    return diagnostic.override or (code.severity if code else Severity.ERROR)


class WrongUseError(ValueError):
    """The user asked for something impossible: a name that does not exist, or options that contradict each other.

    The message is a whole sentence that says what would be right. It is not about a fault in the author's files.
    """
