"""Collect changes to the files of a deck, then write all or none of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from generator.diagnostics import KeyPath, WrongUseError
from generator.files import write_whole
from generator.model.deck import Deck
from generator.model.entries import Category
from generator.project.columns import Branch, Related, grow
from generator.project.edit import CannotEditError, change_values, edit_bytes, remove_values
from generator.project.insert import insert_item
from generator.text.citations import split_citation


class Pending:
    """What to set, remove, add and write in the files of a deck."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._set: dict[Path, dict[KeyPath, object]] = {}
        self._removed: dict[Path, list[KeyPath]] = {}
        self._new: dict[KeyPath, dict[str, object]] = {}
        self._used: dict[str, set[str]] = {}
        self._works: list[Mapping[str, object]] = []
        self._whole: dict[Path, bytes] = {}
        self._before: dict[Path, bytes | None] = {}

    def set(self, file: Path, path: KeyPath, value: object) -> None:
        """Set a value under the keys of a file, or remove the keys if it is None."""
        if value is None:
            self._removed.setdefault(file, []).append(path)
        else:
            self._set.setdefault(file, {})[path] = value

    def add(self, group: KeyPath, key: str, entry: Mapping[str, object]) -> None:
        """Add an entry after the last of its group."""
        self._new.setdefault(group, {})[key] = dict(entry)

    def use(self, name: str, value: object) -> None:
        """Record what a value of an entry names: a category, works or a picture."""
        if name not in ("category", "sources", "image") or value is None:
            return
        named = value if isinstance(value, list) else [value["file"] if isinstance(value, dict) else value]
        keys = (split_citation(text)[0] if name == "sources" else text for text in map(str, named))
        self._used.setdefault(name, set()).update(keys)

    def add_related(self, related: Related) -> tuple[str, ...]:
        """Add the categories, works and pictures that values name and the deck lacks. Return the categories added."""
        used = {name: self._used.get(name, set()) for name in ("category", "sources", "image")}
        needed = {path[:end] for path in used["category"] for end in _ends(path)}
        categories = {path: name for path, name in related.categories.items() if path in needed}
        self._grow(("categories",), grow(categories), self._deck.settings.categories)
        self._works = [work for key, work in related.works.new.items() if key in used["sources"]]
        for name, file in related.pictures.items():
            target = self._deck.folder / "media" / name
            if name in used["image"] and file != target:
                self._whole[target] = file.read_bytes()
        return tuple(f"{name} ({path})" if "/" in path else name for path, name in categories.items())

    def _grow(self, at: KeyPath, branches: Mapping[str, Branch], known: Mapping[str, Category]) -> None:
        """Add branches to the category tree, below those that are there."""
        head = self._deck.folder / "deck.yaml"
        if branches and not known:
            self.set(head, at, branches)
            return
        for key, branch in branches.items():
            if key in known:
                self._grow((*at, key, "children"), branch["children"], known[key].children)
            else:
                self.set(head, (*at, key), branch)

    def remember(self, file: Path, content: bytes) -> None:
        """Write a whole file, after all others."""
        self._whole[file] = content

    def contents(self) -> dict[Path, bytes]:
        """Return the files with their new content. Raise WrongUseError if one cannot be changed."""
        for group, entries in self._new.items():
            self._place(group, entries)
        contents = {
            file: _edited(file, self._set.get(file, {}), self._removed.get(file, []))
            for file in dict.fromkeys((*self._set, *self._removed))
        }
        if self._works:
            file = self._deck.folder / "sources.yaml"
            contents[file] = _with_works(file, self._works)
        return contents | self._whole

    @contextmanager
    def written(self) -> Iterator[None]:
        """Write the files. If that, or what follows, fails, restore them."""
        try:
            for file, content in self.contents().items():
                self._before[file] = file.read_bytes() if file.exists() else None
                if content != self._before[file]:
                    write_whole(file, content)
            yield
        except BaseException:
            self.undo()
            raise

    def undo(self) -> None:
        """Restore what was there before."""
        for file, content in self._before.items():
            if content is None:
                file.unlink(missing_ok=True)
            elif file.read_bytes() != content:
                write_whole(file, content)

    def _place(self, group: KeyPath, entries: Mapping[str, object]) -> None:
        """Add new entries after the last of their group, or to `deck.yaml` if there is none."""
        kind, prefix = str(group[0]), "/".join((*map(str, group[1:]), ""))
        homes = [f for (k, name), f in self._deck.files.items() if k == kind and name.startswith(prefix)]
        if not homes:
            self.set(self._deck.folder / "deck.yaml", group, dict(entries))
        for key, entry in entries.items() if homes else ():
            self.set(homes[-1], (*group, key), entry)


def _ends(path: str) -> Iterator[int]:
    """Yield where the parts of a path of a category end."""
    yield from (end for end, letter in enumerate(path) if letter == "/")
    yield len(path)


def _edited(file: Path, values: Mapping[KeyPath, object], gone: list[KeyPath]) -> bytes:
    branches = {path: value for path, value in values.items() if path[0] == "categories"}
    others = {path: value for path, value in values.items() if path[0] != "categories"}
    content = file.read_bytes()
    try:
        if branches:
            content = edit_bytes(content, lambda text: change_values(text, branches, short_for="name"))
        if others:
            content = edit_bytes(content, lambda text: change_values(text, others))
        return edit_bytes(content, lambda text: remove_values(text, gone)) if gone else content
    except CannotEditError as error:
        raise WrongUseError(f"Nothing was changed: {file}: {error}.") from error


def _with_works(file: Path, works: list[Mapping[str, object]]) -> bytes:
    def added(text: str) -> str:
        for work in works:
            text = insert_item(text, work, "references")
        return text

    try:
        return edit_bytes(file.read_bytes() if file.exists() else b"", added)
    except ValueError as error:
        raise WrongUseError(f"Nothing was changed: {file}: {error}.") from error
