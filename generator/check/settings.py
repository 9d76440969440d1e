"""Lints as a deck wants them: which run, how severe they are, their limits and words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from generator.check.references import unknown
from generator.diagnostics import Code, Diagnostic, Severity
from generator.model.deck import Deck
from generator.model.entries import LintSetting

_UNSET = LintSetting()


class Settings:
    """The catalogue of codes with a deck's own settings laid over it."""

    def __init__(self, codes: Mapping[str, Code], lints: Mapping[str, LintSetting]) -> None:
        self._codes = codes
        self._lints = lints

    def limit(self, code: str, name: str) -> float:
        """Return a limit of a lint."""
        return self._lints.get(code, _UNSET).limits.get(name, self._codes[code].limits[name])

    def limits(self, code: str) -> Mapping[str, float]:
        """Return the limits that a lint has."""
        return self._codes[code].limits

    def words(self, code: str) -> tuple[str, ...]:
        """Return the words that the deck adds to a lint."""
        return self._lints.get(code, _UNSET).words

    def instead(self, code: str) -> Mapping[str, str]:
        """Return the words that the deck wants to see replaced."""
        return self._lints.get(code, _UNSET).instead

    def apply(self, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Give each diagnostic the severity that the deck wants; leave out what is turned off."""
        for diagnostic in diagnostics:
            severity = self._lints.get(diagnostic.code, _UNSET).severity
            if severity is None:
                yield diagnostic
            elif severity != "off":
                yield replace(diagnostic, severity=Severity(severity))


def check_settings(deck: Deck, codes: Mapping[str, Code]) -> Iterator[Diagnostic]:
    """Every lint and limit that the deck sets exists."""
    lints = [name for name, code in codes.items() if code.lint]
    for name, setting in deck.settings.lints.items():
        if name not in lints:
            yield unknown("lint", name, lints, deck.place("lints", name, on_key=True))
            continue
        for limit in setting.limits:
            if limit not in codes[name].limits:
                place = deck.place("lints", name, "limits", limit, on_key=True)
                yield unknown("limit", limit, codes[name].limits, place)
