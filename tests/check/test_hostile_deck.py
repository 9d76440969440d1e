"""A stranger's deck that tries all it can is refused, point by point, and neither reads nor writes outside its project.

The command runs as it does for users, in a process of its own, with a record of every file that it opens.
"""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from zlib import crc32

import pytest

from generator.cli import main as cli
from generator.workflows.outputs import OPTIONS

SECRET = "SENTINEL-of-what-nobody-may-read"
CAUSES = f"causes:\n  secret:\n    cause: {SECRET}\n    mechanism: {SECRET}\n    {SECRET}: 1\n"
DECK = """\
deck: Evil
id: evil-1
finding: {name: Fever, effect: raise the temperature}
description: Read <script>fetch("https://evil.example/")</script> this
causes:
  script-link:
    cause: Sepsis
    mechanism: "[Cytokines](javascript:alert) raise the set point"
  data-link:
    cause: Malaria
    mechanism: "[Pigment](data:text/html,<b>x</b>) raises the set point"
  spaced-link:
    cause: Typhoid
    mechanism: "<a href='java&#10;script:alert(1)'>Bacteria</a> raise the set point"
  handler:
    cause: Dengue
    mechanism: Virus <b onclick="x()">raises</b> the set point
  dots:
    cause: Influenza
    mechanism: Interferon raises the set point
    image: {file: ../../../../outside/secret.svg, alt: A curve}
  dots-in-text:
    cause: Measles
    mechanism: Interleukin raises the set point ![A curve](..%2f..%2foutside/secret.svg)
  absolute:
    cause: Mumps
    mechanism: Prostaglandin raises the set point
    image: {file: /etc/passwd, alt: A curve}
  remote:
    cause: Rubella
    mechanism: Pyrogens raise the set point ![A curve](//evil.example/curve.svg)
"""
EXPECTED = """\
decks/evil/causes/linked.yaml:1 outside-deck
decks/evil/causes/linked-folder:1 outside-deck
decks/evil/deck.lock:1 outside-deck
decks/evil/deck.yaml:4 forbidden-html
decks/evil/deck.yaml:8 forbidden-link
decks/evil/deck.yaml:11 forbidden-link
decks/evil/deck.yaml:14 forbidden-link
decks/evil/deck.yaml:17 forbidden-html
decks/evil/deck.yaml:21 outside-deck
decks/evil/deck.yaml:24 outside-deck
decks/evil/deck.yaml:28 outside-deck
decks/evil/deck.yaml:31 remote-image
decks/evil/media/con.svg:1 bad-media-name
decks/evil/media/huge.png:1 media-too-large
decks/evil/media/linked-folder:1 outside-deck
decks/evil/media/linked.svg:1 outside-deck
decks/evil/media/pixels.png:1 media-too-large
decks/evil/media/two\\nlines.svg:1 bad-media-name
decks/evil/sources.yaml:1 outside-deck
decks/evil/syllabus.yaml:1 unreadable-file
templates/notetypes/cause/clue.html:1 outside-deck
templates/notetypes/cause/example-1.html:1 active-template
templates/notetypes/cause/mechanism.html:2 bad-template
templates/notetypes/contrast/contrast.html:1 bad-template
templates/notetypes/question:1 outside-deck
templates/words:1 outside-deck
"""
"""Each fault with its place and code."""

AUDITED = """\
import os, sys
opened = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_APPEND)
def hook(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (str, bytes)):
        os.write(opened, os.fsencode(arguments[0]).replace(b"\\n", b"?") + b"\\n")
sys.addaudithook(hook)
from generator.cli.main import main
main()
"""

COMMANDS = {
    "check": ["check", "evil"],
    "check --strict --format json": ["check", "evil", "--strict", "--format", "json"],
    "build": ["build", "evil"],
    **{f"build --{option}": ["build", "evil", f"--{option}", "--format", "concise"] for option in OPTIONS},
    "preview": ["preview", "evil", "--export", "cards.html"],
    "print": ["print", "evil"],
    "diff": ["diff", "evil", "--against", "before.apkg"],
    "diff html": ["diff", "evil", "--against", "before.apkg", "--format", "html", "-o", "changes.html"],
    "why": ["why", "script-link"],
    "rehearse": ["rehearse", "evil", "--against", "before.apkg"],
    "review": ["review", "read.json", "evil"],
}
WITHOUT_A_DECK = {"explain", "import", "init", "new", "schema"}
"""Commands that read no deck, or only write beside it."""


def png(width: int, height: int) -> bytes:
    chunks = (b"IHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0", b"IDAT")
    parts = (struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", crc32(chunk)) for chunk in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project beside a folder that is none of its business, with links into that folder wherever one could be."""
    outside, project = tmp_path / "outside", tmp_path / "stranger"
    deck, templates = project / "decks" / "evil", project / "templates"
    (outside / "causes").mkdir(parents=True)
    for name, text in {
        "secret.svg": f"<svg>{SECRET}</svg>", "causes.yaml": CAUSES, "causes/more.yaml": CAUSES, "lock": f"{SECRET}\n",
        "sources.yaml": f"{SECRET}: [", "clue.html": f"{{% block front %}}{SECRET}{{% endblock %}}",
        "question.html": SECRET, "en.yaml": f"ask-mechanism: {SECRET}", "a4-8.yaml": SECRET,
    }.items():  # fmt: skip
        (outside / name).write_text(text, encoding="utf-8")
    for folder in (deck / "causes", deck / "media", templates / "notetypes/cause", templates / "notetypes/contrast"):
        folder.mkdir(parents=True)
    (deck / "deck.yaml").write_text(DECK, encoding="utf-8")
    os.mkfifo(deck / "syllabus.yaml")
    for name in ("con.svg", "two\nlines.svg"):
        (deck / "media" / name).write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    with (deck / "media" / "huge.png").open("wb") as file:
        file.write(png(100, 100))
        file.truncate(50 * 2**20)
    (deck / "media" / "pixels.png").write_bytes(png(60_000, 60_000))
    for link, target in {
        deck / "sources.yaml": "sources.yaml", deck / "deck.lock": "lock", deck / "causes/linked.yaml": "causes.yaml",
        deck / "causes/linked-folder": "causes", deck / "media/linked.svg": "secret.svg",
        deck / "media/linked-folder": "causes", templates / "notetypes/cause/clue.html": "clue.html",
        templates / "notetypes/question": ".", templates / "words": ".", templates / "print": ".",
    }.items():  # fmt: skip
        link.symlink_to(outside / target)
    cause, contrast = templates / "notetypes/cause", templates / "notetypes/contrast"
    (cause / "mechanism.html").write_text(
        "{% block front %}{{ field.Cause }}{% endblock %}\n{% block back %}{{ ().__class__.__mro__ }}{% endblock %}"
    )
    (contrast / "contrast.html").write_text("{{ ''['__class__'] }}")
    (cause / "example-1.html").write_text(
        "<script>alert(1)</script>{% extends 'bundled/notetypes/cause/example-1.html' %}"
    )
    return project


def state(folder: Path) -> dict[str, object]:
    """Everything in a folder, links not followed."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.lstat().st_mtime_ns, path.lstat().st_size)
        for path in folder.rglob("*")
        if path.name not in ("opened", "dist") and ".cache" not in path.parts
    }


def run(project: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], list[Path]]:
    """Run the command, and return what it said and what it opened."""
    record = project.parent / "opened"
    record.write_bytes(b"")
    done = subprocess.run(
        [sys.executable, "-c", AUDITED, record, *arguments], cwd=project, capture_output=True, text=True, timeout=60,
        env={"PATH": os.environ["PATH"], "HOME": str(project.parent), "LC_ALL": "C.UTF-8"}, check=False,
    )  # fmt: skip
    return done, [project / line for line in record.read_text("utf-8").splitlines()]


def test_each_trick_has_a_diagnostic_of_its_own(project):
    done, _ = run(project, "check", "evil", "--format", "json")
    found = json.loads(done.stdout)
    assert sorted(f"{d['file']}:{d['line']} {d['code']}" for d in found) == sorted(EXPECTED.splitlines()), done.stderr


def test_every_command_that_reads_a_deck_is_tried():
    assert {words[0] for words in COMMANDS.values()} == cli.COMMANDS.keys() - WITHOUT_A_DECK


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_reads_or_writes_outside_or_goes_on(project, command, build_deck):
    before = build_deck("deck: Evil\nid: evil-1\nfinding: {name: F, effect: f}\n").package
    before.rename(project / "before.apkg")
    (project / "read.json").write_text('{"aetia-review": 1, "deck": "evil", "marks": []}')
    there = state(project.parent)
    done, opened = run(project, *COMMANDS[command])
    assert done.returncode in (1, 2), done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
    outside = (project.parent / "outside").resolve()
    assert opened, "nothing was recorded"
    assert not [path for path in opened if path.resolve().is_relative_to(outside)]
    assert state(project.parent) == there
    assert not (project / "dist").exists()
