"""Thresholds of the verdict that were measured (docs/verdict.md), and what is taken where nobody says anything."""

from __future__ import annotations

from core.recognise import (
    advice,
    annotating,
    answer_table,
    batch,
    corrections,
    enrolment,
    examples,
    impostors,
    pictures,
    recogniser,
    synthetic_impostors,
    threshold,
    timeline,
    verdict,
    watched_files,
    watching,
)
from tests.values import other_defaults, other_values

VALUES = [
    (advice, "GOOD", 8),
    (advice, "FEW_NAMED", 0.5),
    (advice, "TOLD", 3),
    (annotating, "WHITE", (255, 255, 255)),
    (annotating, "QUALITY", 92),
    (batch, "BATCH", 16),
    (batch, "READERS", 2),
    (enrolment, "MOST_REJECTED", 500),
    (enrolment, "PLAYED", 80),
    (examples, "FIRST_SEED", 10_000_019),
    (examples, "KNOWN", 4),
    (examples, "SMALLEST", 80),
    (impostors, "RELATED", 0.5),
    (pictures, "FACE_SIDE", 400),
    (synthetic_impostors, "LEAST_CHANGE", 12.0),
    (threshold, "FALLBACK", 0.5),
    (threshold, "SMALLEST_MARGIN", 0.08),
    (threshold, "UNSURE_TIMES", 5.0),
    (threshold, "UNSURE_MOST", 0.2),
    (threshold, "FEWEST", 10),
    (threshold, "ENOUGH", 30),
    (threshold, "TAIL", 5),
    (threshold, "MANY", 1000),
    (verdict, "LEAST_TOLD", 0.005),
    (watching, "BATCH", 8),
    (watching, "CROP", 256),
    (watching, "TELL_EVERY", 0.5),
    (watching, "SAVE_EVERY", 30.0),
    (watching, "ROUNDING", 1e-3),
    (watching, "BACK", 2.0),
    (watched_files, "FORMAT", 1),
    (watched_files, "SAMPLE", 2**20),
]
DEFAULTS = [
    (answer_table.AnswerTable, {"resume": False}),
    (corrections.Objection, {"nobody": -1.0}),
    (examples.draw_examples, {"faces_only": False}),
    (pictures.recognise_pictures, {"repeated": False}),
    (pictures.recognise_picture, {"repeated": False}),
    (recogniser.Recogniser, {"repeated": False}),
    (recogniser.open_recogniser, {"far": 0.01, "repeated": False}),
    (synthetic_impostors.synthetic_impostors, {"limit": 240}),
    (threshold.choose_threshold, {"far": 0.01}),
    (threshold.histogram, {"bins": 40}),
    (timeline.TimelineConfig, {"looks": 3.0, "least_looks": 2, "join": 2.0}),
    (timeline.Appearance, {"tracks": 1}),
    (verdict.answer, {"candidates": 5, "evidence": 6}),
    (verdict.judge, {"beyond": 0.0}),
]


def test_measured_values_and_limits_are_what_they_were():
    assert other_values(VALUES) == []


def test_where_nobody_says_anything_the_usual_is_taken():
    assert other_defaults(DEFAULTS) == []
