"""What a person says of a wrongly recognised face is one change each, and the same crop stays one face."""

from __future__ import annotations

import pytest

from core.errors import CatalogueError, DataError
from core.workspace.corrections import NO_FACE, not_a_face, not_in_cast, not_this, to_be_named
from core.workspace.enrolment import enrol_as
from core.workspace.lone import LoneFace
from core.workspace.staleness import faces_fingerprint, split_fingerprint
from core.workspace.undo import redo, undo
from tests.conftest import noise
from tests.faces import add_faces

CROP = LoneFace(noise(7), "from the web", "picture.jpg")


def test_not_this_one_takes_a_crop_in_as_an_unnamed_face_with_what_it_is_not(project):
    add_faces(project, {"Rei": 1})
    rei = project.catalogue.character("Rei")
    change = not_this(project, [CROP], "Rei")
    (face,) = project.catalogue.faces(character_id=None)
    assert (face.state, list(face.negatives), face.path) == ("kept", [rei.id], "faces/unnamed/from_the_web_1.jpg")
    assert change is not None and change.action == "a face: not Rei"
    assert project.workspace.path(face.path).exists()
    undo(project)
    assert project.catalogue.face(face.id).state == "removed"
    assert not project.workspace.path(face.path).exists()
    redo(project)
    assert project.catalogue.face(face.id).state == "kept"
    assert project.workspace.path(face.path).exists()


def test_the_same_crop_corrected_again_stays_one_face(project):
    add_faces(project, {"Rei": 1, "Asuka": 1})
    not_this(project, [CROP], "Rei")
    not_this(project, [CROP, CROP], "Asuka")
    assert not_this(project, [CROP], "Rei") is None, "that was said already"
    (face,) = project.catalogue.faces(character_id=None)
    assert sorted(face.negatives) == sorted(c.id for c in project.catalogue.characters())


def test_a_corrected_crop_that_is_enrolled_becomes_a_face_of_that_character(project):
    add_faces(project, {"Rei": 1})
    not_this(project, [CROP], "Rei")
    not_in_cast(project, [CROP])
    (face,) = enrol_as(project, "Asuka", [CROP])
    assert project.catalogue.faces(character_id=None) == []
    assert (face.character_id, face.enrolled, face.ignored) == (project.catalogue.character("Asuka").id, True, False)


def test_a_face_of_the_character_itself_loses_the_name(project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    rei = project.catalogue.character("Rei")
    not_this(project, [face_id], rei)
    face = project.catalogue.face(face_id)
    assert (face.character_id, list(face.negatives), face.path) == (None, [rei.id], "faces/unnamed/000_1.jpg")
    undo(project)
    assert project.catalogue.face(face_id).character_id == rei.id


def test_nobody_of_the_cast_is_ignored_and_no_face_is_rejected(project):
    not_in_cast(project, [CROP])
    (stranger,) = project.catalogue.faces(ignored=True)
    assert stranger.state == "kept"
    not_a_face(project, [LoneFace(noise(8))])
    (hand,) = project.catalogue.faces(state="rejected")
    assert (hand.reason, hand.path) == (NO_FACE, "faces/unnamed/corrected_1.jpg")
    assert project.workspace.path(f"bin/{hand.path}").exists()
    undo(project)
    undo(project)
    assert project.catalogue.faces(state=("kept", "rejected")) == []


def test_a_correction_makes_no_result_stale(project):
    add_faces(project, {"Rei": 2})
    before = faces_fingerprint(project.catalogue), split_fingerprint(project.catalogue)
    not_this(project, [CROP], "Rei")
    not_a_face(project, [LoneFace(noise(8))])
    assert (faces_fingerprint(project.catalogue), split_fingerprint(project.catalogue)) == before


def test_who_is_not_known_cannot_be_denied_and_nothing_is_taken_in(project):
    with pytest.raises(CatalogueError, match="Nobody"):
        not_this(project, [CROP], "Nobody")
    with pytest.raises(DataError, match="at least one"):
        not_in_cast(project, [])
    assert project.catalogue.faces() == []


def test_crops_to_be_named_become_unnamed_faces_once_and_leave_what_was_said_alone(project):
    other = LoneFace(noise(8), "b")
    not_in_cast(project, [CROP])
    change = to_be_named(project, [CROP, other, other])
    assert change is not None and change.action == "3 faces: to be named"
    first, second = project.catalogue.faces(character_id=None, state="kept")
    assert (first.ignored, second.ignored, list(second.negatives)) == (True, False, [])
    assert to_be_named(project, [other]) is None
    undo(project)
    assert [f.id for f in project.catalogue.faces(character_id=None, state="kept")] == [first.id]
