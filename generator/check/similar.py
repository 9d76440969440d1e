"""Find texts that are nearly the same without comparing all pairs."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nsmallest
from itertools import combinations, pairwise

_MAX_SHARED = 20
"""A feature that more texts than this have says nothing about any two of them."""
_PER_TEXT = 4
"""The number of features that represent a text: the rarest that it shares with another."""

Features = Callable[[str], Iterable[str]]
"""Returns the parts of a text by which similar texts can be found."""


def similar_pairs(texts: Sequence[str], ratio: float, features: Features) -> Iterator[tuple[int, int]]:
    """Yield the indices of each two texts whose similarity is at least `ratio` (0 to 1), but which are not equal.

    The time grows linearly: only texts that share some of their rarest features are compared.
    """
    from rapidfuzz import fuzz

    holders: Counter[str] = Counter()
    for text in texts:
        holders.update(set(features(text)))
    telling: dict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(texts):
        shared = {(holders[feature], feature) for feature in features(text) if 1 < holders[feature] <= _MAX_SHARED}
        for _, feature in nsmallest(_PER_TEXT, shared):
            telling[feature].append(index)
    seen: set[tuple[int, int]] = set()
    for indexes in telling.values():
        for one, other in combinations(indexes, 2):
            if (one, other) not in seen and texts[one] != texts[other]:
                seen.add((one, other))
                if fuzz.ratio(texts[one], texts[other], score_cutoff=ratio * 100):
                    yield one, other


def word_pairs(text: str) -> Iterator[str]:
    """Yield each two successive words."""
    return (f"{one} {other}" for one, other in pairwise(text.split()))


def letter_runs(text: str) -> Iterator[str]:
    """Yield each five successive characters. The ends of the text are marked."""
    marked = f"#{text}#"
    return (marked[i : i + 5] for i in range(max(1, len(marked) - 4)))
