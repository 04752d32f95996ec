from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.imaging.hashes import perceptual
from core.recognise.seen_before import LOOKED_AT, is_enrolled_already, with_seen
from core.recognise.verdict import Evidence
from tests.conftest import noise
from tests.recognised import recognised

PICTURE, FACE, OTHER = noise(1), noise(2), noise(3)


def looks(rgb: np.ndarray) -> str:
    return f"{perceptual(rgb):016x}"


@pytest.fixture
def evidence(project):
    """The one face enrolled, and the picture that it lies on."""
    rei = project.catalogue.add_character("Rei")
    picture = project.catalogue.add_picture(rei.id, path="pictures/Rei/1.jpg", phash=looks(PICTURE))
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/1_1.jpg", "phash": looks(FACE)}
    project.catalogue.add_faces([row | {"state": "kept"}], action="found")
    (face,) = project.catalogue.faces()
    return (Evidence(str(face.id), "Rei", 0.9),)


def test_a_picture_or_its_face_is_known_again_at_any_size_and_another_is_not(project, evidence):
    def known(face: np.ndarray, picture: np.ndarray) -> bool:
        return is_enrolled_already(project.catalogue, face, picture, evidence)

    smaller = cv2.resize(PICTURE, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert known(OTHER, PICTURE)
    assert known(OTHER, smaller)
    assert known(FACE, OTHER)
    assert not known(OTHER, OTHER)


def test_a_face_of_the_shipped_cast_is_none_of_this_workspace(project):
    assert not is_enrolled_already(project.catalogue, FACE, PICTURE, (Evidence("cast:3", "Rei", 0.9),))


def test_a_face_that_is_enrolled_already_says_so_in_its_json_and_another_says_nothing(project, evidence):
    face = recognised("match", "Rei")
    known, new = replace(face, face=FACE, answer=replace(face.answer, evidence=evidence)), replace(face, face=OTHER)
    told = with_seen(project.catalogue, [known, new], OTHER)
    assert [one.enrolled_already for one in told] == [True, False]
    assert [one.as_dict().get("enrolled_already") for one in told] == [True, None]


def test_nobody_says_so_beyond_the_nearest_faces(project, evidence):
    """As many as are shown beside the answer."""
    others = tuple(Evidence("cast:1", "Rei", 0.9) for _ in range(LOOKED_AT))
    face = recognised("match", "Rei")
    face = replace(face, face=FACE, answer=replace(face.answer, evidence=(*others, *evidence)))
    assert not with_seen(project.catalogue, [face], OTHER)[0].enrolled_already
