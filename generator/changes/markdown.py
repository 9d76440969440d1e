"""What changed, as release notes in Markdown for people who use the deck, with corrections first."""

import re
from collections.abc import Iterator, Mapping, Sequence

from generator.cards.phrases import fill
from generator.changes.changelog import Changelog, Effect, EntryChange, FieldChange, Kind
from generator.changes.text import shorten
from generator.text.words import in_one_line

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$])")
_SECTIONS = (Kind.CHANGED, Kind.MOVED, Kind.RENAMED, Kind.ADDED, Kind.RETURNED, Kind.RETIRED)


def release_notes(changes: Changelog, words: Mapping[str, str]) -> str:
    """Return the release notes, with the phrases of a deck."""
    return "\n".join(_Notes(changes, words).lines()).rstrip("\n") + "\n"


class _Notes:
    def __init__(self, changes: Changelog, words: Mapping[str, str]) -> None:
        self._changes, self._words = changes, words

    def _say(self, phrase: str, /, **values: object) -> str:
        return fill(self._words[f"notes-{phrase}"], **{key: str(value) for key, value in values.items()})

    def lines(self) -> Iterator[str]:
        changes = self._changes
        yield f"# {_escape(changes.deck)}"
        yield ""
        summary = ", ".join(self._say(f"count-{what}", count=count) for what, count in changes.told.items())
        yield self._say("since", since=_escape(changes.since), summary=summary)
        yield ""
        if changes.deck != changes.deck_was:
            yield self._say("was-called", name=_escape(changes.deck_was))
            yield ""
        corrected = tuple(e for e in changes.entries if e.correction and e.kind is not Kind.RETIRED)
        if corrected:
            yield from (f"## {self._say('corrections')}", "", *self._corrections(corrected), "")
        for kind in _SECTIONS:
            entries = [entry for entry in changes.of([kind]) if entry not in corrected]
            if entries:
                yield from (f"## {self._say(kind)}", "")
                for entry in entries:
                    yield f"- **{_escape(entry.heading)}**"
                    yield from self._details(entry)
                yield ""
        if changes.note_types:
            yield from (f"## {self._say('look')}", "")
            yield from (f"- {_escape(item.name)}: {_escape(', '.join(item.parts))}" for item in changes.note_types)
            yield ""
        if not changes.empty:
            yield from (f"## {self._say('learners')}", "", *self._effect(changes.effect))

    def _corrections(self, entries: Sequence[EntryChange]) -> Iterator[str]:
        """Yield what the entries that follow a correction say now, and what it corrects."""
        for entry in entries:
            assert entry.correction is not None
            yield f"- **{_escape(entry.heading)}** ({_escape(entry.correction.id)})"
            yield f"  - {self._say('claim', text=in_one_line(entry.correction.says))}"
            yield f"  - {self._say('correct', text=in_one_line(entry.correction.correct))}"
            yield from self._details(entry)

    def _effect(self, effect: Effect) -> Iterator[str]:
        """Yield what an import does for learners who have the deck."""
        yield self._say("effect", updated=effect.updated, new=effect.new, untouched=effect.untouched)
        if lost := effect.undelivered + effect.conflicting:
            yield self._say("not-taken", count=lost)
        if effect.emptied:
            yield self._say("empty", count=effect.emptied)
        for deck in self._changes.decks:
            yield self._say("deck-stays", was=_escape(deck.was), deck=_escape(deck.deck))
        if Kind.RETIRED in self._changes.counts:
            yield self._say("retired-stay")

    def _details(self, entry: EntryChange) -> Iterator[str]:
        if entry.was:
            yield f"  - {self._say('key', was=f'`{entry.was}`', key=f'`{entry.key}`')}"
        if entry.moved:
            was, place = (_escape(path) or self._say("top") for path in entry.moved)
            yield f"  - {self._say('place', was=was, place=place)}"
        yield from (f"  - {said}" for field in entry.fields if (said := self._field(field)))
        if entry.before and entry.cards_new:
            yield f"  - {self._say('cards-new', cards=_escape(', '.join(entry.cards_new)))}"
        if entry.before and entry.cards_gone and entry.kind is not Kind.RETIRED:
            yield f"  - {self._say('cards-gone', cards=_escape(', '.join(entry.cards_gone)))}"

    def _field(self, field: FieldChange) -> str:
        """Return what changed in a field. A field that is only `1` is told as cards tell it, or not at all."""
        if {field.before, field.after} != {"", "1"}:
            return f"{_escape(field.name)}: {_words(field)}"
        phrase = self._words.get(field.name.casefold(), "")
        return phrase and _marked("+" if field.after else "-", phrase)


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
