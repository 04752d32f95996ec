"""The learning rate over the steps."""

import pytest

from core.train.config import TrainConfig
from core.train.schedule import rate_factor


def test_it_warms_up_and_falls_to_nothing_along_a_cosine():
    config = TrainConfig(warmup_fraction=0.1)
    factors = [rate_factor(config, step, 100, 10) for step in range(100)]
    assert factors[:10] == pytest.approx([k / 10 for k in range(1, 11)])
    assert (factors[10], factors[40]) == (1.0, pytest.approx(0.75))  # a third of the way: (1 + cos 60 degrees) / 2
    assert factors[55] == pytest.approx(0.5)
    assert factors[99] < 0.001
    assert sorted(factors[10:], reverse=True) == factors[10:]


def test_stairs_as_in_the_article():
    config = TrainConfig(warmup_fraction=0.0, schedule="step", step_epochs=3, step_factor=0.8)
    assert [rate_factor(config, epoch * 5, 125, 5) for epoch in (0, 2, 3, 6)] == pytest.approx([1, 1, 0.8, 0.64])


def test_constant_is_constant_after_the_warm_up():
    config = TrainConfig(warmup_fraction=0.0, schedule="constant")
    assert {rate_factor(config, step, 50, 5) for step in range(50)} == {1.0}


def test_a_training_may_be_all_warm_up_or_one_step():
    config = TrainConfig(warmup_fraction=1.0)
    assert [rate_factor(config, step, 4, 2) for step in range(4)] == [0.25, 0.5, 0.75, 1.0]
    assert rate_factor(TrainConfig(warmup_fraction=0.0), 0, 1, 1) == 1.0
