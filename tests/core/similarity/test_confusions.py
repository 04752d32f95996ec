import numpy as np
import pytest

from core.similarity.confusions import confused_pairs


def fan(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_the_nearest_characters_come_first_with_their_nearest_faces():
    faces = fan(0, 10, 16, 30, 80, 90)
    pair = confused_pairs(faces, ["a", "a", "b", "b", "c", "c"])[0]
    assert (pair.first, pair.second) == ("a", "b")
    assert pair.similarity == pytest.approx(np.cos(np.radians(18)), abs=1e-6)
    assert (pair.first_faces, pair.second_faces) == ((1, 0), (2, 3))
    assert pair.mixed == 0.5  # 10 and 16 degrees are each other's nearest face, 0 and 30 are not


def test_all_pairs_are_listed_up_to_the_limit():
    faces = fan(0, 30, 60, 90)
    assert len(confused_pairs(faces, ["a", "b", "c", "d"])) == 6
    assert len(confused_pairs(faces, ["a", "b", "c", "d"], limit=2)) == 2


def test_one_character_cannot_be_confused():
    assert confused_pairs(fan(0, 10), ["a", "a"]) == []


def test_characters_whose_faces_mix_come_before_those_with_near_prototypes():
    """a and d lie far apart but for one face each that are each other's nearest; b and c are near and do not mix."""
    faces = fan(0, 0, 48, 50, 98, 98, 130, 130, 150, 150)
    labels = ["a", "a", "a", "d", "d", "d", "b", "b", "c", "c"]
    first, second = confused_pairs(faces, labels)[:2]
    assert (first.first, first.second, first.mixed) == ("a", "d", pytest.approx(2 / 6))
    assert (second.first, second.second, second.mixed) == ("b", "c", 0)
    assert second.similarity == pytest.approx(np.cos(np.radians(20)), abs=1e-6)


def test_a_face_is_shown_once_and_no_more_than_asked_for():
    pair = confused_pairs(fan(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), ["a"] * 5 + ["b"] * 5, examples=3)[0]
    assert (pair.first_faces, pair.second_faces) == ((4, 3, 2), (5, 6, 7))


def test_of_two_faces_of_two_characters_a_pair_is_made():
    assert len(confused_pairs(fan(0, 10), ["a", "b"])) == 1
    assert confused_pairs(fan(0), ["a"]) == []
