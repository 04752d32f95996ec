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
