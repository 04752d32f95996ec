import pytest

from tests.core.visualise.test_figure import small_map
from ui.visualise.hover import MOST, view_of, wanted_ids


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        (None, []),
        ("10", []),
        ({"0": 10}, []),
        ([10, 15.0, 9, 16], [10, 15]),  # the map has 10 to 15
        (["10", None, {}, [11], 12], [12]),
        ([float("nan"), float("inf")], []),
    ],
)
def test_only_ids_of_faces_on_the_map_are_answered(given, ids):
    assert list(wanted_ids(given, small_map())) == ids


def test_no_more_pictures_are_sent_at_once_than_there_is_time_for():
    assert len(wanted_ids([10] * (MOST + 1), small_map())) == MOST


@pytest.mark.parametrize(
    ("given", "view"),
    [
        ([0, 1, -2, 3.5], ((0.0, 1.0), (-2.0, 3.5))),
        ([0, 1, 2], None),
        (["0", 1, 2, 3], None),
        ([0, 1, 2, float("nan")], None),
        ([0, 1, 2, float("inf")], None),
        ({}, None),
        (None, None),
    ],
)
def test_what_is_in_view_is_four_numbers_or_nothing(given, view):
    assert view_of(given) == view
