"""A picture with too many pixels is refused by its header alone, whatever its format and however small its file."""

from io import BytesIO

import pytest
from PIL import Image

from generator.load.media import MAX_PIXELS, load_media

FORMATS = ("png", "jpeg", "gif", "webp", "bmp")


def pixels(format_: str, width: int, height: int) -> bytes:
    """A picture of one colour."""
    file = BytesIO()
    Image.new("L" if format_ != "webp" else "RGB", (width, height)).save(file, format_)
    return file.getvalue()


def faults(folder, name, content):
    (folder / "media").mkdir(exist_ok=True)
    (folder / "media" / name).write_bytes(content)
    media, found, _ = load_media(folder)
    return [fault.code for fault in found], list(media)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_picture_of_too_many_pixels_is_refused_whatever_its_format(format_, tmp_path):
    width = 10_000
    over = pixels(format_, width, MAX_PIXELS // width + 1)
    assert faults(tmp_path, "a.img", over) == (["media-too-large"], [])
    assert faults(tmp_path, "a.img", pixels(format_, width, 100)) == ([], ["a.img"])
