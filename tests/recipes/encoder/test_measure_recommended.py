import numpy as np

from recipes.encoder.faces import Faces
from recipes.encoder.measure_recommended import first, guard, misnamed, split


def faces_of(*counts: int, source: str = "here") -> Faces:
    labels = np.repeat(np.arange(len(counts)), counts)
    names = tuple(f"{source}/c{i}" for i in range(len(counts)))
    pixels = np.zeros((len(labels), 2, 2, 3), np.uint8)
    return Faces(pixels, names, labels, tuple(str(i) for i in range(len(labels))))


def test_the_wanted_share_of_labels_is_wrong_and_names_another_character():
    truth = np.repeat(["rei", "asuka", "misato"], 20)
    wrong = misnamed(truth, 0.1, seed=0)
    assert (wrong != truth).sum() == 6
    assert set(wrong) == set(truth)


def test_the_richest_characters_are_trained_on_and_nobody_is_in_two_parts():
    rows = split(faces_of(10, 8, 4, 60), characters=3)
    assert len(rows.trained) == 24 + 5 + 4, "24 at most, and half of what there is"
    assert len(rows.asking) == 24 + 5 + 4
    assert len(rows.strangers) == 4, "the character with the fewest faces"
    together = np.concatenate([rows.trained, rows.asking, rows.strangers])
    assert len(np.unique(together)) == len(together)


def test_no_source_gives_more_characters_than_allowed():
    rows = split(faces_of(10, 10, 10), characters=3, a_source=1)
    assert len(rows.strangers) == 20


def test_the_guard_is_judged_by_what_it_lists():
    """Two directions, ten faces each, one of each under the other's name: both are listed, and nothing else."""
    vectors = np.repeat(np.eye(2), 10, axis=0)
    truth = np.repeat(["rei", "asuka"], 10)
    labels = truth.copy()
    labels[[0, 19]] = ["asuka", "rei"]
    found = guard("before", vectors, labels, truth)
    assert found == {"listed_before": 2.0, "precision_before": 1.0, "recall_before": 1.0}


def test_fewer_faces_are_the_first_of_more_and_the_same_others_ask():
    faces = faces_of(30, 40, 29)
    most = split(faces, least=30)
    fewer = first(most, faces.labels, 8)
    assert np.array_equal(np.bincount(faces.labels[most.trained]), [24, 24])
    assert np.array_equal(np.bincount(faces.labels[fewer.trained]), [8, 8])
    assert set(fewer.trained) < set(most.trained)
    assert np.array_equal(fewer.asking, most.asking)
    assert np.array_equal(np.bincount(faces.labels[most.asking]), [6, 16])
    assert (faces.labels[most.strangers] == 2).all(), "29 faces are too few"
