"""Curves pass where they should."""

from __future__ import annotations

import numpy as np
import pytest

from core.drawn.curves import bend, ellipse, locks, ribbon, spline


def test_a_spline_passes_through_its_points():
    points = [(0, 0), (1, 2), (3, 1), (4, 4)]
    curve = spline(points, steps=8)
    assert curve[::8] == pytest.approx(np.array(points, float))


def test_a_bend_starts_and_ends_where_it_is_told_and_is_pulled_half_way():
    curve = bend((0, 0), (1, 2), (2, 0), steps=2)
    assert curve == pytest.approx(np.array([[0, 0], [1, 1], [2, 0]]))


def test_locks_keep_their_valleys_and_tips():
    edge = [(0, 0), (1, 3), (2, 0), (3, 3), (4, 0)]
    curve = locks(edge)
    assert all(np.min(np.hypot(*(curve - point).T)) < 1e-9 for point in edge)
    assert curve[:, 1].max() == 3


def test_an_ellipse_has_its_radii():
    outline = ellipse(10, 20, 3, 5, steps=361)
    assert np.ptp(outline[:, 0]) == pytest.approx(6) and np.ptp(outline[:, 1]) == pytest.approx(10)


def test_a_ribbon_is_as_wide_as_asked():
    outline = ribbon(np.array([[0.0, 0], [1, 0], [2, 0]]), np.array([2.0, 2, 2]))
    assert outline[:, 1].min() == -1 and outline[:, 1].max() == 1
