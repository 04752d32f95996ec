"""What a person corrected outweighs a similarity: other names, nobody, and back by undo."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import DataError
from core.recognise.corrections import NO_FACE, NOBODY, Corrections
from core.recognise.gallery import Gallery
from core.recognise.threshold import Scores, Threshold
from core.recognise.verdict import answer, one_name_each
from core.similarity.prototypes import l2_normalize

X, Y, Z, W = np.eye(4, dtype=np.float32)
NOTHING = Scores(*[np.array([])] * 4)
RULE = Threshold(match=0.5, unsure=0.3, margin=0.1, far=0.01, note="", scores=NOTHING)
PLAIN = Gallery(np.stack([X, Y]), ("x", "y"), ("1", "2"), "e", series={"x": "The Series"})


def gallery(*said) -> Gallery:
    """With corrections (vector, denied names, word)."""
    vectors = np.stack([vector for vector, *_ in said])
    denied = tuple(frozenset(names) for _, names, _ in said)
    given = Corrections(vectors, tuple(map(str, range(len(said)))), denied, tuple(word for *_, word in said))
    return Gallery(PLAIN.embeddings, PLAIN.characters, PLAIN.faces, "e", corrections=given, series=PLAIN.series)


LIKE_X = l2_normalize(X + 0.4 * Z)


def test_a_face_nearer_to_a_negative_is_not_given_the_name():
    (before,) = answer(LIKE_X, PLAIN, RULE)
    assert (before.verdict, before.character, before.series) == ("match", "x", "The Series")
    (found,) = answer(LIKE_X, gallery((l2_normalize(X + 0.5 * Z), ["x"], "")), RULE)
    assert (found.verdict, found.character, found.series) == ("unknown", None, "")
    assert "not x" in found.reason
    assert [c.character for c in found.candidates] == ["y"], "the corrected name is no candidate"


def test_a_face_nearer_to_the_character_keeps_the_name():
    """X is 1.0 similar to x; the negative, at cosine 1 / sqrt(1.25) = 0.89, is less."""
    (found,) = answer(X, gallery((l2_normalize(X + 0.5 * Z), ["x"], "")), RULE)
    assert (found.verdict, found.character) == ("match", "x")


def test_a_negative_of_another_character_changes_nothing():
    (found,) = answer(LIKE_X, gallery((LIKE_X, ["y"], "")), RULE)
    assert (found.verdict, found.character) == ("match", "x")


def test_the_next_character_answers_instead():
    between = l2_normalize(X + 0.97 * Y)
    assert answer(between, PLAIN, RULE)[0].verdict == "unsure", "the two are almost as near"
    (found,) = answer(between, gallery((between, ["x"], "")), RULE)
    assert (found.verdict, found.character) == ("match", "y")


@pytest.mark.parametrize("word", [NOBODY, NO_FACE])
def test_a_face_like_one_of_nobody_is_unknown_and_the_reason_says_so(word):
    (found,) = answer(LIKE_X, gallery((LIKE_X, [], word)), RULE)
    assert (found.verdict, found.character) == ("unknown", None)
    assert word in found.reason
    (other,) = answer(X, gallery((LIKE_X, [], word)), RULE)
    assert other.verdict == "match"


def test_one_name_a_picture_the_best_match_keeps_it():
    answers = answer(np.stack([LIKE_X, X, Y, W]), PLAIN, RULE)
    told = one_name_each(answers)
    assert [(a.verdict, a.character) for a in told] == [
        ("unsure", "x"),
        ("match", "x"),
        ("match", "y"),
        ("unknown", None),
    ]
    assert "more like x" in told[0].reason
    assert one_name_each(answers[:1]) == answers[:1]


def test_corrections_belong_together():
    with pytest.raises(DataError, match="2 ids"):
        Corrections(X[None], ("1", "2"), (frozenset(),), ("",))
