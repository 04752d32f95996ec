"""The gallery: enrolling, taking out, keeping."""

import numpy as np
import pytest

from core.errors import DataError, EncoderError
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


def test_it_comes_back_from_disk_as_it_was(gallery, tmp_path):
    named = gallery.enrol("夏目 貴志", Z[None], ["a/b.jpg"])
    named.save(tmp_path / "gallery.safetensors")
    back = Gallery.load(tmp_path / "gallery.safetensors")
    assert (back.characters, back.faces, back.encoder) == (named.characters, named.faces, named.encoder)
    assert np.array_equal(back.embeddings, named.embeddings)
    assert [p.name for p in tmp_path.iterdir()] == ["gallery.safetensors"]


def test_those_who_play_the_stranger_are_kept_too(gallery, tmp_path):
    Gallery(gallery.embeddings, gallery.characters, gallery.faces, "run-1", Z[None]).save(tmp_path / "g.safetensors")
    back = Gallery.load(tmp_path / "g.safetensors").enrol("y", Y[None], ["9"]).without(character="x")
    assert np.array_equal(back.pretended, Z[None])
    assert gallery.pretended.shape == (0, 3)


def test_an_empty_one_is_saved_too(tmp_path):
    Gallery.empty("run-1", 3).save(tmp_path / "g.safetensors")
    assert len(Gallery.load(tmp_path / "g.safetensors")) == 0


@pytest.mark.parametrize("content", [None, b"", b"not safetensors at all", b"\x80\x04pickled"])
def test_a_missing_or_broken_file_is_said_in_words(tmp_path, content):
    path = tmp_path / "gallery.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"[Ee]nrol"):
        Gallery.load(path)


def test_another_encoders_vectors_are_refused(gallery):
    gallery.check_encoder("run-1")
    with pytest.raises(EncoderError, match=r"another encoder.*Enrol again"):
        gallery.check_encoder("run-2")
    with pytest.raises(DataError, match="3 numbers"):
        gallery.enrol("z", np.ones((1, 4)), ["4"])


def test_uneven_columns_and_nameless_characters_are_refused(gallery):
    with pytest.raises(DataError, match="one character and one face id"):
        Gallery(np.stack([X]), ("x", "y"), ("1",), "run-1")
    with pytest.raises(DataError, match="name"):
        gallery.enrol("  ", Z[None], ["4"])
