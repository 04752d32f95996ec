"""Frames are turned as their file asks."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("av")

from core.video.frames import _upright


@pytest.mark.parametrize(
    ("rotation", "expected"),
    [
        (0, [[1, 2, 3]]),
        (360, [[1, 2, 3]]),
        (90, [[3], [2], [1]]),
        (-270, [[3], [2], [1]]),
        (180, [[3, 2, 1]]),
        (-90, [[1], [2], [3]]),
        (45, [[1, 2, 3]]),
    ],
)
def test_degrees_count_against_the_clock(rotation, expected):
    frame = np.repeat(np.array([[1, 2, 3]], np.uint8)[:, :, None], 3, axis=2)
    assert _upright(frame, rotation)[:, :, 0].tolist() == expected
