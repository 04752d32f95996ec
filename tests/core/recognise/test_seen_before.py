import cv2
import numpy as np
import pytest

from core.imaging.hashes import perceptual
from core.recognise.seen_before import is_enrolled_picture
from core.recognise.verdict import Evidence
from tests.conftest import noise


@pytest.fixture
def evidence(project):
    """The one face enrolled, which lies on a picture of noise."""
    rei = project.catalogue.add_character("Rei")
    picture = project.catalogue.add_picture(rei.id, path="pictures/Rei/1.jpg", phash=f"{perceptual(noise(1)):016x}")
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/1_1.jpg", "state": "kept"}
    project.catalogue.add_faces([row], action="found")
    (face,) = project.catalogue.faces()
    return (Evidence(str(face.id), "Rei", 0.9),)


def test_a_picture_is_known_again_at_any_size_and_another_is_not(project, evidence):
    smaller = cv2.resize(noise(1), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert is_enrolled_picture(project.catalogue, noise(1), evidence)
    assert is_enrolled_picture(project.catalogue, smaller, evidence)
    assert not is_enrolled_picture(project.catalogue, noise(2), evidence)


def test_a_face_of_the_shipped_cast_lies_on_no_picture_here(project):
    assert not is_enrolled_picture(project.catalogue, np.zeros((9, 9, 3), np.uint8), (Evidence("cast:3", "Rei", 0.9),))
