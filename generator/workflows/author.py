"""`aetia new`, `init` and `schema`: write into an author's files. An addition that cannot be read is undone."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.check.rules import check_deck
from generator.diagnostics import Diagnostic, KeyPath, Place, WrongUseError
from generator.files import write_whole
from generator.load.codes import load_codes
from generator.load.deck import load_deck
from generator.load.positions import find_positions
from generator.load.revision import top_of_repository
from generator.load.templates import load_templates
from generator.model.deck import Deck
from generator.model.sources import CSL_TYPES
from generator.model.values import KEY_PATTERN
from generator.project import start
from generator.project.edit import InBraces, change_values, edit_bytes
from generator.project.insert import insert_entry, insert_item
from generator.project.keys import finding_of, is_question
from generator.resources import bundled
from generator.text.keys import fold_name, make_key
from generator.text.suggest import did_you_mean, there_is_no
from generator.workflows.prepare import Findings, locate

_KEY = re.compile(KEY_PATTERN)
_PLAIN = re.compile(r"[^\W\d][\w -]*")
"""A name that needs no quotes in YAML."""
_FIELD = re.compile(r"[^\W\d_][^\W_]*(?: [^\W_]+)*")
_DOI_ADDRESS = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


@dataclass(frozen=True)
class Added:
    """Where something was added to an author's files. Without a `file` it was not added, because of the findings."""

    file: Path | None
    line: int
    findings: Findings


@dataclass(frozen=True)
class Started:
    """The files of a project: those written, and those that existed and were not changed.

    `top` is the top of the git repository in which the project is a subfolder, so that some files were left out.
    """

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    top: Path | None


def start_project(folder: Path) -> Started:
    """Write a project that works at once into a folder."""
    top = top_of_repository(folder)
    if top == folder.resolve():
        top = None
    written, kept = start.write_project(folder, at_top=top is None)
    return Started(tuple(written), tuple(kept), top)


def describe_file(name: str) -> str:
    """Return the JSON Schema of one of the author's files."""
    return start.schema_text(name)


def finding_for(name: str) -> str:
    """Return the finding of a deck with this name. Raise WrongUseError for a question, which no card can name."""
    if is_question(name):
        example = '`--finding "Flat bread"`'
        raise WrongUseError(f"`{name}` is a question. Cards name the finding: say what it is as a noun, as {example}.")
    return finding_of(name)


def add_deck(project: Path, name: str, finding: str, effect: str, parent: str | None, language: str) -> Path:
    """Write a deck without causes under the `decks/` of a project and return its file."""
    folder = project / "decks" / make_key(name, (), "deck")
    return start.write_deck(folder, finding, effect, f"{parent}::{name}" if parent else name, language)


def add_note_type(project: Path, name: str, fields: tuple[str, ...]) -> tuple[Path, ...]:
    """Write a note type of a project's own or, without fields, copy the templates of a bundled one to restyle."""
    known = start.note_type_names()
    if not fields:
        if name not in known:
            message = f"There is no note type `{name}` to copy. Bundled: {', '.join(known)}. --fields makes a new one."
            raise WrongUseError(message)
        return tuple(start.copy_note_type(name, project / "templates"))
    if name in known:
        raise WrongUseError(f"`{name}` is the name of a bundled note type; choose another.")
    if not _KEY.fullmatch(name):
        raise WrongUseError(f"`{name}` cannot name a note type: use lower-case letters, digits and `-`.")
    for field in fields:
        if not _FIELD.fullmatch(field):
            raise WrongUseError(f"`{field}` cannot name a field: use letters, digits and spaces, a letter first.")
    if len(fields) < 2 or len(set(fields)) < len(fields):
        raise WrongUseError("--fields takes at least two names, each once: what asks, and what answers.")
    return tuple(start.write_note_type(name, fields, project / "templates"))


def add_cause(folder: Path, name: str, category: str | None, *, mechanism: str, clue: str | None) -> Added:
    """Add a cause to a deck, after the last of its category. Raise WrongUseError if its name is in use."""
    deck, diagnostics = load_deck(folder)
    if deck is None:
        return Added(None, 0, locate(diagnostics))
    category = _category(deck, category) if category else None
    for known, cause in deck.causes.items():
        if fold_name(name) in map(fold_name, (cause.cause, *cause.aka)):
            at = _at(folder, deck.place("causes", known, on_key=True))
            raise WrongUseError(f"`{name}` is a name of the cause `{known}` already ({at}); choose another.")
    alike = [key for key, cause in deck.causes.items() if category in (None, cause.category)]
    after = next(reversed(alike or list(deck.causes)), None)
    file = deck.files["causes", after] if after else folder / "deck.yaml"
    key = make_key(name, deck.causes)
    entry = {"cause": name, "category": category, "mechanism": mechanism, "clue": clue}
    given = {part: value for part, value in entry.items() if value}
    unknown: dict[KeyPath, object] = {("causes", key, "mechanism"): InBraces(certainty="unknown")}

    def add(text: str) -> str:
        return change_values(insert_entry(text, key, given, "causes", after), {} if mechanism else unknown)

    return _insert(folder, file, add, ("causes", key))


def add_source(
    folder: Path, key: str, authors: tuple[str, ...], year: int | None, fields: Mapping[str, str | None]
) -> Added:
    """Add a source to a deck. `fields` are CSL fields as given; an author is `Family, Given`."""
    deck, diagnostics = load_deck(folder)
    if deck is None:
        return Added(None, 0, locate(diagnostics))
    if (type_ := fields.get("type")) and type_ not in CSL_TYPES:
        hint = did_you_mean(type_, CSL_TYPES) or f"CSL knows {', '.join(sorted(CSL_TYPES))}"
        raise WrongUseError(f"`{type_}` is not a type of CSL; {hint.removesuffix('.')}")
    file = folder / "sources.yaml"
    if key in deck.sources:
        at = _at(folder, deck.source_place(key))
        raise WrongUseError(f"There is a source `{key}` already ({at}); choose another key.")
    item: dict[str, object] = {
        "id": key,
        "type": type_ or _usual_type(fields),
        "title": fields.get("title"),
        "author": [dict(zip(("family", "given"), map(str.strip, a.split(",", 1)), strict=False)) for a in authors],
        "issued": {"date-parts": [[year]]} if year else None,
        "publisher": fields.get("publisher"),
        "ISBN": fields.get("ISBN"),
        "DOI": _DOI_ADDRESS.sub("", fields.get("DOI") or "", count=1),
        "PMID": fields.get("PMID"),
        "URL": fields.get("URL"),
    }
    given = {part: value for part, value in item.items() if value}
    keys = ("references", len(deck.references), "id")
    return _insert(folder, file, lambda text: insert_item(text, given, "references"), keys)


def _at(folder: Path, place: Place) -> str:
    """Where in a deck something is, for a message."""
    return f"{place.file.relative_to(folder).as_posix()}, line {find_positions((place,))[place].line}"


def _usual_type(fields: Mapping[str, str | None]) -> str:
    """Return the most likely CSL type of a work with these fields."""
    if fields.get("ISBN") or fields.get("publisher"):
        return "book"
    return "article-journal" if fields.get("DOI") or fields.get("PMID") else "document"


def _category(deck: Deck, asked: str) -> str:
    """Return the path of a category by its path or its name. Raise WrongUseError if there is not exactly one."""
    if deck.knows("categories", asked, deck.tree):
        return asked
    names = {path: branch.category.name for path, branch in deck.tree.items() if path}
    named = [path for path, name in names.items() if name.casefold() == asked.casefold()]
    if len(named) == 1:
        return named[0]
    if named:
        raise WrongUseError(f"`{asked}` is the name of several categories; give the path of one: {', '.join(named)}.")
    if names:
        raise WrongUseError(f"{there_is_no('category', asked, names)} Known: {', '.join(names)}.")
    name = asked.partition("/")[0]
    written = name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    example = f"categories: {{{make_key(name, (), 'category')}: {written}}}"
    raise WrongUseError(
        f"There is no category `{asked}`: this deck has none yet. Write them into deck.yaml first, as in `{example}`; "
        "`aetia explain category` tells more."
    )


def _insert(folder: Path, file: Path, change: Callable[[str], str], keys: KeyPath) -> Added:
    """Write a file with an addition if the deck can still be read. Return what is wrong with the addition."""
    old = file.read_bytes() if file.exists() else None
    try:
        new = edit_bytes(old or b"", change)
    except ValueError as error:
        return Added(None, 0, locate((Diagnostic("cannot-add", str(error), Place(file, keys[:1], on_key=True)),)))
    write_whole(file, new)
    deck, diagnostics = load_deck(folder)
    findings = locate(diagnostics)
    if deck is None or findings.errors:
        if old is None:
            file.unlink()
        else:
            write_whole(file, old)
        return Added(None, 0, findings)
    place = Place(file, keys, on_key=True)
    return Added(file, find_positions((place,))[place].line, locate(_said_of(deck, keys)))


def _said_of(deck: Deck, keys: KeyPath) -> tuple[Diagnostic, ...]:
    """What is wrong with one entry of a deck that is new, so that nothing can cite it yet, or what the deck lacks."""
    templates, _ = load_templates(bundled("templates"), None)
    found = check_deck(deck, templates, load_codes())
    about = (d for d in found if d.place.keys[: len(keys)] == keys or d.code == "missing-key")
    return tuple(d for d in about if d.code != "unused-source")
