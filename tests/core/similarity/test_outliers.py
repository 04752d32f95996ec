import numpy as np
import pytest

from core.similarity.outliers import outlier_faces


def fan(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_the_face_unlike_all_others_of_its_character_is_odd():
    (found,) = outlier_faces(fan(0, 1, 2, 3, 4, 5, 6, 90), ["rei"] * 8)
    assert found.index == 7
    assert found.similarity < 0.1 < found.usual


def test_an_even_spread_has_no_odd_one():
    assert outlier_faces(fan(*range(0, 40, 5)), ["rei"] * 8) == []


def test_few_faces_are_not_judged():
    assert outlier_faces(fan(0, 0, 0, 90), ["rei"] * 4) == []


def test_identical_faces_do_not_make_a_near_one_odd():
    assert outlier_faces(fan(0, 0, 0, 0, 0, 2), ["rei"] * 6) == []


def test_a_long_tail_alone_makes_few_odd():
    """Half of 40 faces within 2 degrees of the middle, the others ever farther away: one in forty is odd."""
    degrees = np.concatenate([np.linspace(-2, 2, 20), np.linspace(4, 30, 20) * np.where(np.arange(20) % 2, 1, -1)])
    assert len(outlier_faces(fan(*degrees), ["rei"] * 40)) <= 1


def test_five_faces_are_enough_to_judge():
    (found,) = outlier_faces(fan(0, 1, 2, 3, 90), ["rei"] * 5, cut=1.0)
    assert (found.index, found.label) == (4, "rei")


def test_the_score_at_the_cut_is_odd_and_just_under_is_not():
    faces, labels = fan(0, 1, 2, 3, 4, 5, 6, 30), ["rei"] * 8
    (found,) = outlier_faces(faces, labels)
    assert [one.index for one in outlier_faces(faces, labels, cut=found.score)] == [7]
    assert outlier_faces(faces, labels, cut=np.nextafter(found.score, np.inf)) == []


def test_the_oddest_comes_first_and_of_equals_the_first():
    near = (0, 1, 2, 3, 4, 5, 6)
    labels = ["a"] * 8 + ["b"] * 8
    assert [one.index for one in outlier_faces(fan(*near, 60, *near, 90), labels)] == [15, 7]
    assert [one.index for one in outlier_faces(fan(*near, 60, *near, 60), labels)] == [7, 15]


def test_the_score_by_hand():
    """Similarities of the six to the mean of the others; those below the usual are spread by their median distance."""
    faces = fan(0, 2, 4, 6, 8, 40)
    others = faces.sum(axis=0) - faces
    similarity = (faces * others / np.linalg.norm(others, axis=1, keepdims=True)).sum(axis=1)
    usual = np.median(similarity)
    spread = np.median(usual - similarity[similarity < usual])
    found = outlier_faces(faces, ["rei"] * 6, cut=0.0)
    (worst,) = [one for one in found if one.index == 5]
    assert worst.score == pytest.approx(0.6745 * (usual - similarity[5]) / spread)
    assert (worst.similarity, worst.usual) == pytest.approx((similarity[5], usual))


def test_a_face_without_a_direction_harms_nobody():
    assert outlier_faces(np.zeros((6, 2)), ["rei"] * 6) == []
