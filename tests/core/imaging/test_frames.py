"""Frames into uint8 RGB: grey values of any range, transparency, orientation, empty first frames."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.imaging.frames import first_that_shows, is_blank, to_rgb, upright, without_metadata


def grey(values, mode: str) -> list[int]:
    kind = np.float32 if mode == "F" else np.int32
    return to_rgb(Image.fromarray(np.array([values], kind)))[0, :, 0].tolist()


@pytest.mark.parametrize(
    ("mode", "values", "expected"),
    [
        ("F", [0.0, 0.5, 1.0], [0, 128, 255]),
        ("F", [0.0, 1.5, 255.0], [0, 2, 255]),
        ("I", [0, 1, 1], [0, 1, 1]),
        ("I", [0, 255], [0, 255]),
        ("I", [0, 273, 1023], [0, 68, 255]),
        ("I", [0, 257, 65_535], [0, 1, 255]),
        ("I", [0, 65_536, 131_072], [0, 128, 255]),
        ("F", [float("nan"), float("inf"), 1.0], [0, 0, 255]),
        ("I", [0, 0], [0, 0]),
        ("I", [-5, 255], [0, 255]),
    ],
)
def test_grey_values_of_any_range(mode, values, expected):
    assert grey(values, mode) == expected


def test_transparency_lies_on_white():
    clear = Image.new("RGBA", (1, 1), (10, 20, 30, 0))
    assert to_rgb(clear)[0, 0].tolist() == [255, 255, 255]


def test_exif_turns_a_picture_upright():
    image = Image.new("RGB", (3, 2))
    image.putpixel((0, 0), (255, 0, 0))
    image.getexif()[0x0112] = 6
    turned = upright(image)
    assert turned.shape == (3, 2, 3)
    assert turned[0, 1].tolist() == [255, 0, 0]


@pytest.mark.parametrize(("changed", "blank"), [(0, True), (10, True), (11, False)])
def test_one_pixel_in_a_thousand_still_is_blank(changed, blank):
    rgb = np.full((100, 100, 3), 100, np.uint8)
    rgb.reshape(-1, 3)[:changed, 1] = 113
    assert is_blank(rgb) is blank
    rgb.reshape(-1, 3)[:changed, 1] = 112
    assert is_blank(rgb)


def animation(tmp_path, colours):
    frames = [Image.new("RGB", (20, 20), "white") for _ in colours]
    for frame, colour in zip(frames, colours, strict=True):
        if colour:
            frame.paste(colour, (5, 5, 15, 15))
    path = tmp_path / "a.png"
    frames[0].save(path, save_all=True, append_images=frames[1:], format="PNG")
    return Image.open(path)


def test_an_empty_first_frame_is_passed_over(tmp_path):
    with animation(tmp_path, [None, None, "red", "blue"]) as image:
        assert first_that_shows(image, 10_000)[10, 10].tolist() == [255, 0, 0]
    with animation(tmp_path, ["blue", "red"]) as image:
        assert first_that_shows(image, 10_000)[10, 10].tolist() == [0, 0, 255]
    with animation(tmp_path, [None, None]) as image:
        assert first_that_shows(image, 10_000)[10, 10].tolist() == [255, 255, 255]


def test_thirty_frames_are_looked_at_and_no_more(tmp_path):
    with animation(tmp_path, [None] * 29 + ["red"]) as image:
        assert first_that_shows(image, 10_000)[10, 10].tolist() == [255, 0, 0]


class Film:
    """An animation of frames, which may be of any size."""

    is_animated, info, mode = True, {}, "RGB"

    def __init__(self, *frames):
        self.frames, self.at = frames, 0
        self.n_frames = len(frames)

    @property
    def size(self):
        return self.frames[self.at].size

    def seek(self, index):
        self.at = index
        if self.frames[index] is None:
            raise OSError("the frame is damaged")


@pytest.fixture
def shown(monkeypatch):
    monkeypatch.setattr("core.imaging.frames.upright", lambda film: np.asarray(film.frames[film.at]))
    return lambda *frames, most=400: first_that_shows(Film(*frames), most)


WHITE, LARGE = Image.new("RGB", (20, 20), "white"), Image.new("RGB", (20, 21), "white")
RED = Image.new("RGB", (20, 20), "white")
RED.paste("red", (5, 5, 15, 15))


def test_a_frame_of_exactly_the_allowed_size_is_looked_at_and_a_larger_one_ends_the_search(shown):
    assert (shown(WHITE, WHITE, RED) == np.asarray(RED)).all()
    assert (shown(WHITE, LARGE, RED) == 255).all()


def test_a_damaged_later_frame_leaves_the_first(shown):
    assert (shown(WHITE, None, RED) == 255).all()


def test_the_thirtieth_frame_is_the_last_that_is_looked_at(shown):
    assert (shown(*[WHITE] * 29, RED) == np.asarray(RED)).all()
    assert (shown(*[WHITE] * 30, RED) == 255).all()


def test_of_a_large_picture_a_part_of_the_pixels_tells():
    """400 x 1000 pixels: every second one of every second row is looked at."""
    rgb = np.full((400, 1000, 3), 100, np.uint8)
    rgb[1::2] = 0
    rgb[:, 1::2] = 0
    assert is_blank(rgb)
    rgb[::2, 0] = 0
    assert not is_blank(rgb)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_as_pillow_does(orientation):
    from PIL import ImageOps

    image = Image.fromarray(np.arange(18, dtype=np.uint8).reshape(2, 3, 3))
    image.getexif()[0x0112] = orientation
    assert (upright(image) == np.asarray(ImageOps.exif_transpose(image))).all()


@pytest.mark.parametrize("mode", ["LA", "RGBA", "PA", "RGBa"])
def test_every_mode_with_transparency_lies_on_white(mode):
    clear = Image.new("RGBA", (1, 1), (10, 20, 30, 0))
    image = Image.new("PA", (1, 1)) if mode == "PA" else clear if mode == "RGBA" else clear.convert(mode)
    if mode == "PA":
        image.putpalette([10, 20, 30], "RGB")
        image.putalpha(0)
    assert image.mode == mode
    assert to_rgb(image)[0, 0].tolist() == [255, 255, 255]


def test_a_palette_with_a_transparent_colour_lies_on_white():
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), 1)
    image.info["transparency"] = 0
    assert to_rgb(image)[0].tolist() == [[255, 255, 255], [40, 50, 60]]


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4, "big") + kind + body + b"CRC!" for kind, body in chunks
    )


def test_of_a_png_only_what_its_pixels_need_is_kept():
    data = png((b"IHDR", b"head"), (b"tEXt", b"x" * 99), (b"iCCP", b"profile"), (b"IDAT", b"data"), (b"IEND", b""))
    assert without_metadata(data) == png((b"IHDR", b"head"), (b"IDAT", b"data"), (b"IEND", b""))
    assert without_metadata(b"\xff\xd8\xff" + data) is None


def test_of_a_png_that_breaks_off_the_rest_is_kept_as_it_is():
    whole = png((b"IHDR", b"head"), (b"IDAT", b"data"))
    assert without_metadata(whole[:-1]) == whole[:-1], "a chunk that is announced and not all there"
    assert without_metadata(whole + b"rest") == whole, "less than a chunk has at least"
    assert without_metadata(png((b"tEXt", b""))) == png()
