"""Find project templates that override nothing (a misspelt name), and those that do more than lay cards out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from generator.diagnostics import Diagnostic, Place
from generator.model.templates import CardEntry, NoteTypeFile
from generator.text.active import active_in_css, active_in_html
from generator.text.suggest import did_you_mean

_BLOCK = re.compile(r"\{%[-+]?\s*block\s+(\w+)")


def check_overrides(
    project: Path | None, texts: Mapping[str, str], files: Mapping[str, Path], note_types: Mapping[str, NoteTypeFile]
) -> Iterator[Diagnostic]:
    """Yield a warning for each template in a project's folder, and each of its blocks, that nothing uses."""
    own = {name for name, file in files.items() if project and file.is_relative_to(project)}
    own -= {name for name in own if name.startswith("bundled/")}
    for name in sorted(name for name in own if texts[name] != texts.get(f"bundled/{name}")):
        yield from _acts(texts[name], files[name])
    everything = "\n".join(text for name, text in texts.items() if name.endswith(".html"))
    for name in sorted(own):
        folder, _, last = name.rpartition("/")
        note_type = note_types.get(folder.rpartition("/")[2])
        kinds = (".front.html", ".back.html") if note_type and note_type.markup == "anki" else (".html",)
        wanted = {"notetype.yaml", "style.css", *(card.key + kind for card in _cards(note_type) for kind in kinds)}
        faulty = note_type is None and f"{folder}/notetype.yaml" in texts
        if faulty or folder == "words" or f"bundled/{name}" in texts or f'"{name}"' in everything:
            pass
        elif note_type is None or last not in wanted:
            hint = did_you_mean(name, [n.removeprefix("bundled/") for n in texts if n.startswith("bundled/")])
            place = Place(files[name], line=1, column=1)
            yield Diagnostic("unused-template", f"nothing uses the template `{name}`", place, hint=hint)
            continue
        if name.endswith(".html") and note_type and note_type.markup == "aetia":
            yield from _blocks(name, texts, files[name])


def _acts(text: str, file: Path) -> Iterator[Diagnostic]:
    for line, column, piece in (active_in_css if file.suffix == ".css" else active_in_html)(text):
        yield acting(piece, Place(file, line=line, column=column, width=len(piece)))


def acting(piece: str, place: Place) -> Diagnostic:
    """Return the warning for a piece of a template that acts or loads."""
    message = f"`{piece}` runs a program on the card, or loads something from elsewhere"
    hint = "a card needs no script, and pictures and fonts belong in the deck"
    return Diagnostic("active-template", message, place, hint=hint)


def _blocks(name: str, texts: Mapping[str, str], file: Path) -> Iterator[Diagnostic]:
    known = {"front", "question", "answer", "back"}
    known |= {block for other, text in texts.items() if other != name for block in _BLOCK.findall(text)}
    for match in _BLOCK.finditer(texts[name]):
        if match[1] not in known:
            before = texts[name][: match.start(1)]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            message = f"nothing uses the block `{match[1]}`"
            place = Place(file, line=line, column=column, width=len(match[1]))
            yield Diagnostic("unused-template", message, place, hint=did_you_mean(match[1], known))


def _cards(note_type: NoteTypeFile | None) -> Iterable[CardEntry]:
    return note_type.cards if note_type else ()
