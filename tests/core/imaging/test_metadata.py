"""XMP written into files: Pillow reads it, the pixels stay as they are."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from core.errors import PictureError
from core.imaging.metadata import ORIENTATION, picture_regions, shown_size, with_xmp
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
