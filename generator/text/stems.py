"""Find the forms of a word in a text, by the stems of the language's Snowball algorithm."""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

import Stemmer

from generator.text.words import words_of

_LANGUAGES = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_UNCUT = {"en": re.compile(r"(?<=\w{4})ism$")}
"""Endings that the algorithm leaves on some words: it reduces Slavs to `slav`, but does not reduce Pan-Slavism."""
_TELLING = 5
"""A word with fewer letters than this gives nothing away."""


class Stems:
    """The stems of words in one language. Without an algorithm for the language, each word is its own stem."""

    def __init__(self, language: str) -> None:
        self._stem = _stemmer(language.partition("-")[0].lower())

    def of(self, text: str) -> frozenset[str]:
        """Return the stems of the words of a text."""
        return frozenset(map(self._stem, words_of(text)))

    def stem(self, word: str) -> str:
        """Return the stem of one word from `words_of`."""
        return self._stem(word)

    def given_away(self, text: str, names: Iterable[str], common: frozenset[str]) -> str | None:
        """Return the word of a text that gives one of the names away, or None.

        A name is given away if the text has half or more of its telling words, in any form. A telling word has five
        letters or more, and its stem is not in `common`. If a name has none, the text must have all its words as they
        are.
        """
        words = words_of(text)
        shown: dict[str, str] | None = None
        for name in names:
            own = {word: stem for word in words_of(name) if (stem := self._stem(word)) not in common}
            telling = [stem for word, stem in own.items() if len(word) >= _TELLING]
            if not telling:
                if own and own.keys() <= set(words):
                    return max(own, key=len)
                continue
            shown = {self._stem(word): word for word in words} if shown is None else shown
            found = [shown[stem] for stem in telling if stem in shown]
            if found and 2 * len(found) >= len(telling):
                return found[0]
        return None

    def stands_in(self, text: str, answer: str, common: frozenset[str]) -> str | None:
        """Return the longest word of an answer if all its words but the common ones are in a text, or else None."""
        own = {word: stem for word in words_of(answer) if (stem := self._stem(word)) not in common}
        return max(own, key=len) if own and self.of(text).issuperset(own.values()) else None


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    name = _LANGUAGES.get(language)
    if name is None:
        return lambda word: word
    stem, uncut = Stemmer.Stemmer(name, 0).stemWord, _UNCUT.get(language)
    return lru_cache(maxsize=1 << 16)((lambda word: uncut.sub("", stem(word))) if uncut else stem)
