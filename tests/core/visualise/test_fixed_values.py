"""Sizes and limits of the map and the report."""

from __future__ import annotations

from core.visualise import figure, map_data, maps, projection, report_page
from tests.values import other_defaults, other_values

VALUES = [
    (figure, "HEIGHT", 620),
    (figure, "MANY", 5000),
    (maps, "KEPT", 20),
    (projection, "SMALLEST", {"pca": 1, "umap": 8, "tsne": 8}),
    (projection, "PLACING_NEIGHBOURS", 15),
    (report_page, "SIDE", 56),
    (report_page, "MOST_ROWS", 200),
    (report_page, "LEFT", 46.0),
    (report_page, "TOP", 10.0),
    (report_page, "WIDTH", 300.0),
    (report_page, "HEIGHT", 220.0),
]
DEFAULTS = [
    (figure.map_figure, {"write_names": True, "dark": False, "lasso": False}),
    (map_data.MapData, {"placed": 0, "unseen": 0}),
]


def test_measured_values_and_limits_are_what_they_were():
    assert other_values(VALUES) == []


def test_where_nobody_says_anything_the_usual_is_taken():
    assert other_defaults(DEFAULTS) == []
