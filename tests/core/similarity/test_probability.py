"""Probabilities that mean what they say."""

import doctest

import numpy as np
import pytest

from core.similarity import probability as p


def test_the_example_in_the_docstring_holds():
    assert doctest.testmod(p).failed == 0


def test_separation_by_hand():
    found = p.MatchProbability.of(np.full(10, 0.6), np.array([0.1, 0.3]))
    assert (found.mean, found.spread) == pytest.approx((0.2, 0.1))
    assert found.separation == pytest.approx((10 * 4 + 10 * 2.6) / 20)


def test_without_known_faces_the_usual_separation_is_taken():
    assert p.MatchProbability.of(np.empty(0), np.array([0.1, 0.3])).separation == pytest.approx(2.6)


def test_halfway_between_strangers_and_known_faces_the_ratio_says_nothing():
    rule = p.MatchProbability(mean=0.2, spread=0.1, separation=4.0)
    assert rule(np.array([0.4]), np.array([0.0])) == pytest.approx(1 / (1 + np.exp(1.09)))
    assert rule(np.array([0.4]), np.array([0.1])) == pytest.approx(1 / (1 + np.exp(1.09 - 0.26)))
    assert rule(np.array([0.5]), np.array([0.0])) == pytest.approx(1 / (1 + np.exp(1.09 - 0.79 * 4)))


def test_it_rises_with_similarity_and_with_the_lead():
    rule = p.MatchProbability(0.2, 0.1, 3.0)
    assert (np.diff(rule(np.linspace(-1, 1, 50), np.zeros(50))) >= 0).all()
    assert (np.diff(rule(np.full(50, 0.4), np.linspace(0, 2, 50))) >= 0).all()


def test_known_faces_below_strangers_still_give_a_rising_probability():
    rule = p.MatchProbability.of(np.full(1000, -0.9), np.array([0.1, 0.3]))
    assert rule.separation == p.SMALLEST_SEPARATION


def test_the_reliability_table_by_hand():
    rows = p.reliability(np.array([0.05, 0.95, 1.0, 0.91]), np.array([0, 1, 1, 0]))
    assert [(row.low, row.share, row.right) for row in rows] == [(0.0, 0.25, 0.0), (0.9, 0.75, pytest.approx(2 / 3))]
    assert p.expected_calibration_error(rows) == pytest.approx(0.25 * 0.05 + 0.75 * (2.86 / 3 - 2 / 3))


def test_weights_say_how_much_an_answer_counts():
    rows = p.reliability(np.array([0.5, 0.5]), np.array([1, 0]), np.array([3.0, 1.0]))
    assert (rows[0].right, rows[0].share, rows[0].told) == pytest.approx((0.75, 1.0, 0.5))
    assert (rows[0].low, rows[0].high) == (0.5, 0.6)


def test_probabilities_of_one_and_zero_are_counted_in_the_outer_bins():
    rows = p.reliability(np.array([0.0, 1.0]), np.array([0, 1]))
    assert [(row.low, row.right) for row in rows] == [(0.0, 0.0), (0.9, 1.0)]
    assert p.expected_calibration_error(rows) == 0


def test_a_lead_counts_from_nothing_to_two():
    rule = p.MatchProbability(0.2, 1.0, 1.0)
    told = rule(np.full(4, 0.7), np.array([-1.0, 0.0, 2.0, np.inf]))
    assert told[0] == told[1] < told[2] == told[3] < 1
