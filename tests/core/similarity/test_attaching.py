import numpy as np

from core.similarity.attaching import attach
from core.similarity.neighbours import nearest_neighbours


def fan(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def attached(vectors, group, *, least=0.9, pictures=None, free=None) -> list[int]:
    group, n = np.asarray(group), len(vectors)
    return attach(
        vectors,
        nearest_neighbours(vectors, n),
        group,
        (group < 0) if free is None else np.asarray(free),
        weights=np.ones(n),
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
