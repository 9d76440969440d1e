"""Convert a deck of another program into an author's files: note types, entries and settings."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ryaml import dumps

from generator.model.entries import OwnNote
from generator.model.foreign import ForeignDeck, ForeignNote
from generator.model.notes import CardTemplate, NoteField, NoteId, NoteType
from generator.project.keys import make_deck_id
from generator.project.written import storable, write_html
from generator.text.cloze import plain_cloze
from generator.text.html import one_line
from generator.text.keys import make_key

_RESERVED = frozenset(field.alias or name for name, field in OwnNote.model_fields.items())
"""The keys of every entry. A field with such a name goes under `fields`."""
_UNSEEN = re.compile(r"\[sound:[^\]]*\]|image-occlusion:[^/]*|\\[()\[\]]")
"""Markup in a field that readers do not see as words."""
_A_FILE = 2_000
"""The number of notes per file."""


class NoDeckError(ValueError):
    """There is no deck to import; the message says why."""


@dataclass(frozen=True)
class Adopted:
    """A foreign deck with our names. `refused` lists the notes that cannot be imported, with reasons."""

    id: str
    deck: str
    description: str
    note_types: Mapping[int, str]
    notes: Mapping[NoteId, ForeignNote]
    refused: tuple[tuple[str, str], ...]


def adopt(foreign: ForeignDeck, taken: Mapping[str, Mapping[str, bytes]], asked: str | None) -> Adopted:
    """Find the deck to import, a name for each note type and a key for each note. Raise NoDeckError.

    `taken` are the names of note types that are in use, each with the files of its folder. `asked` is the deck to
    import, with its subdecks, if the file has several.
    """
    deck = _common_deck([note.deck for note in foreign.notes], asked)
    inside = [note for note in foreign.notes if f"{note.deck}::".casefold().startswith(f"{deck}::".casefold())]
    names: dict[int, str] = {}
    for id_ in dict.fromkeys(note.note_type for note in inside):
        names[id_] = _folder(foreign.note_types[id_], {**taken, **{name: {} for name in names.values()}})
    notes: dict[NoteId, ForeignNote] = {}
    refused = list(foreign.refused)
    keys = _Keys()
    guids: set[str] = set()
    for number, note in enumerate(inside, 1):
        note_type = foreign.note_types[note.note_type]
        title = _title(note, note_type)
        if reason := _refuse(note, note_type, guids):
            refused.append((f"note {number} ({title[:40] or note.guid})", reason))
            continue
        guids.add(note.guid)
        notes[NoteId(names[note.note_type], keys.make(names[note.note_type], title))] = note
    word = make_deck_id(deck.rpartition("::")[2])
    return Adopted(word, deck, foreign.descriptions.get(deck, ""), names, notes, tuple(refused))


def deck_files(adopted: Adopted, foreign: ForeignDeck) -> dict[str, bytes]:
    """Return the files of the deck's folder, by their paths in it."""
    head = {
        "deck": adopted.deck,
        "id": adopted.id,
        "description": {"html": adopted.description},
        "reviews": False,
    }
    files = {"deck.yaml": dumps(head).encode()}
    by_deck: dict[str, list[NoteId]] = {}
    for name, note in adopted.notes.items():
        by_deck.setdefault(_subdeck(note.deck, adopted.deck), []).append(name)
    for subdeck, names in by_deck.items():
        for start in range(0, len(names), _A_FILE):
            file = make_key(subdeck.replace("::", " ") or "notes", {f[6:-5] for f in files}, "notes")
            groups: dict[str, dict[str, object]] = {}
            for name in names[start : start + _A_FILE]:
                note = adopted.notes[name]
                entry = _entry(note, foreign.note_types[note.note_type], subdeck)
                groups.setdefault(name.note_type, {})[name.key] = entry
            files[f"notes/{file}.yaml"] = dumps({"notes": groups}).encode()
    return files


def note_type_files(note_type: NoteType) -> dict[str, bytes]:
    """Return the files of a note type's folder, by their names."""
    files: dict[str, bytes] = {}
    cards: list[object] = []
    taken: set[str] = set()
    for template in note_type.templates:
        key = make_key(template.name, taken, f"card-{len(taken) + 1}")
        taken.add(key)
        cards.append(_described({"key": key, "name": template.name}, template))
        for side, text in (("front", template.front), ("back", template.back)):
            if text.strip():
                files[f"{key}.{side}.html"] = text.encode()
    described = {
        "name": note_type.name,
        "id": note_type.id,
        "markup": "anki",
        "kind": "cloze" if note_type.cloze else None,
        "stock-kind": note_type.stock_kind,
        "sort-field": note_type.fields[note_type.sort_field].name if note_type.sort_field else None,
        "fields": [_described({"name": field.name, "tag": field.tag}, field) for field in note_type.fields],
        "cards": cards,
        "anki": dict(note_type.stored) or None,
    }
    files["notetype.yaml"] = dumps({key: value for key, value in described.items() if value is not None}).encode()
    if note_type.css.strip():
        files["style.css"] = note_type.css.encode()
    return files


def _described(names: Mapping[str, object], part: NoteField | CardTemplate) -> object:
    all_ = {**names, "id": part.id, "anki": dict(part.stored) or None}
    filled = {key: value for key, value in all_.items() if value is not None}
    return filled["name"] if filled.keys() == {"name"} else filled


def _common_deck(decks: Iterable[str], asked: str | None) -> str:
    """Return the deck that contains all others, or the one that is asked for."""
    names = sorted(set(decks))
    if not names:
        raise NoDeckError("there are no notes in it")
    if asked is not None:
        found = next((n for n in _with_parents(names) if n.casefold() == asked.casefold()), None)
        if found is None:
            raise NoDeckError(f"there is no deck `{asked}` in it; the decks are {_listed(names)}")
        return found
    parts = [name.split("::") for name in names]
    common = [level[0] for level in takewhile(lambda level: len(set(level)) == 1, zip(*parts, strict=False))]
    if not common:
        tops = sorted({name.partition("::")[0] for name in names})
        raise NoDeckError(f"it holds several decks; choose one with --deck: {_listed(tops)}")
    return "::".join(common)


def _with_parents(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        parts = name.split("::")
        yield from ("::".join(parts[: depth + 1]) for depth in range(len(parts)))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _subdeck(deck: str, root: str) -> str:
    return deck[len(root) :].removeprefix("::")


def _folder(note_type: NoteType, taken: Mapping[str, Mapping[str, bytes]]) -> str:
    """Return the name for a note type's folder: one that already has exactly this note type, or a free one."""
    files = note_type_files(note_type)
    same = next((name for name, there in taken.items() if there == files), None)
    return same or make_key(note_type.name, taken, "note-type")


def _title(note: ForeignNote, note_type: NoteType) -> str:
    """Return what a reader sees of the sort field or, if that is empty, of the first field that is not."""
    sorting = note.fields[note_type.sort_field : note_type.sort_field + 1]
    shown = (_UNSEEN.sub(" ", one_line(plain_cloze(field))).strip(" /") for field in (*sorting, *note.fields))
    return next(filter(None, shown), "")


def _refuse(note: ForeignNote, note_type: NoteType, guids: set[str]) -> str | None:
    if len(note.fields) != len(note_type.fields):
        return f"it has {len(note.fields)} fields, its note type {len(note_type.fields)}"
    if note.guid in guids:
        return "another note has the same guid"
    return next((reason for text in (*note.fields, *note.tags) if (reason := storable(text))), None)


def _entry(note: ForeignNote, note_type: NoteType, subdeck: str) -> dict[str, object]:
    entry: dict[str, object] = {}
    hidden: dict[str, object] = {}
    for field, value in zip(note_type.fields, note.fields, strict=True):
        if value:
            (hidden if field.name in _RESERVED else entry)[field.name] = write_html(value)
    more = {"fields": hidden, "tags": list(note.tags), "deck": subdeck}
    return entry | {key: value for key, value in more.items() if value}


class _Keys:
    """Makes keys that are unique in their note type, in constant time."""

    def __init__(self) -> None:
        self._taken: dict[str, set[str]] = {}
        self._numbers: dict[tuple[str, str], int] = {}

    def make(self, note_type: str, title: str) -> str:
        taken = self._taken.setdefault(note_type, set())
        stem = make_key(title, (), "note")
        number = self._numbers.get((note_type, stem), 0) + 1
        while (key := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        self._numbers[note_type, stem] = number
        taken.add(key)
        return key
