import numpy as np
import pytest

from core.similarity.label_errors import find_label_errors, silhouette

A, B = [1.0, 0.0], [0.0, 1.0]


def test_a_face_among_another_character_is_suspected_of_being_it():
    faces = np.array([A, A, A, B, B, B, B], np.float32)
    (found,) = find_label_errors(faces, ["rei", "rei", "rei", "asuka", "asuka", "asuka", "rei"])
    assert (found.index, found.label, found.looks_like, found.score) == (6, "rei", "asuka", 1.0)
    assert found.neighbours == 3
    assert found.nearest in (3, 4, 5)


def test_clean_labels_raise_no_suspicion():
    assert find_label_errors(np.array([A, A, B, B], np.float32), ["rei", "rei", "asuka", "asuka"]) == []


def test_a_character_with_one_face_is_not_suspected():
    assert find_label_errors(np.array([A, B, B], np.float32), ["rei", "asuka", "asuka"]) == []


def test_a_small_character_is_not_outvoted_by_a_large_one():
    angles = np.radians([0, 2, *np.linspace(20, 60, 20)])
    faces = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert find_label_errors(faces, ["small"] * 2 + ["large"] * 20) == []


def test_the_worst_comes_first():
    faces = np.array([A, A, A, A, B, B, B, [0.6, 0.8], B], np.float32)
    found = find_label_errors(faces, ["a", "a", "a", "a", "b", "b", "b", "a", "a"])
    assert found[0].index in (7, 8)
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)


def test_nothing_to_judge_gives_nothing():
    assert find_label_errors(np.empty((0, 2), np.float32), []) == []
    assert find_label_errors(np.array([A], np.float32), ["a"]) == []


def test_silhouette_of_two_tight_characters_is_one_and_of_a_stray_face_minus_one():
    faces = np.array([A, A, B, B, B], np.float32)
    assert silhouette(faces, ["a", "a", "b", "b", "b"]) == pytest.approx([1, 1, 1, 1, 1])
    assert silhouette(faces, ["a", "a", "b", "b", "a"])[4] == pytest.approx(-1)


def test_silhouette_agrees_with_scikit_learn():
    from sklearn.metrics import silhouette_samples

    random = np.random.default_rng(1)
    faces = random.normal(size=(30, 5))
    faces /= np.linalg.norm(faces, axis=1, keepdims=True)
    labels = ["a", "b", "c"] * 10
    assert silhouette(faces, labels) == pytest.approx(silhouette_samples(faces, labels, metric="cosine"))


def test_lengths_do_not_count_and_a_face_that_is_all_of_its_character_is_no_division_by_zero():
    faces = np.array([A, A, B, B, [-1.0, 0.0], A], np.float32)
    labels = ["a", "a", "b", "b", "c", "c"]  # the sum of c's faces without one of them is the other; together zero
    found = find_label_errors(faces, labels)
    assert all(np.isfinite([s.score, s.against, s.nearer]).all() for s in found)
    (last,) = [s for s in found if s.index == 5]
    assert (last.looks_like, last.nearer) == ("a", pytest.approx(2.0))  # 1 towards a, -1 towards the other of c


def test_as_many_for_as_against_is_no_suspicion():
    """A face between two characters: one neighbour of each, equally near."""
    between = np.array([[0.8, 0.6], [1, 0], [1, 0], [0.28, 0.96]], np.float32)
    assert [e.index for e in find_label_errors(between, ["a", "a", "b", "a"]) if e.index == 0] == []


def test_never_more_neighbours_are_asked_than_a_character_has_other_faces():
    (found,) = find_label_errors(np.array([A, A, A, A, B, B], np.float32), ["a"] * 4 + ["b", "a"])[:1]
    assert (found.index, found.looks_like) == (5, "b") or found.neighbours <= 4
    assert all(e.neighbours <= 2 for e in find_label_errors(np.array([A] * 3 + [B] * 3, np.float32), list("aabbba")))
    assert all(
        e.neighbours == 1 for e in find_label_errors(np.array([A] * 3 + [B] * 3, np.float32), list("aabbba"), k=1)
    )


@pytest.mark.parametrize(
    ("own", "against", "asked"),
    [((0, 10), 1.0, 2), ((0, 5, 10), (0.9848 + 0.9511 - 0.7660) / (0.9848 + 0.9511 + 0.7660), 3)],
)
def test_the_score_is_half_the_vote_and_half_the_prototypes(own, against, asked):
    """A face at 50 degrees: two of the others at 60 and 68 (mean 64), its own around 5."""
    angles = np.radians([*own, 50, 60, 68])
    faces = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    (found,) = find_label_errors(faces, ["a"] * (len(own) + 1) + ["b"] * 2)
    nearer = np.cos(np.radians(14)) - np.cos(np.radians(45))
    assert (found.against, found.nearer) == pytest.approx((against, nearer), abs=1e-3)
    assert found.score == pytest.approx((against + nearer) / 2, abs=1e-3)
    assert (found.index, found.neighbours, found.nearest) == (len(own), asked, len(own) + 1)


def test_silhouette_of_small_characters_agrees_with_scikit_learn():
    from sklearn.metrics import silhouette_samples

    faces = np.random.default_rng(2).normal(size=(12, 4)) + np.array([2, 0, 0, 0])
    faces /= np.linalg.norm(faces, axis=1, keepdims=True)
    labels = ["one"] + ["two"] * 2 + ["three"] * 3 + ["many"] * 6
    found = silhouette(faces, labels)
    assert found == pytest.approx(silhouette_samples(faces, labels, metric="cosine"))
    assert found[0] == 0


def test_one_character_has_no_silhouette():
    assert silhouette(np.array([A, B], np.float32), ["a", "a"]).tolist() == [0.0, 0.0]
