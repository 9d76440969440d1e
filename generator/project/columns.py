"""The columns of a table that can fill a cause, one row each, and what those name that name things."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypedDict

from generator.load.media import is_file_name
from generator.load.templates import load_words
from generator.project.works import Works
from generator.project.written import write_cell
from generator.resources import bundled
from generator.text.files import files_in
from generator.text.keys import fold_name, make_key


class Column(NamedTuple):
    """What the cells of a column hold: for the program, and for somebody who looks for the right key.

    Names are not Markdown. `;` separates names, and texts. Things are looked for in the deck by `Related.value`. A
    truth is yes or no, in any language that comes with Aetia.
    """

    holds: Literal["key", "name", "names", "text", "texts", "things", "truth"]
    says: str


COLUMNS: Mapping[str, Column] = {
    "key": Column("key", "the permanent key of the entry, such as `heavy-rain`"),
    "cause": Column("name", "the name that learners see"),
    "mechanism": Column("text", "how the cause works"),
    "clue": Column("text", "what points to the cause"),
    "category": Column("things", "a category, or its path, such as `Water/Sea`"),
    "pearl": Column("text", "one point worth remembering in practice"),
    "mnemonic": Column("text", "a cue for remembering the cause"),
    "first-check": Column("text", "the first test or action"),
    "frequency": Column("text", "how often it is the cause"),
    "dose": Column("text", "what the size of the effect depends on"),
    "time-course": Column("text", "when the effect begins"),
    "classic": Column("truth", "yes or no: whether it is one of the few causes worth recalling for its category"),
    "comment": Column("text", "a note for editors, which learners never see"),
    "image": Column("things", "the file name of a picture beside the table"),
    "sources": Column("things", "works, with `;` between: `Zinn 2018; Brandt 1993, p. 2`"),
    "versus": Column("things", "what distinguishes it: `Rival | property | here | there`, with `;` between"),
    "aka": Column("names", "other names, with `;` between"),
    "examples": Column("texts", "instances of the cause, with `;` between"),
    "associated": Column("texts", "findings that occur with it, with `;` between"),
    "tags": Column("names", "more tags in Anki, with `;` between"),
}
"""The keys of a cause that a column can fill, and the key of the entry itself."""
SIDES = ("on", "here", "there")
"""The parts of a contrast in a cell, behind its rival; the first can be left out."""
NEEDED = ("cause", "mechanism")
"""The keys that a row must fill."""
_DASH = re.compile(r"[-\u2010-\u2015\u2212]")
_PART = re.compile(r"(?:\[@[^\[\]]*\]|[^;\n])+")


def split_cell(text: str) -> list[str]:
    """Return the parts of a cell between semicolons and line ends. Those inside a citation separate nothing."""
    return [part for part in map(undashed, _PART.findall(text)) if part]


def undashed(cell: str) -> str:
    """Return a cell without the space around it. One that holds only a dash is empty."""
    text = cell.strip()
    return "" if _DASH.fullmatch(text) else text


def picture_of(cell: str) -> str:
    """Return the file that a cell names, as it is or in HTML."""
    return next(iter(files_in(cell)), cell.strip())


def truth_of(cell: str) -> tuple[bool | None, list[str]]:
    """Return whether a cell says yes. Its words may be of any language."""
    yes, no = _truths()
    if cell.casefold() in yes:
        return True, []
    return None, [] if cell.casefold() in no else [f"`{cell}` for `classic`: write yes or no"]


@cache
def _truths() -> tuple[frozenset[str], frozenset[str]]:
    return load_words(bundled("templates"), "affirmed"), load_words(bundled("templates"), "denied")


class Related:
    """Finds the things that cells name, and collects those that are new to the deck.

    `places` are the paths of categories by name and by path, `names` the keys of causes by name, all in lower case.
    Pictures are looked for in the folders.
    """

    def __init__(
        self,
        places: Mapping[str, frozenset[str]],
        works: Works,
        names: Mapping[str, str],
        folders: Sequence[Path],
    ) -> None:
        self.categories: dict[str, str] = {}
        self._hint = "; write the name of a cause first: `Rival | property | here | there`"
        self.works = works
        self.pictures: dict[str, Path] = {}
        self._places, self._names, self._folders = dict(places), names, folders

    def value(self, target: str, cell: str, name: str) -> tuple[object, list[str]]:
        """Return the value of a key of the cause with this name, and the names in it that do not exist."""
        match target:
            case "category":
                return self._category(cell.strip())
            case "image":
                return self._picture(picture_of(cell), name)
            case "sources":
                return [source for part in split_cell(cell) for source in self.works.cite(part)], []
            case _:
                return self._contrasts(cell)

    def _category(self, cell: str) -> tuple[str | None, list[str]]:
        """Return the path of a category, or a new path for a new name."""
        name = "/".join(part.strip() for part in cell.split("/") if part.strip())
        if not name:
            return None, [f"the category `{cell}`, which has no name"]
        found = self._places.get(cell.casefold()) or self._branch(name)
        if len(found) > 1:
            return None, [f"the category `{cell}`, because there are several: write {' or '.join(sorted(found))}"]
        return next(iter(found)), []

    def _branch(self, name: str) -> frozenset[str]:
        """Return the paths of the category with this name, or these names from its top. Make what is missing."""
        if found := self._places.get(name.casefold()):
            return found
        above, _, leaf = name.rpartition("/")
        parents = self._branch(above) if above else frozenset(("",))
        if len(parents) > 1:
            return frozenset(f"{parent}/{leaf}" for parent in parents)
        inside = f"{next(iter(parents))}/".lstrip("/")
        path = f"{inside}{leaf}".casefold()
        named = self._places.get(leaf.casefold(), ()) if above else ()
        found = self._places.get(path) or frozenset(n for n in named if n.rpartition("/")[0] == inside[:-1])
        self._places[path] = self._places[name.casefold()] = found = found or self._new_branch(inside, leaf)
        return found

    def _new_branch(self, inside: str, name: str) -> frozenset[str]:
        paths = (path for paths in self._places.values() for path in paths if path.startswith(inside))
        taken = {path.removeprefix(inside).partition("/")[0] for path in paths}
        key = make_key(name, taken, f"category-{len(self.categories) + 1}")
        self.categories[inside + key] = name
        return frozenset((inside + key,))

    def _picture(self, name: str, alt: str) -> tuple[object, list[str]]:
        file = next((file for _, file in find_pictures((name,), self._folders)), None)
        if file is None:
            return None, [f"the picture `{name}`, which is not beside the table"]
        self.pictures[name] = file
        return {"file": name, "alt": alt}, []

    def _contrasts(self, cell: str) -> tuple[dict[str, object], list[str]]:
        """Return the contrasts in a cell, and the others. The property is optional. Say once how to write one."""
        found: dict[str, object] = {}
        lost = []
        for part in split_cell(cell):
            rival, *sides = (piece.strip() for piece in part.split("|"))
            key = self._names.get(fold_name(rival))
            if key is None or len(sides) not in (2, 3) or not all(sides):
                lost.append(f"the contrast `{part}`{self._hint}")
                self._hint = ""
            else:
                found[key] = dict(zip(SIDES[3 - len(sides) :], map(write_cell, sides), strict=True))
        return found, lost


class Branch(TypedDict, total=False):
    """A branch of the category tree as an author writes it. One that is there already has no name here."""

    name: str
    children: dict[str, "Branch"]


def grow(names: Mapping[str, str]) -> dict[str, Branch]:
    """Return the branches with these names by path, as a tree."""
    root: Branch = {}
    for path, name in names.items():
        branch = root
        for key in path.split("/"):
            branch = branch.setdefault("children", {}).setdefault(key, {})
        branch["name"] = name
    return root.get("children", {})


def find_pictures(names: Iterable[str], folders: Sequence[Path]) -> Iterator[tuple[str, Path | None]]:
    """Yield each picture with its file, or None if it is not in the folders."""
    for name in names:
        files = (folder / name for folder in folders if is_file_name(name))
        yield name, next((file for file in files if file.is_file() and not file.is_symlink()), None)
