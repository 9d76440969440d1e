"""Hypothesis strategies for whole projects and command lines: every kind of file that a command reads, some spoilt.

A project is a mapping of paths in its folder to bytes, or to a `Link`. Nothing of it stands outside its folder.
"""

import copy
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from openpyxl import Workbook
from ryaml import loads

from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress
from tests.full import write
from tests.fuzz.decks import LOCK, ODD, SVG, TEMPLATES, garble, slip, template

NOW = 1_795_500_000
DECK = "decks/full/"


@dataclass(frozen=True)
class Link:
    """A symbolic link in the place of a file or folder."""

    target: str


Project = Mapping[str, bytes | Link]


@dataclass(frozen=True)
class Try:
    """A project, as it is committed under the tag `v1` and as it lies there, and the commands that are run in it."""

    files: Project
    committed: Project
    commands: tuple[tuple[str, ...], ...]
    surroundings: Mapping[str, str] = field(default_factory=dict)


_TABLE = (
    ("Cause", "Mechanism", "Clue", "Category", "aka"),
    ("Old flour", "Its *enzymes* are spent", "Grey", "A; B", "F"),
    ("No salt", "The dough\nslackens", "", "A", ""),
)
_NOTES = (
    b"#separator:tab\n#html:true\n#columns:Cause\tMechanism\tTags\n"
    b'Old flour\tIts <b>enzymes</b> are &lt; spent\ta b\n"No salt"\t"The dough ""slackens"""\t\n'
)
_STOCK = b"""stock: Acme, ten cards
page: [210, 297]
card: [85, 54]
grid: [2, 5]
first: [15, 13.5]
pitch: [95, 54]
"""
_GLABELS = b"""<?xml version="1.0"?>
<Glabels-templates><Template brand="Acme" part="10" size="A4" _description="Cards">
<Label-rectangle id="0" width="90mm" height="52mm" round="0">
<Layout nx="2" ny="5" x0="15mm" y0="18.5mm" dx="90mm" dy="52mm"/></Label-rectangle></Template></Glabels-templates>
"""
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
_NAMES = (
    "full",
    "decks/full",
    "bread",
    "",
    ".",
    "..",
    "/",
    "nope",
    "x" * 300,
    "\u2028",
    "a b",
    "-",
    "--",
    "::error::x",
    "\x1b[2J",
    "ä",
    "siadh",
    "main",
    "first",
    "third/below",
    "clue",
    "quote",
    "book",
    "²",
    "0",
    "[",
    "*",
    "%s",
    "{}",
    "\ud83e",
    "con",
    "x/y",
    "../x",
    "dist/full.apkg",
    "dist/two.apkg",
    "HEAD",
    "v1",
    "v1:decks",
    "last",
    "HEAD~9",
    "@{-1}",
    "--all",
    "deck.yaml",
)


_ODD_TEXTS = [odd for odd in ODD if isinstance(odd, str)]


@cache
def good_project() -> Mapping[str, bytes]:
    """The files of a project in which every command works: its deck was built, and has been edited since."""
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary)
        for changes, name in (({}, "two"), ({"Causepearl": "Otherpearl"}, "full")):
            folder = write(project, changes)
            built, found = build_package(folder, project / "dist" / f"{name}.apkg", NOW, no_progress)
            assert built, found.diagnostics
        write(project, {"Causepearl": "Thirdpearl"})
        files = {str(file.relative_to(project)): file.read_bytes() for file in project.rglob("*") if file.is_file()}
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in _TABLE).encode()
    book, stream = Workbook(), io.BytesIO()
    for row in _TABLE:
        book.active.append(row)
    book.save(stream)
    cause = b"causes:\n  more:\n    cause: More\n    category: second\n    mechanism: It is more\n"
    return files | {
        "cards.csv": text,
        "cards.tsv": text.replace(b",", b"\t"),
        "cards.xlsx": stream.getvalue(),
        "notes.txt": _NOTES,
        "mine.yaml": _STOCK,
        "templates/print/stocks/own.yaml": _STOCK,
        "acme.xml": _GLABELS,
        "read.json": json.dumps({"aetia-review": 1, "deck": "full", "marks": [_MARK], "reader": "Ann"}).encode(),
        DECK + "causes/more.yaml": cause,
    }


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
    elif kind == "sql" and "collection.anki2" in members:
        members["collection.anki2"] = _sql(draw, members["collection.anki2"])
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
        ".xlsx": (_archive, _archive, _bytes),
    }
    suffix = name[name.rfind(".") :]
    if suffix == ".svg" and draw(st.booleans()):
        return draw(st.sampled_from(_PICTURES))
    if suffix == ".html":
        return draw(st.sampled_from((template(draw, name), garble(draw, content), content + template(draw, name))))
    return draw(st.sampled_from(kinds.get(suffix, (garble, _bytes, _lines))))(draw, content)


@st.composite
def _spoilt(draw: st.DrawFn, most: int) -> Project:
    """The good project with some files spoilt, gone, moved, added or made links."""
    files: dict[str, bytes | Link] = dict(copy.copy(good_project()))
    for _ in range(draw(st.integers(0, most))):
        name = draw(st.sampled_from(sorted(files)))
        kind = draw(st.sampled_from([*["spoil"] * 5, "gone", "move", "add", "link", "folder"]))
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
        elif kind == "link":
            files[name] = Link(
                draw(st.sampled_from(["../outside/secret", "/dev/zero", "..", ".", name, "nowhere", "/etc/passwd"]))
            )
        else:
            files[name + "/x.yaml"] = files.pop(name)
    parents = {str(parent) for name in files for parent in Path(name).parents}
    return {name: content for name, content in files.items() if name not in parents}


def _line(draw: st.DrawFn, words: str) -> tuple[str, ...]:
    """A command line: `{…}` stands for a name that may lead nowhere, `a|b|` for a choice, and `~` for a space."""
    line: list[str] = []
    odd = st.one_of(st.sampled_from(_NAMES), st.sampled_from(_ODD_TEXTS), st.text(max_size=9))
    for word in words.split():
        choice = draw(st.sampled_from(word.split("|")))
        if choice.startswith("{") and not draw(st.integers(0, 3)):
            line.append(draw(odd).replace("\0", "0"))
        else:
            line += choice.strip("{}").replace("~", " ").split()
    return tuple(line)


def good_line(words: str) -> tuple[str, ...]:
    """The command line that takes the first of each choice."""
    return tuple(part for word in words.split() for part in word.split("|")[0].strip("{}").split("~"))


LINES = {
    "check": "check {full} --strict| --format~json|--format~github|--format~concise|",
    "build": "build {full}| --text| --strict| --retire| --reviewed-only| --format~json|",
    "recover": "build {full} --recover {dist/two.apkg}",
    "diff": "diff {full} --against {last} --format~text|--format~markdown|--format~json|--format~html -o~changes.x|",
    "diff package": "diff {full} --against {dist/two.apkg} --format~html|--format~json|",
    "diff revision": "diff {full} --against {v1} --format~json|",
    "why": "why {main}",
    "why source": "why --source {book} --deck~full|",
    "preview": "preview {full} --export cards.html",
    "rehearse": "rehearse {full} --against {dist/two.apkg} --format~json|",
    "rehearse revision": "rehearse {full} --against {v1}",
    "review": "review {read.json} --sign|",
    "print": "print {full} --details| --fit~split|--fit~strict| --check| --only~clue| --stock~own|--stock~5371|",
    "print list": "print {full} --layout list|key --json|",
    "print options": "print full --copies~2|--start-at~3|--changed --sort {key} --offset {1,2} --marks~dots|",
    "print sheet": "print full --paper {210x297} --card {85x54} --grid {2x5} --gutter {3}",
    "print fit": "print {full} --fit-report --only~main",
    "print calibrate": "print --calibrate --measured {1,2} --save {office}",
    "stocks": "print stocks add|show|import {mine.yaml}|{acme.xml}|{own}",
    "new cause": "new cause {Flour} --mechanism {Spent} --clue {Grey} --category {second} --deck~full|",
    "new source": "new source {x2020} --title {A} --author {Doe} --doi {10.1/x} --pmid {1} --deck~full|",
    "new deck": "new deck {Fever} --effect {rise} --in {Medicine}",
    "new notetype": "new notetype {mine} --fields~A,B|--fields~A",
    "init": "init sub",
    "import": "import {cards.csv}|{cards.tsv}|{cards.xlsx}|{notes.txt}|{dist/full.apkg} --map~cause=Cause| -o~decks/t|",
    "explain": "explain {cause.versus}|{answer-leaked}|{mechanism}",
    "schema": "schema {deck}|{causes}|{sources}|{syllabus}",
    "decks": "check --format~concise",
    "complete": "TAB {build} {ful}",
    "live": "LIVE full",
}
"""Command lines by entry point. `TAB` completes what follows, `LIVE` lets a preview follow the files of a deck."""
_MARK = {"card": "cause/main/2", "kind": "mechanism", "mark": "right", "fingerprint": "a" * 16, "remark": "Good"}
_RARE = {"rehearse", "rehearse revision", "print", "print list", "print options", "print sheet", "print fit"}


@st.composite
def tries(draw: st.DrawFn, only: Sequence[str] = ()) -> Try:
    """A project with slips and some commands in it, one after the other."""
    files = draw(_spoilt(3))
    names = only or [name for name in LINES for _ in range(1 if name in _RARE else 3)]
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=12))
    revision = any("revision" in name for name in chosen)
    commands = tuple((name, *_line(draw, LINES[name])) for name in chosen)
    surroundings = draw(
        st.sampled_from(
            [
                {},
                {},
                {"LC_ALL": "C"},
                {"LC_ALL": "tr_TR.UTF-8"},
                {"LANG": "en_US.UTF-8", "COLUMNS": "1"},
                {"SOURCE_DATE_EPOCH": "0"},
                {"SOURCE_DATE_EPOCH": "x"},
                {"SOURCE_DATE_EPOCH": "9" * 30},
                {"NO_COLOR": "1"},
                {"GIT_DIR": "nowhere"},
            ]
        )
    )
    return Try(files, draw(_spoilt(2)) if revision else {}, commands, surroundings)
