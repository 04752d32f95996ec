"""The faces of a group as one picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.imaging.reading import encode_jpeg
from ui.characters.groups import _joined

FACE = encode_jpeg(np.full((128, 128, 3), 90, np.uint8), 85)


@pytest.mark.parametrize(("faces", "down"), [(1, 1), (2, 1), (4, 2), (5, 2)])
def test_the_page_shows_through_where_a_group_has_no_face(faces, down):
    strip = cv2.imdecode(np.frombuffer(_joined((FACE,) * faces), np.uint8), cv2.IMREAD_UNCHANGED)
    assert strip.shape == (down * 132 - 4, 3 * 132 - 4, 4)
    shown = strip[::132, ::132, 3].ravel() > 0  # the corner of each cell
    assert shown.tolist() == [True] * faces + [False] * (3 * down - faces)


@pytest.mark.parametrize("faces", [3, 6, 9])
def test_a_full_strip_is_a_jpeg(faces):
    assert _joined((FACE,) * faces)[:3] == b"\xff\xd8\xff"
