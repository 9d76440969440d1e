"""A newcomer gets from nothing to an own deck in Anki within minutes, and no file of theirs is harmed."""

import json
import re

import pytest
import yaml
from conftest import MINIMAL, commit, git

from generator.load.deck import load_deck
from generator.text.keys import make_key
from generator.workflows.prepare import prepare

COMMENTED = """\
deck: Everyday
finding: {name: Flat tyre, effect: flatten a tyre}   # a comment
categories:
  hole: {name: A hole}
  valve: {name: The valve}

causes:
  # what is sharp
  nail:
    cause: A nail
    category: hole
    mechanism: It pierces the tube

  loose:   # what is loose
    cause: A loose valve
    category: valve
    mechanism: >-
      Air leaks past
      the thread

questions:
  f1: {ask: Which pressure?, answer: See the side of the tyre}
"""


def keys_of(folder):
    deck, faults = load_deck(folder)
    assert deck is not None, faults
    return list(deck.causes)


def test_a_new_project_is_built_and_imported_as_it_is(run_aetia, tmp_path, anki_import):
    assert run_aetia("init", "mine").returncode == 0
    built = run_aetia("build", cwd=tmp_path / "mine")
    assert built.returncode == 0, built.stderr
    assert built.stderr == ""
    imported = anki_import(tmp_path / "mine" / "dist" / "bread.apkg")
    assert imported.counts[0] == len(prepare(tmp_path / "mine/decks/bread", 0)[0].stamped.release.notes.notes)
    assert not imported.collection.get_empty_cards().notes


def test_exported_pages_and_sheets_of_a_new_project_are_not_committed_by_accident(run_aetia, tmp_path):
    run_aetia("init", "mine")
    project = tmp_path / "mine"
    git(project, "init", "-q")
    git(project, "add", ".")
    run_aetia("preview", "--export", "cards.html", cwd=project)
    run_aetia("preview", "--export", "cards.html", cwd=project / "decks" / "bread")
    (project / "sheets.pdf").write_bytes(b"%PDF")
    run_aetia("new", "notetype", "quote", "--fields", "Quote,Who", cwd=project)
    left = git(project, "status", "--short", "--untracked-files=all")
    new = [line.split()[1] for line in left.splitlines() if line.startswith("??")]
    assert new == ["templates/notetypes/quote/notetype.yaml", "templates/notetypes/quote/quote.html"]


def test_a_new_deck_names_the_schema_that_its_editor_checks_it_by(run_aetia, tmp_path):
    run_aetia("init", "mine")
    run_aetia("new", "deck", "Cake", "--effect", "make it sink", cwd=tmp_path / "mine")
    for name in ("bread", "cake"):
        file = tmp_path / "mine/decks" / name / "deck.yaml"
        schema = file.read_text().splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert (file.parent / schema).read_text() == run_aetia("schema", "deck").stdout


def test_the_workflow_of_a_new_project_fetches_the_history_that_a_build_looks_into(run_aetia, tmp_path):
    run_aetia("init", "decks")
    workflow = yaml.safe_load((tmp_path / "decks/.github/workflows/decks.yml").read_text())
    (checkout,) = [step for step in workflow["jobs"]["check"]["steps"] if "checkout" in step.get("uses", "")]
    assert checkout["with"] == {"fetch-depth": 0}


def test_a_project_in_a_subfolder_of_a_repository_gets_no_files_that_work_only_at_the_top(run_aetia, tmp_path):
    git(tmp_path, "init", "-q")
    done = run_aetia("init", "teaching/decks")
    assert done.returncode == 0
    assert "working-directory: teaching/decks" in done.stdout
    written = {file.name for file in (tmp_path / "teaching/decks").iterdir()}
    assert written == {"README.md", ".gitignore", ".gitattributes", ".schema", "decks"}
    assert run_aetia("build", cwd=tmp_path / "teaching/decks").returncode == 0
    shown = run_aetia("init", ".", cwd=tmp_path).stdout
    assert ".pre-commit-config.yaml" in shown, "the top of a repository gets all"
    assert "working-directory" not in shown


def test_nothing_at_all_is_wrong_with_a_new_project(run_aetia, tmp_path):
    run_aetia("init", "mine")
    result = run_aetia("check", "--strict", cwd=tmp_path / "mine")
    assert result.returncode == 0, result.stderr
    assert result.stdout + result.stderr == "bread: nothing wrong\n"


def test_init_leaves_what_is_there_alone(run_aetia, tmp_path):
    (tmp_path / "README.md").write_text("my own")
    (tmp_path / "decks" / "x").mkdir(parents=True)
    (tmp_path / "decks" / "x" / "deck.yaml").write_text(MINIMAL)
    result = run_aetia("init")
    assert "README.md  (was there, left alone)" in result.stdout
    assert (tmp_path / "README.md").read_text() == "my own"
    assert not (tmp_path / "decks" / "bread").exists()


def test_two_branches_that_both_add_and_build_merge_without_a_conflict_in_the_lock(run_aetia, tmp_path, anki_import):
    project = tmp_path / "mine"
    run_aetia("init", "mine")
    deck = project / "decks" / "bread" / "deck.yaml"
    deck.write_text(deck.read_text().replace("name: Weak yeast,", "name: Weak yeast, ordered: true,"))
    more = deck.parent / "causes"
    more.mkdir()
    (more / "third.yaml").write_text("causes:\n  t: {cause: Third, category: yeast, mechanism: It is third}\n")

    def lock():
        notes = [json.loads(line) for line in (deck.parent / "deck.lock").read_text().splitlines()]
        return {(note["note"], note["key"]): note["guid"] for note in notes if "guid" in note}

    def add(name):
        (more / f"{name}.yaml").write_text(
            f"causes:\n  {name}: {{cause: {name}, category: yeast, mechanism: By {name}}}\n"
        )
        assert run_aetia("build", cwd=project).returncode == 0
        commit(project, ".")
        return lock(), project.joinpath("dist", "bread.apkg").read_bytes()

    git(project, "init", "-b", "main")
    add("first")
    git(project, "checkout", "-b", "other")
    other, package = add("others")
    git(project, "checkout", "main")
    mine, _ = add("ours")
    git(project, "merge", "other")
    built = run_aetia("build", cwd=project)
    assert (built.returncode, built.stderr) == (0, "")
    assert lock() == other | mine
    (tmp_path / "other.apkg").write_bytes(package)
    collection = anki_import(tmp_path / "other.apkg").collection
    before = {note.guid for note in map(collection.get_note, collection.find_notes(""))}
    counts = anki_import(project / "dist" / "bread.apkg", collection).counts
    assert counts[0] == len(set(mine.values()) - before) == 1
    assert counts[3] == 0
    assert len(collection.find_notes("")) == len(lock())


def test_every_new_project_has_an_id_of_its_own(run_aetia, tmp_path):
    ids = set()
    for name in ("one", "two"):
        run_aetia("init", name)
        ids.add(yaml.safe_load((tmp_path / name / "decks/bread/deck.yaml").read_text())["id"])
    assert len(ids) == 2


def test_a_new_deck_takes_new_causes_and_is_built(run_aetia, tmp_path):
    run_aetia("new", "deck", "Hyponatraemia", "--effect", "lower the serum sodium", "--in", "Medicine")
    run_aetia("new", "cause", "SIADH", "--mechanism", "Water is kept: the urine stays concentrated")
    run_aetia("new", "cause", "Größe", "--mechanism", "no")
    deck, _ = load_deck(tmp_path / "decks" / "hyponatraemia")
    assert deck.settings.deck == "Medicine::Hyponatraemia"
    assert {key: cause.mechanism.summary for key, cause in deck.causes.items()} == {
        "siadh": "Water is kept: the urine stays concentrated",
        "groesse": "no",
    }
    assert run_aetia("build").returncode == 0


def test_a_build_of_a_deck_without_entries_says_how_to_add_one(run_aetia):
    run_aetia("new", "deck", "Flat bread", "--effect", "keep bread from rising")
    for options in ((), ("--strict",)):
        built = run_aetia("build", "flat-bread", *options)
        assert built.returncode == 0
        assert "0 notes, 0 cards\n" in built.stdout
        assert built.stderr.count("info[no-entries]: this deck has no entries yet") == 1
    command = re.search(r"`aetia (new cause .*?)` adds one", built.stderr)[1].replace('"', "")
    assert run_aetia(*command.split(), "--mechanism", "The yeast has died").returncode == 0
    assert run_aetia("build", "flat-bread").stderr == ""


@pytest.mark.parametrize(("more", "bare"), [
    ((), True), (("--mechanism", "The yeast has died"), False), (("--clue", "No bubbles"), False),
])  # fmt: skip
def test_a_new_cause_that_gets_no_card_yet_says_what_to_write(run_aetia, write_deck, more, bare):
    folder = write_deck(MINIMAL)
    added = run_aetia("new", "cause", "Old yeast", "--deck", folder, *more)
    built = run_aetia("build", folder)
    told = re.search(r"It has no card yet\. Next: write how it works in place of `(.*?)`", added.stdout)
    assert (told is not None) is bare
    assert ("not made: any card of `old-yeast`" in built.stdout) is bare
    if told:
        file = folder / "deck.yaml"
        file.write_text(file.read_text().replace(told[1], "The yeast has died"))
        assert load_deck(folder)[0].causes["old-yeast"].mechanism.summary == "The yeast has died"


def test_a_new_cause_comes_after_its_category_and_leaves_every_other_line_alone(run_aetia, write_deck):
    folder = write_deck(COMMENTED)
    result = run_aetia("new", "cause", "A thorn", "--deck", folder, "--mechanism", "It stings", "--category", "hole")
    assert result.returncode == 0, result.stderr
    text = (folder / "deck.yaml").read_text()
    assert keys_of(folder) == ["nail", "a-thorn", "loose"]
    added = ["  a-thorn:", "    cause: A thorn", "    category: hole", "    mechanism: It stings", ""]
    assert [line for line in text.splitlines() if line not in added] == [
        line for line in COMMENTED.splitlines() if line not in added
    ]
    assert result.stdout.strip().endswith("deck.yaml:14")
    project = folder.parents[1]
    again = run_aetia("new", "cause", "A splinter", "--mechanism", "It stays in", cwd=project)
    assert again.stdout == f"{folder.relative_to(project) / 'deck.yaml'}:26\n", "a place is named as seen from here"


@pytest.mark.parametrize(
    "text",
    [COMMENTED, MINIMAL, COMMENTED.replace("questions:", "notes: &x\nquestions:")[: COMMENTED.index("questions")]],
)
def test_a_new_cause_at_the_end_keeps_all_that_was_there(run_aetia, write_deck, text):
    folder = write_deck(text)
    before = keys_of(folder)
    assert run_aetia("new", "cause", "Another", "--deck", folder).returncode == 0
    after = (folder / "deck.yaml").read_text()
    assert keys_of(folder) == [*before, "another"]
    kept = iter(after.splitlines())
    assert all(line in kept for line in text.splitlines()), "a line is gone or moved"


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("text", [COMMENTED.rstrip("\n"), MINIMAL])
def test_a_new_cause_keeps_the_line_ends_of_windows(run_aetia, write_deck, text, start):
    before = (start + text.replace("\n", "\r\n")).encode()
    folder = write_deck(before)
    assert run_aetia("new", "cause", "Another", "--deck", folder).returncode == 0
    after = (folder / "deck.yaml").read_bytes()
    kept = iter(after.splitlines())
    assert all(line in kept for line in before.splitlines())
    assert after.count(b"\n") == after.count(b"\r\n") > before.count(b"\n")
    assert keys_of(folder)[-1] == "another"


def test_a_new_cause_goes_into_a_file_in_a_folder_of_causes(run_aetia, write_deck):
    head, _, causes = MINIMAL.partition("causes:")
    folder = write_deck(head, {"causes/renal/drugs.yaml": "causes:" + causes})
    assert run_aetia("new", "cause", "Another", "--deck", folder).returncode == 0
    assert "  another:\n" in (folder / "causes/renal/drugs.yaml").read_text()


def test_a_cause_whose_name_makes_the_same_key_gets_a_key_of_its_own(run_aetia, write_deck):
    folder = write_deck(MINIMAL)
    run_aetia("new", "cause", "SIADH!", "--deck", folder)
    assert keys_of(folder)[-1] == "siadh-2"


def test_a_new_cause_whose_name_is_taken_is_refused_and_nothing_is_written(run_aetia, write_deck):
    folder = write_deck(MINIMAL.replace("cause: SIADH", "cause: SIADH\n    aka: [Schwartz-Bartter]"))
    before = (folder / "deck.yaml").read_bytes()
    for name in ("Siadh", "schwartz-bartter"):
        result = run_aetia("new", "cause", name, "--deck", folder)
        assert (result.returncode, result.stdout) == (2, "")
        said = " ".join(result.stderr.split())
        assert "Usage: aetia new cause" in said
        assert f"`{name}` is a name of the cause `siadh` already (deck.yaml, line " in said
        assert (folder / "deck.yaml").read_bytes() == before


def test_a_new_cause_of_an_unknown_category_is_refused_and_a_near_one_is_named(run_aetia, write_deck):
    folder = write_deck(COMMENTED)
    result = run_aetia("new", "cause", "A thorn", "--deck", folder, "--category", "holes")
    assert result.returncode == 2
    assert "Did you mean `hole`?" in " ".join(result.stderr.split())
    assert (folder / "deck.yaml").read_text() == COMMENTED


def test_a_new_cause_takes_the_name_of_a_category_for_its_path(run_aetia, write_deck):
    tree = "  hole: {name: Broken tube}\n  rim: {name: Rim, children: {front: Wheel, back: Wheel}}\n"
    folder = write_deck(COMMENTED.replace("  hole: {name: A hole}\n", tree))
    assert run_aetia("new", "cause", "A thorn", "--deck", folder, "--category", "broken tube").returncode == 0
    assert load_deck(folder)[0].causes["a-thorn"].category == "hole"
    refused = run_aetia("new", "cause", "A nail", "--deck", folder, "--category", "Wheel")
    assert "give the path of one: rim/front, rim/back." in refused.stderr


@pytest.mark.parametrize(("asked", "example"), [
    ("Slow movement", "{slow-movement: Slow movement}"),
    ("Heat, cold", '{heat-cold: "Heat, cold"}'),
])  # fmt: skip
def test_a_new_cause_in_a_deck_without_categories_is_told_how_to_write_one(run_aetia, write_deck, asked, example):
    folder = write_deck(MINIMAL)
    refused = run_aetia("new", "cause", "A thorn", "--deck", folder, "--category", asked)
    (line,) = re.findall(r"as in `(.*?)`; `aetia explain category`", refused.stderr)
    assert line == f"categories: {example}"
    (folder / "deck.yaml").write_text(f"{line}\n{MINIMAL}")
    done = run_aetia("new", "cause", "A thorn", "--deck", folder, "--category", asked)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("Causes of hyponatraemia", "Hyponatraemia"),
        ("Ursachen der Hyperkalzämie", "Hyperkalzämie"),
        ("Ursachen von Husten", "Husten"),
        ("Ursachen des Fiebers", "Fiebers"),
        ("Causes of", "Causes of"),
        ("pH below 7", "pH below 7"),
    ],
)
def test_a_deck_called_causes_of_something_is_about_that(run_aetia, tmp_path, name, finding):
    run_aetia("new", "deck", name, "--effect", "do it")
    (file,) = tmp_path.glob("decks/*/deck.yaml")
    content = yaml.safe_load(file.read_text())
    assert (content["deck"], content["finding"]["name"]) == (name, finding)


@pytest.mark.parametrize("name", [
    "Why bread does not rise", "Bread is flat. Why?", "warum ist das Brot flach", "Which bread", "¿Pan plano?",
])  # fmt: skip
def test_a_deck_called_by_a_question_needs_the_name_of_its_finding(run_aetia, tmp_path, name):
    refused = run_aetia("new", "deck", name, "--effect", "do it")
    assert refused.returncode == 2
    assert 'say what it is as a noun, as `--finding "Flat bread"`' in " ".join(refused.stderr.split())
    assert not list(tmp_path.glob("decks/*"))
    assert run_aetia("new", "deck", name, "--effect", "do it", "--finding", "Flat bread").returncode == 0
    (file,) = tmp_path.glob("decks/*/deck.yaml")
    content = yaml.safe_load(file.read_text())
    assert (content["deck"], content["finding"]["name"]) == (name, "Flat bread")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Hyperkalzämie", "hyperkalzaemie"),
        ("Hyperkalza\u0308mie", "hyperkalzaemie"),
        ("Größe", "groesse"),
        ("Über-Öl", "ueber-oel"),
        ("Sjøgræs på œuf", "sjoegraes-paa-oeuf"),
        ("Behçet naïve", "behcet-naive"),
    ],
)
def test_a_key_is_spelt_as_the_name_is_without_its_marks(name, key):
    assert make_key(name, ()) == key


@pytest.mark.parametrize("before", ["https://doi.org/", "http://dx.doi.org/", "doi:", "DOI: ", ""])
def test_a_doi_is_kept_without_its_address(run_aetia, write_deck, before):
    folder = write_deck(MINIMAL)
    assert run_aetia("new", "source", "x2020", "--deck", folder, "--doi", f"{before}10.1/x").returncode == 0
    assert yaml.safe_load((folder / "sources.yaml").read_text())["references"][0]["DOI"] == "10.1/x"


def test_what_cannot_be_added_leaves_the_file_as_it_was(run_aetia, write_deck):
    flow = "deck: X\nfinding: {name: a, effect: b}\ncauses: {c: {cause: C, mechanism: m}}\n"
    folder = write_deck(flow)
    result = run_aetia("new", "cause", "D", "--deck", folder)
    assert result.returncode == 1
    assert "write it line by line" in result.stderr
    assert (folder / "deck.yaml").read_text() == flow


def test_a_new_source_holds_only_what_was_given(run_aetia, write_deck):
    folder = write_deck(MINIMAL)
    for key in ("smith2020", "jones2021"):
        result = run_aetia("new", "source", key, "--deck", folder, "--doi", f"10.1/{key}")
        assert (result.returncode, result.stderr) == (0, ""), "that nothing cites it yet is no fault"
    again = run_aetia("new", "source", "smith2020", "--deck", folder)
    assert (again.returncode, "already (sources.yaml, line 2)" in again.stderr) == (2, True)
    assert yaml.safe_load((folder / "sources.yaml").read_text())["references"] == [
        {"id": key, "type": "article-journal", "DOI": f"10.1/{key}"} for key in ("smith2020", "jones2021")
    ]


def test_a_source_that_is_there_is_shown_where_it_is_behind_two_of_one_key(run_aetia, write_deck):
    sources = "references:\n- id: a\n- id: a\n- id: b\n"
    again = run_aetia("new", "source", "b", "--deck", write_deck(MINIMAL, {"sources.yaml": sources}))
    assert "There is a source `b` already (sources.yaml, line 4)" in again.stderr


@pytest.mark.parametrize(("given", "written"), [
    (("--type", "report", "--publisher", "WHO"), {"type": "report", "publisher": "WHO"}),
    (("--publisher", "Appleton"), {"type": "book", "publisher": "Appleton"}),
    (("--isbn", "978-0-06-114665-7"), {"type": "book", "ISBN": "978-0-06-114665-7"}),
    (("--url", "https://example.org"), {"type": "document", "URL": "https://example.org"}),
])  # fmt: skip
def test_a_new_source_is_what_its_type_or_its_publisher_says(run_aetia, write_deck, given, written):
    folder = write_deck(MINIMAL)
    result = run_aetia("new", "source", "otte2014", "--deck", folder, *given)
    assert result.returncode == 0, result.stderr
    (source,) = yaml.safe_load((folder / "sources.yaml").read_text())["references"]
    assert source == {"id": "otte2014", **written}


@pytest.mark.parametrize("sources", ["- id: a\n  title: A\n", "# Books\n  -   id: a\n      title: A\n# end\n",
                                     "references:\n-   id: a\n    title: A\n",
                                     "references: &works\n  -\n    # a-b\n    id: a\n"])  # fmt: skip
def test_a_new_source_goes_to_the_end_of_the_list_however_it_is_indented(run_aetia, write_deck, sources):
    folder = write_deck(MINIMAL, {"sources.yaml": sources})
    result = run_aetia("new", "source", "b", "--deck", folder, "--title", "B")
    assert result.returncode == 0, result.stderr
    text = (folder / "sources.yaml").read_text()
    written = yaml.safe_load(text)
    works = written["references"] if isinstance(written, dict) else written
    assert [work["id"] for work in works] == ["a", "b"]
    assert text.startswith(sources.removesuffix("# end\n"))


def test_a_new_cause_is_indented_as_the_others_below_an_anchor(run_aetia, write_deck):
    folder = write_deck(MINIMAL.replace("causes:", "causes: &all"))
    assert run_aetia("new", "cause", "Beer", "--mechanism", "Salt is lacking", "--deck", folder).returncode == 0
    assert list(yaml.safe_load((folder / "deck.yaml").read_text())["causes"]) == ["siadh", "thiazides", "beer"]


def test_a_type_that_csl_does_not_have_is_refused_with_one_that_it_has(run_aetia, write_deck):
    folder = write_deck(MINIMAL)
    result = run_aetia("new", "source", "otte2014", "--deck", folder, "--type", "books")
    assert result.returncode == 2
    assert "did you mean `book`?" in result.stderr
    assert not (folder / "sources.yaml").exists()


def test_a_source_that_cannot_be_added_leaves_no_file_behind(run_aetia, write_deck):
    folder = write_deck(MINIMAL)
    assert run_aetia("new", "source", "no key!", "--deck", folder).returncode == 1
    assert not (folder / "sources.yaml").exists()
    assert run_aetia("check", folder).returncode == 0


def test_a_copied_note_type_keeps_its_id_and_its_fields(run_aetia, write_deck):
    folder = write_deck(MINIMAL)
    project = folder.parents[1]
    bundled = prepare(folder, 0)[0].stamped.release.notes
    assert run_aetia("new", "notetype", "cause", cwd=project).returncode == 0
    copied = prepare(folder, 0)[0].stamped.release.notes
    assert copied.note_types["cause"].id == bundled.note_types["cause"].id
    assert [note.fields for note in copied.notes] == [note.fields for note in bundled.notes]
    assert run_aetia("new", "notetype", "cause", cwd=project).returncode == 1
    assert run_aetia("new", "notetype", "nope", cwd=project).returncode == 2


@pytest.mark.parametrize("words", [
    ("deck", "a\udcff", "--effect", "q"), ("deck", "b", "--effect", "\udcff"), ("cause", "A\udcff"),
    ("source", "a", "--title", "\udcff"),
])  # fmt: skip
def test_a_word_that_no_file_can_hold_is_refused(run_aetia, write_deck, words):
    folder = write_deck(COMMENTED)
    result = run_aetia("new", *words, cwd=folder)
    assert (result.returncode, "has a character that no file can hold" in result.stderr) == (2, True)
    assert (folder / "deck.yaml").read_text() == COMMENTED
    assert not (folder.parent / "b").exists()
