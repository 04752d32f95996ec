"""Pairs of faces in figures: errors, accepted pairs, the curve, and intervals that hold the figure."""

from __future__ import annotations

import numpy as np
import pytest

from core.similarity.pair_figures import pair_figures, roc_points

APART = np.repeat(np.eye(3, dtype=np.float32), 3, axis=0)
"""Three characters of three equal faces each, at right angles."""
NAMES = np.repeat(np.array(["a", "b", "c"]), 3)


def test_characters_far_apart_have_no_errors_and_all_their_pairs_are_accepted():
    errors, accepted = pair_figures(APART, NAMES)
    assert (errors.value, accepted.value) == (0.0, 1.0)
    assert errors.n == accepted.n == 36  # 9 x 8 / 2


def test_a_face_under_another_name_is_an_error_and_the_interval_holds_the_figure():
    names = NAMES.copy()
    names[0] = "b"
    errors, _ = pair_figures(APART, names)
    assert errors.value > 0
    assert errors.low <= errors.value <= errors.high


@pytest.mark.parametrize("rows", [slice(0, 3), slice(0, 9, 3), slice(0, 0)])
def test_without_pairs_of_both_kinds_there_is_no_figure_and_no_curve(rows):
    assert pair_figures(APART[rows], NAMES[rows]) == []
    assert roc_points(APART[rows], NAMES[rows]) == ()


def test_the_curve_has_as_many_points_as_asked_and_never_falls():
    points = np.array(roc_points(APART, NAMES, 50))
    assert points.shape == (50, 2)
    assert (np.diff(points, axis=0) >= 0).all()
    assert points[-1].tolist() == [1.0, 1.0]


def test_a_curve_that_nobody_bounds_has_two_hundred_points_from_a_ten_thousandth_on():
    points = roc_points(APART, NAMES)
    assert len(points) == 200
    assert points[0] == (1e-4, 1.0), "all pairs of one character are accepted before any of two"


def test_no_more_faces_than_three_hundred_are_drawn_at_a_time(monkeypatch):
    import core.similarity.pair_figures as module

    sizes = []

    def counted(vectors, other):
        sizes.append(len(vectors))
        return vectors @ other.T

    monkeypatch.setattr(module.metrics, "cosine", counted)
    vectors = np.eye(2, dtype=np.float32)[np.repeat([0, 1], 400)]
    pair_figures(vectors, np.repeat(np.array(["a", "b"]), 400))
    assert sizes[0] == 800, "the figure itself is of all"
    assert len(sizes) == 61
    assert max(sizes[1:]) == 300, "150 of each character, where both are drawn"
    assert min(sizes[1:]) >= 150


def test_many_characters_keep_two_faces_each_at_least(monkeypatch):
    import core.similarity.pair_figures as module

    monkeypatch.setattr(module, "PAIR_FACES", 2)
    errors, _ = pair_figures(APART, NAMES)
    assert np.isfinite([errors.low, errors.high]).all()
