"""What changed, as a page: the words that differ, and the cards before and after as Anki shows them.

The page needs no script and loads nothing; pictures are embedded. Day or night follows the reader's own setting.
"""

import base64
import mimetypes
import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import zip_longest
from string import Template

from generator.changes.changelog import Changelog, EntryChange, FieldChange, Kind
from generator.model.notes import Note, NoteSet
from generator.resources import bundled
from generator.screen.card import STYLE, set_card

_NIGHT = re.compile(r"\.(?:nightMode|night_mode)\b")
_SOURCE = re.compile(r'(<img\b[^>]*?\bsrc=")([^"]*)"')
_ACTIVE = re.compile(r"<(?=/?(?:base|embed|form|iframe|link|meta|object|script|style)\b)", re.IGNORECASE)
"""Tags with which a card from a stranger's package could harm the page; they are shown as text."""
_SECTIONS = (Kind.CHANGED, Kind.MOVED, Kind.RENAMED, Kind.ADDED, Kind.RETURNED, Kind.RETIRED)


def changes_page(changes: Changelog, old: NoteSet, new: NoteSet) -> str:
    """Return the page."""
    before, after = _Release(old, "old"), _Release(new, "new")
    entries = [entry for kind in _SECTIONS for entry in changes.of([kind])]
    effect = changes.effect
    told = [f"{effect.updated} updated", f"{effect.new} added", f"{effect.untouched} left alone"]
    told += [f"{effect.undelivered} not taken because they are not newer"] if effect.undelivered else []
    told += [f"{effect.emptied} card{'s' if effect.emptied > 1 else ''} emptied"] if effect.emptied else []
    told += [f"{effect.conflicting} skipped because the note type does not match"] if effect.conflicting else []
    facts = "".join(
        f"<li>Note type {escape(change.name)}: {escape(', '.join(change.parts))}</li>" for change in changes.note_types
    )
    facts += "".join(
        f"<li>Cards that learners have in {escape(deck.was)} stay there; new ones go into {escape(deck.deck)}</li>"
        for deck in changes.decks
    )
    layout = (bundled("templates") / "update" / "changes.html").read_text(encoding="utf-8")
    return Template(layout).substitute(
        deck=escape(changes.deck),
        since=escape(changes.since),
        summary=escape(changes.summary),
        effect=escape(", ".join(told)),
        facts=f"<ul>{facts}</ul>" if facts else "",
        styles=STYLE + before.styles + after.styles,
        entries="\n".join(_entry(entry, before, after) for entry in entries),
    )


class _Release:
    """One of the two releases: the look of its cards and the pictures in them."""

    def __init__(self, notes: NoteSet, name: str) -> None:
        self._notes = notes
        self._name = name
        self._pictures = {media.name: media.read for media in notes.media}

    @property
    def styles(self) -> str:
        """Return the css of each note type, limited to its own cards. At night, Anki's night classes count as set."""
        return "".join(self._style(key) for key in self._notes.note_types)

    def cards(self, note: Note | None) -> Mapping[int, tuple[str, str]]:
        """Return the front and the back of each card in Anki's frame, by ordinal."""
        if note is None:
            return {}
        return {ordinal: self._frames(note, ordinal) for ordinal in note.card_ordinals}

    def name_of(self, note: Note, ordinal: int) -> str:
        """Return the name of a card that learners see in the list of cards."""
        return self._notes.template_of(note, ordinal).name

    def _style(self, key: str) -> str:
        css = self._notes.note_types[key].css.replace("</", r"<\/")
        scope = f".{self._scope(key)}"
        night = _NIGHT.sub(lambda match: f":is(*, {match[0]})", css)
        return f"{scope} {{\n{css}\n}}\n@media (prefers-color-scheme: dark) {{ {scope} {{\n{night}\n}} }}\n"

    def _scope(self, key: str) -> str:
        return f"{self._name}-{list(self._notes.note_types).index(key)}"

    def _frames(self, note: Note, ordinal: int) -> tuple[str, str]:
        front, back = (self._frame(note, ordinal, side) for side in self._notes.show(note, ordinal)[:2])
        return front, back

    def _frame(self, note: Note, ordinal: int, html: str) -> str:
        inside = _SOURCE.sub(self._picture, _ACTIVE.sub("&lt;", set_card(html)))
        return f'<div class="{self._scope(note.note_type)}"><div class="card card{ordinal + 1}">{inside}</div></div>'

    def _picture(self, match: re.Match[str]) -> str:
        read = self._pictures.get(match[2])
        if read is None:
            return match[0]
        kind = mimetypes.guess_type(match[2])[0] or "application/octet-stream"
        return f'{match[1]}data:{kind};base64,{base64.b64encode(read()).decode()}"'


def _entry(entry: EntryChange, before: _Release, after: _Release) -> str:
    lines = [f"<p>Its key was <code>{escape(entry.was)}</code>.</p>"] if entry.was else []
    lines += [f"<p>From {escape(entry.moved[0])} to {escape(entry.moved[1])}</p>"] if entry.moved else []
    lines += [f"<p>Corrects {escape(entry.correction.id)}</p>"] if entry.correction else []
    lines += ["<dl>", *map(_field, entry.fields), "</dl>"] if entry.fields else []
    return (
        f'<section class="{entry.kind}"><h2>{escape(entry.heading)} <span class="kind">{entry.kind}</span></h2>'
        f'<p class="key">{escape(entry.note_type)} · <code>{escape(entry.key)}</code></p>{"".join(lines)}'
        f"{''.join(_cards(entry, before, after))}</section>"
    )


def _field(field: FieldChange) -> str:
    tags = {"=": "{}", "-": "<del>{}</del>", "+": "<ins>{}</ins>"}
    words = "".join(tags[span.mark].format(escape(span.text)) for span in field.words)
    return f"<dt>{escape(field.name)}</dt><dd>{words}</dd>"


def _cards(entry: EntryChange, before: _Release, after: _Release) -> Iterator[str]:
    """Return the cards that look different, side by side. Those of a whole new or retired entry are folded."""
    old, new = before.cards(entry.before), after.cards(entry.after)
    both = bool(old and new)
    same = 0
    for ordinal in sorted({*old, *new}):
        left, right = old.get(ordinal, ()), new.get(ordinal, ())
        if _bare(left) == _bare(right):
            same += 1
            continue
        side, note = (after, entry.after) if right else (before, entry.before)
        assert note is not None
        rows = "".join(
            f'<div class="pair">{_column("Before", a)}{_column("After", b)}</div>'
            if both
            else f'<div class="pair">{_column("", b or a)}</div>'
            for a, b in zip_longest(left, right)
        )
        name = escape(side.name_of(note, ordinal))
        yield f"<details{' open' if both else ''}><summary>{name}</summary>{rows}</details>"
    if same:
        yield f'<p class="key">{same} {"card looks" if same == 1 else "cards look"} as before.</p>'


def _bare(card: tuple[str, ...]) -> tuple[str, ...]:
    """Return a card without the scope of its css."""
    return tuple(re.sub(r'^<div class="(?:old|new)-\d+">', "", side) for side in card)


def _column(label: str, frame: str | None) -> str:
    head = f'<p class="label-side">{label}</p>' if label else ""
    return f'<div class="side">{head}<div class="frame">{frame or "<p class=none>no such card</p>"}</div></div>'
