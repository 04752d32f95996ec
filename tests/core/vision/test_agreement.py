"""Boxes of several looks: the mean logit of those that mean the same face."""

import math

import pytest

from core.imaging.boxes import Box, Detection
from core.vision.agreement import agreed, logit, sigmoid

FACE = Box(0, 0, 10, 10)


def test_two_looks_that_see_a_face_give_the_mean_of_their_logits():
    """Odds of 9 and of 1: the mean logit is ln 3, odds of 3."""
    (found,) = agreed([[Detection(FACE, 0.9)], [Detection(FACE, 0.5)]], unseen=0.02)
    assert found.score == pytest.approx(0.75)


def test_what_one_look_alone_sees_counts_half():
    """Odds of 49 and of 1/49: nothing is left but even odds, whichever look saw it."""
    for looks in ([[Detection(FACE, 0.98)], []], [[], [Detection(FACE, 0.98)]]):
        (found,) = agreed(looks, unseen=0.02)
        assert found.score == pytest.approx(0.5)


def test_the_box_is_the_mean_weighted_by_score():
    moved = Detection(Box(2, 0, 14, 10), 0.3)
    (found,) = agreed([[Detection(FACE, 0.9)], [moved]], unseen=0.02)
    assert found.box.as_list() == [0.5, 0.0, 11.0, 10.0]


def test_boxes_that_hardly_overlap_stay_apart():
    """Moved by half of their width two boxes share a third."""
    found = agreed([[Detection(FACE, 0.9)], [Detection(Box(5, 0, 10, 10), 0.9)]], unseen=0.02)
    assert [d.box.x for d in found] == [0, 5]


def test_each_box_is_used_once_and_the_best_comes_first():
    pair = [Detection(FACE, 0.6), Detection(Box(30, 0, 10, 10), 0.7)]
    found = agreed([pair, list(pair)], unseen=0.02)
    assert [(round(d.box.x), round(d.score, 6)) for d in found] == [(30, 0.7), (0, 0.6)]


def test_no_look_and_no_box_give_nothing():
    assert agreed([[], []], unseen=0.02) == []


def test_a_certain_score_has_a_finite_logit():
    assert math.isfinite(logit(1.0))
    assert math.isfinite(logit(0.0))
    assert sigmoid(logit(0.3)) == pytest.approx(0.3)


def test_boxes_that_share_two_fifths_are_one_face():
    pair = [Detection(Box(0, 0, 70, 10), 0.9)], [Detection(Box(30, 0, 70, 10), 0.9)]  # 40 of 100
    assert len(agreed(pair, unseen=0.02)) == 1


def test_of_two_boxes_the_nearer_is_taken_and_the_surest_names_the_detector():
    near, far = Detection(Box(1, 0, 10, 10), 0.5, "b"), Detection(Box(4, 0, 10, 10), 0.6, "c")
    found = agreed([[Detection(FACE, 0.9, "a")], [far, near]], unseen=0.02)
    assert [d.detector for d in found] == ["a", "c"]
    assert found[0].box.x == pytest.approx(0.5 / 1.4)


def test_bounds_of_the_logit_by_hand():
    assert logit(0.9) == pytest.approx(math.log(9))
    assert logit(1.0) == logit(0.9999) == pytest.approx(math.log(9999))
    assert logit(0.0) == logit(0.0001) == pytest.approx(-math.log(9999))
