import numpy as np
import pytest

from core.similarity.attaching import attach
from core.similarity.neighbours import nearest_neighbours


def fan(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def attached(vectors, group, *, least=0.9, pictures=None, free=None, weights=None) -> list[int]:
    group, n = np.asarray(group), len(vectors)
    return attach(
        vectors,
        nearest_neighbours(vectors, n),
        group,
        (group < 0) if free is None else np.asarray(free),
        weights=np.ones(n) if weights is None else np.asarray(weights),
        pictures=np.full(n, -1) if pictures is None else np.asarray(pictures),
        least=least,
    ).tolist()


def test_a_near_face_joins_a_far_one_does_not():
    assert attached(fan(0, 2, 4, 10, 60), [0, 0, 0, -1, -1]) == [0, 0, 0, 0, -1]


def test_a_face_between_two_groups_stays_alone():
    assert attached(fan(0, 2, 40, 42, 21), [0, 0, 1, 1, -1]) == [0, 0, 1, 1, -1]


def test_no_face_is_let_in_by_one_that_was_just_let_in():
    """18 degrees from the group's centre is near enough, 40 is not, though only 22 lie between the two."""
    assert attached(fan(0, 0, 18, 40), [0, 0, -1, -1], least=0.9) == [0, 0, 0, -1]


def test_of_one_picture_the_nearer_face_joins():
    assert attached(fan(0, 2, 8, 5), [0, 0, -1, -1], pictures=[1, 2, 3, 3]) == [0, 0, -1, 0]
    assert attached(fan(0, 2, 5), [0, 0, -1], pictures=[1, 2, 1]) == [0, 0, -1]


def test_faces_that_are_not_free_are_left_alone():
    assert attached(fan(0, 2, 4), [0, 0, -1], free=[False, False, False]) == [0, 0, -1]


def test_without_groups_nothing_joins():
    assert attached(fan(0, 1), [-1, -1]) == [-1, -1]


def test_a_copy_reaches_the_highest_limit():
    assert attached(np.tile(np.array([[1.0, 0.0]], np.float32), (3, 1)), [0, 0, -1], least=1.0) == [0, 0, 0]


@pytest.mark.parametrize(("picture", "joined"), [(0, [-1, 0]), (7, [-1, 0]), (-1, [0, 0])])
def test_picture_0_is_a_picture_like_others_and_less_is_none(picture, joined):
    assert attached(fan(0, 2, 8, 5), [0, 0, -1, -1], pictures=[3, 4, picture, picture])[2:] == joined
    assert attached(fan(0, 2, 5), [0, 0, -1], pictures=[picture, 4, picture])[2] == joined[0]


@pytest.mark.parametrize(("weights", "joins"), [([1, 0.01, 1], False), ([0.01, 1, 1], True)])
def test_a_face_of_small_weight_hardly_moves_the_centre(weights, joins):
    """28 degrees from the nearest face; from a centre at 0 degrees 58, from one at 30 degrees 28."""
    assert attached(fan(0, 30, 58), [0, 0, -1], least=0.8, weights=weights)[2] == (0 if joins else -1)


def test_the_group_of_the_nearest_face_need_not_be_the_one_with_most_neighbours():
    assert attached(fan(0, 60, 61, 62, 4), [0, 1, 1, 1, -1]) == [0, 1, 1, 1, 0]
