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


def test_a_table_of_prototypes_is_each_character_s_own():
    """Twenty faces with one wrong among them, and three faces of another character between them."""
    faces = np.array([[1, 0, 0]] * 19 + [[0, 1, 0]] + [[0, 0.6, 0.8]] * 3, np.float32)
    labels = ["b"] * 20 + ["a"] * 3
    order = np.random.default_rng(0).permutation(23)
    names, vectors = prototypes(faces[order], [labels[i] for i in order])
    assert names == ("a", "b")
    assert vectors == pytest.approx(np.array([[0, 0.6, 0.8], [1, 0, 0]]), abs=1e-6)
    assert prototypes(faces, labels, trim=0)[1][1][1] > 0.05


def test_the_farther_of_forty_are_dropped_and_the_nearer_stay():
    faces = np.array([[1, 0]] * 37 + [[0.8, 0.6]] + [[0, 1]] * 2, np.float32)
    assert prototype(faces) == pytest.approx(l2_normalize(np.array([37.8, 0.6])), abs=1e-6)


def test_without_embeddings_of_any_kind_there_is_nothing():
    assert prototypes(np.empty(0), [])[1].shape == (0, 0)
