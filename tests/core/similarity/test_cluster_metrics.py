import pytest

from core.similarity.cluster_metrics import GroupingQuality, grouping_quality


def test_three_of_four_faces_in_one_group():
    """Precision: faces a, a 2/3 each, b 1/3, the single b 1. Recall: a, a 1, b, b 1/2."""
    found = grouping_quality([[0, 1, 2]], ["a", "a", "b", "b"])
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.recall == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert (found.purity, found.coverage, found.groups) == (pytest.approx(2 / 3), 0.75, 1)


def test_no_group_at_all_is_precise_and_recalls_each_face_alone():
    found = grouping_quality([], ["a", "a", "b"])
    assert (found.precision, found.recall) == (1.0, pytest.approx((0.5 + 0.5 + 1) / 3))
    assert (found.purity, found.coverage, found.groups) == (1.0, 0.0, 0)


def test_one_group_of_everybody_recalls_everything():
    found = grouping_quality([[0, 1, 2, 3]], ["a", "a", "a", "b"])
    assert (found.recall, found.precision) == (1.0, pytest.approx((3 * 0.75 + 0.25) / 4))


def test_no_faces():
    assert grouping_quality([], []) == GroupingQuality(1.0, 1.0, 1.0, 0.0, 0)
