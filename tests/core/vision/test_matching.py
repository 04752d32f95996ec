import numpy as np
import pytest

from core.imaging.boxes import Box, Detection
from core.vision.matching import Matches, Measure, assign, centred, iou50, match_detections

FACE = Box(0, 0, 100, 100)


@pytest.mark.parametrize(
    ("found", "by_iou", "by_centre"),
    [
        (Box(0, 0, 100, 100), True, True),
        (Box(0, 0, 100, 60), True, True),  # IoU 0.6
        (Box(0, 0, 100, 40), False, True),  # IoU 0.4, centre inside
        (Box(0, 0, 100, 20), False, False),  # IoU 0.2
        (Box(60, 0, 100, 100), False, False),  # centre at 110
        (Box(45, 0, 100, 100), False, True),  # 5500 / 14500 = 0.38, centre at 95
        (Box(0, 0, 100, 50), True, True),  # IoU 0.5 itself
        (Box(25, 25, 50, 50), False, True),  # IoU 0.25 itself
    ],
)
def test_what_counts_as_a_hit(found, by_iou, by_centre):
    assert iou50(found, FACE) is by_iou
    assert centred(found, FACE) is by_centre


def test_a_true_face_is_given_only_once_and_to_the_best_score():
    found = [Detection(Box(2, 0, 100, 100), 0.5), Detection(FACE, 0.9), Detection(Box(300, 0, 10, 10), 0.7)]
    assert assign(found, [FACE], iou50) == [-1, 0, -1]


def test_judging_counts_hits_misses_and_false_alarms():
    found = [[Detection(FACE, 0.9), Detection(Box(500, 500, 9, 9), 0.4)], []]
    matches = match_detections(found, [[FACE], [FACE, Box(200, 200, 50, 50)]], iou50)
    assert matches.at(0.0) == Measure(hits=1, found=2, faces=3)
    assert matches.at(0.5) == Measure(hits=1, found=1, faces=3)
    assert matches.at(0.0).recall == pytest.approx(1 / 3)
    assert matches.at(0.0).precision == 0.5
    assert matches.at(0.0).f1 == pytest.approx(0.4)


def test_operating_point_is_the_lowest_score_that_holds_the_precision():
    scores = np.array([0.9, 0.8, 0.7, 0.6])
    hits = np.array([True, True, False, True])
    assert Matches(scores, hits, 4).operating_point(0.75) == 0.6
    assert Matches(scores, hits, 4).operating_point(1.0) == 0.8
    assert Matches(scores, ~hits, 4).operating_point(0.9) == float("inf")


def test_boxes_of_equal_score_stand_or_fall_together():
    matches = Matches(np.array([0.9, 0.5, 0.5]), np.array([True, True, False]), 2)
    assert matches.operating_point(0.95) == 0.9


def test_pictures_without_their_truth_are_refused():
    with pytest.raises(ValueError, match="same pictures"):
        match_detections([[]], [], iou50)


def test_the_limits_themselves_are_hits():
    half, quarter = Box(0, 0, 100, 50), Box(0, 0, 100, 25)
    assert iou50(half, FACE) and not iou50(Box(0, 0, 100, 49), FACE)
    assert centred(quarter, FACE) and not centred(Box(0, 0, 100, 24), FACE)


def test_of_two_true_faces_the_one_of_the_larger_share_is_given():
    found = [Detection(Box(0, 0, 100, 100), 0.9), Detection(Box(0, 0, 100, 100), 0.8)]
    assert assign(found, [Box(0, 0, 100, 60), Box(0, 0, 100, 90)], iou50) == [1, 0]


def test_scores_and_hits_go_together():
    with pytest.raises(ValueError, match="got 2 and 1"):
        Matches(np.array([0.1, 0.2]), np.array([True]), 1)


def test_figures_of_nothing():
    assert (Measure(0, 0, 0).recall, Measure(0, 0, 0).precision, Measure(0, 0, 0).f1) == (0.0, 1.0, 0.0)
    assert Measure(0, 0, 2).f1 == 0.0
    nothing = match_detections([], [], iou50)
    assert nothing.operating_point() == float("inf")
    assert nothing.at(0.5) == Measure(0, 0, 0)


def test_a_box_of_exactly_the_score_is_kept():
    matches = Matches(np.array([0.5, 0.4]), np.array([True, False]), 2)
    assert matches.at(0.5) == Measure(1, 1, 2)
