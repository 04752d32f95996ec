"""One vector a character."""

import numpy as np
import pytest

from core.similarity.prototypes import centred, l2_normalize, prototype, prototypes


def test_one_wrong_face_of_twenty_does_not_move_the_prototype():
    faces = np.array([[1, 0]] * 19 + [[0, 1]], np.float32)
    assert prototype(faces) == pytest.approx([1, 0])
    assert prototype(faces, trim=0)[1] > 0.05


def test_of_five_faces_all_count():
    assert prototype(np.array([[1, 0]] * 4 + [[0, 1]], np.float32))[1] > 0.2


def test_two_faces_are_both_kept():
    assert prototype(np.eye(2)) == pytest.approx([0.5**0.5] * 2)


def test_characters_come_in_alphabetical_order():
    names, vectors = prototypes(np.array([[1.0, 0.0], [0.0, 1.0]]), ["b", "a"])
    assert names == ("a", "b")
    assert vectors == pytest.approx(np.array([[0, 1], [1, 0]]))


def test_nothing_gives_nothing():
    names, vectors = prototypes(np.empty((0, 4)), [])
    assert names == ()
    assert vectors.shape == (0, 4)


def test_centring_moves_the_origin():
    assert centred(np.array([[2.0, 1.0]]), np.array([1.0, 1.0])) == pytest.approx(np.array([[1, 0]]))
    assert l2_normalize(np.zeros((1, 3))) == pytest.approx(np.zeros((1, 3)))
