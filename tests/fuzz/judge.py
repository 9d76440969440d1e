"""What must hold of any deck: an answer within two seconds and 500 MB, never a traceback; and more of a good one."""

import io
import resource
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from generator.report.findings import FORMATS, show_findings
from generator.workflows.build import build_package
from generator.workflows.check import check_folder
from generator.workflows.prepare import no_progress
from tests.fuzz.decks import Files

SECONDS = 2
MEGABYTES = 500
NOW = 1_795_500_000


class TooSlowError(AssertionError):
    """An input took longer than it may."""


def judge(files: Files) -> None:
    """Check and build a deck and show what is found in every format."""
    with deck_folder(files) as folder:
        findings = check_folder(folder, NOW)
        for format_ in FORMATS:
            with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
                show_findings(findings, format_)
            assert len(out.getvalue() + err.getvalue()) >= len(findings.diagnostics)
        package = folder / "d.apkg"
        built, found = build_package(folder, package, NOW, no_progress)
        assert (built is not None) == package.exists()
        assert (built is not None) == (found.errors == 0)
        assert (
            built is None
            or findings.errors == 0
            or {d.code for d in findings.diagnostics} - {d.code for d in found.diagnostics}
        )


def judge_good(files: Files) -> None:
    """Build a good deck, let the real Anki take all of it, and build it to the same bytes again."""
    from anki.collection import Collection, ImportAnkiPackageRequest

    with deck_folder(files) as folder:
        package = folder.parent / "deck.apkg"
        built, findings = build_package(folder, package, NOW, no_progress)
        assert built is not None, findings.diagnostics
        first = package.read_bytes()
        package.unlink()
        build_package(folder, package, NOW + 1000, no_progress)
        assert package.read_bytes() == first
        notes = built.release.notes.notes
        collection = Collection(str(folder.parent / "collection.anki2"))
        log = collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package))).log
        counts = len(log.new), collection.note_count(), collection.card_count()
        empty = collection.get_empty_cards().notes
        collection.close()
        assert counts == (len(notes), len(notes), sum(len(note.card_ordinals) for note in notes))
        assert not empty


@contextmanager
def deck_folder(files: Files) -> Iterator[Path]:
    """A folder with the files of a deck in it, in a project of its own."""
    project = Path(tempfile.mkdtemp(prefix="aetia-fuzz-"))
    folder = project / "decks" / "d"
    try:
        for name, content in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        yield folder
    finally:
        shutil.rmtree(project)


def limited(run: Callable[[Files], None]) -> Callable[[Files], None]:
    """Hold a judgement to the limits, for a process that does nothing else."""

    def stop(*_: object) -> None:
        raise TooSlowError(f"more than {SECONDS} s of processor")

    def judged(files: Files) -> None:
        signal.signal(signal.SIGPROF, stop)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        start = time.process_time()
        try:
            run(files)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if (taken := time.process_time() - start) > SECONDS:  # `stop` is lost if it comes while garbage is collected
            raise TooSlowError(f"{taken:.1f} s of processor")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        assert peak < MEGABYTES, f"{peak:.0f} MB"

    return judged
