"""Hypothesis strategies for whole projects and command lines: every kind of file that a command reads, some spoilt.

A project is a mapping of paths in its folder to bytes, or to a `Link`. Nothing of it stands outside its folder.
"""

import io
import json
import os
import re
import sqlite3
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from ryaml import loads

from tests.fuzz.decks import LOCK, SVG, TEMPLATES, garble, nearly_good_decks, slip, template
from tests.fuzz.lines import LINES, RARE, ROWS, draw_line
from tests.fuzz.samples import DECK, good_project


@dataclass(frozen=True)
class Link:
    """A symbolic link in the place of a file or folder."""

    target: str


@dataclass(frozen=True)
class Pipe:
    """A named pipe in the place of a file: whoever opens it waits for ever."""


Project = Mapping[str, bytes | Link | Pipe]


@dataclass(frozen=True)
class Edit:
    """A change between two commands of one of the files that match `place` then."""

    place: str
    kind: str
    number: int
    piece: bytes

    def made(self, content: bytes, known: bytes) -> bytes:
        """Return a file as it is after the change. `known` is what it was at first."""
        lines = content.split(b"\n")
        line, at = self.number % len(lines), self.number % (len(content) + 1)
        if self.kind == "reword":
            words = sorted(set(_WORD.findall(content)))
            return content.replace(words[self.number % len(words)], b"Reworded") if words else content
        if self.kind == "rename":
            keys = sorted(set(_KEY.findall(content)))
            return content.replace(keys[self.number % len(keys)], b"  renamed:") if keys else content
        if self.kind in ("drop line", "double line"):
            return b"\n".join(lines[:line] + lines[line : line + 1] * 2 * (self.kind[1] == "o") + lines[line + 1 :])
        if self.kind == "back":
            return known
        return content[:at] + (self.piece + content[at:] if self.kind == "insert" else b"")


@dataclass(frozen=True, repr=False)
class Try:
    """A project, as it is committed under the tag `v1` and as it lies there, and the commands that are run in a folder
    of it, with edits between them. With `answers` these are given at a terminal.
    """

    files: Project
    committed: Project
    commands: tuple["tuple[str, ...] | Edit", ...]
    surroundings: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    answers: str = ""

    def __repr__(self) -> str:
        """Show only the beginning of what is not as in the good project."""
        good = good_project()
        parts = []
        for name, files in (("files", self.files), ("committed", self.committed)):
            other = {file: c[:300] if isinstance(c, bytes) else c for file, c in files.items() if good.get(file) != c}
            parts.append(f"{name}={other!r}, without {sorted(good.keys() - files.keys()) if files else '-'}")
        more = f"commands={self.commands!r}, surroundings={self.surroundings!r}, place={self.place!r}"
        more += f", answers={self.answers!r}"
        return f"Try({', '.join(parts)}, {more})"

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text(repr(self))


_PICTURES = (
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>",
    b"<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9'/>",
    b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 9000 + b"</g>" * 9000 + b"</svg>",
    (
        b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;'>]>"
        b"<svg xmlns='http://www.w3.org/2000/svg'><text>&c;&c;&c;</text></svg>"
    ),
    (
        b"<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink'>"
        b"<g id='a'><use x:href='#a'/></g></svg>"
    ),
    b"<svg xmlns='http://www.w3.org/2000/svg'><defs><g id='a'><path d='M0 0'/></g>"
    + b"".join(b"<g id='%c'>%s</g>" % (n + 1, b"<use href='#%c'/>" % n * 9) for n in range(97, 108))
    + b"</defs><use href='#l'/></svg>",
    b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x02\0\0\0",
    b"GIF89a",
    b"RIFF\0\0\0\0WEBP",
    b"\xff\xd8",
)
_STATEMENTS = (
    "update notes set flds = 'x'",
    "update notes set flds = replace(flds, char(31), '')",
    "update notes set mid = -1",
    "update notes set mod = 9223372036854775807",
    "update notes set guid = null",
    "update notes set guid = 'same'",
    "update notes set tags = x'ff'",
    "update notes set flds = cast(x'ff1f' as text)",
    "update notes set id = id * 3",
    "update cards set ord = 99999999999",
    "update cards set ord = -1",
    "update cards set nid = 7",
    "delete from cards",
    "update cards set did = 1",
    "update cards set due = 'x'",
    "update col set models = '{}'",
    "update col set models = '['",
    "update col set decks = '{}'",
    "update col set models = replace(models, '\"flds\"', '\"fl\"')",
    "delete from col",
    "update col set models = replace(models, '{{', '{{#')",
    "update col set decks = replace(decks, '\"', '')",
    "drop table notes",
    "update col set models = replace(models, ':', ': 1')",
    "update col set crt = 'x', ver = 99",
    "delete from notes",
    (
        "alter table notes rename to n; create view notes as with recursive r(x) as "
        "(select 1 union all select x + 1 from r)"
        " select x id, x guid, x mid, x mod, x usn, x tags, x flds, x sfld, x csum, x flags, x data from r"
    ),
    (
        "insert into cards select id + 1, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses, "
        "left, odue,"
        " odid, flags, data from cards limit 1"
    ),
)
_FILE_NAMES = (
    "\udcff", "a\nb", "\u2028", "x" * 240, "\u202ea", "-o", "::error::x", "\x1b[2J", " ", "e\u0301", "\xe9",
    "con", "%s{}", "a;b",
)  # fmt: skip
_WORD = re.compile(rb"[A-Z][a-z]{3,}")
_KEY = re.compile(rb"^  [a-z-]+:", re.MULTILINE)
_EDITED = (
    "decks/*/deck.yaml", "decks/*/causes/*.yaml", "decks/*/*.yaml", "decks/*/deck.lock", "decks/*/table.yaml",
    "decks/**/*.*", "dist/*", ".git/*", "templates/**/*.*", "cards.*", "../home/.config/aetia/**/*.*",
    "**/*.yaml", "**/*.json",
)  # fmt: skip
_PIECES = (
    b"",
    b"\0",
    b"\xff\xfe",
    b"9" * 400,
    b"-1",
    b"1e999",
    b"null",
    b"\x1b[2J",
    b"\n::error::x\n",
    b"\xe2\x80\xa8",
    b"]]>",
    b"<" * 900,
    b"{" * 900,
    b"'",
    b'"',
    b"\t",
    b"\r",
    b"../" * 9,
    b"\xed\xa0\x80",
    b"x" * 70_000,
)


def _lines(draw: st.DrawFn, content: bytes) -> bytes:
    """Drop, double, swap or spoil lines, such as those of a lock."""
    lines = content.split(b"\n")
    for _ in range(draw(st.integers(1, 3))):
        one, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["drop", "double", "swap", "lock", "slip", "cut", "head"]))
        if kind == "drop":
            lines[one] = b""
        elif kind == "double":
            lines.insert(other, lines[one])
        elif kind == "swap":
            lines[one], lines[other] = lines[other], lines[one]
        elif kind == "lock":
            lines[one] = draw(st.sampled_from(LOCK)).encode("utf-8", "surrogatepass")
        elif kind == "slip":
            lines[one] = _data(draw, lines[one])
        else:
            lines = lines[: one + 1] if kind == "cut" else lines[one:]
    return b"\n".join(lines)


def _data(draw: st.DrawFn, content: bytes) -> bytes:
    """Put something odd into the data of a YAML or JSON text."""
    try:
        tree = {"file": loads(content.decode())}
    except (ValueError, RecursionError):
        return garble(draw, content)
    if not isinstance(tree["file"], dict | list) or not tree["file"]:
        return garble(draw, content)
    for _ in range(draw(st.integers(1, 3))):
        slip(draw, tree)
    return json.dumps(tree["file"], ensure_ascii=False).encode("utf-8", "surrogatepass")


def _bytes(draw: st.DrawFn, content: bytes) -> bytes:
    """Cut, double, overwrite or replace bytes."""
    at = draw(st.integers(0, len(content)))
    kind = draw(st.sampled_from(["cut", "double", "piece", "piece", "flip", "all", "some"]))
    if kind == "cut":
        return content[:at]
    if kind == "double":
        return content[:at] + content[: 2 * at]
    if kind == "all":
        return draw(st.sampled_from(_PIECES))
    if kind == "flip" and at < len(content):
        return content[:at] + bytes([content[at] ^ 1 << draw(st.integers(0, 7))]) + content[at + 1 :]
    if kind == "some":
        return content[:at] + draw(st.binary(max_size=40)) + content[at:]
    return content[:at] + draw(st.sampled_from(_PIECES)) + content[min(len(content), at + draw(st.integers(0, 9))) :]


def _archive(draw: st.DrawFn, content: bytes) -> bytes:
    """Spoil a member of a zip file, leave it out, add one, or spoil the file itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # spoilt already
        return _bytes(draw, content)
    name, kind = (
        draw(st.sampled_from(sorted(members))),
        draw(st.sampled_from(["bytes", "bytes", "data", "sql", "sql", "drop", "more", "bomb", "file"])),
    )
    if kind == "file":
        return _bytes(draw, content)
    if kind == "drop":
        del members[name]
    elif kind == "more":
        members[
            draw(st.sampled_from(["0", "../x", "/etc/x", "collection.anki21", "collection.anki21b", "xl/x", "meta"]))
        ] = SVG
    elif kind == "bomb":
        members[name] = bytes(draw(st.sampled_from([10**5, 10**7])))
    elif kind == "sql" and (databases := [n for n in members if n in ("collection.anki2", "collection.anki21")]):
        members[databases[-1]] = _sql(draw, members[databases[-1]])
    else:
        members[name] = (_data if kind == "data" else _bytes)(draw, members[name])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return stream.getvalue()


def _sql(draw: st.DrawFn, content: bytes) -> bytes:
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        connection.executescript(draw(st.sampled_from(_STATEMENTS)))
        return connection.serialize()
    except sqlite3.Error:
        return content
    finally:
        connection.close()


def _spoil(draw: st.DrawFn, name: str, content: bytes) -> bytes:
    """Spoil a file in a way that suits it, or in any."""
    kinds: dict[str, Sequence[Callable[[st.DrawFn, bytes], bytes]]] = {
        ".yaml": (_data, _data, garble, _bytes, _lines),
        ".lock": (_lines, _lines, garble, _bytes),
        ".apkg": (_archive, _archive, _archive, _bytes),
        ".colpkg": (_archive, _archive, _bytes),
        ".json": (_data, _data, garble, _bytes),
        ".xlsx": (_archive, _archive, _bytes),
    }
    suffix = name[name.rfind(".") :]
    if suffix == ".svg" and draw(st.booleans()):
        return draw(st.sampled_from(_PICTURES))
    if suffix == ".html":
        return draw(st.sampled_from((template(draw, name), garble(draw, content), content + template(draw, name))))
    return draw(st.sampled_from(kinds.get(suffix, (garble, _bytes, _lines))))(draw, content)


@st.composite
def _spoilt(draw: st.DrawFn, good: Project, most: int) -> Project:
    """A good project with some files spoilt, gone, moved, added or made links."""
    files = dict(good)
    for _ in range(draw(st.integers(0, most))):
        name = draw(st.sampled_from(sorted(files)))
        kind = draw(st.sampled_from([*["spoil"] * 6, "gone", "move", "add", "link", "folder", "name", "pipe"]))
        content = files[name]
        if kind == "spoil" and isinstance(content, bytes):
            files[name] = _spoil(draw, name, content)
        elif kind == "gone":
            del files[name]
        elif kind == "move":
            files[draw(st.sampled_from(["", DECK, DECK + "media/", "templates/"])) + name.rpartition("/")[2]] = (
                files.pop(name)
            )
        elif kind == "add":
            place = draw(st.sampled_from(TEMPLATES))
            files[f"templates/{place}"] = template(draw, place)
            picture = draw(st.sampled_from(["x.svg", "x.png", "x.jpg", "con.gif", "x.js", "Ä.webp", "_x.svg", "a.SVG"]))
            files[DECK + "media/" + picture] = draw(st.sampled_from(_PICTURES))
        elif kind == "name":
            parent, _, last = name.rpartition("/")
            files[f"{parent}/{draw(st.sampled_from(_FILE_NAMES))}{last[last.rfind('.') :]}"] = content
        elif kind == "pipe":
            files[name] = Pipe()
        elif kind == "link":
            files[name] = Link(
                draw(st.sampled_from(["../outside/secret", "/dev/zero", "..", ".", name, "nowhere", "/etc/passwd"]))
            )
        else:
            files[name + "/x.yaml"] = files.pop(name)
    parents = {str(parent) for name in files for parent in Path(name).parents}
    return {name: content for name, content in files.items() if name not in parents}


@st.composite
def _edits(draw: st.DrawFn) -> Edit:
    """A change of one file between two commands."""
    number = draw(st.integers(0, 9999))
    piece = draw(st.sampled_from([piece for piece in _PIECES if len(piece) < 1000]))
    kinds = ["reword", "reword", "rename", "drop line", "double line", "cut", "insert", "gone", "back"]
    return Edit(draw(st.sampled_from(_EDITED)), draw(st.sampled_from(kinds)), number, piece)


@st.composite
def _other_deck(draw: st.DrawFn) -> Project:
    """The good project with a made-up deck in the place of its own, of which it is a later state."""
    made = draw(nearly_good_decks())
    files = {DECK + name: content.replace(b'"fuzz-1"', b'"full-1"') for name, content in made.items()}
    kept = {name: content for name, content in good_project().items() if not name.startswith(DECK)}
    lock = {DECK + "deck.lock": good_project()[DECK + "deck.lock"]}
    return kept | lock | {os.path.normpath(name): content for name, content in files.items()}


@st.composite
def tries(draw: st.DrawFn, only: Sequence[str] = ()) -> Try:
    """A project with slips and some commands in it, one after the other."""
    good = draw(_other_deck()) if draw(st.integers(0, 3)) == 0 else good_project()
    if draw(st.booleans()):  # commands without a deck's name need a project with one deck
        good = {name: content for name, content in good.items() if not name.startswith("decks/table/")}
    files = draw(_spoilt(good, draw(st.sampled_from([0, 0, 1, 3]))))
    names = only or [name for name in LINES for _ in range(1 if name in RARE else 4)]
    some = st.lists(st.sampled_from(names), min_size=1, max_size=12)
    chosen = draw(some if only or draw(st.booleans()) else st.sampled_from(ROWS))
    revision = any("revision" in name for name in chosen)
    commands = tuple(draw(_edits()) if name == "EDIT" else (name, *draw_line(draw, LINES[name])) for name in chosen)
    place = draw(st.sampled_from([*[""] * 27, "decks", DECK, DECK + "causes"]))
    return Try(files, draw(_spoilt(good, 2)) if revision else {}, commands, draw(_SURROUNDINGS), place, draw(_ANSWERS))


_ANSWER = st.sampled_from(["", "1", "2", "99", "y", "n", "Cause", "cause", "table", "deck", "ä" * 999, "-1"])
_ANSWERS = st.one_of(st.just(""), st.just(""), st.lists(_ANSWER).map("\n".join))
_SURROUNDINGS = st.sampled_from([
    {}, {}, {"LC_ALL": "C"}, {"LC_ALL": "tr_TR.UTF-8"}, {"LANG": "en_US.UTF-8", "COLUMNS": "1"},
    {"SOURCE_DATE_EPOCH": "0"}, {"SOURCE_DATE_EPOCH": "x"}, {"SOURCE_DATE_EPOCH": "9" * 30}, {"NO_COLOR": "1"},
    {"GIT_DIR": "nowhere"}, {"EDITOR": "code --wait", "VISUAL": "'"}, {"SOURCE_DATE_EPOCH": "1795600000"},
    {"SOURCE_DATE_EPOCH": "1795400000"}, {"FORCE_COLOR": "1", "COLUMNS": "x"}, {"XDG_DATA_DIRS": "::/nope"},
])  # fmt: skip
