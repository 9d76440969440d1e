"""A deck is kept in a table and edited by hand as well: an update takes what changed there, and destroys nothing."""

import unicodedata

import pytest
from conftest import NOW
from ryaml import loads

LATER = {"SOURCE_DATE_EPOCH": str(NOW)}
TABLE = """\
Cause,Mechanism,Clue,Category,Also called,Page
Heavy rain,Drops break crumbs apart,Rills on the slope,Water,Downpour,1
Overgrazing,Bare ground dries out,Trampled paths,Animals,,2
Strong wind,Dry grains blow away,Dunes,Air,Storm,3
Frost,Ice bursts stones,,Cold,,4
"""


@pytest.fixture
def soil(tmp_path, run_aetia):
    """`soil.run(table, *options)` brings a table into the deck that was made of `TABLE`; `soil.edit` edits a file."""
    (tmp_path / "soil.csv").write_text(TABLE, encoding="utf-8")
    first = run_aetia("import", "soil.csv", "--effect", "erode soil", env=LATER)
    assert first.returncode == 0, first.stderr

    class Soil:
        folder = tmp_path / "decks" / "soil"
        causes = folder / "causes" / "imported.yaml"
        memory = folder / "table.yaml"

        def run(self, table, *options):
            (tmp_path / "soil.csv").write_text(table, encoding="utf-8")
            done = run_aetia("import", "soil.csv", "--into", "soil", *(options or ["--update"]), env=LATER)
            assert "Traceback" not in done.stderr, done.stderr
            return done

        def edit(self, old, new, file=causes):
            text = file.read_text(encoding="utf-8")
            assert old in text
            file.write_text(text.replace(old, new), encoding="utf-8")

        def entry(self, key):
            return loads(self.causes.read_text(encoding="utf-8"))["causes"].get(key)

        def content(self):
            return {file: file.read_bytes() for file in self.folder.rglob("*.yaml")}

    return Soil()


def test_the_same_table_again_changes_nothing(soil):
    before = soil.content()
    assert "0 new, 0 changed, 4 as they were" in soil.run(TABLE).stdout
    assert soil.content() == before


def test_a_project_with_a_style_for_all_note_types_takes_a_table_again(soil, tmp_path):
    style = tmp_path / "templates" / "notetypes" / "card.css"
    style.parent.mkdir(parents=True)
    style.write_text(".card {color: navy}\n")
    assert "0 new, 0 changed, 4 as they were" in soil.run(TABLE).stdout


def test_an_edit_by_hand_outlives_updates_in_which_its_cell_did_not_change(soil):
    soil.edit("Rills on the slope", "Rills **high** on the slope")
    done = soil.run(TABLE.replace("Dunes", "High dunes"))
    assert done.returncode == 0, done.stderr
    assert "edited in the deck and not in the table, so left: `heavy-rain: clue`" in done.stdout
    assert soil.entry("heavy-rain")["clue"] == "Rills **high** on the slope"
    assert soil.entry("strong-wind")["clue"] == "High dunes"
    assert "~ changed Strong wind (strong-wind)\n    clue: [-Dunes-]{+High dunes+}\n" in done.stdout


def test_what_both_sides_changed_is_told_with_both_texts_and_left(soil):
    soil.edit("Rills on the slope", "Rills at the top")
    changed = TABLE.replace("Rills on the slope", "Rills in the field").replace("Dunes", "High dunes")
    for _ in range(2):
        done = soil.run(changed)
        assert done.returncode == 1
        assert (
            "imported.yaml:5: Heavy rain (heavy-rain), clue: changed both in the table and in the deck" in done.stderr
        )
        for text in ("Rills on the slope", "Rills at the top", "Rills in the field", "--prefer table"):
            assert text in done.stderr
        assert soil.entry("heavy-rain")["clue"] == "Rills at the top"
        assert soil.entry("strong-wind")["clue"] == "High dunes", "what is not at odds is taken"


@pytest.mark.parametrize(("side", "text"), [("table", "Rills in the field"), ("deck", "Rills at the top")])
def test_the_author_decides_once_whose_text_is_right(soil, side, text):
    soil.edit("Rills on the slope", "Rills at the top")
    changed = TABLE.replace("Rills on the slope", "Rills in the field")
    assert soil.run(changed, "--update", "--prefer", side).returncode == 0
    assert soil.entry("heavy-rain")["clue"] == text
    assert soil.run(changed).returncode == 0
    assert soil.entry("heavy-rain")["clue"] == text


def test_a_name_that_was_edited_by_hand_still_finds_its_row(soil):
    soil.edit("cause: Heavy rain", "cause: Torrential rain")
    done = soil.run(TABLE)
    assert "0 new" in done.stdout
    assert soil.entry("heavy-rain")["cause"] == "Torrential rain"


def test_a_deck_from_before_tables_were_remembered_takes_only_what_it_lacks(soil):
    soil.memory.unlink()
    soil.edit("    clue: Trampled paths\n", "")
    changed = TABLE.replace("Dunes", "High dunes")
    done = soil.run(changed)
    assert done.returncode == 1
    assert "Strong wind (strong-wind), clue: different in the table and in the deck" in done.stderr
    assert soil.entry("overgrazing")["clue"] == "Trampled paths"
    assert soil.entry("strong-wind")["clue"] == "Dunes"
    assert soil.run(changed, "--update", "--prefer", "table").returncode == 0
    assert soil.entry("strong-wind")["clue"] == "High dunes"


def test_a_category_changes_and_a_new_one_is_made(soil, run_aetia):
    changed = TABLE.replace("Trampled paths,Animals", "Trampled paths,Farming").replace("Dunes,Air", "Dunes,Water")
    done = soil.run(changed + "Waves,Surf eats cliffs,,water,,5\nGoats,They climb,,Farming,,6\n")
    assert done.returncode == 0, done.stderr
    assert soil.entry("overgrazing")["category"] == "farming"
    assert soil.entry("strong-wind")["category"] == soil.entry("waves")["category"] == "water"
    assert soil.entry("goats")["category"] == "farming"
    assert loads((soil.folder / "deck.yaml").read_text())["categories"]["farming"] == {"name": "Farming"}
    assert "moved from animals to farming" in done.stdout
    assert "+ category Farming" in done.stdout
    assert run_aetia("build", env=LATER).returncode == 0


def test_a_path_in_the_column_of_categories_adds_the_branches_that_are_missing(soil, run_aetia):
    head = soil.folder / "deck.yaml"
    soil.edit("  water:\n    name: Water", "  water: Water  # wet", head)
    more = (
        "Waves,Surf eats cliffs,,Water/Sea,,5\nTide,It comes twice,,water / Sea,,6\nFords,They deepen,,Water/River,,7\n"
        "Foxes,They dig,,Animals/Wild/Small,,8\nRoads,They seal,,People/Traffic,,9\n"
    )
    done = soil.run(TABLE + more)
    assert done.returncode == 0, done.stderr
    assert "+ category Sea (water/sea)" in done.stdout
    categories = loads(head.read_text())["categories"]
    assert categories["water"] == {"name": "Water", "children": {"sea": {"name": "Sea"}, "river": {"name": "River"}}}
    wild = {"wild": {"name": "Wild", "children": {"small": {"name": "Small"}}}}
    assert categories["animals"] == {"name": "Animals", "children": wild}
    assert categories["people"] == {"name": "People", "children": {"traffic": {"name": "Traffic"}}}
    assert "# wet" in head.read_text()
    places = [soil.entry(key)["category"] for key in ("waves", "tide", "foxes", "roads")]
    assert places == ["water/sea", "water/sea", "animals/wild/small", "people/traffic"]
    assert run_aetia("build", env=LATER).returncode == 0
    before = soil.content()
    assert "0 new, 0 changed, 9 as they were" in soil.run(TABLE + more).stdout
    assert soil.content() == before
    more += "Locks,They let it in,,Water/Sea/Harbour,,10\n"
    assert soil.run(TABLE + more).returncode == 0
    assert soil.entry("locks")["category"] == "water/sea/harbour"


def test_a_branch_that_the_author_renamed_is_found_by_what_the_table_calls_it_in_paths_too(soil):
    more = "Waves,Surf eats cliffs,,Große Flüsse/Küste,,5\n"
    soil.run(TABLE + more)
    soil.edit("name: Große Flüsse", "name: Streams", soil.folder / "deck.yaml")
    soil.run(TABLE + more + "Floods,They tear,,Große Flüsse/Ufer,,6\n")
    assert soil.entry("floods")["category"] == "grosse-fluesse/ufer"


def test_a_category_whose_name_has_a_slash_stays_one(soil):
    soil.edit("name: Animals", "name: Cattle/Sheep", soil.folder / "deck.yaml")
    done = soil.run(TABLE + "Goats,They climb,,Cattle/Sheep,,5\nFoxes,They dig,,Cattle/Sheep/Wild,,6\n")
    assert done.returncode == 0, done.stderr
    assert soil.entry("goats")["category"] == "animals"
    assert soil.entry("foxes")["category"] == "animals/wild"


def test_a_category_that_the_author_renamed_is_found_by_what_the_table_calls_it(soil):
    soil.edit("name: Water", "name: Running water", soil.folder / "deck.yaml")
    assert soil.run(TABLE + "Waves,Surf eats cliffs,,Water,,5\n").returncode == 0
    assert soil.entry("waves")["category"] == "water"


def test_a_corrected_name_keeps_the_key_and_so_the_reviews_of_learners(soil, run_aetia):
    assert run_aetia("build", env=LATER).returncode == 0
    done = soil.run(TABLE.replace("Overgrazing,", "Over-grazing by cattle,"))
    assert "renamed Over-grazing by cattle (overgrazing)" in done.stdout
    assert "was Overgrazing" in done.stdout
    assert soil.entry("overgrazing")["cause"] == "Over-grazing by cattle"
    assert "over-grazing-by-cattle" not in soil.causes.read_text()
    assert "0 new" in done.stdout
    assert " new" not in run_aetia("build", env=LATER).stdout


@pytest.mark.parametrize("doubtful", [
    "Overgrazng,Cattle eat the grass,Hoofs,Animals,,2\n",
    "Goats,They eat it all,Trampled paths,Animals,They climb,2\n",
    "Cattle,Bare ground dries out,Trampled paths,Animals,,2\nSheep,Bare ground dries out,Trampled paths,Animals,,2\n",
])  # fmt: skip
def test_a_likely_rename_is_told_and_makes_nothing_until_a_key_says_what_it_is(soil, doubtful):
    before = soil.causes.read_bytes()
    table = TABLE.replace("Overgrazing,Bare ground dries out,Trampled paths,Animals,,2\n", doubtful)
    done = soil.run(table)
    assert done.returncode == 1
    assert "is probably `Overgrazing` (overgrazing) under a new name" in done.stderr
    assert soil.causes.read_bytes() == before
    lines = [f"{line},{'overgrazing' if line.startswith(doubtful[:6]) else ''}" for line in table.splitlines()]
    soil.run("\n".join([TABLE.splitlines()[0] + ",key", *lines[1:]]) + "\n")
    assert soil.entry("overgrazing")["cause"] == doubtful.partition(",")[0]


def test_an_emptied_cell_empties_its_key_unless_the_author_changed_it(soil):
    soil.edit("clue: Dunes", "clue: Wandering dunes")
    done = soil.run(TABLE.replace("Rills on the slope", "").replace("Dunes", "").replace("Downpour", ""))
    assert soil.entry("heavy-rain") == {
        "cause": "Heavy rain", "mechanism": "Drops break crumbs apart", "category": "water",
    }  # fmt: skip
    assert soil.entry("strong-wind")["clue"] == "Wandering dunes"
    assert "the table says: (nothing)" in done.stderr
    assert "clue: [-Rills on the slope-]" in done.stdout


def test_an_error_in_a_cell_leaves_the_text_of_the_deck_and_what_is_remembered_of_it(soil):
    before = soil.content()
    for cell in ("Rills on the slope", "Ice bursts stones"):
        done = soil.run(TABLE.replace(cell, "#REF!"), "--update", "--prefer", "table")
        assert (done.returncode, "the table has an error there: `#REF!`" in done.stderr) == (0, True), done.stderr
        assert soil.content() == before
    assert soil.run(TABLE.replace("Rills on the slope", "Rills")).returncode == 0
    assert soil.entry("heavy-rain")["clue"] == "Rills"


def test_an_emptied_mechanism_stays_and_is_told(soil):
    done = soil.run(TABLE.replace("Ice bursts stones", ""))
    assert "soil.csv: row 5: taken without its empty mechanism: the deck's stays" in done.stderr
    assert soil.entry("frost")["mechanism"] == "Ice bursts stones"


def test_a_deleted_row_is_told_with_the_place_of_its_entry_and_not_the_authors_own(soil):
    soil.edit("causes:\n", "causes:\n  own:\n    cause: Own\n    mechanism: Mine\n")
    done = soil.run(TABLE.replace("Frost,Ice bursts stones,,Cold,,4\n", ""))
    assert "no longer in the table: frost; if you gave it up, delete it at " in done.stdout
    assert "imported.yaml:24, and a build retires it" in done.stdout
    assert "only in the deck: `own`" in done.stdout
    assert soil.entry("frost")


def test_a_row_with_the_key_of_another_entry_overwrites_nothing(soil):
    table = TABLE.replace("Page\n", "Page,key\n").replace("Frost,Ice bursts stones,,Cold,,4", "Frost,Ice,,Cold,,4,sun")
    assert soil.run(table.replace(",4,sun", ",4,frost") + "Sun,It dries the soil,,,,,sun\n").returncode == 0
    done = soil.run(table + "Sun,It dries the bare soil,,,,,sun\n")
    assert done.returncode == 1
    assert "row 5: not taken: `sun` is the key of `Sun`, and `Frost` has the key `frost`" in done.stderr
    assert "no longer in the table" not in done.stdout
    assert (soil.entry("sun")["cause"], soil.entry("sun")["mechanism"]) == ("Sun", "It dries the soil")


@pytest.mark.parametrize("row", [
    "Frost,Ice bursts stones,,Cold,,4,Frost!", "Frost,Ice bursts stones,,Cold,,4,,,one too many",
    "Cold snap,Ice bursts stones,,Cold,,4,frost,,one too many", "#REF!,Ice bursts stones,,Cold,,4,frost",
])  # fmt: skip
def test_an_entry_whose_row_was_refused_is_not_said_to_be_gone(soil, row):
    table = TABLE.replace("Page\n", "Page,key\n").replace("Frost,Ice bursts stones,,Cold,,4", row)
    done = soil.run(table + "Ice age,Ice bursts stones,,Cold,,5\n")
    assert (done.returncode, "row 5: not taken" in done.stderr) == (1, True), done.stderr
    assert "no longer in the table" not in done.stdout
    assert "0 not in the table" in done.stdout
    assert soil.entry("ice-age"), "the row of another entry is not a new name of this one"


def test_a_slip_in_a_key_makes_no_second_entry(soil):
    table = TABLE.replace("Page\n", "Page,key\n")
    done = soil.run(table.replace("Cold,,4", "Cold,,4,frots"))
    assert done.returncode == 1
    assert (
        "soil.csv: row 5: not taken: the deck has `Frost` with the key `frost`, and the row has the key `frots`: write "
        "`frost` there if they are the same"
    ) in done.stderr
    assert soil.entry("frots") is None
    assert "0 not in the table" in done.stdout
    renamed = table.replace("Frost,Ice bursts stones,,Cold,,4", "Hard frost,Ice bursts stones,,Cold,,4,frost")
    assert soil.run(f"{renamed}Frost,Cold air,,Cold,,5,frots\n").returncode == 0
    assert [soil.entry(key)["cause"] for key in ("frost", "frots")] == ["Hard frost", "Frost"]


@pytest.mark.parametrize("key", ["", "frost"])
def test_an_entry_that_was_deleted_in_the_deck_does_not_come_back_unless_the_table_is_preferred(soil, key):
    frost = "Frost,Ice bursts stones,,Cold,,4"
    table = TABLE.replace("Page\n", "Page,key\n").replace(frost, f"{frost},{key}")
    text = soil.causes.read_text(encoding="utf-8")
    soil.causes.write_text(text[: text.index("  frost:")], encoding="utf-8")
    changed = table.replace("Ice bursts stones", "Ice bursts rocks")
    for now in (table, changed, changed):
        done = soil.run(now)
        assert (done.returncode, soil.entry("frost")) == (0, None)
        assert "deleted in the deck, and still in the table: frost; delete row 5 (" in done.stdout
        assert "0 new, 0 changed, 3 as they were" in done.stdout
    assert "+ new Frost (frost)" in soil.run(changed, "--update", "--prefer", "table").stdout
    assert soil.entry("frost")["mechanism"] == "Ice bursts rocks"
    assert "4 as they were" in soil.run(changed).stdout


def test_a_row_that_was_deleted_like_its_entry_is_forgotten(soil):
    text = soil.causes.read_text(encoding="utf-8")
    soil.causes.write_text(text[: text.index("  frost:")], encoding="utf-8")
    assert "deleted" not in soil.run(TABLE.replace("Frost,Ice bursts stones,,Cold,,4\n", "")).stdout
    assert "+ new Frost (frost)" in soil.run(TABLE).stdout


def test_a_dry_run_tells_all_and_writes_nothing(soil):
    before = soil.content()
    changed = TABLE.replace("Dunes", "High dunes") + "Waves,Surf eats cliffs,,Sea,,5\n"
    done = soil.run(changed, "--update", "--dry-run")
    assert "~ changed Strong wind (strong-wind)" in done.stdout
    assert "+ new Waves (waves)" in done.stdout
    assert "Nothing was written" in done.stdout
    assert soil.content() == before


def test_a_dry_run_tells_what_both_sides_changed_as_the_update_does(soil):
    soil.edit("Rills on the slope", "Rills at the top")
    changed = TABLE.replace("Rills on the slope", "Rills in the field")
    dry = soil.run(changed, "--update", "--dry-run")
    assert "Nothing was written" in dry.stdout
    assert "Heavy rain (heavy-rain), clue: changed both" in dry.stderr
    assert "These texts will be left. To take the table's, run it with --prefer table" in dry.stderr
    assert soil.run(changed).stderr == dry.stderr.replace("will be left", "were left")


def test_columns_that_are_left_out_are_told_again_only_if_one_is_new(soil):
    assert "left out" not in soil.run(TABLE).stderr
    head, *body = TABLE.splitlines()
    more = "\n".join((f"{head},Colour", *(f"{line},red" for line in body)))
    assert "columns left out: Page, Colour" in soil.run(more, "--update", "--dry-run").stderr
    assert "columns left out: Page, Colour" in soil.run(more).stderr
    assert "left out" not in soil.run(more).stderr
    assert "left out" not in soil.run(TABLE).stderr


def test_columns_stay_mapped_and_one_that_is_gone_is_told_and_leaves_the_deck_as_it_is(tmp_path, run_aetia):
    (tmp_path / "a.csv").write_text("Wort,Grund,Zeichen,key\nX,weil,z,first\nY,denn,,\n")
    maps = ("--map", "cause=Wort", "--map", "mechanism=grund", "--map", "clue=Zeichen")
    assert run_aetia("import", "a.csv", *maps, env=LATER).returncode == 0
    (tmp_path / "a.csv").write_text("Wort,Grund,Farbe,key\nX neu,weil doch,,first\nY,denn,,\n")
    done = run_aetia("import", "a.csv", "--into", "a", "--update", env=LATER)
    assert done.returncode == 0, done.stderr
    assert "the column “Zeichen” is no longer in the table" in done.stderr
    causes = loads((tmp_path / "decks/a/causes/imported.yaml").read_text())["causes"]
    assert causes == {
        "first": {"cause": "X neu", "mechanism": "weil doch", "clue": "z"}, "y": {"cause": "Y", "mechanism": "denn"}
    }  # fmt: skip


def test_a_header_is_the_same_in_both_forms_of_unicode(tmp_path, run_aetia):
    text = "Störung,Begründung,Schlüssel,Größe\nX,weil,one,klein\n"
    maps = ("--map", unicodedata.normalize("NFD", "dose=Größe"))
    (tmp_path / "a.csv").write_text(unicodedata.normalize("NFD", text), encoding="utf-8")
    assert run_aetia("import", "a.csv", *maps, env=LATER).returncode == 0
    (tmp_path / "a.csv").write_text(text.replace("klein", "groß"), encoding="utf-8")
    done = run_aetia("import", "a.csv", "--into", "a", "--update", env=LATER)
    assert (done.returncode, done.stderr) == (0, "")
    causes = loads((tmp_path / "decks/a/causes/imported.yaml").read_text(encoding="utf-8"))["causes"]
    assert causes == {"one": {"cause": "X", "mechanism": "weil", "dose": "groß"}}
    file = tmp_path / "decks/a/table.yaml"
    file.write_text(unicodedata.normalize("NFD", file.read_text(encoding="utf-8")), encoding="utf-8")
    assert run_aetia("import", "a.csv", "--into", "a", "--update", env=LATER).stderr == ""


def test_pictures_sources_and_contrasts_are_updated_too(tmp_path, run_aetia):
    for name in ("a", "b"):
        (tmp_path / f"{name}.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    head = "cause,mechanism,image,sources,versus\n"
    (tmp_path / "t.csv").write_text(f"{head}X,because,a.svg,Old book,Y | red | blue\nY,since,,,\n")
    assert run_aetia("import", "t.csv", env=LATER).returncode == 0
    (tmp_path / "t.csv").write_text(f"{head}X,because,b.svg,New book,Y | red | green\nY,since,lost.svg,Old book,\n")
    done = run_aetia("import", "t.csv", "--into", "t", "--update", env=LATER)
    assert "t.csv: row 3: taken without the picture `lost.svg`" in done.stderr
    causes = loads((tmp_path / "decks/t/causes/imported.yaml").read_text())["causes"]
    assert causes["x"]["image"]["file"] == "b.svg"
    assert causes["x"]["versus"] == {"y": {"here": "red", "there": "green"}}
    assert (causes["x"]["sources"], causes["y"]["sources"]) == (["new-book"], ["old-book"])
    assert (tmp_path / "decks/t/media/b.svg").exists()
    assert run_aetia("build", "t", env=LATER).returncode == 0


def test_what_a_cell_in_html_names_is_found_without_its_markup(tmp_path, run_aetia):
    head = "#separator:tab\n#html:true\n#columns:Cause\tMechanism\tCategory\n"
    (tmp_path / "t.txt").write_text(f"{head}Rain\tDrops\t<b>Water</b>\nWind\tDust\tAir\n")
    done = run_aetia("import", "t.txt", env=LATER)
    assert (done.returncode, done.stderr) == (0, "")
    assert loads((tmp_path / "decks/t/causes/imported.yaml").read_text())["causes"]["rain"]["category"] == "water"


def test_what_an_author_said_of_an_example_stays_when_the_table_adds_another(tmp_path, run_aetia):
    (tmp_path / "t.csv").write_text("cause,mechanism,examples\nX,because,One; Two\n")
    assert run_aetia("import", "t.csv", env=LATER).returncode == 0
    file = tmp_path / "decks/t/causes/imported.yaml"
    file.write_text(file.read_text().replace("- One", "- {name: One, classic: true}"))
    (tmp_path / "t.csv").write_text("cause,mechanism,examples\nX,because,One; Three\n")
    assert run_aetia("import", "t.csv", "--into", "t", "--update", env=LATER).returncode == 0
    assert loads(file.read_text())["causes"]["x"]["examples"] == [{"name": "One", "classic": True}, "Three"]


def test_rows_are_numbered_as_a_spreadsheet_does_and_by_line_where_that_differs(soil):
    done = soil.run('Cause,Mechanism\n"Ice\nage",Cold\n,none\n"Two","Lines\nhere"\nTwo,again\n')
    assert "soil.csv: row 3 (line 4): not taken: no cause" in done.stderr
    assert "soil.csv: row 5 (line 7): not taken: `Two` is already in row 4 (line 5)" in done.stderr


def test_a_damaged_memory_stops_an_update_and_says_where(soil):
    soil.memory.write_text("columns: [\n")
    before = soil.causes.read_bytes()
    done = soil.run(TABLE.replace("Dunes", "High dunes"))
    assert done.returncode == 1
    assert "table.yaml:" in done.stderr
    assert soil.causes.read_bytes() == before


@pytest.mark.usefixtures("soil")
def test_the_check_knows_the_file_of_a_table_and_so_does_explain(run_aetia):
    assert "table.yaml" not in run_aetia("check", "soil").stderr
    assert "as `aetia import` last read it" in " ".join(run_aetia("explain", "table").stdout.split())


def test_files_are_as_they_were_if_one_cannot_be_changed(soil):
    soil.edit("    clue: Dunes\n", "    clue: &d Dunes\n    pearl: *d\n")
    before = soil.content()
    done = soil.run(TABLE.replace("Dunes", "High dunes") + "Waves,Surf eats cliffs,,Sea,,5\n")
    assert "Nothing was changed" in done.stderr
    assert soil.content() == before


def test_a_contrast_finds_its_rival_by_the_name_in_the_table_whatever_the_deck_calls_it(tmp_path, run_aetia):
    head = "cause,mechanism,versus\n"
    (tmp_path / "t.csv").write_text(f"{head}X,because,\nY,since,\n")
    assert run_aetia("import", "t.csv", env=LATER).returncode == 0
    file = tmp_path / "decks/t/causes/imported.yaml"
    file.write_text(file.read_text().replace("cause: Y", "cause: Ypsilon"))
    (tmp_path / "t.csv").write_text(f"{head}X,because,Y | red | blue; Z | hot | cold\nY,since,\nZ,as,\n")
    done = run_aetia("import", "t.csv", "--into", "t", "--update", env=LATER)
    assert done.returncode == 0, done.stderr
    versus = loads(file.read_text())["causes"]["x"]["versus"]
    assert versus == {"y": {"here": "red", "there": "blue"}, "z": {"here": "hot", "there": "cold"}}


def test_what_a_cell_names_is_taken_when_a_later_table_has_it(tmp_path, run_aetia):
    """At the first import Z does not exist yet, and at the second neither its rival nor the picture of another row."""
    head, x = "cause,mechanism,image,versus\n", "X,because,,Y | red | blue; Z | hot | cold\n"
    table, folder = tmp_path / "t.csv", tmp_path / "decks/t"
    table.write_text(f"{head}{x}Y,since,,\n")
    assert "the contrast `Z | hot | cold`" in run_aetia("import", "t.csv", env=LATER).stderr

    def update(rows):
        table.write_text(head + rows)
        done = run_aetia("import", "t.csv", "--into", "t", "--update", env=LATER)
        assert (done.returncode, "edited in the deck" in done.stdout + done.stderr) == (0, False), done.stdout
        return loads((folder / "causes/imported.yaml").read_text())["causes"]

    z = "Z,as,z.svg,V | old | new\n"
    causes = update(f"{x}Y,since,,\n{z}")
    assert causes["x"]["versus"] == {"y": {"here": "red", "there": "blue"}, "z": {"here": "hot", "there": "cold"}}
    assert not causes["z"].keys() & {"image", "versus"}
    (tmp_path / "z.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    causes = update(f"{x}Y,since,,\n{z}V,for,,\n")
    assert causes["z"]["versus"] == {"v": {"here": "old", "there": "new"}}
    assert causes["z"]["image"] == {"file": "z.svg", "alt": "Z"}
    before = {file: file.read_bytes() for file in folder.rglob("*.yaml")}
    update(f"{x}Y,since,,\n{z}V,for,,\n")
    assert {file: file.read_bytes() for file in folder.rglob("*.yaml")} == before
