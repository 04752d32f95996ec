"""Limits for annotation files of strangers, and what is taken where nobody says anything."""

from __future__ import annotations

from core.datasets import annotations, export, kohya, matching, records, sidecars, yolo
from tests.values import other_defaults, other_values

VALUES = [
    (annotations, "SHOWN", 20),
    (kohya, "FIGURE_SIDE", 9.0),
    (kohya, "FIGURE_TOP", 1.0),
    (kohya, "SHORT", 3),
    (matching, "ASPECT", 0.02),
    (sidecars, "LARGEST", 2_000_000),
    (sidecars, "MOST_TAGS", 500),
    (sidecars, "LONGEST_TAG", 100),
    (sidecars, "LONGEST_WORDS", 300),
    (yolo, "LARGEST", 5_000_000),
]
DEFAULTS = [
    (annotations.AnnotatedPicture, {"width": 0.0, "height": 0.0, "unreadable": 0}),
    (annotations.Annotations, {"bad_boxes": 0}),
    (export.ExportReport, {"dry_run": False}),
    (export.export_data, {"dry_run": False}),
    (records.FaceRecord, {"score": 0.0, "quality": 0.0}),
    (records.PictureRecord, {"reviewed": False}),
    (sidecars.offered_names, {"most": 8}),
]


def test_measured_values_and_limits_are_what_they_were():
    assert other_values(VALUES) == []


def test_where_nobody_says_anything_the_usual_is_taken():
    assert other_defaults(DEFAULTS) == []
