"""COCO as other tools write it, read without a catalogue."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.datasets.annotations import AnnotatedPicture, NamedBox
from core.datasets.coco import SHOWN, coco_document, plan_coco, read_coco
from core.datasets.outputs import write_folder
from core.errors import DataError
from core.imaging.boxes import Box

GOOD = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 20, 30, 40]}


def document(*annotations, image=None, category=None) -> dict:
    return {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 80} | (image or {})],
        "annotations": list(annotations or [GOOD]),
        "categories": [{"id": 1, "name": "Rei"} | (category or {})],
    }


def read(value) -> tuple:
    found = read_coco(json.dumps(value).encode())
    return [(named.box, named.name) for picture in found.pictures for named in picture.boxes], found.problems


def test_what_is_written_is_read_back():
    pictures = [
        AnnotatedPicture("a.jpg", (NamedBox(Box(1, 2, 3, 4), "Rei"), NamedBox(Box(5, 6, 7, 8), "綾波")), 90, 60)
    ]
    found = read_coco(json.dumps(coco_document(pictures, {"Rei": 7, "綾波": 9})).encode())
    assert found.pictures == (
        AnnotatedPicture("a.jpg", (NamedBox(Box(1, 2, 3, 4), "Rei"), NamedBox(Box(5, 6, 7, 8), "綾波")), 90, 60),
    )
    assert (found.names, found.problems, found.boxes) == (("Rei", "綾波"), (), 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_any_encoding(encoding):
    assert read_coco(json.dumps(document()).encode(encoding)).boxes == 1


@pytest.mark.parametrize(
    "annotation",
    [
        {"bbox": ["10", "20", "30", "40"]},
        {"bbox": [10.0, 20.0, 30.0, 40.0]},
        {"bbox": None, "segmentation": [[10, 20, 40, 20, 40, 60, 10, 60]]},
        {"bbox": [], "segmentation": [[10, 20, 40, 20], [10, 20, 40, 20, 40, 60]]},
        {"bbox": [10, 20, 0, 0], "segmentation": [["10", "20", "40", "20", "40", "60"]]},
        {"category_id": "1"},
        {"image_id": "1"},
        {"iscrowd": False},
    ],
)
def test_the_ways_in_which_tools_write_a_box(annotation):
    boxes, problems = read(document(GOOD | annotation))
    assert boxes == [(Box(10, 20, 30, 40), "Rei")]
    assert problems == ()


@pytest.mark.parametrize("size", [{"width": "100", "height": "80"}, {"width": 100.0, "height": 80.0}])
def test_sizes_as_text(size):
    (picture,) = read_coco(json.dumps(document(image=size)).encode()).pictures
    assert (picture.width, picture.height) == (100, 80)


@pytest.mark.parametrize("size", [{"width": None}, {"width": 0}, {"height": "tall"}, {"width": float("nan")}])
def test_a_size_that_is_none_is_not_used(size):
    (picture,) = read_coco(json.dumps(document(image=size)).encode()).pictures
    assert (picture.width, picture.height) == (0, 0)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"bbox": [float("nan")] * 4}, "Annotation 2 (id 2): its bbox is [NaN"),
        ({"bbox": [1, 2, float("inf"), 4]}, "finite and above 0"),
        ({"bbox": None}, "its bbox is null"),
        ({"bbox": [1, 2]}, "its bbox is [1, 2]"),
        ({"bbox": "1,2,3,4"}, 'its bbox is "1,2,3,4"'),
        ({"bbox": {"x": 1}}, 'its bbox is {"x": 1}'),
        ({"bbox": [1, 2, -3, 4]}, "its bbox is [1, 2, -3, 4]"),
        ({"bbox": [True, True, True, True]}, "its bbox is [true"),
        ({"bbox": [1, 2, 10**400, 4]}, "finite"),
        ({"image_id": 99}, "there is no image 99"),
        ({"image_id": None}, "there is no image None"),
    ],
)
def test_one_bad_box_is_told_and_the_others_are_read(bad, words):
    boxes, problems = read(document(GOOD, {**GOOD, "id": 2, **bad}))
    assert boxes == [(Box(10, 20, 30, 40), "Rei")]
    assert len(problems) == 1 and words in problems[0]


@pytest.mark.parametrize(
    ("category", "words"),
    [
        ({"name": 7}, "7, which is no text"),
        ({"name": None}, "None"),
        ({"id": 5}, "no category 1"),
        ({"id": None}, "no id"),
    ],
)
def test_a_face_of_an_unknown_category_has_no_name(category, words):
    boxes, problems = read(document(category=category))
    assert boxes == [(Box(10, 20, 30, 40), "")]
    assert any(words in problem for problem in problems)


def test_a_crowd_is_no_face():
    assert read(document(GOOD, GOOD | {"iscrowd": 1, "bbox": [0, 0, 9, 9]}))[0] == [(Box(10, 20, 30, 40), "Rei")]


def test_roboflow_keeps_the_old_name_beside_the_new_one():
    value = document(image={"file_name": "a_jpg.rf.0a1b.jpg", "extra": {"name": "a.jpg"}})
    assert read_coco(json.dumps(value).encode()).pictures[0].aliases == ("a.jpg",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is no JSON"),
        (b"[]", "it is a list"),
        (b"null", "it is null"),
        (b"7", "it is a number"),
        (b"{}", "without images"),
        (b'"text"', "it is text"),
        (b'{"images": {}}', "images is no list"),
        (b'{"images": []}', "lists no image"),
        (b'{"images": [{"id": 1}]}', "Image 1 has no id or no file_name"),
        (b"[" * 100_000, "it is no JSON"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "it is no JSON"),
        (json.dumps(document(GOOD | {"bbox": None})).encode(), "None of the 1 boxes"),
        (json.dumps(document(7, "x", None)).encode(), "None of the 3 boxes"),
    ],
)
def test_what_is_no_coco_file_is_told(data, words):
    with pytest.raises(DataError, match=words):
        read_coco(data)


def test_a_picture_of_one_pixel_has_a_size():
    (picture,) = read_coco(json.dumps(document(image={"width": 1, "height": 0.5})).encode()).pictures
    assert (picture.width, picture.height) == (1.0, 0.5)


@pytest.mark.parametrize(("bad", "told"), [(1, 1), (SHOWN, SHOWN), (SHOWN + 1, SHOWN + 1), (SHOWN + 5, SHOWN + 1)])
def test_the_first_problems_are_told_and_how_many_more_there_are(bad, told):
    boxes, problems = read(document(*[GOOD | {"bbox": None}] * bad, GOOD))
    assert len(boxes) == 1 and len(problems) == told
    assert (problems[-1] == f"... and {bad - SHOWN} more.") is (bad > SHOWN)


def test_what_is_written_field_by_field():
    box = NamedBox(Box(1, 2, 3, 4.5), "Rei", attributes={"pose": "front"})
    written = coco_document([AnnotatedPicture("a.jpg", (box, box), 90, 60), AnnotatedPicture("b.jpg")], {"Rei": 7})
    assert written["images"] == [
        {"id": 1, "file_name": "a.jpg", "width": 90, "height": 60},
        {"id": 2, "file_name": "b.jpg", "width": 0, "height": 0},
    ]
    first, second = written["annotations"]
    assert first == {
        "id": 1,
        "image_id": 1,
        "category_id": 7,
        "bbox": [1, 2, 3, 4.5],
        "area": 13.5,
        "iscrowd": 0,
        "segmentation": [],
        "attributes": {"pose": "front"},
    }
    assert second["id"] == 2
    assert written["categories"] == [{"id": 7, "name": "Rei", "supercategory": "face"}]


def test_ids_that_are_given_stay():
    picture = AnnotatedPicture("a.jpg", (NamedBox(Box(1, 2, 3, 4), "Rei", 41),), 90, 60, id=17)
    written = coco_document([picture], {"Rei": 7})
    assert (written["images"][0]["id"], written["annotations"][0]["id"]) == (17, 41)
    assert written["annotations"][0]["image_id"] == 17


def test_two_images_of_one_id_are_left_out_with_their_boxes():
    value = document(GOOD)
    value["images"] += [{"id": "1", "file_name": "b.jpg"}, {"id": 2.0, "file_name": "c.jpg"}]
    value["annotations"] += [{**GOOD, "image_id": 2}]
    found = read_coco(json.dumps(value).encode())
    assert [picture.file_name for picture in found.pictures] == ["c.jpg"]
    assert "2 images have the same id 1; their boxes are left out." in found.problems


@pytest.mark.parametrize(("right", "shares"), [(1.0, True), (1.001, True), (1.1, False)])
def test_numbers_up_to_one_are_shares(right, shares):
    found = read_coco(json.dumps(document(GOOD | {"bbox": [0.5, 0.25, right - 0.5, 0.25]})).encode())
    assert (found.pictures[0].width == 1.0) is shares
    assert any("read as shares" in problem for problem in found.problems) is shares
    tall = read_coco(json.dumps(document(GOOD | {"bbox": [0.25, 0.5, 0.25, right - 0.5]})).encode())
    assert (tall.pictures[0].width == 1.0) is shares


def test_the_first_image_without_an_id_is_named_and_how_many_there_are():
    value = document(GOOD)
    value["images"] += [{"file_name": "b.jpg"}, 7, {"id": 3}]
    assert "Image 2 has no id or no file_name (3 such)." in read_coco(json.dumps(value).encode()).problems


@pytest.mark.parametrize("polygon", [[10, 20, 40, 60], [10, 20, 40, 60, 40], "polygon", 7, {"counts": [1]}, [None] * 6])
def test_a_polygon_has_three_points_at_least(polygon):
    boxes, problems = read(document(GOOD, {**GOOD, "bbox": None, "segmentation": [polygon]}))
    assert len(boxes) == 1 and len(problems) == 1


def test_unreadable_boxes_are_counted_for_their_image():
    value = document(GOOD, GOOD | {"bbox": None}, GOOD | {"bbox": [1, 2]}, GOOD | {"image_id": 9})
    value["images"].append({"id": 2, "file_name": "b.jpg"})
    found = read_coco(json.dumps(value).encode())
    assert [(picture.file_name, picture.unreadable) for picture in found.pictures] == [("a.jpg", 2), ("b.jpg", 0)]
    assert found.bad_boxes == 3


def test_names_are_written_as_they_are(data, tmp_path):
    first = data.pictures[0]
    named = replace(first, faces=(replace(first.faces[0], name="綾波"),))
    out = write_folder(tmp_path / "set", plan_coco(replace(data, pictures=(named,))))
    assert '"綾波"' in (out / "annotations" / "instances_train.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("crowd", [1, True, "1"])
def test_each_way_to_say_that_it_is_a_crowd(crowd):
    assert read(document(GOOD, GOOD | {"iscrowd": crowd})) == read(document(GOOD))
