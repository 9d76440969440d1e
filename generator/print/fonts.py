"""The fonts that cards are printed with: the bundled ones, and which characters a font has."""

import struct
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

FAMILY, FALLBACK = "Source Sans 3", "DejaVu Sans Condensed"
"""The face of cards, and that of characters it does not have."""
_INVISIBLE = frozenset(
    map(chr, (*range(0x20), 0x7F, 0xA0, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFE0E, 0xFE0F))
)


def covered_characters(folder: Path) -> frozenset[str]:
    """Return the characters that the upright fonts of a folder have."""
    files = [file for file in folder.glob("*.?tf") if "It" not in file.stem]
    return frozenset(map(chr, chain.from_iterable(map(read_coverage, files)))) | _INVISIBLE


def read_coverage(file: Path) -> Iterator[int]:
    """Yield the code points that the first font of a file has."""
    data = file.read_bytes()
    start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    (count,) = struct.unpack_from(">H", data, start + 4)
    records = (start + 12 + 16 * i for i in range(count))
    tables = {data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in records}
    cmap = tables[b"cmap"]
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    subtables = [cmap + struct.unpack_from(">I", data, cmap + 8 + 8 * i)[0] for i in range(count)]
    formats = {struct.unpack_from(">H", data, at)[0]: at for at in subtables}
    if 12 in formats:
        (groups,) = struct.unpack_from(">I", data, formats[12] + 12)
        for first, last, _ in struct.iter_unpack(">3I", data[formats[12] + 16 : formats[12] + 16 + 12 * groups]):
            yield from range(first, last + 1)
    elif 4 in formats:
        at = formats[4]
        (double,) = struct.unpack_from(">H", data, at + 6)
        ends = struct.unpack_from(f">{double // 2}H", data, at + 14)
        starts = struct.unpack_from(f">{double // 2}H", data, at + 16 + double)
        for first, last in zip(starts, ends, strict=True):
            yield from range(first, min(last, 0xFFFE) + 1)
