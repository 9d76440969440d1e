"""New projects, decks and note types."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from ryaml import dumps

from generator.files import write_whole
from generator.load.bundled import read_bundled
from generator.load.codes import load_codes
from generator.model.entries import CausesFile, DeckFile
from generator.model.sources import SourcesFile
from generator.model.syllabus import SyllabusFile
from generator.project.keys import make_deck_id
from generator.resources import bundled

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "deck": DeckFile,
    "causes": CausesFile,
    "sources": SourcesFile,
    "syllabus": SyllabusFile,
}
"""The author's files that an editor can complete and check, by the name of their schema."""

_FILES: Mapping[str, str] = {
    "README.md": "README.md",
    ".gitignore": "gitignore",
    ".gitattributes": "gitattributes",
    "decks/bread/deck.yaml": "deck.yaml",
}
AT_THE_TOP: Mapping[str, str] = {
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    ".github/workflows/decks.yml": "workflow.yml",
}
"""Files that work only at the top of a git repository."""


def write_project(folder: Path, at_top: bool) -> tuple[list[Path], list[Path]]:
    """Write a project that works at once. Return the files written, and the existing files that were not changed.

    `at_top` says that no git repository has this folder within it. Raise OSError if the folder cannot be written.
    """
    source = bundled("templates") / "project"
    templates = {**_FILES, **(AT_THE_TOP if at_top else {})}
    contents = {name: (source / template).read_text(encoding="utf-8") for name, template in templates.items()}
    contents["decks/bread/deck.yaml"] = contents["decks/bread/deck.yaml"].replace("{id}", make_deck_id("bread"))
    contents |= {f".schema/{name}.json": schema_text(name) for name in SCHEMAS}
    if any((folder / "decks").glob("*/deck.yaml")):
        del contents["decks/bread/deck.yaml"]
    written, kept = [], []
    for name, text in contents.items():
        file = folder / name
        if file.exists():
            kept.append(file)
        else:
            write_whole(file, text.encode())
            written.append(file)
    return written, kept


def schema_text(name: str) -> str:
    """Return the JSON Schema of one of the author's files."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_closed(SCHEMAS[name].model_json_schema())}
    if name == "deck":
        _name_settings(schema["properties"])
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _name_settings(keys: dict[str, Any]) -> None:
    """Name each lint and each phrase, so that editors complete them. A project may have phrases of its own."""
    (setting,) = keys["lints"].pop("patternProperties").values()
    lints = {code: about for code, about in load_codes().items() if about.lint}
    keys["lints"]["properties"] = {code: {**setting, "description": about.title} for code, about in lints.items()}
    phrases = read_bundled(dict[str, str], bundled("templates") / "words" / "en.yaml")
    keys["words"]["properties"] = {key: {"description": english} for key, english in phrases.items()}


def _closed(schema: Any) -> Any:
    """Return a schema in which keys of a mapping must match the pattern that it has for them."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(part) for key, part in schema.items()}
    return {**closed, "additionalProperties": False} if "patternProperties" in schema else closed


def note_type_names() -> list[str]:
    """Return the names of the bundled note types."""
    return sorted(file.parent.name for file in (bundled("templates") / "notetypes").glob("*/notetype.yaml"))


def copy_note_type(name: str, templates: Path) -> list[Path]:
    """Copy the layout and the css of a bundled note type into a project's templates. Its schema stays bundled.

    Raise FileExistsError if the project already has it.
    """
    source = bundled("templates") / "notetypes" / name
    target = templates / "notetypes" / name
    if target.exists():
        raise FileExistsError(17, "this note type is there already", str(target))
    written = []
    for file in sorted(source.iterdir()):
        if file.name != "notetype.yaml":
            write_whole(target / file.name, file.read_bytes())
            written.append(target / file.name)
    style = target / "style.css"
    if style not in written:
        write_whole(style, f"/* Your own style of the note type `{name}`, after that of all cards. */\n".encode())
        written.append(style)
    return written


def write_note_type(name: str, fields: Sequence[str], templates: Path) -> list[Path]:
    """Write a project's own note type that works at once: it shows its first field and asks for the others.

    Raise FileExistsError if one with this name exists.
    """
    target = templates / "notetypes" / name
    if target.exists():
        raise FileExistsError(17, "this note type is there already", str(target))
    source = bundled("templates") / "project" / "notetype"
    first, *others = (field.replace(" ", "_") for field in fields)
    answers = "\n".join(
        f'{{% when field.{field} %}}<div class="{"answer" if index == 0 else "reason"}">{{{{ field.{field} }}}}</div>'
        "{% endwhen %}"
        for index, field in enumerate(others)
    )
    values = {
        "title": name[:1].upper() + name[1:],
        "name": name,
        "fields": ", ".join(fields),
        "first": first,
        "second": fields[1],
        "answers": answers,
    }
    written = []
    for file, template in (("notetype.yaml", "notetype.yaml"), (f"{name}.html", "card.html")):
        text = (source / template).read_text(encoding="utf-8")
        for mark, value in values.items():
            text = text.replace(f"<<{mark}>>", value)
        write_whole(target / file, text.encode())
        written.append(target / file)
    return written


def write_deck(
    folder: Path, name: str, effect: str, deck: str, language: str, more: Mapping[str, object] | None = None
) -> Path:
    """Write `deck.yaml` of a deck without causes, with the keys `more`. Raise FileExistsError if it exists."""
    file = folder / "deck.yaml"
    if file.exists():
        raise FileExistsError(17, "there is a deck here already", str(file))
    head: dict[str, object] = {"deck": deck, "id": make_deck_id(name), "finding": {"name": name, "effect": effect}}
    head |= {} if language == "en" else {"language": language}
    head |= more or {}
    schema = "# yaml-language-server: $schema=../../.schema/deck.json\n"
    line = schema if (folder.parent.parent / ".schema" / "deck.json").exists() else ""
    write_whole(file, (line + dumps(head)).encode())
    return file
