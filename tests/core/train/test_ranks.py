"""A training that is alone asks nobody; each of several processes draws numbers of its own."""

import torch
from torch import nn

from core.train.ranks import ALONE, Ranks, seed_numbers


def test_one_process_keeps_what_it_has():
    features, targets, module = torch.ones(2, 3), torch.tensor([0, 1]), nn.Linear(3, 2)
    assert ALONE.first
    assert ALONE.gather(features, targets) == (features, targets)
    assert ALONE.wrap(module, partly=False) is module
    assert ALONE.mean(features) is features
    assert ALONE.agree(True) is True
    assert ALONE.agree(False) is False
    assert ALONE.share({"a": features})["a"] is features


def test_seeds_are_those_of_before_where_there_is_one_process_and_differ_where_there_are_two():
    second = Ranks()
    second.rank, second.size = 1, 2
    assert seed_numbers(ALONE) == ()
    assert seed_numbers(second) == (1,)
    assert not second.first
