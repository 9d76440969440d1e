"""`aetia check`: find everything that is wrong with a deck, without writing."""

from collections.abc import Iterator
from pathlib import Path

from generator.check.rules import lint_deck
from generator.check.settings import Settings
from generator.diagnostics import Diagnostic
from generator.load.codes import load_codes, load_lint_words
from generator.load.ignores import heed_ignores
from generator.model.deck import Deck
from generator.workflows.prepare import Findings, Prepared, day_of, drift, locate, prepare


def check_folder(folder: Path, now: int = 0, package: Path | None = None) -> Findings:
    """Find everything that is wrong with a deck or could be better, without writing.

    `now`, in seconds since 1970, decides which reviews are out of date. `package` is the last one that was built.
    """
    return examine(folder, *prepare(folder, now, package=package), now)


def examine(folder: Path, prepared: Prepared | None, diagnostics: tuple[Diagnostic, ...], now: int) -> Findings:
    """Return the findings of a deck, including all lints if it could be prepared."""
    if prepared:
        diagnostics += (*drift(prepared, now, retire=False, lock_path=folder), *lint_prepared(prepared, now))
    return settle(folder, diagnostics, prepared.deck if prepared else None)


def lint_prepared(prepared: Prepared, now: int) -> tuple[Diagnostic, ...]:
    """Return what could be better about a deck and its cards; `now` is in seconds since 1970."""
    deck = prepared.deck
    words = load_lint_words(deck.settings.language)
    today = day_of(now)
    return (
        *_without_id(prepared),
        *without_entries(prepared),
        *lint_deck(deck, prepared.release.notes, words, load_codes(), today),
    )


def _without_id(prepared: Prepared) -> Iterator[Diagnostic]:
    """Yield a warning if a deck has no id."""
    deck = prepared.deck
    if deck.settings.id is None:
        yield Diagnostic(
            "no-id",
            "this deck has no `id`; if its deck.lock is lost and it has another name, learners get every card twice",
            deck.place("deck", on_key=True),
            hint=f"write `id: {prepared.lock.namespace}` below it",
        )


def without_entries(prepared: Prepared) -> Iterator[Diagnostic]:
    """Yield a remark if a deck has no entries yet."""
    deck = prepared.deck
    if not prepared.release.notes.notes and next(deck.entries, None) is None:
        yield Diagnostic(
            "no-entries",
            "this deck has no entries yet, so there are no cards",
            deck.place("deck", on_key=True),
            hint=f'`aetia new cause "Name" --deck {deck.name}` adds one',
        )


def settle(folder: Path, diagnostics: tuple[Diagnostic, ...], linted: Deck | None) -> Findings:
    """Leave out what the author ignores. If all lints have run, also report ignores that silence nothing."""
    found = heed_ignores(folder, diagnostics, complete=linted is not None)
    return locate(tuple(Settings(load_codes(), linted.settings.lints).apply(found)) if linted else found)
