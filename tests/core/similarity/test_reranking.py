"""k-reciprocal re-ranking."""

import numpy as np
import pytest

from core.similarity import metrics
from core.similarity import reranking as rerank


def l2_normalize(rows):
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def noisy(seed=0):
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(10), 20)
    return l2_normalize(rng.normal(size=(10, 16))[labels] + 1.3 * rng.normal(size=(200, 16))), labels


def mean_map(similarity, labels):
    ranking = metrics.rank_among(similarity, labels)
    return ranking.mean(metrics.map_at_r(ranking))


def test_it_lifts_map_of_noisy_clusters():
    faces, labels = noisy()
    assert mean_map(rerank.k_reciprocal_among(faces), labels) > 1.05 * mean_map(metrics.cosine(faces, faces), labels)


def test_weight_one_keeps_the_original_order():
    faces, _ = noisy()
    again = rerank.k_reciprocal(faces[:30], faces[30:], weight=1.0)
    plain = metrics.cosine(faces[:30], faces[30:])
    assert (again.argmax(axis=1) == plain.argmax(axis=1)).all()


def test_identical_faces_are_wholly_similar_and_others_not():
    near, far = l2_normalize([[1, 0]] * 4), l2_normalize([[0, 1]] * 4)
    values = rerank.k_reciprocal(near[:2], np.concatenate([near[2:], far]), k1=3, k2=1)
    assert values[:, :2] == pytest.approx(1, abs=1e-5)
    assert values[:, 2:] == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("count", [2, 5])
def test_a_few_faces_are_enough(count):
    faces, _ = noisy()
    values = rerank.k_reciprocal_among(faces[:count])
    assert values.shape == (count, count)
    assert np.isfinite(values).all()
