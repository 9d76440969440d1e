"""Compare two releases: which entries differ, in which fields and words, and what learners will notice."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from generator.changes.changelog import (
    Changelog,
    Corrected,
    DeckChange,
    Effect,
    EntryChange,
    FieldChange,
    Kind,
    Mark,
    NoteTypeChange,
    Span,
)
from generator.ledger.stamp import Stamped
from generator.model.notes import EarlierRelease, Note, NoteSet, NoteType, Release
from generator.text.html import one_line, with_signs

_KEY = "Key"
_PLACE = "Place"
_ENDS = frozenset(("First", "Second", "Axis"))
"""Fields that only a contrast has."""
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_LONG = 4000
"""From this many tokens on, texts are not compared word by word: the effort grows with the square."""


def compare(former: EarlierRelease, new: Release, corrections: Mapping[str, Corrected]) -> Changelog:
    """Return what differs. As for Anki, two notes are the same note if they have the same guid.

    A note that was retired and is there again counts as returned. `corrections` are by the key of the entry.
    """
    old = former.release
    before = {old.identities[note.id].guid: note for note in old.notes.notes}
    decks = tuple(_deck_changes(before, old.notes, new))
    note_types = tuple(_note_types(old, new))
    mismatched = {change.name for change in note_types if not change.matches}
    entries: list[EntryChange] = []
    counts = dict.fromkeys(("new", "updated", "untouched", "undelivered", "conflicting"), 0)
    unchanged = emptied = 0
    for note in new.notes.notes:
        identity = new.identities[note.id]
        was = before.pop(identity.guid, None)
        if was is None:
            kind = Kind.RETURNED if identity.guid in former.retired else Kind.ADDED
            name, title = new.notes.note_types[note.note_type].name, _title(note, new.notes)
            correction = corrections.get(note.key)
            entries.append(EntryChange(kind, name, note.key, title, identity.guid, correction=correction, after=note))
            counts["updated" if kind is Kind.RETURNED else "new"] += 1  # who has the old release has it still
            continue
        changed = _entry(was, note, old.notes, new.notes)
        entries += [replace(changed, guid=identity.guid, correction=corrections.get(note.key))] if changed else []
        unchanged += changed is None
        emptied += len(set(was.card_ordinals) - set(note.card_ordinals))
        old_type, new_type = old.notes.note_types[was.note_type], new.notes.note_types[note.note_type]
        newer = old.identities[was.id].modified < identity.modified if former.timed else changed is not None
        if old_type.id != new_type.id or new_type.name in mismatched:
            counts["conflicting"] += 1
        elif newer:
            counts["updated"] += 1
        else:
            counts["undelivered" if changed and _differs(was, note) else "untouched"] += 1
    for guid, note in before.items():
        title = _title(note, old.notes)
        name = old.notes.note_types[note.note_type].name
        entries.append(EntryChange(Kind.RETIRED, name, note.key, title, guid, before=note))
    effect = Effect(**counts, emptied=emptied)
    return Changelog(new.notes.deck, old.notes.deck, former.since, tuple(entries), note_types, unchanged, effect, decks)


def _deck_changes(before: Mapping[str, Note], old: NoteSet, new: Release) -> Iterator[DeckChange]:
    """Yield from which subdeck to which other one notes went, and how many cards they had. No lock remembers it.

    `before` are the old notes by guid.
    """
    cards: Counter[tuple[str, str]] = Counter()
    for note in new.notes.notes:
        was = before.get(new.identities[note.id].guid)
        if was and was.subdeck != note.subdeck:
            cards[old.home(was), new.notes.home(note)] += len(was.card_ordinals)
    yield from (DeckChange(was, deck, count) for (was, deck), count in cards.items())


def recall(stamped: Stamped) -> Changelog:
    """Return what differs from the last build as far as the lock remembers: which entries, but not which fields."""
    notes, lock = stamped.release.notes, stamped.lock
    by_name = {note.id: note for note in notes.notes}
    kinds = dict.fromkeys(stamped.changed, Kind.CHANGED)
    kinds |= dict.fromkeys(stamped.renamed, Kind.RENAMED)
    kinds |= dict.fromkeys(stamped.returned, Kind.RETURNED)
    kinds |= dict.fromkeys(stamped.added, Kind.ADDED)
    entries = [
        EntryChange(
            kinds[name],
            notes.note_types[name.note_type].name,
            name.key,
            _title(note, notes),
            lock.notes[name].guid,
            was=stamped.renamed[name].key if name in stamped.renamed else None,
            after=note,
        )
        for name, note in by_name.items()
        if name in kinds
    ]
    for name in stamped.retired:
        note_type = notes.note_types.get(name.note_type)
        kind = note_type.name if note_type else name.note_type
        entries.append(EntryChange(Kind.RETIRED, kind, name.key, name.key, lock.notes[name].guid))
    returned = len(set(stamped.returned) - set(stamped.changed))
    emptied = sum(map(len, stamped.emptied.values()))
    effect = Effect(len(stamped.added), len(stamped.changed), stamped.untouched, emptied=emptied)
    since = lock.deck if stamped.untouched or stamped.changed or stamped.retired else ""
    return Changelog(notes.deck, notes.deck, since, tuple(entries), (), stamped.untouched - returned, effect)


def mark_words(before: str, after: str) -> tuple[Span, ...]:
    """Return the words of two HTML values with the differences marked. If only the markup differs, show the markup."""
    old, new = one_line(before), one_line(after)
    if old == new:
        old, new = with_signs(before), with_signs(after)
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(a) + len(b) > _LONG:
        return _spans((("-", old), ("+", new)))
    spans: list[tuple[Mark, str]] = []
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if operation == "equal":
            spans.append(("=", "".join(a[i1:i2])))
        else:
            spans += [("-", "".join(a[i1:i2])), ("+", "".join(b[j1:j2]))]
    return _spans(_join_across_spaces(spans))


def _join_across_spaces(spans: Iterable[tuple[Mark, str]]) -> Iterator[tuple[Mark, str]]:
    """Mark a single space between two changed pieces as changed too, so that a changed phrase reads as one."""
    gone = new = ""
    waiting = ""
    for mark, text in spans:
        if mark == "=" and (text.strip() or not (gone or new)):
            yield from (("-", gone), ("+", new), ("=", waiting + text))
            gone = new = waiting = ""
        elif mark == "=":
            waiting = text
        else:
            gone, new, waiting = gone + waiting, new + waiting, ""
            gone, new = (gone + text, new) if mark == "-" else (gone, new + text)
    yield from (("-", gone), ("+", new), ("=", waiting))


def _spans(pairs: Iterable[tuple[Mark, str]]) -> tuple[Span, ...]:
    return tuple(Span(mark, text) for mark, text in pairs if text)


def _entry(was: Note, note: Note, old: NoteSet, new: NoteSet) -> EntryChange | None:
    if not _differs(was, note) and was.card_ordinals == note.card_ordinals:
        return None
    fields = tuple(_fields(was, note, old.note_types[was.note_type], new.note_types[note.note_type]))
    tags_gone = tuple(tag for tag in was.tags if tag not in note.tags)
    tags_new = tuple(tag for tag in note.tags if tag not in was.tags)
    place = next((field for field in fields if field.name == _PLACE), None)
    moved = (one_line(place.before), one_line(place.after)) if place and tags_gone and tags_new else None
    old_cards, new_cards = _cards(was, old), _cards(note, new)
    renamed = was.key != note.key
    return EntryChange(
        kind=Kind.RENAMED if renamed else Kind.MOVED if moved else Kind.CHANGED,
        note_type=new.note_types[note.note_type].name,
        key=note.key,
        title=_title(note, new),
        guid="",
        was=was.key if renamed else None,
        moved=moved,
        fields=tuple(field for field in fields if field.name != _KEY and not (moved and field.name == _PLACE)),
        tags_gone=tags_gone,
        tags_new=tags_new,
        cards_gone=tuple(card for card in old_cards if card not in new_cards),
        cards_new=tuple(card for card in new_cards if card not in old_cards),
        before=was,
        after=note,
    )


def _differs(was: Note, note: Note) -> bool:
    return was.fields != note.fields or set(was.tags) != set(note.tags)


def _fields(was: Note, note: Note, old: NoteType, new: NoteType) -> Iterator[FieldChange]:
    """Return the fields that differ. A field is the same if its id is the same, whatever its name."""
    before = {field.lasting_id: value for field, value in zip(old.fields, was.fields, strict=True)}
    for field, after in zip(new.fields, note.fields, strict=True):
        value = before.pop(field.lasting_id, "")
        if value != after:
            yield FieldChange(field.name, value, after, mark_words(value, after))
    names = {field.lasting_id: field.name for field in old.fields}
    yield from (FieldChange(names[id_], value, "", mark_words(value, "")) for id_, value in before.items() if value)


def _title(note: Note, notes: NoteSet) -> str:
    """Return what a note is about: its sort field, or both ends of a contrast."""
    note_type = notes.note_types[note.note_type]
    ends = {f.name: text for f, text in zip(note_type.fields, note.fields, strict=True) if f.name in _ENDS}
    if len(ends) == len(_ENDS):
        return f"{one_line(ends['First'])} / {one_line(ends['Second'])}"
    return one_line(note.fields[note_type.sort_field]) or note.key


def _cards(note: Note, notes: NoteSet) -> tuple[str, ...]:
    """Return the names of a note's cards, or the numbers of a cloze note's."""
    cloze = notes.note_types[note.note_type].cloze
    return tuple(notes.template_of(note, o).name + (f" {o + 1}" if cloze else "") for o in note.card_ordinals)


def _note_types(old: Release, new: Release) -> Iterator[NoteTypeChange]:
    known = {note_type.id: note_type for note_type in old.notes.note_types.values()}
    for note_type in new.notes.note_types.values():
        was = known.get(note_type.id)
        if was and (parts := tuple(_parts(was, note_type, _made(old.notes, was) | _made(new.notes, note_type)))):
            matches = all(
                [item.lasting_id for item in mine] == [item.lasting_id for item in theirs]
                for mine, theirs in ((was.fields, note_type.fields), (was.templates, note_type.templates))
            )
            yield NoteTypeChange(note_type.name, parts, matches)


def _made(notes: NoteSet, note_type: NoteType) -> frozenset[int]:
    """Return the lasting ids of the card templates of a note type that make a card."""
    own = (note for note in notes.notes if notes.note_types[note.note_type] is note_type)
    ordinals = {ordinal for note in own for ordinal in note.card_ordinals}
    return frozenset(note_type.templates[0 if note_type.cloze else ordinal].lasting_id for ordinal in ordinals)


def _parts(was: NoteType, now: NoteType, made: frozenset[int]) -> Iterator[str]:
    """Return what differs in a note type, in words. `made` are the card templates that make a card in either release.

    How the others look is of no use to anybody.
    """
    if was.name != now.name:
        yield f"name, was {was.name}"
    if was.css != now.css:
        yield "css"
    names = {field.lasting_id: field.name for field in was.fields}
    for field in now.fields:
        if field.lasting_id not in names:
            yield f"field {field.name} added"
        elif names[field.lasting_id] != field.name:
            yield f"field {names[field.lasting_id]} is now {field.name}"
    yield from (f"field {name} removed" for id_, name in names.items() if id_ not in {f.lasting_id for f in now.fields})
    if was.sort_field != now.sort_field:
        yield "sort field"
    templates = {template.lasting_id: template for template in was.templates}
    looks = {t.lasting_id: t.name for t in now.templates if templates.get(t.lasting_id, t) != t}
    changed = {id_: name for id_, name in looks.items() if id_ in made}
    if len(changed) > 1 and changed.keys() == made:
        yield "the look of all cards"
    else:
        yield from (f"card {name}" for name in changed.values())
    kept = {template.lasting_id for template in now.templates}
    yield from (f"card {template.name} added" for template in now.templates if template.lasting_id not in templates)
    yield from (f"card {template.name} removed" for id_, template in templates.items() if id_ not in kept)
