"""From a picture to the network's input, and from its answer to boxes."""

from __future__ import annotations

import numpy as np
import pytest

from core.imaging.boxes import Box, Detection
from core.vision.cells import decode, padded, prepare, tidy, turned_back


def answer_with(cells):
    """An answer of 8 x 8 cells with faces of so many cells around: {(x, y): (logit, left, top, right, bottom)}."""
    answer = np.full((5, 8, 8), -9.0, np.float32)
    for (x, y), (logit, *edges) in cells.items():
        answer[:, y, x] = [logit, *np.log(edges)]
    return answer


def test_a_cell_becomes_the_box_around_its_centre():
    ((box, score),) = decode(answer_with({(3, 2): (0.0, 2, 1, 2, 1)}), 0.3)
    assert box.as_list() == [12.0, 12.0, 32.0, 16.0]  # the cell's centre is (28, 20)
    assert score == 0.5


def test_only_the_highest_of_neighbouring_cells_counts():
    cells = {(3, 2): (2.0, 2, 2, 2, 2), (4, 2): (1.0, 2, 2, 2, 2), (6, 6): (1.0, 1, 1, 1, 1)}
    assert len(decode(answer_with(cells), 0.3)) == 2


def test_low_scores_are_left_out():
    assert decode(answer_with({(3, 2): (0.0, 2, 2, 2, 2)}), 0.6) == []


def test_boxes_of_the_same_face_are_joined_and_clipped():
    found = [
        Detection(Box(-10, 0, 50, 50), 0.9),
        Detection(Box(0, 0, 40, 50), 0.8),
        Detection(Box(5, 5, 20, 20), 0.7),
        Detection(Box(100, 0, 50, 50), 0.6),
    ]
    kept = tidy(found, (60, 140, 3))
    assert [d.score for d in kept] == [0.9, 0.6]
    assert kept[0].box == Box(0, 0, 40, 50)
    assert kept[1].box == Box(100, 0, 40, 50)


@pytest.mark.parametrize(
    ("shape", "prepared", "factor"),
    [((100, 200), (64, 128), 0.64), ((32, 32), (128, 128), 4.0), ((1000, 10), (128, 64), 0.128)],
)
def test_any_size_fits_the_network(shape, prepared, factor):
    pixels, by = prepare(np.zeros((*shape, 3), np.uint8), 128)
    assert pixels.shape == (*prepared, 3)
    assert by == pytest.approx(factor)


@pytest.mark.parametrize(("turns", "box"), [(1, Box(180, 0, 20, 10)), (3, Box(0, 90, 20, 10))])
def test_a_box_on_a_turned_picture_comes_back_to_its_place(turns, box):
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[int(box.y) : int(box.bottom), int(box.x) : int(box.right)] = 255
    turned = Box(0, 0, 10, 20)
    assert turned.crop(np.rot90(picture, turns)).min() == 255
    assert turned_back(turned, turns, picture.shape) == box


def test_what_is_filled_up_is_grey_and_lies_on_the_right_and_below():
    pixels, _ = prepare(np.full((100, 200, 3), 255, np.uint8), 128)  # 64 x 128: nothing to fill
    assert pixels.min() == 255
    pixels, _ = prepare(np.full((100, 200, 3), 255, np.uint8), 160)  # 80 x 160 becomes 128 x 192
    assert pixels.shape == (128, 192, 3)
    assert (pixels[:80, :160] == 255).all()
    assert (pixels[80:] == 128).all() and (pixels[:, 160:] == 128).all()
    square = padded(np.full((2, 3, 3), 255, np.uint8), 4)
    assert square[..., 0].tolist() == [[255, 255, 255, 128]] * 2 + [[128] * 4] * 2


def test_even_a_line_of_pixels_becomes_an_input():
    assert prepare(np.zeros((1, 5000, 3), np.uint8), 128)[0].shape == (64, 128, 3)


def test_a_score_at_the_least_is_found_and_an_edge_is_at_most_e_to_the_five_cells_away():
    found = decode(answer_with({(3, 2): (0.0, 1, 1, 1, 1)}), 0.5)
    assert len(found) == 1
    far = answer_with({(3, 2): (0.0, 1, 1, 1, 1)})
    far[1, 2, 3] = 50.0
    ((box, _),) = decode(far, 0.5)
    assert box.w == pytest.approx((np.exp(5) + 1) * 8, rel=1e-4)


@pytest.mark.parametrize(("overlap", "kept"), [(0.39, 2), (0.41, 1)])
def test_boxes_that_overlap_by_two_fifths_mean_the_same_face(overlap, kept):
    shift = 100 * (1 - overlap) / (1 + overlap)  # two boxes 100 wide, shifted: IoU = (100 - s) / (100 + s)
    found = [Detection(Box(0, 0, 100, 100), 0.9), Detection(Box(shift, 0, 100, 100), 0.8)]
    assert len(tidy(found, (100, 300, 3))) == kept


@pytest.mark.parametrize(("left", "kept"), [(25, 1), (35, 2)])
def test_a_small_box_mostly_inside_a_better_one_means_the_same_face(left, kept):
    """Of a box 100 wide, at least 70 inside: the small one is 100 of 100 x 300."""
    found = [Detection(Box(0, 0, 100, 300), 0.9), Detection(Box(left, 0, 100, 60), 0.8)]
    assert len(tidy(found, (400, 400, 3))) == kept


def test_two_fifths_and_seven_tenths_themselves():
    """Two boxes that share 40 of 100 parts are one face; of a small box seven tenths inside are not enough."""
    same = [Detection(Box(0, 0, 70, 10), 0.9), Detection(Box(30, 0, 70, 10), 0.8)]  # 40 of 100
    assert len(tidy(same, (99, 199, 3))) == 1
    apart = [Detection(Box(0, 0, 100, 100), 0.9), Detection(Box(93, 0, 10, 10), 0.8)]  # 7 of 10 wide
    assert len(tidy(apart, (199, 199, 3))) == 2
    assert len(tidy([apart[1], Detection(Box(0, 0, 100, 100), 0.7)], (199, 199, 3))) == 2


def test_equal_neighbours_both_count_and_a_diagonal_one_is_a_neighbour():
    equal = {(3, 2): (1.0, 1, 1, 1, 1), (4, 3): (1.0, 1, 1, 1, 1)}
    assert len(decode(answer_with(equal), 0.3)) == 2
    lower = {(3, 2): (1.0, 1, 1, 1, 1), (4, 3): (0.9, 1, 1, 1, 1), (6, 2): (0.9, 1, 1, 1, 1)}
    assert sorted(round((b.x + b.right) / 16, 1) for b, _ in decode(answer_with(lower), 0.3)) == [3.5, 6.5]


def test_the_name_of_the_detector_stays():
    assert tidy([Detection(Box(0, 0, 9, 9), 0.9, "cnn")], (20, 20, 3))[0].detector == "cnn"


@pytest.mark.parametrize("shape", [(64, 128), (65, 128)])
def test_only_what_is_missing_to_sixty_four_is_filled_up(shape):
    pixels, factor = prepare(np.zeros((*shape, 3), np.uint8), 128)
    assert factor == 1
    assert pixels.shape == ((64, 128, 3) if shape[0] == 64 else (128, 128, 3))
