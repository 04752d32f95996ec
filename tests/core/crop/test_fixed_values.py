"""When boxes are the same, what is small or blurred, and where counts begin."""

from __future__ import annotations

from core.crop import annotation_files, bulk, canvas_edits, find_faces, merge_annotations, presses, queue
from tests.values import other_defaults, other_values

VALUES = [
    (bulk, "ENOUGH", 5),
    (canvas_edits, "SMALLEST", 8),
    (merge_annotations, "SAME", 0.5),
    (merge_annotations, "EXACT", 0.05),
    (presses, "MAX_TRIES", 2),
    (queue, "SMALL_SIDE", 32),
    (queue, "BLURRED_BELOW", 0.25),
]
DEFAULTS = [
    (annotation_files.export_yolo, {"pictures": True}),
    (annotation_files.import_coco, {"force": False}),
    (annotation_files.import_yolo, {"force": False}),
    (annotation_files.import_folder, {"force": False}),
    (annotation_files.take_over, {"force": False}),
    (
        find_faces.CropReport,
        {"pictures": 0, "sure": 0, "look": 0, "nothing": 0, "kept": 0, "proposed": 0, "seconds": 0.0},
    ),
    (merge_annotations.ImportReport, {"pictures": 0, "same": 0, "moved": 0, "renamed": 0, "added": 0, "rejected": 0}),
    (presses.Press, {"revision": -1, "tries": 0}),
]


def test_measured_values_and_limits_are_what_they_were():
    assert other_values(VALUES) == []


def test_where_nobody_says_anything_the_usual_is_taken():
    assert other_defaults(DEFAULTS) == []
