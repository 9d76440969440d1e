"""What changed, as release notes in Markdown for people who use the deck, with corrections first."""

import re
from collections.abc import Iterator, Sequence

from generator.changes.changelog import Changelog, EntryChange, FieldChange, Kind
from generator.changes.text import shorten
from generator.text.words import in_one_line

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$])")
_SECTIONS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("Changed", (Kind.CHANGED,)),
    ("Moved", (Kind.MOVED,)),
    ("Renamed", (Kind.RENAMED,)),
    ("New", (Kind.ADDED,)),
    ("Returned", (Kind.RETURNED,)),
    ("Retired", (Kind.RETIRED,)),
)


def release_notes(changes: Changelog) -> str:
    """Return the release notes."""
    return "\n".join(_lines(changes)).rstrip("\n") + "\n"


def _lines(changes: Changelog) -> Iterator[str]:
    yield f"# {_escape(changes.deck)}"
    yield ""
    yield f"Since {_escape(changes.since)}: {changes.summary}."
    yield ""
    if changes.deck != changes.deck_was:
        yield f"The deck was called {_escape(changes.deck_was)}; cards that you have stay there."
        yield ""
    corrected = tuple(e for e in changes.entries if e.correction and e.kind is not Kind.RETIRED)
    if corrected:
        yield from ("## Corrections", "", *_corrections(corrected), "")
    for heading, kinds in _SECTIONS:
        entries = [entry for entry in changes.of(kinds) if entry not in corrected]
        if entries:
            yield from (f"## {heading}", "")
            for entry in entries:
                yield f"- **{_escape(entry.heading)}**"
                yield from _details(entry)
            yield ""
    if changes.note_types:
        yield from ("## Look of the cards", "")
        yield from (f"- {_escape(item.name)}: {_escape(', '.join(item.parts))}" for item in changes.note_types)
        yield ""
    if not changes.empty:
        yield from ("## If you have the deck", "", *_effect(changes))


def _corrections(entries: Sequence[EntryChange]) -> Iterator[str]:
    """Yield what the entries that follow a correction say now, and what it corrects."""
    for entry in entries:
        assert entry.correction is not None
        yield f"- **{_escape(entry.heading)}** ({_escape(entry.correction.id)})"
        yield f"  - Claim: {in_one_line(entry.correction.says)}"
        yield f"  - Correct: {in_one_line(entry.correction.correct)}"
        yield from _details(entry)


def _effect(changes: Changelog) -> Iterator[str]:
    """Yield what an import does for learners who have the deck."""
    effect = changes.effect
    yield (
        f"Import updates {effect.updated} of your notes, adds {effect.new} and leaves {effect.untouched} alone; "
        "your reviews stay. What you wrote into an updated note yourself is replaced, unless you wrote it after "
        "the change. Leave the import options as they are."
    )
    if effect.undelivered + effect.conflicting:
        yield f"Anki will not take the changes to {effect.undelivered + effect.conflicting} further notes."
    if effect.emptied:
        said = "1 card that you have is" if effect.emptied == 1 else f"{effect.emptied} cards that you have are"
        yield f"{said} empty now: *Tools > Empty Cards* deletes empty cards."
    if Kind.RETIRED in changes.counts:
        yield "Retired entries stay in your collection until you suspend or delete them."


def _details(entry: EntryChange) -> Iterator[str]:
    if entry.was:
        yield f"  - Its key was `{entry.was}` and is `{entry.key}`"
    if entry.moved:
        yield f"  - From {_escape(entry.moved[0] or 'the top')} to {_escape(entry.moved[1] or 'the top')}"
    yield from (f"  - {_escape(field.name)}: {_words(field)}" for field in entry.fields)
    if entry.before and entry.cards_new:
        yield f"  - New cards: {_escape(', '.join(entry.cards_new))}"
    if entry.before and entry.cards_gone and entry.kind is not Kind.RETIRED:
        yield f"  - Cards no longer made: {_escape(', '.join(entry.cards_gone))}"


def _words(field: FieldChange) -> str:
    """Return the words with `~~gone~~` and `**new**`, the marks directly at the words, as Markdown requires."""
    pieces: list[str] = []
    for index, span in enumerate(field.words):
        if span.mark == "=":
            pieces.append(_escape(shorten(span.text, index == 0, index == len(field.words) - 1)))
            continue
        bare = span.text.strip()
        if bare:
            before, _, after = span.text.partition(bare)
            follows = span.mark == "+" and index and field.words[index - 1].mark == "-" and not before
            pieces.append(f"{before or (' ' if follows else '')}{_marked(span.mark, bare)}{after}")
    return " ".join("".join(pieces).split())


def _marked(mark: str, text: str) -> str:
    """Mark a text in Markdown, or in HTML if the character at the edge of the text would break Markdown's marks."""
    if text[0].isalnum() and text[-1].isalnum():
        fence = "~~" if mark == "-" else "**"
        return f"{fence}{_escape(text)}{fence}"
    tag = "del" if mark == "-" else "ins"
    return f"<{tag}>{_escape(text)}</{tag}>"


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
