import numpy as np
import pytest

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


def test_links_between_larger_groups_count_against_the_size_of_both():
    """Two pairs whose faces are each other's neighbours, then the pairs join by what all their edges weigh.

    With similarity 1 each edge weighs 1: there and back between the pairs are 4 each, so the linkage is
    4 x 4 x (1 / 2^2 + 1 / 2^2) = 8.
    """
    vectors = np.tile(np.array([[1.0, 0.0]], np.float32), (4, 1))
    index = np.array([[1, 2, 3], [0, 2, 3], [3, 0, 1], [2, 0, 1]])
    full = Neighbours(index, np.array([[1, 1, 1]] * 4, np.float32))
    options = {"weights": np.ones(4), "pictures": np.full(4, NOWHERE)}
    assert len(set(agglomerate(vectors, full, MergeRule(0, 2.0), **options).tolist())) == 1
    # two singles weigh 2; a single and a pair there = back = 2: 2 x 2 x (1 + 1 / 4) = 5; nothing reaches more than that
    assert len(set(agglomerate(vectors, full, MergeRule(0, 2.1), **options).tolist())) == 4


def test_a_pair_and_a_single_join_by_the_sizes_of_both():
    """0 and 1 join (2 x 0.9^6 = 1.06). The third has edges to both, 0.8^3 there and 0.7^3 back:
    1.024 x 0.686 x (1 + 1 / 4) = 0.878."""
    vectors = np.tile(np.array([[1.0, 0.0]], np.float32), (3, 1))
    near = Neighbours(np.array([[1, 2], [0, 2], [0, 1]]), np.array([[0.9, 0.7], [0.9, 0.7], [0.8, 0.8]], np.float32))
    options = {"weights": np.ones(3), "pictures": np.full(3, NOWHERE)}
    assert len(set(agglomerate(vectors, near, MergeRule(0, 0.877), **options).tolist())) == 1
    assert len(set(agglomerate(vectors, near, MergeRule(0, 0.879), **options).tolist())) == 2


def test_an_edge_below_nothing_weighs_hardly_anything():
    apart = Neighbours(np.array([[1], [0]]), np.array([[-0.5], [-0.5]], np.float32))
    options = {"weights": np.ones(2), "pictures": np.full(2, NOWHERE)}
    assert len(set(agglomerate(fan(0, 120), apart, MergeRule(-1, 1e-12), **options).tolist())) == 2
    assert len(set(agglomerate(fan(0, 120), apart, MergeRule(-1, 1e-19), **options).tolist())) == 1


def test_the_limits_themselves_let_a_pair_join():
    vectors = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    near = Neighbours(np.array([[1], [0]]), np.array([[1.0], [1.0]], np.float32))
    options = {"weights": np.ones(2), "pictures": np.full(2, NOWHERE)}
    assert len(set(agglomerate(vectors, near, MergeRule(0.0, 2.0), **options).tolist())) == 1


def test_picture_0_is_a_picture_like_others():
    found = together(fan(0, 1, 2), MergeRule(0.9, 0), pictures=[0, NOWHERE, 0])
    assert not any({0, 2} <= group for group in found)


def test_a_group_remembers_the_pictures_of_both_halves():
    """0 (picture 5) and 1 (picture 6) join; then neither 2 (picture 5) nor 3 (picture 6) may come."""
    found = together(fan(0, 1, 3, 5), MergeRule(0.9, 0), pictures=[5, 6, 5, 6])
    assert all(len(group) <= 2 for group in found)


def test_without_faces_there_are_no_groups():
    nothing = Neighbours(np.empty((0, 0), int), np.empty((0, 0), np.float32))
    found = agglomerate(
        np.empty((0, 2), np.float32), nothing, MergeRule(0, 0), weights=np.empty(0), pictures=np.empty(0, int)
    )
    assert found.tolist() == []


@pytest.mark.parametrize(("similarity", "groups"), [(0.6858, 2), (0.6880, 1)])
def test_a_group_of_three_counts_by_the_square_of_its_size(similarity, groups):
    """Three faces join; the edges of the fourth weigh w = s^3 each, three there and three back:
    3 w x 3 w x (1 / 3^2 + 1) = 10 w^2, which is 1.04 or 1.06."""
    index = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])
    near = np.array([[1, 1, similarity]] * 3 + [[similarity] * 3], np.float32)
    options = {"weights": np.ones(4), "pictures": np.full(4, NOWHERE)}
    vectors = np.tile(np.array([[1.0, 0.0]], np.float32), (4, 1))
    found = agglomerate(vectors, Neighbours(index, near), MergeRule(-1, 1.05), **options)
    assert len(set(found.tolist())) == groups


@pytest.mark.parametrize(("similarity", "groups"), [(0.788, 2), (0.791, 1)])
def test_a_new_pair_counts_against_the_square_of_the_size_of_a_trio(similarity, groups):
    """Three faces join, then two. Between them there are edges of w = s^3 each, four there and three back:
    4 w x 3 w x (1 / 2^2 + 1 / 3^2) = 4.33 w^2, which is 1.04 or 1.06."""
    index = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [4, 0, 1], [3, 0, 1]])
    near = np.array([[1, 1, similarity]] * 3 + [[1, similarity, similarity]] * 2, np.float32)
    options = {"weights": np.ones(5), "pictures": np.full(5, NOWHERE)}
    vectors = np.tile(np.array([[1.0, 0.0]], np.float32), (5, 1))
    found = agglomerate(vectors, Neighbours(index, near), MergeRule(-1, 1.05), **options)
    assert len(set(found.tolist())) == groups


def test_the_nearest_pair_joins_first():
    assert together(fan(0, 30, 40), MergeRule(0, 0), pictures=[7, NOWHERE, 7]) == {frozenset({0}), frozenset({1, 2})}


def test_copies_reach_the_highest_limit_pair_by_pair():
    assert labels(np.tile(np.array([[1.0, 0.0]], np.float32), (3, 1)), MergeRule(1.0, 0)) == [0, 0, 0]
