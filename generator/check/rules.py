"""The rules, in tables."""

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date

from generator.check import markup, references, renames, structure, wording
from generator.check.cards import CARD_LINTS
from generator.check.entries import ENTRY_LINTS
from generator.check.files import check_files
from generator.check.inspection import inspect
from generator.check.own_notes import check_own_notes
from generator.check.reading import Reading
from generator.check.settings import Settings, check_settings
from generator.check.written import TEXT_LINTS
from generator.diagnostics import Code, Diagnostic, Severity, severity_of
from generator.model.deck import Deck
from generator.model.lint_words import LintWords
from generator.model.notes import NoteSet
from generator.model.templates import Templates

Rule = Callable[[Deck], Iterable[Diagnostic]]

RULES: tuple[Rule, ...] = (
    references.check_categories,
    references.check_siblings,
    references.check_facets,
    references.check_claims,
    references.check_sources,
    references.check_names,
    markup.check_markup,
    markup.check_html,
    markup.check_images,
    renames.check_renames,
    structure.check_finding,
    structure.check_repeats,
    structure.check_tags,
    structure.check_steps,
    structure.check_dashes,
)
"""Rules about what is there. They hold for every part of a deck."""

WHOLE_RULES: tuple[Rule, ...] = (
    structure.check_coverage,
    structure.check_unused_sources,
    structure.check_unused_media,
    structure.check_tree,
)
"""Rules about what is missing. They make sense only if nothing was dropped or misspelt."""


def check_deck(
    deck: Deck, templates: Templates, codes: Mapping[str, Code], former: Container[str] = ()
) -> tuple[Diagnostic, ...]:
    """Return every fault in the structure of a deck, and in how it fits the templates.

    `former` are the keys of the causes of the last build.
    """
    found = [
        *check_settings(deck, codes),
        *wording.check_wording(deck, templates),
        *structure.check_style(deck, templates),
        *check_own_notes(deck, templates),
        *check_files(deck, templates),
        *references.check_members(deck, former),
        *references.check_causes(deck, former),
    ]
    for rule in RULES:
        found += rule(deck)
    whole = not deck.dropped and not any(severity_of(fault, codes) is Severity.ERROR for fault in found)
    for rule in WHOLE_RULES if whole else ():
        found += rule(deck)
    return tuple(found)


def lint_deck(
    deck: Deck, notes: NoteSet, words: LintWords, codes: Mapping[str, Code], today: date | None
) -> tuple[Diagnostic, ...]:
    """Return the findings of all lints on the entries of a deck without errors, and on its cards."""
    settings = Settings(codes, deck.settings.lints)
    reading = Reading(deck, words, settings, today)
    inspection = inspect(deck, notes, words, settings)
    found = [d for lint in (*ENTRY_LINTS, *TEXT_LINTS) for d in lint(reading)]
    found += [d for card_lint in CARD_LINTS for d in card_lint(inspection)]
    return tuple(settings.apply(found))
