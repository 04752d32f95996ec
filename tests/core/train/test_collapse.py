"""The warning that all embeddings become one."""

import math

import pytest

from core.train.collapse import CollapseWatch


@pytest.mark.parametrize(("margin", "stuck"), [(None, math.log(2)), (0.15, 0.15), (0.3, 0.3 * 1.005)])
def test_a_loss_that_stays_at_the_margin_is_a_collapse(margin, stuck):
    watch = CollapseWatch(margin, steps=5)
    assert [watch.update(stuck, 0.9) for _ in range(6)] == [False] * 4 + [True] * 2


def test_one_different_step_clears_it():
    watch = CollapseWatch(None, steps=3)
    assert [watch.update(loss, 0.9) for loss in (0.693, 0.693, 0.5, 0.693, 0.693, 0.693)] == [False] * 5 + [True]


def test_a_vanishing_spread_is_one_also_without_the_triplet_loss():
    watch = CollapseWatch(None, steps=2, learned=False)
    assert [watch.update(0.693, spread) for spread in (0.5, 0.5, 0.01, 0.01)] == [False] * 3 + [True]


@pytest.mark.parametrize(("triplet", "spread"), [(101.0, 0.9), (99.0, 0.9), (50.0, 0.03)])
def test_a_hundredth_off_the_margin_and_a_spread_of_three_hundredths_are_none(triplet, spread):
    watch = CollapseWatch(100.0, steps=1)
    assert not watch.update(triplet, spread)
    assert watch.update(100.9, 0.9) and watch.update(50.0, 0.029)
