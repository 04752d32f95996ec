import doctest

import numpy as np
import pytest

from core.errors import DataError
from core.similarity import clustering
from core.similarity.clustering import (
    _each_picture_once,
    _non_faces,
    common,
    group_faces,
    halves,
    rule_of,
    spread,
    weights_of,
)
from core.similarity.neighbours import Neighbours
from core.similarity.suggestions import Likeness


def bundles(characters: int = 6, each: int = 12, noise: float = 0.35, seed: int = 0, d: int = 32):
    """Unit embeddings of characters that lie far apart, and who is who."""
    rng = np.random.default_rng(seed)
    centres = np.linalg.qr(rng.normal(size=(d, characters)))[0].T
    who = np.repeat(np.arange(characters), each)
    vectors = centres[who] + noise * rng.normal(size=(len(who), d)) / np.sqrt(d) * 3
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), who


def sets(groups) -> set[frozenset[int]]:
    return {frozenset(group.faces) for group in groups.groups}


def test_far_apart_characters_are_found_whole_and_pure():
    vectors, who = bundles(noise=0.15)
    found = group_faces(vectors)
    assert sets(found) == {frozenset(np.flatnonzero(who == c).tolist()) for c in range(6)}
    assert found.ungrouped == ()


def test_the_order_of_the_faces_changes_nothing():
    vectors, _ = bundles()
    quality = np.random.default_rng(1).uniform(size=len(vectors))
    pictures = np.arange(len(vectors)) // 2
    first = group_faces(vectors, pictures=pictures, quality=quality)
    order = np.random.default_rng(2).permutation(len(vectors))
    second = group_faces(vectors[order], pictures=pictures[order], quality=quality[order])
    assert {frozenset(order[list(group)].tolist()) for group in sets(second)} == sets(first)
    assert sorted(order[list(second.ungrouped)].tolist()) == list(first.ungrouped)


def test_two_faces_of_one_picture_are_never_in_one_group():
    vectors, _ = bundles(noise=0.1)
    pictures = np.arange(len(vectors)) // 3
    for group in group_faces(vectors, pictures=pictures, granularity=1.0).groups:
        assert len({int(pictures[i]) for i in group.faces}) == len(group.faces)


def test_copies_go_where_their_original_goes():
    vectors, _ = bundles(noise=0.15)
    once = sets(group_faces(vectors))
    found = group_faces(np.concatenate([vectors, np.repeat(vectors[:1], 30, axis=0)]))
    largest = set(found.groups[0].faces)
    assert {0, *range(len(vectors), len(vectors) + 30)} <= largest
    assert {frozenset(i for i in group if i < len(vectors)) for group in sets(found)} == once


def test_copies_of_one_face_alone_are_no_group_of_three_faces():
    assert group_faces(np.tile(np.array([[1.0, 0.0]], np.float32), (5, 1))).groups == ()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_fewer_than_three_faces_are_no_group(n):
    found = group_faces(np.eye(2, 4, dtype=np.float32)[:n])
    assert (found.groups, found.ungrouped) == ((), tuple(range(n)))


def test_a_higher_granularity_covers_more():
    vectors, _ = bundles(noise=0.27)
    covered = [len(vectors) - len(group_faces(vectors, granularity=g).ungrouped) for g in (0.0, 0.5, 1.0)]
    assert covered == sorted(covered)
    assert covered[0] < covered[-1]


def test_the_nearest_faces_come_first_and_the_largest_group_before_all():
    vectors, _ = bundles(noise=0.3)
    found = group_faces(vectors, granularity=0.8)
    sizes = [len(group.faces) for group in found.groups]
    assert sizes == sorted(sizes, reverse=True)
    centred = vectors - vectors.mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    for group in found.groups:
        members = centred[list(group.faces)]
        near = members @ (members.sum(axis=0) / np.linalg.norm(members.sum(axis=0)))
        assert (np.diff(near) <= 1e-6).all()
        assert group.cover == group.faces[0]
        pairs = (members @ members.T)[np.triu_indices(len(members), 1)]
        assert group.cohesion == pytest.approx(pairs.mean(), abs=1e-5)


def test_a_face_of_poor_quality_is_not_the_cover():
    vectors, _ = bundles(noise=0.2)
    cover = group_faces(vectors).groups[0].cover
    quality = np.ones(len(vectors))
    quality[cover] = 0.0
    assert all(group.cover != cover for group in group_faces(vectors, quality=quality).groups)


def test_a_group_near_a_named_character_says_whom_it_looks_like():
    vectors, who = bundles(noise=0.15)
    mean = vectors[who == 2].mean(axis=0)
    cast = Likeness(("Asuka", "Rei"), np.stack([-mean, mean]) / np.linalg.norm(mean))
    found = {group.looks_like for group in group_faces(vectors, attractors=cast).groups if who[group.cover] == 2}
    assert found == {"Rei"}
    others = {group.looks_like for group in group_faces(vectors, attractors=cast).groups if who[group.cover] != 2}
    assert others == {None}


def test_what_looks_like_no_face_stays_out_and_is_told():
    vectors, who = bundles(noise=0.15)
    bank = bundles(noise=0.1)[0][who == 5]
    found = group_faces(vectors, non_faces=bank)
    assert set(found.non_faces) == set(np.flatnonzero(who == 5).tolist())
    assert set(found.non_faces) <= set(found.ungrouped)
    assert len(found.groups) == 5


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_refused_with_the_face(bad):
    vectors, _ = bundles()
    vectors[4, 1] = bad
    with pytest.raises(DataError, match=r"face 4 is not finite .*1 such faces out of 72"):
        group_faces(vectors)


def test_lengths_and_granularity_are_checked():
    vectors, _ = bundles()
    with pytest.raises(DataError, match="pictures holds one value for each of the 72 faces"):
        group_faces(vectors, pictures=np.zeros(3, int))
    with pytest.raises(DataError, match="between 0"):
        group_faces(vectors, granularity=1.5)
    with pytest.raises(DataError, match="one row a face"):
        group_faces(vectors[0])
    with pytest.raises(DataError, match="quality"):
        group_faces(vectors, quality=np.full(72, np.nan))


def test_spread_is_the_standard_deviation_of_all_pairs():
    vectors, _ = bundles()
    pairs = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    assert spread(vectors) == pytest.approx(pairs.std(), abs=1e-5)
    assert spread(vectors[:1]) == 0


def test_halves_are_the_two_characters():
    vectors, who = bundles(characters=2, noise=0.2)
    faces = tuple(range(len(vectors)))
    first, second = halves(vectors, faces)
    assert {frozenset(first), frozenset(second)} == {frozenset(np.flatnonzero(who == c).tolist()) for c in (0, 1)}


def test_halves_of_copies_are_still_two():
    first, second = halves(np.ones((3, 2)), (0, 1, 2))
    assert len(first) + len(second) == 3
    assert second


def test_good_faces_draw_the_centre_of_their_group():
    """Three faces 20 degrees apart; whoever is of good quality is nearest to the centre, so that it is shown first."""
    angles = np.radians([0, 20, 40])
    others = np.zeros((60, 6), np.float32)
    others[np.arange(60), 2 + np.arange(60) % 4] = 1  # four characters far away
    trio = np.zeros((3, 6), np.float32)
    trio[:, 0], trio[:, 1] = np.cos(angles), np.sin(angles)
    vectors = np.concatenate([trio, others + np.random.default_rng(0).normal(0, 0.05, others.shape).astype(np.float32)])
    for best in (0, 2):
        quality = np.ones(len(vectors))
        quality[:3] = 0.0
        quality[best] = 1.0
        (group,) = [g for g in group_faces(vectors, quality=quality).groups if set(g.faces) == {0, 1, 2}]
        assert group.faces.index(best) < group.faces.index(2 - best)


def test_copies_in_one_picture_stay_once_and_faces_without_a_picture_stay_all():
    labels, pictures = np.array([0, 0, 0, -1, -1, 1, 0]), np.array([7, 7, 8, 7, 7, 7, 7])
    assert _each_picture_once(labels, pictures).tolist() == [0, -1, 0, -1, -1, 1, -1]
    assert labels.tolist() == [0, 0, 0, -1, -1, 1, 0], "the labels given stay as they are"
    assert _each_picture_once(np.zeros(3, int), np.full(3, -1)).tolist() == [0, 0, 0]
    assert _each_picture_once(np.zeros(2, int), np.zeros(2, int)).tolist() == [0, -1], "0 is a picture like others"


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(clustering).failed == 0


def test_what_faces_have_in_common_counts_wholly_from_fifty_on():
    assert [common(np.array([[1.0, 0.0]] * n)).tolist() for n in (25, 50, 100)] == [[0.5, 0], [1, 0], [1, 0]]


@pytest.mark.parametrize(
    ("n", "spread", "granularity", "similarity", "linkage"),
    [
        (50, 0.213, 0.5, 0.65, 0.35),  # a usual heap
        (50, 0.213, 0.0, 0.85, 1.4),
        (150, 0.233, 0.5, 0.62, 0.35 * 0.5**0.375),  # 0.015 more count
        (50, 0.9, 0.5, 0.45, 0.35 * 0.5**2.5),  # never more than 0.2 less
        (50, 0.0, 0.5, 0.75, 0.35),  # nor more than 0.1 more
    ],
)
def test_the_rule_follows_the_heap_and_the_granularity(n, spread, granularity, similarity, linkage):
    rule = rule_of(n, spread, granularity)
    assert (rule.similarity, rule.linkage) == pytest.approx((similarity, linkage))


def test_a_face_of_no_quality_counts_three_tenths():
    assert weights_of(np.array([-1.0, 0, 0.5, 1, 2])).tolist() == pytest.approx([0.3, 0.3, 0.65, 1, 1])


@pytest.mark.parametrize(("n", "like"), [(20, 3), (40, 4), (400, 20)])
def test_a_tenth_of_the_heap_and_three_to_twenty_faces_are_compared_with_the_bank(n, like):
    """`like` neighbours at 0.82 and the others opposite; of the bank's 25 crops the 20 nearest, at 0.8, count."""
    at, opposite = [0.8, 0.6], [-1.0, 0.0]
    vectors = np.tile(np.array([[1.0, 0.0]], np.float32), (n, 1))
    bank = np.array([at] * 20 + [opposite] * 5, np.float32)

    def strange(many):
        similarity = np.full((n, 20), -1.0, np.float32)
        similarity[:, :many] = 0.82
        return _non_faces(vectors, Neighbours(np.zeros((n, 20), int), similarity), bank, np.zeros(2, np.float32))

    assert not strange(like).any()
    assert strange(like - 1).all()


def test_the_larger_half_comes_first():
    vectors = np.array([[1.0, 0], [0, 1], [0, 1], [0, 1]])
    assert halves(vectors, (0, 1, 2, 3)) == ((1, 2, 3), (0,))


def test_one_named_character_may_be_the_only_one_and_none_looks_like_nobody():
    vectors, who = bundles(noise=0.15)
    mean = vectors[who == 2].mean(axis=0)
    found = group_faces(vectors, attractors=Likeness(("Rei",), mean[None] / np.linalg.norm(mean))).groups
    assert {group.looks_like for group in found if who[group.cover] == 2} == {"Rei"}
    assert all(group.similarity > 0.9 for group in found if who[group.cover] == 2)
    assert {(group.looks_like, group.similarity) for group in group_faces(vectors).groups} == {(None, -1.0)}
