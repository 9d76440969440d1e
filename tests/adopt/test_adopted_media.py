"""Files of a deck that was taken over reach learners after a change, whatever their names are."""

import re
import unicodedata
from pathlib import Path

import pytest
from anki.collection import Collection
from conftest import NOW, import_package
from olddecks import PIXEL, export, fill_collection, studied

LATER = {"SOURCE_DATE_EPOCH": str(NOW)}
ODD_NAMES = (
    "plain.png", "kart e.png", "100%20real.png", "Straße ü.png", "日本.png", "it's(1).png", "a&b.png", "n#1+2.p n",
    "_logo.png",
)  # fmt: skip
PICTURE = re.compile(r'<img src="([^"]*)">')


@pytest.fixture
def old_deck(tmp_path):
    """A deck that shows a file with each odd name in a field, and others in its card template and its css."""
    collection = Collection(str(tmp_path / "maintainer.anki2"))
    for name in (*ODD_NAMES, "_Font É.ttf", "_hint.js"):
        Path(collection.media.dir(), name).write_bytes(PIXEL)
    model = collection.models.by_name("Basic")
    model["css"] += '@font-face {src: url("_Font É.ttf")} .card {background: url(_logo.png)}'
    model["tmpls"][0]["qfmt"] = '{{Front}}<img src="_logo.png"><script src="_hint.js"></script>'
    collection.models.update_dict(model)
    for n, name in enumerate(ODD_NAMES):
        note = collection.new_note(collection.models.by_name("Basic"))
        note.fields = [f"Note {n}", f'<img src="{name.replace("&", "&amp;")}">']
        collection.add_note(note, collection.decks.id("Odd"))
    yield export(collection, tmp_path / "old.apkg", "Odd")
    collection.close()


@pytest.fixture
def release(run_aetia, tmp_path):
    """`release(folder)` builds a deck and returns the package."""

    def run(folder):
        done = run_aetia("build", folder, env=LATER)
        assert done.returncode == 0, done.stderr
        return tmp_path / "dist" / "odd.apkg"

    return run


def media_of(collection):
    return {file.name: file.read_bytes() for file in Path(collection.media.dir()).iterdir()}


def assert_changed_files_arrive(collection, package):
    import_package(collection, package)
    media = media_of(collection)
    assert not collection.media.check().missing
    for id_ in collection.find_notes(""):
        (name,) = PICTURE.findall(collection.get_note(id_)["Back"])
        assert media[name.replace("&amp;", "&")] == b"changed", name
    model = collection.get_note(id_).note_type()
    texts = model["css"] + model["tmpls"][0]["qfmt"]
    shown = re.findall(r"""(?:src="|url\("?)([^")]+)""", texts)
    assert len(shown) == 4
    assert [name for name in shown if media.get(name) != b"changed"] == []


def test_changed_files_of_any_name_reach_those_who_have_the_deck_and_those_who_begin(
    tmp_path, old_deck, release, run_aetia, open_collection
):
    run_aetia("import", old_deck, env=LATER)
    folder = tmp_path / "decks" / "odd"
    for file in (folder / "media").iterdir():
        file.write_bytes(b"changed")
    package = release(folder)
    with studied(tmp_path / "learner.anki2", old_deck) as collection:
        assert_changed_files_arrive(collection, package)
    assert_changed_files_arrive(open_collection(), package)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["{{html: '<img src=\"{}\">'}}", '"![a](<{}>)"'])
def test_a_new_picture_with_a_name_in_any_form_of_unicode_reaches_learners(
    tmp_path, old_deck, release, run_aetia, open_collection, form, written
):
    run_aetia("import", old_deck, env=LATER)
    folder = tmp_path / "decks" / "odd"
    (folder / "media" / unicodedata.normalize("NFC", "Käse é.png")).write_bytes(b"new")
    shown = written.format(unicodedata.normalize(form, "Käse é.png"))
    (folder / "notes" / "new.yaml").write_text(
        f"notes:\n  basic:\n    new:\n      Front: Neu\n      Back: {shown}\n", encoding="utf-8"
    )
    collection = open_collection()
    import_package(collection, release(folder))
    (id_,) = collection.find_notes("Neu")
    (name,) = re.findall(r'src="([^"]*)"', collection.get_note(id_)["Back"])
    assert media_of(collection)[name] == b"new"


def test_a_new_file_that_only_a_script_names_keeps_its_name(tmp_path, old_deck, release, run_aetia, open_collection):
    run_aetia("import", old_deck, env=LATER)
    folder = tmp_path / "decks" / "odd"
    (folder / "media" / "_hint.js").write_text('fetch("_words.json")', encoding="utf-8")
    (folder / "media" / "_words.json").write_text("{}", encoding="utf-8")
    package = release(folder)
    with studied(tmp_path / "learner.anki2", old_deck) as collection:
        import_package(collection, package)
        assert media_of(collection)["_words.json"] == b"{}"
    collection = open_collection()
    import_package(collection, package)
    assert media_of(collection)["_words.json"] == b"{}"


def test_a_changed_picture_of_an_image_occlusion_note_reaches_learners(tmp_path, release, run_aetia):
    maintainer = Collection(str(tmp_path / "maintainer.anki2"))
    fill_collection(maintainer)
    old = export(maintainer, tmp_path / "old.apkg", "Body")
    maintainer.close()
    run_aetia("import", old, "-o", tmp_path / "decks" / "odd", env=LATER)
    folder = tmp_path / "decks" / "odd"
    (folder / "media" / "ångström 1.png").write_bytes(PIXEL + b"changed")
    with studied(tmp_path / "learner.anki2", old) as collection:
        assert import_package(collection, release(folder)).counts == (0, 1, 5, 0)
        (masked,) = collection.find_notes("tag:io")
        assert collection.get_image_occlusion_note(note_id=masked).note.image_data == PIXEL + b"changed"


def test_a_file_that_vanishes_is_named_where_a_note_a_template_or_the_css_uses_it(tmp_path, old_deck, run_aetia):
    done = run_aetia("import", old_deck, env=LATER)
    assert "missing-media" not in done.stderr
    folder = tmp_path / "decks" / "odd"
    for name in ("kart e.png", "_hint.js", "_logo.png", "_Font É.ttf"):
        (folder / "media" / name).unlink()
    done = run_aetia("check", folder, "--format", "concise", env=LATER)
    told = [line.partition(", so whoever")[0] for line in done.stderr.splitlines() if "missing-media" in line]
    start = "templates/notetypes/basic"
    assert told == [
        "decks/odd/notes/notes.yaml:10:25: warning[missing-media]: `kart e.png` is not in `media/`",
        "decks/odd/notes/notes.yaml:38:25: warning[missing-media]: `_logo.png` is not in `media/`",
        f"{start}/card-1.front.html:1:44: warning[missing-media]: `_hint.js` is not in `media/`",
        f"{start}/style.css:9:23: warning[missing-media]: `_Font É.ttf` is not in `media/`",
    ]
    assert "; 2 more places name it" in done.stderr
    assert run_aetia("build", folder, env=LATER).returncode == 0


def test_the_import_names_a_file_that_the_package_lacks(tmp_path, run_aetia):
    collection = Collection(str(tmp_path / "maintainer.anki2"))
    for n, field in enumerate(('<img src="gone.png"> <img src="https://x.org/a.png">', "[sound:gone.mp3]")):
        note = collection.new_note(collection.models.by_name("Basic"))
        note.fields = [f"Note {n}", field]
        collection.add_note(note, collection.decks.id("Odd"))
    done = run_aetia("import", export(collection, tmp_path / "old.apkg", "Odd"), env=LATER)
    collection.close()
    assert done.returncode == 0, done.stderr
    assert "decks/odd/notes/notes.yaml" in done.stderr
    assert re.findall(r"missing-media.*?`(.*?)`", done.stderr) == ["gone.png", "gone.mp3"]
