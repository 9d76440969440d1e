"""A whole deck as loaded, with its category tree and media. It knows the place of everything in the author's files."""

from collections.abc import Container, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from generator.diagnostics import KeyPath, Place
from generator.model.entries import Category, Cause, DeckFile, OwnNote, Question
from generator.model.notes import EntryRef
from generator.model.sources import Source
from generator.model.syllabus import SyllabusFile
from generator.model.texts import texts_in
from generator.text.stems import Stems

Entry = Cause | Question | OwnNote | Category
"""What an author writes under a key."""


@dataclass(frozen=True)
class MediaFile:
    """A file in the deck's `media/` folder. `packed` is its name in Anki, which changes with its content.

    `damage` is why nothing can show it, if it is a picture and damaged.
    """

    file: Path
    packed: str
    damage: str | None = None


@dataclass(frozen=True)
class Branch:
    """A category with its place in the tree. The root is the finding and has no parent."""

    path: str
    category: Category
    parent: "Branch | None"

    @property
    def trail(self) -> tuple["Branch", ...]:
        """The branches from the top of the tree down to this one, without the root."""
        return (*self.parent.trail, self) if self.parent else ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the branches from the top of the tree down to this one, without the root."""
        return tuple(step.category.name for step in self.trail)

    @property
    def formers(self) -> tuple[str, ...]:
        """The paths that it had before, the latest first: its own, then those from moves of its parents."""
        if self.parent is None:
            return ()
        key = self.path.rpartition("/")[2]
        return (*self.category.was, *(f"{path}/{key}" for path in self.parent.formers))


@dataclass(frozen=True)
class Deck:
    """A whole deck as loaded. Every file is read and valid in itself; references are not checked yet.

    `questions` are those of the deck and of its causes; `owners` gives the cause of the latter. `notes` are those of
    the project's own note types, by note type and key joined with `/`. `references` are the sources in their order.
    `files` says which file an entry is in; everything else is in the file that its kind names. `dropped` has, by
    kind and key, what is missing or incomplete because its text has a fault; the key `*` stands for a whole file. A
    deck with anything dropped can be checked but not built. `unread_sources` are the keys of sources in
    files that were probably meant to be `sources.yaml`, each with what to do.
    """

    folder: Path
    settings: DeckFile
    causes: Mapping[str, Cause]
    questions: Mapping[str, Question]
    owners: Mapping[str, str]
    notes: Mapping[str, OwnNote]
    references: tuple[Source, ...]
    syllabus: SyllabusFile
    media: Mapping[str, MediaFile]
    files: Mapping[tuple[str, str], Path]
    dropped: frozenset[tuple[str, str]] = frozenset()
    unread_sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name on the command line and of the package: that of the folder."""
        return self.folder.name

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The sources by their keys. If two have the same key, the first counts."""
        sources: dict[str, Source] = {}
        for source in self.references:
            sources.setdefault(source.id, source)
        return sources

    @cached_property
    def stems(self) -> Stems:
        """The forms of words in the deck's language."""
        return Stems(self.settings.language)

    @property
    def entries(self) -> Iterator[tuple[str, str, Cause | Question | OwnNote]]:
        """Every cause, question and own note, with the kind and key that name it."""
        for key, cause in self.causes.items():
            yield "causes", key, cause
        for key, question in self.questions.items():
            yield "questions", key, question
        for key, note in self.notes.items():
            yield "notes", key, note

    def entry(self, ref: EntryRef) -> Entry:
        """Return the entry with this name."""
        match ref.kind:
            case "causes":
                return self.causes[ref.key]
            case "questions":
                return self.questions[ref.key]
            case "notes":
                return self.notes[ref.key]
            case _:
                return self.tree[ref.key].category

    @cached_property
    def retracted(self) -> frozenset[EntryRef]:
        """The entries that are no longer taught. A question is retracted with its cause."""
        gone = {EntryRef(kind, key) for kind, key, entry in self.entries if entry.review.state == "retracted"}
        return frozenset(gone | {EntryRef("questions", q) for q, c in self.owners.items() if ("causes", c) in gone})

    @cached_property
    def tells_reviews(self) -> bool:
        """Whether cards say how far they are reviewed: as the deck wants it, else if the author reviews anything."""
        if self.settings.reviews is not None:
            return self.settings.reviews
        branches = (branch.category for branch in self.tree.values() if branch.parent)
        reviewed = (*(entry for _, _, entry in self.entries), *branches, self.settings.finding)
        return any("review" in part.model_fields_set and part.review.state != "retracted" for part in reviewed)

    @cached_property
    def tree(self) -> Mapping[str, Branch]:
        """Every branch by its path, parents before children. The root has the empty path."""
        finding = self.settings.finding
        shared = ("name", "definition", "ordered", "mnemonic", "listed", "review")
        values = {name: getattr(finding, name) for name in shared}
        root = Branch("", Category.model_construct(**values, children=self.settings.categories), None)
        return {branch.path: branch for branch in _walk(root)}

    @cached_property
    def inside(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of the causes in each category, by its path."""
        inside: dict[str, list[str]] = {}
        for key, cause in self.causes.items():
            if cause.category:
                inside.setdefault(cause.category, []).append(key)
        return {path: tuple(keys) for path, keys in inside.items()}

    @cached_property
    def marked(self) -> tuple[tuple[KeyPath, str], ...]:
        """Each text with a bracket, a tag or a backslash, with its keys. Only these can cite, link, show or act."""
        return tuple(self.texts(marked=True))

    def texts(self, *, marked: bool = False, but: AbstractSet[str] = frozenset()) -> Iterator[tuple[KeyPath, str]]:
        """Yield texts as `texts_in` does, without HTML, in the order of the files, with the keys that `place` knows.

        What a key is by default is among them, such as the effect of a finding that the author left out.
        """
        settings = self.settings
        for name in ("finding", "description", "notice", "categories", "facets"):
            yield from texts_in(getattr(settings, name), (name,), marked=marked, but=but)
        for kind, key, entry in self.entries:
            yield from texts_in(entry, (kind, key), marked=marked, but=but)
        yield from texts_in(self.syllabus.corrections, ("corrections",), marked=marked, but=but)

    def knows(self, kind: str, key: str, known: Container[str]) -> bool:
        """Return whether a name exists, or may be the name of something that was dropped."""
        return key in known or (kind, key) in self.dropped or (kind, "*") in self.dropped

    def place(self, *keys: str | int, on_key: bool = False) -> Place:
        """Return the place of a value by its entry's kind and key and the keys in it: `("causes", "siadh", "clue")`."""
        kind, key, *rest = (*keys, "", "")[: max(2, len(keys))]
        home = self.files.get((str(kind), str(key)))
        if home is None:
            home = self.folder / ("syllabus.yaml" if kind == "corrections" else "deck.yaml")
        if kind == "questions" and key in self.owners:
            keys = ("causes", self.owners[str(key)], "questions", key, *rest)
        elif kind == "notes" and len(keys) > 1:
            keys = ("notes", *str(key).split("/"), *rest)
        return Place(home, keys, on_key=on_key)

    def source_place(self, key: str) -> Place:
        """Return the place of a source."""
        return Place(self.folder / "sources.yaml", ("references", self._rows[key], "id"))

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        """The positions of the sources in their file."""
        return {source.id: row for row, source in reversed(list(enumerate(self.references)))}

    def entry_place(self, entry: EntryRef, *keys: str | int, on_key: bool = False) -> Place:
        """Return the place of the key of an entry, or of a value in it."""
        on_key = on_key or not keys
        if entry.kind == "categories" and entry.key:
            return self.branch_place(entry.key, *keys, on_key=on_key)
        owner = entry if entry.kind != "categories" else ("finding",)
        return self.place(*owner, *keys, on_key=on_key)

    def branch_place(self, path: str, *keys: str | int, on_key: bool = False) -> Place:
        """Return the place of a branch of the tree, or of a value in it."""
        return self.place("categories", *"/children/".join(path.split("/")).split("/"), *keys, on_key=on_key)


def _walk(branch: Branch) -> Iterator[Branch]:
    yield branch
    for key, child in branch.category.children.items():
        yield from _walk(Branch(f"{branch.path}/{key}".lstrip("/"), child, branch))
