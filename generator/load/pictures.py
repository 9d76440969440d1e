"""Judge pictures by their content before anything shows them: whether they are whole, and how large they grow."""

import re
import warnings
from io import BytesIO
from xml.parsers import expat

MAX_PIXELS = 50_000_000
"""A phone needs four bytes of memory for each pixel, however small the file is."""
_FORMATS = ("BMP", "GIF", "JPEG", "PNG", "WEBP")
_BEGINNINGS = (b"BM", b"GIF8", b"\xff\xd8\xff", b"\x89PNG", b"RIFF")
"""How files of these formats begin. Pillow is not asked about other files."""
_HEIC = re.compile(rb".{4}ftyp(?:hei|hev|mif1|msf1)", re.DOTALL)
HEIC = "its content is HEIC"
"""The damage of a picture that a phone made, and that has only the name of another format."""
_ENDINGS = (".bmp", ".gif", ".jpg", ".jpeg", ".png", ".webp")


def has_too_many_pixels(content: bytes) -> bool:
    """Return whether a picture takes too much memory to show. Only its header is read. Other files have no pixels."""
    if not content.startswith(_BEGINNINGS):
        return False
    from PIL import Image

    try:
        with warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning):
            width, height = Image.open(BytesIO(content), formats=_FORMATS).size
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return True  # Pillow's own limit is above ours
    except (OSError, ValueError):
        return False
    return width * height > MAX_PIXELS


def damage(name: str, content: bytes) -> str | None:
    """Return why nothing can show a picture, or None. A file with the ending of no picture is never damaged."""
    ending = name.casefold()
    if ending.endswith(".svg"):
        return _damage_of_drawing(content)
    if not ending.endswith(_ENDINGS):
        return None
    if _HEIC.match(content):
        return HEIC
    if not content.startswith(_BEGINNINGS):
        return "its content is no picture"
    from PIL import Image

    try:
        Image.open(BytesIO(content), formats=_FORMATS).verify()
    except (OSError, ValueError, SyntaxError, EOFError):
        return "a part of it is missing or changed"
    return None


def _damage_of_drawing(content: bytes) -> str | None:
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError as error:
        return f"{expat.ErrorString(error.code)} (line {error.lineno}, column {error.offset + 1})"
    except ValueError:  # an encoding that is not known
        return "its encoding is not known"
    return None
