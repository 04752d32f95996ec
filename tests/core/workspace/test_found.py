"""What a detector finds is entered once; finding it again changes nothing, and a person's decision stays."""

from __future__ import annotations

import pytest

from core.workspace import cast, characters, faces
from core.workspace.faces import NewFace
from core.workspace.found import FoundPicture, add_found
from core.workspace.states import OPEN_REVIEWS, ReviewState
from core.workspace.undo import undo

WAITING = (ReviewState.NEW, *OPEN_REVIEWS)
BOX = {"x": 10.0, "y": 20.0, "w": 30.0, "h": 40.0}


@pytest.fixture
def picture(catalogue):
    rei = catalogue.add_character("Rei")
    return catalogue.add_picture(rei.id, path="pictures/Rei/001.jpg", width=100, height=100)


def proposal(picture, **values):
    about = {"picture_id": picture.id, "state": "proposed", "detector": "cnn"}
    return NewFace(BOX | about | values, "001")


def found(picture, *new, review=ReviewState.LOOK):
    return FoundPicture(picture.id, review, new)


def boxes(project):
    return [(f.x, f.state) for f in project.catalogue.faces(state=("proposed", "kept"))]


def test_new_faces_are_entered_and_counted(project, picture):
    counts = add_found(project, [found(picture, proposal(picture), proposal(picture, x=60.0))], WAITING)
    assert counts == {"sure": 0, "look": 1, "nothing": 0, "kept": 0, "proposed": 2}
    assert project.catalogue.picture(picture.id).review == "look"
    assert [f.path for f in project.catalogue.faces()] == ["faces/Rei/001_1.jpg", "faces/Rei/001_2.jpg"]
    assert project.catalogue.changes()[0].action == "faces found in 1 pictures"
    assert undo(project) is None  # no decision of a person


@pytest.mark.parametrize(("moved", "same"), [(0.0, True), (0.0078125, True), (-0.0078125, True), (0.5, False)])
@pytest.mark.parametrize("key", ["x", "y", "w", "h"])
def test_a_box_found_again_a_hair_away_is_the_same_face(project, picture, key, moved, same):
    add_found(project, [found(picture, proposal(picture))], WAITING)
    (first,) = project.catalogue.faces()
    add_found(project, [found(picture, proposal(picture, **{key: BOX[key] + moved}))], WAITING)
    live = project.catalogue.faces(state="proposed")
    assert len(live) == 1
    assert (live[0].id == first.id) is same


@pytest.mark.parametrize("other", [{"detector": "cascade"}, {"character_id": 2}])
def test_the_same_box_of_another_detector_or_character_is_a_new_face(project, picture, other):
    assert project.catalogue.add_character("Asuka").id == 2
    add_found(project, [found(picture, proposal(picture))], WAITING)
    add_found(project, [found(picture, proposal(picture, **other))], WAITING)
    assert [f.state for f in project.catalogue.faces()] == ["removed", "proposed"]


def test_what_is_found_no_more_is_taken_back_and_two_equal_boxes_stay_two(project, picture):
    add_found(project, [found(picture, proposal(picture), proposal(picture), proposal(picture, x=60.0))], WAITING)
    add_found(project, [found(picture, proposal(picture), proposal(picture))], WAITING)
    assert boxes(project) == [(10.0, "proposed"), (10.0, "proposed")]
    counts = add_found(project, [found(picture, review=ReviewState.NOTHING)], WAITING)
    assert boxes(project) == []
    assert counts["nothing"] == 1


def test_a_picture_on_which_a_person_decided_is_passed_over(project, picture):
    add_found(project, [found(picture, proposal(picture), proposal(picture, x=60.0))], WAITING)
    faces.reject(project, project.catalogue.faces()[:1], "logo")
    counts = add_found(project, [found(picture)], (*WAITING, ReviewState.DONE))
    assert sum(counts.values()) == 0
    assert [f.state for f in project.catalogue.faces()] == ["rejected", "proposed"]


def test_a_picture_that_does_not_wait_is_passed_over(project, picture):
    project.catalogue.set_values("pictures", {picture.id: {"review": "done"}})
    assert add_found(project, [found(picture, proposal(picture))], WAITING)["look"] == 0
    assert project.catalogue.faces() == []


def test_a_face_is_its_pictures_characters_as_that_is_when_it_is_entered(project, picture):
    asuka = project.catalogue.add_character("Asuka")
    characters.merge(project, project.catalogue.character("Rei"), asuka)
    add_found(project, [found(picture, proposal(picture))], WAITING)
    (face,) = project.catalogue.faces()
    assert (face.character_id, face.path) == (asuka.id, "faces/Asuka/001_1.jpg")


def test_a_face_that_is_said_to_be_somebodys_who_is_gone_is_nobodys(project, picture):
    asuka = project.catalogue.add_character("Asuka")
    characters.delete(project, asuka)
    add_found(project, [found(picture, proposal(picture, character_id=asuka.id))], WAITING)
    assert [f.character_id for f in project.catalogue.faces()] == [None]


@pytest.mark.parametrize("act", ["merge", "merge all", "remove"])
def test_who_a_face_is_after_a_merge_says_nothing_of_its_box_so_it_is_looked_for_again(project, picture, act):
    add_found(project, [found(picture, proposal(picture))], WAITING)
    rei, asuka = project.catalogue.character("Rei"), project.catalogue.add_character("Asuka")
    if act == "merge":
        characters.merge(project, rei, asuka)
    elif act == "merge all":
        cast.merge_all(project, [rei, asuka], "Langley")
    else:
        cast.remove_all(project, [rei], keep_faces=True)
    assert add_found(project, [found(picture, proposal(picture, x=60.0))], WAITING)["proposed"] == 1
    assert boxes(project) == [(60.0, "proposed")]
