"""Frames into uint8 RGB: grey values of any range, transparency, orientation, empty first frames."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.imaging.frames import first_that_shows, is_blank, to_rgb, upright


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
