"""Permanent cloze numbers: each part of a list or chain keeps its card through every edit.

The number of a part, even of one that is gone, is not given to another part as long as it is remembered.
"""

from collections.abc import Iterator, Mapping, Sequence

from generator.text.words import words_of

MAX_NUMBER = 99
"""The highest cloze number: the card ids of a note are in a gap of 100."""
_NEAR, _FAR = 55, 85
"""The similarity, out of 100, from which a step is a rewording of one that left the same place, or any place."""


def number_members(keys: Mapping[str, Sequence[str]], known: Mapping[str, int], first: int) -> dict[str, int]:
    """Return the number of each key: the one that it had under this or a former name, or else a new one.

    `keys` gives the former names of each key, the likeliest first. `known` are the numbers of earlier builds, `first`
    is the lowest possible number.
    """
    numbers = _kept(keys, known)
    for key, names in keys.items():
        number = next((known[name] for name in names if name in known and name not in keys), None)
        if key not in numbers and number is not None and number not in numbers.values():
            numbers[key] = number
    return _complete(keys, numbers, known, first)


def number_steps(texts: Sequence[str], known: Mapping[str, int], first: int = 1) -> dict[str, int]:
    """Return the number of each text: that of the same text, or of the text that it probably rewords, or a new one.

    `known` are the numbers of earlier builds in the order of the former texts. A text between the same neighbours as
    one that is gone needs less similarity than one that moved. Equal texts share a number.
    """
    texts = tuple(dict.fromkeys(texts))
    numbers = _kept(texts, known)
    gone = [text for text in known if text not in numbers]
    come = [text for text in texts if text not in numbers]
    if gone and come:
        from rapidfuzz import fuzz

        before, after = _gaps(tuple(known), numbers), _gaps(texts, numbers)
        folded = {text: " ".join(words_of(text)) for text in (*gone, *come)}
        likely = sorted(
            (-likeness, before[old] != after[new], texts.index(new), known[old], old, new)
            for new in come
            for old in gone
            if (likeness := fuzz.ratio(folded[new], folded[old])) >= (_NEAR if before[old] == after[new] else _FAR)
        )
        for *_, old, new in likely:
            if new not in numbers and known[old] not in numbers.values():
                numbers[new] = known[old]
    return _complete(texts, numbers, known, first)


def _kept(parts: Sequence[str] | Mapping[str, object], known: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers that parts have under their own name. A number belongs to the part that had it last."""
    last: dict[int, str] = {}
    for part, number in known.items():
        if part in parts:
            last.setdefault(number, part)
    return {part: number for number, part in last.items()}


def _complete(
    parts: Sequence[str] | Mapping[str, object], numbers: Mapping[str, int], known: Mapping[str, int], first: int
) -> dict[str, int]:
    """Give new numbers to the parts without one, in their order."""
    fresh = _fresh({*known.values(), *numbers.values()}, set(numbers.values()), first)
    return {part: numbers[part] if part in numbers else next(fresh) for part in parts}


def _fresh(remembered: set[int], used: set[int], first: int) -> Iterator[int]:
    """Yield numbers above all remembered ones and then, if none is left, numbers of parts that left long ago."""
    top = max(remembered, default=first - 1)
    yield from range(top + 1, MAX_NUMBER + 1)
    yield from (number for number in range(first, top + 1) if number not in used)
    raise ValueError(f"a note has at most {MAX_NUMBER} cloze numbers")


def _gaps(texts: Sequence[str], anchors: Mapping[str, int]) -> dict[str, tuple[str, str]]:
    """Return, for each text, the nearest texts before and after it that are in both the former and present chain."""
    before, last = [], ""
    for text in texts:
        before.append(last)
        last = text if text in anchors else last
    after, following = [], ""
    for text in reversed(texts):
        after.append(following)
        following = text if text in anchors else following
    return dict(zip(texts, zip(before, reversed(after), strict=True), strict=True))
