"""Whom a face looks like."""

from __future__ import annotations

import numpy as np

from core.similarity.suggestions import Likeness, most_central


def test_the_nearest_character_comes_first():
    faces = np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]], np.float32)
    likeness = Likeness.of(faces, ["Rei"] * 3 + ["Asuka"] * 3)
    (first, similarity), (second, _) = likeness.nearest(np.array([0.6, 0.8], np.float32))
    assert (first, second) == ("Asuka", "Rei")
    assert abs(similarity - 0.8) < 1e-6


def test_a_character_with_too_few_faces_is_not_suggested():
    faces = np.array([[1, 0]] * 3 + [[0, 1]] * 2, np.float32)
    assert Likeness.of(faces, ["Rei"] * 3 + ["Asuka"] * 2).names == ("Rei",)
    assert Likeness.of(faces[:1], ["Rei"]).nearest(np.array([1.0, 0.0])) == []


def test_the_most_central_face_is_nearest_to_the_mean():
    angles = np.radians([0, 10, 50])
    assert most_central(np.stack([np.cos(angles), np.sin(angles)], axis=1)) == 1


def test_five_at_most_are_suggested_and_of_equals_the_first():
    likeness = Likeness(tuple("abcdefg"), np.tile(np.array([[1.0, 0.0]], np.float32), (7, 1)))
    assert [name for name, _ in likeness.nearest(np.array([3.0, 0.0]))] == list("abcde")
    assert likeness.nearest(np.array([3.0, 0.0]), 2)[1] == ("b", 1.0)
