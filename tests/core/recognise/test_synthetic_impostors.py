"""Faces that play the stranger."""

import numpy as np

from core.recognise.synthetic_impostors import synthetic_impostors, turn_hue

RED = np.full((8, 8, 3), (200, 20, 20), np.uint8)
GREY = np.full((8, 8, 3), 128, np.uint8)


def test_a_turn_of_a_third_makes_red_green():
    assert np.abs(turn_hue(RED, 120).astype(int)[0, 0] - (20, 200, 20)).max() <= 2


def test_grey_stays_grey_and_plays_nobody():
    assert np.array_equal(turn_hue(GREY, 90), GREY)
    assert synthetic_impostors([GREY, GREY]) == []


def test_each_face_plays_three_strangers_up_to_a_limit():
    assert len(synthetic_impostors([RED, GREY, RED])) == 6
    assert len(synthetic_impostors([RED] * 100, limit=30)) == 30
    assert synthetic_impostors([]) == []


def test_the_face_itself_is_left_alone():
    face = RED.copy()
    face.flags.writeable = False
    synthetic_impostors([face])
    assert np.array_equal(face, RED)


def test_hues_go_round():
    """Blue is at 240 degrees; another 240 are 120, green."""
    blue = np.full((2, 2, 3), (20, 20, 200), np.uint8)
    assert np.abs(turn_hue(blue, 240).astype(int)[0, 0] - (20, 200, 20)).max() <= 2


def test_the_faces_that_play_are_spread_from_the_first_to_the_last():
    faces = [np.full((2, 2, 3), (200, 20 + n, 20), np.uint8) for n in range(10)]
    wanted = [turn_hue(face, turn) for face in (faces[0], faces[9]) for turn in (90, 180, 270)]
    assert np.array_equal(synthetic_impostors(faces, limit=6), wanted)
    assert np.array_equal(synthetic_impostors(faces, limit=2), wanted[:3]), "one face at least"
