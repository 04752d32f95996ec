"""JPEGs that end too early: how much is there, and from how much on it is shown."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image

from core.errors import PictureError
from core.imaging.cut_short import _sharp, completed, share_of_rows
from core.imaging.reading import read_picture, read_with_note
from tests.conftest import noise

SIDE = 320
"""20 rows of blocks of 16 x 16 pixels."""


def jpeg(rgb: np.ndarray | None = None, **options) -> bytes:
    sink = io.BytesIO()
    picture = np.random.default_rng(0).integers(30, 100, (SIDE, SIDE, 3), dtype=np.uint8) if rgb is None else rgb
    Image.fromarray(picture).save(sink, "JPEG", quality=80, **options)
    return sink.getvalue()


@pytest.mark.parametrize("kept, rows", [(0.98, 0.95), (0.93, 0.9), (0.5, 0.45)])
def test_rows_of_blocks_that_are_not_whole_are_missing(kept, rows):
    data = jpeg()
    assert share_of_rows(completed(data[: int(len(data) * kept)])) == pytest.approx(rows, abs=0.051)


def test_a_picture_cut_near_its_end_is_read_and_told_about():
    data = jpeg()
    whole = read_picture(data)
    rgb, note = read_with_note(data[: int(len(data) * 0.97)])
    assert rgb.shape == whole.shape
    assert (rgb[: SIDE - 32] == whole[: SIDE - 32]).all()
    assert (rgb[-1, -8:] == 128).all()
    assert re.fullmatch(r"the file is cut short: the last [45]\.\d% of its rows are grey", note)


def test_a_missing_end_mark_costs_nothing():
    data = jpeg()
    rgb, note = read_with_note(data[:-2])
    assert (rgb == read_picture(data)).all()
    assert note == "the file is cut short: only its end mark is missing"
    assert read_with_note(data)[1] == ""


@pytest.mark.parametrize("kept", [0.85, 0.5, 0.1])
def test_less_than_nine_tenths_are_refused_with_what_to_do(kept):
    data = jpeg()
    with pytest.raises(PictureError, match=r"half\.jpg is cut short or damaged: .*at least 90%.*Fetch it again"):
        read_picture(data[: int(len(data) * kept)], name="half.jpg")


def test_a_progressive_one_is_read_once_its_detail_is_there():
    data = jpeg(noise(1, SIDE, SIDE), progressive=True)
    whole = read_picture(data).astype(int)
    rgb = read_picture(data[: int(len(data) * 0.97)])
    assert np.abs(rgb - whole).mean() < 3
    with pytest.raises(PictureError, match="cut short"):
        read_picture(data[: int(len(data) * 0.3)])


def test_a_turned_and_a_grey_one_are_measured_before_they_are_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = jpeg(exif=exif)
    assert (read_picture(data[: int(len(data) * 0.97)])[-8:, 0] == 128).all()
    grey = jpeg(np.random.default_rng(1).integers(0, 100, (SIDE, SIDE), dtype=np.uint8))
    assert read_with_note(grey[: int(len(grey) * 0.97)])[1].startswith("the file is cut short: the last")


def test_the_two_cases_of_other_programs_are_read(cases):
    wanted = read_picture(cases / "reading" / "ref.png").astype(int)
    for name in ("i1_cut1pct.jpg", "i2_noeoi.jpg"):
        assert np.abs(read_picture(cases / "reading" / name) - wanted).mean() < 6


def scan(component: int, end: int, low: int, parts: int = 1) -> bytes:
    """The head of a scan of a progressive JPEG: up to which detail, and how many of the lowest bits are left."""
    ids = b"".join(bytes([component + i, 0]) for i in range(parts))
    return b"\xff\xda\0\x08" + bytes([parts]) + ids + bytes([0, end, low]) + b"pixels"


@pytest.mark.parametrize(
    ("scans", "sharp"),
    [
        ([scan(1, 63, 1), scan(2, 63, 0)], True),
        ([scan(1, 63, 0x10), scan(2, 63, 0)], True),
        ([scan(1, 63, 2), scan(2, 63, 0)], False),
        ([scan(1, 62, 1), scan(2, 63, 0)], False),
        ([scan(1, 0, 1), scan(2, 63, 0), scan(2, 63, 0)], False),
        ([scan(1, 0, 1, 3), scan(1, 63, 1), scan(1, 63, 0)], True),
        ([scan(1, 63, 1)], False),
        ([], False),
    ],
)
def test_the_brightness_must_be_known_to_its_finest_detail_but_for_one_bit_in_a_scan_that_has_ended(scans, sharp):
    assert _sharp(b"".join(scans)) is sharp


@pytest.mark.parametrize("kept", range(13))
def test_a_scan_whose_head_breaks_off_shows_nothing(kept):
    assert not _sharp(scan(1, 63, 1)[:kept])


def test_only_a_jpeg_is_completed():
    assert completed(b"\xff\xd8\xffrest") == b"\xff\xd8\xffrest\xff\xd9"
    assert completed(b"\x89PNG") is None


def test_a_picture_all_of_whose_rows_are_grey_has_none():
    assert share_of_rows(jpeg(np.full((32, 32, 3), 128, np.uint8))) == 0.0
    half = np.full((32, 32), 128, np.uint8)
    half[:16] = 20
    assert share_of_rows(jpeg(half)) == 0.5
