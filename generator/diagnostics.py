"""What is wrong and where: faults in an author's files, as values.

Nothing here reads files or prints. A place is a file and a path of keys; `load.positions` turns it into a line
and a column when one is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

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
    `line` and `column` count from 1 and are known only where the parser stopped before there were keys, with a `width`
    in characters; `within` is a piece of the value to point at. A `closed` file is named and never opened to show a
    line of it: it is no text, too large, or no business of the deck.
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

    How severe it is says the catalogue. `override` says otherwise: what the deck wants, or what one case calls for.
    """

    code: str
    message: str
    place: Place
    hint: str | None = field(default=None, kw_only=True)
    related: tuple[Related, ...] = field(default=(), kw_only=True)
    override: Severity | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Finding(Diagnostic):
    """A fault as it is shown and counted: with its severity."""

    severity: Severity = field(kw_only=True)


@dataclass(frozen=True)
class Code:
    """What there is to say about one diagnostic: its usual severity, why it matters, a bad and a good example.

    A lint can be set under `lints` in `deck.yaml`, limits included, and be ignored by a comment.
    """

    severity: Severity
    title: str
    why: str
    bad: str
    good: str
    lint: bool = False
    limits: Mapping[str, float] = field(default_factory=dict)


def severity_of(diagnostic: Diagnostic, codes: Mapping[str, Code]) -> Severity:
    """Return how severe a fault is: as the catalogue says, unless the fault itself says otherwise."""
    code = codes.get(diagnostic.code)
    return diagnostic.override or (code.severity if code else Severity.ERROR)


class WrongUseError(ValueError):
    """What a user asked for cannot be done: a name that leads nowhere, or an option at odds with another.

    The message is a whole sentence that says what is right. No file of the author is at fault.
    """
