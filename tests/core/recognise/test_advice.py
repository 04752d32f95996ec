"""What keeps faces from being named, and what would help."""

import numpy as np

from core.recognise.advice import advice, outlooks
from core.recognise.gallery import Gallery
from core.recognise.threshold import Scores, Threshold
from core.similarity.prototypes import l2_normalize

AXES = np.eye(4, dtype=np.float32)
X, Y, Z, W = AXES


def gallery(**faces):
    vectors = np.stack([l2_normalize(v) for some in faces.values() for v in some])
    names = [name for name, some in faces.items() for _ in some]
    return Gallery(vectors, names, range(len(names)), "e")


def threshold(match):
    return Threshold(match, match - 0.1, 0.02, 0.01, "", Scores(*[np.array([])] * 4))


def test_close_faces_far_from_all_others_need_nothing():
    assert advice(gallery(a=[X, X + 0.1 * Y], b=[-X, -X + 0.1 * Y]), threshold(0.6)) == ()


def test_a_character_with_few_scattered_faces_is_asked_for_more():
    (sentence,) = advice(gallery(a=[X, X], b=[Y, -Y, Z], c=[-X, -X]), threshold(0.6))
    assert "b (5 more)" in sentence
    assert "1.0%" in sentence


def test_a_character_with_one_face_is_asked_for_more():
    rows = outlooks(gallery(a=[X], b=[Y, Y]), 0.6)
    assert rows[0].character == "a"
    assert np.isnan(rows[0].named)
    assert "a (7 more)" in advice(gallery(a=[X], b=[Y, Y]), threshold(0.6))[0]


def test_many_scattered_faces_are_better_split():
    scattered = [Y, -Y, Z, -Z, W, -W, Y + Z, -Y - Z]
    sentences = advice(gallery(a=[X, X], b=scattered), threshold(0.95))
    assert any("b differ more among themselves" in one for one in sentences)


def test_look_alikes_are_told_with_both_names():
    twins = gallery(a=[X, X], b=[X + 0.05 * Y, X + 0.05 * Y], c=[-X, -X], d=[Z, Z])
    rows = {row.character: row for row in outlooks(twins, 0.6)}
    assert (rows["a"].rival, rows["a"].taken) == ("b", 2)
    assert any("a like b" in one for one in advice(twins, threshold(0.6)))


def test_nobody_enrolled_needs_no_advice():
    assert advice(Gallery.empty("e", 4), threshold(0.6)) == ()


def test_no_more_than_three_characters_are_listed():
    lonely = gallery(a=[X], b=[Y], c=[Z], d=[W], e=[-X])
    assert "and 2 more characters" in advice(lonely, threshold(0.9))[0]
