"""A picture that is too much to show is refused before it is drawn, whatever its format and however small its file."""

from io import BytesIO

import pytest
from PIL import Image

from generator.load.media import load_media
from generator.load.pictures import MAX_PIXELS

FORMATS = ("png", "jpeg", "gif", "webp", "bmp")


def pixels(format_: str, width: int, height: int) -> bytes:
    """A picture of one colour."""
    file = BytesIO()
    Image.new("L" if format_ != "webp" else "RGB", (width, height)).save(file, format_)
    return file.getvalue()


def faults(folder, name, content):
    (folder / "media").mkdir(parents=True, exist_ok=True)
    (folder / "media" / name).write_bytes(content)
    media, found, _ = load_media(folder)
    return [fault.code for fault in found], list(media)


@pytest.mark.slow
@pytest.mark.parametrize("format_", FORMATS)
def test_a_picture_of_too_many_pixels_is_refused_whatever_its_format(format_, tmp_path):
    width = 10_000
    over = pixels(format_, width, MAX_PIXELS // width + 1)
    assert faults(tmp_path, "a.img", over) == (["media-too-large"], [])
    assert faults(tmp_path, "a.img", pixels(format_, width, 100)) == ([], ["a.img"])


def svg(inside, head=""):
    return f"{head}<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>"


def doubling(reference):
    """Each letter draws the one before it nine times."""
    levels = "".join(
        f"<g id='{b}'>{reference.replace('?', a) * 9}</g>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return f"<g id='a'><path d='M0 0h9'/></g>{levels}{reference.replace('?', 'i')}"


@pytest.mark.parametrize(
    ("drawing", "reason"),
    [
        (svg("<g>" * 300 + "</g>" * 300), "nested more than 200 levels deep"),
        (svg("<g/>" * 200_001), "more than 200000 elements"),
        (svg(doubling("<use href='#?'/>")), "expands to more than 200000 elements"),
        (svg(doubling("<use xmlns:l='http://www.w3.org/1999/xlink' l:href='#?'/>")), "expands to more"),
        (svg(doubling("<rect style='fill: url(#?)'/>")), "expands to more"),
        (svg("<text>&b;</text>", "<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"), "declares the entity `b`"),
        (
            svg("<text>&a;</text>", "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"),
            "declares the entity `a`",
        ),
        (svg("<g>" * 300 + "</g>" * 300).encode("utf-16").decode("latin-1"), "nested more"),
    ],
)
def test_a_drawing_without_bounds_is_refused(drawing, reason, tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.svg").write_bytes(drawing.encode("latin-1"))
    _, (fault,), _ = load_media(tmp_path)
    assert fault.code == "media-too-large"
    assert reason in fault.message


@pytest.mark.parametrize(
    "drawing",
    [
        svg("<g id='a'><path d='M0 0h9'/></g>" + "<use href='#a'/>" * 5000),
        svg("<g id='a'><use href='#a'/></g><g id='b'><use href='#c'/></g><g id='c'><use href='#b'/></g>"),
        svg("".join(f"<g id='n{n}'><use href='#n{n + 1}'/></g>" for n in range(300))),
        svg("<g>" * 90 + "</g>" * 90),
        svg("<g data-x='&ns;'/>", "<!DOCTYPE svg [<!ENTITY ns 'http://www.w3.org/2000/svg'>]>"),
    ],
)
def test_a_drawing_within_bounds_is_taken(drawing, tmp_path):
    assert faults(tmp_path, "a.svg", drawing.encode()) == ([], ["a.svg"])


@pytest.mark.parametrize("format_", FORMATS)
def test_a_picture_that_was_cut_off_or_is_none_is_told_and_one_under_the_ending_of_another_is_not(format_, tmp_path):
    whole = pixels(format_, 30, 30)
    for number, content in enumerate([b"", whole[:9], b"<html><svg></svg></html>"]):
        assert faults(tmp_path / str(number), f"a.{format_}", content) == (["damaged-picture"], [f"a.{format_}"])
    assert faults(tmp_path / "whole", f"a.{format_}", whole) == ([], [f"a.{format_}"])
    assert faults(tmp_path / "other", "a.JPG", whole) == ([], ["a.JPG"])


def test_a_byte_that_changed_in_a_png_is_told(tmp_path):
    content = pixels("png", 30, 30)
    assert faults(tmp_path, "a.png", content[:50] + b"xx" + content[52:]) == (["damaged-picture"], ["a.png"])


@pytest.mark.parametrize(
    "drawing", ["", "no <svg at all", svg("<g>"), "<html><p>Not found<br></html>", "<?xml encoding='x'?>"]
)
def test_a_drawing_that_is_not_whole_is_told(drawing, tmp_path):
    assert faults(tmp_path, "a.svg", drawing.encode()) == (["damaged-picture"], ["a.svg"])
