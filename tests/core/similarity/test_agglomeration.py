import numpy as np

from core.similarity.agglomeration import MergeRule, agglomerate
from core.similarity.neighbours import Neighbours, nearest_neighbours

NOWHERE = -1


def fan(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def labels(vectors: np.ndarray, rule: MergeRule, *, k: int = 3, pictures=None, weights=None) -> list[int]:
    n = len(vectors)
    roots = agglomerate(
        vectors,
        nearest_neighbours(vectors, k),
        rule,
        weights=np.ones(n) if weights is None else np.asarray(weights, float),
        pictures=np.full(n, NOWHERE) if pictures is None else np.asarray(pictures),
    )
    return np.unique(roots, return_inverse=True)[1].tolist()


def together(vectors, rule, **options) -> set[frozenset[int]]:
    found = labels(vectors, rule, **options)
    return {frozenset(i for i, label in enumerate(found) if label == which) for which in found}


def test_two_bundles_become_two_groups():
    assert together(fan(0, 2, 4, 90, 92, 94), MergeRule(0.9, 0.1)) == {frozenset({0, 1, 2}), frozenset({3, 4, 5})}


def test_the_least_similarity_is_that_of_the_centres():
    """The centres of 0 and 60 degrees have cosine 0.5."""
    assert len(together(fan(0, 60), MergeRule(0.49, 0))) == 1
    assert len(together(fan(0, 60), MergeRule(0.51, 0))) == 2


def test_the_linkage_of_two_single_faces_is_twice_the_sixth_power():
    """2 x 0.5 ^ 6 = 0.03125."""
    assert len(together(fan(0, 60), MergeRule(0, 0.031))) == 1
    assert len(together(fan(0, 60), MergeRule(0, 0.032))) == 2


def test_only_mutual_neighbours_start_a_group():
    one_way = Neighbours(np.array([[1], [2], [1]]), np.array([[0.9], [0.95], [0.95]], np.float32))
    vectors = fan(0, 20, 30)
    roots = agglomerate(vectors, one_way, MergeRule(0.5, 1.4), weights=np.ones(3), pictures=np.full(3, NOWHERE))
    assert roots[0] != roots[1] == roots[2]


def test_two_faces_of_one_picture_never_meet_not_even_through_others():
    found = together(fan(0, 1, 2), MergeRule(0.9, 0), pictures=[7, NOWHERE, 7])
    assert frozenset({0, 1, 2}) not in found
    assert not any({0, 2} <= group for group in found)


def test_faces_without_a_picture_are_not_of_one_picture():
    assert len(together(fan(0, 1, 2), MergeRule(0.9, 0))) == 1


def test_a_face_of_small_weight_hardly_moves_the_centre():
    """0 and 30 degrees join first. If the first hardly counts, their centre is 34 degrees from the third; else 64."""
    vectors, rule = fan(0, 30, 64), MergeRule(np.cos(np.radians(45)), 0)
    assert len(together(vectors, rule, weights=[0.01, 1, 1])) == 1
    assert len(together(vectors, rule, weights=[1, 0.01, 1])) == 2


def test_a_chain_does_not_become_one_group():
    """Single linkage would join all nine: each is 15 degrees from the next."""
    found = together(fan(*range(0, 135, 15)), MergeRule(np.cos(np.radians(50)), 0.1))
    assert max(len(group) for group in found) < 6
