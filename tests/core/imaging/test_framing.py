"""The one framing of faces."""

from __future__ import annotations

import numpy as np

from core.imaging.boxes import Box
from core.imaging.framing import face_crop, frame


def test_the_square_is_twice_the_longer_side_and_a_little_higher():
    square = frame(Box(100, 100, 40, 60))
    assert (square.w, square.h) == (120, 120)
    assert (square.x, square.y) == (120 - 60, 130 - 60 - 6), "a tenth of the longer side upwards"


def test_a_crop_inside_the_picture_is_that_part_of_it():
    rgb = np.arange(300 * 300 * 3, dtype=np.uint32).astype(np.uint8).reshape(300, 300, 3)
    assert (face_crop(rgb, Box(100, 100, 40, 60)) == rgb[64:184, 60:180]).all()


def test_where_the_square_leaves_the_picture_the_border_is_repeated():
    rgb = np.zeros((100, 100, 3), np.uint8)
    rgb[:, :50] = 200
    crop = face_crop(rgb, Box(0, 0, 40, 40))
    assert crop.shape == (80, 80, 3)
    assert (crop[:, :20] == 200).all(), "20 px beyond the left border"
    right = face_crop(rgb, Box(60, 60, 40, 40))
    assert right.shape == (80, 80, 3)
    assert (right[:, :10] == 200).all() and (right[:, 10:] == 0).all()
