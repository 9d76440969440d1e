"""A column of sources names works, with places in them."""

import pytest
from conftest import NOW
from ryaml import loads

LATER = {"SOURCE_DATE_EPOCH": str(NOW)}


def cites(tmp_path, run_aetia, *cells):
    """Import a table with these cells of sources; return its folder and what each row cites."""
    rows = "".join(f'Cause {n},because,"{cell}"\n' for n, cell in enumerate(cells))
    (tmp_path / "t.csv").write_text(f"cause,mechanism,sources\n{rows}", encoding="utf-8")
    folder = tmp_path / "decks/t"
    into = ("--into", "t", "--update") if folder.exists() else ()
    done = run_aetia("import", "t.csv", *into, env=LATER)
    assert done.returncode == 0, done.stderr
    causes = loads((folder / "causes/imported.yaml").read_text(encoding="utf-8"))["causes"]
    return folder, [", ".join(cause.get("sources", [])) for cause in causes.values()], done


def works(folder):
    return {work["id"]: work["title"] for work in loads((folder / "sources.yaml").read_text())["references"]}


@pytest.mark.parametrize("place", [
    "p. 12", "pp. 12-14", "S. 12", "Seite 12", "chap. 3", "§ 7", "fig. 2", "12", "12–14", "p. ix", "fig. 3, 12", "S.12",
])  # fmt: skip
def test_a_page_behind_a_work_of_the_table_makes_no_new_work(tmp_path, run_aetia, place):
    folder, cited, _ = cites(
        tmp_path, run_aetia, f"Brandt 1993, {place}", "brandt-1993", f"Old, book; Brandt 1993, {place}"
    )
    assert cited == [f"brandt-1993, {place}", "brandt-1993", f"old-book, brandt-1993, {place}"]
    assert works(folder) == {"brandt-1993": "Brandt 1993", "old-book": "Old, book"}
    assert run_aetia("build", "t", env=LATER).returncode == 0


def test_a_work_that_is_only_cited_by_page_is_one_work(tmp_path, run_aetia):
    folder, cited, _ = cites(tmp_path, run_aetia, "Brandt 1993, p. 12", "brandt-1993, p. 12")
    assert cited == ["brandt-1993, p. 12"] * 2
    assert works(folder) == {"brandt-1993": "Brandt 1993"}


@pytest.mark.parametrize("cells", [("Smith, 2019", "Smith, 2021"), ("Bread, 3rd ed.", "Bread"), ("Zinn, p. 1", "Abt")])
def test_what_only_looks_like_a_page_or_follows_no_known_work_stays_a_title(tmp_path, run_aetia, cells):
    folder, _, _ = cites(tmp_path, run_aetia, *cells)
    assert list(works(folder).values()) == list(cells)


def test_a_page_of_a_work_of_the_deck_is_cited_also_if_the_work_has_a_better_title(tmp_path, run_aetia):
    folder, _, _ = cites(tmp_path, run_aetia, "Brandt 1993", "Brandt 1993, p. 3")
    sources = folder / "sources.yaml"
    sources.write_text(sources.read_text().replace("title: Brandt 1993", "title: On clay"))
    now = ("Brandt 1993, p. 12", "Brandt 1993, p. 3", "On clay, 7", "[@brandt-1993, p. 8]; Zinn, p. 1; zinn, p. 2")
    folder, cited, done = cites(tmp_path, run_aetia, *now)
    assert cited == ["brandt-1993, p. 12", "brandt-1993, p. 3", "brandt-1993, 7",
                     "brandt-1993, p. 8, zinn, p. 1, zinn, p. 2"]  # fmt: skip
    assert works(folder) == {"brandt-1993": "On clay", "zinn": "Zinn"}
    assert "2 new, 1 changed, 1 as they were" in done.stdout
    assert "0 new, 0 changed, 4 as they were" in cites(tmp_path, run_aetia, *now)[2].stdout
    assert run_aetia("build", "t", env=LATER).returncode == 0
