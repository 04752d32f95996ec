"""Intervals by drawing groups anew."""

import numpy as np
import pytest

from core.similarity.bootstrap import bootstrap, figure_of, weighted_mean


def test_rows_of_one_group_are_drawn_together():
    """Two groups, one all right, one all wrong: a draw of two gives 0, 0.5 or 1, so the interval spans all."""
    groups, values = np.array(["a"] * 50 + ["b"] * 50), np.repeat([1.0, 0.0], 50)
    found = figure_of("share", groups, lambda w: weighted_mean(values, w))
    assert (found.value, found.low, found.high, found.n) == (0.5, 0.0, 1.0, 100)


def test_many_groups_give_the_interval_of_their_mean():
    """400 groups of one row, half right: standard error .025, so 95 % lies within .05 of .5."""
    values = np.tile([0.0, 1.0], 200)
    low, high = bootstrap(np.arange(400), lambda w: weighted_mean(values, w))
    assert (low, high) == (pytest.approx(0.45, abs=0.01), pytest.approx(0.55, abs=0.01))


def test_one_group_tells_nothing():
    low, high = bootstrap(np.array(["a", "a"]), lambda w: 1.0)
    assert np.isnan(low)
    assert np.isnan(high)
    assert np.isnan(weighted_mean(np.array([1.0]), np.array([0.0])))


def test_a_figure_that_is_never_a_number_has_no_interval():
    assert np.isnan(bootstrap(np.array(["a", "b"]), lambda w: float("nan"))).all()
    low, high = bootstrap(np.array(["a", "b"]), lambda w: w[0] if w[0] else float("nan"))
    assert (low, high) == (1.0, 2.0), "draws without a number are left out"
