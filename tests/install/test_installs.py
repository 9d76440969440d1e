"""However Aetia is installed it finds its templates and decks, and it never writes into its own package."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parents[2]
SOURCES = ("generator", "templates", "decks", "tests", "pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md",
           "LICENSE")  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (CHECKOUT / "generator").is_dir(),
        reason="the sources are not here, only the tests: nothing to install from",
    ),
]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(cwd), "SOURCE_DATE_EPOCH": "1795500000", **environment}
    done = subprocess.run([*command], cwd=cwd, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """A copy of what is committed and nothing else."""
    folder = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.lock"))
        else:
            shutil.copy(source, folder / name)
    return folder


@pytest.fixture(scope="module")
def distributions(sources):
    """The wheel and the source distribution, made without the network."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", sources / "dist", cwd=sources)
    return sources / "dist"


@pytest.fixture(params=["wheel", "sdist", "editable"])
def installed(request, tmp_path, sources, distributions):
    """The `bin` folder of a new environment: what Aetia needs is borrowed from the test environment, Aetia is not."""
    target = {
        "wheel": [next(distributions.glob("*.whl"))],
        "sdist": [next(distributions.glob("*.tar.gz"))],
        "editable": ["-e", sources],
    }[request.param]
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip()
    Path(site, "needs.pth").write_text(sysconfig.get_path("purelib") + "\n")
    options = ["install", "-q", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    run(sys.executable, "-m", "pip", "--python", python, *options, *target, cwd=tmp_path)
    return python.parent


def digests(folder: Path) -> dict[str, str]:
    files = (f for f in folder.rglob("*") if f.is_file() and "__pycache__" not in f.parts)
    return {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


@pytest.mark.slow
def test_every_kind_of_install_builds_a_shipped_deck_from_anywhere(installed, tmp_path, request):
    here = tmp_path / "elsewhere"
    here.mkdir()
    where = "import generator; print(generator.__path__[0])"
    package = Path(run(installed / "python", "-c", where, cwd=here).strip())
    editable = "editable" in request.node.callspec.id
    assert package.is_relative_to(tmp_path) != editable
    before = digests(package)
    said = run(installed / "aetia", "build", "leukopenia", cwd=here)
    assert "notes" in said
    files = sorted(file.name for file in (here / "dist").iterdir())
    assert files == ["leukopenia.apkg"] if editable else ["leukopenia.apkg", "leukopenia.lock"]
    first = (here / "dist" / "leukopenia.apkg").read_bytes()
    run(installed / "aetia", "build", "leukopenia", cwd=here, SOURCE_DATE_EPOCH="1795600000")
    assert (here / "dist" / "leukopenia.apkg").read_bytes() == first, "nothing changed, so no byte did"
    assert digests(package) == before


@pytest.mark.slow
def test_a_wheel_holds_templates_decks_and_types_and_no_tests(distributions, tmp_path):
    wheel = shutil.unpack_archive(next(distributions.glob("*.whl")), tmp_path, "zip") or tmp_path
    assert (wheel / "generator" / "py.typed").is_file()
    assert (wheel / "generator" / "templates" / "notetypes" / "cause" / "notetype.yaml").is_file()
    assert (wheel / "generator" / "decks" / "leukopenia" / "deck.yaml").is_file()
    assert not list(wheel.rglob("test_*.py"))


MAC = "Darwin Kernel Version {}.1.0: Mon Sep  1 00:00:00 PDT 2025; root:xnu-1/RELEASE"
MACHINES = {
    "Linux x86_64": ("linux", "x86_64", "#1 SMP", True, True),
    "Linux aarch64": ("linux", "aarch64", "#1 SMP", False, True),
    "Windows AMD64": ("win32", "AMD64", "10.0.26100", True, True),
    "Windows ARM64": ("win32", "ARM64", "10.0.26100", False, True),
    "macOS 13 arm64": ("darwin", "arm64", MAC.format(22), False, False),
    "macOS 14 arm64": ("darwin", "arm64", MAC.format(23), False, True),
    "macOS 15 arm64": ("darwin", "arm64", MAC.format(24), True, True),
    "macOS 26 arm64": ("darwin", "arm64", MAC.format(25), True, True),
    "macOS 13 x86_64": ("darwin", "x86_64", MAC.format(22), False, True),
    "macOS 15 x86_64": ("darwin", "x86_64", MAC.format(24), False, True),
}
"""For which machines there are wheels of PlutoPrint and of pikepdf, as the registry listed them in November 2026."""


@pytest.mark.parametrize("machine", MACHINES)
def test_no_machine_is_asked_to_build_what_prints(machine):
    system, processor, version, *wanted = MACHINES[machine]
    told = {"sys_platform": system, "platform_machine": processor, "platform_version": version}
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    needs = [Requirement(line) for line in project["dependencies"]]
    asked = [need.name for need in needs if need.marker is None or need.marker.evaluate(told)]
    assert [asked.count("plutoprint"), asked.count("pikepdf")] == wanted
    assert "pydantic" in asked


@pytest.mark.slow
@pytest.mark.parametrize(("gone", "said"), [
    (("plutoprint", "weasyprint"), "Neither PlutoPrint nor WeasyPrint is installed here"),
    (("plutoprint", "weasyprint", "pikepdf"), "Sheets need pikepdf"),
])  # fmt: skip
def test_a_machine_that_cannot_print_does_all_else_and_says_what_to_install(gone, said, tmp_path):
    (tmp_path / "decks" / "tiny").mkdir(parents=True)
    deck = "deck: A\nid: a-1\nfinding: {name: Fever, effect: raise it}\n"
    (tmp_path / "decks/tiny/deck.yaml").write_text(f"{deck}causes: {{a: {{cause: Sepsis, mechanism: It works}}}}\n")
    hidden = f"import sys; sys.modules.update(dict.fromkeys({gone}))\nfrom generator.cli.main import main; main()"

    def aetia(*words):
        command = [sys.executable, "-c", hidden, *words]
        return subprocess.run(
            command, cwd=tmp_path, env={"HOME": str(tmp_path)}, capture_output=True, text=True, check=False
        )

    for words in (
        ["check"],
        ["build"],
        ["diff"],
        ["preview", "--export", "x.html"],
        ["print", "stocks", "list"],
        ["print", "-h"],
    ):
        assert (done := aetia(*words)).returncode == 0, done.stderr
    done = aetia("print")
    assert done.returncode == 2
    assert said in " ".join(done.stderr.replace("│", "").split())
    assert "pip install" in done.stderr
    assert "Traceback" not in done.stderr
