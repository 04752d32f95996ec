"""Corrections over HTTP: the same acts as the pages', and a sentence where the fields do not go together."""

from __future__ import annotations

import base64

import pytest

from core.errors import DataError
from core.imaging.reading import encode_jpeg
from core.server.correcting import corrected
from core.server.schemas import Correction
from tests.conftest import noise
from tests.faces import add_faces

CROP = base64.b64encode(encode_jpeg(noise(9))).decode()


@pytest.fixture
def face(project):
    return project.catalogue.face(add_faces(project, {"Rei": 1})["Rei"][0])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"action": "keep"}, "send its id as `face`, or a crop"),
        ({"action": "not_a_face", "face": 1, "picture": CROP}, "about one face"),
        ({"action": "relabel", "face": 1}, "relabel needs `character`"),
        ({"action": "not_this", "face": 1}, "not_this needs `character`"),
        ({"action": "reject", "picture": CROP}, "corrected by not_this, not_in_cast or not_a_face"),
        ({"action": "not_a_face", "picture": "%"}, "is not base64"),
        ({"action": "not_a_face", "picture": "é"}, "is not base64"),
    ],
)
def test_what_does_not_go_together_is_told(project, face, values, words):
    with pytest.raises(DataError, match=words):
        corrected(project, Correction(**values))


def test_each_action_is_the_act_of_that_name(project, face):
    def now():
        return project.catalogue.face(face.id)

    corrected(project, Correction(face=face.id, action="relabel", character="Asuka"))
    assert project.catalogue.character("Asuka").id == now().character_id
    corrected(project, Correction(face=face.id, action="not_this", character="Rei"))
    assert list(now().negatives) == [face.character_id]
    corrected(project, Correction(face=face.id, action="not_in_cast"))
    assert now().ignored
    corrected(project, Correction(face=face.id, action="reject", reason="logo"))
    assert (now().state, now().reason) == ("rejected", "logo")
    corrected(project, Correction(face=face.id, action="keep"))
    assert now().state == "kept"
    assert corrected(project, Correction(face=face.id, action="keep")) is None


def test_a_crop_that_is_no_face_is_remembered_as_rejected(project):
    corrected(project, Correction(picture=CROP, action="not_a_face"))
    (face,) = project.catalogue.faces()
    assert face.state == "rejected"
