"""Which part of a data set a face and a picture belong to."""

from __future__ import annotations

from dataclasses import replace

from core.datasets.records import NOT_DIVIDED, DataSet, PictureRecord, face_parts, picture_parts
from core.workspace.states import Part


def parted(data) -> list[tuple[str, int]]:
    return [(part, p.id) for part, p in picture_parts(data)[0]]


def with_parts(data, *parts) -> DataSet:
    """The data set whose first picture has a face for each of these parts."""
    first, *others = data.pictures
    faces = tuple(replace(first.faces[0], id=20 + i, part=part) for i, part in enumerate(parts))
    return DataSet("test", (replace(first, faces=faces), *others))


def test_faces_go_where_the_split_says_and_those_without_a_name_nowhere(data):
    found, notes = face_parts(data)
    assert [(part, face.id) for part, _, face in found] == [("train", 11), ("validation", 12), ("test", 13)]
    assert notes == []


def test_pictures_go_with_their_faces_and_empty_ones_only_where_somebody_looked(data):
    found, (note,) = picture_parts(data)
    assert [(part, p.id) for part, p in found] == [("train", 1), ("validation", 2), ("test", 3), ("train", 4)]
    assert note == "1 picture left out: without a kept face, and nobody has looked."


def test_a_picture_with_faces_of_several_parts_is_never_trained_on_where_one_is_measured_with(data):
    assert parted(with_parts(data, Part.TRAIN, Part.VALIDATION))[0] == ("validation", 1)
    assert parted(with_parts(data, Part.VALIDATION, Part.STRANGER))[0] == ("test", 1)
    assert parted(with_parts(data, Part.TRAIN, Part.SPARE))[0] == ("train", 1)


def test_spare_and_new_faces_stay_out_and_are_told(data):
    changed = with_parts(data, Part.SPARE)
    assert 1 not in [i for _, i in parted(changed)]
    assert "1 picture left out: spare, Balance keeps them out of the training." in picture_parts(changed)[1]
    found, notes = face_parts(with_parts(data, Part.SPARE, "", ""))
    assert [face.id for _, _, face in found] == [12, 13]
    assert notes == [
        "1 face left out: spare, Balance keeps them out of the training.",
        "2 faces left out: not divided yet. Balance again to divide them.",
    ]


def test_without_a_division_all_is_training_data(data):
    pictures = tuple(replace(p, faces=tuple(replace(f, part="") for f in p.faces)) for p in data.pictures)
    whole = DataSet("test", pictures)
    assert {part for part, _, _ in face_parts(whole)[0]} == {"train"}
    assert face_parts(whole)[1] == [NOT_DIVIDED]
    assert parted(whole) == [("train", 1), ("train", 2), ("train", 3), ("train", 4)]
    assert picture_parts(whole)[1][0] == NOT_DIVIDED


def test_rejected_faces_and_rejected_pictures_are_not_data(data):
    first, second, *others = data.pictures
    rejected = replace(first, faces=tuple(replace(f, state="rejected") for f in first.faces))
    gone = replace(second, state="rejected")
    left = DataSet("test", (rejected, gone, *others))
    assert [face.id for _, _, face in face_parts(left)[0]] == [13]
    assert parted(left) == [("test", 3), ("train", 4)]


def test_faces_that_came_cut_out_are_no_pictures(data):
    only = replace(data.pictures[0], file=None, kind="face")
    _, notes = picture_parts(DataSet("test", (only,)))
    assert notes[-1] == "1 face left out: cut out already, without a picture around."
    assert isinstance(only, PictureRecord)
