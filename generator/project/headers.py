"""The headers of a table: which key of a cause each means, and in which language they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from unicodedata import normalize

from generator.load.templates import load_columns, load_signs
from generator.project.columns import COLUMNS, NEEDED
from generator.project.shown import Signs
from generator.resources import bundled

Synonyms = Mapping[str, Mapping[str, Sequence[str]]]
"""The headers that mean a key, by language and key."""


@dataclass(frozen=True)
class Headers:
    """What is known of the headers of a table before it is read.

    `language` is that of the deck if it is said. `mapped` and `remembered` are headers, by the keys that they fill, as
    the author said them now and as the last import had them.
    """

    language: str | None = None
    mapped: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def words(self) -> Synonyms:
        """The headers of all languages that come with Aetia."""
        return load_columns(bundled("templates"))

    def fit(self, row: Sequence[str]) -> bool:
        """Return whether a row has headers: all that the author said, or a known one for each key that is needed."""
        columns = {fold_header(name): number for number, name in enumerate(row)}
        if self.mapped and all(fold_header(name) in columns for name in self.mapped.values()):
            return True
        known = {key: fold_header(name) for key, name in {**self.remembered, **self.mapped}.items()}
        given = {key: columns[name] for key, name in known.items() if name in columns}
        return {*NEEDED} <= match_columns(row, self.words, given).keys()

    def signs(self, header: Sequence[str]) -> Signs:
        """Return the signs in numbers of the deck's language, or else of the language of these headers."""
        return load_signs(bundled("templates"), self.language or guess_language(header, self.words) or "en")


def fold_header(name: str) -> str:
    """Return the form by which a header is found again."""
    return normalize("NFC", name).strip().casefold()


def match_columns(header: Sequence[str], synonyms: Synonyms, given: Mapping[str, int]) -> dict[str, int]:
    """Return for each key the column whose header means it, in any language. Given columns stay.

    A header that is exactly a key is matched first.
    """
    free: dict[str, int] = {}
    for index, name in enumerate(header):
        if index not in given.values():
            free.setdefault(plain_header(name), index)
    found = dict(given)
    words = [{key: (key.replace("-", " "),) for key in COLUMNS}, *synonyms.values()]
    for known in words:
        for target in COLUMNS:
            column = next((free[word] for word in known.get(target, ()) if word in free), None)
            if target not in found and column is not None:
                found[target] = column
                free = {word: index for word, index in free.items() if index != column}
    return {target: found[target] for target in COLUMNS if target in found}


def plain_header(name: str) -> str:
    """Return a header for comparison: in lower case, with single spaces between words, and no sign at the end."""
    return " ".join(fold_header(name).replace("_", " ").replace("-", " ").rstrip(" ?:*").split())


def guess_language(header: Sequence[str], synonyms: Synonyms) -> str | None:
    """Return the language that knows most of the headers, or None if none or several do."""
    names = set(map(plain_header, header))
    counts = {
        language: len(names & {word for words in known.values() for word in words})
        for language, known in synonyms.items()
    }
    best = [language for language, count in counts.items() if count and count == max(counts.values())]
    return best[0] if len(best) == 1 else None
