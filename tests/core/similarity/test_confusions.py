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
