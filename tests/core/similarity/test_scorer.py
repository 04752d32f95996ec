"""How near a face is to each enrolled character."""

import numpy as np
import pytest

from core.similarity.prototypes import centred, l2_normalize
from core.similarity.scorer import CharacterScorer

X, Y, Z = np.eye(3, dtype=np.float32)


def crowd(characters=6, each=4, dim=8, seed=0):
    rng = np.random.default_rng(seed)
    labels = [f"c{k}" for k in rng.permutation(np.repeat(np.arange(characters), each))]
    return l2_normalize(rng.normal(size=(len(labels), dim))), labels


def test_one_character_alone_is_near_itself_and_far_from_others():
    alone = CharacterScorer.of(np.stack([X, X]), ["x", "x"])
    near, far = alone.class_similarity(np.stack([X, Y]))[:, 0]
    assert near == pytest.approx(1, abs=1e-5)
    assert far < 0.1


def test_half_the_mean_half_the_nearest_face_by_hand():
    """Two opposite characters, so that nothing is subtracted: x has (1, 0) and (0, 1), y the opposites."""
    faces = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]], np.float32)
    scores = CharacterScorer.of(faces, ["x", "x", "y", "y"]).class_similarity(faces[:1])
    assert scores[0] == pytest.approx([0.5 * 1 + 0.5 * 0.5**0.5, 0.5 * 0 - 0.5 * 0.5**0.5], abs=1e-6)


def test_similarities_to_faces_keep_the_order_they_were_enrolled_in():
    faces, labels = crowd()
    nearest = CharacterScorer.of(faces, labels).top(faces, characters=1, faces=1)
    assert nearest.faces[:, 0].tolist() == list(range(len(faces)))


@pytest.mark.parametrize("block", [1, 5, 1000])
def test_the_nearest_are_the_same_whatever_the_blocks(block, monkeypatch):
    faces, labels = crowd(characters=9, each=5, dim=6)
    queries = crowd(seed=1, dim=6)[0]
    whole = CharacterScorer.of(faces, labels)
    expected = whole.class_similarity(queries)
    similar = centred(queries, whole.centre) @ centred(faces, whole.centre).T
    monkeypatch.setattr("core.similarity.scorer.BLOCK", block)
    monkeypatch.setattr("core.similarity.scorer.QUERIES", 7)
    scorer = CharacterScorer.of(faces, labels)
    assert scorer.class_similarity(queries) == pytest.approx(expected, abs=1e-6)
    nearest = scorer.top(queries, characters=3, faces=4)
    assert nearest.characters.tolist() == np.argsort(-expected, axis=1)[:, :3].tolist()
    assert nearest.character_similarity == pytest.approx(-np.sort(-expected, axis=1)[:, :3], abs=1e-6)
    assert nearest.faces.tolist() == np.argsort(-similar, axis=1)[:, :4].tolist()
    assert nearest.face_similarity == pytest.approx(-np.sort(-similar, axis=1)[:, :4], abs=1e-6)


def test_fewer_are_enrolled_than_asked_for():
    nearest = CharacterScorer.of(np.stack([X, X, Y]), ["x", "x", "y"]).top(Y[None], characters=5, faces=6)
    assert nearest.characters.tolist() == [[1, 0]]
    assert sorted(nearest.faces[0].tolist()) == [0, 1, 2]
    assert CharacterScorer.of(np.stack([X, Y]), ["x", "y"]).top(np.empty((0, 3)), characters=1, faces=1).faces.size == 0


def test_without_itself_is_as_if_the_face_had_never_been_enrolled():
    faces, labels = crowd()
    enrolled = CharacterScorer.of(faces, labels)
    found, owner = enrolled.leave_one_out()
    assert [enrolled.names[k] for k in owner] == labels
    keep = np.arange(len(faces)) != 3
    again = CharacterScorer.of(faces[keep], [labels[i] for i in np.flatnonzero(keep)])
    again = CharacterScorer(
        again.names, again.owner, again.order, *_centred(enrolled.centre, faces[keep], again), enrolled.centre
    )
    assert found[3] == pytest.approx(again.class_similarity(faces[3:4])[0], abs=1e-5)


def _centred(centre, faces, shape):
    from core.similarity.prototypes import centred, prototypes

    moved = centred(faces[shape.order], centre)
    return moved, prototypes(moved, shape.owner)[1]


def test_an_only_face_has_nothing_of_its_own_to_be_compared_with():
    found, owner = CharacterScorer.of(np.stack([X, X, Y]), ["x", "x", "y"]).leave_one_out()
    assert found[2, owner[2]] == -np.inf
    assert np.isfinite(found[:2]).all()


def test_a_part_of_the_faces_asked_gets_the_same_answers():
    faces, labels = crowd()
    enrolled = CharacterScorer.of(faces, labels)
    found, owner = enrolled.leave_one_out()
    some, own = enrolled.leave_one_out(np.array([7, 3]))
    assert some == pytest.approx(found[[7, 3]])
    assert own.tolist() == owner[[7, 3]].tolist()


def test_faces_are_spread_over_the_characters_or_all_of_them():
    faces, labels = crowd(characters=5, each=4)
    enrolled = CharacterScorer.of(faces, labels)
    assert enrolled.spread(20).tolist() == list(range(20))
    assert [labels[i] for i in enrolled.spread(5)] == ["c0", "c1", "c2", "c3", "c4"]
