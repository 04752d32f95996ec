"""The two protocols."""

import json

import numpy as np
import pytest

from core.errors import DataError
from core.similarity.evaluation import evaluate, evaluate_folder, few_words

X, Y, Z = np.eye(3, dtype=np.float32)


def test_gallery_and_among_by_hand():
    queries, labels = np.stack([X, X, Y, Y]), ["x", "x", "y", "y"]
    result = evaluate(queries, labels, np.stack([X, Y]), ["x", "x"])
    assert result.top1 == 1.0, "both queries of x; y is not enrolled and counts nowhere"
    assert result.precision_at_1 == result.map_at_r == result.hit_at_5 == 1.0
    assert result.precision_at_5 == pytest.approx(0.2), "one other face of the character exists"
    assert result.precision_at_5_limit == pytest.approx(0.2), "and no encoder can do better"
    assert result.eer == 0.0
    assert "gallery" in result.protocol
    assert "among" in result.protocol


def test_a_limit_is_told_in_words_where_there_is_one():
    assert "can reach 59% at most" in few_words(0.59)
    assert [few_words(limit) for limit in (1.0, float("nan"), None)] == ["", "", ""]


def test_a_wrong_answer_is_a_confusion():
    result = evaluate(np.stack([X, Y]), ["x", "x"], np.stack([X, Y]), ["x", "y"])
    assert result.top1 == 0.5
    assert [(c.character, c.taken_for, c.times) for c in result.confused] == [("x", "y", 1)]
    assert [row.top1 for row in result.by_character] == [0.5]
    assert result.top1_low < 0.5 < result.top1_high


def test_strangers_decide_the_open_set_figure():
    far = evaluate(np.stack([X, Y]), ["x", "y"], np.stack([X, Y]), ["x", "y"], strangers=Z[None])
    assert far.dir_at_far_1 == 1.0
    near = evaluate(np.stack([X, Y]), ["x", "y"], np.stack([X, Y]), ["x", "y"], strangers=X[None])
    assert near.dir_at_far_1 == 0.0


def test_without_a_gallery_only_among_is_told():
    result = evaluate(np.stack([X, X, Y]), ["x", "x", "y"]).as_dict()
    assert result["top1"] is None
    assert result["precision_at_1"] == 1.0
    assert result["protocol"].startswith("among")
    json.dumps(result, allow_nan=False)


def test_a_folder_enrols_a_few_and_asks_with_the_rest():
    faces, labels = np.repeat(np.stack([X, Y, Z]), 7, axis=0), list("xxxxxxxyyyyyyyzzzzzzz")
    result = evaluate_folder(faces, labels, shots=5)
    assert result.top1 == 1.0
    assert (result.n, result.characters, result.enrolled) == (21, 3, 15)
    assert evaluate_folder(faces[:2], labels[:2]).top1 == 1.0, "two faces: one is enrolled, one asks"


def test_reranking_is_named():
    faces = np.repeat(np.stack([X, Y, Z]), 7, axis=0)
    assert "re-ranked" in evaluate(faces, list("xxxxxxxyyyyyyyzzzzzzz"), rerank=True).protocol


def test_no_faces_are_refused_in_words():
    with pytest.raises(DataError, match="no face"):
        evaluate(np.empty((0, 3)), [])


def test_a_folder_of_single_faces_has_nobody_to_ask():
    result = evaluate_folder(np.stack([X, Y]), ["x", "y"])
    assert (result.enrolled, result.confused) == (0, ()) and np.isnan(result.top1)


@pytest.mark.parametrize(("limit", "told"), [(0.994, True), (0.995, False)])
def test_a_limit_that_rounds_to_all_is_none(limit, told):
    assert bool(few_words(limit)) is told


def test_numbers_for_json_have_four_digits():
    queries, labels = np.stack([X, X, X, Y]), ["x", "x", "x", "y"]
    told = evaluate(queries, labels, np.stack([X, Y]), ["y", "x"]).as_dict()
    assert (told["n"], told["characters"], told["enrolled"], told["top1"]) == (4, 2, 2, 0.0)
    assert told["top1_high"] == 0.4899  # Wilson's interval of none of four
    assert told["by_character"][0] == {
        "character": "x", "n": 3, "precision_at_1": 1.0, "precision_at_5": 0.4, "map_at_r": 1.0, "top1": 0.0,
    }  # fmt: skip
    assert (told["precision_at_5"], told["r_precision"], told["tar_at_far_1"]) == (0.4, 1.0, 1.0)


def test_a_folder_without_a_face_is_refused():
    with pytest.raises(DataError, match="no face to evaluate"):
        evaluate_folder(np.empty((0, 3)), [])
