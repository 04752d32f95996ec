import pytest

from ui.visualise.chart import picked_ids


@pytest.mark.parametrize(
    ("points", "ids"),
    [
        ([], []),
        ([{"customdata": 7}], [7]),
        ([{"customdata": [7]}, {"customdata": [8, 1]}], [7, 8]),
        ([{"customdata": {"0": 7}}], [7]),
        ([{"customdata": 7.0}, {"customdata": 7}], [7]),
        ([{}, {"customdata": None}, {"customdata": "x"}, {"customdata": []}, {"customdata": True}], []),
    ],
)
def test_the_ids_of_picked_points(points, ids):
    assert picked_ids({"selection": {"points": points}}) == ids


def test_no_answer_is_nothing_picked():
    assert picked_ids(None) == []
    assert picked_ids({}) == []
