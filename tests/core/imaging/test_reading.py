"""Pictures of every kind come out as 8-bit RGB, or an error says why not."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import PictureError
from core.imaging.metadata import shown_size
from core.imaging.reading import extension, read_picture, thumbnail
from tests.inputs.case import chunk, huge


def encoded(image: Image.Image, form: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def test_transparency_is_laid_on_white():
    image = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    image.putpixel((0, 0), (255, 0, 0, 255))
    rgb = read_picture(encoded(image, "PNG"))
    assert rgb[0, 0].tolist() == [255, 0, 0]
    assert rgb[3, 3].tolist() == [255, 255, 255]


def test_exif_rotation_is_followed():
    image = Image.new("RGB", (40, 20), "blue")
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    assert read_picture(encoded(image, "JPEG", exif=exif)).shape == (40, 20, 3)


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_the_first_frame_that_shows_something(form):
    drawn = Image.new("RGB", (40, 40), "white")
    drawn.paste((200, 30, 30), (5, 5, 25, 25))
    frames = [Image.new("RGB", (40, 40), "white"), Image.new("RGB", (40, 40), "black"), drawn]
    rgb = read_picture(encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=100))
    assert abs(rgb[10, 10].astype(int) - (200, 30, 30)).max() < 12
    assert rgb[35, 35].min() > 240


def test_an_animation_without_anything_on_it_is_its_first_frame():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime")]
    rgb = read_picture(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert rgb[4, 4].tolist() == [255, 0, 0]


def test_floats_from_0_to_1_are_shares_of_white():
    values = np.array([[0.0, 0.5], [1.0, np.nan]], np.float32)
    assert read_picture(encoded(Image.fromarray(values), "TIFF"))[:, :, 0].tolist() == [[0, 128], [255, 0]]


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"zTXt", b"a\0\0" + huge()),
        chunk(b"eXIf", b"\x00\x08\x00\x02\x01\x12\x00\x03"),
        chunk(b"iCCP", b"profile\0\0" + huge()),
        chunk(b"tEXt", b"a\0b")[:-4] + b"\0\0\0\0",
        chunk(b"pHYs", b"1"),
        80 * chunk(b"zTXt", b"a\0\0" + huge(900_000)),
    ],
    ids=["huge text", "broken EXIF", "huge profile", "wrong checksum", "short chunk", "much text"],
)
def test_broken_metadata_does_not_hide_the_pixels(extra):
    png = encoded(Image.new("RGB", (9, 7), "red"), "PNG")
    for at in (33, len(png) - 12):  # behind the header, and before the end
        broken = png[:at] + extra + png[at:]
        rgb = read_picture(broken)
        assert rgb.shape == (7, 9, 3) and rgb[3, 3].tolist() == [255, 0, 0]
        assert (extension(broken), shown_size(broken)) == (".png", (9, 7)), "as those ask who keep it"


def test_heic_is_read_whatever_it_is_called(cases):
    for name in ("g6_iphone.heic", "g6b_heic_named.jpg"):
        assert read_picture(cases / "reading" / name).shape == (600, 600, 3)
        assert extension((cases / "reading" / name).read_bytes()) == ".heic"


def test_a_damaged_heic_says_so():
    with pytest.raises(PictureError, match="HEIC but is cut short or damaged"):
        read_picture(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(400), name="phone.heic")


def test_a_pipe_a_device_and_a_circle_of_links_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "circle.png").symlink_to(tmp_path / "circle.png")
    for path, words in (
        (tmp_path / "pipe.png", "a pipe"),
        (Path("/dev/zero"), "a device"),
        (tmp_path, "a folder|directory"),
        (tmp_path / "circle.png", "cannot be read"),
    ):
        with pytest.raises(PictureError, match=words):
            read_picture(path)


def test_first_frame_of_an_animation():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime")]
    rgb = read_picture(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert rgb[4, 4].tolist() == [255, 0, 0]


def test_sixteen_bits_are_scaled_not_cut_off():
    values = np.array([[0, 32768], [65535, 257]], np.uint16)
    rgb = read_picture(encoded(Image.fromarray(values), "PNG"))
    assert rgb[:, :, 0].tolist() == [[0, 128], [255, 1]]


@pytest.mark.parametrize("mode, form", [("CMYK", "JPEG"), ("L", "PNG"), ("P", "PNG"), ("1", "PNG"), ("LA", "PNG")])
def test_every_mode_becomes_rgb(mode, form):
    rgb = read_picture(encoded(Image.new("RGB", (9, 7), "white").convert(mode), form))
    assert rgb.shape == (7, 9, 3)
    assert rgb.dtype == np.uint8
    assert rgb.min() >= 250


def test_a_truncated_file_says_so():
    image = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8))
    with pytest.raises(PictureError, match="cut short"):
        read_picture(encoded(image, "JPEG")[:900], name="half.jpg")


@pytest.mark.parametrize("data", [b"<html>404</html>", b"%PDF-1.4", b"\x00" * 100])
def test_content_decides_not_the_extension(tmp_path, data):
    path = tmp_path / "face.jpg"
    path.write_bytes(data)
    with pytest.raises(PictureError, match=r"face\.jpg is .*, not a picture"):
        read_picture(path)


def test_an_empty_file_says_so(tmp_path):
    (tmp_path / "a.png").touch()
    with pytest.raises(PictureError, match="empty"):
        read_picture(tmp_path / "a.png")


def test_too_many_pixels_are_refused_before_decoding():
    data = encoded(Image.new("L", (300, 200)), "PNG")
    with pytest.raises(PictureError, match="300 x 200"):
        read_picture(data, max_pixels=50_000)


def test_awkward_names_and_wrong_extensions_work(tmp_path):
    path = tmp_path / "レイ #1 (ü) .gif"
    path.write_bytes(encoded(Image.new("RGB", (5, 5)), "WEBP"))
    assert read_picture(path).shape == (5, 5, 3)
    assert extension(path.read_bytes()) == ".webp"


def test_thumbnail_is_never_larger_than_asked_nor_than_the_picture():
    assert thumbnail(np.zeros((100, 400, 3), np.uint8), 200).shape == (50, 200, 3)
    assert thumbnail(np.zeros((10, 20, 3), np.uint8), 200).shape == (10, 20, 3)


def test_exactly_as_many_pixels_as_allowed_are_read():
    data = encoded(Image.new("L", (300, 200)), "PNG")
    assert read_picture(data, max_pixels=60_000).shape == (200, 300, 3)
    with pytest.raises(PictureError, match="59,999"):
        read_picture(data, max_pixels=59_999)
