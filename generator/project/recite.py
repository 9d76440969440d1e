"""Keep the citations that an author put into a text when a table brings a new one."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher

from generator.text.citations import CITATION

_GROUP = re.compile(rf"[ \t]*{CITATION.pattern}")
WORD = re.compile(r"\$\$.+?\$\$|\$[^$]+\$|`[^`]+`|<[^>]+>|!?\[[^\]]*\]\([^)]*\)|[^\W_]+(?:_+[^\W_]+)*", re.DOTALL)
"""A word, or what no citation may break up: maths, code, a tag, a link."""
_STOPS = ".!?\u2026\u3002\uff01\uff1f"

LONG = 1000
"""From this many words on, frequent words are not compared: the effort grows with the square."""

_Mark = tuple[int, str]
"""A citation and the place in its text, without citations, behind which it stands."""


def recite(old: str, before: str, now: str) -> str:
    """Return the text that a table has now, with the author's citations of the old text.

    `before` is what the table had at the last import: its citations are the table's, and one that the author deleted
    stays deleted. A citation stands behind the same word as before or, if that word is gone, at the end.
    """
    was, mine = _apart(old)
    text, marks = _apart(now)
    had = _apart(before)[1]
    own = list(_without(mine, had))
    kept = list(_without(marks, list(_without(had, mine))))
    if own := list(_without(own, kept)):
        place = _places(was, text)
        kept += [(place(at), citation) for at, citation in own]
    return now if kept == marks else _together(text, kept)


def uncited(text: str) -> str:
    """Return a text without its citations."""
    return _apart(text)[0]


def _apart(text: str) -> tuple[str, list[_Mark]]:
    """Return a text without its citations, and the citations."""
    plain, end = "", 0
    marks: list[_Mark] = []
    for group in _GROUP.finditer(text) if "[@" in text else ():
        plain += text[end : group.start()]
        marks += [(len(plain), part.strip()) for part in group[1].split(";")]
        end = group.end()
    return plain + text[end:], marks


def _without(marks: Iterable[_Mark], others: Iterable[_Mark]) -> Iterator[_Mark]:
    """Yield citations without as many of each as the others have."""
    less = Counter(citation for _, citation in others)
    for at, citation in marks:
        if less[citation]:
            less[citation] -= 1
        else:
            yield at, citation


def _places(old: str, new: str) -> Callable[[int], int]:
    """Return what finds the place in a new text for a citation at a place of the old one."""
    words, others = list(WORD.finditer(old)), list(WORD.finditer(new))
    said, says = ([word[0].casefold() for word in side] for side in (words, others))
    blocks = SequenceMatcher(None, said, says, autojunk=len(said) + len(says) > LONG).get_matching_blocks()
    same: dict[int, int] = {i + n: others[j + n].end() for i, j, size in blocks for n in range(size)}
    ends = [word.end() for word in words]

    def place(at: int) -> int:
        index = bisect_right(ends, at) - 1
        if index < 0:
            return 0
        if index not in same:
            return _last(old, new, at)
        between = old[ends[index] : at]  # such as a full stop, or the end of emphasis
        return same[index] + (len(between) if new.startswith(between, same[index]) else 0)

    return place


def _last(old: str, new: str, at: int) -> int:
    """Return the place at the end of a text: behind its full stop only if the old text had the citation there."""
    text, behind = new.rstrip(), old[:at].rstrip().endswith(tuple(_STOPS)) and not old[at:].strip()
    return len(text if behind else text.rstrip(_STOPS))


def _together(text: str, marks: Iterable[_Mark]) -> str:
    """Return a text with citations. Those at one place are joined."""
    groups: dict[int, list[str]] = {}
    for at, citation in marks:
        groups.setdefault(at, []).append(citation)
    for at, citations in sorted(groups.items(), reverse=True):
        before, after = text[:at], text[at:]
        left = " " if before and not before[-1].isspace() else ""
        right = " " if not before and after and not after[0].isspace() else ""
        text = f"{before}{left}[{'; '.join(dict.fromkeys(citations))}]{right}{after}"
    return text
