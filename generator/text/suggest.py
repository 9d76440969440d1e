"""Suggest what was meant by a name that does not exist."""

from collections.abc import Iterable

_ALIKE = 62
"""The similarity, out of 100, from which one name is probably a misspelling of the other."""


def closest(asked: str, known: Iterable[str]) -> str | None:
    """Return the known name that `asked` probably means, or None. Ignores case; compares a path by its end first."""
    from rapidfuzz import fuzz, process  # slow to import, and the help of the command line imports this module

    names, end = list(known), f"/{asked.rpartition('/')[2]}"
    if len(moved := [name for name in names if f"/{name}".endswith(end)]) == 1:
        return moved[0]
    match = process.extractOne(asked, names, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_ALIKE)
    return match[0] if match else None


def did_you_mean(asked: str, known: Iterable[str], before: str = "") -> str | None:
    """Return the hint for a name that leads nowhere, if another is near; `before` is what is written before it."""
    meant = closest(asked, known)
    return f"did you mean `{before}{meant}`?" if meant else None


def there_is_no(what: str, asked: str, known: Iterable[str]) -> str:
    """Return the message for a name that does not exist, with a suggestion."""
    meant = closest(asked, known)
    return f"There is no {what} `{asked}`." + (f" Did you mean `{meant}`?" if meant else "")
