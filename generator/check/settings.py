"""The lints as a deck sets them: which run, their severity, limits and words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from generator.diagnostics import Code, Diagnostic, Severity
from generator.model.deck import Deck
from generator.model.entries import LintSetting
from generator.text.suggest import did_you_mean

_UNSET = LintSetting.model_construct()


class Settings:
    """The catalogue of codes, with a deck's own settings."""

    def __init__(self, codes: Mapping[str, Code], lints: Mapping[str, LintSetting]) -> None:
        self._codes = codes
        self._lints = lints
        self._lintable = frozenset(name for name, code in codes.items() if code.lint)

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
        """Return the words that the deck wants replaced."""
        return self._lints.get(code, _UNSET).instead

    def apply(self, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Give each lint the severity that the deck sets, and leave out lints that are off."""
        for diagnostic in diagnostics:
            severity = self._lints.get(diagnostic.code, _UNSET).severity if diagnostic.code in self._lintable else None
            if severity is None:
                yield diagnostic
            elif severity != "off":
                yield replace(diagnostic, override=Severity(severity))


def check_settings(deck: Deck, codes: Mapping[str, Code]) -> Iterator[Diagnostic]:
    """Every lint and limit that the deck sets exists."""
    lints = [name for name, code in codes.items() if code.lint]
    for name, setting in deck.settings.lints.items():
        if name not in lints:
            hint = did_you_mean(name, lints)
            message = f"`{name}` is not a lint and cannot be set" if name in codes else f"there is no lint `{name}`"
            yield Diagnostic("unknown-lint", message, deck.place("lints", name, on_key=True), hint=hint)
            continue
        for limit in setting.limits:
            if limit not in codes[name].limits:
                place = deck.place("lints", name, "limits", limit, on_key=True)
                hint = did_you_mean(limit, codes[name].limits)
                message = f"there is no limit `{limit}`"
                yield Diagnostic("unknown-limit", message, place, hint=hint)
