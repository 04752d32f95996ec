"""From a picture to answers."""

from dataclasses import replace

import numpy as np
import pytest

from core.imaging.boxes import Box, Detection
from core.recognise.gallery import Gallery
from core.recognise.pictures import (
    RecognisedFace,
    crops_again,
    faces_on,
    framed_faces,
    judged_again,
    judged_together,
    looks_like_a_face,
    recognise_picture,
    recognise_pictures,
)
from core.recognise.threshold import Scores, Threshold
from core.recognise.verdict import Identification

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


@pytest.mark.parametrize(
    ("shape", "face"),
    [
        ((800, 800), True),
        ((801, 801), False),
        ((800, 816), False),
        ((500, 510), True),
        ((500, 511), False),
        ((320, 400), True),
        ((319, 400), False),
        ((400, 320), True),
        ((321, 401), False),
    ],
)
def test_the_limits_of_a_crop_s_shape(shape, face):
    assert looks_like_a_face(np.zeros((*shape, 3), np.uint8)) is face


@pytest.mark.parametrize(("height", "width", "face"), [(400, 320, True), (401, 330, False), (400, 319, False)])
def test_a_picture_without_a_find_is_a_face_up_to_400_pixels_and_nearly_square(height, width, face):
    assert bool(faces_on(np.zeros((height, width, 3), np.uint8), Finds())) is face


@pytest.mark.parametrize(("side", "whole"), [(85, True), (84, False)])
def test_one_face_that_takes_up_the_picture_is_the_picture(side, whole):
    """Its frame is twice as large as its box: 170 of 200 pixels are 0.85."""
    rgb = np.zeros((200, 200, 3), np.uint8)
    ((_, crop),) = faces_on(rgb, Finds(Box(50, 50, side, side)))
    assert (crop is rgb) is whole
    assert len(faces_on(rgb, Finds(Box(20, 20, 90, 90), Box(110, 110, 90, 90)))) == 2
    assert faces_on(rgb, Finds(Box(50, 50, side, side)), is_face_crop=False)[0][1] is not rgb


def test_the_surest_face_comes_first():
    found = [Detection(LEFT, 0.6, ""), Detection(RIGHT, 0.8, "")]
    assert [box for box, _ in framed_faces(np.zeros((200, 600, 3), np.uint8), found)] == [RIGHT, LEFT]


def test_faces_of_one_framing_are_embedded_together_and_each_answer_comes_to_its_face(picture):
    asked = []

    class Counts(MeanColour):
        def embed(self, faces, *, framing):
            asked.append((framing, len(faces)))
            return super().embed(faces, framing=framing)

    face = np.full((100, 100, 3), GREEN, np.uint8)
    pictures = [picture, face, np.zeros((200, 600, 3), np.uint8), picture]
    found = [framed_faces(picture, [Detection(LEFT, 0.9, "")]), [(LEFT, face)], []]
    found.append(framed_faces(picture, [Detection(RIGHT, 0.9, ""), Detection(LEFT, 0.8, "")]))
    answers = recognise_pictures(pictures, found, Counts(), GALLERY, RULE)
    assert asked == [("auto", 1), ("given", 3)]
    names = [[one.answer.character for one in own] for own in answers]
    assert names == [["red"], ["green"], [], ["green", "red"]]
    assert [[one.framing for one in own] for own in answers] == [["face_crop"], [""], [], ["face_crop", "face_crop"]]


def test_judging_many_pictures_again_is_judging_each():
    face = RecognisedFace(LEFT, np.zeros((4, 4, 3), np.uint8), np.array([1, 0, 0], np.float32), None)
    once, none, twice = judged_together([[face], [], [face, face]], GALLERY, RULE)
    assert none == []
    assert [one.answer.verdict for one in once] == ["match"]
    assert [one.answer.verdict for one in twice] == ["match", "unsure"]
    assert [one.answer.verdict for one in judged_together([[face] * 2], GALLERY, RULE, repeated=True)[0]] == [
        "match"
    ] * 2
    assert judged_together([[], []], GALLERY, RULE) == [[], []]


def test_a_face_to_be_enrolled_is_called_like_its_picture():
    face = RecognisedFace(LEFT, np.zeros((4, 4, 3), np.uint8), np.zeros(3), None, "")
    assert (face.as_lone("a/b.png").stem, face.as_lone("a/b.png").source) == ("b", "a/b.png")
    assert (face.as_lone().stem, face.as_lone().source) == ("enrolled", "enrolled")


@pytest.mark.parametrize("side", [600, 60])
def test_crops_cut_again_are_those_that_were_asked_about(picture, side):
    """Two faces of a picture; one face that takes up a small square picture, which is then the crop itself."""
    rgb = picture if side == 600 else np.full((side, side, 3), RED, np.uint8)
    boxes = [LEFT, RIGHT] if side == 600 else [Box(10, 10, 40, 40)]
    asked = recognise_picture(rgb, Finds(*boxes), MeanColour(), GALLERY, RULE)
    again = crops_again(rgb, [face.box for face in asked])
    assert [framing for _, framing in again] == [face.framing for face in asked]
    assert all(np.array_equal(crop, face.face) for (crop, _), face in zip(again, asked, strict=True))
    assert crops_again(rgb, boxes, is_face_crop=True)[0][0] is rgb


@pytest.mark.parametrize("box", [Box(50, 50, 85, 20), Box(50, 50, 20, 85)])
def test_the_longer_side_of_a_face_says_whether_it_fills_its_crop(box):
    rgb = np.full((200, 200, 3), 90, np.uint8)
    assert faces_on(rgb, Finds(box))[0][1] is rgb


class Sibling:
    """Says of each face without colours where it asked and at which rate."""

    def __init__(self):
        self.asked = []

    def answer(self, queries, far):
        self.asked.append((len(queries), far))
        return [Identification("unknown", None, float(q[0]), (), (), "without colours") for q in queries]


def test_faces_without_colours_are_told_by_the_sibling_and_all_answers_stay_in_order(picture):
    grey = np.repeat(np.tile(np.linspace(0, 255, 300).astype(np.uint8), 2)[None, :, None], 3, axis=2)
    grey = np.repeat(grey, 200, axis=0)
    grey[100:, 300:, 1:] = 0  # the right half is red below: two colours of one lightness
    sibling = Sibling()
    gallery = replace(GALLERY, colourless=sibling)
    boxes = [(Box(100, 80, 40, 40)), RIGHT]
    found = recognise_picture(grey, None, MeanColour(), gallery, RULE, boxes=boxes)
    assert [one.answer.reason == "without colours" for one in found] == [True, False]
    assert found[0].colourless == pytest.approx(np.full(3, 3**-0.5), abs=1e-3)
    assert found[0].embedding is not None
    assert found[1].colourless is None
    assert sibling.asked == [(1, RULE.far)]
    again = judged_together([found, found[::-1]], gallery, replace(RULE, far=0.05))
    assert [[one.answer.reason == "without colours" for one in faces] for faces in again] == [
        [True, False],
        [False, True],
    ]
    assert sibling.asked[1:] == [(2, 0.05)]
    plain = judged_together([found], GALLERY, RULE)[0]
    assert "without colours" not in [one.answer.reason for one in plain], "a gallery without a sibling tells both"
