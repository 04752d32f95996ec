"""Faces that come without a picture around them: entered as their own picture, and known again by their bytes."""

from __future__ import annotations

from core.workspace.crops import Crop
from core.workspace.lone import LoneFace, add_lone_face, same_crop
from core.workspace.moves import StagedFiles
from core.workspace.states import FaceState
from core.workspace.transaction import StagedCrop, transaction
from tests.conftest import noise

CROP = Crop.of(noise(1, 60, 50))


def add(project, character_id, **values):
    with StagedFiles(project.workspace) as staged, transaction(project) as tx:
        crop = StagedCrop(staged.add(CROP.data), CROP.hashes)
        face_id = add_lone_face(tx, character_id, crop, (60, 50, 3), "query", "enrolled", framing="face_crop", **values)
    return project.catalogue.face(face_id)


def test_the_face_fills_a_picture_of_its_own_that_needs_no_review(project):
    rei = project.catalogue.add_character("Rei")
    face = add(project, rei.id)
    assert (face.box.as_list(), face.state, face.detector, face.framing) == (
        [0, 0, 50, 60],
        "kept",
        "person",
        "face_crop",
    )
    assert (face.path, face.sha256) == ("faces/Rei/query_1.jpg", CROP.sha256)
    picture = project.catalogue.picture(face.picture_id)
    assert (picture.kind, picture.path, picture.review, picture.source) == ("face", "", "done", "enrolled")
    assert project.workspace.path(face.path).read_bytes() == CROP.data


def test_more_columns_may_be_given(project):
    face = add(project, None, state=FaceState.REJECTED, reason="no face")
    assert (face.state, face.reason) == ("rejected", "no face")
    assert project.workspace.path(f"bin/{face.path}").is_file()


def test_a_crop_is_known_again_by_its_bytes_among_kept_faces_or_those_asked_for(project):
    face = add(project, project.catalogue.add_character("Rei").id)
    assert same_crop(project.catalogue, CROP.sha256).id == face.id
    assert same_crop(project.catalogue, CROP.sha256, unnamed=True) is None
    assert same_crop(project.catalogue, "0" * 64) is None
    project.catalogue.set_values("faces", {face.id: {"state": "rejected"}})
    assert same_crop(project.catalogue, CROP.sha256) is None
    assert same_crop(project.catalogue, CROP.sha256, states=[FaceState.REJECTED]).id == face.id


def test_a_crop_is_called_enrolled_unless_one_says_otherwise():
    lone = LoneFace(noise(1))
    assert (lone.stem, lone.source, lone.framing) == ("enrolled", "enrolled", "")
