"""What the user sees: diagnostics and summaries as text. The only place that prints and the only one with colour."""

import contextlib
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rapidfuzz import process

from generator.diagnostics import Code, Diagnostic, Place, Severity

if TYPE_CHECKING:
    from generator.changelog import Changelog
    from generator.load.positions import Position
    from generator.outputs.changes_text import Role
    from generator.outputs.print.order import Printed
    from generator.outputs.rehearsal import Effect, Rehearsal
    from generator.pipeline import Built, Findings, Progress, Why

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_WIDTH = 100
_REASONS = 6
"""Reasons why cards were not made that a summary gives."""
_NAMED = re.compile(r"“[^”]*”|`[^`]*`")
"""What a reason names; reasons that differ in nothing else are one."""
_LOOKS: dict["Role", dict[str, Any]] = {
    "title": {"bold": True},
    "new": {"fg": "green"},
    "gone": {"fg": "red"},
    "other": {"fg": "yellow"},
    "quiet": {"dim": True},
    "warning": {"fg": "yellow", "bold": True},
}
_OUTLINE = 8
"""Changed entries that a build names."""
_MANY = 10
_LONG = 500
"""Notes from which a progress bar is worth showing."""
_MOST_EFFECTS = 40
"""Notes of a rehearsal that are listed one by one."""


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
    return {"file": _relative(place.file), "line": position.line, "column": position.column, "end_column": end}


def _github(findings: "Findings") -> Iterator[str]:
    """Commands that GitHub Actions turns into remarks beside the lines."""
    kinds = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
    for diagnostic in findings.diagnostics:
        position = findings.positions[diagnostic.place]
        properties = {
            "file": _relative(diagnostic.place.file),
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


def show_current(deck: str, package: Path) -> None:
    """Print that a build has nothing to do."""
    click.echo(f"{deck}: nothing changed since {_relative(package)} was built")


def show_build(built: "Built", verbose: bool = False, more: Iterable[Path] = ()) -> None:
    """Print what a build made, what changed, and what was not made and why: the commonest reasons, or all.

    `more` are other files that it wrote.
    """
    from generator.ledger.search import search_strings
    from generator.outputs.changes_text import format_outline

    stamped = built.prepared.stamped
    notes = stamped.release.notes
    kinds: Counter[str] = Counter()
    for note in notes.notes:
        kinds.update(notes.template_of(note, ordinal).name for ordinal in note.cards)
    click.echo(click.style(notes.deck, bold=True))
    cards = ", ".join(f"{count} {name}" for name, count in kinds.most_common())
    click.echo(f"  {plural(len(notes.notes), 'note')}, {plural(sum(kinds.values()), 'card')}: {cards}")
    for line in format_outline(built.changes, _look, _OUTLINE):
        click.echo(line)
    if stamped.retired:
        click.echo("  retired notes stay with learners, who find them in Anki's browser with")
        for search in search_strings(stamped.retired, notes, stamped.lock):
            click.echo(f"    {search}")
    for line in _withheld(notes.withheld, verbose):
        click.echo(line)
    click.echo(f"  {_relative(built.package)} ({built.size / 1024:.0f} KB)")
    for file in more:
        click.echo(f"  {_relative(file)}")


_HARMS: tuple[tuple[str, Callable[["Effect"], object]], ...] = (
    ("in conflict: Anki takes nothing of the release", lambda effect: effect.outcome == "conflicting"),
    ("learner's text overwritten", lambda effect: effect.text_overwritten),
    ("learner's tags lost", lambda effect: effect.tags_lost),
    ("author's change not delivered", lambda effect: effect.missed),
    ("cards left in the old deck", lambda effect: effect.cards_in_old_deck),
    ("cards left blank", lambda effect: effect.blank_cards),
    ("media not delivered", lambda effect: effect.media_not_delivered),
)
"""What a release can do to a learner's copy of a note."""


def show_rehearsal(rehearsal: "Rehearsal", old: str, budget: int | None) -> None:
    """Print what a release would do to a learner's copies: the counts, then a line for each note that is not as it was.

    `budget` is the number of notes on which a learner's own text or tags may be overwritten.
    """
    click.echo(click.style(f"From {old} to the deck as it stands", bold=True))
    deeds = ", ".join(f"{count} {deed}" for deed, count in rehearsal.deeds.items())
    click.echo(f"  the learner: {deeds}")
    outcomes = Counter(effect.outcome for effect in rehearsal.effects)
    click.echo("  the release: " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()))
    for harm, test in _HARMS:
        if count := sum(bool(test(effect)) for effect in rehearsal.effects):
            click.echo(f"  {click.style(f'{count:>6}', fg='yellow')} {harm}")
    for name in rehearsal.styles_overwritten:
        click.echo(f"  the learner's css of the note type {name} is overwritten")
    if rehearsal.cards_changed:
        click.echo(f"  {plural(rehearsal.cards_changed, 'card')} lost schedule, flag, suspension or deck")
    touched = [effect for effect in rehearsal.effects if effect.harm or effect.outcome != "untouched"]
    touched.sort(key=lambda effect: effect.outcome == "untouched")
    listed = [(f"{effect.key} ({effect.note_type})", effect) for effect in touched[:_MOST_EFFECTS]]
    width = max((len(name) for name, _ in listed), default=0)
    for name, effect in listed:
        click.echo(f"    {name:<{width}}  {effect.outcome:<11}  {'; '.join(_remarks(effect))}".rstrip())
    if len(touched) > _MOST_EFFECTS:
        click.echo(f"    and {len(touched) - _MOST_EFFECTS} more; `--format json` has them all")
    if budget is not None:
        good = rehearsal.overwritten <= budget
        verdict = "within" if good else "over"
        line = f"  {rehearsal.overwritten} overwritten, {verdict} the budget of {budget}"
        click.echo(click.style(line, fg="green" if good else "red"))


def rehearsals_json(rehearsals: Mapping[str, "Rehearsal"]) -> str:
    """Return rehearsals for machines, by deck: the counts, then every note."""
    content = {
        deck: {"overwritten": rehearsal.overwritten, "conflicting": rehearsal.conflicting, **asdict(rehearsal)}
        for deck, rehearsal in rehearsals.items()
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _remarks(effect: "Effect") -> Iterator[str]:
    yield from (harm for harm, test in _HARMS[1:] if test(effect))
    if effect.outcome != "new" and effect.new_cards:
        yield plural(effect.new_cards, "new card")


def show_changes(changes: "Changelog") -> None:
    """Print what changed, entry by entry."""
    from generator.outputs.changes_text import format_changes

    for line in format_changes(changes, _look):
        click.echo(line)


def deliver(content: str, file: Path | None) -> None:
    """Print a document, or write it to a file in one step and name the file."""
    from generator.files import write_whole

    if file is None:
        click.echo(content, nl=False)
    else:
        write_whole(file, content.encode())
        click.echo(_relative(file), err=True)


def show_printed(printed: "Printed") -> None:
    """Print what went onto paper and what had to be set smaller for it."""
    if printed.file is None:
        click.echo("nothing to print: all cards are on paper as they are now")
        return
    cards = plural(printed.cards, "card")
    sheets = f"{plural(printed.sheets, 'sheet')} of {printed.stock}, " if printed.sheets else ""
    click.echo(f"{cards} on {sheets}{plural(printed.pages, 'page')}")
    if shrunk := [fitted for fitted in printed.fitted if fitted.shrunk]:
        smallest = min(fitted.size for fitted in shrunk)
        click.echo(f"  {plural(len(shrunk), 'side')} set smaller to fit, the smallest at {smallest:g} pt")
    if printed.strays is not None:
        for stray in printed.strays[:_MANY]:
            click.echo(click.style(f"  {stray}", fg="red"), err=True)
        if len(printed.strays) > _MANY:
            click.echo(f"  and {len(printed.strays) - _MANY} more faults", err=True)
        if not printed.strays:
            click.echo("  checked: every back behind its front, every letter within its card")
    click.echo(f"  {_relative(printed.file)} ({printed.size / 1024:.0f} KB)")


def show_fit_report(printed: "Printed") -> None:
    """Print, for every stock, how many sides have to be set smaller and how many do not fit."""
    width = max(map(len, printed.report), default=0)
    click.echo(f"{plural(printed.cards, 'card')}, front and back:")
    for name, fitted in printed.report.items():
        shrunk = [item for item in fitted if item.shrunk and item.fits]
        over = sum(not item.fits for item in fitted)
        smallest = f", the smallest at {min(item.size for item in shrunk):g} pt" if shrunk else ""
        words = f"{len(shrunk)} smaller than {fitted[0].base:g} pt{smallest}" if shrunk else "all at full size"
        text = f"{over} do not fit" if over else words
        click.echo(f"  {name:<{width}}  {click.style(text, fg='red') if over else text}")


def print_facts(printed: "Printed") -> dict[str, Any]:
    """Return what was printed, as plain data."""
    facts: dict[str, Any] = {
        "file": str(printed.file) if printed.file else None, "stock": printed.stock, "cards": printed.cards,
        "sheets": printed.sheets, "pages": printed.pages, "bytes": printed.size, "engine": printed.engine,
        "smaller": sum(fitted.shrunk for fitted in printed.fitted),
        "smallest": min((fitted.size for fitted in printed.fitted), default=None),
    }  # fmt: skip
    if printed.strays is not None:
        facts["strays"] = list(printed.strays)
    if printed.report:
        facts["report"] = {
            name: {"smaller": sum(f.shrunk and f.fits for f in fitted), "over": sum(not f.fits for f in fitted)}
            for name, fitted in printed.report.items()
        }
    return facts


def progress(label: str) -> "Progress":
    """Return a function that shows how far a long job is, on a terminal only."""

    def show(items: Iterable[Any], count: int) -> Iterable[Any]:
        stream = sys.stderr
        if count < _LONG or not stream.isatty():
            return items
        return _bar(items, count, label)

    return show


def show_why(why: "Why") -> bool:
    """Print what a deck's cards rest on, and return whether there was anything to say."""
    for trace in why.traces:
        review = trace.review
        by = [str(part) for part in (review.by, review.role, review.on) if part]
        click.echo(f"{click.style(trace.key, bold=True)}: {trace.name} ({why.deck})")
        click.echo(f"  review: {review.state}{' by ' if review.by else ' '}{', '.join(by)}".rstrip())
        click.echo(f"  cards: {', '.join(_counted(trace.cards)) or 'none'}")
        for said in trace.statements:
            click.echo(f"  {said.where}: {said.text}")
            for key, line in said.sources:
                click.echo(f"      {key}: {line}")
        for key, line in trace.sources:
            click.echo(f"  source of the entry: {key}: {line}")
        for claim, text in trace.claims:
            click.echo(f"  covers {claim}: {text}")
        if trace.correction:
            number, says, correct = trace.correction
            click.echo(f"  corrects {number}: {says}\n      right: {correct}")
    for (_, key), where, cards in why.resting:
        click.echo(f"{click.style(key or '/', bold=True)} ({why.deck}): {', '.join(where)}")
        click.echo(f"  cards: {', '.join(_counted(cards)) or 'none'}")
    return bool(why.traces or why.resting)


def _counted(cards: Mapping[str, int]) -> Iterator[str]:
    return (name if count == 1 else f"{count} {name}" for name, count in cards.items())


def unknown(asked: str, what: str, known: Sequence[str]) -> str:
    """Return what to say of a name that leads nowhere."""
    match = process.extractOne(asked, known, score_cutoff=60)
    if what == "source" and asked in known:
        return f"No card rests on the source `{asked}`."
    return f"There is no {what} `{asked}`." + (f" Did you mean `{match[0]}`?" if match else "")


def plural(count: int, noun: str) -> str:
    """Return `1 note` or `2 notes`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _bar(items: Iterable[Any], count: int, label: str) -> Iterator[Any]:
    with click.progressbar(items, length=count, label=label, file=sys.stderr) as bar:
        yield from bar


def _withheld(withheld: Iterable[Any], everything: bool) -> Iterator[str]:
    """The cards that were not made, by card and reason, the commonest first, with a few of the entries."""
    groups: dict[tuple[str, str], list[str]] = {}
    for item in withheld:
        reason = _NAMED.sub("…", item.reason)
        groups.setdefault((item.card, reason), []).append(item.key)
    if groups:
        click.echo("  not made:")
    ranked = sorted(groups.items(), key=lambda group: -len(group[1]))
    for (card, reason), keys in ranked if everything else ranked[:_REASONS]:
        shown = ", ".join(keys[:3]) + (f" and {len(keys) - 3} more" if len(keys) > 3 else "")
        yield f"    {len(keys):>4} {card}: {reason} ({shown})"
    if not everything and (rest := ranked[_REASONS:]):
        yield f"    {sum(len(keys) for _, keys in rest):>4} for other reasons; --verbose lists them"


def _look(text: str, role: "Role") -> str:
    return click.style(text, **_LOOKS[role])


def _headline(diagnostic: Diagnostic, position: "Position") -> str:
    severity = click.style(f"{diagnostic.severity}[{diagnostic.code}]", fg=_COLOURS[diagnostic.severity], bold=True)
    return f"{_spot(diagnostic.place, position)}: {severity}: {diagnostic.message}"


def _spot(place: Place, position: "Position") -> str:
    return f"{_relative(place.file)}:{position.line}:{position.column}"


def _relative(file: Path) -> str:
    """A file as seen from here, on one line whatever its name."""
    name = str(file)
    with contextlib.suppress(ValueError):
        name = str(file.absolute().relative_to(Path.cwd()))
    return name if name.isprintable() else repr(name)[1:-1]


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
    """The width of a text on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
