"""Pictures of more than 8 bits a colour: what white means in them, and what TIFF's tags say."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from core.imaging.depth import white_of
from core.imaging.reading import read_picture
from tests.inputs.case import chunk

KINDS = {2: 3, 4: 2, 6: 4}
"""PNG's kinds of colour and their channels: RGB, grey and alpha, RGB and alpha."""


def wide_png(values: list[int], kind: int, opaque: int = 65_535) -> bytes:
    """One row of grey pixels of 16 bits."""
    colours = 1 if kind == 4 else 3
    row = b"".join(struct.pack(">H", v) * colours + struct.pack(">H", opaque) * (KINDS[kind] - colours) for v in values)
    head = struct.pack(">IIBBBBB", len(values), 1, 16, kind, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0" + row)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 51, 255], [0, 51, 255]),
        ([0, 682, 1023], [0, 170, 255]),
        ([0, 1365, 4095], [0, 85, 255]),
        ([0, 2570, 5140], [0, 10, 20]),
        ([0, 257, 65_535], [0, 1, 255]),
    ],
)
def test_bits_that_are_not_used_do_not_make_a_picture_black(kind, values, expected):
    assert read_picture(wide_png(values, kind))[0].tolist() == [[v, v, v] for v in expected]


def test_transparency_of_12_bits_is_spread_too():
    assert read_picture(wide_png([0, 4095], 6, opaque=4095))[0, :, 0].tolist() == [0, 255]


def test_white_is_the_most_that_some_number_of_bits_holds():
    assert [white_of(v) for v in (0, 255, 256, 1023, 1024, 4095, 4096)] == [255, 255, 1023, 1023, 4095, 4095, 65_535]


def tiff(values: np.ndarray, **tags: int) -> bytes:
    """A TIFF with tags changed after Pillow has written it."""
    sink = io.BytesIO()
    Image.fromarray(values).save(sink, "TIFF")
    data = sink.getvalue()
    for number, value in ((int(name[1:]), value) for name, value in tags.items()):
        at = data.index(struct.pack("<HHI", number, 3, 1))
        data = data[: at + 8] + struct.pack("<I", value) + data[at + 12 :]
    return data


def test_a_tiff_in_which_0_is_white_is_turned_round():
    assert read_picture(tiff(np.array([[0, 65_535]], np.uint16), t262=0))[0, :, 0].tolist() == [255, 0]


def test_32_bits_without_a_sign_are_read_without_one():
    assert read_picture(tiff(np.array([[0, -1]], np.int32), t339=1))[0, :, 0].tolist() == [0, 255]
