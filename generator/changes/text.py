"""What changed, for a terminal: a paragraph per entry, a line per field, and brackets round the words that differ."""

from collections.abc import Callable, Iterator
from typing import Literal

from generator.changes.changelog import Changelog, EntryChange, FieldChange, Kind, Span

Role = Literal["title", "new", "gone", "other", "quiet", "warning"]
Style = Callable[[str, Role], str]
"""Gives a piece of text the colour of its role. Signs repeat what colours say."""

_SIGNS = {Kind.ADDED: "+", Kind.RETURNED: "+", Kind.RETIRED: "-", Kind.RENAMED: "→", Kind.MOVED: "→", Kind.CHANGED: "~"}
_ROLES: dict[Kind, Role] = {Kind.ADDED: "new", Kind.RETURNED: "new", Kind.RETIRED: "gone"}
_AROUND = 6
"""The number of words shown on each side of a change."""


def format_changes(changes: Changelog, style: Style) -> Iterator[str]:
    """Yield the lines of the whole changelog."""
    yield style(changes.deck, "title") + style(f" since {changes.since}", "quiet")
    yield f"  {changes.summary}"
    if changes.deck != changes.deck_was:
        yield style(f"  the deck was {changes.deck_was}: cards that learners have stay there", "warning")
        if {entry.kind for entry in changes.entries} == {Kind.ADDED, Kind.RETIRED} and not changes.unchanged:
            yield style("  no note is in both; compare with a release of the same deck", "warning")
    yield from (style(f"  {line}", "warning") for line in _staying(changes))
    for line, matches in _note_types(changes):
        yield f"  {line}"
        if not matches:
            yield style(
                "    fields or cards do not match: Anki takes no changes to the notes that learners have", "warning"
            )
    for entry in changes.entries:
        yield ""
        yield from format_entry(entry, style)
    if not changes.empty:
        yield ""
        yield from format_effect(changes, style)


def format_outline(changes: Changelog, style: Style, limit: int) -> Iterator[str]:
    """Yield a line that counts the changes and, except for a first release, one for each of the first `limit` entries.

    The last line counts the cards that the release empties.
    """
    yield f"  {changes.summary}"
    if not changes.since:
        return
    for entry in changes.entries[:limit]:
        names = [field.name for field in entry.fields]
        notes = [f"was {entry.was}"] if entry.was else []
        notes += [f"{entry.moved[0]} → {entry.moved[1]}"] if entry.moved else []
        notes += [", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")] if names else []
        tail = style(f": {'; '.join(notes)}", "quiet") if notes else ""
        yield f"    {_sign(entry, style)} {entry.key}{tail}"
    if (more := len(changes.entries) - limit) > 0:
        yield style(f"    and {more} more", "quiet")
    yield from (style(f"    {line}", "warning") for line in _staying(changes))
    yield from (f"    {line}" for line, _ in _note_types(changes))
    yield from _emptied(changes)


def format_effect(changes: Changelog, style: Style) -> Iterator[str]:
    """Yield lines on what an import does to a learner's notes."""
    effect = changes.effect
    parts = [f"{effect.updated} updated", f"{effect.new} added", f"{effect.untouched} left alone"]
    yield "Learners' notes: " + ", ".join(parts)
    if effect.undelivered:
        yield style(f"  {effect.undelivered} differ but are not newer, so Anki leaves them as they are", "warning")
    if effect.conflicting:
        yield style(f"  {effect.conflicting} have a note type that does not match, so Anki skips them", "warning")
    if gone := changes.counts.get(Kind.RETIRED):
        yield style(f"  {gone} retired: learners keep them until they delete them", "quiet")
    yield from _emptied(changes)


def _staying(changes: Changelog) -> Iterator[str]:
    """Yield which cards of learners stay in a subdeck, because Anki moves none."""
    for deck in changes.decks:
        cards = "1 card stays" if deck.cards == 1 else f"{deck.cards} cards stay"
        yield f"{cards} with learners in {deck.was}, unless they rename it in Anki first; new ones go into {deck.deck}"


def _note_types(changes: Changelog) -> Iterator[tuple[str, bool]]:
    """Yield what changed in note types, those with the same changes together, and whether their notes still match."""
    names: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for note_type in changes.note_types:
        names.setdefault((note_type.parts, note_type.matches), []).append(note_type.name)
    for (parts, matches), same in names.items():
        yield f"note type{'s' if len(same) > 1 else ''} {', '.join(same)} changed: {', '.join(parts)}", matches


def _emptied(changes: Changelog) -> Iterator[str]:
    if empty := changes.effect.emptied:
        said = "1 card that learners have is" if empty == 1 else f"{empty} cards that learners have are"
        yield f"  {said} now empty; Tools > Empty Cards in Anki removes {'it' if empty == 1 else 'them'}"


def format_entry(entry: EntryChange, style: Style) -> Iterator[str]:
    """Yield the lines of one entry."""
    key = "" if entry.title == entry.key else style(f" ({entry.key})", "quiet")
    yield f"{_sign(entry, style)} {entry.kind} {style(entry.heading, 'title')}{key}"
    if entry.was:
        yield f"    was {entry.was}"
    if entry.moved:
        yield f"    moved from {entry.moved[0] or '(top)'} to {entry.moved[1] or '(top)'}"
    if entry.correction:
        yield f"    corrects {entry.correction.id}"
    for field in entry.fields:
        yield f"    {style(field.name + ':', 'quiet')} {_words(field, style)}"
    if entry.kind not in (Kind.ADDED, Kind.RETURNED):
        tags = [style(f"-{tag}", "gone") for tag in entry.tags_gone]
        tags += [style(f"+{tag}", "new") for tag in entry.tags_new]
        if tags and not entry.moved:
            yield f"    {style('tags:', 'quiet')} {' '.join(tags)}"
        cards = [style(f"-{card}", "gone") for card in entry.cards_gone]
        cards += [style(f"+{card}", "new") for card in entry.cards_new]
        if cards:
            yield f"    {style('cards:', 'quiet')} {', '.join(cards)}"


def _sign(entry: EntryChange, style: Style) -> str:
    return style(_SIGNS[entry.kind], _ROLES.get(entry.kind, "other"))


def _words(field: FieldChange, style: Style) -> str:
    pieces = [_piece(span, i == 0, i == len(field.words) - 1, style) for i, span in enumerate(field.words)]
    return "".join(pieces)


def _piece(span: Span, first: bool, last: bool, style: Style) -> str:
    if span.mark == "-":
        return style(f"[-{span.text}-]", "gone")
    if span.mark == "+":
        return style(f"{{+{span.text}+}}", "new")
    return shorten(span.text, first, last)


def shorten(text: str, first: bool, last: bool) -> str:
    """Leave out the middle of a long piece that did not change, or its far end at the edge of a field."""
    words = text.split(" ")
    head = [] if first else words[: _AROUND + 1]
    tail = [] if last else words[-_AROUND - 1 :]
    if len(words) <= len(head) + len(tail) + 1:
        return text
    return " ".join((*head, "…", *tail))
