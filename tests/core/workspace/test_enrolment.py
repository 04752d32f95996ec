"""Enrolling is one change, whatever it takes: keep, relabel, take in, and a character that is new."""

from __future__ import annotations

import numpy as np

from core.imaging.framing import FACE_CROP
from core.progress import silent
from core.vision.reframing import AUTO, GIVEN
from core.workspace.embeddings import embed_faces
from core.workspace.enrolment import enrol_as
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
