"""The outputs of a build, and whether they are current. A build with nothing to do imports nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.package.fingerprint import current_mark, ends_in

if TYPE_CHECKING:
    from generator.workflows.build import Built


def _write_package(built: "Built", file: Path) -> None:
    from generator.package.write import write_apkg

    write_apkg(built.release, file, built.mark)


def _write_update_text(built: "Built", file: Path) -> None:
    from generator.package.update_text import write_update_text

    write_update_text(built.release, file)


def _write_how_to_update(built: "Built", file: Path) -> None:
    from generator.ledger.search import search_strings
    from generator.package.how_to_update import write_how_to_update

    deck, notes = built.prepared.deck, built.release.notes
    retired = [name for name, record in built.lock.notes.items() if record.retired is not None]
    searches = search_strings(retired, notes, built.lock)
    name = built.package.stem
    write_how_to_update(file, name, built.prepared.words, notes.deck, deck.settings.language, searches)


@dataclass(frozen=True)
class Output:
    """A file that a build writes: how its name ends, the function that writes it, and the option that asks for it.

    The fingerprint of the sources tells a later build that a file is current. The package has it inside. Another file
    has it at its end in a `frame`, which readers of its kind ignore. A file without a frame is written by every build
    that asks for it.

    What an earlier build left beside the package is renewed with it, so that nobody hands out two releases as one.
    """

    suffix: str
    write: Callable[["Built", Path], None]
    option: str | None = None
    frame: tuple[bytes, bytes] | None = None


OUTPUTS = (
    Output(".apkg", _write_package),
    Output(".update.txt", _write_update_text, option="text", frame=(b"# ", b"\n")),
    Output(".how-to-update.html", _write_how_to_update, option="text", frame=(b"<!-- ", b" -->\n")),
)
"""Everything that a build writes, the package first. A build runs if one that is asked for or there is not current."""
OPTIONS = tuple(dict.fromkeys(output.option for output in OUTPUTS if output.option))
"""The options of `aetia build` that ask for more than the package."""


def is_all_current(folder: Path, package: Path, asked: tuple[str, ...] = ()) -> bool:
    """Return whether a build would write a deck's package, and what else is asked for or there, unchanged."""
    mark = current_mark(package, folder)
    wanted = (output for output in _outputs(package, asked) if output.frame or output.option in asked)
    return bool(mark) and all(_is_current(output, package, mark) for output in wanted)


def write_outputs(built: "Built", asked: tuple[str, ...]) -> tuple[Path, ...]:
    """Write the package and what else is asked for or there. Return the files."""
    return tuple(_write(output, built) for output in _outputs(built.package, asked))


def _outputs(package: Path, asked: tuple[str, ...]) -> Iterator[Output]:
    """Yield what is asked for, and what an earlier build left beside the package."""
    for output in OUTPUTS:
        if output.option in (None, *asked) or package.with_suffix(output.suffix).is_file():
            yield output


def _write(output: Output, built: "Built") -> Path:
    file = built.package.with_suffix(output.suffix)
    output.write(built, file)
    if output.frame and built.mark:
        with file.open("ab") as stream:  # after a kill, a whole file without its mark is written again
            stream.write(_framed(built.mark, output.frame))
    return file


def _is_current(output: Output, package: Path, mark: str) -> bool:
    return output.frame is not None and ends_in(package.with_suffix(output.suffix), _framed(mark, output.frame))


def _framed(mark: str, frame: tuple[bytes, bytes]) -> bytes:
    return f"aetia {mark}".encode().join(frame)
