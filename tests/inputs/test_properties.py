"""Inputs that nobody thought of: whatever bytes, names, boxes and lists are given, a value or a sentence comes out."""

from __future__ import annotations

import json
from contextlib import suppress

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.collect.characters import parse_list
from core.collect.importing import preview_import
from core.collect.layout import arrange
from core.datasets.coco import read_coco
from core.datasets.matching import Target, match_pictures, place_boxes
from core.datasets.tables import guarded, read_table, table_text
from core.datasets.yolo import read_yolo
from core.errors import WhoAmIError
from core.imaging.formats import kind
from core.imaging.names import true_name
from core.imaging.reading import read_picture
from core.imaging.text import decode_names, decode_text
from core.workspace.folders import slug
from tests.inputs.case import encoded, picture, plain_zip, png, raw_zip

SMALL = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PICTURES = [
    png(1),
    *(encoded(picture(n), form) for n, form in enumerate(("JPEG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"))),
]
TARGETS = [Target(1, "pictures/Rei/a.jpg", 100, 80, ("000001_a",), "Rei"), Target(2, "pictures/B/a.jpg", 9, 9)]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@SMALL
@given(st.sampled_from(PICTURES), st.integers(0, 10_000), st.binary(max_size=12), st.integers(0, 4000))
def test_a_damaged_picture_is_pixels_or_a_sentence(data, at, junk, cut):
    at %= len(data)
    damaged = data[:at] + junk + data[at + len(junk) :]
    with suppress(WhoAmIError):
        rgb = read_picture(damaged[: len(damaged) - cut % len(damaged)] if cut % 3 == 0 else damaged)
        assert rgb.dtype == np.uint8 and rgb.shape[2] == 3


@SMALL
@given(st.binary(max_size=600))
def test_any_bytes_are_of_some_kind_and_some_text(data):
    assert isinstance(kind(data), str)
    assert isinstance(decode_text(data), str)
    assert decode_names([data, b"a"])[1] == "a"


@SMALL
@given(st.text(max_size=60))
def test_a_true_name_and_a_slug_are_safe(text):
    name = true_name(text)
    assert true_name(name) == name
    name.encode()
    part = slug(name)
    assert part and "/" not in part and part not in (".", "..") and len(part.encode()) <= 250


@SMALL
@given(
    st.lists(st.lists(st.sampled_from(["Rei", "rei", "train", "test", "images", "a.png", "x"]), min_size=1, max_size=4))
)
def test_every_picture_has_a_character_or_is_loose(paths):
    layout = arrange([tuple(path) for path in paths])
    placed = [i for members in layout.characters.values() for i in members]
    assert sorted([*placed, *layout.loose]) == list(range(len(paths)))


@SMALL
@given(
    st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=6, unique=True), st.sampled_from([0, 1, 0x800])
)
def test_a_zip_with_any_names_is_listed_or_refused(tmp_path, names, flags):
    path = raw_zip(tmp_path / "a.zip", dict.fromkeys(names, png()), flags=flags)
    with suppress(WhoAmIError):
        preview_import(path)


@SMALL
@given(st.integers(0, 100_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_zip_is_listed_or_refused(tmp_path, at, junk):
    data = plain_zip(tmp_path / "a.zip", {"Rei/1.png": png(), "Asuka/2.png": png(2)}).read_bytes()
    at %= len(data)
    (tmp_path / "a.zip").write_bytes(data[:at] + junk + data[at + len(junk) :])
    with suppress(WhoAmIError):
        preview_import(tmp_path / "a.zip")


@SMALL
@given(JSON, JSON, JSON)
def test_any_json_is_boxes_or_a_sentence(image, annotation, category):
    document = {
        "images": [{"id": 1, "file_name": "a.jpg"}, image],
        "annotations": [annotation],
        "categories": [category],
    }
    with suppress(WhoAmIError):
        found = read_coco(json.dumps(document).encode())
        for place, target in match_pictures(found.pictures, TARGETS).items():
            place_boxes(found.pictures[place], target)


@SMALL
@given(st.lists(JSON, min_size=1, max_size=4), JSON, JSON)
def test_any_box_is_used_or_told(bbox, width, category):
    image = {"id": 1, "file_name": "a.jpg", "width": width, "height": 80}
    box = {"image_id": 1, "category_id": category, "bbox": bbox}
    good = {"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}
    document = {"images": [image], "annotations": [box, good], "categories": [{"id": 1, "name": "Rei"}]}
    found = read_coco(json.dumps(document).encode())
    assert 1 <= found.boxes <= 2 and found.boxes + found.bad_boxes == 2
    for named in place_boxes(found.pictures[0], TARGETS[0])[0]:
        assert named.box.clip(100, 80) == named.box


@SMALL
@given(st.text(alphabet="01.-e ,;nai\n\tRe", max_size=80), st.text(alphabet="names: []{}&*!|>\n-0Rei'\"#", max_size=60))
def test_any_labels_are_boxes_or_a_sentence(tmp_path, lines, yaml):
    (tmp_path / "a.txt").write_text(lines)
    (tmp_path / "data.yaml").write_text(yaml)
    with suppress(WhoAmIError):
        for one in read_yolo(tmp_path).pictures:
            for named in place_boxes(one, TARGETS[0])[0]:
                assert named.box.clip(100, 80) == named.box


@SMALL
@given(st.binary(max_size=200) | st.text(alphabet="Rei綾,;|\t\n\"'#= ", max_size=80))
def test_any_list_is_characters_or_a_sentence(data):
    with suppress(WhoAmIError):
        for entry in parse_list(data):
            assert entry.name == true_name(entry.name) != ""


@SMALL
@given(st.lists(st.text(alphabet="=+-@\t\r\n'\"Rei,;1.", min_size=1, max_size=10), min_size=1, max_size=4))
def test_a_written_table_is_read_back_without_formulas(cells):
    assert not any(str(guarded(cell)).startswith(("=", "@", "\t", "\r", "\n")) for cell in cells)
    read_table(table_text(["name"], [cells]), columns={"name": "name"})
