"""Decks as other programs write them, and a learner who has studied one."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import genanki
from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000b49444154789c6360000200000500017a5eab3f0000000049454e44ae426082"
)
FRONT, BACK = "Where is {{Place}}?{{#Map}}<br>{{Map}}{{/Map}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{hint:Answer}}"
FURIGANA = "{{furigana:Answer}}{{type:Place}}{{^Map}}no map{{/Map}} {{Tags}} {{Deck}} {{Subdeck}} {{Type}} {{Card}}"


def write_genanki_deck(file: Path, notes: int = 12, deck: str = "Geography::Rivers") -> Path:
    """Write a deck as scripts make it: no ids of fields, equal times, a file that notes show and one for the style."""
    picture, font = file.with_name("map of Asia.png"), file.with_name("_font.woff2")
    picture.write_bytes(PIXEL)
    font.write_bytes(b"font")
    model = genanki.Model(
        1607392319,
        "Place",
        fields=[{"name": "Place"}, {"name": "Answer"}, {"name": "Map"}, {"name": "tags", "rtl": True}],
        templates=[
            {"name": "Where?", "qfmt": FRONT, "afmt": BACK},
            {"name": "What is there?", "qfmt": "{{text:Answer}}", "afmt": FURIGANA},
        ],
        css='@font-face {src: url("_font.woff2")}\n.card {color: navy}\n',
    )
    made = genanki.Deck(2059400110, deck, "Rivers of the <b>world</b>")
    for n in range(notes):
        fields = [f"River <b>{n}</b>", f"A &amp; B {n} 日本[にほん]<div>\\(x_{n}\\)</div>",
                  '<img src="map of Asia.png">' if n % 2 else "", "hidden" if n % 3 else ""]  # fmt: skip
        made.add_note(genanki.Note(model, fields, tags=["river", f"part::{n % 3}"], due=n))
    genanki.Package(made, media_files=[str(picture), str(font)]).write_to_file(file)
    return file


def fill_collection(collection: Collection) -> None:
    """Notes of Anki's own note types in two decks, as a maintainer has them: cloze, image occlusion, sounds."""
    decks = {name: collection.decks.id(name) for name in ("Body", "Body::Bones")}
    for name, content in {"map.png": PIXEL, "say.mp3": b"ID3", "unused.png": PIXEL, "ångström 1.png": PIXEL}.items():
        collection.media.write_data(name, content)
    bones = decks["Body::Bones"]
    add(collection, "Basic", ["Femur [sound:say.mp3]", 'Thigh <img src="map.png">'], ["leg"], bones)
    add(collection, "Basic (and reversed card)", ["* Ulna", "<ul><li>Arm</li></ul>"], [], bones)
    add(collection, "Basic (optional reversed card)", ["Rib", "Chest", ""], [], bones)
    add(collection, "Basic (type in the answer)", ["Skull?", "Head"], ["a", "b::c"], bones)
    add(
        collection,
        "Cloze",
        ["{{c1::Tibia::leg}} is {{c2::near {{c3::the}} fibula}} \\({{c1::x}}\\)", "more"],
        [],
        bones,
    )
    occlusion = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}<br>"
    occlusion += "{{c2::image-occlusion:text:left=.5:top=.5:text=a b:scale=1:fs=.1}}<br>"
    values = [occlusion, '<img src="ångström 1.png">', "Head", "", ""]
    add(collection, "Image Occlusion", values, ["io"], decks["Body"])
    cloze = collection.models.by_name("Cloze")
    collection.models.update_dict({**cloze, "css": cloze["css"] + "\n.cloze {color: teal}"})


def add(collection: Collection, note_type: str, fields: Sequence[str], tags: Sequence[str], deck: int) -> None:
    note = collection.new_note(collection.models.by_name(note_type))
    note.fields[: len(fields)] = list(fields)
    note.tags = list(tags)
    collection.add_note(note, deck)


def export(collection: Collection, file: Path, deck: str, legacy: bool = False, configs: bool = False) -> Path:
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=configs, with_media=True, legacy=legacy)
    limit = DeckIdLimit(deck_id=collection.decks.id(deck))
    collection.export_anki_package(out_path=str(file), options=options, limit=limit)
    return file


def write_crowdanki(collection: Collection, folder: Path, deck: str) -> Path:
    """The folder that CrowdAnki writes: its JSON, built of the same parts of the collection as CrowdAnki takes."""
    dropped = {"id", "mod", "usn", "did", "originalId"}
    models = {}

    def written(name: str, full: str) -> dict[str, Any]:
        ids = collection.find_notes(f'deck:"{full}" -deck:"{full}::*"')
        notes = [collection.get_note(id_) for id_ in ids]
        for note in notes:
            model = note.note_type()
            models[note.mid] = {key: value for key, value in model.items() if key not in dropped}
            models[note.mid] |= {"__type__": "NoteModel", "crowdanki_uuid": f"uuid-{note.mid}"}
        prefix = f"{full}::"
        children = [n.name for n in collection.decks.all_names_and_ids() if n.name.startswith(prefix)]
        return {
            "__type__": "Deck", "crowdanki_uuid": f"uuid-{full}", "name": name, "desc": "", "deck_configurations": [],
            "children": [written(child.removeprefix(prefix), child) for child in children],
            "media_files": [],
            "notes": [{"__type__": "Note", "fields": note.fields, "guid": note.guid, "tags": note.tags,
                       "note_model_uuid": f"uuid-{note.mid}"} for note in notes],
        }  # fmt: skip

    data = written(deck, deck)
    data["note_models"] = list(models.values())
    (folder / "media").mkdir(parents=True)
    for file in Path(collection.media.dir()).iterdir():
        (folder / "media" / file.name).write_bytes(file.read_bytes())
    (folder / f"{folder.name}.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return folder


def write_brain_brew(collection: Collection, file: Path, note_type: str) -> Path:
    """The csv that Brain Brew keeps: guid, fields and tags by name, HTML in the cells."""
    notes = [collection.get_note(id_) for id_ in collection.find_notes(f'note:"{note_type}"')]
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["guid", *notes[0].keys(), "tags"])
        for note in notes:
            writer.writerow([note.guid, *note.fields, " ".join(note.tags)])
    return file


def snapshot(collection: Collection) -> dict[str, list[Any]]:
    """Return every row that an import could change."""
    tables = ("notes", "cards", "revlog", "notetypes", "fields", "templates", "graves", "decks")
    rows = {table: collection.db.all(f"select * from {table}") for table in tables}
    return {table: sorted(map(repr, found)) for table, found in rows.items()}


@contextmanager
def studied(file: Path, package: Path) -> Iterator[Collection]:
    """Return the collection of a learner who has imported a package and answered some cards."""
    from conftest import import_package  # the fuzz has none, and no learners either

    collection = Collection(str(file))
    try:
        import_package(collection, package)
        for name in [deck.name for deck in collection.decks.all_names_and_ids()]:
            collection.decks.select(collection.decks.id(name))
            for _ in range(3):
                if card := collection.sched.getCard():
                    collection.sched.answerCard(card, 3)
        yield collection
    finally:
        collection.close()
