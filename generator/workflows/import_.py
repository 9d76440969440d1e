"""`aetia import` of causes: make a deck from a table or from the notes of a package."""

import shutil
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator.diagnostics import WrongUseError
from generator.load.templates import load_columns, load_usual_effect
from generator.model.table import TableFile
from generator.package.archive import UnreadableError
from generator.project.columns import COLUMNS, NEEDED, grow
from generator.project.foreign import as_table
from generator.project.headers import Headers, fold_header, guess_language, match_columns, plain_header
from generator.project.keys import finding_of
from generator.project.rows import Converted, convert, write_causes
from generator.project.start import write_deck
from generator.project.table import Table, TableError
from generator.resources import bundled
from generator.text.keys import make_key
from generator.text.short import in_shell
from generator.text.suggest import closest
from generator.workflows.adopt import opened, unreadable
from generator.workflows.prepare import Findings, kinds_to_ask_for, locate, prepare

_ASKED = ("clue", "category")
"""What is asked for besides, if columns are left over."""


@dataclass(frozen=True)
class Imported:
    """A table, the deck made from it, and which column filled which key. Without causes there is no deck.

    `language_by` says what told the language: the `option`, the `headers`, or `nothing`. `kinds` of card can be
    asked for. `again` is the command that brings the table into the deck again, if it can.
    """

    table: Table
    folder: Path
    columns: Mapping[str, int]
    converted: Converted
    effect: str
    language: str
    language_by: str
    kinds: tuple[str, ...] = ()
    again: str = ""

    @property
    def unused(self) -> tuple[str, ...]:
        """What to call the columns that fill no key."""
        return self.table.named_unused(self.columns.values())

    @property
    def free(self) -> tuple[str, ...]:
        """The keys that no column fills."""
        return tuple(free_keys(self.columns))


@dataclass(frozen=True)
class Questions:
    """What an author says of a table, or is asked: which column fills a key, the finding, and what its causes do.

    `show` takes the table and the columns that are known, before the first question. `column` takes a key, the table,
    the columns that are free, and the needed keys that are still missing, if this is one of them. `key` takes what to
    call a column that is left over, and the keys that are free, each with what a cell holds. `ask_finding` takes what
    is likely, `ask_effect` the finding, the name of a cause and what is likely.
    """

    show: Callable[[Table, Mapping[str, int]], None]
    column: Callable[[str, Table, Sequence[int], Sequence[str]], int | None]
    key: Callable[[str, Mapping[str, str]], str | None]
    ask_finding: Callable[[str], str]
    ask_effect: Callable[[str, str, str], str]
    mapped: tuple[str, ...] = ()
    finding: str | None = None
    effect: str | None = None
    language: str | None = None


def import_table(file: Path, folder: Path | None, ask: Questions) -> tuple[Imported | None, Findings]:
    """Make a deck of causes of a table, or of the notes of another deck, and say what keeps it from being built.

    Raises FileExistsError if there is a deck, and WrongUseError.
    """
    try:
        with opened(file, Headers(ask.language, split_maps(ask.mapped))) as given:
            target = folder or Path("decks") / make_key(file.stem, (), "deck")
            again = _update_of(file, target, ask.mapped) if isinstance(given, Table) else ""
            _refuse_to_overwrite(target, again)
            if isinstance(given, Table):
                imported, findings = _import(given, file, target, ask, (file.parent, file.parent / "media"))
            else:
                folders = {path.parent for path in given.media.values()}
                imported, findings = _import(as_table(given), file, target, ask, folders)
            return replace(imported, again=again), findings
    except (UnreadableError, TableError) as error:
        return None, unreadable(file, error)


def _import(
    table: Table, file: Path, target: Path, ask: Questions, folders: Iterable[Path]
) -> tuple[Imported, Findings]:
    synonyms = load_columns(bundled("templates"))
    columns = _ask_columns(table, match_columns(table.header, synonyms, mapped_columns(ask.mapped, table)), ask)
    converted = convert(table, columns, tuple(folders))
    guessed = guess_language(table.header, synonyms)
    language = ask.language or guessed or "en"
    by = "option" if ask.language else "headers" if guessed else "nothing"
    if not converted.causes:
        return Imported(table, target, columns, converted, "", language, by), Findings((), {})
    name, effect = _finding(file, ask, converted, language)
    taken = TableFile(
        columns={key: table.header[n] for key, n in columns.items()},
        unused=table.named_unused(columns.values()),
        rows=converted.cells,
    )
    _write(target, converted, taken, (name, effect, language))
    prepared, faults = prepare(target, now=0)
    kinds = kinds_to_ask_for(prepared.deck) if prepared else ()
    return Imported(table, target, columns, converted, effect, language, by, kinds), locate(faults)


def _ask_columns(table: Table, columns: dict[str, int], ask: Questions) -> dict[str, int]:
    """Ask for the keys that are needed or usual, and then what each column is that is left over."""

    def unknown() -> list[int]:
        return [n for n in range(len(table.header)) if n not in columns.values() and n != table.columns.get("guid")]

    if unknown() or not columns.keys() >= {*NEEDED}:
        ask.show(table, columns)
    for key in (*NEEDED, *_ASKED):
        free = unknown()
        if key not in columns and (free or key in NEEDED):
            missing = [needed for needed in NEEDED if needed not in columns] if key in NEEDED else []
            column = ask.column(key, table, free, missing)
            columns |= {key: column} if column is not None else {}
    for number in table.unused({*columns.values(), table.columns.get("guid", -1)}):
        if (keys := free_keys(columns)) and (named := ask.key(table.named(number), keys)):
            columns |= {named: number}
    return {key: columns[key] for key in COLUMNS if key in columns}


def free_keys(columns: Container[str]) -> dict[str, str]:
    """Return the keys that no column fills yet, each with what a cell holds."""
    return {key: column.says for key, column in COLUMNS.items() if key not in columns}


def _refuse_to_overwrite(folder: Path, again: str) -> None:
    if (folder / "deck.yaml").exists():
        way = f"run `{again}` to bring the table into it, or delete" if again else "delete"
        raise FileExistsError(17, f"there is a deck here already; {way} the folder", str(folder / "deck.yaml"))


def _update_of(file: Path, folder: Path, mapped: Sequence[str]) -> str:
    """Return the command that brings a table into a deck that is there."""
    deck = folder.name if folder.parent == Path("decks") else folder
    maps = "".join(f" --map {in_shell(pair)}" for pair in mapped)
    return f"aetia import {in_shell(str(file))} --into {in_shell(str(deck))} --update{maps}"


def _finding(file: Path, ask: Questions, converted: Converted, language: str) -> tuple[str, str]:
    """What the causes are causes of, and what they do."""
    likely = " ".join(file.stem.replace("_", " ").replace("-", " ").split()).capitalize()
    name = ask.finding or ask.ask_finding(likely)
    usual = load_usual_effect(bundled("templates"), language).format(finding=finding_of(name))
    first = str(next(iter(converted.causes.values()))["cause"])
    return name, ask.effect or ask.ask_effect(finding_of(name), first, usual)


def _write(folder: Path, converted: Converted, taken: TableFile, head: tuple[str, str, str]) -> None:
    """Write a deck, with `deck.yaml` last, because a folder without it is not a deck. Delete an unfinished deck."""
    new = not folder.exists()
    name, effect, language = head
    categories = grow(converted.categories)
    try:
        write_causes(folder, converted, taken)
        write_deck(folder, finding_of(name), effect, name, language, {"categories": categories} if categories else None)
    except OSError:
        if new:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def split_maps(pairs: Sequence[str]) -> dict[str, str]:
    """Return the headers that were named for keys, as `KEY=HEADER`."""
    halves = (pair.partition("=")[::2] for pair in pairs)
    return {key: name for key, name in halves if name.strip()}


def mapped_columns(pairs: tuple[str, ...], table: Table) -> dict[str, int]:
    """Return the columns that were named for keys, as `KEY=HEADER`. Raise WrongUseError."""
    columns = {}
    for pair in pairs:
        key, _, name = pair.partition("=")
        column = _column(name, table)
        if key not in COLUMNS or column is None:
            raise WrongUseError(_wrong_map(pair, key, name, table))
        columns[key] = column
    return columns


def _column(name: str, table: Table) -> int | None:
    """The column of a header, or of a number that is none."""
    if name.isdecimal() and name not in table.header and 0 < int(name) <= len(table.header):
        return int(name) - 1
    return table.columns.get(fold_header(name)) if name.strip() else None


def _wrong_map(pair: str, key: str, name: str, table: Table) -> str:
    """What is wrong with a pair: no sign between, the halves the wrong way round, or one that leads nowhere."""
    headers = [header for header in table.header if header]
    if "=" not in pair:
        return f"--map {pair}: write it as KEY=HEADER."
    if _column(key, table) is not None and name in COLUMNS:
        return f"--map {pair}: the key comes first: --map {name}={in_shell(key)}."
    if key not in COLUMNS:
        return f"--map {pair}: there is no key `{key}`.{_meant(key, tuple(COLUMNS))} The keys are {', '.join(COLUMNS)}."
    return (
        f"--map {pair}: the table has no header `{name}`.{_meant(name, headers)} The headers are {', '.join(headers)}."
    )


def _meant(asked: str, known: Sequence[str]) -> str:
    """Which name was probably meant: the only one that holds what was asked for, or one that is near."""
    holding = [name for name in known if plain_header(asked) and plain_header(asked) in plain_header(name)]
    meant = holding[0] if len(holding) == 1 else closest(asked, known)
    return f" Did you mean `{meant}`?" if meant else ""
