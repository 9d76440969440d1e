"""A build that has nothing to do says so at once, and every build that has something to do does it."""

import pytest
from conftest import MINIMAL

WORDS = "../../templates/words/fr.yaml"


@pytest.fixture
def built(write_deck, run_aetia, tmp_path):
    folder = write_deck(MINIMAL)
    package = tmp_path / "deck.apkg"

    def build():
        done = run_aetia("build", folder, "-o", package)
        assert done.returncode == 0, done.stderr
        return done.stdout

    build()
    return folder, package, build


def test_a_package_that_a_build_would_make_again_is_left_alone(built):
    folder, package, build = built
    before = package.read_bytes(), package.stat().st_mtime_ns, (folder / "deck.lock").read_bytes()
    assert "nothing changed" in build()
    assert before == (package.read_bytes(), package.stat().st_mtime_ns, (folder / "deck.lock").read_bytes())


@pytest.mark.parametrize("path", ["deck.yaml", "causes/more.yaml", "sources.yaml", WORDS])
def test_a_change_of_any_file_that_shapes_the_deck_is_built(built, path):
    folder, _, build = built
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text() if file.exists() else "") + "\n# changed\n{}" * (path != "deck.yaml") + "\n\n")
    assert "nothing changed" not in build()


def test_a_package_or_lock_that_is_gone_is_made_again(built):
    folder, package, build = built
    whole = package.read_bytes()
    package.unlink()
    assert "nothing changed" not in build()
    assert package.read_bytes() == whole
    package.write_bytes(b"PK")
    assert "nothing changed" not in build()
    (folder / "deck.lock").unlink()
    assert "nothing changed" not in build()


def test_a_deck_with_warnings_is_built_again_so_that_they_are_read(built):
    folder, _, build = built
    (folder / "syllabus.yaml").write_text("claims: {A1: Nobody covers this}\n")
    build()
    assert "nothing changed" not in build()
