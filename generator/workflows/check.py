"""`aetia check`: everything that can be wrong with a deck, without writing."""

from datetime import UTC, datetime
from pathlib import Path

from generator.check.rules import lint_deck
from generator.diagnostics import Diagnostic
from generator.load.codes import load_codes, load_lint_words
from generator.load.ignores import heed_ignores
from generator.workflows.prepare import Findings, Prepared, drift, locate, prepare


def check_folder(folder: Path, now: int = 0, package: Path | None = None) -> Findings:
    """Find everything that can be wrong with a deck, and what could be better, without writing.

    `now`, in seconds since 1970, decides which reviews are out of date. `package` is the last one that was built.
    """
    return examine(folder, *prepare(folder, now, package=package), now)


def examine(folder: Path, prepared: Prepared | None, diagnostics: tuple[Diagnostic, ...], now: int) -> Findings:
    """Find what else is wrong with a deck that was prepared, or settle what is wrong with one that could not be."""
    if prepared:
        diagnostics += (*drift(prepared, now, retire=False, memory=folder), *lint_prepared(prepared, now))
    return settle(folder, diagnostics, complete=prepared is not None)


def lint_prepared(prepared: Prepared, now: int) -> tuple[Diagnostic, ...]:
    """Return what could be better about a deck and its cards; `now` is in seconds since 1970."""
    deck = prepared.deck
    words = load_lint_words(deck.settings.language)
    today = datetime.fromtimestamp(now, UTC).date()
    return lint_deck(deck, prepared.stamped.release.notes, words, load_codes(), today)


def settle(folder: Path, diagnostics: tuple[Diagnostic, ...], complete: bool) -> Findings:
    """Leave out what the author ignores; `complete` says that all lints have run."""
    return locate(heed_ignores(folder, diagnostics, complete))
