"""The project that the fuzz spoils: every kind of file that a command reads, good and as its writer left it."""

import contextlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from anki.collection import Collection
from click.testing import CliRunner
from openpyxl import Workbook

from generator.cli.main import main
from generator.model.notes import card_id
from generator.model.reviewed import fingerprint
from generator.resources import bundled
from generator.workflows.prepare import prepare
from tests.full import write
from tests.fuzz.decks import ODD
from tests.olddecks import PIXEL, add, export, fill_collection, write_brain_brew, write_crowdanki, write_genanki_deck

NOW = 1_795_500_000
DECK = "decks/full/"
HOME = "~/"
"""Before the paths of files in the home of the user."""
_TABLE = (
    ("Cause", "Mechanism", "Clue", "Category", "aka", "Examples", "Source", "Tags", "Versus", "Image"),
    ("Old flour", "Its *enzymes* are spent", "Grey", "A; B", "F", "Rye; Oat", "Doe 2001", "a; b", "", "dot.png"),
    ("No salt", "The dough\nslackens", "", "A", "", "", "", "", "Old flour | speed | slow | fast", ""),
)
_NOTES = (
    b"#separator:tab\n#html:true\n#columns:Cause\tMechanism\tTags\n"
    b'Old flour\tIts <b>enzymes</b> are &lt; spent\ta b\n"No salt"\t"The dough ""slackens"""\t\n'
)
_EXPORT = (
    b"#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
    b"gx1\tBasic\tBody::Bones\tFemur\tThigh <img src=map.png>\tleg\n"
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
_MORE = r"""causes:
  more:
    cause: More
    category: second
    mechanism: |-
      It is **more**, {{c1::hidden::so}} and \(x^2\), H<sub>2</sub>O [sound:say.mp3] [@book]

      | a | b |
      |---|---|
      | 1 | 2 |
    clue: A [link](https://example.org/a) and ![A dot](dot.png)
    image: {file: dot.png, alt: A dot}
    questions:
      of-more: {ask: "Why? # aetia", answer: "So"}  # aetia: ignore[short-answer] it is short
  long:
    cause: Long
    category: second
    mechanism:
      summary: 'Lorem LONG \(\frac{a_1}{\sqrt[3]{b}} \le \sum_{i=0}^n x^{2i} \cdot \text{mol}\)'
      steps: [One **step** LONG, 'Two: \[\begin{matrix} a & b \\ c & d \end{matrix}\]', "Größe кровь H₂O"]
    examples: [Aspirin LONG, Ibuprofen]
    pearl: "* a LONG\n* b"
  gone: {cause: Gone, category: second, mechanism: "It went", was: went, see-also: [more]}
""".replace("LONG", "that goes on and on for no reason at all; " * 12)
_OVERRIDES = {
    "templates/words/en.yaml": b"more: Further\nask-clue: What points to it?\n",
    "templates/words/xx.yaml": b"language: Xx\nmore: Mo\n",
    "templates/lints/en.yaml": b"vague: [somehow]\n",
    "templates/notetypes/card.css": b".card {color: #123456}\n",
    "templates/notetypes/cause/style.css": b".answer {margin: 1em}\n",
    "templates/notetypes/cause/clue.html": (
        b'{% extends "bundled/notetypes/cause/clue.html" %}\n'
        b'{% block answer %}{{ super() }}<p class="own">{{ field.Pearl }}</p>{% endblock %}\n'
    ),
}
_TO_HOME = (
    ("print", "--calibrate", "--measured", "1,2", "--save", "office"),
    ("print", "stocks", "add", "mine.yaml"),
)
_FIRST = ("import", "cards.csv", "-o", "decks/table", "--finding", "Bad bread", "--effect", "spoil bread")


@cache
def good_project() -> Mapping[str, bytes]:
    """The files of a project in which every command works: its deck was built, and has been edited since."""
    with tempfile.TemporaryDirectory() as temporary:
        project, home = Path(temporary, "project"), Path(temporary, "home")
        (project / "old").mkdir(parents=True)
        for changes, name in (({}, "two"), ({"Causepearl": "Otherpearl"}, "full")):
            folder = write(project, changes)
            _lay_more(folder)
            _aetia(project, home, "build", "full", "-o", f"dist/{name}.apkg")
        write(project, {"Causepearl": "Thirdpearl"})
        (folder / "full.review.json").write_text(_marks(folder))
        _write_tables(project)
        _write_old_decks(project / "old")
        _aetia(project, home, *_FIRST)
        (project / "cards.csv").write_bytes((project / "cards.csv").read_bytes().replace(b"spent", b"old"))
        for words in _TO_HOME:
            _aetia(project, home, *words)
        return _read(project, "") | _read(home, HOME)


def _lay_more(folder: Path) -> None:
    """Write what the deck with one of each kind does not have: other media, a second file, overrides of templates."""
    (folder / "causes").mkdir(exist_ok=True)
    (folder / "causes" / "more.yaml").write_text(_MORE, encoding="utf-8")
    (folder / "media" / "dot.png").write_bytes(PIXEL)
    (folder / "media" / "say.mp3").write_bytes(b"ID3")
    for name, content in _OVERRIDES.items():
        file = folder.parent.parent / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _write_tables(project: Path) -> None:
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in _TABLE).encode()
    book = Workbook()
    for row in _TABLE:
        book.active.append(row)
    book.save(project / "cards.xlsx")
    font = bundled("templates") / "print" / "fonts" / "SourceSans3-It.otf"
    for name, content in {
        "cards.csv": text,
        "cards.tsv": text.replace(b",", b"\t"),
        "notes.txt": _NOTES,
        "mine.yaml": _STOCK,
        "templates/print/stocks/own.yaml": _STOCK,
        "acme.xml": _GLABELS,
        "quotes.csv": b"Quote,Who,key\nA **bold** word,Others,sarajevo\nNew,Nobody,\n",
        "dot.png": PIXEL,
        "font.otf": font.read_bytes(),
        "old/export.txt": _EXPORT,
    }.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(content)


def _write_old_decks(folder: Path) -> None:
    write_genanki_deck(folder / "geography.apkg", notes=3)
    collection = Collection(str(folder / "collection.anki2"))
    fill_collection(collection)
    write_crowdanki(collection, folder / "crowd", "Body")
    write_brain_brew(collection, folder / "brew.csv", "Basic")
    export(collection, folder / "body.apkg", "Body")
    export(collection, folder / "legacy.apkg", "Body", legacy=True, configs=True)
    odd = collection.decks.id("Odd <b>::\u202e::error::x")
    for text in (text for text in ODD if isinstance(text, str)):
        told = text.encode("utf-8", "replace").decode()
        add(collection, "Basic", [told or "x", told], [told.strip()[:40] or "x"], odd)
    export(collection, folder / "odd.apkg", "Odd <b>")
    collection.export_collection_package(str(folder / "all.colpkg"), include_media=True, legacy=False)
    collection.close(downgrade=False)
    for rest in folder.glob("collection*"):
        shutil.rmtree(rest) if rest.is_dir() else rest.unlink()


def _marks(folder: Path) -> str:
    """What the exported page saves when its reader marks each card right but one."""
    prepared, faults = prepare(folder, NOW)
    assert prepared, faults
    cards = [(card_id(note.id, card.ordinal), card) for note in prepared.release.notes.notes for card in note.cards]
    marks = [
        {"card": name, "kind": card.kind, "mark": "right" if at else "wrong", "remark": "" if at else "Is it?",
         "fingerprint": fingerprint(prepared.deck, card.entry)}
        for at, (name, card) in enumerate(cards)
    ]  # fmt: skip
    return json.dumps({"aetia-review": 1, "deck": folder.name, "reader": "Ada", "role": "Baker", "marks": marks})


def _aetia(project: Path, home: Path, *words: str) -> None:
    surroundings = {"SOURCE_DATE_EPOCH": str(NOW), "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config")}
    with contextlib.chdir(project), contextlib.redirect_stderr(io.StringIO()):
        done = CliRunner().invoke(main, words, "", surroundings, prog_name="aetia")
    assert done.exit_code == 0, done.output


def _read(folder: Path, prefix: str) -> dict[str, bytes]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {prefix + file.relative_to(folder).as_posix().replace(os.sep, "/"): file.read_bytes() for file in files}
