"""Intervals by hand."""

from __future__ import annotations

import math

import pytest

from core.similarity.intervals import mean_interval, share_interval


def test_mean_interval_of_three_seeds():
    assert mean_interval([0.8, 0.9, 1.0]) == pytest.approx((0.9, 0.2484), abs=1e-4)


def test_a_higher_confidence_is_a_wider_interval():
    """Student's t with one degree of freedom: 12.706 for 95 %, 6.314 for 90 %; the standard error of (0, 1) is 0.5."""
    assert mean_interval([0, 1])[1] == pytest.approx(6.353, abs=1e-3)
    assert mean_interval([0, 1], 0.9)[1] == pytest.approx(3.157, abs=1e-3)


def test_one_run_has_a_mean_and_no_interval():
    mean, half = mean_interval([0.7])
    assert mean == 0.7 and math.isnan(half)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 2, 0.0945, 0.9055)],
)
def test_the_interval_of_a_share_is_wilsons(hits, n, low, high):
    assert share_interval(hits, n) == pytest.approx((low, high), abs=1e-4)


def test_a_share_of_nothing_is_unknown():
    assert all(math.isnan(v) for v in share_interval(0, 0))
