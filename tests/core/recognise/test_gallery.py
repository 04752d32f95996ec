"""The gallery: enrolling, taking out, keeping."""

import numpy as np
import pytest

from core.errors import DataError
from core.recognise.gallery import Gallery

X, Y, Z = np.eye(3, dtype=np.float32)


@pytest.fixture
def gallery():
    return Gallery(np.stack([X, X, Y]), ("x", "x", "y"), ("1", "2", "3"), "run-1")


def test_a_new_character_is_enrolled_without_training(gallery):
    grown = gallery.enrol("z", Z[None], ["4"])
    assert grown.names == ("x", "y", "z")
    assert len(gallery) == 3, "the old value is as it was"
    assert grown.enrolled.class_similarity(Z[None])[0].argmax() == 2


def test_a_face_enrolled_again_is_replaced(gallery):
    again = gallery.enrol("y", X[None], ["1"])
    assert (again.count("x"), again.count("y"), len(again)) == (1, 2, 3)


def test_characters_and_faces_can_be_taken_out(gallery):
    assert gallery.without(character="x").names == ("y",)
    assert gallery.without(faces=["1"]).count("x") == 1
    assert len(gallery.without(character="x").without(character="y")) == 0


def test_another_encoders_vectors_are_refused(gallery):
    with pytest.raises(DataError, match="3 numbers"):
        gallery.enrol("z", np.ones((1, 4)), ["4"])


def test_uneven_columns_and_nameless_characters_are_refused(gallery):
    with pytest.raises(DataError, match="one character and one face id"):
        Gallery(np.stack([X]), ("x", "y"), ("1",), "run-1")
    with pytest.raises(DataError, match="name"):
        gallery.enrol("  ", Z[None], ["4"])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_embeddings_that_are_no_numbers_are_refused(value):
    with pytest.raises(DataError, match="no numbers"):
        Gallery(np.array([[1.0, value]], np.float32), ("Rei",), ("1",), "e")
    with pytest.raises(DataError, match="no numbers"):
        Gallery(np.eye(1, 2, dtype=np.float32), ("Rei",), ("1",), "e", np.array([[value, 0.0]], np.float32))
