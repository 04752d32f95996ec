import cv2
import numpy as np
import pytest

from core.imaging.boxes import Box
from core.vision.quality import face_quality, inside_share, sharpness, size_quality


@pytest.fixture
def drawing():
    """200 x 200 with lines as in a drawing."""
    pixels = np.full((200, 200, 3), 235, np.uint8)
    rng = np.random.default_rng(0)
    for _ in range(40):
        x, y, r = (int(v) for v in rng.integers(10, 190, 3))
        cv2.circle(pixels, (x, y), r // 8 + 3, tuple(int(c) for c in rng.integers(0, 200, 3)), 2)
    return pixels


@pytest.mark.parametrize(("w", "h", "size"), [(96, 200, 1.0), (48, 96, 0.5), (24, 24, 0.25), (400, 400, 1.0)])
def test_size_is_the_shorter_side_over_96(w, h, size):
    assert size_quality(Box(0, 0, w, h)) == size


def test_blur_lowers_the_score(drawing):
    scores = [sharpness(drawing)] + [sharpness(cv2.GaussianBlur(drawing, (0, 0), s)) for s in (4, 8, 16)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0 and scores[-1] < 0.1


def test_one_flat_colour_is_not_sharp():
    assert sharpness(np.full((50, 50, 3), 90, np.uint8)) == 0.0


@pytest.mark.parametrize(("x", "share"), [(0, 1.0), (-25, 0.75), (-100, 0.0), (150, 0.5)])
def test_share_inside_the_picture(x, share):
    assert inside_share(Box(x, 0, 100, 100), (100, 200, 3)) == share


def test_two_bad_properties_are_no_worse_than_the_worst(drawing):
    half_size_half_outside = Box(-24, 50, 48, 96)
    assert face_quality(drawing, half_size_half_outside, (200, 200, 3)) == 0.5


def test_the_worst_property_decides(drawing):
    assert face_quality(drawing, Box(50, 50, 96, 96), (200, 200, 3)) == 1.0
    assert face_quality(drawing, Box(-48, 50, 96, 96), (200, 200, 3)) == 0.5
    assert face_quality(drawing, Box(50, 50, 24, 96), (200, 200, 3)) == 0.25
