from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.imaging.boxes import Box
from core.vision import face_crop
from core.vision.framing import PADDED, fit_square


def test_crop_is_twice_the_longer_side_and_a_tenth_of_it_higher():
    picture = np.arange(100 * 120 * 3, dtype=np.int64).astype(np.uint8).reshape(100, 120, 3)
    crop = face_crop(picture, Box(40, 50, 20, 20))
    np.testing.assert_array_equal(crop, picture[38:78, 30:70])


def test_border_is_repeated_where_the_frame_leaves_the_picture():
    picture = np.zeros((20, 20, 3), np.uint8)
    picture[:, 0], picture[0] = 7, 9
    crop = face_crop(picture, Box(0, 0, 10, 10))  # frame x -5..15, y -6..14
    assert crop.shape == (20, 20, 3)
    assert (crop[:7] == 9).all()
    assert (crop[7:, :6] == 7).all()
    assert (crop[7:, 6:] == 0).all()


@pytest.mark.parametrize("box", [Box(0, 0, 1, 1), Box(3.3, 4.7, 5.2, 9.5), Box(90, 90, 10, 10), Box(10, 2, 7, 3)])
def test_crop_is_always_square(box: Box):
    height, width, _ = face_crop(np.zeros((100, 100, 3), np.uint8), box).shape
    assert height == width == round(2 * max(box.w, box.h))


def test_a_face_outside_the_picture_is_refused():
    with pytest.raises(ValueError, match="no pixel"):
        face_crop(np.zeros((20, 20, 3), np.uint8), Box(100, 100, 10, 10))


def test_fit_square_fills_the_shorter_side_with_repeated_border():
    face = np.zeros((10, 20, 3), np.uint8)
    face[0], face[-1] = 50, 90
    fitted = fit_square(face, 20)
    assert fitted.shape == (20, 20, 3)
    assert (fitted[:6] == 50).all()
    assert (fitted[14:] == 90).all()


def test_fit_square_keeps_a_face_that_has_the_size():
    face = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    np.testing.assert_array_equal(fit_square(face, 32), face)


def test_fit_square_averages_where_it_shrinks():
    face = np.zeros((4, 4, 3), np.uint8)
    face[::2] = 100
    assert (fit_square(face, 2) == 50).all()


@pytest.mark.parametrize(
    "box", [Box(-1e6, -1e6, 2e6, 2e6), Box(0, 0, 1e8, 10), Box(0, 0, 30, 4000), Box(5, 5, 1e300, 1)]
)
def test_of_a_huge_box_only_the_part_inside_counts(box: Box):
    crop = face_crop(np.zeros((40, 30, 3), np.uint8), box)
    assert crop.shape[0] == crop.shape[1] <= 120


def test_a_box_as_large_as_a_long_strip_stays_small():
    assert max(face_crop(np.zeros((20_000, 80, 3), np.uint8), Box(0, 0, 80, 20_000)).shape) <= 4 * 80


@pytest.mark.parametrize(("height", "width"), [(PADDED * 4, 3), (3, PADDED * 4), (PADDED + 1, PADDED)])
def test_a_long_face_shrinks_before_it_is_filled_up_to_a_square(monkeypatch, height, width):
    sides = []
    padded = cv2.copyMakeBorder
    monkeypatch.setattr(cv2, "copyMakeBorder", lambda *args: sides.append((done := padded(*args)).shape) or done)
    fitted = fit_square(np.full((height, width, 3), 77, np.uint8), 96)
    assert sides == [(PADDED, PADDED, 3)] and fitted.shape == (96, 96, 3) and (fitted == 77).all()
