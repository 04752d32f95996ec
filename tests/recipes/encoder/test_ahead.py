"""Batches prepared while another is learned from."""

import pytest

from recipes.encoder.ahead import Ahead
from recipes.encoder.pretrain_config import PretrainConfig


@pytest.mark.parametrize("count", [0, 1, 3])
def test_each_step_gets_its_own_batch_also_when_the_size_changes(count):
    ahead = Ahead(lambda step, size: (step, size), PretrainConfig(ahead=count))
    sizes = [64, 64, 64, 96, 96]
    assert [ahead.take(step, size) for step, size in enumerate(sizes)] == list(enumerate(sizes))


def test_the_next_steps_are_begun_and_forgotten_on_request():
    asked = []
    ahead = Ahead(lambda step, size: asked.append(step) or (step, len(asked)), PretrainConfig(ahead=1))
    ahead.take(0, 64)
    ahead.forget()
    assert set(asked) <= {0, 1}
    before = len(asked)
    assert ahead.take(1, 64)[0] == 1
    assert len(asked) > before, "what was forgotten is prepared again"


def test_an_error_is_raised_where_its_step_is_taken():
    ahead = Ahead(lambda step, size: 1 // step, PretrainConfig(ahead=1))
    with pytest.raises(ZeroDivisionError):
        ahead.take(0, 64)
