"""From a picture to answers."""

import numpy as np
import pytest

from core.imaging.boxes import Box, Detection
from core.recognise.gallery import Gallery
from core.recognise.pictures import faces_on, judged_again, looks_like_a_face, recognise_picture
from core.recognise.threshold import Scores, Threshold

RED, GREEN = np.array([200, 0, 0]), np.array([0, 200, 0])
RULE = Threshold(0.6, 0.5, 0.1, 0.01, "", Scores(*[np.array([])] * 4))


class Finds:
    def __init__(self, *boxes):
        self.boxes = boxes

    def detect(self, rgb, *, min_score=None):
        found = [Detection(box, 0.9 - 0.1 * k, "test") for k, box in enumerate(self.boxes)]
        return [d for d in found if d.score >= (min_score or 0.5)]


class MeanColour:
    def embed(self, faces, *, framing):
        means = np.array([face.reshape(-1, 3).mean(axis=0) for face in faces], np.float32)
        return means / np.linalg.norm(means, axis=1, keepdims=True)


@pytest.fixture
def picture():
    """200 x 600, red on the left, green on the right."""
    rgb = np.zeros((200, 600, 3), np.uint8)
    rgb[:, :300], rgb[:, 300:] = RED, GREEN
    return rgb


GALLERY = Gallery(np.eye(3, dtype=np.float32)[:2], ("red", "green"), ("1", "2"), "colour")
LEFT, RIGHT = Box(100, 80, 40, 40), Box(450, 80, 40, 40)


def test_every_face_on_a_picture_gets_its_answer(picture):
    found = recognise_picture(picture, Finds(LEFT, RIGHT), MeanColour(), GALLERY, RULE)
    assert [f.answer.character for f in found] == ["red", "green"]
    assert found[0].face.shape == (80, 80, 3)
    assert found[0].as_dict()["box"] == [100, 80, 40, 40]


def test_boxes_drawn_by_hand_come_first(picture):
    found = recognise_picture(picture, Finds(LEFT), MeanColour(), GALLERY, RULE, boxes=[RIGHT])
    assert [f.answer.character for f in found] == ["green"]


def test_a_picture_without_a_face_has_no_answers(picture):
    assert recognise_picture(picture, Finds(), MeanColour(), GALLERY, RULE) == []


def test_a_small_square_picture_without_a_find_is_a_face_itself():
    face = np.full((136, 136, 3), 90, np.uint8)
    assert len(faces_on(face, Finds())) == 1
    assert faces_on(face, Finds(), is_face_crop=False) == []
    assert faces_on(np.full((900, 900, 3), 90, np.uint8), Finds()) == []


def test_a_face_crop_is_not_cropped_again():
    face = np.full((136, 136, 3), 90, np.uint8)
    ((box, crop),) = faces_on(face, Finds(Box(34, 40, 66, 66)))
    assert crop.shape == (136, 136, 3)
    assert box == Box(34, 40, 66, 66)


def test_without_a_detector_the_picture_is_the_face(picture):
    ((box, crop),) = faces_on(picture, None)
    assert (box.w, box.h, crop.shape) == (600, 200, (200, 600, 3))


@pytest.mark.parametrize(
    ("shape", "face"),
    [((136, 136), True), ((400, 330), True), ((700, 700), True), ((500, 420), False), ((900, 900), False)],
)
def test_a_crop_is_known_by_its_shape(shape, face):
    assert looks_like_a_face(np.zeros((*shape, 3), np.uint8)) == face


def test_fainter_faces_than_the_score_asked_for_are_not_answered(picture):
    found = recognise_picture(picture, Finds(LEFT, RIGHT), MeanColour(), GALLERY, RULE, min_score=0.85)
    assert [f.answer.character for f in found] == ["red"]


def test_one_face_on_a_picture_gets_a_name_unless_told_otherwise(picture):
    """Both boxes lie on the red half; the second is drawn a little greener, so the first keeps the name."""
    picture[60:180, 160:280] = (200, 40, 0)
    boxes = [LEFT.scale(0.5), Box(200, 100, 40, 40)]
    found = recognise_picture(picture, None, MeanColour(), GALLERY, RULE, boxes=boxes)
    assert [(f.answer.verdict, f.answer.character) for f in found] == [("match", "red"), ("unsure", "red")]
    found = recognise_picture(picture, None, MeanColour(), GALLERY, RULE, boxes=boxes, repeated=True)
    assert [f.answer.verdict for f in found] == ["match", "match"]
    again = judged_again(found, GALLERY, RULE)
    assert [f.answer.verdict for f in again] == ["match", "unsure"]
