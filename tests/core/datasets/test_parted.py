"""Pictures with boxes by part of the split: class names in order, copies of the files, boxes inside their pictures."""

from __future__ import annotations

from dataclasses import replace

from core.datasets.parted import parted_pictures
from core.datasets.records import UNNAMED, DataSet
from core.imaging.boxes import Box


def test_each_picture_is_in_the_part_of_its_faces_under_the_name_of_its_copy(data):
    found = parted_pictures(data)
    assert {part: [p.id for p in pictures] for part, pictures in found.parts.items()} == {
        "train": [1, 4],
        "validation": [2],
        "test": [3],
    }
    assert found.items == {"train": 2, "validation": 1, "test": 1}
    paths = {output.path for output in found.files}
    for part, pictures in found.parts.items():
        assert {f"images/{part}/{p.file_name}" for p in pictures} <= paths
    assert "provenance.csv" in paths


def test_classes_come_in_order_and_a_face_that_nobody_named_is_a_face(data):
    found = parted_pictures(data)
    assert found.names == ("Asuka", "Kaworu", "Rei A", UNNAMED)
    (first, _) = found.parts["train"]
    assert [box.name for box in first.boxes] == ["Rei A", UNNAMED]
    assert first.boxes[0].attributes["score"] == 0.9


def test_a_box_that_leaves_its_picture_is_clipped_and_one_outside_is_left_out(data):
    picture = data.pictures[0]
    out = [replace(picture.faces[0], box=box) for box in (Box(150, 100, 20, 40), Box(170, 10, 5, 5))]
    (one,) = parted_pictures(DataSet("test", (replace(picture, faces=tuple(out)),))).parts["train"]
    assert [box.box for box in one.boxes] == [Box(150, 100, 10, 20)]
