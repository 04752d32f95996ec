import numpy as np
import pytest

import core.similarity.neighbours as module
from core.similarity.neighbours import nearest_neighbours, nearest_of


def unit(n: int, d: int = 8, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(n, d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_three_faces_on_a_quarter_circle():
    found = nearest_neighbours(np.array([[1, 0], [0.8, 0.6], [0, 1]], np.float32), 2)
    assert found.index.tolist() == [[1, 2], [0, 2], [1, 0]]
    assert found.similarity == pytest.approx(np.array([[0.8, 0], [0.8, 0.6], [0.6, 0]]))


def test_small_blocks_find_what_the_full_matrix_finds(monkeypatch):
    monkeypatch.setattr(module, "ROWS", 7)
    monkeypatch.setattr(module, "COLUMNS", 11)
    vectors = unit(100)
    full = vectors @ vectors.T
    np.fill_diagonal(full, -2)
    found = nearest_neighbours(vectors, 5)
    assert found.index.tolist() == np.argsort(-full, axis=1)[:, :5].tolist()


def test_a_block_smaller_than_k_is_no_obstacle(monkeypatch):
    monkeypatch.setattr(module, "COLUMNS", 2)
    assert nearest_neighbours(unit(9), 4).index.tolist() == nearest_neighbours(unit(9), 8).index[:, :4].tolist()


def test_a_face_is_not_its_own_neighbour_not_even_among_copies():
    found = nearest_neighbours(np.repeat(np.array([[1, 0]], np.float32), 4, axis=0), 3)
    assert [sorted(row) for row in found.index.tolist()] == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_faces_have_few_neighbours(n):
    assert nearest_neighbours(unit(n), 5).k == max(n - 1, 0)


def test_the_nearest_of_one_face_are_those_that_all_are_told():
    vectors = np.random.default_rng(0).normal(size=(20, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    everybody = nearest_neighbours(vectors, 6)
    for row in (0, 7, 19):
        index, similarity = nearest_of(vectors, row, 6)
        assert index.tolist() == everybody.index[row].tolist()
        assert np.allclose(similarity, everybody.similarity[row], atol=1e-6)
    assert len(nearest_of(vectors, 3, 99)[0]) == 19
    assert len(nearest_of(vectors, 3, 0)[0]) == 0
