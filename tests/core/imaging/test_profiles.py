"""Colours of wide-gamut, grey and CMYK profiles in sRGB, with matrices that can be computed by hand."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from core.imaging.reading import read_picture

D50 = (0.9642, 1.0, 0.8249)
DISPLAY_P3 = ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
"""X, Y, Z of red, green and blue, adapted to D50 (from the profiles' own specifications)."""


def fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65_536))


def profile(colours, gamma: float, kind: bytes = b"RGB ") -> bytes:
    """An ICC profile of three primaries, or of grey, and one gamma; ICC.1:2001-04."""
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    names = (b"rXYZ", b"gXYZ", b"bXYZ")[: len(colours)]
    place = {n: b"XYZ " + bytes(4) + b"".join(map(fixed, xyz)) for n, xyz in zip(names, colours, strict=True)}
    curves = (b"rTRC", b"gTRC", b"bTRC") if colours else (b"kTRC",)
    text = b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(4 + 4 + 2 + 1 + 67 + 3)
    white = b"XYZ " + bytes(4) + b"".join(map(fixed, D50))
    tags = {b"desc": text, b"wtpt": white, **place, **dict.fromkeys(curves, curve)}
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"test", 0x02400000, b"mntr", kind, b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + b"".join(map(fixed, D50)) + bytes(48)
    return head + struct.pack(">I", len(tags)) + table + body


def read(colour, icc: bytes | None, mode: str = "RGB", form: str = "PNG", **more) -> list[int]:
    sink = io.BytesIO()
    Image.new(mode, (9, 7), colour).save(sink, form, icc_profile=icc, **more)
    return read_picture(sink.getvalue())[3, 4].tolist()


def gamma_to_srgb(share: float, gamma: float) -> int:
    """A grey of some gamma as sRGB says it (IEC 61966-2-1)."""
    light = share**gamma
    return round(255 * (12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


@pytest.mark.parametrize(
    ("icc", "colour", "wanted"),
    [
        (profile(DISPLAY_P3, 2.2), (234, 51, 35), (255, 0, 0)),  # what pure sRGB red is in Display P3
        (profile(ADOBE_RGB, 2.2), (219, 0, 0), (255, 0, 0)),  # and in Adobe RGB
        (profile(ADOBE_RGB, 2.2), (144, 255, 60), (0, 255, 0)),
    ],
)
def test_primaries_of_srgb_come_back_from_a_wider_space(icc, colour, wanted):
    assert np.abs(np.array(read(colour, icc)) - wanted).max() <= 6
    assert read(colour, None) == list(colour)


@pytest.mark.parametrize("mode, kind, colours", [("RGB", b"RGB ", DISPLAY_P3), ("L", b"GRAY", ())])
def test_a_grey_of_gamma_1_8_becomes_lighter_by_the_formula(mode, kind, colours):
    grey = (128, 128, 128) if mode == "RGB" else 128
    wanted = gamma_to_srgb(128 / 255, 1.8)
    assert wanted == 146
    assert read(grey, profile(colours, 1.8, kind), mode) == pytest.approx([wanted] * 3, abs=1)


def test_white_and_black_stay():
    for colour in ((255, 255, 255), (0, 0, 0)):
        assert read(colour, profile(ADOBE_RGB, 2.2)) == list(colour)


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_transparency_is_laid_on_white_first(mode):
    wide = profile(ADOBE_RGB, 2.2)
    if mode == "RGBA":
        assert read((219, 0, 0, 0), wide, "RGBA") == [255, 255, 255]
        assert read((219, 0, 0, 255), wide, "RGBA") == pytest.approx([255, 0, 0], abs=6)
    else:
        image = Image.new("P", (9, 7), 1)
        image.putpalette([0, 0, 0, 219, 0, 0])
        for clear, wanted in ((0, [255, 0, 0]), (1, [255, 255, 255])):
            sink = io.BytesIO()
            image.save(sink, "PNG", icc_profile=wide, transparency=clear)
            assert read_picture(sink.getvalue())[3, 4].tolist() == pytest.approx(wanted, abs=6)


def test_srgb_itself_broken_profiles_and_those_of_another_kind_change_nothing():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    wide = profile(ADOBE_RGB, 2.2)
    for icc in (srgb, b"no profile", wide[:200], bytes(500), profile((), 1.8, b"GRAY"), wide + bytes(4_000_001)):
        assert read((200, 100, 50), icc) == [200, 100, 50]
    assert read((0, 255, 255, 0), wide, "CMYK", "JPEG", quality=100) == pytest.approx([255, 0, 0], abs=3)


def test_the_three_wide_pictures_look_like_the_one_in_srgb(cases):
    wanted = read_picture(cases / "reading" / "ref.png").astype(int)
    for name in ("p3", "adobe", "prophoto"):
        found = read_picture(cases / "other" / f"icc_{name}.png")
        assert np.abs(found - wanted).mean() < 1.5, name
