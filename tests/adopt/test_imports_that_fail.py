"""What cannot be taken over is said, costs little, and leaves nothing half-made."""

import json
import random
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import genanki
import pytest
from anki.collection import Collection
from conftest import NOW
from olddecks import add, export, write_genanki_deck

from generator.package.archive import UnreadableError, zstd_size
from generator.project.adopt import adopt
from generator.workflows import adopt as workflow

LATER = {"SOURCE_DATE_EPOCH": str(NOW)}
BOMB = bytes.fromhex("28b52ffd0458") + bytes.fromhex("0200104d") * 40_000 + bytes.fromhex("0300104d") + bytes(4)
"""Zstandard blocks that repeat one byte; each says that it holds as much as a block may."""


def everything(folder):
    return {path.relative_to(folder) for path in folder.rglob("*")}


def refused(run_aetia, tmp_path, *words):
    before = everything(tmp_path)
    done = run_aetia("import", *words, env=LATER)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr, done.stderr
    assert everything(tmp_path) == before
    return " ".join(done.stderr.replace("│", " ").split())


def test_a_file_that_is_not_a_package_is_reported(run_aetia, tmp_path):
    (tmp_path / "x.apkg").write_bytes(b"no zip")
    assert "not an Anki package" in refused(run_aetia, tmp_path, "x.apkg")
    with zipfile.ZipFile(tmp_path / "y.apkg", "w") as archive:
        archive.writestr("collection.anki2", b"no database")
        archive.writestr("media", b"{}")
    assert "Anki cannot read this package" in refused(run_aetia, tmp_path, "y.apkg")


@pytest.mark.parametrize("name", ["collection.anki2", "collection.anki21"])
def test_a_package_whose_database_is_rubbish_after_its_first_words_is_told(run_aetia, tmp_path, name):
    with zipfile.ZipFile(tmp_path / "z.apkg", "w") as archive:
        archive.writestr(name, b"SQLite format 3\0" + random.Random(1).randbytes(2000))
        archive.writestr("media", b"{}")
    assert "the database of this package is damaged" in refused(run_aetia, tmp_path, "z.apkg")


def test_a_card_whose_deck_does_not_exist_is_taken_for_one_of_the_default_deck(run_aetia, tmp_path):
    old = write_genanki_deck(tmp_path / "old.apkg")
    with zipfile.ZipFile(old) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    database = sqlite3.connect(":memory:")
    database.deserialize(parts["collection.anki2"])
    database.execute("update cards set did = 5 where id = (select min(id) from cards)")
    database.commit()
    with zipfile.ZipFile(old, "w") as archive:
        for name, content in {**parts, "collection.anki2": database.serialize()}.items():
            archive.writestr(name, content)
    database.close()
    assert "choose one with --deck: `Default`, `Geography`" in refused(run_aetia, tmp_path, "old.apkg")


def test_a_folder_or_file_that_is_not_of_crowdanki_is_told(run_aetia, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "there is no JSON file in it" in refused(run_aetia, tmp_path, "empty")
    for number, text in enumerate(
        ["[", "[]", "{}", '{"name": 1, "notes": []}', '{"name": "x", "notes": [{}]}', "[" * 9999]
    ):
        (tmp_path / f"{number}.json").write_text(text)
        assert "is not a CrowdAnki deck" in refused(run_aetia, tmp_path, f"{number}.json")


def test_a_package_that_would_fill_the_machine_is_not_unpacked(run_aetia, tmp_path):
    assert zstd_size(bytes.fromhex("28b52ffd0458") + bytes.fromhex("090000") + b"x") == 1
    with zipfile.ZipFile(tmp_path / "bomb.apkg", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("meta", b"\x08\x03")
        archive.writestr("collection.anki21b", BOMB)
    assert "would unpack to too much" in refused(run_aetia, tmp_path, "bomb.apkg")


def test_a_package_whose_database_computes_is_not_given_to_anki(run_aetia, tmp_path):
    database = sqlite3.connect(tmp_path / "c.db")
    database.execute(
        "create view notes as with recursive n(x) as (select 1 union all select x + 1 from n) select x from n"
    )
    database.commit()
    database.close()
    with zipfile.ZipFile(tmp_path / "view.apkg", "w") as archive:
        archive.write(tmp_path / "c.db", "collection.anki2")
        archive.writestr("media", "{}")
    assert "does more than hold notes" in refused(run_aetia, tmp_path, "view.apkg")


@pytest.mark.parametrize("cut", range(6, 40, 5))
def test_a_broken_frame_is_told(cut):
    frame = BOMB[: 6 + 4 * 8] + bytes.fromhex("0300104d")
    with pytest.raises(UnreadableError):
        zstd_size(frame[:cut])


def test_files_that_lead_elsewhere_are_not_written(run_aetia, tmp_path):
    file = write_genanki_deck(tmp_path / "old.apkg", notes=2)
    bent = tmp_path / "bent.apkg"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(bent, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, json.dumps({"0": "../../evil.png", "1": "/tmp/evil2.png"}) if name == "media" else content
            )
    run_aetia("import", bent, env=LATER)
    assert not list(tmp_path.rglob("evil*"))
    assert not list(tmp_path.parent.glob("evil*"))


def test_a_deck_that_is_there_is_left_alone(run_aetia, tmp_path):
    file = write_genanki_deck(tmp_path / "old.apkg", notes=2)
    assert run_aetia("import", file, env=LATER).returncode == 0
    lock = (tmp_path / "decks" / "rivers" / "deck.lock").read_bytes()
    assert "already" in refused(run_aetia, tmp_path, file)
    assert (tmp_path / "decks" / "rivers" / "deck.lock").read_bytes() == lock


@pytest.mark.parametrize("step", ["_write", "_remember", "_move"])
def test_an_import_that_fails_half_way_leaves_nothing(tmp_path, monkeypatch, step, run_aetia):
    file = write_genanki_deck(tmp_path / "old.apkg", notes=2)
    real = getattr(workflow, step)

    def full(*arguments):
        if step != "_move":
            real(*arguments)
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr(workflow, step, full)
    assert "No space left" in refused(run_aetia, tmp_path, file)


def test_a_folder_that_cannot_be_moved_takes_the_note_types_back(tmp_path, monkeypatch, run_aetia):
    file = write_genanki_deck(tmp_path / "old.apkg", notes=2)
    rename = Path.rename

    def refuse(self, target):
        if self.name == "rivers":
            raise OSError(13, "Permission denied", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    before = everything(tmp_path)
    assert run_aetia("import", file, env=LATER).returncode == 1
    left = everything(tmp_path) - before
    assert not [path for path in left if "place" in str(path) or "rivers" in str(path)]


def test_notes_that_no_text_file_keeps_are_named_and_the_others_taken(run_aetia, tmp_path):
    collection = Collection(str(tmp_path / "m.anki2"))
    deck = collection.decks.id("Odd")
    for text in ("plain", "a\u2028b", "x" * 1_000_001):
        add(collection, "Basic", [text, "back"], [], deck)
    file = export(collection, tmp_path / "odd.apkg", "Odd")
    collection.close()
    done = run_aetia("import", file, env=LATER)
    assert done.returncode == 1
    assert "the invisible character U+2028" in done.stderr
    assert "1,000,001 characters" in done.stderr
    assert "decks/odd: 1 note of 1 note type" in done.stdout


def test_without_ankis_library_the_command_says_how_to_install_it(tmp_path):
    file = write_genanki_deck(tmp_path / "old.apkg", notes=1)
    code = "import sys; sys.modules['anki'] = None; from generator.cli.main import main; main(['import', sys.argv[1]])"
    done = subprocess.run([sys.executable, "-c", code, file], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "aetia[anki]" in done.stderr


def test_causes_are_made_of_a_package_if_the_author_wants_and_their_meaning_for_learners_is_told(run_aetia, tmp_path):
    file = write_genanki_deck(tmp_path / "old.apkg", notes=3)
    columns = ("--map", "cause=Place", "--map", "mechanism=Answer")
    done = run_aetia("import", file, "--as", "causes", *columns, "-o", "decks/rivers", env=LATER)
    assert done.returncode == 0, done.stderr
    assert "These are new notes" in done.stdout
    assert "cause: River 0" in (tmp_path / "decks/rivers/causes/imported.yaml").read_text(encoding="utf-8")
    assert run_aetia("build", env=LATER).returncode == 0


def test_an_adopted_deck_takes_causes_beside_its_notes(run_aetia, tmp_path):
    file = write_genanki_deck(tmp_path / "old.apkg", notes=3)
    run_aetia("import", file, env=LATER)
    deck = tmp_path / "decks/rivers/deck.yaml"
    cause = "finding: {name: Floods, effect: flood a valley}\ncauses: {rain: {cause: Rain, mechanism: Water falls}}\n"
    deck.write_text(deck.read_text() + "causes: {rain: {cause: Rain, mechanism: Water falls}}\n")
    assert "needs the key `finding`" in run_aetia("build", env=LATER).stderr
    deck.write_text(deck.read_text().replace("causes: {rain: {cause: Rain, mechanism: Water falls}}\n", cause))
    done = run_aetia("build", env=LATER)
    assert done.returncode == 0, done.stderr
    assert "1 new, 3 untouched" in done.stdout


def test_notes_alike_get_keys_of_their_own_in_time_that_grows_with_their_number():
    from generator.model.foreign import ForeignDeck, ForeignNote
    from generator.model.notes import CardTemplate, NoteField, NoteType

    fields, template = (
        (NoteField("Front", None), NoteField("Back", None)),
        CardTemplate("Card 1", None, "{{Front}}", ""),
    )
    note_type = NoteType("1", "Basic", 1, False, fields, (template,), "", 0)
    notes = tuple(ForeignNote(f"g{n}", n + 1, 1, 1, ("same", ""), (), "D") for n in range(20_000))
    adopted = adopt(ForeignDeck({1: note_type}, {1: 1}, notes), {}, None)
    assert [name.key for name in adopted.notes][:3] == ["same", "same-2", "same-3"]
    assert len(adopted.notes) == 20_000


def test_rubbish_in_a_package_is_never_a_traceback(run_aetia, tmp_path):
    file = write_genanki_deck(tmp_path / "old.apkg", notes=3)
    content, chance = file.read_bytes(), random.Random(7)
    for number in range(12):
        bent = bytearray(content)
        for _ in range(chance.randint(1, 60)):
            bent[chance.randrange(len(bent))] = chance.randrange(256)
        (tmp_path / "bent.apkg").write_bytes(bent)
        done = run_aetia("import", "bent.apkg", "-o", f"decks/d{number}", env=LATER)
        assert "Traceback" not in done.stderr, done.stderr
    assert genanki  # the package came from there
