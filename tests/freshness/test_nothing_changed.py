"""A build that has nothing to do says so at once, and every build that has something to do does it."""

import subprocess
import sys

import pytest
from conftest import MINIMAL, NOW

from generator.workflows import outputs
from generator.workflows.build import build_package
from generator.workflows.outputs import OUTPUTS, Output, is_all_current
from generator.workflows.prepare import no_progress

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


@pytest.fixture
def handed_out(built, run_aetia):
    """A deck with its package and update files, and a build of all of them."""
    folder, package, _ = built
    beside = [package.with_suffix(suffix) for suffix in (".update.txt", ".how-to-update.html")]

    def build():
        done = run_aetia("build", folder, "-o", package, "--text")
        assert done.returncode == 0, done.stderr
        return done.stdout

    return folder, beside, build


def test_a_file_for_learners_that_is_missing_is_written_beside_a_current_package(handed_out):
    _, beside, build = handed_out
    for file in (*beside, beside[0]):
        file.unlink(missing_ok=True)
        assert "nothing changed" not in build()
        assert all(other.exists() for other in beside)
    assert "nothing changed" in build()


def test_files_for_learners_that_lie_beside_a_package_are_renewed_with_it_without_being_asked_for(handed_out, built):
    folder, beside, build = handed_out
    _, _, build_plainly = built
    build()
    text, page = beside
    (folder / "deck.yaml").write_text(MINIMAL.replace("low tonicity", "low plasma tonicity"))
    assert "deck.update.txt" in build_plainly()
    assert "low plasma tonicity" in text.read_text()
    new = text.read_bytes()
    assert "nothing changed" in build_plainly()
    text.write_bytes(new[:-2] + bytes([new[-2] ^ 1]) + b"\n")  # as another build left it
    assert "nothing changed" not in build_plainly(), "the package is current, and what lies beside it is not"
    assert text.read_bytes() == new
    page.unlink()
    assert "nothing changed" in build_plainly()
    assert not page.exists(), "what is not there was not asked for"


def test_every_output_is_named_after_the_deck_and_knows_its_own_freshness(build_deck):
    asked = tuple(dict.fromkeys(output.option for output in OUTPUTS if output.option and output.frame))
    built = build_deck(MINIMAL, asked=asked)
    files = [built.package.with_suffix(output.suffix) for output in OUTPUTS if output.option in (None, *asked)]
    assert [built.package, *built.beside] == files

    def current():
        return is_all_current(built.prepared.deck.folder, built.package, asked)

    assert current()
    for file in files:
        content = file.read_bytes()
        file.write_bytes(content[:-1])
        assert not current(), file.name
        build_package(built.prepared.deck.folder, built.package, NOW + 100, no_progress, asked=asked)
        assert file.read_bytes() == content
        assert current()


def test_an_output_that_has_no_room_for_a_fingerprint_is_written_by_every_build_that_is_asked_for_it(
    build_deck, monkeypatch
):
    def write(built, file):
        file.write_text(",".join(note.key for note in built.release.notes.notes))

    monkeypatch.setattr(outputs, "OUTPUTS", (*OUTPUTS, Output(".csv", write, option="csv")))
    built = build_deck(MINIMAL, asked=("csv",))
    folder, csv = built.prepared.deck.folder, built.package.with_suffix(".csv")
    assert is_all_current(folder, built.package)
    assert not is_all_current(folder, built.package, ("csv",))
    assert "siadh" in csv.read_text()


def test_every_output_that_is_asked_for_is_asked_for_by_an_option_of_the_command(write_deck, run_aetia, tmp_path):
    folder = write_deck(MINIMAL)
    for output in OUTPUTS:
        options = [f"--{output.option}"] if output.option else []
        assert run_aetia("build", folder, "-o", tmp_path / "deck.apkg", *options).returncode == 0
        assert (tmp_path / "deck.apkg").with_suffix(output.suffix).exists(), output


def test_a_build_with_nothing_to_do_loads_nothing_that_builds(built):
    folder, package, _ = built
    code = f"""import sys; from generator.cli.main import main
main(["build", {str(folder)!r}, "-o", {str(package)!r}], standalone_mode=False)
print(*sorted({{module.split('.')[0] for module in sys.modules}}))"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "nothing changed" in said
    assert not set(said.split()) & {"pydantic", "jinja2", "genanki", "ryaml", "yaml", "nh3", "pyromark"}
