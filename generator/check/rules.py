"""The rules, in one table."""

from collections.abc import Callable, Iterable

from generator.check import references, renames
from generator.diagnostics import Diagnostic
from generator.model import Deck

CHECKS: tuple[Callable[[Deck], Iterable[Diagnostic]], ...] = (
    references.check_categories,
    references.check_members,
    references.check_facets,
    references.check_causes,
    references.check_claims,
    references.check_coverage,
    references.check_sources,
    references.check_pictures,
    references.check_names,
    renames.check_renames,
)


def check_deck(deck: Deck) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with a deck that was loaded."""
    return tuple(diagnostic for check in CHECKS for diagnostic in check(deck))
