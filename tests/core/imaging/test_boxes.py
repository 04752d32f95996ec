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


@pytest.mark.parametrize(
    "values", [(0, 0, 0, 5), (0, 0, 5, 0), (0, 0, 5, -1), (float("nan"), 0, 1, 1), (0, float("inf"), 1, 1)]
)
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


def test_a_box_is_moved_scaled_and_measured():
    box = Box(10, 20, 30, 40)
    assert (box.right, box.bottom, box.centre, box.area) == (40, 60, (25, 40), 1200)
    assert box.shift(1, -2) == Box(11, 18, 30, 40)
    assert box.scale(2) == Box(20, 40, 60, 80)
    assert Box.from_centre(25, 40, 30, 40) == box
    assert Box(10, 20, 40, 20).square() == Box(10, 10, 40, 40)
    assert Box(1.005, 2.126, 3, 4.449).as_list() == [1.0, 2.13, 3, 4.45]


@pytest.mark.parametrize(
    ("point", "inside"),
    [
        ((10, 20), True),
        ((40, 60), True),
        ((9.9, 30), False),
        ((40.1, 30), False),
        ((20, 19.9), False),
        ((20, 61), False),
    ],
)
def test_a_point_on_the_edge_is_inside(point, inside):
    assert Box(10, 20, 30, 40).contains(*point) is inside


def test_shared_area_by_hand():
    assert Box(0, 0, 10, 10).intersection(Box(6, 8, 10, 10)) == 8  # 4 x 2
    assert Box(0, 0, 10, 10).intersection(Box(12, 13, 10, 10)) == 0, "apart both ways"
    assert Box(0, 0, 10, 10).iou(Box(2, 3, 5, 4)) == pytest.approx(0.2)  # 20 of 100


@pytest.mark.parametrize("box", [Box(10, 0, 5, 5), Box(0, 10, 5, 5), Box(-5, 0, 5, 5), Box(0, -5, 5, 5)])
def test_a_box_that_only_touches_the_picture_holds_nothing_of_it(box):
    assert box.clip(10, 10) is None
    with pytest.raises(ValueError, match="holds no pixel"):
        box.crop(np.zeros((10, 10, 3), np.uint8))


def test_one_pixel_is_enough_to_be_cut():
    assert Box(9, 9, 5, 5).crop(np.zeros((10, 10, 3), np.uint8)).shape == (1, 1, 3)
    assert Box(-4, -4, 5, 5).clip(10, 10) == Box(0, 0, 1, 1)
