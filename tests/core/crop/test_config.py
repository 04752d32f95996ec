"""What the detection of faces may be asked for, and what it does without being asked."""

from __future__ import annotations

import pytest

from core.crop.config import CropConfig
from core.errors import DataError


def test_without_being_asked_it_takes_the_detectors_own_score_and_looks_once():
    assert CropConfig() == CropConfig("auto", None, 0.7, 24, 16, False)


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("accept", (0.0, 1.0, None), (-0.1, 1.1)),
        ("propose", (0.01, 1.0), (0.0, 1.1)),
        ("min_side", (1, 10_000), (0, 10_001)),
        ("batch", (1, 1024), (0, 1025)),
    ],
)
def test_the_ends_of_each_range(name, allowed, refused):
    for value in allowed:
        assert getattr(CropConfig(**{name: value}), name) == value
    for value in refused:
        with pytest.raises(DataError, match=f"^{name} is "):
            CropConfig(**{name: value})
