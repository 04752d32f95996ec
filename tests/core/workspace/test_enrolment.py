"""Enrolling is one change, whatever it takes: keep, relabel, take in, and a character that is new."""

from __future__ import annotations

import numpy as np

from core.atomic import write_bytes
from core.imaging.framing import FACE_CROP
from core.progress import silent
from core.vision.reframing import AUTO, GIVEN
from core.workspace.crops import Crop
from core.workspace.embeddings import embed_faces
from core.workspace.enrolment import enrol_as, set_enrolled
from core.workspace.lone import LoneFace
from core.workspace.undo import redo, undo
from tests.conftest import noise
from tests.faces import add_faces


def test_enrolling_by_id_and_a_lone_crop_is_one_change(project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    done = enrol_as(project, "Asuka", [face_id, LoneFace(noise(7), "from the web", "picture.jpg")])
    assert [f.enrolled for f in done] == [True, True]
    assert {f.character_id for f in done} == {project.catalogue.character("Asuka").id}
    assert [f.path for f in done] == ["faces/Asuka/000_1.jpg", "faces/Asuka/from_the_web_1.jpg"]
    assert all(project.workspace.path(f.path).exists() for f in done)
    undo(project)
    assert [c.name for c in project.catalogue.characters()] == ["Rei"]
    assert [(f.id, f.enrolled, f.path) for f in project.catalogue.faces(state="kept")] == [
        (face_id, False, "faces/Rei/000_1.jpg")
    ]
    assert project.workspace.path("faces/Rei/000_1.jpg").exists()
    redo(project)
    assert len(project.catalogue.faces(enrolled=True, state="kept")) == 2


def test_a_crop_of_ours_is_embedded_as_it_is_and_another_is_framed_anew(project, tmp_path):
    framings = []

    class Encoder:
        dim = 3

        def embed(self, faces, *, framing):
            framings.append(framing)
            return np.tile(np.array([[1, 0, 0]], np.float32), (len(faces), 1))

    encoder = tmp_path / "encoder"
    encoder.write_bytes(b"weights")
    for n, framing in enumerate((FACE_CROP, "")):
        faces = enrol_as(project, "Rei", [LoneFace(noise(n), framing=framing)])
        embed_faces(project, faces, encoder, silent, load=lambda path: Encoder())
    assert framings == [GIVEN, AUTO]


def test_a_crop_that_is_enrolled_again_stays_one_face(project):
    (first,) = enrol_as(project, "Rei", [LoneFace(noise(7))])
    assert project.catalogue.changes()[0].action == "1 face enrolled as Rei"
    set_enrolled(project, [first], False, "not enrolled")
    assert project.catalogue.changes()[0].action == "not enrolled"
    assert not project.catalogue.face(first.id).enrolled
    again = enrol_as(project, "Rei", [LoneFace(noise(7)), LoneFace(noise(8))])
    assert [f.enrolled for f in again] == [True, True]
    assert again[0].id == first.id
    assert project.catalogue.changes()[0].action == "2 faces enrolled as Rei"


def test_enrolling_a_face_says_that_it_is_in_the_cast_and_that_its_picture_is_done(project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    project.catalogue.set_values("faces", {face_id: {"ignored": True, "state": "proposed"}})
    (face,) = enrol_as(project, "Rei", [face_id])
    assert (face.ignored, face.state, face.enrolled) == (False, "kept", True)
    assert project.catalogue.picture(face.picture_id).review == "done"


def test_the_crop_of_a_face_that_waits_for_a_name_is_that_face(project):
    crop = Crop.of(noise(7))
    picture = project.catalogue.add_picture(None, kind="face")
    row = {"picture_id": picture.id, "path": "faces/unnamed/1.jpg", "state": "kept", **crop.hashes}
    write_bytes(project.workspace.path(row["path"]), crop.data)
    (waiting,) = project.catalogue.add_faces([row], action="made")
    (face,) = enrol_as(project, "Rei", [LoneFace(noise(7))])
    assert (face.id, face.path) == (waiting.id, "faces/Rei/1.jpg")
    assert len(project.catalogue.faces(state="kept")) == 1
