import numpy as np
import pytest

from core.similarity import pruning as module
from core.similarity.pruning import _lead, prune
from tests.core.similarity.test_attaching import fan


def test_a_face_that_lies_among_those_of_another_group_leaves_its_own():
    degrees = (0, 2, 4, 6, 91, 88, 90, 92, 94)
    assert prune(fan(*degrees), np.array([0] * 5 + [1] * 4)).tolist() == [0, 0, 0, 0, -1, 1, 1, 1, 1]


def test_a_face_between_two_groups_leaves_and_clear_ones_stay():
    groups = np.array([0, 0, 0, 0, 1, 1, 1, -1])
    assert prune(fan(0, 2, 4, 45, 88, 90, 92, 3), groups).tolist() == [0, 0, 0, -1, 1, 1, 1, -1]
    assert groups[3] == 0, "the groups that came are as they were"


def test_a_single_group_and_none_are_left_alone():
    vectors = fan(0, 2, 120)
    assert prune(vectors, np.array([4, 4, 4])).tolist() == [4, 4, 4]
    assert prune(vectors, np.array([-1, -1, -1])).tolist() == [-1, -1, -1]


def test_each_face_is_judged_as_if_it_had_not_been_there():
    """Against the fit of the same faces without it: the closed form is exact."""
    vectors = fan(0, 5, 20, 70, 80)
    own, other = np.array([0, 1, 2]), np.array([3, 4])
    known = vectors[[1, 2, 3, 4]].astype(float)
    kernel = np.exp(module.SHARPNESS * (known @ known.T - 1)) + module.RIDGE * np.eye(4)
    near = np.exp(module.SHARPNESS * (vectors[0].astype(float) @ known.T - 1))
    belongs = near @ np.linalg.solve(kernel, np.array([[1, 0], [1, 0], [0, 1], [0, 1]], float))
    assert _lead(vectors, own, [other])[0] == pytest.approx(belongs[0] - belongs[1])


def test_a_face_that_the_regression_did_not_learn_from_is_judged_by_it(monkeypatch):
    monkeypatch.setattr(module, "OWN", 2)
    degrees = (0, 91, 4, 6, 88, 90, 92)  # of four it learns from the first and the third
    assert prune(fan(*degrees), np.array([0] * 4 + [1] * 3)).tolist()[:4] == [0, -1, 0, 0]


def test_only_the_nearest_groups_are_asked(monkeypatch):
    """The stray lies among the group at 90 degrees, but its own is only held against the one at 30."""
    degrees, groups = (0, 2, 4, 90, 30, 32, 34, 89, 91, 93), np.array([0] * 4 + [1] * 3 + [2] * 3)
    assert prune(fan(*degrees), groups)[3] == -1
    asked = []
    monkeypatch.setattr(module, "NEAR", 1)
    monkeypatch.setattr(module, "_lead", lambda vectors, own, others: asked.append(others) or np.ones(len(own)))
    prune(fan(*degrees), groups)
    assert [[other.tolist() for other in others] for others in asked] == [[[4, 5, 6]], [[0, 1, 2, 3]], [[4, 5, 6]]]
