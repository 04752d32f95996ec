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


def by_the_paper(faces, k1, k2, weight):
    """Zhong et al., section 3, with sets instead of arrays: similarities of all faces with each other."""
    n, faces = len(faces), np.asarray(faces, float)
    distance = np.maximum(2 - 2 * faces @ faces.T, 0)
    distance = distance / distance.max(axis=1, keepdims=True)
    order = [[int(j) for j in np.argsort(row, kind="stable")] for row in distance]

    def reciprocal(i, k):
        return {j for j in order[i][: k + 1] if i in order[j][: k + 1]}

    k1 = min(k1, n - 1)
    members = np.zeros((n, n))
    for i in range(n):
        own = reciprocal(i, k1)
        grown = set(own)
        for half in (reciprocal(j, max(round(k1 / 2), 1)) for j in own):
            if 3 * len(half & own) > 2 * len(half):
                grown |= half
        at = sorted(grown)
        members[i, at] = np.exp(-distance[i, at])
    members /= members.sum(axis=1, keepdims=True)
    members = np.stack([members[order[i][:k2]].mean(axis=0) for i in range(n)])
    shared = np.array([[np.minimum(a, b).sum() / np.maximum(a, b).sum() for b in members] for a in members])
    return 1 - (1 - weight) * (1 - shared) - weight * distance


@pytest.mark.parametrize(
    ("count", "options"),
    [
        (40, {"k1": 6, "k2": 3, "weight": 0.3}),
        (40, {"k1": 3, "k2": 1, "weight": 0.5}),
        (40, {"k1": 1, "k2": 2, "weight": 0.0}),
        (5, {"k1": 20, "k2": 6, "weight": 0.3}),  # fewer faces than neighbours
    ],
)
@pytest.mark.parametrize("spread", [1.0, 0.1])
def test_it_is_what_the_paper_says(count, options, spread):
    faces = l2_normalize(np.array([[2.0] + [0.0] * 5]) + spread * np.random.default_rng(3).normal(size=(count, 6)))
    wanted = by_the_paper(faces, **options)
    assert np.abs(rerank.k_reciprocal_among(faces, **options) - wanted).max() < 1e-3
    asked = rerank.k_reciprocal(faces[:2], faces[2:], **options)
    assert np.abs(asked - wanted[:2, 2:]).max() < 1e-3
