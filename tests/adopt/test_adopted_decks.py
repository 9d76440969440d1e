"""A deck that learners have is taken over, and its first build changes nothing for them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions, NoteIdsLimit
from conftest import NOW, import_package
from olddecks import (
    export,
    fill_collection,
    snapshot,
    studied,
    write_brain_brew,
    write_crowdanki,
    write_genanki_deck,
)

from generator.cards.foreign import show_foreign
from generator.load.deck import load_deck
from generator.package.crowdanki import read_crowdanki
from generator.project.foreign import as_table
from generator.workflows.check import check_folder
from generator.workflows.prepare import prepare

LATER = {"SOURCE_DATE_EPOCH": str(NOW)}


@pytest.fixture
def maintainer(tmp_path):
    """The collection of one who has made a deck in Anki."""
    collection = Collection(str(tmp_path / "maintainer.anki2"))
    fill_collection(collection)
    yield collection
    collection.close()


@pytest.fixture
def take_over(run_aetia, tmp_path):
    """`take_over(source, *options)` imports a deck into a project; returns its folder and what was said."""

    def run(source, *options):
        done = run_aetia("import", source, *options, env=LATER)
        assert "Traceback" not in done.stderr, done.stderr
        folders = sorted((tmp_path / "decks").glob("*/deck.yaml"))
        return (folders[0].parent if folders else None), done

    return run


@pytest.fixture
def build(run_aetia, tmp_path):
    """`build(folder)` builds a deck as its author does, and returns the package."""

    def run(folder):
        done = run_aetia("build", folder, env=LATER)
        assert done.returncode == 0, done.stderr
        return tmp_path / "dist" / f"{folder.name}.apkg"

    return run


def shown_by_anki(collection):
    """Front and back of every card by guid and ordinal, as the real Anki shows them."""
    cards = [collection.get_card(id_) for id_ in collection.find_cards("")]
    outputs = {(card.note().guid, card.ord): card.render_output() for card in cards}
    return {name: (without_ids(o.question_text), without_ids(o.answer_text)) for name, o in outputs.items()}


def shown_by_us(folder, collection):
    """The same, as preview, print and check read the cards; sounds become what Anki makes of them."""
    prepared, _ = prepare(folder, now=NOW)
    assert prepared
    notes, release = prepared.release.notes, prepared.release

    def sounds(text, question):
        return collection._backend.extract_av_tags(text=text, question_side=question).text

    found = {}
    for note in notes.notes:
        for ordinal in note.card_ordinals:
            faces = show_foreign(notes.note_types[note.note_type], note.fields, ordinal, special(notes.deck, note))
            front = sounds(faces.front, True)
            back = sounds(faces.back.replace(faces.front, front) if faces.front else faces.back, False)
            found[release.identities[note.id].guid, ordinal] = (without_ids(front), without_ids(back))
    return found


def special(deck, note):
    name = f"{deck}::{note.subdeck}".removesuffix("::")
    return {"Tags": " ".join(note.tags), "Deck": name, "Subdeck": name.rpartition("::")[2]}


def without_ids(text):
    """Anki makes up an id for each hint; which one is of no matter."""
    return re.sub(r"hint[0-9a-f]{16}", "hint", text)


def assert_nothing_changes(collection, package, notes):
    before, shown = snapshot(collection), shown_by_anki(collection)
    assert import_package(collection, package).counts == (0, 0, notes, 0)
    assert snapshot(collection) == before
    assert shown_by_anki(collection) == shown


def edit_a_word(folder, old, new):
    files = [file for file in (folder / "notes").glob("*.yaml") if old in file.read_text(encoding="utf-8")]
    text = files[0].read_text(encoding="utf-8")
    assert text.count(old) == 1
    files[0].write_text(text.replace(old, new), encoding="utf-8")


def test_a_deck_made_by_genanki_is_built_again_without_a_change_for_a_learner_and_an_edited_word_is_one_update(
    tmp_path, take_over, build
):
    old = write_genanki_deck(tmp_path / "old.apkg")
    folder, done = take_over(old)
    assert done.returncode == 0, done.stderr
    assert "changes nothing for learners" in done.stdout
    with studied(tmp_path / "learner.anki2", old) as collection:
        assert_nothing_changes(collection, build(folder), 12)
        assert shown_by_us(folder, collection) == shown_by_anki(collection)
        edit_a_word(folder, "River <b>7</b>", "Stream <b>7</b>")
        assert import_package(collection, build(folder)).counts == (0, 1, 11, 0)
        (note,) = collection.find_notes("Stream")
        assert collection.get_note(note)["Place"] == "Stream <b>7</b>"
        assert collection.fix_integrity()[1]


@pytest.mark.parametrize("legacy", [False, True])
def test_a_deck_exported_by_anki_with_cloze_and_image_occlusion_is_the_same_for_learners(
    tmp_path, maintainer, take_over, build, legacy
):
    old = export(maintainer, tmp_path / "old.apkg", "Body", legacy)
    folder, done = take_over(old)
    assert done.returncode == 0, done.stderr
    with studied(tmp_path / "learner.anki2", old) as collection:
        assert_nothing_changes(collection, build(folder), 6)
        assert shown_by_us(folder, collection) == shown_by_anki(collection)
        edit_a_word(folder, "Skull?", "Skull and crown?")
        assert import_package(collection, build(folder)).counts == (0, 1, 5, 0)


def test_a_new_learner_gets_an_adopted_deck_with_its_decks_tags_files_and_editor_for_image_occlusion(
    tmp_path, maintainer, take_over, build, anki_import
):
    folder, _ = take_over(export(maintainer, tmp_path / "old.apkg", "Body"))
    collection = anki_import(build(folder)).collection
    (masked,) = collection.find_notes("tag:io")
    assert len(collection.get_image_occlusion_note(note_id=masked).note.occlusions) == 2
    assert {deck.name for deck in collection.decks.all_names_and_ids()} == {"Default", "Body", "Body::Bones"}
    assert sorted(p.name for p in Path(collection.media.dir()).iterdir()) == ["map.png", "say.mp3", "ångström 1.png"]
    (typed,) = collection.find_notes("Skull")
    assert collection.get_note(typed).tags == ["a", "b::c"]
    assert collection.fix_integrity()[1]


def test_a_whole_collection_comes_by_one_of_its_decks(tmp_path, maintainer, take_over, build, caplog):
    old = export(maintainer, tmp_path / "old.apkg", "Body")
    maintainer.export_collection_package(str(tmp_path / "all.colpkg"), include_media=True, legacy=False)
    folder, done = take_over(tmp_path / "all.colpkg", "--deck", "body")
    assert done.returncode == 0, done.stderr
    assert not caplog.records, "nothing that Anki's library says to programmers"
    with studied(tmp_path / "learner.anki2", old) as collection:
        assert_nothing_changes(collection, build(folder), 6)


@pytest.mark.parametrize("source", ["with progress", "collection", "crowdanki", "text"])
def test_what_anki_notes_for_its_owner_alone_is_not_published(tmp_path, maintainer, take_over, build, source):
    old = export(maintainer, tmp_path / "old.apkg", "Body")
    times = maintainer.db.all("select mod, id from notes")
    maintainer.tags.bulk_add(maintainer.find_notes("Femur or Rib"), "leech Marked")
    maintainer.db.executemany("update notes set mod = ? where id = ?", times)
    filtered = maintainer.sched.get_or_create_filtered_deck(0)
    filtered.name = "Custom Study"
    filtered.config.search_terms[0].search = "deck:Body::Bones"
    maintainer.sched.add_or_update_filtered_deck(filtered)
    if source == "with progress":
        progress = ExportAnkiPackageOptions(
            with_scheduling=True, with_deck_configs=False, with_media=True, legacy=False
        )
        maintainer.export_anki_package(out_path=str(tmp_path / "new.apkg"), options=progress, limit=None)
        folder, done = take_over(tmp_path / "new.apkg")
    elif source == "collection":
        maintainer.export_collection_package(str(tmp_path / "all.colpkg"), include_media=True, legacy=False)
        folder, done = take_over(tmp_path / "all.colpkg")
    elif source == "crowdanki":
        folder, done = take_over(write_crowdanki(maintainer, tmp_path / "crowd", "Body"), "--like", old)
    else:
        maintainer.export_note_csv(
            out_path=str(tmp_path / "notes.txt"), limit=NoteIdsLimit(maintainer.find_notes("")), with_html=True,
            with_tags=True, with_deck=False, with_notetype=True, with_guid=True,
        )  # fmt: skip
        folder, done = take_over(tmp_path / "notes.txt", "--like", old)
    assert done.returncode == 0, done.stderr
    assert "left out: the tags `leech` and `marked` of 2 notes, which are your own" in done.stderr
    notes = "".join(file.read_text(encoding="utf-8") for file in (folder / "notes").iterdir())
    assert "leech" not in notes
    assert "arked" not in notes
    assert "Custom Study" not in notes
    if source in {"with progress", "collection"}:
        assert (folder / "notes" / "bones.yaml").exists()
    with studied(tmp_path / "learner.anki2", old) as collection:
        assert_nothing_changes(collection, build(folder), 6)


def test_a_crowdanki_folder_comes_with_the_ids_that_learners_have_in_a_package(tmp_path, maintainer, take_over, build):
    old = export(maintainer, tmp_path / "old.apkg", "Body")
    source = write_crowdanki(maintainer, tmp_path / "crowd", "Body")
    folder, done = take_over(source, "--like", old)
    assert done.returncode == 0, done.stderr
    with studied(tmp_path / "learner.anki2", old) as collection:
        assert_nothing_changes(collection, build(folder), 6)
        assert shown_by_us(folder, collection) == shown_by_anki(collection)


def test_a_crowdanki_folder_alone_is_taken_with_a_word_on_what_it_lacks(tmp_path, maintainer, take_over):
    folder, done = take_over(write_crowdanki(maintainer, tmp_path / "crowd", "Body"))
    assert folder is not None
    assert "--like" in done.stdout
    assert "changes nothing" not in done.stdout


def test_a_text_export_with_guids_is_taken_with_the_note_types_of_a_package_and_its_edits_are_updates(
    tmp_path, maintainer, take_over, build
):
    old = export(maintainer, tmp_path / "old.apkg", "Body")
    text = tmp_path / "notes.txt"
    ids = maintainer.find_notes("")
    maintainer.export_note_csv(
        out_path=str(text), limit=NoteIdsLimit(ids), with_html=True, with_tags=True, with_deck=True, with_notetype=True,
        with_guid=True,
    )  # fmt: skip
    text.write_text(text.read_text(encoding="utf-8").replace("Chest", "Thorax"), encoding="utf-8")
    folder, done = take_over(text, "--like", old)
    assert done.returncode == 0, done.stderr
    assert "1 note: not as learners have it" in done.stdout
    with studied(tmp_path / "learner.anki2", old) as collection:
        assert import_package(collection, build(folder)).counts == (0, 1, 5, 0)
        assert len(collection.find_notes("Thorax")) == 1


def test_a_csv_of_brain_brew_keeps_its_guids(tmp_path, maintainer, take_over, build):
    old = export(maintainer, tmp_path / "old.apkg", "Body")
    with studied(tmp_path / "learner.anki2", old) as collection:
        table = write_brain_brew(maintainer, tmp_path / "bones.csv", "Basic (type in the answer)")
        table.write_text(table.read_text(encoding="utf-8") + ",Nile,North,,\n", encoding="utf-8")
        folder, done = take_over(table, "--like", old)
        assert "row 3: it has no guid" in done.stderr
        assert "left out: 5 notes that are not in the table" in done.stderr
        assert_nothing_changes(collection, build(folder), 1)


def test_a_table_with_guids_alone_says_that_the_note_types_are_missing(tmp_path, take_over):
    table = tmp_path / "rivers.csv"
    table.write_text("guid,Front,Back\nabc,Nile,North\n", encoding="utf-8")
    folder, done = take_over(table, "--as", "notes")
    assert folder is None
    assert done.returncode == 2
    assert "--like" in done.stderr


def test_what_does_not_come_along_is_said(tmp_path, maintainer, take_over):
    from olddecks import add

    body = maintainer.decks.get(maintainer.decks.id("Body"))
    maintainer.decks.save(body | {"conf": maintainer.decks.add_config("Slow")["id"]})
    add(maintainer, "Basic (and reversed card)", ["Hip", "Coxa"], [], body["id"])
    (_, second) = maintainer.find_cards("Coxa")
    maintainer.set_deck([second], maintainer.decks.id("Body::Bones"))
    old = export(maintainer, tmp_path / "old.apkg", "Body", configs=True)
    _, done = take_over(old)
    left = [line.partition("left out: ")[2] for line in done.stderr.splitlines() if "left out" in line]
    assert left == [
        "the decks of single cards: 1 note has cards in several decks, and comes into the first of them",
        "the options of the decks",
    ]
    maintainer.export_collection_package(str(tmp_path / "all.colpkg"), include_media=True, legacy=False)
    _, done = take_over(tmp_path / "all.colpkg", "--deck", "Body", "-o", tmp_path / "decks" / "all")
    assert "left out: the file `unused.png`: no note shows it" in done.stderr
    assert "left out: the options of the decks" in done.stderr


def test_a_warning_at_the_import_names_the_file_as_it_is_now(tmp_path, maintainer, take_over):
    _, done = take_over(export(maintainer, tmp_path / "old.apkg", "Body"))
    (warned,) = {line.partition(":")[0] for line in done.stderr.splitlines() if "image-occlusion.back" in line}
    assert (tmp_path / warned).is_file(), warned


def test_fields_are_markdown_where_that_is_exact_and_html_where_not(tmp_path, take_over, maintainer):
    folder, _ = take_over(export(maintainer, tmp_path / "old.apkg", "Body"))
    notes, _ = load_deck(folder)
    fields = {name: note.fields_ for name, note in notes.notes.items()}
    assert fields["cloze/tibia-is-near-the-fibula-x"]["Text"].markdown == (
        "{{c1::Tibia::leg}} is {{c2::near {{c3::the}} fibula}} ${{c1::x}}$"
    )
    assert fields["basic-and-reversed-card/ulna"]["Front"].markdown == r"\* Ulna"
    assert fields["basic/femur"]["Front"].markdown == "Femur [sound:say.mp3]"
    assert fields["basic/femur"]["Back"].html == 'Thigh <img src="map.png">'


def test_the_files_of_notes_may_be_split_and_sorted_without_a_change_for_learners(tmp_path, take_over, build):
    old = write_genanki_deck(tmp_path / "old.apkg")
    folder, _ = take_over(old)
    (file,) = (folder / "notes").iterdir()
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    middle = lines.index("    river-6:\n")
    (folder / "notes" / "a").mkdir()
    (folder / "notes" / "a" / "late.yaml").write_text("".join([*lines[:2], *lines[middle:]]), encoding="utf-8")
    file.rename(file.with_name("early.yaml")).write_text("".join(lines[:middle]), encoding="utf-8")
    with studied(tmp_path / "learner.anki2", old) as collection:
        assert_nothing_changes(collection, build(folder), 12)


def test_an_author_may_write_a_note_type_in_ankis_language(write_deck, build_deck, anki_import):
    folder = write_deck("deck: Rivers\nnotes: {place: {nile: {Place: The **Nile**, Answer: '{{not a field}}'}}}\n", {
        "../../templates/notetypes/place/notetype.yaml":
            "name: Place\nmarkup: anki\nfields: [Place, Answer]\ncards: [where]\n",
        "../../templates/notetypes/place/where.front.html": "Where is {{Place}}?",
        "../../templates/notetypes/place/where.back.html": "{{FrontSide}}<hr id=answer>{{hint:Answer}}",
    })  # fmt: skip
    collection = anki_import(build_deck(folder).package).collection
    (card,) = collection.find_cards("")
    assert "Where is The <strong>Nile</strong>?" in collection.get_card(card).render_output().question_text


def test_check_preview_and_print_take_an_adopted_deck(tmp_path, maintainer, take_over, run_aetia):
    folder, _ = take_over(export(maintainer, tmp_path / "old.apkg", "Body"))
    found = check_folder(folder, NOW)
    assert not found.errors, found.diagnostics
    assert run_aetia("preview", folder, "--export", tmp_path / "page.html").returncode == 0
    assert "Tibia" in (tmp_path / "page.html").read_text(encoding="utf-8")
    done = run_aetia("print", folder)
    assert done.returncode == 0, done.stderr


def test_a_changed_picture_gets_a_new_name_so_that_learners_get_it(tmp_path, take_over, build):
    old = write_genanki_deck(tmp_path / "old.apkg", notes=2)
    folder, _ = take_over(old)
    build(folder)
    picture = folder / "media" / "map of Asia.png"
    picture.write_bytes(picture.read_bytes() + b" new")
    with studied(tmp_path / "learner.anki2", old) as collection:
        assert import_package(collection, build(folder)).counts == (0, 1, 1, 0)
        (note,) = collection.find_notes("Map:_*")
        (name,) = collection.media.files_in_str(collection.get_note(note).mid, collection.get_note(note)["Map"])
        assert Path(collection.media.dir(), name).read_bytes().endswith(b" new")


def test_a_lock_that_was_lost_is_made_up_from_the_package_for_adopted_notes_and_files(tmp_path, take_over, build):
    old = write_genanki_deck(tmp_path / "old.apkg")
    folder, _ = take_over(old)
    build(folder)
    (folder / "deck.lock").unlink()
    (folder / "deck.yaml").write_text((folder / "deck.yaml").read_text() + "version: '2'\n")
    with studied(tmp_path / "learner.anki2", old) as collection:
        assert_nothing_changes(collection, build(folder), 12)


def test_several_decks_are_named_and_one_is_chosen(tmp_path, maintainer, take_over):
    maintainer.decks.id("Other")
    from olddecks import add

    add(maintainer, "Basic", ["x", "y"], [], maintainer.decks.id("Other"))
    maintainer.export_collection_package(str(tmp_path / "all.colpkg"), include_media=True, legacy=False)
    folder, done = take_over(tmp_path / "all.colpkg")
    assert folder is None
    assert "--deck: `Body`, `Other`" in " ".join(done.stderr.replace("│", " ").split())
    folder, done = take_over(tmp_path / "all.colpkg", "--deck", "Other")
    assert "1 note of 1 note type" in done.stdout


def test_two_decks_of_one_note_type_share_its_folder(tmp_path, take_over, run_aetia):
    take_over(write_genanki_deck(tmp_path / "old.apkg"))
    done = run_aetia("import", write_genanki_deck(tmp_path / "more.apkg", 2, "Geography::Lakes"), env=LATER)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "templates" / "notetypes").iterdir()] == ["place"]
    assert run_aetia("build", env=LATER).returncode == 0


def test_a_note_with_an_empty_front_stays_with_learners_who_get_its_edits(
    tmp_path, maintainer, take_over, build, run_aetia
):
    from olddecks import add

    add(maintainer, "Basic (optional reversed card)", ["", "no front yet"], [], maintainer.decks.id("Body"))
    add(maintainer, "Cloze", ["no deletion", "x"], [], maintainer.decks.id("Body"))
    old = export(maintainer, tmp_path / "old.apkg", "Body")
    folder, done = take_over(old)
    assert "2 notes: with an empty front, as learners have it (`no-front-yet`, `no-deletion`)" in done.stdout
    assert "retired" not in (folder / "deck.lock").read_text(encoding="utf-8")
    assert "changes nothing for learners" in done.stdout
    told = run_aetia("check", folder, "--format", "concise", env=LATER).stderr
    assert "warning[empty-front]: learners have this `cloze` card" in told
    with studied(tmp_path / "learner.anki2", old) as collection:
        assert_nothing_changes(collection, build(folder), 8)
        edit_a_word(folder, "no deletion", "still none")
        edit_a_word(folder, "no front yet", "a front to come")
        assert import_package(collection, build(folder)).counts == (0, 2, 6, 0)
        assert len(collection.find_notes("still none")) == 1
        edit_a_word(folder, "still none", "now {{c1::one}}")
        assert import_package(collection, build(folder)).counts == (0, 1, 7, 0)
        assert collection.fix_integrity()[1]
    assert run_aetia("print", folder, env=LATER).returncode == 0
    assert run_aetia("preview", folder, "--export", tmp_path / "page.html", env=LATER).returncode == 0


def test_diff_says_of_an_adopted_deck_what_an_edit_changes_and_no_more(tmp_path, take_over, build, run_aetia):
    folder, _ = take_over(write_genanki_deck(tmp_path / "old.apkg"))
    build(folder)
    edit_a_word(folder, "River <b>7</b>", "Stream <b>7</b>")
    done = run_aetia("diff", folder, env=LATER)
    assert "1 changed, 11 untouched" in done.stdout
    assert "Place: [-River-]{+Stream+} 7" in done.stdout
    assert "note type" not in done.stdout
    assert "tags:" not in done.stdout


def test_notes_in_another_subdeck_are_told_of_by_diff_build_and_rehearsal_for_learners_cards_stay(
    tmp_path, maintainer, take_over, build, run_aetia
):
    old = export(maintainer, tmp_path / "old.apkg", "Body")
    folder, _ = take_over(old)
    build(folder)
    notes = folder / "notes" / "bones.yaml"
    notes.write_text(notes.read_text(encoding="utf-8").replace("deck: Bones", "deck: Skeleton"), encoding="utf-8")
    said = (
        "8 cards stay with learners in Body::Bones, unless they rename it in Anki first; "
        "new ones go into Body::Skeleton"
    )
    told = run_aetia("diff", folder, env=LATER).stdout
    assert f"  {said}\n" in told
    assert "Nothing changed" not in told
    assert "Cards that you have in Body::Bones stay there" in run_aetia("diff", folder, "--format", "markdown").stdout
    (left,) = re.findall(r"(\d+) cards left in the old deck\n", run_aetia("rehearse", folder, env=LATER).stdout)
    assert int(left) == 6, "of 4 notes, without 2 cards that the learner moved to an own deck"
    with studied(tmp_path / "learner.anki2", old) as collection:
        done = run_aetia("build", folder, env=LATER)
        assert f"  {said}\n" in done.stdout
        assert import_package(collection, tmp_path / "dist" / "body.apkg").counts == (0, 0, 6, 0)
        assert len(collection.find_cards("deck:Body::Bones")) == 8


@pytest.mark.parametrize("added", ["field", "card template"])
def test_a_field_or_card_template_added_to_an_adopted_note_type_reaches_learners_in_the_way_that_the_refusal_names(
    tmp_path, take_over, run_aetia, added
):
    from anki.import_export_pb2 import ImportCsvRequest

    old = write_genanki_deck(tmp_path / "old.apkg")
    folder, _ = take_over(old)
    file = tmp_path / "templates" / "notetypes" / "place" / "notetype.yaml"
    schema = file.read_text(encoding="utf-8")
    if added == "field":
        file.write_text(schema.replace("\ncards:", "\n- Length\ncards:", 1), encoding="utf-8")
        edit_a_word(folder, "    river-7:\n", "    river-7:\n      Length: 99 km\n")
    else:
        file.write_text(schema + "- length\n", encoding="utf-8")
        file.with_name("length.front.html").write_text("How long is {{Place}}?", encoding="utf-8")
        file.with_name("length.back.html").write_text("{{Answer}}", encoding="utf-8")
    refused = run_aetia("build", folder, env=LATER)
    hint = " ".join(refused.stderr.split())
    assert "notes that need more can have a note type of their own" in hint
    assert "whoever does not merge gets nothing" in hint
    lock = folder / "deck.lock"
    lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
    lock.write_text("".join(line for line in lines if '"note-type"' not in line), encoding="utf-8")
    done = run_aetia("build", folder, "--text", env=LATER)
    assert done.returncode == 0, done.stderr
    package = tmp_path / "dist" / f"{folder.name}.apkg"
    with studied(tmp_path / "learner.anki2", old) as collection:
        cards = {id_: repr(vars(collection.get_card(id_))) for id_ in collection.find_cards("is:review or is:learn")}
        assert cards
        assert import_package(collection, package, merge=True).counts[3] == 0
        text = package.with_suffix(".update.txt")
        metadata = collection.get_csv_metadata(path=str(text), delimiter=None)
        collection.import_csv(ImportCsvRequest(path=str(text), metadata=metadata))
        assert {id_: repr(vars(collection.get_card(id_))) for id_ in cards} == cards
        assert len(collection.find_notes("")) == 12
        assert len(collection.find_notes("Length:99*" if added == "field" else 'card:"length"')) == (
            1 if added == "field" else 12
        )
        found, whole = collection.fix_integrity()
        assert whole, found
    with studied(tmp_path / "other.anki2", old) as collection:
        assert import_package(collection, package).counts[3] == 12, "without merging"


def test_the_learners_of_an_adopted_deck_are_rehearsed(tmp_path, take_over, build, run_aetia):
    folder, _ = take_over(write_genanki_deck(tmp_path / "old.apkg"))
    build(folder)
    edit_a_word(folder, "River <b>7</b>", "Stream <b>7</b>")
    done = run_aetia("rehearse", folder, "--budget", "1", env=LATER)
    assert done.returncode == 0, done.stderr
    assert "   11 untouched\n      1 updated with the new text\n" in done.stdout
    assert "river-7 (Place)" in done.stdout


def test_a_cause_that_is_added_to_a_taken_over_deck_comes_with_what_the_deck_lacks_for_causes(
    tmp_path, take_over, run_aetia, build
):
    folder, _ = take_over(write_genanki_deck(tmp_path / "old.apkg"))
    done = run_aetia("new", "cause", "Spring thaw", "--deck", folder, "--mechanism", "Snow melts within days")
    assert done.returncode == 0
    assert "a deck of causes needs the key `finding`" in done.stderr
    assert "`finding: {name: " in done.stderr
    file = folder / "deck.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "finding: {name: Flood, effect: raise the river}\n", "utf-8")
    build(folder)


def test_what_a_source_refuses_is_told_also_where_causes_are_made_of_it(maintainer, tmp_path):
    deck = read_crowdanki(write_crowdanki(maintainer, tmp_path / "crowd", "Body"))
    table = as_table(replace(deck, refused=(("note 7", "it has no front"),)))
    assert "note 7: it has no front" in table.left_out
