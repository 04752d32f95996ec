"""What tests of the unnamed faces share: plain crops in place of drawn ones."""

from __future__ import annotations

import numpy as np
import pytest

NON_FACES = 20


@pytest.fixture(autouse=True)
def plain_non_faces(monkeypatch):
    """Twenty plain crops stand for the drawn ones that show no face: drawing two hundred takes seconds."""
    crops = [np.full((8, 8, 3), (n + 1, 0, 0), np.uint8) for n in range(NON_FACES)]
    monkeypatch.setattr("core.characters.non_faces.non_face_crops", lambda: crops)
