"""What was probably meant by a name that leads nowhere."""

from collections.abc import Iterable

_ALIKE = 62
"""How alike, of 100, two names are that are likely one name and a slip of it."""


def closest(asked: str, known: Iterable[str]) -> str | None:
    """Return the known name that `asked` was probably meant to be, whatever its case; a path first by its end."""
    from rapidfuzz import fuzz, process  # the command line's help needs this module too, and is not to wait

    names, end = list(known), f"/{asked.rpartition('/')[2]}"
    if len(moved := [name for name in names if "/" in asked and f"/{name}".endswith(end)]) == 1:
        return moved[0]
    match = process.extractOne(asked, names, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_ALIKE)
    return match[0] if match else None


def did_you_mean(asked: str, known: Iterable[str], before: str = "") -> str | None:
    """Return the hint for a name that leads nowhere, if another is near; `before` is what is written before it."""
    meant = closest(asked, known)
    return f"did you mean `{before}{meant}`?" if meant else None


def there_is_no(what: str, asked: str, known: Iterable[str]) -> str:
    """Return in whole sentences that a name leads nowhere, and which was meant."""
    meant = closest(asked, known)
    return f"There is no {what} `{asked}`." + (f" Did you mean `{meant}`?" if meant else "")
