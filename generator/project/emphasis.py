"""Keep the emphasis that an author gave to words of a text when a table brings a new text."""

import re
from difflib import SequenceMatcher

from generator.project.recite import LONG, WORD, uncited
from generator.text.citations import CITATION
from generator.text.html import CITE

_SPAN = re.compile(
    r"(?<![\\*])(?P<star>\*{1,3})(?![\s*])(?P<stars>[^*]*[^\s*\\])(?P=star)(?!\*)"
    r"|(?<![\\\w])(?P<line>_{1,3})(?![\s_])(?P<lines>[^_]*[^\s_\\])(?P=line)(?!\w)"
)
"""Words with one kind of emphasis, and no other inside."""
_TOKEN = re.compile(rf"{CITATION.pattern}|{WORD.pattern}|[^\w\s]", re.DOTALL)
_EMPHASISED = re.compile(r"<(strong|em)>.*?</\1>", re.DOTALL)
_MARK = re.compile(rf"\s*{CITE}.*?</sup>")


def emphasised(html: str) -> list[str]:
    """Return what HTML emphasises, without citations, in an order that does not depend on the text."""
    return sorted(found[0] for found in _EMPHASISED.finditer(_MARK.sub("", html)))


def emphasise(old: str, now: str) -> str:
    """Return a new Markdown text with the emphasis of the old one on the words that both have."""
    plain, spans = _apart(uncited(old))
    words, others = list(_TOKEN.finditer(plain)), list(_TOKEN.finditer(now))
    said, says = ([word[0] for word in side] for side in (words, others))
    blocks = SequenceMatcher(None, said, says, autojunk=len(said) + len(says) > LONG).get_matching_blocks()
    same = {i + n: j + n for i, j, size in blocks for n in range(size)}
    starts = {word.start(): n for n, word in enumerate(words)}
    ends = {word.end(): n for n, word in enumerate(words)}
    signs: list[tuple[int, str]] = []
    for start, end, sign in spans:
        first, last = same.get(starts.get(start, -1)), same.get(ends.get(end, -1))
        if first is not None and last is not None and last - first == ends[end] - starts[start]:
            signs += [(others[first].start(), sign), (others[last].end(), sign)]
    for place, sign in sorted(signs, reverse=True):
        now = now[:place] + sign + now[place:]
    return now


def _apart(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Return a text without its emphasis, and where each emphasis begins and ends, with its sign."""
    plain, end = "", 0
    spans: list[tuple[int, int, str]] = []
    for found in _SPAN.finditer(text):
        plain += text[end : found.start()]
        words = found["stars"] or found["lines"]
        spans.append((len(plain), len(plain) + len(words), found["star"] or found["line"]))
        plain, end = plain + words, found.end()
    return plain + text[end:], spans
