"""Match the rows of a table with the entries of a deck, including rows with a new name."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz

from generator.project.rows import Row, tidy
from generator.text.keys import fold_name

_ALIKE = 85
"""The similarity, out of 100, from which one name is probably a correction of the other."""
_COMMON = 20
"""If more rows than this have the same cell, it does not distinguish them."""


@dataclass(frozen=True)
class Known:
    """What identifies the entries of a deck: keys by guid, and names by key, as last imported and as they are now.

    `cells` are the cells of rows at the last import, by key. `title` is the key of the cell that names its entry.
    `deleted` are the names at the last import, by key, of entries that are no longer in the deck.
    """

    guids: Mapping[str, str]
    imported: Mapping[str, str]
    names: Mapping[str, str]
    cells: Mapping[str, Mapping[str, str]]
    title: str
    deleted: Mapping[str, str]

    @cached_property
    def _keys(self) -> Mapping[str, str]:
        """The keys of entries by their names, as last imported or else as they are now."""
        imported = {fold_name(name): key for key, name in self.imported.items() if key in self.names}
        return {fold_name(name): key for key, name in reversed(list(self.names.items()))} | imported

    @cached_property
    def _deleted(self) -> Mapping[str, str]:
        return {fold_name(name): key for key, name in self.deleted.items()}

    def named(self, row: Row) -> str | None:
        """Return the key of the entry with the name of a row."""
        return self._keys.get(fold_name(row.title))

    def found(self, row: Row) -> str | None:
        """Return the key of a row: by its guid, its own, or by its name. There may be no entry with it."""
        return self.guids.get(row.guid or "") or row.key or self.named(row)

    def meant(self, row: Row, key: str) -> str | None:
        """Return the key of the entry that has the name of a row, if the row has the key of another entry."""
        own = {fold_name(names[key]) for names in (self.names, self.imported) if key in names}
        other = self.named(row)
        strange = row.key == key and key in self.names and fold_name(row.title) not in own
        return other if strange and other != key else None

    def was(self, row: Row) -> str | None:
        """Return the key of the deleted entry of a row."""
        key = self.found(row) or self._deleted.get(fold_name(row.title))
        return key if key in self.deleted else None


@dataclass
class Matched:
    """The keys of rows, or None for a new one. `renamed` rows have a new name, `doubtful` rows probably have one.

    `deleted` rows had an entry that is no longer in the deck. `refused` rows come with the reason. `met` are the keys
    of entries that are in the table, whatever becomes of them.
    """

    keys: list[tuple[Row, str | None]] = field(default_factory=list)
    renamed: set[str] = field(default_factory=set)
    doubtful: list[tuple[Row, str]] = field(default_factory=list)
    refused: list[tuple[Row, str]] = field(default_factory=list)
    deleted: list[tuple[Row, str]] = field(default_factory=list)
    met: set[str | None] = field(default_factory=set)


def match_rows(rows: Sequence[Row], refused: Iterable[Row], known: Known) -> Matched:
    """Find the entry of each row: by its guid, its key, its name when it was last imported, or its name now.

    An unmatched row that agrees with a row that is gone is the same row with a new name. Rows that were refused before
    stand for their entries too.
    """
    found: dict[str, Row] = {}
    matched = Matched(met={key for row in refused for key in (known.found(row), known.named(row))})
    left: list[Row] = []
    for row in rows:
        key = known.found(row)
        if key and key in found:
            matched.refused.append((row, f"`{key}` is already in {found[key].at}"))
        elif key and (other := known.meant(row, key)):
            reason = f"`{key}` is the key of `{known.names[key]}`, and `{row.title}` has the key `{other}`"
            matched.refused.append((row, reason))
            matched.met |= {key, other}
        elif key and key in known.names:
            found[key] = row
            matched.keys.append((row, key))
        else:
            left.append(row)
    matched.met |= found.keys()
    _refuse_keys(left, known, matched)
    matched.deleted = [(row, key) for row in left if (key := known.was(row))]
    left = [row for row in left if not known.was(row)]
    gone = {key: cells for key, cells in known.cells.items() if key in known.names and key not in matched.met}
    _match_renamed(left, gone, known, matched)
    matched.met |= {key for _, key in (*matched.keys, *matched.doubtful)}
    matched.keys.sort(key=lambda pair: pair[0].at)
    return matched


def _refuse_keys(left: list[Row], known: Known, matched: Matched) -> None:
    """Refuse the rows whose key is new and whose name is that of an entry with another key."""
    for row in (row for row in tuple(left) if row.key):
        if (key := known.named(row)) and key not in matched.met:
            left.remove(row)
            reason = f"the deck has `{row.title}` with the key `{key}`, and the row has the key `{row.key}`"
            matched.refused.append((row, f"{reason}: write `{key}` there if they are the same"))
            matched.met.add(key)


def _match_renamed(left: Sequence[Row], gone: Mapping[str, Mapping[str, str]], known: Known, matched: Matched) -> None:
    agreeing = dict(_agreeing([row for row in left if not row.key], gone, known.title))
    claims = Counter(key for keys in agreeing.values() for key in keys)
    taken = {key for keys in agreeing.values() for key, sure in keys.items() if sure and len(keys) == claims[key] == 1}
    for row in left:
        keys = agreeing.get(row.at.line, {})
        if sure := taken & keys.keys():
            matched.renamed |= sure
            matched.keys.append((row, next(iter(sure))))
        elif likely := None if row.key else next(iter(keys), None) or _named_alike(row, gone, known.imported, taken):
            matched.doubtful.append((row, likely))
        else:
            matched.keys.append((row, None))


def _agreeing(
    rows: Sequence[Row], gone: Mapping[str, Mapping[str, str]], title: str
) -> Iterator[tuple[int, dict[str, bool]]]:
    """Yield, for the line of each row, the keys of rows that are gone and had the same text in several cells.

    Each has a flag for certainty: the mechanism is the same, or most cells that distinguish rows are.
    """
    said: dict[tuple[str, str], list[str]] = {}
    for key, cells in gone.items():
        for name, cell in cells.items():
            if cell and name != title:
                said.setdefault((name, tidy(cell)), []).append(key)
    for row in rows:
        cells = {name: tidy(cell) for name, cell in row.cells.items() if cell and name != title}
        common = sum(len(said.get(cell, ())) > _COMMON for cell in cells.items())
        telling = [keys for cell in cells.items() if len(keys := said.get(cell, [])) <= _COMMON]
        counts = Counter(key for keys in telling for key in keys)
        filled = {key: max(len(cells), sum(map(bool, gone[key].values())) - 1) - common for key in counts}
        found = {key: 2 * n > filled[key] for key, n in counts.items() if n > 1}
        mechanism = said.get(("mechanism", cells.get("mechanism", "")), ())
        yield row.at.line, found | dict.fromkeys(mechanism, True)


def _named_alike(row: Row, gone: Container[str], imported: Mapping[str, str], taken: Container[str]) -> str | None:
    """Return the key of a row that is gone and had nearly the same name."""
    alike = {
        key: fuzz.ratio(row.title.casefold(), name.casefold(), score_cutoff=_ALIKE)
        for key, name in imported.items()
        if key in gone and key not in taken
    }
    best = max(alike, key=lambda key: alike[key], default=None)
    return best if best and alike[best] else None
