"""XMP written into files: Pillow reads it, the pixels stay as they are."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from core.errors import PictureError
from core.imaging.metadata import ORIENTATION, orientation_of, picture_regions, shown_size, with_xmp
from core.imaging.regions import Region, regions_xmp
from tests.conftest import noise

REI = Region(0.25, 0.5, 0.125, 0.25, "綾波レイ")


def encoded(format: str, mode: str = "RGB", **values) -> bytes:
    sink = io.BytesIO()
    Image.fromarray(noise(1, 61, 80)).convert(mode).save(sink, format, **values)
    return sink.getvalue()


CASES = [
    encoded("JPEG"),
    encoded("JPEG", xmp=b"<old/>"),
    encoded("PNG"),
    encoded("PNG", "RGBA"),
    encoded("WEBP"),
    encoded("WEBP", lossless=True),
    encoded("WEBP", "RGBA", lossless=True),
    encoded("WEBP", xmp=b"<old/>"),
    encoded("WEBP", exif=Image.Exif().tobytes()),
]


@pytest.mark.parametrize("data", CASES)
def test_pillow_reads_the_names_and_not_a_pixel_has_changed(data):
    written = with_xmp(data, regions_xmp([REI], 80, 61))
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(written))
    assert after.mode == before.mode and np.array_equal(np.asarray(after), np.asarray(before))
    regions = after.getxmp()["xmpmeta"]["RDF"]["Description"]["Regions"]
    assert regions["AppliedToDimensions"] == {"w": "80", "h": "61", "unit": "pixel"}
    face = regions["RegionList"]["Bag"]["li"]["Description"]
    assert (face["Name"], face["Type"], face["Area"]["x"]) == ("綾波レイ", "Face", "0.250000")
    assert picture_regions(written) == [REI]
    assert written.count(b"<old/>") == 0


@pytest.mark.parametrize("data", CASES[:5])
def test_writing_twice_is_writing_once(data):
    xmp = regions_xmp([REI], 80, 61)
    assert with_xmp(with_xmp(data, regions_xmp([], 80, 61)), xmp) == with_xmp(data, xmp)


def test_exif_stays_and_the_regions_turn_with_it():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    data = encoded("JPEG", exif=exif)
    written = with_xmp(data, regions_xmp([REI], 61, 80, 6))
    assert Image.open(io.BytesIO(written)).getexif()[ORIENTATION] == 6
    assert shown_size(written) == (61, 80)
    assert picture_regions(written) == [REI]


def test_other_formats_and_damage():
    assert with_xmp(encoded("GIF"), b"x") is None
    assert picture_regions(encoded("GIF")) == []
    assert picture_regions(b"no picture") == []
    with pytest.raises(PictureError, match="at most 65,500 fit"):
        with_xmp(CASES[0], b"x" * 70_000)
    with pytest.raises(PictureError, match="damaged"):
        with_xmp(CASES[0][:3], b"x")


@pytest.mark.parametrize(("value", "turn"), [(0, 1), (1, 1), (8, 8), (9, 1), ("x", 1)])
def test_an_orientation_is_one_of_eight_and_anything_else_is_upright(value, turn):
    class Opened:
        def getexif(self):
            return {ORIENTATION: value}

    assert orientation_of(Opened()) == turn


def test_a_broken_exif_block_is_upright_and_no_picture_has_no_size():
    class Broken:
        def getexif(self):
            raise SyntaxError("no TIFF")

    assert orientation_of(Broken()) == 1
    with pytest.raises(PictureError, match="the picture is text, not a picture"):
        shown_size(b"no picture")


@pytest.mark.parametrize("turn", range(1, 9))
def test_the_size_is_the_one_that_is_shown(turn):
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    assert shown_size(encoded("JPEG", exif=exif)) == ((61, 80) if turn >= 5 else (80, 61))


def test_a_packet_of_exactly_the_largest_size_fits():
    written = with_xmp(CASES[0], b"x" * 65_500)
    assert Image.open(io.BytesIO(written)).size == (80, 61)
    with pytest.raises(PictureError, match="65,501 bytes; at most 65,500"):
        with_xmp(CASES[0], b"x" * 65_501)


def test_in_a_jpeg_the_packet_comes_after_jfif_and_exif_and_before_the_rest():
    def segment(mark, body):
        return bytes([0xFF, mark]) + (len(body) + 2).to_bytes(2, "big") + body

    jfif, exif = segment(0xE0, b"JFIF\0"), segment(0xE1, b"Exif\0\0data")
    icc, old = segment(0xE2, b"ICC_PROFILE\0"), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0old")
    adobe, tables = segment(0xEF, b"last"), segment(0xDB, b"tables")
    data = b"\xff\xd8" + icc + jfif + old + exif + adobe + tables + b"rest"
    new = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0new")
    assert with_xmp(data, b"new") == b"\xff\xd8" + jfif + exif + new + icc + adobe + tables + b"rest"


def test_in_a_png_the_packet_comes_after_the_header_and_other_texts_stay():
    written = with_xmp(encoded("PNG", pnginfo=None), b"<new/>")
    chunks, at = [], 8
    while at < len(written):
        length = int.from_bytes(written[at : at + 4], "big")
        chunks.append(written[at + 4 : at + 8])
        at += 12 + length
    assert chunks[:3] == [b"IHDR", b"iTXt", b"IDAT"]
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_itxt("Comment", "mine")
    notes.add_itxt("XML:com.adobe.xmp", "<old/>")
    with Image.open(io.BytesIO(with_xmp(encoded("PNG", pnginfo=notes), b"<new/>"))) as image:
        image.load()
        assert (image.info["Comment"], image.info["XML:com.adobe.xmp"]) == ("mine", "<new/>")


@pytest.mark.parametrize(("mode", "alpha"), [("RGB", 0), ("RGBA", 0x10)])
def test_in_a_webp_of_the_simple_form_a_header_is_made(mode, alpha):
    sink = io.BytesIO()
    Image.new(mode, (80, 61), (9, 8, 7, 6)[: len(mode)]).save(sink, "WEBP", lossless=True, exact=True)
    data = sink.getvalue()
    data = data if data[12:16] == b"VP8L" else simple(data)
    written = with_xmp(data, b"odd")
    assert written[12:16] == b"VP8X"
    assert int.from_bytes(written[16:20], "little") == 10
    assert written[20] == 0x04 | alpha
    assert int.from_bytes(written[24:27], "little") == 79 and int.from_bytes(written[27:30], "little") == 60
    assert written.endswith(b"XMP \x03\0\0\0odd\0"), "a chunk of odd length is filled up"
    assert int.from_bytes(written[4:8], "little") == len(written) - 8


def simple(data: bytes) -> bytes:
    """A WebP of the extended form without its header."""
    at = data.index(b"VP8L")
    end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
    body = b"WEBP" + data[at : end + end % 2]
    return b"RIFF" + len(body).to_bytes(4, "little") + body
