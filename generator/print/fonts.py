"""The bundled fonts: which characters they have. Cards are printed with these and no others."""

import struct
from pathlib import Path

FAMILY = "DejaVu Sans Condensed"
_INVISIBLE = frozenset(
    map(chr, (*range(0x20), 0x7F, 0xA0, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFE0E, 0xFE0F))
)


def covered_characters(folder: Path) -> frozenset[str]:
    """Return the characters that the upright font of a folder has."""
    data = min(folder.glob("*.ttf"), key=lambda file: len(file.name)).read_bytes()
    tables = {data[i : i + 4]: struct.unpack_from(">2I", data, i + 8)[0] for i in range(12, 12 + 16 * data[5], 16)}
    cmap = tables[b"cmap"]
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    subtables = [cmap + struct.unpack_from(">I", data, cmap + 8 + 8 * i)[0] for i in range(count)]
    full = next(start for start in subtables if struct.unpack_from(">H", data, start)[0] == 12)
    (groups,) = struct.unpack_from(">I", data, full + 12)
    ranges = (struct.unpack_from(">2I", data, full + 16 + 12 * i) for i in range(groups))
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1)) | _INVISIBLE
