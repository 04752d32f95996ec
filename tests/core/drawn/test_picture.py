"""Drawn pictures: the same for the same seed, with true boxes and names."""

from __future__ import annotations

import time

import numpy as np
import pytest

from core.drawn import cast, draw, draw_face, pictures
from core.drawn.figure import face_box
from core.drawn.pose import Pose


@pytest.fixture(scope="module")
def characters():
    return cast(4, seed=3)


def test_same_seed_gives_the_same_pixels_and_faces(characters):
    one = draw(characters[0], 11, others=characters)
    two = draw(characters[0], 11, others=characters)
    assert np.array_equal(one.pixels, two.pixels)
    assert one.faces == two.faces


def test_another_seed_gives_another_picture(characters):
    one, two = draw(characters[0], 1), draw(characters[0], 2)
    assert one.pixels.shape != two.pixels.shape or not np.array_equal(one.pixels, two.pixels)


@pytest.mark.parametrize("seed", range(12))
def test_boxes_lie_inside_the_picture_and_hold_the_eyes(characters, seed):
    picture = draw(characters[seed % 4], seed, others=characters)
    height, width = picture.pixels.shape[:2]
    assert picture.pixels.dtype == np.uint8 and picture.pixels.shape[2] == 3
    for face in picture.faces:
        assert face.box.x >= 0 and face.box.y >= 0 and face.box.right <= width and face.box.bottom <= height
        assert face.eyes and all(face.box.contains(x, y) for x, y in face.eyes)
        assert face.name in {c.name for c in characters}


def test_the_asked_character_comes_first(characters):
    found = [draw(characters[1], seed, others=characters).faces for seed in range(16)]
    assert all(faces[0].name == characters[1].name for faces in found if faces)
    assert any(len(faces) == 2 for faces in found)


def test_pictures_come_in_order_whatever_the_number_of_workers(characters):
    one = [(c.name, i, p.pixels) for c, i, p in pictures(characters[:2], 2, seed=5, workers=1)]
    two = [(c.name, i, p.pixels) for c, i, p in pictures(characters[:2], 2, seed=5, workers=3)]
    assert [(n, i) for n, i, _ in one] == [(c.name, i) for c in characters[:2] for i in range(2)]
    assert all(np.array_equal(a[2], b[2]) for a, b in zip(one, two, strict=True))


def test_a_drawn_face_has_the_asked_size(characters):
    assert draw_face(characters[2], 0, size=96).shape == (96, 96, 3)


def test_a_picture_takes_a_fraction_of_a_second(characters):
    start = time.perf_counter()
    for seed in range(10):
        draw(characters[3], seed)
    # 240 pictures are to take less than 30 s on two cores; on a busy machine we are patient.
    assert time.perf_counter() - start < 20


def test_mirrored_and_turned_faces_keep_their_boxes(characters):
    right = face_box(characters[0], Pose(0.5, 0, 0, False, 300, 300, 80))
    left = face_box(characters[0], Pose(0.5, 0, 0, True, 300, 300, 80))
    assert right.w == pytest.approx(left.w) and right.y == pytest.approx(left.y)
    assert right.centre[0] - 300 == pytest.approx(300 - left.centre[0])
    front = face_box(characters[0], Pose(0, 0, 0, False, 300, 300, 80))
    assert front.w == pytest.approx(2 * 80 * characters[0].face_width, rel=0.02)
    assert front.bottom > 300 + 1.0 * 80


def test_pose_names_follow_turn_and_tilt():
    assert Pose(0.1, 0, 5, False, 0, 0, 1).name == "front"
    assert Pose(0.5, 0, 5, False, 0, 0, 1).name == "threequarter"
    assert Pose(0.95, 0, 30, False, 0, 0, 1).name == "profile"
    assert Pose(0.1, 0, -30, False, 0, 0, 1).name == "tilted"
