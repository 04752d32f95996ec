from __future__ import annotations

import numpy as np
import pytest

from core.errors import DataError
from core.train.sampler import PKSampler

LABELS = np.repeat(np.arange(10), [2, 3, 4, 5, 6, 7, 8, 9, 10, 30])


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_every_batch_holds_p_distinct_characters_with_k_faces_each(rounds: int):
    sampler = PKSampler(LABELS, p=4, k=4, rounds=rounds)
    for batch in sampler.epoch(0):
        labels, counts = np.unique(LABELS[batch], return_counts=True)
        assert len(labels) == 4
        assert (counts == 4).all()


def test_the_k_faces_of_a_character_stand_side_by_side():
    batch = next(PKSampler(LABELS, p=3, k=4).epoch(0))
    assert (LABELS[batch].reshape(3, 4) == LABELS[batch].reshape(3, 4)[:, :1]).all()


@pytest.mark.parametrize("rounds", [1, 3])
def test_an_epoch_shows_every_character_at_least_so_often(rounds: int):
    batches = list(PKSampler(LABELS, p=4, k=2, rounds=rounds).epoch(1))
    shown = np.bincount(LABELS[np.concatenate(batches)], minlength=10) // 2
    assert shown.min() >= rounds
    assert len(batches) == len(PKSampler(LABELS, p=4, k=2, rounds=rounds))


def test_a_character_repeats_faces_only_where_it_has_too_few():
    for batch in PKSampler(LABELS, p=10, k=4).epoch(0):
        for label in range(10):
            own = batch[LABELS[batch] == label]
            assert len(set(own.tolist())) == min(4, label + 2)


def test_in_the_long_run_every_pair_of_a_character_is_compared():
    labels = np.repeat(np.arange(4), 8)
    pairs = set()
    for number in range(100):
        for batch in PKSampler(labels, p=4, k=4).epoch(number):
            own = sorted(batch[labels[batch] == 0].tolist())
            pairs |= {(a, b) for i, a in enumerate(own) for b in own[i + 1 :]}
    assert len(pairs) == 28


def test_an_epoch_is_the_same_whether_or_not_others_were_drawn_before():
    first, second = PKSampler(LABELS, p=4, k=4, seed=1), PKSampler(LABELS, p=4, k=4, seed=1)
    list(first.epoch(0))
    for a, b in zip(first.epoch(1), second.epoch(1), strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(next(first.epoch(1)), next(first.epoch(2)))


def test_fewer_characters_than_p_are_all_taken():
    batch = next(PKSampler([0, 0, 1, 1, 1], p=8, k=2).epoch(0))
    assert len(batch) == 4


@pytest.mark.parametrize(
    ("labels", "p", "k", "words"),
    [
        ([0, 0, 0], 2, 2, "at least 2 characters, got 1"),
        ([0, 0, 1, 1], 1, 2, "got P=1, K=2"),
        ([0, 0, 1, 1], 2, 1, "got P=2, K=1"),
    ],
)
def test_what_cannot_be_sampled_is_refused(labels: list[int], p: int, k: int, words: str):
    with pytest.raises(DataError, match=words):
        PKSampler(labels, p=p, k=k)
