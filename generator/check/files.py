"""Checks that the files are there which fields in HTML, sounds, and note types in Anki's own language name."""

from collections.abc import Iterator
from dataclasses import replace

from generator.diagnostics import Diagnostic, Place
from generator.model.deck import Deck
from generator.model.templates import Templates
from generator.text.files import files_lacking
from generator.text.suggest import did_you_mean


def check_files(deck: Deck, templates: Templates) -> Iterator[Diagnostic]:
    """Every file that a note, a card template or its css shows or plays is in the deck. Each is told of once."""
    places: dict[str, list[Place]] = {}
    for name, place in (*_of_notes(deck, templates), *_of_templates(deck, templates)):
        places.setdefault(name, []).append(place)
    for name, found in places.items():
        more = len(found) - 1
        yield Diagnostic(
            "missing-media",
            f"`{name}` is not in `media/`, so whoever begins with the deck does not get it"
            + (f"; {more} more {'place names' if more == 1 else 'places name'} it" if more else ""),
            found[0],
            hint=did_you_mean(name, deck.media) or f"put the file into the folder {deck.folder.name}/media/",
        )


def _of_notes(deck: Deck, templates: Templates) -> Iterator[tuple[str, Place]]:
    """Yield the names in HTML, and those of sounds in the Markdown of notes in which Anki plays them."""
    foreign = _foreign(templates)
    for key, note in deck.notes.items():
        plays = key.partition("/")[0] in foreign
        for field, written in note.fields_.items():
            text = written.html or (written.markdown if plays else None) or ""
            for name, _ in files_lacking(text, lambda name: deck.knows("media", name, deck.media)):
                if written.html or f"[sound:{name}]" in text:
                    yield name, replace(deck.place("notes", key, field), within=name)


def _of_templates(deck: Deck, templates: Templates) -> Iterator[tuple[str, Place]]:
    """Yield the names in the templates and the css. Anki takes only such files as begin with `_`."""
    used = {key.partition("/")[0] for key in deck.notes} & _foreign(templates)
    for file, text in templates.texts.items():
        folder, _, rest = file.partition("/")
        key = rest.partition("/")[0]
        if folder == "notetypes" and key in used:
            for name, start in files_lacking(text, lambda name: deck.knows("media", name, deck.media)):
                line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
                if name.startswith("_"):
                    yield name, Place(templates.files[file], line=line, column=column, width=len(name))


def _foreign(templates: Templates) -> frozenset[str]:
    """Return the keys of the note types in Anki's own language."""
    return frozenset(key for key, note_type in templates.note_types.items() if note_type.markup == "anki")
