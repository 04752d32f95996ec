"""Face regions as photo programs write them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from core.imaging.metadata import ORIENTATION
from core.imaging.regions import Region, read_regions, regions_xmp, turned

REI = Region(0.25, 0.125, 0.25, 0.125, 'Rei "<&> 綾波')


def rounded(regions) -> list[Region]:
    return [Region(*(round(getattr(r, k), 4) for k in "xywh"), r.name) for r in regions]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_is_written_is_read_back_however_the_picture_is_turned(orientation):
    written = regions_xmp([REI, Region(0.5, 0.5, 0.1, 0.1)], 400, 800, orientation)
    assert rounded(read_regions(written, 400, 800, orientation)) == [REI, Region(0.5, 0.5, 0.1, 0.1)]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_region_of_the_stored_picture_lies_where_pillow_turns_its_pixels(orientation):
    stored = np.zeros((80, 160), np.uint8)
    stored[10:20, 20:60] = 255
    image = Image.fromarray(stored)
    image.getexif()[ORIENTATION] = orientation
    shown = np.asarray(ImageOps.exif_transpose(image))
    x, y, w, h = cv2.boundingRect(shown)
    height, width = shown.shape
    region = turned(Region(40 / 160, 15 / 80, 40 / 160, 10 / 80), orientation)
    found = [region.x * width - region.w * width / 2, region.y * height - region.h * height / 2]
    assert [*found, region.w * width, region.h * height] == pytest.approx([x, y, w, h])


def packet(area: str, dimensions: str = "", name: str = 'mwg-rs:Name="Rei"', kind: str = "Face") -> bytes:
    """As exiftool and Lightroom write it: elements where others have attributes."""
    text = regions_xmp([], 400, 800).decode()
    applied = text[text.index("<mwg-rs:AppliedTo") : text.index("<mwg-rs:RegionList>")]
    item = f'<rdf:li><rdf:Description {name} mwg-rs:Type="{kind}">{area}</rdf:Description></rdf:li>'
    return text.replace("<rdf:Bag>", f"<rdf:Bag>{item}").replace(applied, dimensions).encode()


ELEMENTS = (
    '<mwg-rs:Area rdf:parseType="Resource"><stArea:x>0.5</stArea:x><stArea:y>0.25</stArea:y><stArea:w>0.1</stArea:w>'
    "<stArea:h>0.05</stArea:h><stArea:unit>normalized</stArea:unit></mwg-rs:Area>"
)


def test_properties_as_elements_are_read_and_missing_dimensions_are_no_fault():
    assert read_regions(packet(ELEMENTS), 400, 800) == [Region(0.5, 0.25, 0.1, 0.05, "Rei")]


def test_pixels_need_the_dimensions_they_refer_to():
    area = '<mwg-rs:Area stArea:x="100" stArea:y="200" stArea:w="40" stArea:h="80" stArea:unit="pixel"/>'
    dimensions = '<mwg-rs:AppliedToDimensions stDim:w="400" stDim:h="800" stDim:unit="pixel"/>'
    assert read_regions(packet(area, dimensions), 200, 400) == [Region(0.25, 0.25, 0.1, 0.1, "Rei")]
    assert read_regions(packet(area), 200, 400) == []


def test_a_picture_that_was_cut_since_has_no_regions_and_a_smaller_one_has():
    written = regions_xmp([REI], 400, 800)
    assert read_regions(written, 400, 500) == []
    assert len(read_regions(written, 200, 400)) == 1


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\0\0",
        b"<x",
        b"<a/>",
        packet(ELEMENTS, kind="Pet"),
        packet(ELEMENTS.replace("0.5<", "nan<")),
        packet(ELEMENTS.replace("0.5<", "7<")),
        packet(ELEMENTS.replace("0.1<", "0<")),
        packet(""),
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + packet(ELEMENTS).split(b"?>", 1)[1],
    ],
)
def test_what_is_damaged_hostile_or_no_face_is_passed_over(damaged):
    assert read_regions(damaged, 400, 800) == []


def area(x="0.5", y="0.5", w="0.1", h="0.1", unit="normalized") -> str:
    return f'<mwg-rs:Area stArea:x="{x}" stArea:y="{y}" stArea:w="{w}" stArea:h="{h}" stArea:unit="{unit}"/>'


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ({"x": "0"}, True),
        ({"x": "1"}, True),
        ({"y": "0"}, True),
        ({"y": "1"}, True),
        ({"x": "1.01"}, False),
        ({"y": "1.01"}, False),
        ({"x": "-0.01"}, False),
        ({"y": "-0.01"}, False),
        ({"w": "1.5"}, True),
        ({"h": "1.5"}, True),
        ({"w": "1.51"}, False),
        ({"h": "1.51"}, False),
        ({"w": "0"}, False),
        ({"h": "0"}, False),
        ({"x": "inf"}, False),
        ({"w": "words"}, False),
    ],
)
def test_a_region_lies_on_the_picture_and_has_a_size(values, read):
    assert bool(read_regions(packet(area(**values)), 400, 800)) is read


def test_pixels_are_shares_of_the_width_and_of_the_height():
    dimensions = '<mwg-rs:AppliedToDimensions stDim:w="400" stDim:h="800" stDim:unit="pixel"/>'
    found = read_regions(packet(area("100", "400", "40", "160", "pixel"), dimensions), 400, 800)
    assert found == [Region(0.25, 0.5, 0.1, 0.2, "Rei")]


@pytest.mark.parametrize(("width", "read"), [(400, True), (407, True), (409, False), (393, True), (392, False)])
def test_a_shape_may_differ_by_two_in_a_hundred(width, read):
    assert bool(read_regions(regions_xmp([REI], 400, 800), width, 800)) is read


def test_of_a_turned_picture_regions_of_the_shown_one_are_taken_as_they_are():
    """Some programs write what they show: 400 x 800 here, though 800 x 400 is stored."""
    assert rounded(read_regions(regions_xmp([REI], 400, 800, 1), 400, 800, 6)) == [REI]


def test_no_more_than_a_thousand_regions_are_read():
    written = regions_xmp([REI] * 1001, 400, 800)
    assert len(read_regions(written, 400, 800)) == 1000


@pytest.mark.parametrize(("kind", "read"), [("face", True), ("FACE", True), ("", True), ("Focus", False)])
def test_a_region_that_says_nothing_of_its_kind_is_a_face(kind, read):
    assert bool(read_regions(packet(ELEMENTS, kind=kind), 400, 800)) is read
