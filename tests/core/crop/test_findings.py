"""Sure, look, or nothing."""

from __future__ import annotations

import pytest

from core.crop.config import CropConfig
from core.crop.findings import known, triage
from core.errors import DataError
from core.imaging.boxes import Box, Detection


def found(score, side=50.0):
    return Detection(Box(0, 0, side, side), score)


@pytest.mark.parametrize(
    ("detections", "review", "kept"),
    [
        ([], "nothing", []),
        ([found(0.9)], "sure", [True]),
        ([found(0.4)], "look", [False]),
        ([found(0.9, 10)], "look", [False]),
        ([found(0.9), found(0.8)], "look", [False, False]),
        ([found(0.9), found(0.3)], "look", [False, False]),
    ],
)
def test_only_one_strong_large_face_is_sure(detections, review, kept):
    finding = triage(detections, accept=0.5, min_side=24)
    assert finding.review == review
    assert [p.kept for p in finding.proposals] == kept


def test_boxes_that_a_picture_brought_are_kept_under_their_names():
    finding = known([{"box": [1, 2, 30, 40], "name": "Rei"}, {"box": [50, 2, 30, 40], "name": "Nobody"}], ["Rei"])
    assert finding.review == "look"
    assert [(p.name, p.kept, p.detection.box) for p in finding.proposals] == [
        ("Rei", True, Box(1, 2, 30, 40)),
        ("", False, Box(50, 2, 30, 40)),
    ]
    assert known([], ["Rei"]).review == "nothing"


@pytest.mark.parametrize("wrong", [{"accept": 1.5}, {"propose": 0.0}, {"min_side": 0}, {"batch": 0}])
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(DataError):
        CropConfig(**wrong)
