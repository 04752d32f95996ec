"""Boxes: their arithmetic, and the one place where a picture is cut."""

from __future__ import annotations

import numpy as np
import pytest

from core.imaging.boxes import Box


def test_crop_cuts_rows_by_y_and_columns_by_x():
    # The article cut image[x:x+w, y:y+h]: on a wide picture that is another place, or empty.
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[10:30, 150:190] = 255
    crop = Box(150, 10, 40, 20).crop(picture)
    assert crop.shape == (20, 40, 3)
    assert crop.min() == 255


def test_crop_is_clipped_to_the_picture_and_is_a_copy():
    picture = np.zeros((50, 50, 3), np.uint8)
    crop = Box(40, -5, 20, 20).crop(picture)
    assert crop.shape == (15, 10, 3)
    crop[:] = 9
    assert picture.max() == 0


def test_crop_outside_says_so():
    with pytest.raises(ValueError, match="holds no pixel"):
        Box(60, 0, 5, 5).crop(np.zeros((50, 50, 3), np.uint8))


@pytest.mark.parametrize("values", [(0, 0, 0, 5), (0, 0, 5, -1), (float("nan"), 0, 1, 1), (0, float("inf"), 1, 1)])
def test_a_box_needs_finite_numbers_and_a_size(values):
    with pytest.raises(ValueError, match="A box needs"):
        Box(*values)


def test_iou_of_half_overlapping_squares_is_a_third():
    assert Box(0, 0, 10, 10).iou(Box(5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert Box(0, 0, 10, 10).iou(Box(20, 0, 10, 10)) == 0


def test_pad_square_clip():
    assert Box(10, 10, 20, 40).pad(0.5) == Box(0, -10, 40, 80)
    assert Box(10, 10, 20, 40).square() == Box(0, 10, 40, 40)
    assert Box(-5, -5, 20, 20).clip(10, 12) == Box(0, 0, 10, 12)
    assert Box(20, 20, 5, 5).clip(10, 10) is None
    assert Box.from_corners(5, 6, 1, 2) == Box(1, 2, 4, 4)
