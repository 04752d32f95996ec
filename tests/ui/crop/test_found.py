import pytest

from core.workspace.tables import Face
from ui.crop.found import found_help, found_words, size_words


@pytest.mark.parametrize(
    ("detector", "words", "explained"),
    [
        ("cnn", "score 0.83", "the detector cnn is that this is a face, from 0 to 1"),
        ("somebody's_own", "score 0.83", "somebody's"),
        ("person", "drawn by hand", ""),
        ("by hand", "drawn by hand", ""),
        ("import", "brought in as a face", ""),
    ],
)
def test_a_score_is_explained_and_a_face_without_a_detector_has_none(detector, words, explained):
    face = Face(1, 1, None, detector=detector, score=0.83)
    assert found_words(face) == words
    assert explained in (found_help(face) or "")
    assert (found_help(face) is None) == (not explained)


def test_a_size_is_in_whole_pixels():
    assert size_words(Face(1, 1, None, w=84.2, h=89.6)) == "84 x 90 px"
