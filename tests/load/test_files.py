"""What stands in a deck's folder is read, refused, named as not read, or plainly none of the deck's business."""

import ctypes
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import AETIA, NOW, copy_aetia

from generator.workflows.check import check_folder

DECK = """\
deck: Medicine::Fever
id: fever-1
finding: {name: Fever, effect: raise the temperature}
causes:
  sepsis: {cause: Sepsis, mechanism: Cytokines raise the set point}
"""
MORE = "causes:\n  drug: {cause: Cytarabine, mechanism: The drug sets pyrogens free}\n"
VERSION_3 = 0x20080522
OVERRIDES = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""


def said(folder: Path) -> list[str]:
    return [
        f"{d.place.file.relative_to(folder).as_posix()} {d.severity} {d.code}: {d.hint}"
        for d in check_folder(folder, NOW).diagnostics
    ]


@contextmanager
def without_rights(folder: Path) -> Iterator[None]:
    """A folder that its reader may not list, for the superuser too."""
    folder.chmod(0)
    try:
        with bound_by_modes():
            yield
    finally:
        folder.chmod(0o755)


@contextmanager
def bound_by_modes() -> Iterator[None]:
    """Let the modes of files hold for the superuser (Linux): capset(2) on the effective set of this thread."""
    if os.geteuid():
        yield
        return
    library = ctypes.CDLL(None, use_errno=True)
    head, sets = (ctypes.c_uint32 * 2)(VERSION_3, 0), (ctypes.c_uint32 * 6)()
    assert library.capget(head, sets) == 0, os.strerror(ctypes.get_errno())
    before = sets[0]
    sets[0] = before & ~OVERRIDES
    assert library.capset(head, sets) == 0, os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        sets[0] = before
        assert library.capset(head, sets) == 0, os.strerror(ctypes.get_errno())


@pytest.mark.parametrize(
    ("file", "hint"),
    [
        ("drugs.yaml", "move it into `causes/`"),
        ("causes.yml", "move it into `causes/`"),
        ("sources.yml", "rename it to `sources.yaml`"),
        ("source.yaml", "rename it to `sources.yaml`"),
        ("Syllabus.YAML", "rename it to `syllabus.yaml`"),
        ("sources.yaml.txt", "rename it to `sources.yaml`"),
        ("deck.yml.txt", "move what it holds into `deck.yaml`"),
        ("causes/drugs.YAML", "rename it to `drugs.yaml`"),
        ("causes/deep/drugs.Yml", "rename it to `drugs.yaml`"),
        ("causes/drugs.yaml.txt", "rename it to `drugs.yaml`"),
        ("causes/drugs.YML.TXT", "rename it to `drugs.yaml`"),
        ("causes/drugs.txt", "rename it to `drugs.yaml`"),
    ],
)
def test_a_file_that_looks_like_one_of_the_deck_and_is_not_read_is_named(file, hint, write_deck):
    assert said(write_deck(DECK, {file: MORE})) == [f"{file} warning ignored-file: {hint}"]


@pytest.mark.parametrize("name", ["source.yaml", "sources.yaml.txt"])
@pytest.mark.parametrize("beside", [{}, {"sources.yaml": "references: [{id: c2000, title: C}]\n"}])
def test_sources_that_are_not_read_are_one_error_at_the_first_citation(name, beside, write_deck):
    cites = "causes:\n  a:\n    cause: A\n    mechanism: It works [@a2000; @b2000]\n    clue: Rigors [@a2000; @osler]\n"
    unread = "references: [{id: a2000}, {id: b2000}]\n"
    hint = "move what it holds into `sources.yaml`" if beside else "rename it to `sources.yaml`"
    first, other, *rest = said(write_deck(DECK, {"causes/a.yaml": cites, name: unread, **beside}))
    assert first == f"causes/a.yaml error unknown-source: `{name}` is not read: {hint}"
    assert "`aetia new source osler " in other, "what that file does not hold is told by itself"
    assert rest == [f"{name} warning ignored-file: {hint}"]


@pytest.mark.parametrize(("second", "hint"), [
    ("  id: b2000\n  title: Other\n", "write `- ` before it if another item of the list begins here"),
    ("- id: a2000\n  title: Other\n", "rename one or join the two"),
])  # fmt: skip
def test_two_works_with_one_key_are_the_only_error(second, hint, write_deck):
    cites = "causes:\n  a: {cause: A, mechanism: '[@a2000] says so', clue: '[@b2000] too'}\n"
    folder = write_deck(
        DECK, {"causes/a.yaml": cites, "sources.yaml": f"references:\n- id: a2000\n  title: A\n{second}"}
    )
    assert said(folder) == [f"sources.yaml error duplicate-key: {hint}"]


@pytest.mark.parametrize(("name", "meant"), [("Causes", "causes"), ("cause", "causes"), ("MEDIA", "media")])
def test_a_folder_that_looks_like_one_of_the_deck_and_is_not_read_is_named(name, meant, write_deck):
    folder = write_deck(DECK, {f"{name}/drugs.yaml": MORE})
    assert said(folder) == [f"{name} warning ignored-file: rename it to `{meant}`"]


def test_files_that_editors_and_systems_leave_behind_are_passed_over(write_deck):
    left = ("causes/._drugs.yaml", "causes/#drugs.yaml#", "causes/drugs.yaml~", "causes/.hidden/drugs.yaml",
            "media/.DS_Store", "media/._curve.svg", "media/Thumbs.db", "media/desktop.ini", ".pre-commit-config.yaml",
            "._deck.yaml", "../../templates/notetypes/cause/._cause.html", "README.md", "causes/notes.txt")  # fmt: skip
    folder = write_deck(DECK, dict.fromkeys(left, b"\0\5\x16\7\xff"))
    (folder / "causes" / ".#drugs.yaml").symlink_to("somebody@somewhere.1234:1700000000")
    assert said(folder) == []


def test_a_dead_link_beside_the_deck_is_named_too(write_deck):
    folder = write_deck(DECK, {"sources.yaml": "references: []\n"})
    (folder / "source.yaml").symlink_to("nowhere.yaml")
    assert said(folder) == ["source.yaml warning ignored-file: move what it holds into `sources.yaml`"]


def test_a_deck_can_silence_the_warning_of_a_file_that_is_not_read(write_deck):
    assert said(write_deck(DECK + "lints: {ignored-file: off}\n", {"mkdocs.yaml": "site_name: x\n"})) == []


@pytest.mark.parametrize("name", ["causes", "causes/deep", "media"])
def test_a_folder_that_cannot_be_read_is_an_error_and_retires_nothing(name, build_deck, write_deck):
    picture = "causes:\n  flu: {cause: Flu, mechanism: Interferon does it, image: {file: a.svg, alt: A, credit: me}}\n"
    folder = write_deck(DECK, {"causes/deep/drugs.yaml": MORE, "causes/flu.yaml": picture, "media/a.svg": "<svg/>"})
    build_deck(folder)
    lock = (folder / "deck.lock").read_bytes()
    with without_rights(folder / name):
        found = check_folder(folder, NOW).diagnostics
    assert [(d.place.file, d.code, d.severity) for d in found] == [(folder / name, "unreadable-file", "error")]
    assert (folder / "deck.lock").read_bytes() == lock


def test_a_folder_of_templates_that_cannot_be_read_does_not_give_way_to_bundled_ones(write_deck):
    own = "../../templates/notetypes/cause/cause.html"
    folder = write_deck(DECK, {own: "{% extends 'bundled/notetypes/cause/cause.html' %}"})
    unread = folder.parents[1] / "templates" / "notetypes" / "cause"
    with without_rights(unread):
        found = check_folder(folder, NOW).diagnostics
    assert [(d.place.file, d.code, d.severity) for d in found] == [(unread, "unreadable-file", "error")]


def test_a_file_in_place_of_a_folder_is_an_error(write_deck):
    assert said(write_deck(DECK, {"causes": "x", "media": "x"})) == [
        "causes error unreadable-file: None",
        "media error unreadable-file: None",
    ]


def test_a_picture_that_is_refused_is_not_called_missing_too(write_deck):
    image = "    image: {file: huge.png, alt: A curve, credit: me}\n"
    deck = DECK.replace("{cause: Sepsis, mechanism: Cytokines raise the set point}",
                        "\n    cause: Sepsis\n    mechanism: Cytokines raise the set point\n" + image)  # fmt: skip
    folder = write_deck(deck, {"media/huge.png": b"\0" * (20 * 2**20 + 1), "media/idle.svg": "<svg/>"})
    assert [d.code for d in check_folder(folder, NOW).diagnostics] == ["media-too-large"]


@pytest.mark.parametrize("name", ["x.js", "x.exe", "x.html", "x"])
def test_a_file_that_is_not_a_picture_is_not_shown_or_packed(write_deck, name):
    image = f"{{file: {name}, alt: A thing, credit: me}}"
    cause = f"causes:\n  a: {{cause: A, mechanism: It works, image: {image}}}\n"
    deck = f"deck: A\nid: a-1\nfinding: {{name: F, effect: fall}}\n{cause}"
    found = check_folder(write_deck(deck, {f"media/{name}": "x()"})).diagnostics
    assert [(d.code, d.severity) for d in found] == [("bad-media-name", "error")]


@pytest.mark.parametrize("command", [("import",), ("print", "stocks", "add"), ("print", "stocks", "import")])
@pytest.mark.parametrize("target", ["/dev/zero", "huge"])
def test_a_file_without_end_is_refused_by_every_command_that_reads_one(run_aetia, tmp_path, command, target):
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(60 * 2**20)
    for name in ("x.csv", "x.xlsx"):
        (tmp_path / name).symlink_to(target)
        done = run_aetia(*command, name, cwd=tmp_path)
        assert done.returncode in (1, 2)
        assert "Traceback" not in done.stderr
        assert "this is not a file" in done.stderr or "MB" in done.stderr or "not a file" in done.stderr


def test_an_empty_key_that_nothing_knows_is_told_at_its_place(write_deck):
    folder = write_deck(
        'deck: A\nfinding: {name: F, effect: f}\n"": 3\nstyle: {"": 4}\ncauses: {a: {cause: A, mechanism: M, "": 5}}\n'
    )
    findings = check_folder(folder)
    told = [(d.code, findings.positions[d.place].line) for d in findings.diagnostics if d.code == "unknown-key"]
    assert told == [("unknown-key", 3), ("unknown-key", 4), ("unknown-key", 5)]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of Aetia to make slips in."""
    return copy_aetia(tmp_path_factory.mktemp("checkout"))


@pytest.mark.parametrize(("file", "slip", "said"), [
    ("generator/codes.yaml", 'x: "y', ""),
    ("generator/codes.yaml", "x: {severity: rude}", "Input should be 'error', 'warning' or 'info'"),
    ("templates/words/en.yaml", "ask-dose: [x]", ""), ("templates/words/de.yaml", 'x: "y', ""),
    ("templates/lints/en.yaml", "absolutes: 1", "a second time"),
    ("templates/lints/en.yaml", "vauge: [x]", "Unexpected"),
    ("generator/codes.yaml", "x: {limts: {a: 1}}", "Unexpected"),
    ("templates/import/de.yaml", "cause: [", ""), ("templates/notetypes/list/notetype.yaml", "x: y", ""),
])  # fmt: skip
def test_a_slip_in_a_yaml_file_of_aetia_itself_names_file_and_line(checkout, tmp_path, file, slip, said):
    (tmp_path / "t.csv").write_text("cause,mechanism\nRain,It falls\n")
    slipped = checkout / file
    before = slipped.read_bytes()
    slipped.write_bytes(before + slip.encode())
    done = subprocess.run(
        [*AETIA, "import", "t.csv"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        check=False,
    )
    slipped.write_bytes(before)
    last = b"\n".join(done.stderr.splitlines()[-6:]).decode()
    assert re.search(rf"{re.escape(file)}:\d+:.*{said}", last), last
