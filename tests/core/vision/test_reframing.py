"""Ready-made crops cut anew around the face on them."""

import numpy as np
import pytest

from core.drawn import cast, draw
from core.imaging.boxes import Box, Detection
from core.vision import reframing
from core.vision.reframing import cut, reframe, square_inside


def marked(height, width):
    """Each pixel says where it is: row in the first channel, column in the second."""
    crop = np.zeros((height, width, 3), np.uint8)
    crop[..., 0], crop[..., 1] = np.arange(height)[:, None], np.arange(width)[None]
    return crop


def at(x, y, w, h, score=0.9):
    return Detection(Box(x, y, w, h), score)


def test_the_square_is_1_75_times_the_box_and_a_tenth_higher():
    assert square_inside(Box(40, 40, 40, 40), 200, 200) == Box(25, 21, 70, 70)


@pytest.mark.parametrize(
    ("face", "corner"),
    [(Box(0, 0, 40, 40), (0, 0)), (Box(150, 150, 40, 40), (130, 130)), (Box(0, 90, 40, 40), (0, 71))],
)
def test_it_is_moved_to_stay_inside_the_crop(face, corner):
    square = square_inside(face, 200, 200)
    assert (square.x, square.y) == corner
    assert (square.w, square.h) == (70, 70)


def test_the_longer_side_of_the_box_counts():
    assert square_inside(Box(80, 80, 20, 40), 200, 200).w == 70


def test_a_loose_crop_is_cut_around_its_face():
    crop = cut(marked(200, 200), [at(100, 120, 40, 40)])
    assert crop.shape == (70, 70, 3)
    assert crop[0, 0].tolist() == [101, 85, 0]


def test_a_tight_crop_stays_as_it_is():
    crop = marked(100, 100)
    assert cut(crop, [at(15, 20, 65, 65)]) is crop


def test_without_a_face_the_crop_stays_as_it_is():
    crop = marked(100, 140)
    assert cut(crop, []) is crop


def test_the_best_of_several_faces_decides():
    crop = cut(marked(200, 200), [at(0, 0, 40, 40, 0.9), at(150, 150, 40, 40, 0.4)])
    assert crop[0, 0].tolist() == [0, 0, 0]


def test_without_a_detector_nothing_is_cut(monkeypatch):
    monkeypatch.setattr(reframing, "_detector", lambda: None)
    crop = marked(100, 100)
    assert reframe([crop])[0] is crop
    assert reframe([]) == []


def test_a_drawn_face_comes_out_alike_from_two_framings():
    """Crops of 2.2 and 3 times a face's size, 1 to 1.36, come out at nearly one size."""
    one = cast(1, 4)[0]
    picture = next(p for p in (draw(one, seed) for seed in range(50)) if [f.pose for f in p.faces] == ["front"])
    box = picture.faces[0].box
    crops = []
    for times in (2.2, 3.0):
        side = times * max(box.w, box.h)
        crops.append(Box.from_centre(*box.centre, side, side).crop(picture.pixels))
    small, large = sorted(crop.shape[0] for crop in reframe(crops))
    assert large < 1.2 * small
    assert large < 0.95 * crops[0].shape[0]
