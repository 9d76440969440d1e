"""The fonts of printed cards: the bundled ones, those that a user names, and the system's for what these lack.

An engine sees only these fonts, so cards look the same wherever the same files are found.
"""

import struct
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from PIL import ImageFont

FAMILY, FALLBACK = "Source Sans 3", "DejaVu Sans Condensed"
"""The font family of cards, and the one for characters that it lacks."""
_BUNDLED_IS = frozenset(("sans-serif", "system-ui", FAMILY.casefold()))
_GENERIC = {
    "serif": (
        "Georgia",
        "Noto Serif",
        "Source Serif 4",
        "DejaVu Serif",
        "Liberation Serif",
        "Times New Roman",
        "Times",
    ),
    "monospace": ("Noto Sans Mono", "DejaVu Sans Mono", "Liberation Mono", "Menlo", "Consolas", "Courier New"),
}
"""Families for styles that name only a kind of font, the best first."""
_INVISIBLE = frozenset(
    map(chr, (*range(0x20), 0x7F, 0xA0, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFE0E, 0xFE0F))
)
_SUFFIXES = frozenset((".ttf", ".otf", ".ttc", ".otc"))
_ODD = ("mono", "serif", "bold", "italic", "oblique", "light", "thin", "black", "medium", "condensed")
"""Words in a file's name from which another font of the same script is a better choice."""
_CJK = frozenset(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH", "KATAKANA-HIRAGANA"))
_ANY_SIZE = 109
"""A size that emoji fonts have too, which have only one size."""
_REGIONS = {"ja": "JP", "ko": "KR", "zh": "SC", "zh-tw": "TC", "zh-hant": "TC", "zh-hk": "HK"}


@dataclass(frozen=True)
class Fonts:
    """The folder of bundled fonts, the files for all text, and the files for characters that these lack."""

    bundled: Path
    own: tuple[Path, ...] = ()
    further: tuple[Path, ...] = ()
    language: str = "en"

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that are not bundled."""
        return self.own + self.further

    @property
    def families(self) -> tuple[str, ...]:
        """The family names of the fonts. The first one that has a character sets it."""
        own, further = ([family_of(file, self.language) for file in files] for files in (self.own, self.further))
        return tuple(dict.fromkeys((*own, FAMILY, *further, FALLBACK)))


def covered_characters(fonts: Fonts) -> frozenset[str]:
    """Return the characters that the fonts have."""
    files = (*(file for file in fonts.bundled.glob("*.?tf") if "It" not in file.stem), *fonts.files)
    return frozenset(map(chr, chain.from_iterable(map(read_coverage, files)))) | _INVISIBLE


def find_fonts(characters: frozenset[str], folders: Iterable[Path]) -> tuple[Path, ...]:
    """Return font files in the folders that together have as many of the characters as possible, the best first."""
    scripts = {_script(character) for character in characters}
    missing, found = set(map(ord, characters)), []
    for file in sorted(_fonts_in(folders), key=lambda file: _rank(file, scripts)):
        if not missing:
            break
        if had := missing.intersection(read_coverage(file)):
            missing -= had
            found += [file, *_bolder(file)]
    return tuple(found)


def _bolder(file: Path) -> Iterator[Path]:
    """Return the bold font of the same family, if there is one."""
    bold = file.with_stem(file.stem.replace("Regular", "Bold"))
    if bold != file and bold.exists():
        yield bold


def find_family(names: str, folders: Iterable[Path]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Return the files of the first family in `names` that is in the folders, and the families before it.

    `names` is a list with commas. There are no files if the bundled font comes first, as it does for any sans-serif, or
    if no family is found.
    """
    here = tuple(_fonts_in(folders))
    lacking: list[str] = []
    for name in (part.strip(" \"'") for part in names.split(",")):
        kind = name.casefold().removeprefix("ui-")
        if kind in _BUNDLED_IS:
            return (), tuple(lacking)
        for family in _GENERIC.get(kind, (name,)):
            if own := [file for file in here if _is_of(file, _plain(family))]:
                return tuple(sorted(own, key=lambda file: _rank(file, set()))), tuple(lacking)
        lacking.append(name)
    return (), tuple(lacking)


def _is_of(file: Path, family: str) -> bool:
    name = _plain(file.stem)
    if not family or not name.startswith(family) or not read_coverage(file):
        return False
    return family in (name, _plain(family_of(file)))


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def _rank(file: Path, scripts: set[str]) -> tuple[bool, int, int, str]:
    name = file.stem.casefold()
    named = any(script in name for script in scripts)
    return not named, sum(word in name for word in _ODD), len(name), str(file)


def _script(character: str) -> str:
    """Return the word for the script of a character in the names of fonts."""
    word = unicodedata.name(character, "").partition(" ")[0]
    if word in _CJK:
        return "cjk"
    return "emoji" if is_emoji(character) else word.casefold()


def is_emoji(character: str) -> bool:
    """Return whether a character is an emoji."""
    return "\U0001f000" <= character <= "\U0001faff"


def suggest(character: str) -> str:
    """Return a font that probably has a character, with its Debian package."""
    script = _script(character)
    if script == "cjk":
        return "Noto Sans CJK (Debian: fonts-noto-cjk)"
    if script == "emoji":
        return "Noto Color Emoji (Debian: fonts-noto-color-emoji)"
    if unicodedata.category(character)[0] == "L" and script:
        return f"Noto Sans {script.title()} (Debian: fonts-noto-core)"
    return "Noto Sans Symbols (Debian: fonts-noto-core)"


def _fonts_in(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (file for file in folder.rglob("*") if file.suffix.lower() in _SUFFIXES)


@cache
def family_of(file: Path, language: str = "en") -> str:
    """Return the family of a font file, or of a collection's font for the language. Raise OSError for other files."""
    fonts = (ImageFont.truetype(file, _ANY_SIZE, index=index) for index in range(_count_fonts(file)))
    names = [font.getname()[0] or file.stem for font in fonts]
    region = _REGIONS.get(language.casefold()) or _REGIONS.get(language.partition("-")[0].casefold(), "")
    return next((name for name in names if region and name.endswith(f" {region}")), names[0])


def _count_fonts(file: Path) -> int:
    with file.open("rb") as stream:
        head = stream.read(12)
    return int(struct.unpack_from(">I", head, 8)[0]) if head[:4] == b"ttcf" else 1


def read_coverage(file: Path) -> Iterable[int]:
    """Return the code points of the first font in a file, or none if it is not a font."""
    try:
        return tuple(_read_coverage(file.read_bytes()))
    except (OSError, struct.error, KeyError, StopIteration):
        return ()


def _read_coverage(data: bytes) -> Iterator[int]:
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
