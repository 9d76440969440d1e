"""Which words of a text are forms of one word: by the stem that the language's Snowball algorithm gives them."""

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
"""Endings that an algorithm leaves on short words: it makes `slav` of Slavs, and nothing of Pan-Slavism."""
_TELLING = 5
"""Letters from which a word can give something away."""


class Stems:
    """The stems of words in one language; without an algorithm for it each word is its own stem."""

    def __init__(self, language: str) -> None:
        self._stem = _stemmer(language.partition("-")[0].lower())

    def of(self, text: str) -> frozenset[str]:
        """Return the stems of the words of a text."""
        return frozenset(map(self._stem, words_of(text)))

    def stem(self, word: str) -> str:
        """Return the stem of one word as `words_of` gives it."""
        return self._stem(word)

    def given_away(self, text: str, names: Iterable[str], common: frozenset[str]) -> str | None:
        """Return the word of a text that gives one of the names away, or None.

        A name is given away when half or more of its telling words stand there, in any form. A telling word has five
        letters or more and is not among the stems of `common` words. Of a name without one all words count as they are.
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
        """Return the longest word of an answer all of whose words, the common ones aside, are in a text, or None."""
        own = {word: stem for word in words_of(answer) if (stem := self._stem(word)) not in common}
        return max(own, key=len) if own and self.of(text).issuperset(own.values()) else None


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    name = _LANGUAGES.get(language)
    if name is None:
        return lambda word: word
    stem, uncut = Stemmer.Stemmer(name, 0).stemWord, _UNCUT.get(language)
    return lru_cache(maxsize=1 << 16)((lambda word: uncut.sub("", stem(word))) if uncut else stem)
