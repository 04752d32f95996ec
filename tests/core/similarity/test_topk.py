"""The highest values of rows that come in blocks."""

import numpy as np
import pytest

from core.similarity.topk import TopK


def test_by_hand():
    best = TopK(2, 2)
    best.offer(np.array([[3.0, 1.0], [0.0, 9.0]]), 0)
    best.offer(np.array([[2.0, 5.0], [4.0, 3.0]]), 2)
    assert best.places.tolist() == [[3, 0], [1, 2]]
    assert best.values.tolist() == [[5, 3], [9, 4]]


@pytest.mark.parametrize("width", [1, 3, 64])
@pytest.mark.parametrize("ascending", [False, True])
def test_as_a_full_sort_says(width, ascending):
    values = np.random.default_rng(0).permutation(5 * 60).reshape(5, 60).astype(np.float32)
    if ascending:  # every block is higher than all before it
        values.sort(axis=1)
    best = TopK(5, 7)
    for start in range(0, 60, width):
        best.offer(values[:, start : start + width], start)
    assert best.places.tolist() == np.argsort(-values, axis=1)[:, :7].tolist()


def test_of_equal_values_the_earlier_comes_first():
    best = TopK(1, 2)
    for start in range(3):
        best.offer(np.ones((1, 2), np.float32), 2 * start)
    assert best.places.tolist() == [[0, 1]]


def test_fewer_values_than_asked_for():
    best = TopK(1, 5)
    best.offer(np.array([[1.0, 2.0]]), 0)
    assert best.places.tolist() == [[1, 0]]


@pytest.mark.parametrize("higher", [0, 1, 4, 5])
def test_few_or_many_higher_values_in_a_block_are_taken_alike(higher):
    """Two rows and k = 1: up to four values that are higher than the best so far are joined one by one."""
    best = TopK(2, 1)
    best.offer(np.array([[0, -1, -2]] * 2, np.float32), 0)
    block = np.full((2, 3), -1.0, np.float32)
    block.ravel()[:higher] = np.arange(1, higher + 1)
    best.offer(block, 3)
    first = [0.0, 0] if higher == 0 else [float(min(higher, 3)), 2 + min(higher, 3)]
    second = [0.0, 0] if higher < 4 else [float(higher), 3 + higher - 4]
    assert [best.values[0, 0], best.places[0, 0]] == first
    assert [best.values[1, 0], best.places[1, 0]] == second


def test_of_no_rows_nothing_is_kept():
    best = TopK(0, 3)
    best.offer(np.empty((0, 4), np.float32), 0)
    assert best.values.shape[0] == 0


def test_an_equal_value_of_a_later_block_changes_nothing():
    best = TopK(1, 1)
    best.offer(np.array([[2.0]]), 0)
    best.offer(np.array([[2.0, 1.0]]), 1)
    assert best.places.tolist() == [[0]]
